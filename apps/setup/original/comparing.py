"""Comparing an installation of the original with this one: rows of tables, and answers of queries."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.pools import registry
from apps.pools.dialects import dialect_named
from apps.queries.binds import analyse
from apps.queries.framework_definitions import framework_definition
from apps.queries.spec import Source
from apps.setup.original.answers import MAX_ROWS, Answer, Answerer, Row
from apps.setup.original.applications import POSTGRES
from apps.setup.original.moving import Installation, Moved
from apps.setup.original.reading import Catalogue
from apps.setup.original.stored_queries import READ, TheirQuery, their_queries
from apps.setup.plan import TablePlan
from apps.setup.repository import framework_tables
from liberty.errors import LibertyError
from liberty.text import counted


class Verdict(StrEnum):
    """How two answers, or two tables, compare."""

    EQUAL = "equal"
    REORDERED = "equal, in another order"
    DOUBLED = "equal, with columns that its SQL has twice"
    TRANSLATED = "equal, with labels in the language of the call"
    BOTH_REFUSE = "neither answers"
    THEY_REFUSE = "only we answer"
    PRODUCT = "needs PostgreSQL"
    DATABASE = "about the database itself"
    WE_REFUSE = "only the original answers"
    DIFFERENT = "different"


# These need somebody to look; the others are as they have to be, or better.
_TO_BE_LOOKED_AT = frozenset({Verdict.WE_REFUSE, Verdict.DIFFERENT})
# What the second of two columns with one name is called here.
_DOUBLED = re.compile(r"(.+)_\d+")
_ASKS_DATABASE = re.compile(r"\b(?:information_schema|pg_catalog)\b", re.IGNORECASE)
_DIRECTION = re.compile(r"\s+(?:ASC|DESC)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that was compared: `place` names it, `reason` says what differs and why."""

    place: str
    verdict: Verdict
    reason: str = ""
    rows: int = 0

    @property
    def is_explained(self) -> bool:
        return self.verdict not in _TO_BE_LOOKED_AT


Progress = Callable[[str], None]


def compare_tables(moved: Iterable[Moved]) -> Iterator[Comparison]:
    """Yield how each table compares, from a plan that was made and not carried out.

    A catalogue that was adopted has the original's own tables; what may be left to do is in its secrets.
    """
    for item in moved:
        yield from (_compare_table(item, plan) for plan in item.plans)
        if item.adoption is not None:
            left = len(item.adoption.replacements)
            reason = f"{counted(left, 'secret is', 'secrets are')} still the original's" if left else ""
            verdict = Verdict.DIFFERENT if left else Verdict.EQUAL
            yield Comparison(f"{item.catalogue}: secrets", verdict, reason)


def compare_queries(
    catalogues: Iterable[Catalogue],
    theirs: Answerer,
    ours: Answerer,
    *,
    language: str,
    progress: Progress = lambda place: None,
) -> Iterator[Comparison]:
    """Ask both installations each stored GET query of catalogues, and yield how their answers compare."""
    for catalogue in catalogues:
        for query in their_queries(catalogue, language):
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
    return _compare_rows(query, theirs.rows, ours.rows)


def _we_refuse(query: TheirQuery, place: str, fault: str, rows: int) -> Comparison:
    product = _product_of(query)
    if product and product != POSTGRES:
        reason = f"its SQL is PostgreSQL's, and it runs on {product} here: {fault}"
        return Comparison(place, Verdict.PRODUCT, reason, rows)
    others = ", ".join(sorted(_other_tables(query)))
    hint = (
        f"; it reads {others}, which stays in the original's database: describe that as a pool"
        if others
        else ""
    )
    return Comparison(place, Verdict.WE_REFUSE, f"we say: {fault}{hint}", rows)


def _other_tables(query: TheirQuery) -> set[str]:
    """Return the tables that a query reads and that are no framework tables, as far as its text tells."""
    try:
        return set(analyse(query.sql, dialect_named(POSTGRES).syntax).tables) - framework_tables().keys()
    except LibertyError:
        return set()


def _product_of(query: TheirQuery) -> str:
    """Return the product that stored SQL of the request pool runs on here."""
    if query.call.source is Source.FRAMEWORK:
        return ""
    try:
        return registry.dialect_for(registry.resolve(query.call.pool)).name
    except LibertyError:
        return ""


