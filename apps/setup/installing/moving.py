"""Moving the embedded framework database to PostgreSQL, with all its data, while the server is running.

Nobody else writes to the embedded database while it is copied: its write lock is held, and readers go on.
When the copy is safe, triggers make it refuse every write from then on, before anybody gets the lock: who has
waited is told to send it again, and writes to the new database. So no write is lost.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DataError, Error, connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

from apps.setup.installing import database
from apps.setup.installing.progress import Progress, Stage, Step
from apps.setup.installing.service import (
    Installed,
    check_configurable,
    configure,
    finish,
    is_current,
    lock_target,
    migrate_target,
    only_one,
    steps,
)
from apps.setup.installing.stand_in import as_framework_database
from apps.setup.installing.state import follow, framework_settings, is_embedded, is_installed
from apps.setup.installing.wish import Wish
from apps.setup.locking import exclusive_run
from liberty.constraints import Cascade
from liberty.errors import AlreadyInstalled, InstallFailed, NotInstalled
from liberty.moved import MOVED
from liberty.text import counted

SOURCE = "embedded"
BATCH_ROWS = 500

Model = type[models.Model]


def move(wish: Wish, *, progress: Progress = lambda stage: None) -> Installed:
    """Copy the embedded framework database into the target of `wish`, and use that from now on.

    Users, sessions and stored secrets are copied as they are. Raises NotInstalled where there is none,
    AlreadyInstalled where the framework database is not the embedded one, or another set-up is running,
    InstallFailed with the step that failed, Unavailable while an upgrade, downgrade, revision or restore is
    under way; nothing is changed then. Run again after a kill, it finishes.
    """
    follow(at_once=True)
    if not is_installed():
        raise NotInstalled
    if is_current(wish.target):
        return Installed(is_new=False)
    if not is_embedded():
        raise AlreadyInstalled("The framework database is not the embedded one, which alone can be moved.")
    # Nor may an upgrade or a restore go on writing to what has been copied.
    with only_one(progress) as tell, exclusive_run():
        return _move(wish, tell)


def _move(wish: Wish, tell: Progress) -> Installed:
    check_configurable()
    source = Path(framework_settings()["NAME"])
    backup = source.with_name(f"{source.stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{source.suffix}")
    tell(Stage(Step.CONNECT))
    with database.prepared(wish), _source():
        tell(Stage(Step.EXAMINE))
        content = database.examine(wish.target)
        if content.is_ours and content.is_finished:
            raise InstallFailed(Step.EXAMINE, "the database holds another installation. Take an empty one.")
        with (
            steps(tell) as begin,
            as_framework_database(wish.target),
            database.emptied_again(content) as note_committed,
        ):
            # Begun with the write lock, which nobody else gets until it commits.
            with transaction.atomic(using=SOURCE):
                _require_migrated()
                with transaction.atomic():
                    lock_target(content)
                    migrate_target(content, begin)
                    _copy_all(begin)
                    _back_up(source, backup)
                note_committed()
                _refuse_writes()
            # Whoever is killed here leaves an embedded database that refuses writes, and a copy whose mark
            # tells the next run to make it anew.
            with _written_again():
                begin(Stage(Step.CONFIGURE))
                configure(wish.target)
    finish()
    database.mark_finished(wish.target)
    return Installed(is_new=True, administrator="Users sign in as before.", backup=backup)


@contextmanager
def _source() -> Iterator[None]:
    """Give the embedded database a name of its own."""
    connections.settings[SOURCE] = framework_settings()
    try:
        yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.settings[SOURCE]


def _require_migrated() -> None:
    """Refuse an embedded database that is older than this program: its tables would not match."""
    executor = MigrationExecutor(connections[SOURCE])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InstallFailed(Step.CHECK, "the embedded database is older than this program: migrate it first.")


def _copy_all(begin: Progress) -> None:
    """Fill the target's tables with the rows of the embedded database, and compare their numbers."""
    tables = _tables()
    _empty(tables)
    for number, model in enumerate(tables):
        table = model._meta.db_table
        begin(Stage(Step.COPY, number, len(tables), table))
        try:
            _copy(model)
        except Error as exc:
            raise InstallFailed(Step.COPY, f"table `{table}`: {_sentence(exc)}.") from exc
    begin(Stage(Step.COMPARE))
    for model in tables:
        _compare(model)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        # What is deferred is checked now, while there is a step to tell of.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _sentence(exc: Error) -> str:
    reason = getattr(getattr(exc.__cause__, "diag", None), "message_primary", None)
    if reason is None and isinstance(exc, DataError):
        # The driver itself refuses it: SQLite stores NUL in a text.
        return "it holds a text that PostgreSQL cannot store"
    return reason or "the server does not answer"


