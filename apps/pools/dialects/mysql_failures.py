"""Refusals of MySQL and MariaDB as kinds of failure, by error number."""

import re

import pymysql
from pymysql.constants import ER

from apps.pools.dialects.failures import (
    Outage,
    Reason,
    WrongValue,
    quoted_parameter,
    refused,
    unavailable,
    unencodable,
    value_or_statement,
    wrong_value,
)
from apps.pools.statement import Statement
from liberty.errors import LibertyError, PoolNotOpened

# https://mariadb.com/kb/en/mariadb-error-codes/
_REASONS: dict[int, Reason] = {
    ER.DUP_ENTRY: Reason.UNIQUE,
    ER.DUP_KEY: Reason.UNIQUE,
    1586: Reason.UNIQUE,
    ER.NO_REFERENCED_ROW: Reason.FOREIGN_KEY,
    ER.NO_REFERENCED_ROW_2: Reason.FOREIGN_KEY,
    ER.ROW_IS_REFERENCED: Reason.FOREIGN_KEY,
    ER.ROW_IS_REFERENCED_2: Reason.FOREIGN_KEY,
    ER.BAD_NULL_ERROR: Reason.NOT_NULL,
    ER.NO_DEFAULT_FOR_FIELD: Reason.NOT_NULL,
    3819: Reason.CHECK,
    4025: Reason.CHECK,
    ER.DATA_TOO_LONG: Reason.TOO_LONG,
    1365: Reason.DIVISION_BY_ZERO,
    ER.NO_SUCH_TABLE: Reason.UNKNOWN_TABLE,
    ER.BAD_TABLE_ERROR: Reason.UNKNOWN_TABLE,
    ER.BAD_FIELD_ERROR: Reason.UNKNOWN_COLUMN,
    ER.SP_DOES_NOT_EXIST: Reason.UNKNOWN_FUNCTION,
    ER.BAD_DB_ERROR: Reason.UNKNOWN_SCHEMA,
    ER.NON_UNIQ_ERROR: Reason.AMBIGUOUS,
    ER.DUP_FIELDNAME: Reason.AMBIGUOUS,
    ER.PARSE_ERROR: Reason.SYNTAX,
    ER.TABLEACCESS_DENIED_ERROR: Reason.PERMISSION,
    ER.COLUMNACCESS_DENIED_ERROR: Reason.PERMISSION,
    ER.DBACCESS_DENIED_ERROR: Reason.PERMISSION,
    ER.SPECIFIC_ACCESS_DENIED_ERROR: Reason.PERMISSION,
    1792: Reason.READ_ONLY,
    1290: Reason.READ_ONLY,
    1644: Reason.RAISED,
    ER.NOT_SUPPORTED_YET: Reason.UNSUPPORTED,
}
_OUTAGES: dict[int, Outage] = {
    1969: Outage.TIMEOUT,
    3024: Outage.TIMEOUT,
    ER.QUERY_INTERRUPTED: Outage.TIMEOUT,
    ER.LOCK_WAIT_TIMEOUT: Outage.LOCKED,
    ER.LOCK_DEADLOCK: Outage.LOCKED,
    ER.CON_COUNT_ERROR: Outage.FULL,
    ER.TOO_MANY_USER_CONNECTIONS: Outage.FULL,
    1226: Outage.FULL,
    ER.SERVER_SHUTDOWN: Outage.DOWN,
}
INCORRECT_VALUE = 1292
_WRONG_VALUES: dict[int, WrongValue] = {
    INCORRECT_VALUE: WrongValue.TYPE,
    ER.TRUNCATED_WRONG_VALUE_FOR_FIELD: WrongValue.TYPE,
    ER.WARN_DATA_TRUNCATED: WrongValue.TYPE,
    4079: WrongValue.TYPE,
    3140: WrongValue.TYPE,
    ER.WARN_DATA_OUT_OF_RANGE: WrongValue.RANGE,
    1690: WrongValue.RANGE,
}
_COLUMN = re.compile(r"for column '(?:[^']*\.)?([^'.]+)'")
_CREDENTIALS = frozenset({ER.ACCESS_DENIED_ERROR, 1698, ER.HOST_NOT_PRIVILEGED, 1862, 3118})

# Server gone, connection lost, can't connect; the client's own numbers, and a killed connection.
_LOST = frozenset({0, 2002, 2003, 2006, 2013, 2055, 1927, 1053})


def is_lost(exc: BaseException) -> bool:
    """Tell whether the connection broke; a limit on the network's answer is no break."""
    if isinstance(exc, pymysql.InterfaceError):
        return True
    return isinstance(exc, pymysql.OperationalError) and _number(exc) in _LOST and not _is_timeout(exc)


def is_refused_time(exc: Exception) -> bool:
    """Tell whether a date or time was refused as incorrect."""
    return isinstance(exc, pymysql.Error) and _number(exc) == INCORRECT_VALUE


def statement_failure(exc: Exception, statement: Statement) -> LibertyError:
    """Return what a driver's exception on `statement` means."""
    if not isinstance(exc, pymysql.Error):
        name = unencodable(statement)
        return wrong_value(statement, name, WrongValue.TEXT if name else WrongValue.TYPE)
    number = _number(exc)
    if _is_timeout(exc):
        return unavailable(Outage.TIMEOUT)
    if outage := _OUTAGES.get(number):
        return unavailable(outage)
    if number in _LOST:
        return unavailable(Outage.DOWN)
    if wrong := _WRONG_VALUES.get(number):
        return _value_failure(statement, str(exc.args[-1]), number, wrong)
    return refused(_REASONS.get(number, Reason.UNKNOWN), statement)


def connect_failure(alias: str, exc: Exception) -> LibertyError:
    """Return why a connection could not be made, in words that tell nothing about the server."""
    cause = exc.__cause__ if isinstance(exc.__cause__, pymysql.Error) else exc
    number = _number(cause)
    if number in _CREDENTIALS:
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: the database refuses its user or password")
    if number in {ER.BAD_DB_ERROR, ER.DBACCESS_DENIED_ERROR}:
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: its database is not there for this user")
    return unavailable(_OUTAGES.get(number, Outage.DOWN))


def _value_failure(statement: Statement, message: str, number: int, wrong: WrongValue) -> LibertyError:
    if name := quoted_parameter(statement, message):
        return wrong_value(statement, name, wrong)
    if number == ER.WARN_DATA_TRUNCATED and statement.params:
        # Only the column is told; a parameter that goes into it mostly has its name.
        return wrong_value(statement, _called_like_column(statement, message), wrong)
    return value_or_statement(statement, None, wrong)


def _called_like_column(statement: Statement, message: str) -> str | None:
    found = _COLUMN.search(message)
    column = found[1].lower() if found else None
    return next(
        (name for name in statement.params if statement.labels.get(name, name).lower() == column), None
    )


def _number(exc: BaseException) -> int:
    return exc.args[0] if exc.args and isinstance(exc.args[0], int) else -1


def _is_timeout(exc: BaseException) -> bool:
    return _number(exc) == 2013 and "timed out" in str(exc)
