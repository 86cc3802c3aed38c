"""The pipeline: from what a caller asks for to rows, and from a body to rows written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from apps.accounts.caller import Caller
from apps.framework.dictionary import effective_language, entries
from apps.pools.catalogue import remembered, touch
from apps.pools.dialects.base import Dialect
from apps.pools.execution import describe, fetch
from apps.pools.registry import alias_of, dialect_for, replaces_null, resolve
from apps.pools.statement import Column, Kind, ResultSet, Statement
from apps.queries.columns import ROW_ID, describe_columns, output_names
from apps.queries.compiler import Names, compile_base, compile_page, compile_write
from apps.queries.definitions import SESSION, Analysed, Definition, analysed, definition_for, schema_names
from apps.queries.permissions import check_catalogue, check_run
from apps.queries.serializers import Line
from apps.queries.spec import QuerySpec, Source
from apps.queries.writing import Write, run
from liberty.errors import MalformedRequest, StatementFailed
from liberty.secrets import STAND_IN, is_secret

READ = "GET"
FRAMEWORK_TABLES = "ly_"


@dataclass(frozen=True, slots=True)
class Page:
    """One slice of a result: rows as objects with ROW_ID first, and the columns that they have."""

    items: list[dict[str, Any]]
    metadata: list[dict[str, Any]]
    has_more: bool
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: rows affected, and the rows that a RETURNING clause gave."""

    count: int
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Located:
    """A definition with the places it works on: `catalogue` and `alias` are aliases of pools."""

    definition: Definition
    catalogue: str
    alias: str
    dialect: Dialect
    analysed: Analysed
    names: Names


def select_rows(spec: QuerySpec, caller: Caller) -> Page:
    """Run the stored query that `spec` names and return one page of its rows, labelled.

    Raises Forbidden, UnknownPool, UnknownQuery, MalformedRequest, InvalidDefinition; StatementFailed if the
    database refuses the statement, Unavailable if it does not answer.
    """
    located = _locate(spec, caller)
    language = effective_language(located.catalogue, spec.language)
    base = compile_base(located.analysed.stored, spec, language, located.dialect, located.names)
    try:
        if spec.columns_only:
            return _columns_page(spec, located, describe(located.alias, base), language)
        result = _fetch_page(spec, located, base)
    except StatementFailed as failure:
        failure.limit, failure.offset = spec.limit, spec.offset
        raise
    return _page(spec, located, result, language)


def write_rows(spec: QuerySpec, caller: Caller, lines: Sequence[Line]) -> Written:
    """Run the stored writing query once for each of `lines`, all in one transaction.

    Raises what `select_rows` raises; a StatementFailed carries the line that was refused. Nothing is
    changed unless every line is.
    """
    located = _locate(spec, caller)
    statements = _compile_lines(spec, located, lines)
    try:
        result = run(_write_of(spec, caller, located, lines, statements))
    except MalformedRequest as refusal:
        name_line(refusal, refusal.position, lines)
        raise
    except StatementFailed as failure:
        name_line(failure, failure.position, lines)
        raise
    if any(name.startswith(FRAMEWORK_TABLES) for name in located.analysed.stored.names):
        touch(located.alias)
    return Written(result.row_count, list(_items(result, first_row_id=None)))


def reach_catalogue(spec: QuerySpec, caller: Caller) -> str:
    """Return the alias of the catalogue that `spec` asks. Raises Forbidden, UnknownPool."""
    catalogue = resolve(spec.pool)
    # Before anything is read from it: what a catalogue holds is nobody's business outside of it.
    check_catalogue(caller, catalogue)
    return catalogue


def reach_target(spec: QuerySpec, caller: Caller, definition: Definition, catalogue: str) -> tuple[str, str]:
    """Return the name and the alias of the pool that `definition` runs on, opened, if the caller may run it.

    Raises Forbidden, UnknownPool, PoolNotOpened.
    """
    name = _target_name(spec, definition)
    is_own = name == spec.pool
    target = catalogue if is_own else alias_of(name, catalogue=catalogue)
    check_run(caller, spec, definition, catalogue=catalogue, target=target)
    # Opened only now: what is wrong with a pool is told to those who may use it.
    return name, target if is_own else resolve(name, catalogue=catalogue)


def _locate(spec: QuerySpec, caller: Caller) -> _Located:
    catalogue = reach_catalogue(spec, caller)
    definition = definition_for(spec, catalogue=catalogue)
    name, alias = reach_target(spec, caller, definition, catalogue)
    dialect = dialect_for(alias)
    return _Located(
        definition=definition,
        catalogue=catalogue,
        alias=alias,
        dialect=dialect,
        analysed=analysed(definition, dialect),
        names=Names(schema_names(catalogue), tuple(dict.fromkeys((name, spec.pool)))),
    )


def _target_name(spec: QuerySpec, definition: Definition) -> str:
    """Return the name of the pool that the statement runs on (contract, section 5)."""
    if spec.override_pool:
        return spec.override_pool
    if spec.source is Source.FRAMEWORK and spec.verb == READ:
        return spec.pool
    return spec.pool if definition.pool.upper() == SESSION else definition.pool


