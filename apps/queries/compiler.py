"""From a stored query and a wish to one SQL statement with bound values. Pure: no database is asked."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apps.pools.dialects.base import Dialect
from apps.pools.statement import Column, Statement
from apps.queries.binds import Bind, BindContext, StoredSql, render
from apps.queries.columns import ROW_ID, output_names
from apps.queries.filters import compile_conditions
from apps.queries.spec import QuerySpec
from liberty.api.json_text import dump
from liberty.errors import InvalidDefinition, MalformedRequest
from liberty.secrets import KEEP, SECRET_POSITIONS, SECRET_TABLES, is_secret, prepare_written

READ = "GET"
LIMIT = "liberty_limit"
OFFSET = "liberty_offset"

# What reaches beyond the pool's own database: files of the server and other databases.
REFUSED_VERBS = ("ATTACH", "DETACH", "COPY", "LOAD", "PRAGMA")

JSON_TYPES = ("json", "jsonb")

ROWS = "LIBERTY_ROWS"
"""The bind that stands for the condition in a write made for chosen rows."""

_plain_name = re.compile(r"[^\W\d][\w$#]{0,127}")

_STAND_IN_FOR_NEW_ROW = "A new row needs the secret itself, not its stand-in."


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a stored query stand for: schemas by (pool, upper-case name), and where to look."""

    schemas: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pools: Sequence[str] = ()
    """The pools whose schema names count, the first that has one wins."""


def check_verb(stored: StoredSql, verb: str, name: str) -> None:
    """Raise InvalidDefinition for a statement that may not run under `verb`; the message calls it `name`."""
    if verb == READ and not stored.is_read:
        raise InvalidDefinition(f"{name} holds no reading statement for GET.")
    if stored.verb in REFUSED_VERBS:
        raise InvalidDefinition(f"{name} holds {stored.verb}, which no stored query may.")


def compile_base(
    stored: StoredSql, spec: QuerySpec, language: str, dialect: Dialect, names: Names
) -> Statement:
    """Return the stored SELECT alone with the caller's parameters: what the page is made from.

    Raises InvalidDefinition where it is no reading statement, MalformedRequest for parameters without value.
    """
    check_verb(stored, READ, f"Query {spec.number}")
    values = {**spec.params, "LNG_ID": spec.params.get("LNG_ID", language)}
    return _render(stored, values, dialect, names)


def compile_page(
    base: Statement,
    order_by: str,
    spec: QuerySpec,
    columns: Sequence[Column],
    dialect: Dialect,
    *,
    has_order: bool,
) -> Statement:
    """Return `base` with the caller's filters and order, cut to one row more than the page.

    `order_by` is the definition's own order; what the caller asks for goes before it. `columns` are those
    of `base`: needed where there is something to filter or sort, and where the product wants names that
    differ.
    """
    renamed = _renamed(columns)
    conditions = compile_conditions(spec.filters, spec.order, renamed or columns, dialect)
    order = [*conditions.order_by, *([order_by] if order_by else [])]
    return Statement(
        dialect.page(
            base.sql,
            conditions=conditions.sql,
            order_by=order,
            has_order=has_order,
            columns=[column.name for column in renamed],
        ),
        {**base.params, **conditions.params, LIMIT: spec.limit + 1, OFFSET: spec.offset},
        changes_session=base.changes_session,
        labels={**base.labels, **conditions.labels},
    )


def compile_write(
    stored: StoredSql,
    line: Mapping[str, Any],
    spec: QuerySpec,
    dialect: Dialect,
    names: Names,
    *,
    allows_unconditional: bool,
    replaces_null: bool,
) -> Statement:
    """Return the stored writing statement with the values of `line`, an object of the body.

    Raises InvalidDefinition for an UPDATE or DELETE without a condition, MalformedRequest for a value that
    is missing, and for a null that would widen the condition, unless the definition is marked as meant so.
    """
    check_verb(stored, spec.verb, f"Query {spec.number}")
    values = {name.upper(): value for name, value in line.items()}
    if not allows_unconditional:
        _check_condition(stored, values, spec)
    stored_values, kept = _stored_values(stored, values, replaces_null=replaces_null)
    return _render(stored, stored_values, dialect, names, lambda bind: bind.target if bind in kept else None)


