"""Comparing an installation of the original with this one: rows of tables, and answers of queries."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.pools import registry
from apps.queries.spec import Source
from apps.setup.original.answers import MAX_ROWS, Answer, Answerer, Row
from apps.setup.original.applications import POSTGRES
from apps.setup.original.moving import Installation, Moved
from apps.setup.original.reading import Catalogue
from apps.setup.original.stored_queries import TheirQuery, their_queries
from apps.setup.plan import TablePlan
from liberty.errors import LibertyError


class Verdict(StrEnum):
    """How two answers, or two tables, compare."""

    EQUAL = "equal"
    REORDERED = "equal, in another order"
    BOTH_REFUSE = "neither answers"
    THEY_REFUSE = "only we answer"
    PRODUCT = "needs PostgreSQL"
    WE_REFUSE = "only the original answers"
    DIFFERENT = "different"


# These are as they have to be, or better; the others need somebody to look.
_EXPLAINED = frozenset(
    {Verdict.EQUAL, Verdict.REORDERED, Verdict.BOTH_REFUSE, Verdict.THEY_REFUSE, Verdict.PRODUCT}
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that was compared: `place` names it, `reason` says what differs and why."""

    place: str
    verdict: Verdict
    reason: str = ""
    rows: int = 0

    @property
    def is_explained(self) -> bool:
        return self.verdict in _EXPLAINED


Progress = Callable[[str], None]


def compare_tables(moved: Iterable[Moved]) -> Iterator[Comparison]:
    """Yield how each table compares, from a plan that was made and not carried out.

    A catalogue that was adopted has the original's own tables; what may be left to do is in its secrets.
    """
    for item in moved:
        yield from (_compare_table(item, plan) for plan in item.plans)
        if item.adoption is not None:
            left = len(item.adoption.replacements)
            reason = f"{left} secrets are the original's still" if left else ""
            verdict = Verdict.DIFFERENT if left else Verdict.EQUAL
            yield Comparison(f"{item.catalogue}: secrets", verdict, reason)


def compare_queries(
    catalogues: Iterable[Catalogue],
    theirs: Answerer,
    ours: Answerer,
    *,
    progress: Progress = lambda place: None,
) -> Iterator[Comparison]:
    """Ask both installations each stored GET query of catalogues, and yield how their answers compare."""
    for catalogue in catalogues:
        for query in their_queries(catalogue):
            progress(str(query.call))
            yield compare_answers(query, theirs.answer(query), ours.answer(query))


def compared_catalogues(installation: Installation, moved: Sequence[Moved]) -> list[Catalogue]:
    """Return the catalogues of the original that are here as well."""
    here = {item.catalogue for item in moved if item.plans or item.adoption is not None}
    applications = [item.catalogue for item in installation.applications if item.catalogue]
    return [catalogue for catalogue in (installation.default, *applications) if catalogue.name in here]


def compare_answers(query: TheirQuery, theirs: Answer, ours: Answer) -> Comparison:
    place = str(query.call)
    if theirs.fault and ours.fault:
        reason = f"the original says: {theirs.fault}; we say: {ours.fault}"
        return Comparison(place, Verdict.BOTH_REFUSE, reason)
    if theirs.fault:
        return Comparison(place, Verdict.THEY_REFUSE, f"the original says: {theirs.fault}", len(ours.rows))
    if ours.fault:
        return _we_refuse(query, place, ours.fault, len(theirs.rows))
    return _compare_rows(place, theirs.rows, ours.rows)


def _we_refuse(query: TheirQuery, place: str, fault: str, rows: int) -> Comparison:
    product = _product_of(query)
    if product and product != POSTGRES:
        reason = f"its SQL is PostgreSQL's, and it runs on {product} here: {fault}"
        return Comparison(place, Verdict.PRODUCT, reason, rows)
    return Comparison(place, Verdict.WE_REFUSE, f"we say: {fault}", rows)


def _product_of(query: TheirQuery) -> str:
    """Return the product that stored SQL of the request pool runs on here."""
    if query.call.source is Source.FRAMEWORK:
        return ""
    try:
        return registry.dialect_for(registry.resolve(query.call.pool)).name
    except LibertyError:
        return ""


def _compare_rows(place: str, theirs: Sequence[Row], ours: Sequence[Row]) -> Comparison:
    if list(theirs) == list(ours):
        return Comparison(place, Verdict.EQUAL, rows=len(theirs))
    if _counted(theirs) == _counted(ours):
        return Comparison(place, Verdict.REORDERED, "the order of its rows is open", len(theirs))
    return Comparison(place, Verdict.DIFFERENT, _difference(theirs, ours), len(theirs))


def _counted(rows: Sequence[Row]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True, default=str) for row in rows)


def _difference(theirs: Sequence[Row], ours: Sequence[Row]) -> str:
    """Say what differs without showing a value: counts, columns, and the first row that is not the same."""
    if len(theirs) != len(ours):
        cut = f", of which {MAX_ROWS} are compared" if MAX_ROWS in (len(theirs), len(ours)) else ""
        return f"{len(theirs)} rows there, {len(ours)} here{cut}"
    only_there = sorted(theirs[0].keys() - ours[0].keys())
    only_here = sorted(ours[0].keys() - theirs[0].keys())
    if only_there or only_here:
        return f"columns only there: {', '.join(only_there) or '-'}; only here: {', '.join(only_here) or '-'}"
    number, columns = next(
        (number, sorted(name for name in there if there[name] != here[name]))
        for number, (there, here) in enumerate(zip(theirs, ours, strict=True), start=1)
        if there != here
    )
    return f"first in row {number}: {', '.join(columns)}"


def _compare_table(item: Moved, plan: TablePlan) -> Comparison:
    place = f"{item.catalogue}: {plan.table.name}"
    there = item.counts.get(plan.table.name, 0)
    left_out = there - plan.in_file
    here = plan.unchanged + len(plan.changed) + len(plan.absent)
    reasons = [
        f"{len(plan.new)} rows are not here" if plan.new else "",
        f"{len(plan.changed)} rows are other ones here" if plan.changed else "",
        f"{left_out} rows did not fit, as the report says" if left_out else "",
        f"{len(plan.absent)} rows are only here" if plan.absent else "",
    ]
    reason = "; ".join(filter(None, (f"{there} rows there, {here} here" if there != here else "", *reasons)))
    verdict = Verdict.DIFFERENT if plan.new or plan.changed else Verdict.EQUAL
    return Comparison(place, verdict, reason, there)