def _fetch_page(spec: QuerySpec, located: _Located, base: Statement) -> ResultSet:
    """Fetch the page; where it is filtered or sorted, columns known from before are checked once more.

    A table may have changed since its columns were remembered, so a refused statement is tried again with
    columns described anew, if those differ.
    """
    if not spec.filters and not spec.order and not located.dialect.needs_distinct_names:
        return _fetch(spec, located, base, ())
    columns = _remembered_columns(located, base)
    try:
        return _fetch(spec, located, base, columns)
    except (MalformedRequest, StatementFailed):
        current = describe(located.alias, base)
        if current == columns:
            raise
    return _fetch(spec, located, base, current)


def _fetch(spec: QuerySpec, located: _Located, base: Statement, columns: Sequence[Column]) -> ResultSet:
    statement = compile_page(
        base,
        located.analysed.order_by,
        spec,
        columns,
        located.dialect,
        has_order=located.analysed.stored.has_order,
    )
    return fetch(located.alias, statement, max_rows=spec.limit + 1)


def _remembered_columns(located: _Located, base: Statement) -> tuple[Column, ...]:
    key = ("columns", located.alias, base.sql)
    return remembered(located.catalogue, key, lambda: describe(located.alias, base))


def _columns_page(spec: QuerySpec, located: _Located, columns: Sequence[Column], language: str) -> Page:
    metadata = describe_columns(columns, entries(located.catalogue, language))
    return Page(metadata, metadata, has_more=False, limit=spec.limit, offset=spec.offset)


def _page(spec: QuerySpec, located: _Located, result: ResultSet, language: str) -> Page:
    has_more = len(result.rows) > spec.limit
    shown = ResultSet(result.columns, result.rows[: spec.limit])
    return Page(
        items=list(_items(shown, first_row_id=spec.offset + 1, numbers_as_text=spec.numbers_as_text)),
        metadata=_metadata(located.catalogue, language, tuple(result.columns)),
        has_more=has_more,
        limit=spec.limit,
        offset=spec.offset,
    )


def _metadata(catalogue: str, language: str, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    key = ("metadata", language, columns)
    return remembered(catalogue, key, lambda: describe_columns(columns, entries(catalogue, language)))


def _items(
    result: ResultSet, *, first_row_id: int | None, numbers_as_text: bool = False
) -> Iterable[dict[str, Any]]:
    """Yield rows as objects; ROW_ID counts from `first_row_id`, or is left out where that is None."""
    names = output_names(result.columns)
    secrets = [
        name
        for name, column in zip(names, result.columns, strict=True)
        if is_secret(column.name, column.origin)
    ]
    exact = [
        name
        for name, column in zip(names, result.columns, strict=True)
        if numbers_as_text and column.kind in (Kind.BIGINT, Kind.DECIMAL)
    ]
    keys = names if first_row_id is None else (ROW_ID.name, *names)
    for row_id, row in enumerate(result.rows, start=first_row_id or 0):
        item = dict(zip(keys, row if first_row_id is None else (row_id, *row), strict=True))
        for name in secrets:
            item[name] = STAND_IN if item[name] is not None else None
        for name in exact:
            item[name] = _as_text(item[name])
        yield item


def _as_text(value: Any) -> Any:
    """Return a number as the text of its digits; a text, such as `NaN`, and null as they are."""
    if value is None or isinstance(value, str):
        return value
    # A fragment does not tell what it holds, except to the writer.
    return orjson.dumps(value).decode()


def _compile_lines(spec: QuerySpec, located: _Located, lines: Sequence[Line]) -> list[Statement]:
    blank_for_null = replaces_null(located.alias)
    statements: list[Statement] = []
    for position, line in enumerate(lines):
        try:
            statement = compile_write(
                located.analysed.stored,
                line,
                spec,
                located.dialect,
                located.names,
                allows_unconditional=located.definition.allows_unconditional,
                replaces_null=blank_for_null,
            )
        except MalformedRequest as exc:
            name_line(exc, position, lines)
            raise
        statements.append(statement)
    return statements


def _write_of(
    spec: QuerySpec,
    caller: Caller,
    located: _Located,
    lines: Sequence[Line],
    statements: Sequence[Statement],
) -> Write:
    return Write(
        caller=caller,
        spec=spec,
        definition=located.definition,
        alias=located.alias,
        dialect=located.dialect,
        analysed=located.analysed,
        names=located.names,
        lines=lines,
        statements=statements,
    )


def name_line(failure: MalformedRequest | StatementFailed, position: int, lines: Sequence[Line]) -> None:
    """Put the line behind a failure on it, and its number into the message where the body has several."""
    failure.line = masked_line(lines[max(position, 0)])
    if len(lines) > 1:
        failure.message = f"Line {position + 1}: {failure.message}"


def masked_line(line: Line) -> Line:
    """What was sent, as it may be told back: without secrets."""
    return {name: STAND_IN if is_secret(name) else value for name, value in line.items()}
