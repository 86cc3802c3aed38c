"""From a repository file to rows of the framework tables, with every fault that the file alone shows."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from apps.setup.columns import WrongValue, read_value
from apps.setup.faults import Faults, RepositoryRejected
from apps.setup.repository import Key, RepositoryTable, Row, framework_tables, values_at

Rows = dict[Key, Row]


def parse_document(content: bytes) -> dict[str, Any]:
    """Return the tables of a JSON file, `{table: [{column: value}]}`, of which only the outermost is checked.

    Raises RepositoryRejected if the file has not this form at all.
    """
    try:
        document = json.loads(content, object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise _rejected(f"the file is not JSON: {_reason(exc)}") from exc
    if not isinstance(document, dict):
        raise _rejected("the file is not one JSON object of tables")
    if isinstance(document, _Doubled):
        raise _rejected(f"{document.name}: the file has this table twice")
    return document


def read_repository(document: dict[str, Any], faults: Faults) -> dict[str, Rows]:
    """Return the rows of each table of a document by their key; tables come parents first.

    The form is the original's export (contract section 6). A column that a row does not have is null. What
    is wrong is added to `faults`, and such rows may be missing from the answer. `document` is used up.
    """
    tables = framework_tables()
    for name in document:
        if name not in tables:
            faults.add(f"{name}: no framework table has this name")
    # Taken out one by one: a large file is not needed twice.
    return {
        name: _table_rows(tables[name], document.pop(name), faults) for name in tables if name in document
    }


class _Doubled(dict[str, Any]):
    """A JSON object with one name twice; `name` is the first such name."""

    name: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    names = [name for name, _ in pairs]
    doubled.name = next(name for name in names if names.count(name) > 1)
    return doubled


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number in JSON")


def _reason(exc: Exception) -> str:
    return "it is nested too deeply" if isinstance(exc, RecursionError) else str(exc)


def _rejected(fault: str) -> RepositoryRejected:
    return RepositoryRejected((fault,), 1)


def _table_rows(table: RepositoryTable, items: object, faults: Faults) -> Rows:
    if not isinstance(items, list):
        faults.add(f"{table.name}: a list of rows is expected")
        return {}
    rows: Rows = {}
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            faults.add(f"{table.name}, row {number}: an object of columns is expected")
            continue
        row = _row(table, item, number, faults)
        if row is None:
            continue
        key = table.key_of(row)
        if key in rows:
            faults.add(f"{table.describe(key)}: the file has this row twice")
        rows[key] = row
    _find_doubles(table, rows, faults)
    return rows


def _row(table: RepositoryTable, item: dict[str, Any], number: int, faults: Faults) -> Row | None:
    """Return the row, with None for what is wrong in it, or None if its key is wrong."""
    values: list[Any] = []
    wrong: dict[int, str] = {}
    for position, field in enumerate(table.columns):
        try:
            values.append(read_value(field, item.get(field.column)))
        except WrongValue as exc:
            values.append(None)
            wrong[position] = f"{field.column}: {exc}"
    row = tuple(values)
    has_key = not any(position in wrong for position in table.key)
    for fault in (*_wrong_names(table, item), *wrong.values()):
        place = table.describe(table.key_of(row)) if has_key else f"{table.name}, row {number}"
        faults.add(f"{place}: {fault}")
    return row if has_key else None


def _wrong_names(table: RepositoryTable, item: dict[str, Any]) -> Iterator[str]:
    if isinstance(item, _Doubled):
        yield f"{item.name}: the row has this column twice"
    known = table.column_names
    yield from (f"{name}: the table has no such column" for name in item if name not in known)


def _find_doubles(table: RepositoryTable, rows: Rows, faults: Faults) -> None:
    """Find rows of the file that a unique constraint besides the key keeps apart."""
    for unique in table.uniques:
        seen: set[Key] = set()
        for key, row in rows.items():
            values = values_at(row, unique)
            if None not in values and values in seen:
                columns = ", ".join(table.columns[position].column for position in unique)
                faults.add(f"{table.describe(key)}: {columns}: another row of the file has this value")
            seen.add(values)
