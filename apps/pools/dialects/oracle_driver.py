"""Oracle through python-oracledb in its thin mode: statements, values, refusals."""

import re
from collections.abc import Hashable, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from typing import Any

import oracledb
import orjson
from django.conf import settings

from apps.pools.connection_pool import BoundedConnections
from apps.pools.dialects import failures, placeholders, values
from apps.pools.dialects.driver import Connections, Driver
from apps.pools.dialects.oracle_failures import connect_failure, is_lost, is_refused_time, statement_failure
from apps.pools.dialects.times import RefusedTimes
from apps.pools.statement import Column, Kind, ResultSet, Statement
from liberty.errors import LibertyError

Connection = Any

_SESSION = (
    "ALTER SESSION SET NLS_TERRITORY = 'AMERICA'",
    "ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS'"
    " NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF' NLS_NUMERIC_CHARACTERS = '.,' TIME_ZONE = 'UTC'",
)
_KINDS: dict[Any, Kind] = {
    oracledb.DB_TYPE_BINARY_DOUBLE: Kind.FLOAT,
    oracledb.DB_TYPE_BINARY_FLOAT: Kind.FLOAT,
    oracledb.DB_TYPE_BOOLEAN: Kind.BOOLEAN,
    oracledb.DB_TYPE_VARCHAR: Kind.TEXT,
    oracledb.DB_TYPE_NVARCHAR: Kind.TEXT,
    oracledb.DB_TYPE_CHAR: Kind.TEXT,
    oracledb.DB_TYPE_NCHAR: Kind.TEXT,
    oracledb.DB_TYPE_CLOB: Kind.TEXT,
    oracledb.DB_TYPE_NCLOB: Kind.TEXT,
    oracledb.DB_TYPE_LONG: Kind.TEXT,
    oracledb.DB_TYPE_DATE: Kind.DATETIME,
    oracledb.DB_TYPE_TIMESTAMP: Kind.DATETIME,
    oracledb.DB_TYPE_TIMESTAMP_TZ: Kind.DATETIME,
    oracledb.DB_TYPE_TIMESTAMP_LTZ: Kind.DATETIME,
    oracledb.DB_TYPE_INTERVAL_DS: Kind.INTERVAL,
    oracledb.DB_TYPE_INTERVAL_YM: Kind.INTERVAL,
    oracledb.DB_TYPE_RAW: Kind.BYTES,
    oracledb.DB_TYPE_LONG_RAW: Kind.BYTES,
    oracledb.DB_TYPE_BLOB: Kind.BYTES,
    oracledb.DB_TYPE_JSON: Kind.JSON,
}
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


