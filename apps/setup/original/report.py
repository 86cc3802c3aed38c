"""What a migration did, as text for a terminal and as JSON for a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from apps.setup.original.applications import Handling
from apps.setup.original.comparing import Comparison, Verdict
from apps.setup.original.findings import Finding
from apps.setup.original.moving import Moved
from apps.setup.plan import TablePlan
from liberty.text import counted

_WORDS = {
    Handling.ADOPT: "taken over where it is",
    Handling.COPY: "copied",
    Handling.LEAVE: "left behind",
    Handling.UNDECIDED: "undecided",
}


def losses(moved: Sequence[Moved]) -> list[Finding]:
    return [finding for item in moved for finding in item.findings if finding.is_loss]


def report_text(moved: Sequence[Moved], *, applied: bool, verbose: bool = False) -> Iterator[str]:
    """Yield the lines of a report: a table of counts for each catalogue, and what could not be moved."""
    for item in moved:
        yield from _catalogue_text(item, applied, verbose)
    yield ""
    lost = losses(moved)
    if not lost:
        yield "Everything can be moved." if not applied else "Everything was moved."
        return
    yield f"Not moved ({len(lost)}):" if applied else f"What cannot be moved as it is ({len(lost)}):"
    yield from (f"  {finding.catalogue}: {finding}" for finding in lost)


def report_json(moved: Sequence[Moved], *, applied: bool) -> dict[str, Any]:
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "applied": applied,
        "catalogues": [_catalogue_json(item) for item in moved],
    }


def _catalogue_text(item: Moved, applied: bool, verbose: bool) -> Iterator[str]:
    yield ""
    yield f"catalogue {item.catalogue} ({item.database}): {_WORDS[item.handling]}"
    if item.makes_tables:
        yield "  its tables were made" if applied else "  its tables will be made"
    if item.plans:
        yield _line("table", "original", "new", "replaced", "unchanged", "only here")
        yield from (
            _line(plan.table.name, *_numbers(item, plan)) for plan in item.plans if _is_shown(item, plan)
        )
        total = [sum(column) for column in zip(*(_numbers(item, plan) for plan in item.plans), strict=True)]
        yield _line(counted(len(item.plans), "table"), *total)
    if verbose:
        yield from _rows_text(item)
    if item.adoption is not None:
        word = "replaced" if applied else "to be replaced"
        yield f"  {counted(len(item.adoption.replacements), 'secret')} {word}, everything else stays as it is"
        if item.backup:
            yield f"  what stood there is in {item.backup}"
    elif item.handling is Handling.COPY:
        yield f"  secrets: {item.secrets[0]} found, {item.secrets[1]} readable"
    yield from (f"  note: {finding}" for finding in item.findings if not finding.is_loss)


def _is_shown(item: Moved, plan: TablePlan) -> bool:
    return any(_numbers(item, plan))


def _rows_text(item: Moved) -> Iterator[str]:
    for plan in item.plans:
        name = plan.table.describe
        yield from (f"  new        {name(plan.table.key_of(row))}" for row in plan.new)
        for row, columns in zip(plan.changed, plan.differences, strict=True):
            yield f"  replaced   {name(plan.table.key_of(row))}: {', '.join(columns)}"
        yield from (f"  only here  {name(key)}" for key in plan.absent)
    for replacement in item.adoption.replacements if item.adoption else ():
        yield f"  replaced   {replacement.place}: {replacement.column.column}"


def _numbers(item: Moved, plan: TablePlan) -> tuple[int, int, int, int, int]:
    original = item.counts.get(plan.table.name, 0)
    return original, len(plan.new), len(plan.changed), plan.unchanged, len(plan.absent)


def _line(name: str, *cells: object) -> str:
    return f"  {name:<24}" + "".join(f"{cell:>11}" for cell in cells)


def _catalogue_json(item: Moved) -> dict[str, Any]:
    names = ("original", "new", "replaced", "unchanged", "only_here")
    return {
        "catalogue": item.catalogue,
        "database": item.database,
        "handling": item.handling.value,
        "tables": {
            plan.table.name: dict(zip(names, _numbers(item, plan), strict=True)) for plan in item.plans
        },
        "secrets": {"found": item.secrets[0], "readable": item.secrets[1]},
        "backup": str(item.backup) if item.backup else None,
        "findings": [finding.as_json() for finding in item.findings],
    }


def comparison_text(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """Yield what is not equal by kind, with the reasons, then how much is of which kind."""
    for verdict in Verdict:
        found = [item for item in comparisons if item.verdict is verdict and item.reason]
        if found:
            yield ""
            yield f"{verdict}{'' if found[0].is_explained else ' (to be looked at)'}:"
            yield from (f"  {item.place}: {item.reason}" for item in found)
    yield ""
    for verdict in Verdict:
        count = sum(item.verdict is verdict for item in comparisons)
        if count:
            yield f"{count:>6} {verdict}"
    rows = sum(item.rows for item in comparisons if item.verdict in (Verdict.EQUAL, Verdict.REORDERED))
    yield f"{len(comparisons):>6} compared, with {counted(rows, 'equal row')}"


def comparison_json(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "comparisons": [
            {
                "place": item.place,
                "verdict": item.verdict.value,
                "explained": item.is_explained,
                "reason": item.reason,
                "rows": item.rows,
            }
            for item in comparisons
        ],
    }
