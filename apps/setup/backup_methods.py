"""Ways to write the framework tables of a database to a file, and to put them back.

Each method has a `suffix`, `write(pool, file)` and `restore(pool, file, applied)`, where `applied` are our
migrations as they had run. Pools are open; DatabaseError and BackupFailed follow.
"""

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from apps.pools import registry
from apps.pools.maintenance import maintenance
from apps.pools.router import CATALOGUE_APPS
from apps.pools.tables import read_tables
from apps.setup.databases import Node, migrated_tables
from apps.setup.executor import Steps
from apps.setup.repository import framework_tables
from apps.setup.tagged_values import tagged, untagged

# Rows of one INSERT.
_BATCH_ROWS = 500
# Products bind no more values to a statement.
_BATCH_VALUES = 30_000


class BackupFailed(Exception):
    """A backup cannot be written or put back; the text says why, without a secret."""


class PgDump:
    """PostgreSQL's own programs."""

    name: ClassVar[str] = "pg_dump"
    suffix: ClassVar[str] = "dump"

    @staticmethod
    def is_usable(pool: str) -> bool:
        """Whether the programs are there and as new as the server, without which they refuse."""
        if not shutil.which("pg_restore") or not connections.settings[pool]["NAME"]:
            return False
        version = _major_version()
        with maintenance(pool) as alias:
            server: Any = connections[alias]
            return version is not None and version >= server.pg_version // 10000

    @staticmethod
    def check() -> None:
        if _major_version() is None or not shutil.which("pg_restore"):
            raise BackupFailed("pg_restore is not installed")

    @staticmethod
    def write(pool: str, file: Path) -> None:
        tables = read_tables(pool, *migrated_tables())
        chosen = [f"--table={_pattern(table.schema)}.{_pattern(table.name)}" for table in tables]
        options, database, environment = _client(pool)
        # One file: compressed, and in one snapshot.
        _run(["pg_dump", "--format=custom", f"--file={file}", *chosen, *options, database], environment)

    @staticmethod
    def restore(pool: str, file: Path, applied: Sequence[Node]) -> None:
        options, database, environment = _client(pool)
        listing = _run(["pg_restore", "--list", str(file)], environment)
        kept = set(re.findall(r"^\d+; \d+ \d+ TABLE \S+ (\S+) ", listing, re.MULTILINE))
        with maintenance(pool) as alias:
            _drop(connections[alias], [name for name in migrated_tables() if name not in kept])
        restoring = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run(["pg_restore", *restoring, f"--dbname={database}", *options, str(file)], environment)
        with maintenance(pool) as alias:
            _record(connections[alias], applied)


class SqliteCopy:
    """A copy of the file by SQLite's backup interface: whole, while others write."""

    name: ClassVar[str] = "sqlite"
    suffix: ClassVar[str] = "sqlite3"

    @staticmethod
    def is_usable(pool: str) -> bool:
        return True

    @staticmethod
    def check() -> None:
        """Nothing else is needed."""

    @staticmethod
    def write(pool: str, file: Path) -> None:
        with maintenance(pool) as alias, closing(sqlite3.connect(file)) as copy:
            connections[alias].ensure_connection()
            connections[alias].connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        if pool != DEFAULT_DB_ALIAS:
            _leave_out_others(file)

    @staticmethod
    def restore(pool: str, file: Path, applied: Sequence[Node]) -> None:
        with maintenance(pool) as alias:
            connection = connections[alias]
            connection.disable_constraint_checking()
            try:
                with connection.cursor() as cursor:
                    cursor.execute("ATTACH DATABASE %s AS backup", [str(file)])
                try:
                    with transaction.atomic(using=alias):
                        _drop(connection, migrated_tables())
                        _copy_tables(connection)
                        _record(connection, applied)
                finally:
                    with connection.cursor() as cursor:
                        cursor.execute("DETACH DATABASE backup")
            finally:
                connection.enable_constraint_checking()


class TableTexts:
    """Our own format, for every product: a gzip of JSON lines.

    A table begins with `{"table": name, "columns": [...]}`, then come its rows as lists; the last line is
    `{"end": number of rows}`. The tables are made anew as the models of their migrations have them.
    """

    name: ClassVar[str] = "tables"
    suffix: ClassVar[str] = "json.gz"

    @staticmethod
    def is_usable(pool: str) -> bool:
        return True

    @staticmethod
    def check() -> None:
        """Nothing else is needed."""

    @staticmethod
    def write(pool: str, file: Path) -> None:
        first = registry.dialect_for(pool).begin_snapshot
        count = 0
        with maintenance(pool) as alias, transaction.atomic(using=alias), _writing(file) as output:
            connection = connections[alias]
            if first:
                _execute(connection, first)
            for table in _in_order(_present(connection)):
                columns = _columns(connection, table)
                output.write(json.dumps({"table": table, "columns": columns}) + "\n")
                for row in _rows(connection, table, columns):
                    output.write(json.dumps([tagged(value) for value in row], ensure_ascii=False) + "\n")
                    count += 1
            output.write(json.dumps({"end": count}) + "\n")

    @staticmethod
    def restore(pool: str, file: Path, applied: Sequence[Node]) -> None:
        _require_end(file)
        models = _models_at(applied)
        with maintenance(pool) as alias:
            connection = connections[alias]
            connection.disable_constraint_checking()
            _drop(connection, migrated_tables())
            with connection.schema_editor() as editor:
                for model in models:
                    editor.create_model(model)
            with transaction.atomic(using=alias):
                for table, columns, rows in _tables_in(file):
                    _insert(connection, table, columns, rows)
                for sql in connection.ops.sequence_reset_sql(no_style(), models):
                    _execute(connection, sql)
                Steps(connection).forget()
                _record(connection, applied)
            connection.enable_constraint_checking()