class OracleDriver(Driver):
    """Runs statements on oracledb connections; there is no autocommit, so each read ends its transaction."""

    errors = (oracledb.Error, ValueError)

    max_parameters = 65_535

    def __init__(self, alias: str, *, max_size: int) -> None:
        super().__init__(alias)
        self._max_size = max_size
        self._refused_times = RefusedTimes(time_or_text)

    def connections(self, alias: str, *, reading: bool) -> Connections:
        writers = max(1, self._max_size // 4)
        most = max(1, self._max_size - writers) if reading else writers
        return BoundedConnections(alias, self, reading=reading, max_size=most)

    def run(self, connection: Connection, statement: Statement, max_rows: int | None = None) -> ResultSet:
        with closing(connection.cursor()) as cursor:
            cursor.execute(placeholders.colon_style(statement.sql), bound(statement))
            if cursor.description is None:
                return ResultSet((), (), max(cursor.rowcount, 0))
            columns = tuple(Column(info.name, kind_of(info)) for info in cursor.description)
            rows = cursor.fetchall() if max_rows is None else cursor.fetchmany(max_rows) if max_rows else []
        return ResultSet(columns, json_ready(rows), len(rows))

    def read(self, connection: Connection, statement: Statement, max_rows: int) -> ResultSet:
        self.begin(connection, read_only=True)
        try:
            return self.run(connection, statement, max_rows)
        finally:
            self.rollback(connection)

    def begin(self, connection: Connection, *, read_only: bool) -> None:
        if read_only:
            with closing(connection.cursor()) as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        else:
            # Nothing opens a transaction but its first statement: see whether the connection still lives.
            connection.ping()

    def commit(self, connection: Connection) -> None:
        connection.commit()

    def rollback(self, connection: Connection) -> None:
        connection.rollback()

    def reset(self, connection: Connection) -> None:
        self.discard(connection)

    def prepare(self, connection: Connection, *, reading: bool) -> None:
        connection.call_timeout = int(settings.LIBERTY_STATEMENT_TIMEOUT_S * 1000)
        connection.outputtypehandler = _output_type
        with closing(connection.cursor()) as cursor:
            for setting in _SESSION:
                cursor.execute(setting)

    def is_open(self, connection: Connection) -> bool:
        return bool(connection.is_healthy())

    def discard(self, connection: Connection) -> None:
        with suppress(oracledb.Error):
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
        return is_refused_time(exc) and self._refused_times.learn(statement, tried)

    def forget(self, statement: Statement) -> None:
        self._refused_times.forget(statement)


def kind_of(info: Any) -> Kind:
    """Return what a column holds, from the driver's description of it."""
    if info.type_code is oracledb.DB_TYPE_NUMBER:
        if info.scale != 0 or not info.precision:
            return Kind.DECIMAL
        return Kind.INTEGER if info.precision <= 9 else Kind.BIGINT if info.precision <= 18 else Kind.DECIMAL
    return _KINDS.get(info.type_code, Kind.OTHER)


def number(text: str) -> Any:
    """Return Oracle's digits, which leave out the zero before the point, as a JSON number."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return values.number(f"{sign}0{digits}" if digits.startswith(".") else text)


def interval(value: timedelta) -> str:
    """Return a length of time as ISO 8601, in days and smaller."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    return f"{sign}P{value.days}DT{hours}H{minutes}M{seconds}{fraction}S"


def time_or_text(text: str) -> datetime | str:
    """Return ISO text as a time, in UTC if it has an offset; other text as it is."""
    if not _ISO_TIME.fullmatch(text):
        return text
    try:
        return datetime.fromisoformat(values.plain_datetime(text))
    except ValueError:
        return text


def json_ready(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return rows with values that JSON has no form for as text."""
    return [tuple(_value(value) for value in row) for row in rows]


def bound(statement: Statement) -> dict[str, Any]:
    """Return the values as the driver takes them: structures as JSON text, truths as 1 and 0."""
    return {name: _parameter(value) for name, value in statement.params.items()}


def _output_type(cursor: Any, info: Any) -> Any:
    """Fetch numbers as their digits, and large objects as what they hold."""
    if info.type_code is oracledb.DB_TYPE_NUMBER:
        return cursor.var(str, 255, arraysize=cursor.arraysize, outconverter=number)
    if info.type_code in {oracledb.DB_TYPE_CLOB, oracledb.DB_TYPE_NCLOB}:
        return cursor.var(oracledb.DB_TYPE_LONG, arraysize=cursor.arraysize)
    if info.type_code is oracledb.DB_TYPE_BLOB:
        return cursor.var(oracledb.DB_TYPE_LONG_RAW, arraysize=cursor.arraysize)
    return None


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return interval(value)
    if isinstance(value, oracledb.IntervalYM):
        return f"P{value.years}Y{value.months}M"
    if isinstance(value, bytes):
        return values.base64_text(value)
    if isinstance(value, float):
        return values.floating(value)
    if isinstance(value, dict | list):
        return orjson.Fragment(values.json_text(value))
    return value if value is None or isinstance(value, str | int | orjson.Fragment) else str(value)


def _parameter(value: Any) -> Any:
    if isinstance(value, dict | list):
        return values.json_text(value)
    if isinstance(value, bool):
        return int(value)
    return value
