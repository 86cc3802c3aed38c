"""PostgreSQL's refusals as kinds of failure, by SQLSTATE."""

import re

import psycopg

from apps.pools.dialects.failures import (
    Outage,
    Reason,
    WrongValue,
    out_of_range,
    quoted_parameter,
    refused,
    unavailable,
    unencodable,
    value_or_statement,
    wrong_value,
)
from apps.pools.dialects.postgresql_forms import Forms
from apps.pools.statement import Statement
from liberty.errors import LibertyError, PoolNotOpened

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_REASONS: dict[str, Reason] = {
    "23505": Reason.UNIQUE,
    "23503": Reason.FOREIGN_KEY,
    "23001": Reason.FOREIGN_KEY,
    "23502": Reason.NOT_NULL,
    "23514": Reason.CHECK,
    "23P01": Reason.CONSTRAINT,
    "22001": Reason.TOO_LONG,
    "22012": Reason.DIVISION_BY_ZERO,
    "42P01": Reason.UNKNOWN_TABLE,
    "42703": Reason.UNKNOWN_COLUMN,
    "42883": Reason.UNKNOWN_FUNCTION,
    "42704": Reason.UNKNOWN_TABLE,
    "3F000": Reason.UNKNOWN_SCHEMA,
    "3D000": Reason.UNKNOWN_SCHEMA,
    "42702": Reason.AMBIGUOUS,
    "42725": Reason.AMBIGUOUS,
    "42501": Reason.PERMISSION,
    "25006": Reason.READ_ONLY,
    "P0001": Reason.RAISED,
}
_CLASSES: dict[str, Reason] = {
    "0A": Reason.UNSUPPORTED,
    "22": Reason.BAD_VALUE,
    "23": Reason.CONSTRAINT,
    "28": Reason.PERMISSION,
    "42": Reason.SYNTAX,
    "P0": Reason.RAISED,
}
_OUTAGES: dict[str, Outage] = {
    "57014": Outage.TIMEOUT,
    "25P03": Outage.TIMEOUT,
    "55P03": Outage.LOCKED,
    "40001": Outage.LOCKED,
    "40P01": Outage.LOCKED,
    "53300": Outage.FULL,
    "57P03": Outage.DOWN,
}
_OUTAGE_CLASSES: dict[str, Outage] = {
    "08": Outage.DOWN,
    "53": Outage.FULL,
    "57": Outage.DOWN,
    "58": Outage.DOWN,
}
_WRONG_VALUES: dict[str, WrongValue] = {
    "22P02": WrongValue.TYPE,
    "22P03": WrongValue.TYPE,
    "22007": WrongValue.TYPE,
    "22008": WrongValue.TYPE,
    "22009": WrongValue.TYPE,
    "22003": WrongValue.RANGE,
    "22021": WrongValue.TEXT,
}
_OUT_OF_RANGE = "22003"

# A refused connection has no SQLSTATE in libpq, only the server's sentence.
_CREDENTIALS = re.compile(
    r"authentication failed|role \"|pg_hba\.conf|no password supplied|permission denied"
)
_NO_DATABASE = re.compile(r'database ".*" does not exist')
_NOT_NOW = re.compile(r"too many|starting up|shutting down|recovery|remaining connection slots")


def statement_failure(exc: Exception, statement: Statement, forms: Forms) -> LibertyError:
    """Return what a driver's exception on `statement` means."""
    if not isinstance(exc, psycopg.Error) or (isinstance(exc, psycopg.DataError) and exc.sqlstate is None):
        return _value_of_driver(statement)
    state = exc.sqlstate
    if state is None:
        return unavailable(Outage.DOWN)
    if outage := _OUTAGES.get(state) or _OUTAGE_CLASSES.get(state[:2]):
        return unavailable(outage)
    if wrong := _WRONG_VALUES.get(state):
        return _value_failure(exc, statement, wrong, forms)
    return refused(_REASONS.get(state) or _CLASSES.get(state[:2], Reason.UNKNOWN), statement)


def connect_failure(alias: str, exc: psycopg.Error) -> LibertyError:
    """Return why a connection could not be made, in words that tell nothing about the server."""
    text = str(exc)
    if _CREDENTIALS.search(text):
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: the database refuses its user or password")
    if _NO_DATABASE.search(text):
        return PoolNotOpened(f"Pool `{alias}` cannot be opened: its database does not exist on the server")
    if _NOT_NOW.search(text):
        return unavailable(Outage.FULL)
    return unavailable(Outage.DOWN)


def _value_failure(exc: psycopg.Error, statement: Statement, what: WrongValue, forms: Forms) -> LibertyError:
    name = forms.parameter(exc, statement) or quoted_parameter(statement, exc.diag.message_primary or "")
    if name is None and exc.sqlstate == _OUT_OF_RANGE:
        name = out_of_range(statement, bits=32)
    return value_or_statement(statement, name, what)


def _value_of_driver(statement: Statement) -> LibertyError:
    """The driver itself could not send a value: NUL or a lone surrogate in a text, or an odd type."""
    name = unencodable(statement)
    return wrong_value(statement, name, WrongValue.TEXT if name else WrongValue.TYPE)