def compile_for_rows(
    stored: StoredSql,
    line: Mapping[str, Any],
    rows: Statement,
    dialect: Dialect,
    names: Names,
    *,
    replaces_null: bool,
) -> Statement:
    """Return a stored write with the condition `rows`, SQL and its values, in the place of the bind ROWS.

    What `compile_write` checks has been checked of the statement that `stored` was made from.
    """
    given = {name.upper(): value for name, value in line.items()}
    values, kept = _stored_values(stored, given, replaces_null=replaces_null)

    def stand_in(bind: Bind) -> str | None:
        if bind.name == ROWS:
            return rows.sql
        return bind.target if bind in kept else None

    statement = _render(stored, values, dialect, names, stand_in)
    return replace(
        statement, params={**statement.params, **rows.params}, labels={**statement.labels, **rows.labels}
    )


def _stored_values(
    stored: StoredSql, values: Mapping[str, Any], *, replaces_null: bool
) -> tuple[Mapping[str, Any], set[Bind]]:
    """Return the values as they are stored, and the binds whose column keeps what it has."""
    kept: set[Bind] = set()
    if any(stored.mentions(table) for table in SECRET_TABLES):
        values, kept = _with_secrets(stored, values)
    return (_with_blanks(values) if replaces_null else values), kept


def compile_selection(
    stored: StoredSql, line: Mapping[str, Any], dialect: Dialect, names: Names, *, replaces_null: bool
) -> Statement:
    """Return a SELECT with the condition of a stored write, and the values that the write has for `line`."""
    values = written_values(line, replaces_null=replaces_null)
    return _render(stored, values, dialect, names)


def written_values(line: Mapping[str, Any], *, replaces_null: bool) -> dict[str, Any]:
    """Return the values of a line by upper-case name, as they are written where no secret is among them."""
    values = {name.upper(): value for name, value in line.items()}
    return _with_blanks(values) if replaces_null else values


def _with_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: " " if value is None or value == "" else value for name, value in values.items()}


def _renamed(columns: Sequence[Column]) -> Sequence[Column]:
    """Return `columns` with names that the page can give them, where the stored SQL leaves them without.

    Of equal names all but the first get a number, because the definition's own order may use the first; some
    products page over equal names only so. An unnamed column that a driver calls `columnN` has no such name
    in the database, and SQLite takes a name that it does not know for a text.
    """
    has_doubles = len({column.name.lower() for column in columns}) < len(columns)
    if not has_doubles and not any(map(_is_unnamed, columns, range(1, len(columns) + 1))):
        return ()
    names = zip(output_names(columns), columns, strict=True)
    return [column if name == column.name.upper() else replace(column, name=name) for name, column in names]


def _is_unnamed(column: Column, number: int) -> bool:
    return column.name == f"column{number}"


def _render(
    stored: StoredSql,
    values: Mapping[str, Any],
    dialect: Dialect,
    names: Names,
    stand_in: Callable[[Bind], str | None] | None = None,
) -> Statement:
    sql, params = render(
        stored,
        values={**values, **_json_texts(stored, values)},
        names={
            name: _quoted_identifier(name, values[name], dialect)
            for name in stored.name_binds
            if name in values
        },
        schemas={name: quote_given(_schema(name, names), dialect) for name in stored.schemas},
        stand_in=stand_in,
    )
    return Statement(sql, params, changes_session=stored.changes_session, labels=_labels(stored, params))


def _json_texts(stored: StoredSql, values: Mapping[str, Any]) -> dict[str, str]:
    """Return lists that the SQL casts to JSON as texts: a driver would send them as arrays."""
    return {
        bind.name: dump(values[bind.name]).decode()
        for bind in stored.binds
        if bind.cast in JSON_TYPES and isinstance(values.get(bind.name), list)
    }


def _labels(stored: StoredSql, params: Iterable[str]) -> dict[str, str]:
    """Return what the caller knows each parameter as: `render` numbers binds in order of appearance."""
    binds = list(dict.fromkeys(bind.name for bind in stored.binds))
    return {param: binds[int(param.split("_")[1]) - 1] for param in params}


def quote_given(name: str, dialect: Dialect) -> str:
    """Return a name from a request or a schema row, quoted, meaning what it would mean without quotes.

    The original puts such names into the SQL as they are, so a plain one is folded to the product's case.
    """
    return dialect.quote(dialect.fold(name) if _plain_name.fullmatch(name) else name)


