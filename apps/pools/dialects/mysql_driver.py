"""MySQL and MariaDB through PyMySQL: statements, values, refusals."""

import re
from collections.abc import Callable, Hashable, Sequence
from contextlib import closing, suppress
from math import isfinite
from typing import Any

import pymysql
from django.conf import settings
from pymysql.constants import FIELD_TYPE, FLAG
from pymysql.converters import encoders

from apps.pools.connection_pool import BoundedConnections
from apps.pools.dialects import failures, values
from apps.pools.dialects.driver import SECRET_TABLES, Connections, Driver
from apps.pools.dialects.mysql_failures import (
    INCORRECT_VALUE,
    connect_failure,
    is_lost,
    is_refused_time,
    statement_failure,
)
from apps.pools.dialects.times import RefusedTimes
from apps.pools.statement import Column, Kind, ResultSet, Statement
from liberty.errors import LibertyError

# PyMySQL tells no types of these.
Connection = Any
Field = Any  # what the server says of a column: name, org_table, type_code, flags, charsetnr

_BINARY_CHARSET = 63
_KINDS: dict[int, Kind] = {
    FIELD_TYPE.TINY: Kind.INTEGER,
    FIELD_TYPE.SHORT: Kind.INTEGER,
    FIELD_TYPE.INT24: Kind.INTEGER,
    FIELD_TYPE.LONG: Kind.INTEGER,
    FIELD_TYPE.YEAR: Kind.INTEGER,
    FIELD_TYPE.LONGLONG: Kind.BIGINT,
    FIELD_TYPE.BIT: Kind.BIGINT,
    FIELD_TYPE.DECIMAL: Kind.DECIMAL,
    FIELD_TYPE.NEWDECIMAL: Kind.DECIMAL,
    FIELD_TYPE.FLOAT: Kind.FLOAT,
    FIELD_TYPE.DOUBLE: Kind.FLOAT,
    FIELD_TYPE.DATE: Kind.DATE,
    FIELD_TYPE.NEWDATE: Kind.DATE,
    FIELD_TYPE.DATETIME: Kind.DATETIME,
    FIELD_TYPE.TIMESTAMP: Kind.DATETIME,
    FIELD_TYPE.TIME: Kind.TIME,
    FIELD_TYPE.JSON: Kind.JSON,
    FIELD_TYPE.STRING: Kind.TEXT,
    FIELD_TYPE.VAR_STRING: Kind.TEXT,
    FIELD_TYPE.VARCHAR: Kind.TEXT,
    FIELD_TYPE.ENUM: Kind.TEXT,
    FIELD_TYPE.SET: Kind.TEXT,
    FIELD_TYPE.BLOB: Kind.TEXT,
    FIELD_TYPE.TINY_BLOB: Kind.TEXT,
    FIELD_TYPE.MEDIUM_BLOB: Kind.TEXT,
    FIELD_TYPE.LONG_BLOB: Kind.TEXT,
}
_DECODERS: dict[int, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            FIELD_TYPE.TINY,
            FIELD_TYPE.SHORT,
            FIELD_TYPE.INT24,
            FIELD_TYPE.LONG,
            FIELD_TYPE.LONGLONG,
            FIELD_TYPE.YEAR,
        ),
        int,
    ),
    FIELD_TYPE.FLOAT: float,
    FIELD_TYPE.DOUBLE: float,
    FIELD_TYPE.DECIMAL: values.number,
    FIELD_TYPE.NEWDECIMAL: values.number,
    FIELD_TYPE.DATETIME: values.local_datetime,
    FIELD_TYPE.TIMESTAMP: lambda text: values.utc_datetime(f"{text}+00"),
    FIELD_TYPE.TIME: values.time_or_interval,
    FIELD_TYPE.BIT: lambda data: int.from_bytes(data, "big"),
    FIELD_TYPE.JSON: values.json_or_text,
}
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


