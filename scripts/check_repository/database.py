"""Asks the database itself about a statement, and for the reason where it refuses one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import errors

from apps.pools.statement import Statement
from apps.queries.binds import StoredSql
from apps.setup.repository import framework_tables
from scripts.check_repository.outcome import Verdict
from scripts.check_repository.postgres import WANTED_VERSION

_PLACEHOLDER = re.compile(r"%%|%\((\w+)\)s")
_QUOTED = re.compile(r'"(.*)"')
_FUNCTION = re.compile(r"function (?:\w+\.)*(\w+)\(")


@dataclass(frozen=True, slots=True)
class Database:
    """The framework database, without anything of ours between."""

    connection: psycopg.Connection

    def refusal(self, statement: Statement) -> psycopg.Error | None:
        """Have the database analyse a statement, without running it, and return what it has against it."""
        try:
            with self.connection.transaction(force_rollback=True):
                self.connection.execute(f"PREPARE checked AS {_numbered(statement.sql)}".encode())
                self.connection.execute("DEALLOCATE checked")
        except psycopg.Error as refusal:
            return refusal
        return None

    def judge(self, refusal: psycopg.Error, stored: StoredSql) -> tuple[Verdict, str]:
        """Tell by its class whether a refusal is to be expected on this database, and say why."""
        message = refusal.diag.message_primary or str(refusal)
        if isinstance(refusal, errors.UndefinedTable | errors.InvalidSchemaName):
            found = _QUOTED.search(message)
            name = found.group(1) if found else message
            is_ours = name.rpartition(".")[2] in framework_tables()
            return (Verdict.BAD, message) if is_ours else (Verdict.ELSEWHERE, f"it has no `{name}` here")
        if isinstance(refusal, errors.UndefinedColumn) and _is_stale(stored, message):
            return Verdict.STALE, message
        if isinstance(refusal, errors.UndefinedFunction):
            found = _FUNCTION.match(message)
            if found and not self._has_function(found.group(1)):
                return Verdict.ELSEWHERE, f"it has no function `{found.group(1)}` here"
        if isinstance(refusal, errors.SyntaxError) and self._is_old() and "must have an alias" in message:
            return Verdict.NEWER, f"version {WANTED_VERSION}: {message}"
        return Verdict.BAD, f"{type(refusal).__name__}: {message}"

    def _has_function(self, name: str) -> bool:
        found = self.connection.execute("SELECT 1 FROM pg_proc WHERE proname = %s", (name,)).fetchone()
        return found is not None

    def _is_old(self) -> bool:
        return self.connection.info.server_version < WANTED_VERSION * 10000


@contextmanager
def database(url: str) -> Iterator[Database]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield Database(connection)


def placeholders(sql: str) -> set[str]:
    """Return the names of the parameters that a compiled statement asks for."""
    return {name for name in _PLACEHOLDER.findall(sql) if name}


def _is_stale(stored: StoredSql, message: str) -> bool:
    """Whether a missing column is one of framework tables alone, and none of them has it."""
    tables = [table for name, table in framework_tables().items() if name in stored.tables]
    found = _QUOTED.search(message)
    if found is None or len(tables) < len(stored.tables):
        return False
    return not any(found.group(1) in table.column_names for table in tables)


def _numbered(sql: str) -> str:
    """Return a compiled statement as PostgreSQL itself writes it: `$1` for `%(name)s`."""
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"${numbers.setdefault(name, len(numbers) + 1)}" if name else "%"

    return _PLACEHOLDER.sub(number, sql)
