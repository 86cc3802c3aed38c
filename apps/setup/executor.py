"""Migrations that may be interrupted at any moment, and go on when they are run again.

Django commits a migration and then notes that it ran; killed in between, it runs the migration twice. Here
both are one transaction. Where CREATE and ALTER end a transaction (MySQL, MariaDB), each operation of a
migration is a step that is noted in `liberty_setup_step` of the database itself: data together with the note
in one transaction; a change of tables before its note, and then it is repeated, while the database may say
that a statement has been carried out already.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from apps.pools.dialects import Dialect, dialect_of_engine

FORWARDS, BACKWARDS = "forwards", "backwards"

Done = Callable[[Migration], None]


@dataclass(frozen=True, slots=True)
class BegunMigration:
    """An interrupted migration: `app.name`, its direction, and how many of its operations are done."""

    migration: str
    direction: str
    done: int


class Steps:
    """The notes of a database whose migrations are no transactions."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._model: Any = _step_model()

    def begun(self) -> tuple[BegunMigration, ...]:
        """Return the migrations that were interrupted. Raises DatabaseError."""
        if self._connection.features.can_rollback_ddl or not self._has_table():
            return ()
        rows = self._rows().order_by("migration").values_list("migration", "direction", "done")
        return tuple(BegunMigration(*row) for row in rows)

    def begin(self, migration: Migration, direction: str) -> tuple[int, bool]:
        """Note that a migration begins; return how many operations are done, and whether it goes on."""
        if not self._has_table():
            with self._connection.schema_editor(atomic=False) as editor:
                editor.create_model(self._model)
        name = name_of(migration)
        found = (
            self._rows().filter(migration=name, direction=direction).values_list("done", flat=True).first()
        )
        if found is not None:
            return found, True
        self._rows().create(migration=name, direction=direction, done=0)
        return 0, False

    def note(self, migration: Migration, done: int) -> None:
        self._rows().filter(migration=name_of(migration)).update(done=done)

    def end(self, migration: Migration) -> None:
        self._rows().filter(migration=name_of(migration)).delete()

    def forget(self) -> None:
        """Drop all notes: the tables are about to be made anew."""
        if self._has_table():
            self._rows().all().delete()

    def _rows(self) -> Any:
        return self._model.objects.using(self._connection.alias)

    def _has_table(self) -> bool:
        return self._model._meta.db_table in self._connection.introspection.table_names()


class ResumableExecutor(MigrationExecutor):
    """Runs migrations whole, or step by step where the database has no transactions for them."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.on_done: Done = lambda migration: None
        self._steps = Steps(connection)

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if self.connection.features.can_rollback_ddl:
            with _one_transaction(self.connection, migration):
                state = super().apply_migration(state, migration, fake, fake_initial)
        else:
            state = self._apply_in_steps(state, migration)
        self.on_done(migration)
        return state

    def unapply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False
    ) -> ProjectState:
        if self.connection.features.can_rollback_ddl:
            with _one_transaction(self.connection, migration):
                state = super().unapply_migration(state, migration, fake)
        else:
            state = self._unapply_in_steps(state, migration)
        self.on_done(migration)
        return state

    def _apply_in_steps(self, state: ProjectState, migration: Migration) -> ProjectState:
        with self._stepping(migration, FORWARDS) as take:
            for operation in migration.operations:
                before = state.clone()
                operation.state_forwards(migration.app_label, state)
                take(operation, operation.database_forwards, before, state)
        with transaction.atomic(using=self.connection.alias):
            self.record_migration(migration)
            self._steps.end(migration)
        return state

    def _unapply_in_steps(self, state: ProjectState, migration: Migration) -> ProjectState:
        with self._stepping(migration, BACKWARDS) as take:
            for operation, before, after in reversed(_states(state, migration)):
                take(operation, operation.database_backwards, after, before)
        with transaction.atomic(using=self.connection.alias):
            self.recorder.record_unapplied(migration.app_label, migration.name)
            self._steps.end(migration)
        return state

    @contextmanager
    def _stepping(self, migration: Migration, direction: str) -> Iterator[Callable[..., None]]:
        """Yield what takes a step, or leaves it out where it is done."""
        done, is_resumed = self._steps.begin(migration, direction)
        number = 0
        with self.connection.schema_editor(atomic=False) as editor:

            def take(operation: Operation, run: Callable[..., None], *states: ProjectState) -> None:
                nonlocal number
                number += 1
                if number <= done:
                    return
                if _is_data(operation, migration):
                    with transaction.atomic(using=self.connection.alias):
                        run(migration.app_label, editor, *states)
                        self._steps.note(migration, number)
                    return
                with _repeating(self.connection, is_resumed and number == done + 1):
                    run(migration.app_label, editor, *states)
                    _run_deferred(editor)
                self._steps.note(migration, number)

            yield take


def name_of(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


@contextmanager
def _one_transaction(connection: BaseDatabaseWrapper, migration: Migration) -> Iterator[None]:
    if not migration.atomic:
        yield
        return
    # SQLite turns these checks off and on outside of transactions only; other products ignore both calls.
    if not connection.in_atomic_block:
        connection.disable_constraint_checking()
    try:
        with transaction.atomic(using=connection.alias):
            yield
    finally:
        if not connection.in_atomic_block:
            connection.enable_constraint_checking()


@contextmanager
def _repeating(connection: BaseDatabaseWrapper, is_repeat: bool) -> Iterator[None]:
    """Let the database say, while an operation is repeated, that a statement has been carried out already."""
    if not is_repeat:
        yield
        return
    dialect = dialect_of_engine(connection.settings_dict["ENGINE"])
    with connection.execute_wrapper(lambda *call: _executed(dialect, *call)):
        yield


def _executed(
    dialect: Dialect, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    try:
        return execute(sql, params, many, context)
    except DatabaseError as exc:
        if not dialect.is_carried_out(sql, exc):
            raise
        return None


def _run_deferred(editor: Any) -> None:
    """Run what Django keeps for the end of the migration: a step is whole when it is noted."""
    while editor.deferred_sql:
        editor.execute(editor.deferred_sql.pop(0), None)


def _is_data(operation: Operation, migration: Migration) -> bool:
    """Whether an operation wants a transaction of its own, as Django decides it."""
    return bool(operation.atomic or (migration.atomic and operation.atomic is not False))


def _states(state: ProjectState, migration: Migration) -> list[tuple[Operation, ProjectState, ProjectState]]:
    """Return each operation with the states before and after it, in forward order."""
    found = []
    for operation in migration.operations:
        if not operation.reversible:
            raise IrreversibleError(f"Operation {operation} in {migration} is not reversible")
        before, after = state.clone(), state.clone()
        operation.state_forwards(migration.app_label, after)
        found.append((operation, before, after))
        state = after
    return found


def _step_model() -> type[models.Model]:
    """Return the model of the notes; as with Django's own of migrations, no migration makes its table."""

    class Step(models.Model):
        migration = models.CharField(max_length=255, primary_key=True)
        direction = models.CharField(max_length=10)
        done = models.IntegerField()

        class Meta:
            apps = Apps()
            app_label = "setup"
            db_table = "liberty_setup_step"

        def __str__(self) -> str:
            return f"{self.migration} {self.direction}: {self.done}"

    return Step