class MysqlDriver(Driver):
    """Runs statements on PyMySQL connections in autocommit. Values are put into the text by the driver."""

    errors = (pymysql.Error, ValueError)

    def __init__(self, alias: str, *, max_size: int) -> None:
        super().__init__(alias)
        self._max_size = max_size
        self._refused_times = RefusedTimes(values.plain_datetime)

    def connections(self, alias: str, *, reading: bool) -> Connections:
        writers = max(1, self._max_size // 4)
        return BoundedConnections(
            alias, self, reading=reading, max_size=max(1, self._max_size - writers) if reading else writers
        )

    def run(self, connection: Connection, statement: Statement, max_rows: int | None = None) -> ResultSet:
        params = {name: _parameter(value) for name, value in statement.params.items()}
        with closing(connection.cursor()) as cursor:
            cursor.execute(statement.sql, params)
            if cursor._result.warning_count:
                _refuse_cut_values(connection, statement)
            if cursor.description is None:
                return ResultSet((), (), max(cursor.rowcount, 0))
            fields = cursor._result.fields
            rows = cursor.fetchall() if max_rows is None else cursor.fetchmany(max_rows) if max_rows else ()
        columns = tuple(_column(field, index, statement) for index, field in enumerate(fields))
        return ResultSet(columns, _with_base64(fields, rows), len(rows))

    def begin(self, connection: Connection, *, read_only: bool) -> None:
        connection.query("START TRANSACTION READ ONLY" if read_only else "START TRANSACTION READ WRITE")

    def commit(self, connection: Connection) -> None:
        connection.commit()

    def rollback(self, connection: Connection) -> None:
        connection.rollback()

    def reset(self, connection: Connection) -> None:
        self.discard(connection)

    def prepare(self, connection: Connection, *, reading: bool) -> None:
        connection.encoders = dict(encoders)
        connection.decoders = dict(_DECODERS)
        connection.autocommit(True)
        for setting in _session(connection.get_server_info(), reading=reading):
            connection.query(setting)

    def is_open(self, connection: Connection) -> bool:
        return bool(connection.open)

    def discard(self, connection: Connection) -> None:
        with suppress(pymysql.Error, OSError):
            connection.close()

    def is_lost(self, exc: BaseException) -> bool:
        return is_lost(exc)

    def failure(self, exc: Exception, statement: Statement) -> LibertyError:
        failures.note(self.alias, statement, exc)
        return statement_failure(exc, statement)

    def connect_failure(self, exc: Exception) -> LibertyError:
        return connect_failure(self.alias, exc)

    def form_of(self, statement: Statement) -> Statement:
        return self._refused_times.of(statement)

    def known_form(self, statement: Statement) -> bool:
        return self._refused_times.known(statement)

    def learn(self, exc: Exception, statement: Statement, tried: Hashable) -> bool:
        # MySQL before 8.0.19 and MariaDB take no `Z` and no offset.
        return is_refused_time(exc) and self._refused_times.learn(statement, tried)

    def forget(self, statement: Statement) -> None:
        self._refused_times.forget(statement)


def _session(server: str, *, reading: bool) -> list[str]:
    """Return what makes values, strictness and limits the same on every server."""
    timeout_s = settings.LIBERTY_STATEMENT_TIMEOUT_S
    is_mariadb = "mariadb" in server.lower()
    limit = (
        f"max_statement_time = {timeout_s}" if is_mariadb else f"max_execution_time = {int(timeout_s * 1000)}"
    )
    session = [
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET SESSION time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'),"
        f" innodb_lock_wait_timeout = {max(1, int(timeout_s))}, {limit}",
    ]
    return [*session, "SET SESSION TRANSACTION READ ONLY"] if reading else session


def _column(field: Field, index: int, statement: Statement) -> Column:
    kind = Kind.BYTES if _is_bytes(field) else _KINDS.get(field.type_code, Kind.OTHER)
    if field.type_code in {FIELD_TYPE.LONG, FIELD_TYPE.INT24} and field.flags & FLAG.UNSIGNED:
        kind = Kind.BIGINT
    origin = (field.org_table.lower(), field.org_name.lower())
    return Column(
        _stable_name(field.name, index, statement), kind, origin if origin[0] in SECRET_TABLES else None
    )


def _is_bytes(field: Field) -> bool:
    return field.charsetnr == _BINARY_CHARSET and _KINDS.get(field.type_code, Kind.TEXT) is Kind.TEXT


def _stable_name(name: str, index: int, statement: Statement) -> str:
    """Return the column's name, or `columnN` for an unnamed expression with a value in it.

    Such a column is named after its SQL, in which the driver has written the value.
    """
    if _PLAIN_NAME.fullmatch(name) or name in statement.sql.replace("%%", "%"):
        return name
    shows_value = any(value is not None and str(value) in name for value in statement.params.values())
    return f"column{index + 1}" if shows_value else name


def _refuse_cut_values(connection: Connection, statement: Statement) -> None:
    """Raise DataError for a text that was cut to the number, or the time, that it begins with.

    MySQL compares `id = '1; drop'` as `id = 1` and warns; other products refuse the value.
    """
    for level, number, message in connection.show_warnings():
        if level == "Warning" and number == INCORRECT_VALUE and failures.quoted_parameter(statement, message):
            raise pymysql.DataError(number, message)


def _with_base64(fields: Sequence[Field], rows: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    if not any(_is_bytes(field) for field in fields):
        return rows
    return [
        tuple(values.base64_text(value) if isinstance(value, bytes) else value for value in row)
        for row in rows
    ]


def _parameter(value: Any) -> Any:
    if isinstance(value, dict | list):
        return values.json_text(value)
    if isinstance(value, str):
        # PyMySQL would raise only when the whole statement is encoded.
        value.encode()
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("MySQL knows no such number")
    return value
