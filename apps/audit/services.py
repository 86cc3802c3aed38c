"""The audit call of a client: a copy of the row that it is about to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.audit.copies import PREFIX, audit_ddl, audit_table, copies_of_row, copy_of_row, key_description
from apps.pools.catalogue import remembered
from apps.pools.dialects import Dialect
from apps.pools.execution import apply, describe, fetch
from apps.pools.registry import dialect_for
from apps.pools.statement import Column, Statement
from apps.pools.tables import Table, pick_table, read_tables
from apps.queries.definitions import GENERIC, Definition, Variant, definition_for
from apps.queries.serializers import Line
from apps.queries.services import masked_line, name_line, reach_catalogue, reach_target
from apps.queries.spec import QuerySpec
from liberty.errors import Forbidden, MalformedRequest, StatementFailed, UnknownQuery

NO_QUERY = -1
"""The number in a `QuerySpec` of a call that names no query: the pool of the request is meant."""

WRITING_VERBS = ("PUT", "DELETE", "POST")
# As often as two calls may make or alter one audit table in turn.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Target:
    """A table about to change, and its audit table as far as that is there."""

    alias: str
    catalogue: str
    dialect: Dialect
    table: Table
    audit: Table | None


def copy_rows(spec: QuerySpec, caller: Caller, *, table: str, user: str, lines: Sequence[Line]) -> int:
    """Copy the rows of `table` whose keys are in `lines` into its audit table; return how many there were.

    `spec` says where: on the pool that a write of its query would run on. The audit table is made where it
    is missing, and gets the columns that the table has got. All rows are copied, or none. `user` is who the
    copy says has changed the row. Raises Forbidden, UnknownPool, UnknownQuery; MalformedRequest for a table
    or a key that is not there; StatementFailed, with the line, if the database refuses the copy.
    """
    catalogue = reach_catalogue(spec, caller)
    if user != caller.user_id and not caller.administers(catalogue):
        raise Forbidden("Only an administrator may audit a change of another user.")
    _, alias = reach_target(spec, caller, _definition(spec, catalogue), catalogue)
    target = _read_target(alias, catalogue, table)
    for _ in range(_ATTEMPTS):
        try:
            return _copy(target, user, lines)
        except StatementFailed:
            # Another call may have made or altered the audit table since we looked.
            current = _read_target(alias, catalogue, table)
            if current == target:
                raise
            target = current
    return _copy(target, user, lines)


@dataclass(frozen=True, slots=True)
class Copy:
    """That a client has had a row copied, for whom and when (UTC)."""

    user: str
    date: str


def copies_of(alias: str, table: str, key: Mapping[str, Any], *, limit: int) -> list[Copy]:
    """Return the last copies that clients have made of a row of pool `alias`, latest first.

    `key` are the values of its primary key by column. Raises MalformedRequest for a table that is not there,
    UnknownPool, Unavailable.
    """
    target = _read_target(alias, DEFAULT_CATALOGUE, table)
    if target.audit is None:
        return []
    statement = copies_of_row(target.table, _key_columns(target), key, target.dialect, limit)
    return [Copy(str(user), str(date)) for user, date in fetch(alias, statement, max_rows=limit).rows]


def _definition(spec: QuerySpec, catalogue: str) -> Definition:
    """Return the writing definition of the query, for the pool that it names."""
    if spec.number == NO_QUERY:
        return Definition(spec.source, NO_QUERY, spec.verb, catalogue, {GENERIC: Variant("", "", "")})
    for verb in WRITING_VERBS:
        try:
            return definition_for(QuerySpec(spec.source, spec.number, verb), catalogue=catalogue)
        except UnknownQuery:
            continue
    raise UnknownQuery(f"Query {spec.number} is not defined for PUT, DELETE or POST.")


def _read_target(alias: str, catalogue: str, name: str) -> _Target:
    dialect = dialect_for(alias)
    tables = read_tables(alias, name, PREFIX + name)
    table = pick_table(name, tables, dialect)
    return _Target(alias, catalogue, dialect, table, audit_table(table, tables, dialect))


def _copy(target: _Target, user: str, lines: Sequence[Line]) -> int:
    key = _key_columns(target)
    copies = [_copy_of_line(target, key, user, lines, position) for position in range(len(lines))]
    changes = audit_ddl(target.table, target.audit, target.dialect)
    if changes and not target.dialect.has_transactional_ddl:
        apply(target.alias, changes)
        changes = []
    try:
        return apply(target.alias, [*changes, *copies]).row_count
    except (MalformedRequest, StatementFailed) as refusal:
        position = refusal.position - len(changes)
        if position >= 0:
            name_line(refusal, position, lines)
        if isinstance(refusal, StatementFailed):
            refusal.line = masked_line(lines[max(position, 0)])
        raise


def _copy_of_line(
    target: _Target, key: Sequence[Column], user: str, lines: Sequence[Line], position: int
) -> Statement:
    try:
        return copy_of_row(target.table, key, lines[position], user, target.dialect)
    except MalformedRequest as refusal:
        name_line(refusal, position, lines)
        raise


def _key_columns(target: _Target) -> tuple[Column, ...]:
    """Return what the columns of the key hold; asked again only when the table is another."""
    described = key_description(target.table, target.dialect)
    memory = ("key columns", target.alias, target.table)
    return remembered(target.catalogue, memory, lambda: describe(target.alias, described))
