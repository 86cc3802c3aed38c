"""Oracle's refusals as kinds of failure, by error number."""

from typing import Any

import oracledb

from apps.pools.dialects.failures import (
    Outage,
    Reason,
    WrongValue,
    refused,
    unavailable,
    unencodable,
    value_or_statement,
    wrong_value,
)
from apps.pools.statement import Statement
from liberty.errors import LibertyError, PoolNotOpened

# https://docs.oracle.com/en/error-help/db/
_REASONS: dict[int, Reason] = {
    1: Reason.UNIQUE,
    2291: Reason.FOREIGN_KEY,
    2292: Reason.FOREIGN_KEY,
    1400: Reason.NOT_NULL,
    1407: Reason.NOT_NULL,
    2290: Reason.CHECK,
    12899: Reason.TOO_LONG,
    1476: Reason.DIVISION_BY_ZERO,
    942: Reason.UNKNOWN_TABLE,
    904: Reason.UNKNOWN_COLUMN,
    918: Reason.AMBIGUOUS,
    1031: Reason.PERMISSION,
    1456: Reason.READ_ONLY,
    900: Reason.SYNTAX,
    906: Reason.SYNTAX,
    907: Reason.SYNTAX,
    923: Reason.SYNTAX,
    933: Reason.SYNTAX,
    936: Reason.SYNTAX,
}
_OUTAGES: dict[int, Outage] = {
    54: Outage.LOCKED,
    60: Outage.LOCKED,
    8177: Outage.LOCKED,
    1013: Outage.TIMEOUT,
    18: Outage.FULL,
    20: Outage.FULL,
    12516: Outage.FULL,
    12519: Outage.FULL,
    12520: Outage.FULL,
    1033: Outage.DOWN,
    1034: Outage.DOWN,
    1089: Outage.DOWN,
}
_INCORRECT_TIMES = frozenset({1830, 1843, 1847, 1858, 1861})
_WRONG_VALUES: dict[int, WrongValue] = {
    1722: WrongValue.TYPE,
    **dict.fromkeys(_INCORRECT_TIMES, WrongValue.TYPE),
    1438: WrongValue.RANGE,
    1426: WrongValue.RANGE,
}
_RAISED = range(20000, 21000)
_CREDENTIALS = frozenset({1017, 28000, 28001, 1045})
_NO_SERVICE = frozenset({12514, 12505})
# The driver's own: statement over its call timeout; no listener, or one that does not answer.
_CALL_TIMEOUT = "DPY-4024"
_LOST = frozenset({"DPY-4011", "DPY-1001", "DPY-6005", "ORA-03113", "ORA-03114", "ORA-00028", "ORA-02396"})


def is_lost(exc: BaseException) -> bool:
    """Tell whether the connection broke."""
    return isinstance(exc, oracledb.Error) and _error(exc).full_code in _LOST


def is_refused_time(exc: Exception) -> bool:
    """Tell whether a date or time was refused as incorrect."""
    return isinstance(exc, oracledb.Error) and _error(exc).code in _INCORRECT_TIMES


def statement_failure(exc: Exception, statement: Statement) -> LibertyError:
    """Return what a driver's exception on `statement` means."""
    if not isinstance(exc, oracledb.Error):
        name = unencodable(statement)
        return wrong_value(statement, name, WrongValue.TEXT if name else WrongValue.TYPE)
    error = _error(exc)
    if error.full_code == _CALL_TIMEOUT:
        return unavailable(Outage.TIMEOUT)
    if error.full_code in _LOST:
        return unavailable(Outage.DOWN)
    number = error.code if error.full_code.startswith("ORA-") else -1
    if outage := _OUTAGES.get(number):
        return unavailable(outage)
    if wrong := _WRONG_VALUES.get(number):
        return value_or_statement(statement, None, wrong)
    if number in _RAISED:
        return refused(Reason.RAISED, statement)
    return refused(_REASONS.get(number, Reason.UNKNOWN), statement)


def connect_failure(alias: str, exc: Exception) -> LibertyError:
    """Return why a connection could not be made, in words that tell nothing about the server."""
    cause = exc if isinstance(exc, oracledb.Error) else exc.__cause__
    if not isinstance(cause, oracledb.Error):
        return unavailable(Outage.DOWN)
    error = _error(cause)
    if error.code in _CREDENTIALS:
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: the database refuses its user or password")
    if error.code in _NO_SERVICE or error.full_code == "DPY-6001":
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: its database does not exist on the server")
    return unavailable(_OUTAGES.get(error.code, Outage.DOWN))


def _error(exc: BaseException) -> Any:
    return exc.args[0]
