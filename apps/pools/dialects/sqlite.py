"""SQLite: its SQL, and the settings of its connections."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from apps.pools.dialects.base import Dialect, Target, parse_pattern
from apps.pools.dialects.sqlite_driver import LOWER_CASE, SqliteDriver
from apps.pools.lexer import SQLITE, Syntax
from apps.pools.statement import Kind
from liberty.errors import PoolNotOpened

# Longest a statement waits for another process to finish writing, in seconds.
BUSY_TIMEOUT_S = 5

_NUMERIC = frozenset({Kind.INTEGER, Kind.BIGINT, Kind.DECIMAL, Kind.FLOAT, Kind.BOOLEAN})

# Hidden columns of kind 1 belong to virtual tables and hold nothing; the others are generated.
_TABLES = (
    "SELECT '', m.name, c.name, c.type, c.pk > 0"
    " FROM sqlite_master m, pragma_table_xinfo(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite|_%%' ESCAPE '|' AND c.hidden <> 1"
    " AND LOWER(m.name) IN ({names})"
    " ORDER BY m.name, c.cid"
)


class SqliteDialect(Dialect):
    name = "sqlite"
    dbtypes = ("sqlite",)
    engine = "django.db.backends.sqlite3"
    syntax: ClassVar[Syntax] = SQLITE
    code_point_collation = "BINARY"
    begin_snapshot = ""
    tables_sql = _TABLES
    # Not refused, but the second of two gets another name, and no name is told from its other case.
    needs_distinct_names = True
    tables_have_case = False
    # One transaction writes at a time.
    row_locks: ClassVar[Mapping[str, str]] = {}
    inserts_return = True
    columns_have_case = False
    current_time = "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%f', 'now')"

    def date_of(self, expression: str) -> str:
        # Dates are stored as ISO text, with or without a time.
        return f"SUBSTR({expression}, 1, 10)"

    def compare(self, expression: str, operator: str, placeholder: str, kind: Kind) -> str:
        if kind is Kind.DATETIME:
            # `T` and blank both stand between date and time in stored texts.
            return f"REPLACE({expression}, 'T', ' ') {operator} REPLACE({placeholder}, 'T', ' ')"
        if kind in _NUMERIC or kind is Kind.BYTES:
            return f"{expression} {operator} {placeholder}"
        if kind is not Kind.OTHER:
            # Columns may ignore case; other products do not.
            return f"{expression} {operator} {placeholder} COLLATE BINARY"
        # What no table declares has no type before it has a value: a number never equals a text.
        return (
            f"CASE WHEN typeof({expression}) IN ('integer', 'real') AND {placeholder} GLOB '[-+.0-9]*'"
            f" THEN {expression} {operator} CAST({placeholder} AS numeric)"
            f" ELSE CAST({expression} AS text) {operator} {placeholder} END"
        )

    def is_one_of(self, expression: str, placeholders: Sequence[str], kind: Kind) -> str:
        if kind is Kind.OTHER:
            return f"({' OR '.join(self.compare(expression, '=', item, kind) for item in placeholders)})"
        if kind in _NUMERIC or kind is Kind.BYTES:
            return super().is_one_of(expression, placeholders, kind)
        return super().is_one_of(f"{expression} COLLATE BINARY", placeholders, kind)

    def like(self, expression: str, placeholder: str, *, ignore_case: bool = False) -> str:
        # SQLite's LIKE takes `A` for `a`; GLOB does not. Its LOWER knows the letters of ASCII alone.
        if ignore_case:
            return f"{LOWER_CASE}({expression}) GLOB {LOWER_CASE}({placeholder})"
        return f"{expression} GLOB {placeholder}"

    def like_pattern(self, pattern: str) -> str:
        return "".join(_glob(*item) for item in parse_pattern(pattern))

    def place(self, *, host: str, port: int | None, database: str, user: str) -> tuple[object, ...]:
        return self.name, database if database.startswith("file:") else str(Path(database).resolve())

    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        commands = "PRAGMA query_only = 1" if reading else ""
        return {
            "ENGINE": self.engine,
            "NAME": _uri(target),
            "OPTIONS": {
                "detect_types": 0,
                "timeout": BUSY_TIMEOUT_S,
                # Writers wait for each other at once instead of failing later; readers keep nobody waiting.
                "transaction_mode": "DEFERRED" if reading else "IMMEDIATE",
                "init_command": commands,
            },
        }

    def driver(self, target: Target) -> SqliteDriver:
        return SqliteDriver(target.alias, max_size=target.max_size)


def _glob(character: str, is_wildcard: bool) -> str:
    if is_wildcard:
        return "*" if character == "%" else "?"
    return f"[{character}]" if character in "*?[" else character


def _uri(target: Target) -> str:
    """Return the file as a URI that opens it and never makes one."""
    if target.database.startswith("file:"):
        return target.database
    path = Path(target.database)
    if not target.database or not path.is_file():
        raise PoolNotOpened(f"Pool `{target.alias}` cannot be opened: its database file does not exist")
    return f"file:{quote(str(path.resolve()))}?mode=rw"
