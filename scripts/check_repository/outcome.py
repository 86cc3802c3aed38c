"""What came of one check, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a definition works."""

    GOOD = "good"
    ELSEWHERE = "elsewhere"
    NEWER = "newer"
    STALE = "stale"
    BAD = "unexpected"


_HEADINGS = {
    Verdict.ELSEWHERE: "Needs objects of another product's database",
    Verdict.NEWER: "Needs a newer PostgreSQL",
    Verdict.STALE: "Names columns that the framework tables do not have, in the original as here",
    Verdict.BAD: "Unexpected",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check of the kind `group`: what was called and what came of it, with the reason unless it is good."""

    group: str
    name: str
    verdict: Verdict
    reason: str = ""


def show(outcomes: Sequence[Outcome]) -> bool:
    """Print what did not work by name, then the counts; return whether nothing was unexpected."""
    for verdict, heading in _HEADINGS.items():
        found = [outcome for outcome in outcomes if outcome.verdict is verdict]
        if found:
            print(f"\n{heading}:")
        for outcome in found:
            print(f"  {outcome.group}: {outcome.name}: {outcome.reason}")
    print("\n" + f"{'':<34}{'checked':>9}" + "".join(f"{verdict:>12}" for verdict in Verdict))
    for group in dict.fromkeys(outcome.group for outcome in outcomes):
        _show_counts(group, [outcome for outcome in outcomes if outcome.group == group])
    _show_counts("all", outcomes)
    return not any(outcome.verdict is Verdict.BAD for outcome in outcomes)


def _show_counts(group: str, outcomes: Sequence[Outcome]) -> None:
    counts = [sum(outcome.verdict is verdict for outcome in outcomes) for verdict in Verdict]
    print(f"{group:<34}{len(outcomes):>9}" + "".join(f"{count:>12}" for count in counts))
