"""Audited tables: a stored write to one leaves an entry for each row, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from apps.audit.marks import audited_tables
from apps.audit.shapes import Shape, Targets, shape_of, targets_of
from apps.audit.store import STORE, Entry, ensure_store, insertions
from apps.pools.catalogue import remembered
from apps.pools.execution import Transaction, describe, joined, transact
from apps.pools.registry import replaces_null
from apps.pools.statement import Column, ResultSet, Statement
from apps.pools.tables import Table, pick_table, read_tables
from apps.queries.compiler import compile_for_rows, compile_selection, written_values
from apps.queries.writing import Write
from liberty.api.json_text import dump
from liberty.api.request_id import current_request_id
from liberty.errors import InvalidDefinition, MalformedRequest
from liberty.secrets import STAND_IN, is_secret
from liberty.text import counted

MAX_ROWS = 10_000
"""Most rows that one statement may change in an audited table: their values are held in memory."""

_ROWS_AT_ONCE = 100

Key = tuple[Any, ...]
Row = Mapping[str, Any]
Found = dict[bytes, tuple[Key, Row]]
"""Keys and values of rows, secrets as their stand-in, by the key as JSON."""


@dataclass(frozen=True, slots=True)
class _Audited:
    """An audited table, and what its key's columns hold."""

    table: Table
    key: tuple[Column, ...]
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Change:
    """One row before and after; `key` are the values of its primary key."""

    key: Key
    before: Row | None = None
    after: Row | None = None


def run_audited(write: Write) -> ResultSet | None:
    """Run a write to an audited table with its entries, whole or not at all; None for any other write.

    Raises InvalidDefinition for a write whose rows cannot be told, MalformedRequest where a row's key
    changes, StatementFailed where the pool cannot hold entries; otherwise as `execution.transact`.
    """
    marks = audited_tables(write.alias)
    if not marks or write.analysed.stored.is_read:
        return None
    shape = _shape(write)
    if shape is None or shape.table.lower() not in marks:
        _refuse_if_written(write, marks | {STORE})
        return None
    audited = _audited(write, shape)
    ensure_store(write.alias, write.definition.catalogue)
    return transact(write.alias, lambda transaction: _run(write, audited, transaction))


def _shape(write: Write) -> Shape | None:
    sql, dialect = write.analysed.sql, write.dialect
    return remembered(
        write.definition.catalogue,
        ("shape", sql, dialect.name),
        lambda: shape_of(sql, dialect, max_rows=MAX_ROWS + 1),
    )


def _refuse_if_written(write: Write, marks: frozenset[str]) -> None:
    """Refuse a write to an audited table whose rows cannot be told; one that only reads it is left alone."""
    targets = _targets(write)
    written = set(targets.tables & marks)
    for line in write.lines:
        given = {name.upper(): value for name, value in line.items()}
        written |= {str(given.get(name, "")).rpartition(".")[2].lower() for name in targets.binds} & marks
    if STORE in written:
        raise InvalidDefinition(
            f"Query {write.spec.number} may not write to `{STORE}`, which holds the audit."
        )
    if written:
        raise InvalidDefinition(
            f"Table `{min(written)}` is audited: query {write.spec.number} may not write to it, because only"
            " a plain INSERT, UPDATE or DELETE of one table can be audited."
        )


def _targets(write: Write) -> Targets:
    """Return what the statement may write, read off once."""
    sql, dialect = write.analysed.sql, write.dialect
    memory = ("written tables", sql, dialect.name)
    return remembered(write.definition.catalogue, memory, lambda: targets_of(sql, dialect))


def _audited(write: Write, shape: Shape) -> _Audited:
    if shape.names_schema:
        raise InvalidDefinition(
            f"Table `{shape.table}` is audited: query {write.spec.number} may not name its schema."
        )
    memory = ("audited table", write.alias, shape.table)
    table, key = remembered(write.definition.catalogue, memory, lambda: _read_table(write, shape))
    return _Audited(table, key, shape)


def _read_table(write: Write, shape: Shape) -> tuple[Table, tuple[Column, ...]]:
    dialect = write.dialect
    table = pick_table(shape.table, read_tables(write.alias, shape.table), dialect)
    if not table.key:
        raise InvalidDefinition(
            f"Table `{shape.table}` is audited and has no primary key: it cannot be changed."
        )
    columns = ", ".join(dialect.quote(column.name) for column in table.key)
    name = dialect.qualified(table.schema, table.name)
    return table, describe(write.alias, Statement(f"SELECT {columns} FROM {name}"))  # noqa: S608 - names quoted


