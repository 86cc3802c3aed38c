"""SQLite through the standard library: statements, values, refusals."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.backends.sqlite3._functions import (  # type: ignore[import-untyped]
    register as register_functions,
)

from apps.pools.connection_pool import BoundedConnections
from apps.pools.dialects import failures, placeholders, values
from apps.pools.dialects.driver import Connections, Driver
from apps.pools.dialects.failures import Outage, Reason, WrongValue
from apps.pools.statement import Column, Kind, ResultSet, Statement
from liberty.errors import LibertyError, PoolNotOpened
from liberty.moved import MOVED, moved

# How many instructions of SQLite's virtual machine pass between two looks at the clock.
_INSTRUCTIONS = 20_000

_MOST_NAMES = 500

# A function of our connections: LOWER for the letters of every script.
LOWER_CASE = "liberty_lower"

_REASONS: tuple[tuple[str, Reason], ...] = (
    ("UNIQUE constraint", Reason.UNIQUE),
    ("PRIMARY KEY", Reason.UNIQUE),
    ("FOREIGN KEY constraint", Reason.FOREIGN_KEY),
    ("NOT NULL constraint", Reason.NOT_NULL),
    ("CHECK constraint", Reason.CHECK),
    ("constraint", Reason.CONSTRAINT),
    ("no such table", Reason.UNKNOWN_TABLE),
    ("no such view", Reason.UNKNOWN_TABLE),
    ("no such column", Reason.UNKNOWN_COLUMN),
    ("has no column named", Reason.UNKNOWN_COLUMN),
    ("no such function", Reason.UNKNOWN_FUNCTION),
    ("wrong number of arguments", Reason.UNKNOWN_FUNCTION),
    ("unknown database", Reason.UNKNOWN_SCHEMA),
    ("ambiguous column", Reason.AMBIGUOUS),
    ("readonly", Reason.READ_ONLY),
    ("not authorized", Reason.PERMISSION),
    ("one statement at a time", Reason.SYNTAX),
    ("syntax error", Reason.SYNTAX),
    ("incomplete input", Reason.SYNTAX),
    ("unrecognized token", Reason.SYNTAX),
    ("mismatch", Reason.BAD_VALUE),
    ("integer overflow", Reason.BAD_VALUE),
    ("malformed JSON", Reason.BAD_VALUE),
)

# Declared types in the order of SQLite's own rules (https://www.sqlite.org/datatype3.html#affinity), with the
# names that it does not know but people write first.
_DECLARED: tuple[tuple[str, Kind], ...] = (
    ("DATETIME", Kind.DATETIME),
    ("TIMESTAMP", Kind.DATETIME),
    ("DATE", Kind.DATE),
    ("TIME", Kind.TIME),
    ("BOOL", Kind.BOOLEAN),
    ("JSON", Kind.JSON),
    ("UUID", Kind.UUID),
    ("INT", Kind.BIGINT),
    ("CHAR", Kind.TEXT),
    ("CLOB", Kind.TEXT),
    ("TEXT", Kind.TEXT),
    ("BLOB", Kind.BYTES),
    ("REAL", Kind.FLOAT),
    ("FLOA", Kind.FLOAT),
    ("DOUB", Kind.FLOAT),
    ("NUM", Kind.DECIMAL),
    ("DEC", Kind.DECIMAL),
)
_KIND_OF_TYPE = {int: Kind.BIGINT, float: Kind.FLOAT, str: Kind.TEXT, bytes: Kind.BYTES}
_CONVERTED_KINDS = frozenset({Kind.BOOLEAN, Kind.JSON, Kind.DATETIME})


class SqliteDriver(Driver):
    """Runs statements on sqlite3 connections in autocommit."""

    errors = (sqlite3.Error, OverflowError, UnicodeError, ValueError)
    # The library's own default; some are built to take more.
    max_parameters = 32_766

    def __init__(self, alias: str, *, max_size: int) -> None:
        super().__init__(alias)
        self._max_size = max_size
        self._declared: dict[str, tuple[Kind | None, ...]] = {}

    def connections(self, alias: str, *, reading: bool) -> Connections:
        # SQLite has one writer at a time: a second would only wait for the first inside the library.
        return BoundedConnections(alias, self, reading=reading, max_size=self._max_size if reading else 1)

    def run(
        self, connection: sqlite3.Connection, statement: Statement, max_rows: int | None = None
    ) -> ResultSet:
        changes_before = connection.total_changes
        with closing(connection.cursor()) as cursor, _time_limit(connection):
            cursor.execute(*_in_sqlites_style(statement))
            if cursor.description is None:
                return ResultSet((), (), _affected(cursor, changes_before))
            rows = cursor.fetchall() if max_rows is None else cursor.fetchmany(max_rows) if max_rows else []
            names = [name for name, *_ in cursor.description]
            row_count = max(cursor.rowcount, len(rows)) if max_rows is None else len(rows)
        columns = self._columns(connection, statement, names, rows)
        return ResultSet(columns, _json_ready(columns, rows), row_count)

    def begin(self, connection: sqlite3.Connection, *, read_only: bool) -> None:
        # The lock is taken at once: two writers that read first would otherwise refuse each other later.
        connection.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")

    def commit(self, connection: sqlite3.Connection) -> None:
        connection.commit()

    def rollback(self, connection: sqlite3.Connection) -> None:
        connection.rollback()

    def reset(self, connection: sqlite3.Connection) -> None:
        self.discard(connection)

    def prepare(self, connection: sqlite3.Connection, *, reading: bool) -> None:
        # Transactions are ours to begin.
        connection.isolation_level = None
        # Opening reads nothing: see now whether the file is a database.
        connection.execute("PRAGMA schema_version")
        connection.text_factory = _decoded
        _add_functions(connection)

    def is_open(self, connection: sqlite3.Connection) -> bool:
        try:
            return not connection.in_transaction
        except sqlite3.ProgrammingError:
            return False

    def discard(self, connection: sqlite3.Connection) -> None:
        with suppress(sqlite3.Error):
            connection.close()

    def is_lost(self, exc: BaseException) -> bool:
        return isinstance(exc, sqlite3.ProgrammingError) and "closed database" in str(exc)

    def failure(self, exc: Exception, statement: Statement) -> LibertyError:
        failures.note(self.alias, statement, exc)
        if not isinstance(exc, sqlite3.Error):
            return _value_of_driver(statement)
        text = str(exc)
        if MOVED in text:
            return moved()
        if "interrupted" in text:
            return failures.unavailable(Outage.TIMEOUT)
        if "locked" in text or "busy" in text:
            return failures.unavailable(Outage.LOCKED)
        if "disk I/O" in text or "unable to open" in text or "malformed" in text or "full" in text:
            return failures.unavailable(Outage.DOWN)
        reason = next((reason for words, reason in _REASONS if words in text), Reason.UNKNOWN)
        return failures.refused(reason, statement)

    def connect_failure(self, exc: Exception) -> LibertyError:
        if "locked" in str(exc):
            return failures.unavailable(Outage.LOCKED)
        return PoolNotOpened(
            f"Pool `{self.alias}` cannot be opened: its file is no database that can be read"
        )

    def _columns(
        self, connection: sqlite3.Connection, statement: Statement, names: list[str], rows: Sequence[Any]
    ) -> tuple[Column, ...]:
        declared = self._declared_kinds(connection, statement)
        if len(declared) != len(names):
            declared = (None,) * len(names)
        return tuple(
            Column(_stable_name(name, index, statement), kind or _kind_of_values(rows, index))
            for index, (name, kind) in enumerate(zip(_own_names(names), declared, strict=True))
        )

    def _declared_kinds(
        self, connection: sqlite3.Connection, statement: Statement
    ) -> tuple[Kind | None, ...]:
        """Return what the columns of a statement are declared to hold, as far as they come from tables."""
        known = self._declared.get(statement.sql)
        if known is None:
            known = _describe_by_view(connection, statement.sql)
            if len(statement.sql) > placeholders.LONGEST_REMEMBERED:
                return known
            if len(self._declared) >= 1024:
                self._declared.clear()
            self._declared[statement.sql] = known
        return known


def _affected(cursor: sqlite3.Cursor, changes_before: int) -> int:
    """Return the rows that a write changed; Python counts none for one that begins with WITH."""
    connection = cursor.connection
    if cursor.rowcount >= 0 or connection.total_changes == changes_before:
        return max(cursor.rowcount, 0)
    changes: int = connection.execute("SELECT changes()").fetchone()[0]
    return changes


def _own_names(names: Sequence[str]) -> list[str]:
    """Return names as the stored SQL gives them: in a sub-select SQLite calls a second `n` `n:1`."""
    earlier: set[str] = set()
    own: list[str] = []
    for name in names:
        base, _, digits = name.rpartition(":")
        own.append(base if digits.isdigit() and base.lower() in earlier else name)
        earlier.add(own[-1].lower())
    return own


def _describe_by_view(connection: sqlite3.Connection, sql: str) -> tuple[Kind | None, ...]:
    """Ask SQLite for the declared types of a result: it tells them for a view only.

    The view is temporary and the connection one of its own, so that neither the database nor the readers
    notice. A view takes no parameters; NULL in their place changes no declared type.
    """
    body = placeholders.replace(sql, lambda name: "NULL", percent="%")
    file = next((file for _, name, file in connection.execute("PRAGMA database_list") if name == "main"), "")
    if not file:
        return ()
    uri = f"file:{quote(file)}?mode=ro"
    with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as describing:
        register_functions(describing)
        _add_functions(describing)
        describing.execute(f"CREATE TEMP VIEW liberty_described AS {body}")
        described = describing.execute("PRAGMA temp.table_info(liberty_described)").fetchall()
        return tuple(_kind_of_declared(declared) for _, _, declared, *_ in described)
    return ()


def _kind_of_declared(declared: str) -> Kind | None:
    upper = declared.upper()
    return next((kind for words, kind in _DECLARED if words in upper), None)


def _kind_of_values(rows: Sequence[Any], index: int) -> Kind:
    types = {type(row[index]) for row in rows} - {type(None)}
    if types == {int, float}:
        return Kind.FLOAT
    if len(types) == 1:
        return _KIND_OF_TYPE[types.pop()]
    return Kind.OTHER


def _stable_name(name: str, index: int, statement: Statement) -> str:
    """Return the column's name, or `columnN` for an unnamed expression with a parameter in it.

    SQLite names such a column after its SQL, which shows how we write parameters.
    """
    is_rewritten = any(f":{parameter}" in name for parameter in statement.params)
    return f"column{index + 1}" if is_rewritten else name


def _json_ready(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    types = {type(value) for row in rows for value in row}
    if types.isdisjoint((float, bytes)) and not any(column.kind in _CONVERTED_KINDS for column in columns):
        return rows
    kinds = [column.kind for column in columns]
    return [tuple(_value(kind, value) for kind, value in zip(kinds, row, strict=True)) for row in rows]


def _value(kind: Kind, value: Any) -> Any:
    if isinstance(value, float):
        return values.floating(value)
    if isinstance(value, bytes):
        return values.base64_text(value)
    if kind is Kind.BOOLEAN and value in (0, 1):
        return bool(value)
    if not isinstance(value, str):
        return value
    if kind is Kind.JSON:
        return values.json_or_text(value)
    return values.local_datetime(value) if kind is Kind.DATETIME else value


def _in_sqlites_style(statement: Statement) -> tuple[str, Any]:
    """Return text and parameters as sqlite3 takes them.

    SQLite looks through all names for each name, so that thousands of them take minutes.
    """
    values = {name: _parameter(value) for name, value in statement.params.items()}
    if len(values) <= _MOST_NAMES:
        return placeholders.colon_style(statement.sql), values
    order = placeholders.occurrences(statement.sql)
    return placeholders.question_style(statement.sql), [values[name] for name in order]


def _parameter(value: Any) -> Any:
    if isinstance(value, dict | list):
        return values.json_text(value)
    if isinstance(value, Decimal):
        # SQLite knows no decimals: as text it would neither compare nor sum as a number.
        is_whole = value.is_finite() and value == value.to_integral_value() and abs(value) < 2**63
        return int(value) if is_whole else float(value)
    return value


def _value_of_driver(statement: Statement) -> LibertyError:
    if name := failures.unencodable(statement):
        return failures.wrong_value(statement, name, WrongValue.TEXT)
    return failures.wrong_value(statement, failures.out_of_range(statement), WrongValue.RANGE)


def _add_functions(connection: sqlite3.Connection) -> None:
    connection.create_function(LOWER_CASE, 1, _lower, deterministic=True)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _decoded(data: bytes) -> str:
    """Text is what was stored; bytes that are no UTF-8 must not cost the page."""
    return data.decode(errors="replace")


@contextmanager
def _time_limit(connection: sqlite3.Connection) -> Iterator[None]:
    deadline = time.monotonic() + settings.LIBERTY_STATEMENT_TIMEOUT_S
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _INSTRUCTIONS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
