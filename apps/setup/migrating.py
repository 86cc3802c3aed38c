"""The one way in which migrations run, on the framework database and on pools that hold framework tables."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

from apps.pools.router import allow_migrations

Target = tuple[str, str | None]
"""(app, migration name); None stands for before its first one."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """How far a run is: the migration done now as `app.name`, how many are done, and how many there are."""

    migration: str
    done: int
    total: int


Progress = Callable[[Migrated], None]


def migrate(
    alias: str, targets: Sequence[Target] | None = None, on_progress: Progress | None = None
) -> tuple[str, ...]:
    """Bring the database `alias` to `targets`, to the newest migrations without them.

    Returns what ran as `app.name`, in order. `alias` is the framework database or a pool that `resolve` has
    opened. Each migration commits on its own, unless the caller has begun a transaction. Raises what Django
    raises: django.db.Error where the database refuses.
    """
    with _allowed(alias):
        executor = MigrationExecutor(connections[alias])
        executor.loader.check_consistent_history(connections[alias])
        wanted = executor.loader.graph.leaf_nodes() if targets is None else list(targets)
        plan = executor.migration_plan(wanted)
        if not plan:
            return ()
        executor.progress_callback = _telling(plan, on_progress or (lambda migrated: None))
        emit_pre_migrate_signal(0, False, alias, plan=plan)
        state = executor.migrate(wanted, plan)
        # The models of a last data migration are stale; Django's own command drops them as well.
        state.clear_delayed_apps_cache()
        emit_post_migrate_signal(0, False, alias, apps=state.apps, plan=plan)
    return tuple(_name(migration) for migration, _ in plan)


def _allowed(alias: str) -> AbstractContextManager[None]:
    return nullcontext() if alias == DEFAULT_DB_ALIAS else allow_migrations(alias)


def _telling(plan: Sequence[tuple[Migration, bool]], on_progress: Progress) -> Callable[..., None]:
    """Return Django's callback, which tells `on_progress` of each migration that is done."""
    done = 0

    def tell(action: str, migration: Migration | None = None, fake: bool = False) -> None:
        nonlocal done
        if migration is None or action not in ("apply_success", "unapply_success"):
            return
        done += 1
        on_progress(Migrated(_name(migration), done, len(plan)))

    return tell


def _name(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"