def _run(write: Write, audited: _Audited, transaction: Transaction) -> ResultSet:
    step = _insert if audited.shape.selection is None else _change
    results: list[ResultSet] = []
    for position, statement in enumerate(write.statements):
        try:
            result, changes = step(write, audited, transaction, position, statement)
        except MalformedRequest as refusal:
            refusal.position = position
            raise
        results.append(result)
        # Each line has its entries before the next one runs: their ids tell the order of changes.
        entries = (_entry(write, audited, change) for change in changes)
        for insertion in insertions(entries, write.dialect):
            transaction.run(insertion, position=position)
        transaction.tell_of(statement, position=position)
    return joined(results)


def _change(
    write: Write, audited: _Audited, transaction: Transaction, position: int, statement: Statement
) -> tuple[ResultSet, list[_Change]]:
    """Run an UPDATE or DELETE between two looks at its rows, which are locked from the first one on.

    The same condition finds locked rows again, and whatever became like them since: as many rows are the same
    rows. A condition that may find others is not asked again; the rows are then told by their keys.
    """
    before = _selected(write, audited, transaction, position)
    if audited.shape.for_rows is not None:
        statement = _for_rows(write, audited, before, position)
    result = transaction.run(statement, position=position)
    if result.row_count != len(before):
        raise MalformedRequest(
            f"Table `{audited.table.name}` is audited, and a statement has changed"
            f" {counted(result.row_count, 'row')} where {len(before)} were found: nothing was written."
        )
    if audited.shape.verb == "DELETE":
        return result, [_Change(key, row) for key, row in before.values()]
    after = _by_key(write, audited, transaction, [key for key, _ in before.values()], position)
    if after.keys() != before.keys():
        raise MalformedRequest(
            f"Table `{audited.table.name}` is audited: the key of a row cannot be changed."
        )
    return result, [_Change(key, row, after[name][1]) for name, (key, row) in before.items()]


def _for_rows(write: Write, audited: _Audited, rows: Found, position: int) -> Statement:
    """Return the statement with the keys of `rows` in the place of its condition."""
    assert audited.shape.for_rows is not None  # noqa: S101 - only for shapes that have one
    return compile_for_rows(
        audited.shape.for_rows,
        write.lines[position],
        _key_condition(write, audited, [key for key, _ in rows.values()]),
        write.dialect,
        write.names,
        replaces_null=replaces_null(write.alias),
    )


def _insert(
    write: Write, audited: _Audited, transaction: Transaction, position: int, statement: Statement
) -> tuple[ResultSet, list[_Change]]:
    """Run an INSERT and read the rows that it has made, by keys that it returns or that were given."""
    if write.dialect.inserts_return and not audited.shape.has_returning:
        columns = ", ".join(write.dialect.quote(column.name) for column in audited.key)
        returning = replace(statement, sql=f"{statement.sql}\nRETURNING {columns}")
        returned = transaction.run(returning, position=position)
        result, keys = ResultSet((), (), len(returned.rows)), [tuple(row) for row in returned.rows]
    else:
        result = transaction.run(statement, position=position)
        keys = [_given_key(write, audited, position)]
    if len(keys) > MAX_ROWS:
        raise _too_many(audited)
    after = _by_key(write, audited, transaction, keys, position)
    if len(after) != result.row_count:
        raise InvalidDefinition(
            f"Table `{audited.table.name}` is audited, and the rows that query {write.spec.number} has made"
            " cannot be told: nothing was written."
        )
    return result, [_Change(key, None, row) for key, row in after.values()]


def _given_key(write: Write, audited: _Audited, position: int) -> Key:
    """Return the key of a new row from the values that the INSERT puts into its columns as they are."""
    stored = write.analysed.stored
    values = written_values(write.lines[position], replaces_null=replaces_null(write.alias))
    order = stored.written_columns or tuple(column.name for column in audited.table.columns)
    places = {name.lower(): place for place, name in enumerate(order)}
    key = []
    for column in audited.key:
        name = column.name.lower()
        place = places.get(name)
        bind = next(
            (
                bind
                for bind in stored.binds
                if bind.is_whole
                and ((bind.target or "").lower() == name or (place is not None and bind.position == place))
            ),
            None,
        )
        if bind is None or values.get(bind.name) is None:
            raise _untold_key(write, audited, column)
        key.append(values[bind.name])
    return tuple(key)


def _untold_key(write: Write, audited: _Audited, column: Column) -> InvalidDefinition:
    """Say why the key of a new row is not known."""
    number, name = write.spec.number, column.name.upper()
    if write.dialect.inserts_return and audited.shape.has_returning:
        reason = (
            f"the key of a new row cannot be read where query {number} has a RETURNING of its own. Leave that"
            f" out, or give the value of the key column `{name}`."
        )
    else:
        reason = f"query {number} has to give the value of its key column `{name}`."
    return InvalidDefinition(f"Table `{audited.table.name}` is audited: {reason}")


