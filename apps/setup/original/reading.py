"""From a catalogue of the original to rows for ours: what does not fit is left out, and told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from apps.setup.columns import WrongValue, read_value
from apps.setup.original.database import Database, TableRows
from apps.setup.original.findings import Findings, Kind
from apps.setup.reading import Rows
from apps.setup.repository import Key, Reference, RepositoryTable, Row, describe, framework_tables, values_at
from liberty.text import counted

LEFT_OUT = "the row is left out"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a catalogue of the original holds: `counts` of all its rows, and those of `rows` that fit ours."""

    name: str
    counts: Mapping[str, int]
    rows: Mapping[str, Rows]
    findings: Findings

    def with_rows(self, table: str, rows: Rows) -> "Catalogue":
        return replace(self, rows={**self.rows, table: rows})


def read_catalogue(database: Database, name: str) -> Catalogue:
    """Read every framework table of a catalogue, parents first; `name` is that of its pool."""
    findings = Findings(name)
    present = database.tables()
    _note_tables(database, present, findings)
    counts: dict[str, int] = {}
    rows: dict[str, Rows] = {}
    for table in framework_tables().values():
        if table.name in present:
            found = database.rows(table.name, _shared_columns(database, table, present[table.name], findings))
            counts[table.name] = len(found.rows)
            rows[table.name] = _fitting(table, found, rows, findings)
    return Catalogue(name, counts, rows, findings)


def _note_tables(database: Database, present: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    for name in sorted(present.keys() - framework_tables().keys()):
        kept = counted(database.count(name), "row")
        if name.startswith("ly_"):
            findings.add(Kind.UNKNOWN_TABLE, name, f"there is no such table here; it stays, with {kept}")
        else:
            findings.add(
                Kind.OTHER_TABLE, name, f"no framework table; it stays, with {kept}, for a pool to reach"
            )
    for name in sorted(framework_tables().keys() - present.keys()):
        findings.add(Kind.MISSING_TABLE, name, "the original does not have it; it stays as it is here")


def _shared_columns(
    database: Database, table: RepositoryTable, present: tuple[str, ...], findings: Findings
) -> tuple[str, ...]:
    for column in present:
        if column not in table.column_names:
            filled = counted(database.filled(table.name, column), "row")
            kind, place = Kind.UNKNOWN_COLUMN, f"{table.name}.{column}"
            findings.add(kind, place, f"there is no such column here; its values in {filled} stay")
    for column in table.column_names:
        if column not in present:
            findings.add(Kind.MISSING_COLUMN, f"{table.name}.{column}", "the original does not have it: null")
    return tuple(column for column in table.column_names if column in present)


def _fitting(
    table: RepositoryTable, found: TableRows, parents: Mapping[str, Rows], findings: Findings
) -> Rows:
    """Return the rows that the table takes: values that fit, no key or unique value twice, parents there."""
    rows: Rows = {}
    taken: set[tuple[tuple[int, ...], Key]] = set()
    for number, values in enumerate(found.rows, start=1):
        row = _read_row(table, dict(zip(found.columns, values, strict=True)), number, findings)
        if row is None:
            continue
        key, place = table.key_of(row), table.describe(table.key_of(row))
        double = _double(table, key, row, rows, taken)
        orphan = next(missing_parents(table, row, parents), None)
        if double:
            findings.add(Kind.DOUBLE_ROW, place, f"{double}; {LEFT_OUT}")
        elif orphan:
            findings.add(Kind.ORPHAN_ROW, place, f"{orphan} is not there; {LEFT_OUT}")
        else:
            rows[key] = row
            taken |= _unique_values(table, row)
    return rows


def _read_row(
    table: RepositoryTable, values: Mapping[str, Any], number: int, findings: Findings
) -> Row | None:
    row: list[Any] = []
    wrong: dict[int, str] = {}
    for position, field in enumerate(table.columns):
        try:
            row.append(read_value(field, values.get(field.column)))
        except WrongValue as exc:
            row.append(None)
            wrong[position] = f"{field.column}: {exc}"
    if not wrong:
        return tuple(row)
    has_key = not any(position in wrong for position in table.key)
    place = table.describe(table.key_of(tuple(row))) if has_key else f"{table.name}, row {number}"
    findings.add(Kind.WRONG_VALUE, place, f"{'; '.join(wrong.values())}; {LEFT_OUT}")
    return None


def _double(
    table: RepositoryTable, key: Key, row: Row, rows: Rows, taken: set[tuple[tuple[int, ...], Key]]
) -> str:
    """Return what another row has already, or an empty text."""
    if key in rows:
        return "another row has this key"
    for unique in table.uniques:
        if (unique, values_at(row, unique)) in taken:
            columns = ", ".join(table.columns[position].column for position in unique)
            return f"{columns}: another row has this value"
    return ""


def _unique_values(table: RepositoryTable, row: Row) -> set[tuple[tuple[int, ...], Key]]:
    values = {(unique, values_at(row, unique)) for unique in table.uniques}
    return {(unique, value) for unique, value in values if None not in value}


def missing_parents(table: RepositoryTable, row: Row, parents: Mapping[str, Rows]) -> Iterator[str]:
    """Yield the parents that a row names and that are not moved; a null names none."""
    for reference in table.references:
        wanted = values_at(row, reference.positions)
        if None not in wanted and not _is_there(reference, wanted, parents):
            yield describe(reference.parent, reference.columns, wanted)


def _is_there(reference: Reference, wanted: Key, parents: Mapping[str, Rows]) -> bool:
    parent = framework_tables()[reference.parent]
    # A reference may name the columns of its parent's key in another order.
    order = [reference.columns.index(parent.column_names[position]) for position in parent.key]
    return tuple(wanted[index] for index in order) in parents.get(reference.parent, {})