METHODS: Mapping[str, type[PgDump] | type[SqliteCopy] | type[TableTexts]] = {
    method.name: method for method in (PgDump, SqliteCopy, TableTexts)
}
_OF_PRODUCT: Mapping[str, type[PgDump] | type[SqliteCopy]] = {"postgres": PgDump, "sqlite": SqliteCopy}


def method_for(pool: str) -> type[PgDump] | type[SqliteCopy] | type[TableTexts]:
    """Return the product's own way if it can be used here, else ours."""
    own = _OF_PRODUCT.get(registry.dialect_for(pool).name)
    return own if own is not None and own.is_usable(pool) else TableTexts


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    return [name for name in connection.introspection.table_names() if name.lower() in migrated_tables()]


def _columns(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _rows(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, which may be a long log: where the product can, a part of them at a time."""
    quote = connection.ops.quote_name
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)}")  # noqa: S608
        while rows := cursor.fetchmany(_BATCH_ROWS):
            yield from rows


def _in_order(tables: Iterable[str]) -> list[str]:
    """Return tables by name, parents before their children."""
    order = list(framework_tables())
    return sorted(tables, key=lambda name: (order.index(name) if name in order else len(order), name))


def _drop(connection: BaseDatabaseWrapper, names: Iterable[str]) -> None:
    """Drop those of the tables that are there. The caller has constraints checked again."""
    wanted = set(names)
    present = [connection.ops.quote_name(name) for name in _present(connection) if name.lower() in wanted]
    if not present:
        return
    # Where references can be left unchecked; otherwise one statement takes tables that refer to each other.
    statements = present if connection.disable_constraint_checking() else [", ".join(present)]
    for tables in statements:
        _execute(connection, f"DROP TABLE {tables}")


def _record(connection: BaseDatabaseWrapper, applied: Iterable[Node]) -> None:
    """Let exactly these migrations of ours be noted as run."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with transaction.atomic(using=connection.alias):
        recorder.migration_qs.filter(app__in=CATALOGUE_APPS).delete()
        for app, name in applied:
            recorder.record_applied(app, name)


def _execute(connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


# PostgreSQL


def _major_version() -> int | None:
    program = shutil.which("pg_dump")
    if program is None:
        return None
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", shown)
    return int(found.group(1)) if found else None


def _client(pool: str) -> tuple[list[str], str, dict[str, str]]:
    """Return what leads a program to a database: options, name, and the environment, with the password."""
    words, secrets = DatabaseClient.settings_to_cmd_args_env(dict(connections.settings[pool]), [])
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LIBERTY_", "PG"))}
    return [*words[1:-1], "--no-password"], words[-1], {**ours, "LC_ALL": "C", **(secrets or {})}


def _pattern(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFailed(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


# SQLite


def _leave_out_others(file: Path) -> None:
    """Drop from the copy of a pool what is not ours: it may be large, and is of no use here."""
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("PRAGMA foreign_keys = OFF")
        found = copy.execute(
            "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
        ).fetchall()
        for kind, name in found:
            if name.lower() not in migrated_tables() and not name.startswith("sqlite_"):
                copy.execute(f"DROP {kind.upper()} IF EXISTS {_pattern(name)}")
        copy.execute("VACUUM")


def _copy_tables(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name, tbl_name, sql FROM backup.sqlite_master WHERE sql IS NOT NULL"
            " ORDER BY type DESC"
        )
        entries = [entry for entry in cursor.fetchall() if entry[2].lower() in migrated_tables()]
        for kind, name, _, sql in entries:
            # Tables come first, indexes after the rows.
            if kind == "table":
                cursor.execute(sql)
                cursor.execute(f"INSERT INTO main.{_pattern(name)} SELECT * FROM backup.{_pattern(name)}")  # noqa: S608
        for kind, _, _, sql in entries:
            if kind in ("index", "trigger"):
                cursor.execute(sql)


# Our own format


def _writing(file: Path) -> Any:
    return gzip.open(file, "wt", encoding="utf-8")


def _lines(file: Path) -> Iterator[Any]:
    with gzip.open(file, "rt", encoding="utf-8") as content:
        for line in content:
            yield json.loads(line)


def _require_end(file: Path) -> None:
    last = None
    try:
        for line in _lines(file):
            last = line
    except (OSError, EOFError, ValueError) as exc:
        raise BackupFailed("its file is damaged") from exc
    if not isinstance(last, dict) or "end" not in last:
        raise BackupFailed("its file is cut off")


def _tables_in(file: Path) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """Yield table, columns and some rows, again and again."""
    table, columns, rows = "", [""], []
    for line in _lines(file):
        if isinstance(line, list):
            rows.append([untagged(value) for value in line])
            if len(rows) >= min(_BATCH_ROWS, _BATCH_VALUES // len(columns)):
                yield table, columns, rows
                rows = []
            continue
        if rows:
            yield table, columns, rows
            rows = []
        if "table" in line:
            table, columns = line["table"], line["columns"]


def _insert(
    connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    quote = connection.ops.quote_name
    one = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(map(quote, columns))
    sql = f"INSERT INTO {quote(table)} ({names}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
    _execute(connection, sql, [value for row in rows for value in row])


def _models_at(applied: Iterable[Node]) -> list[type[Model]]:
    """Return our models as they were when these migrations had run, parents before their children."""
    models = {
        model._meta.db_table: model
        for model in MigrationLoader(None).project_state(list(applied)).apps.get_models()
        if model._meta.app_label in CATALOGUE_APPS and model._meta.managed and not model._meta.proxy
    }
    return [models[table] for table in _in_order(models)]
