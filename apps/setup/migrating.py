"""The one way in which migrations run, on the framework database and on pools that hold framework tables."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations import Migration

from apps.pools.router import allow_migrations
from apps.setup.executor import ResumableExecutor, name_of

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
    alias: str,
    targets: Sequence[Target] | None = None,
    on_progress: Progress | None = None,
) -> tuple[str, ...]:
    """Bring the database `alias` to `targets`, to the newest migrations without them.

    Returns what ran as `app.name`, in order. `alias` is the framework database or a pool that `resolve` has
    opened. Each migration commits on its own, unless the caller has begun a transaction; interrupted and run
    again, it goes on (`apps.setup.executor`). `on_progress` is told of what is committed. Raises what Django
    raises: django.db.Error where the database refuses.
    """
    with _allowed(alias):
        executor = ResumableExecutor(connections[alias])
        executor.loader.check_consistent_history(connections[alias])
        wanted = executor.loader.graph.leaf_nodes() if targets is None else list(targets)
        plan = executor.migration_plan(wanted)
        if not plan:
            _finish(alias)
            return ()
        executor.on_done = _telling(len(plan), on_progress or (lambda migrated: None))
        emit_pre_migrate_signal(0, False, alias, plan=plan)
        state = executor.migrate(wanted, plan)
        # The models of a last data migration are stale; Django's own command drops them as well.
        state.clear_delayed_apps_cache()
        emit_post_migrate_signal(0, False, alias, apps=state.apps, plan=plan)
    return tuple(name_of(migration) for migration, _ in plan)


def _allowed(alias: str) -> AbstractContextManager[None]:
    return nullcontext() if alias == DEFAULT_DB_ALIAS else allow_migrations(alias)


def _finish(alias: str) -> None:
    """Make the permissions that a run made no more which was killed after its last migration."""
    if alias == DEFAULT_DB_ALIAS:
        emit_post_migrate_signal(0, False, alias)


def _telling(total: int, on_progress: Progress) -> Callable[[Migration], None]:
    """Return what tells `on_progress` of each migration that is done."""
    done = 0

    def tell(migration: Migration) -> None:
        nonlocal done
        done += 1
        on_progress(Migrated(name_of(migration), done, total))

    return tell
