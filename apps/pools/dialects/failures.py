"""Refusals of databases in plain words, the same for every product."""

import logging
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from apps.pools.dialects.values import json_text
from apps.pools.statement import Statement
from liberty.errors import LibertyError, MalformedRequest, StatementFailed, Unavailable
from liberty.text import is_sendable

logger = logging.getLogger("liberty.pools")


class Reason(StrEnum):
    """Why a database refuses a statement."""

    UNIQUE = "a row with this key exists already (unique constraint)"
    FOREIGN_KEY = "a row that it refers to is missing, or other rows refer to it (foreign key constraint)"
    NOT_NULL = "a column that needs a value got none (not null constraint)"
    CHECK = "a value breaks a rule of the table (check constraint)"
    CONSTRAINT = "it breaks a constraint of the table"
    TOO_LONG = "a text is longer than its column allows"
    BAD_VALUE = "a value does not fit its type"
    DIVISION_BY_ZERO = "it divides by zero"
    UNKNOWN_TABLE = "it names a table or view that does not exist"
    UNKNOWN_COLUMN = "it names a column that does not exist"
    UNKNOWN_FUNCTION = "it uses a function, an operator or types that the database does not know together"
    UNKNOWN_SCHEMA = "it names a schema or database that does not exist"
    AMBIGUOUS = "a column name in it has more than one meaning"
    SYNTAX = "its SQL is not valid for this database"
    PERMISSION = "the database user of the pool is not allowed to do this"
    READ_ONLY = "it would change data, and a read may not"
    UNSUPPORTED = "the database does not support it"
    RAISED = "the database's own code raised an error"
    UNKNOWN = "the reason is in the server's log"


class Outage(StrEnum):
    """Why a database cannot answer now."""

    TIMEOUT = "the statement ran longer than allowed"
    LOCKED = "another transaction holds the rows; try again"
    BUSY = "no connection of the pool became free in time"
    FULL = "the database accepts no more connections"
    DOWN = "the database does not answer"
    LOST = "the connection broke while a write was under way; it may or may not have been done"


class WrongValue(StrEnum):
    """What a caller is told about a value that the database cannot take."""

    TYPE = "the value does not fit the column's type"
    RANGE = "the number is out of the column's range"
    TEXT = "the text holds a character that the database cannot store"


def refused(reason: Reason, statement: Statement) -> StatementFailed:
    """Return the failure of a statement that the database refuses."""
    return StatementFailed(f"the database refused the statement: {reason}", sql=statement.sql)


def unavailable(reason: Outage) -> Unavailable:
    """Return the failure of a database that cannot answer now."""
    return Unavailable(f"the database is not available: {reason}")


def wrong_value(statement: Statement, name: str | None, what: WrongValue) -> MalformedRequest:
    """Return the failure of a value, naming its parameter where that is known."""
    if name is None:
        return MalformedRequest(f"a parameter is wrong: {what}")
    return MalformedRequest(f"parameter `{statement.labels.get(name, name)}`: {what}")


def too_many_values(most: int) -> MalformedRequest:
    """Return the failure of a statement with more values than the database takes at once."""
    return MalformedRequest(f"too many values for one statement: the database takes {most} at most")


def value_or_statement(statement: Statement, name: str | None, what: WrongValue) -> LibertyError:
    """Return the failure of a value: the caller's if it is known to be a parameter, else the statement's.

    Databases do not repeat the number that is out of range; where the caller gave numbers, it is one of them.
    """
    if name is None and not (what is WrongValue.RANGE and _numbers(statement)):
        return refused(Reason.BAD_VALUE, statement)
    return wrong_value(statement, name, what)


def quoted_parameter(statement: Statement, message: str) -> str | None:
    """Return the name of the parameter whose text a driver's message quotes, the longest text first."""
    found = [name for name, text in _texts(statement) if f'"{text}"' in message or f"'{text}'" in message]
    return found[0] if found else None


def unencodable(statement: Statement) -> str | None:
    """Return the name of the first parameter with text that cannot be sent: NUL or a lone surrogate."""
    for name, value in statement.params.items():
        if not all(is_sendable(text) for text in _strings(value)):
            return name
    return None


def out_of_range(statement: Statement, *, bits: int = 64) -> str | None:
    """Return the name of the first parameter that is an integer of more than `bits` bits."""
    limit = 1 << (bits - 1)
    for name, value in statement.params.items():
        if isinstance(value, int) and not -limit <= value < limit:
            return name
    return None


def note(alias: str, statement: Statement, exc: BaseException) -> None:
    """Log what the driver said; callers never see it. Values of parameters are left out."""
    logger.warning("pool %s: %s: %s\n%s", alias, type(exc).__name__, exc, statement.sql)


def _numbers(statement: Statement) -> list[str]:
    return [name for name, text in _texts(statement) if text.lstrip("-").replace(".", "", 1).isdecimal()]


def _texts(statement: Statement) -> list[tuple[str, str]]:
    texts = [
        (name, json_text(value) if isinstance(value, dict | list) else str(value))
        for name, value in statement.params.items()
        if value is not None
    ]
    return sorted(texts, key=lambda item: -len(item[1]))


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(name)
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
