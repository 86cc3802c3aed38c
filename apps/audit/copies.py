"""SQL that copies a row, as it is before a change, into the audit table beside its table. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.pools.dialects import Dialect
from apps.pools.statement import Column, Statement
from apps.pools.tables import Table, TableColumn, missing_columns
from liberty.errors import MalformedRequest
from liberty.secrets import STAND_IN, is_secret

PREFIX = "aud$_"
USER = "aud$_user"
DATE = "aud$_date"
# As wide as the columns of framework tables that say who changed a row.
USER_LENGTH = 30


def audit_name(table: Table, dialect: Dialect) -> str:
    """Return the name of the audit table of `table`. Raises MalformedRequest if it would be too long."""
    name = dialect.fold(PREFIX) + table.name
    if dialect.longest_name is not None and len(name.encode()) > dialect.longest_name:
        raise MalformedRequest(f"The name of table `{table.name}` is too long for an audit table beside it.")
    return name


def audit_table(table: Table, tables: Sequence[Table], dialect: Dialect) -> Table | None:
    """Return the audit table of `table` from `tables`, where it has been made."""
    name = audit_name(table, dialect)
    return next((other for other in tables if _is_at(other, table.schema, name, dialect)), None)


def audit_ddl(table: Table, existing: Table | None, dialect: Dialect) -> list[Statement]:
    """Return the statements that make the audit table, or give it the columns that `table` has got since."""
    name = dialect.qualified(table.schema, audit_name(table, dialect))
    columns = [
        *((column.name, column.column_type) for column in table.columns),
        (dialect.fold(USER), f"varchar({USER_LENGTH})"),
        (dialect.fold(DATE), dialect.timestamp_type),
    ]
    if existing is None:
        return [Statement(dialect.create_table(name, _written(columns, dialect)))]
    missing = missing_columns(existing, columns, dialect)
    return [Statement(dialect.add_column(name, *column)) for column in _written(missing, dialect)]


def key_description(table: Table, dialect: Dialect) -> Statement:
    """Return a SELECT of the key's columns, for what they hold. Raises MalformedRequest without a key."""
    if not table.key:
        raise MalformedRequest(f"Table `{table.name}` has no primary key.")
    columns = ", ".join(dialect.quote(column.name) for column in table.key)
    return Statement(f"SELECT {columns} FROM {dialect.qualified(table.schema, table.name)}")  # noqa: S608 - names quoted


def copy_of_row(
    table: Table, key: Sequence[Column], line: Mapping[str, Any], user: str, dialect: Dialect
) -> Statement:
    """Return the statement that copies the row whose key is in `line`, whatever else that holds.

    `key` are the columns of the primary key. Secrets are copied as their stand-in. Raises MalformedRequest
    naming a key column that has no value, or one that it cannot hold.
    """
    conditions, params, labels = _key_condition(key, line, dialect)
    columns = [column.name for column in table.columns] + [dialect.fold(USER), dialect.fold(DATE)]
    values = [_copied(table, column, dialect) for column in table.columns]
    sql = (
        f"INSERT INTO {dialect.qualified(table.schema, audit_name(table, dialect))}"  # noqa: S608 - names quoted
        f" ({', '.join(dialect.quote(name) for name in columns)})"
        f" SELECT {', '.join(values)}, %(audit_user)s, ({dialect.current_time})"
        f" FROM {dialect.qualified(table.schema, table.name)} WHERE {conditions}"
    )
    return Statement(
        sql, {**params, "audit_user": user[:USER_LENGTH]}, labels={**labels, "audit_user": "user"}
    )


def copies_of_row(
    table: Table, key: Sequence[Column], row_key: Mapping[str, Any], dialect: Dialect, limit: int
) -> Statement:
    """Return a SELECT of user and date of the copies of one row, latest first; raises as `copy_of_row`."""
    conditions, params, labels = _key_condition(key, row_key, dialect)
    user, date = (dialect.quote(dialect.fold(name)) for name in (USER, DATE))
    name = dialect.qualified(table.schema, audit_name(table, dialect))
    sql = f"SELECT {user}, {date} FROM {name} WHERE {conditions}"  # noqa: S608 - names quoted
    paged = dialect.page(sql, order_by=[f"{date} DESC"])
    return Statement(paged, {**params, "liberty_limit": limit, "liberty_offset": 0}, labels=labels)


def _key_condition(
    key: Sequence[Column], given: Mapping[str, Any], dialect: Dialect
) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return a condition on the key, its values by parameter, and the columns that these are called by."""
    values = {name.upper(): value for name, value in given.items()}
    params = {f"key_{number}": _key_value(column, values, dialect) for number, column in enumerate(key, 1)}
    conditions = " AND ".join(
        f"{dialect.quote(column.name)} = %({param})s" for column, param in zip(key, params, strict=True)
    )
    return conditions, params, {p: column.name.upper() for column, p in zip(key, params, strict=True)}


def _is_at(table: Table, schema: str, name: str, dialect: Dialect) -> bool:
    if table.schema != schema:
        return False
    return table.name == name or (not dialect.tables_have_case and table.name.lower() == name.lower())


def _written(columns: Sequence[tuple[str, str]], dialect: Dialect) -> list[tuple[str, str]]:
    # The types come from the database; a `%` in one (an enumeration's) must not look like a placeholder.
    return [(dialect.quote(name), column_type.replace("%", "%%")) for name, column_type in columns]


def _copied(table: Table, column: TableColumn, dialect: Dialect) -> str:
    name = dialect.quote(column.name)
    if is_secret(column.name, (table.name, column.name)):
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE '{STAND_IN}' END"
    return name


def _key_value(column: Column, given: Mapping[str, Any], dialect: Dialect) -> Any:
    name = column.name.upper()
    value = given.get(name)
    if value is None:
        raise MalformedRequest(f"Key column `{name}` has no value.")
    if isinstance(value, list | dict):
        raise MalformedRequest(f"Key column `{name}` takes a single value.")
    try:
        return dialect.bind(value, column.kind)
    except ValueError as exc:
        raise MalformedRequest(f"Key column `{name}` ({column.kind}) cannot hold this value.") from exc