def _selected(write: Write, audited: _Audited, transaction: Transaction, position: int) -> Found:
    """Return the rows that an UPDATE or DELETE is about to change."""
    assert audited.shape.selection is not None  # noqa: S101 - an INSERT goes another way
    selection = compile_selection(
        audited.shape.selection,
        write.lines[position],
        write.dialect,
        write.names,
        replaces_null=replaces_null(write.alias),
    )
    result = transaction.run(selection, position=position, max_rows=MAX_ROWS + 1)
    if len(result.rows) > MAX_ROWS:
        raise _too_many(audited)
    return _found(audited, result)


def _by_key(
    write: Write, audited: _Audited, transaction: Transaction, keys: Sequence[Key], position: int
) -> Found:
    """Return the rows that have one of `keys`."""
    found: Found = {}
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        statement = _selection_by_key(write, audited, keys[start : start + _ROWS_AT_ONCE])
        found |= _found(audited, transaction.run(statement, position=position, max_rows=MAX_ROWS))
    return found


def _selection_by_key(write: Write, audited: _Audited, keys: Sequence[Key]) -> Statement:
    condition = _key_condition(write, audited, keys)
    table = write.dialect.qualified(audited.table.schema, audited.table.name)
    return replace(condition, sql=f"SELECT * FROM {table} WHERE {condition.sql}")  # noqa: S608 - names quoted


def _key_condition(write: Write, audited: _Audited, keys: Sequence[Key]) -> Statement:
    """Return a condition that the rows with one of `keys` meet, and its values."""
    dialect = write.dialect
    params: dict[str, Any] = {}
    labels: dict[str, str] = {}
    alternatives = []
    for number, key in enumerate(keys):
        conditions = []
        for place, (column, value) in enumerate(zip(audited.key, key, strict=True)):
            name = f"key_{number}_{place}"
            params[name] = _bound(write, column, value)
            labels[name] = column.name.upper()
            conditions.append(dialect.compare(dialect.quote(column.name), "=", f"%({name})s", column.kind))
        alternatives.append(f"({' AND '.join(conditions)})")
    return Statement(_any_of(alternatives), params, labels=labels)


def _any_of(conditions: Sequence[str]) -> str:
    """Join conditions by OR in halves: products take no thousand of them one inside the other."""
    if not conditions:
        return "1 = 0"
    if len(conditions) <= _ROWS_AT_ONCE:
        return f"({' OR '.join(conditions)})"
    middle = len(conditions) // 2
    return f"({_any_of(conditions[:middle])} OR {_any_of(conditions[middle:])})"


def _bound(write: Write, column: Column, value: Any) -> Any:
    if isinstance(value, orjson.Fragment):
        value = orjson.dumps(value).decode()
    try:
        return write.dialect.bind(value, column.kind)
    except ValueError as exc:
        raise MalformedRequest(f"Key column `{column.name.upper()}` cannot hold this value.") from exc


def _found(audited: _Audited, result: ResultSet) -> Found:
    places = {column.name.lower(): place for place, column in enumerate(result.columns)}
    if any(column.name.lower() not in places for column in audited.key):
        # What is remembered of the table is older than the table.
        raise InvalidDefinition(f"Table `{audited.table.name}` is audited, and its key has just changed.")
    key_places = [places[column.name.lower()] for column in audited.key]
    names = [column.name for column in result.columns]
    secrets = [name for name in names if is_secret(name, (audited.table.name, name))]
    found: Found = {}
    for row in result.rows:
        key = tuple(row[place] for place in key_places)
        values = dict(zip(names, row, strict=True))
        values |= {name: STAND_IN for name in secrets if values[name] is not None}
        found[dump(list(key))] = key, values
    return found


def _too_many(audited: _Audited) -> MalformedRequest:
    return MalformedRequest(
        f"Table `{audited.table.name}` is audited: one statement may change {MAX_ROWS} of its rows at most."
    )


def _entry(write: Write, audited: _Audited, change: _Change) -> Entry:
    key = {column.name: value for column, value in zip(audited.key, change.key, strict=True)}
    return Entry(
        table=audited.table.name,
        row_key=dump(key).decode(),
        verb=audited.shape.verb,
        actor=write.caller.pk,
        source=write.spec.source,
        query=write.spec.number,
        request_id=current_request_id(),
        before=_json(change.before),
        after=_json(change.after),
    )


def _json(row: Row | None) -> str | None:
    return None if row is None else dump(row).decode()