def _compare_rows(query: TheirQuery, theirs: Sequence[Row], ours: Sequence[Row]) -> Comparison:
    place, rows = str(query.call), len(theirs)
    doubled = _doubled_columns(theirs, ours)
    if doubled:
        ours = [{name: value for name, value in row.items() if name not in doubled} for row in ours]
    if _counted(theirs) != _counted(ours):
        difference = _difference(theirs, ours)
        if _ASKS_DATABASE.search(query.sql):
            reason = f"it reads the catalogue of the database that it runs on: {difference}"
            return Comparison(place, Verdict.DATABASE, reason, rows)
        if query.call.source is Source.FRAMEWORK and _counted(_unlabelled(theirs)) == _counted(
            _unlabelled(ours)
        ):
            return Comparison(place, Verdict.TRANSLATED, "the original does not translate them", rows)
        return Comparison(place, Verdict.DIFFERENT, difference, rows)
    if doubled:
        reason = f"the original shows one of them, we show both: {', '.join(doubled)}"
        return Comparison(place, Verdict.DOUBLED, reason, rows)
    if list(theirs) == list(ours):
        return Comparison(place, Verdict.EQUAL, rows=rows)
    return Comparison(place, *_order(query, theirs, ours), rows)


def _doubled_columns(theirs: Sequence[Row], ours: Sequence[Row]) -> list[str]:
    """Return the columns that are only here because the SQL has their names twice."""
    if not theirs or not ours:
        return []
    found = [(name, _DOUBLED.fullmatch(name)) for name in ours[0].keys() - theirs[0].keys()]
    return sorted(name for name, match in found if match and match[1] in theirs[0])


def _order(query: TheirQuery, theirs: Sequence[Row], ours: Sequence[Row]) -> tuple[Verdict, str]:
    """Say why the same rows come in another order."""
    by = _columns_of(query.order_by, theirs[0])
    if not by:
        return Verdict.REORDERED, "the original orders it by nothing"
    names = ", ".join(by)
    if _values(theirs, by) == _values(ours, by):
        return Verdict.REORDERED, f"the original orders it by {names}, in which they do not differ"
    owner = _owner(_our_order(query, ours[0]), by)
    if owner and _grouped(theirs, owner, by) == _grouped(ours, owner, by):
        reason = f"we order it by {', '.join(owner)} first; for each of them it comes by {names}, as there"
        return Verdict.REORDERED, reason
    text = next((column for column in by if _values(theirs, [column]) != _values(ours, [column])), by[0])
    if any(isinstance(row[text], str) for row in theirs):
        return (
            Verdict.REORDERED,
            f"it is ordered by {names}, and the texts of {text} are sorted otherwise here",
        )
    return Verdict.DIFFERENT, f"it is ordered by {names}, and comes in another order"


def _owner(our_order: Sequence[str], by: Sequence[str]) -> list[str]:
    """Return the columns that rows are ordered by here before all of `by` is, which may be none."""
    last = max((our_order.index(column) for column in by if column in our_order), default=0)
    return [column for column in our_order[:last] if column not in by]


def _our_order(query: TheirQuery, row: Row) -> list[str]:
    """Return the columns that a framework query of ours is ordered by."""
    if query.call.source is not Source.FRAMEWORK:
        return []
    own = framework_definition(query.call.number, READ, POSTGRES)
    return _columns_of(own.order_by, row) if own else []


def _columns_of(order_by: str, row: Row) -> list[str]:
    columns = (_DIRECTION.sub("", part.strip()).upper() for part in order_by.split(","))
    return [column for column in columns if column in row]


def _values(rows: Iterable[Row], columns: Sequence[str]) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def _grouped(
    rows: Iterable[Row], owner: Sequence[str], columns: Sequence[str]
) -> dict[tuple[object, ...], list[tuple[object, ...]]]:
    groups: defaultdict[tuple[object, ...], list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        groups[_values([row], owner)[0]] += _values([row], columns)
    return dict(groups)


def _unlabelled(rows: Iterable[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if not name.endswith("_LABEL")} for row in rows]


def _counted(rows: Sequence[Row]) -> Counter[str]:
    return Counter(json.dumps(row, sort_keys=True, default=str) for row in rows)


def _difference(theirs: Sequence[Row], ours: Sequence[Row]) -> str:
    """Say what differs without showing a value: counts, columns, and the first row that is not the same."""
    if len(theirs) != len(ours):
        cut = f", of which {MAX_ROWS} are compared" if MAX_ROWS in (len(theirs), len(ours)) else ""
        return f"{counted(len(theirs), 'row')} there, {len(ours)} here{cut}"
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
        f"{counted(there, 'row')} there, {here} here" if there != here else "",
        f"{counted(len(plan.new), 'row is', 'rows are')} not here" if plan.new else "",
        counted(len(plan.changed), "row differs", "rows differ") if plan.changed else "",
        f"{counted(left_out, 'row')} did not fit, as the report says" if left_out else "",
        f"{counted(len(plan.absent), 'row is', 'rows are')} only here" if plan.absent else "",
    ]
    reason = "; ".join(filter(None, reasons))
    verdict = Verdict.DIFFERENT if plan.new or plan.changed else Verdict.EQUAL
    return Comparison(place, verdict, reason, there)