def _quoted_identifier(name: str, value: Any, dialect: Dialect) -> str:
    """Return the identifier that `#:NAME#` stands for: a plain name, or one with its schema before it."""
    parts = value.split(".") if isinstance(value, str) else []
    if not 1 <= len(parts) <= 2 or not all(_plain_name.fullmatch(part) for part in parts):
        raise MalformedRequest(f"SQL parameter `{name}` stands for a name and must be one.")
    return ".".join(quote_given(part, dialect) for part in parts)


def _schema(name: str, names: Names) -> str:
    for pool in names.pools:
        target = names.schemas.get((pool, name))
        if target:
            return target
    raise InvalidDefinition(f"Schema `{name}` is not defined for pool `{names.pools[0]}`.")


def _check_condition(stored: StoredSql, values: Mapping[str, Any], spec: QuerySpec) -> None:
    if not stored.has_condition:
        raise InvalidDefinition(
            f"Query {spec.number} would change every row: an UPDATE or DELETE in it has no condition, and it "
            "is not marked as meant so."
        )
    empty = sorted(
        {bind.name for bind in stored.binds if bind.in_condition and _is_lost(values.get(bind.name, ""))}
    )
    if empty:
        listed = ", ".join(f"`{name}`" for name in empty)
        raise MalformedRequest(
            f"SQL parameter {listed} is null or empty, and decides which rows are changed."
        )


def _is_lost(value: Any) -> bool:
    """Whether a key is null, or a list of keys is empty or holds a null: no row has it, or NOT has all."""
    if isinstance(value, list):
        return not value or any(_is_lost(item) for item in value)
    return value is None


def _with_secrets(stored: StoredSql, values: Mapping[str, Any]) -> tuple[dict[str, Any], set[Bind]]:
    """Return the values with secrets hashed or encrypted, and the binds whose column stays as it is."""
    prepared = dict(values)
    columns = {bind: column for bind in stored.binds if (column := _secret_column(stored, bind))}
    for bind, column in columns.items():
        if bind.name in values and prepared[bind.name] is values[bind.name]:
            prepared[bind.name] = prepare_written(column, values[bind.name])
    kept = {bind for bind in columns if prepared.get(bind.name) is KEEP}
    if any(bind.target is None or stored.main_verb == "INSERT" for bind in kept):
        raise MalformedRequest(_STAND_IN_FOR_NEW_ROW)
    for bind in stored.binds:
        if bind.context is BindContext.ROWS:
            prepared[bind.name] = _rows_with_secrets(values.get(bind.name), _secret_places(stored))
    return prepared, kept


def _secret_column(stored: StoredSql, bind: Bind) -> str | None:
    """Return the secret column that a bind is written to: by its target, its place or its own name."""
    if bind.in_condition:
        return None
    if bind.position is not None:
        return _secret_places(stored).get(bind.position)
    return next((name.lower() for name in (bind.target, bind.name) if name and is_secret(name)), None)


def _secret_places(stored: StoredSql) -> dict[int, str]:
    """Return the secret columns of an INSERT by their place in its rows."""
    if stored.written_columns:
        return {place: name.lower() for place, name in enumerate(stored.written_columns) if is_secret(name)}
    return {place: column for table, column, place in SECRET_POSITIONS if table in stored.tables}


def _rows_with_secrets(rows: Any, places: Mapping[int, str]) -> Any:
    """Prepare the secrets in rows: a multi-row insert writes by place, whatever the members are called."""
    if not isinstance(rows, list):
        return rows
    return [_row_with_secrets(row, places) for row in rows]


def _row_with_secrets(row: Any, places: Mapping[int, str]) -> Any:
    if isinstance(row, list):
        return [_new_secret(places.get(place), value) for place, value in enumerate(row)]
    if not isinstance(row, dict):
        return row
    written = [name for name in row if name.upper() != ROW_ID.name]
    columns = {name: places.get(place) for place, name in enumerate(written)}
    return {name: _new_secret(columns.get(name), value) for name, value in row.items()}


def _new_secret(column: str | None, value: Any) -> Any:
    if column is None:
        return value
    prepared = prepare_written(column, value)
    if prepared is KEEP:
        raise MalformedRequest(_STAND_IN_FOR_NEW_ROW)
    return prepared