def _tables() -> list[Model]:
    """Return the models of all our tables, parents first."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    order = TopologicalSorter({name: _parents(model) - {name} for name, model in sorted(found.items())})
    return [found[name] for name in order.static_order() if name in found]


def _parents(model: Model) -> set[str]:
    """Return the tables that rows of a table refer to."""
    related: list[Any] = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return {parent._meta.db_table for parent in related} | {
        rule.table for rule in model._meta.constraints if isinstance(rule, Cascade)
    }


def _empty(tables: Sequence[Model]) -> None:
    """Remove what migrations have written, and what a copy that was killed has left."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        # A table with rows to be checked later cannot be emptied.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _copy(model: Model) -> None:
    """Copy the rows of a table as they are: no default, no automatic time, no signal."""
    rows = model._base_manager.using(SOURCE).order_by().iterator(BATCH_ROWS)
    fields = model._meta.concrete_fields
    target: Any = model._base_manager.using("default")
    while batch := list(islice(rows, BATCH_ROWS)):
        target._insert(batch, fields=fields, using="default", raw=True)


def _compare(model: Model) -> None:
    wanted = model._base_manager.using(SOURCE).count()
    found = model._base_manager.using("default").count()
    if wanted != found:
        raise InstallFailed(
            Step.COMPARE, f"table `{model._meta.db_table}` has {counted(wanted, 'row')}, copied: {found}."
        )


def _back_up(source: Path, backup: Path) -> None:
    """Write the embedded database as it is to a file of mode 600, whole or not at all. Raises OSError."""
    part = backup.with_name(f".{backup.name}")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        # A connection of its own: the one with the lock is in a transaction.
        with closing(sqlite3.connect(source)) as reading:
            reading.execute("VACUUM INTO ?", (str(part),))
        with closing(sqlite3.connect(part)) as copy, copy:
            for name in _triggers(copy.execute(_TRIGGERS).fetchall()):
                copy.execute(f'DROP TRIGGER "{name}"')
        os.replace(part, backup)
    except sqlite3.Error as exc:
        raise InstallFailed(Step.COMPARE, f"the backup {backup} cannot be written: {exc}.") from exc
    finally:
        part.unlink(missing_ok=True)


_PREFIX = "liberty_moved"
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def _triggers(rows: Iterable[Sequence[Any]]) -> list[str]:
    return [name for (name,) in rows if str(name).startswith(_PREFIX)]


def _refuse_writes() -> None:
    """Give every table of the embedded database triggers that refuse whatever would change it."""
    quote = connections[SOURCE].ops.quote_name
    with connections[SOURCE].cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            for verb in ("INSERT", "UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {quote(f'{_PREFIX}_{verb}_{table}')} BEFORE {verb}"
                    f" ON {quote(table)} BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
                )


@contextmanager
def _written_again() -> Iterator[None]:
    """Take the triggers away where the block fails: the embedded database stays in use then."""
    try:
        yield
    except BaseException:
        with connections[SOURCE].cursor() as cursor:
            cursor.execute(_TRIGGERS)
            for name in _triggers(cursor.fetchall()):
                cursor.execute(f"DROP TRIGGER {connections[SOURCE].ops.quote_name(name)}")
        raise
