"""Moving every database of an installation to another version: plans, upgrade, downgrade.

The framework database goes first on the way up and last on the way down: it describes the others.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations import Migration
from django.db.migrations.exceptions import InconsistentMigrationHistory

from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.maintenance import maintenance
from apps.pools.router import CATALOGUE_APPS
from apps.setup.backups import back_up, backups_with
from apps.setup.databases import Database, Databases, find_databases, has_framework_tables, read_database
from apps.setup.executor import BACKWARDS, FORWARDS, ResumableExecutor, name_of
from apps.setup.locking import exclusive_run
from apps.setup.migrating import Migrated, Target, migrate
from apps.setup.revisions import recorded_states
from apps.setup.unfinished import DOWNGRADE, RESTORE, UPGRADE, Run, end_run, note_run, unfinished_run
from apps.setup.versions import Goal, Versions
from liberty.errors import MalformedRequest, SetupFailed, Unavailable, UnknownPool, UnknownVersion
from liberty.text import counted

logger = logging.getLogger("liberty.setup")


@dataclass(frozen=True, slots=True)
class Move:
    """What happens, or has happened, to one database.

    `before` and `after` are versions, None below the first. `migrations` are `app.name` in the order they
    run. `backup` is the file that was written before, `seconds` how long the migrations took.
    """

    pool: str
    before: str | None
    after: str | None
    migrations: tuple[str, ...]
    backup: str | None = None
    seconds: float | None = None
    targets: tuple[Target, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did, or would do, database by database in the order they change, and a sentence on it."""

    moves: tuple[Move, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a run is: a migration that is committed, in which database."""

    pool: str
    migration: str
    done: int
    total: int


Progress = Callable[[Moved], None]


def upgrade(
    *,
    dry_run: bool = False,
    without: Collection[str] = (),
    add: Collection[str] = (),
    progress: Progress = lambda moved: None,
) -> Outcome:
    """Bring every database to the newest version; with `dry_run` only tell what that takes.

    `without` names pools to leave out because they do not answer; `add` pools that get framework tables, and
    are catalogues from then on. Nothing is changed where a pool does not answer (Unavailable), is newer
    than the code (UnknownVersion), has an interrupted downgrade or cannot be added (MalformedRequest). Raises
    SetupFailed where a migration fails: the databases before it are upgraded, and run again it goes on.
    """
    if dry_run:
        return _planned_outcome(_plan_upgrade(Versions(), without, add), "upgrade")
    with exclusive_run():
        versions = Versions()
        moves = _plan_upgrade(versions, without, add)
        begun = _taken_up(UPGRADE, versions.newest)
        note_run(begun or Run(UPGRADE, versions.newest, _planned(moves)))
        # The framework database also where nothing is to be done: a run may have been killed at its very end.
        done = _run(moves, progress, always=(DEFAULT_DB_ALIAS,))
        end_run()
    return Outcome(done, _conclusion("upgrade", versions.newest, done, begun))


def downgrade(
    version: str,
    *,
    dry_run: bool = False,
    without: Collection[str] = (),
    progress: Progress = lambda moved: None,
) -> Outcome:
    """Bring every database back to a version, a migration or a revision, after a backup of each that changes.

    A database that is below it already stays as it is. Nothing is changed where no database is above it
    (UnknownVersion), and as for `upgrade`. The backup is named in the moves; it stays.
    """
    if dry_run:
        versions = Versions()
        goal = versions.goal(version, recorded_states())
        is_repeat = _taken_up(DOWNGRADE, goal.name) is not None
        moves = _plan_downgrade(versions, goal, without, is_repeat=is_repeat)
        return _planned_outcome(moves, f"downgrade to {goal.name}")
    with exclusive_run():
        versions = Versions()
        goal = versions.goal(version, recorded_states())
        begun = _taken_up(DOWNGRADE, goal.name)
        moves = _plan_downgrade(versions, goal, without, is_repeat=begun is not None)
        moves, backup = _backed_up(moves, goal, begun)
        note_run(
            replace(begun, backup=backup) if begun else Run(DOWNGRADE, goal.name, _planned(moves), backup)
        )
        done = _run(moves, progress)
        end_run()
    return Outcome(done, _conclusion(f"downgrade to {goal.name}", goal.name, done, begun, backup))


def _plan_upgrade(versions: Versions, without: Collection[str], add: Collection[str]) -> tuple[Move, ...]:
    databases = _reached(find_databases(), without, versions)
    for pool in add:
        databases = (*databases, _added(pool, databases))
    _refuse_interrupted(databases, BACKWARDS)
    return tuple(
        Move(database.pool, versions.version_of(database.applied), versions.newest, _forwards(database))
        for database in databases
    )


def _plan_downgrade(
    versions: Versions, goal: Goal, without: Collection[str], *, is_repeat: bool = False
) -> tuple[Move, ...]:
    databases = _reached(find_databases(), without, versions)
    _refuse_interrupted(databases, FORWARDS)
    moves = tuple(_move_down(versions, goal, database) for database in reversed(databases))
    if not is_repeat and not any(move.migrations for move in moves):
        reached = any(set(_nodes(goal, database)) <= database.applied for database in databases)
        what = "is what every database has" if reached else "is above what the databases have"
        raise UnknownVersion(f"`{goal.name}` {what}: a downgrade leads to an older version.")
    return moves


def _nodes(goal: Goal, database: Database) -> Iterator[tuple[str, str]]:
    for app, name in goal.targets_of(database.pool).items():
        if name is not None:
            yield app, name


def _move_down(versions: Versions, goal: Goal, database: Database) -> Move:
    # A downgrade never goes forward: a target that has not run leaves its app where it is.
    targets = tuple(
        (app, name)
        for app, name in goal.targets_of(database.pool).items()
        if name is None or (app, name) in database.applied
    )
    with maintenance(database.pool) as alias:
        plan = ResumableExecutor(connections[alias]).migration_plan(targets)
    for migration, _ in plan:
        _require_reversible(migration, goal)
    undone = {(migration.app_label, migration.name) for migration, _ in plan}
    return Move(
        pool=database.pool,
        before=versions.version_of(database.applied),
        after=versions.version_of(database.applied - undone),
        migrations=tuple(name_of(migration) for migration, _ in plan),
        targets=targets,
    )


def _require_reversible(migration: Migration, goal: Goal) -> None:
    if migration.app_label not in CATALOGUE_APPS:
        raise UnknownVersion(
            f"`{goal.name}` cannot be reached: {name_of(migration)} of another package goes forward only."
        )
    if not all(operation.reversible for operation in migration.operations):
        raise UnknownVersion(
            f"`{goal.name}` cannot be reached: {name_of(migration)} cannot be undone; restore a backup."
        )


def _forwards(database: Database) -> tuple[str, ...]:
    with maintenance(database.pool) as alias:
        executor = ResumableExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    # In a pool the migrations of other packages do nothing; they are noted there, and of no interest.
    shown = plan if database.pool == DEFAULT_DB_ALIAS else _ours(plan)
    return tuple(name_of(migration) for migration, _ in shown)


def _ours(plan: Iterable[tuple[Migration, bool]]) -> list[tuple[Migration, bool]]:
    return [(migration, backwards) for migration, backwards in plan if migration.app_label in CATALOGUE_APPS]


def _reached(found: Databases, without: Collection[str], versions: Versions) -> tuple[Database, ...]:
    known = {database.pool for database in found.ours} | set(found.unreached)
    for name in without:
        if name not in known or name == DEFAULT_DB_ALIAS:
            raise MalformedRequest(f"There is no pool `{name}` to leave out; nothing was changed.")
    silent = {name: reason for name, reason in found.unreached.items() if name not in without}
    if silent:
        reasons = "; ".join(f"`{name}`: {reason}" for name, reason in silent.items())
        raise Unavailable(
            "Nothing was changed, because pools that may hold framework tables do not answer. Leave them out "
            f"(`without`) if they hold none. {reasons}"
        )
    for database in found.ours:
        unknown = versions.unknown(database)
        if unknown:
            raise UnknownVersion(
                f"The database of pool `{database.pool}` is newer than this version, {versions.newest}: "
                f"it has {'.'.join(unknown[0])}, which is not known here. Nothing was changed."
            )
    return tuple(database for database in found.ours if database.pool not in without)


def _added(pool: str, databases: Sequence[Database]) -> Database:
    """Return a pool that is to get framework tables."""
    if pool in {database.pool for database in databases}:
        raise MalformedRequest(f"Pool `{pool}` has framework tables already.")
    try:
        database = read_database(pool)
    except UnknownPool:
        raise MalformedRequest(
            f"There is no pool `{pool}` to give framework tables to; nothing was changed."
        ) from None
    if has_framework_tables(pool) and not database.interrupted:
        raise MalformedRequest(
            f"Pool `{pool}` has framework tables that were not made here; they are left alone."
        )
    return database


def _refuse_interrupted(databases: Iterable[Database], direction: str) -> None:
    other = "upgrade" if direction == FORWARDS else "downgrade"
    for database in databases:
        for begun in database.interrupted:
            if begun.direction == direction:
                raise MalformedRequest(
                    f"The {other} of pool `{database.pool}` was interrupted in {begun.migration}: finish it "
                    "first, or restore a backup. Nothing was changed."
                )


def _backed_up(moves: Sequence[Move], goal: Goal, begun: Run | None) -> tuple[tuple[Move, ...], str | None]:
    """Write the backups, unless the run that was interrupted has; return the moves with them."""
    changing = [move.pool for move in moves if move.migrations]
    name = None if begun is None else begun.backup
    files = {} if name is None else backups_with(name)
    if not files.keys() >= set(changing):
        backup = back_up(changing, kind=DOWNGRADE, message=f"before {goal.name}")
        name, files = backup.name, {entry.pool: entry.file for entry in backup.databases}
    return tuple(replace(move, backup=files.get(move.pool)) for move in moves), name


def _run(moves: Sequence[Move], progress: Progress, *, always: Collection[str] = ()) -> tuple[Move, ...]:
    total = sum(len(move.migrations) for move in moves)
    done: list[Move] = []
    count = 0
    for move in moves:
        if not move.migrations and move.pool not in always:
            done.append(move)
            continue

        def tell(migrated: Migrated, move: Move = move) -> None:
            nonlocal count
            if migrated.migration in move.migrations:
                count += 1
                progress(Moved(move.pool, migrated.migration, count, total))

        started = time.monotonic()
        with _failures_told(move, done):
            _migrate(move, tell)
        seconds = round(time.monotonic() - started, 3)
        done.append(replace(move, seconds=seconds if move.migrations else None))
    return tuple(done)


def _migrate(move: Move, tell: Callable[[Migrated], None]) -> None:
    registry.resolve(move.pool)
    with maintenance(move.pool) as alias:
        migrate(alias, move.targets, tell)
    if move.migrations:
        touch(move.pool)


@contextmanager
def _failures_told(move: Move, done: Sequence[Move]) -> Iterator[None]:
    """Turn what a database refuses into a SetupFailed that says how far the run came and how to go on."""
    try:
        yield
    except InconsistentMigrationHistory as exc:
        raise SetupFailed(f"Pool `{move.pool}`: {exc}") from exc
    except Exception as exc:
        # A data migration may fail with anything.
        logger.exception("moving the database of pool %s", move.pool)
        left = _left(move)
        finished = ", ".join(f"`{before.pool}`" for before in done if before.migrations) or "none"
        raise SetupFailed(
            f"{left} failed in the database of pool `{move.pool}`; the log says why. Finished before: "
            f"{finished}. What a database has no transactions for may be done in part; run again, it goes on."
        ) from exc


def _left(move: Move) -> str:
    """Return the migration at which a run stopped: the first that has not moved."""
    try:
        applied = {".".join(node) for node in read_database(move.pool).applied}
    except (DatabaseError, Unavailable):
        return "A migration"
    is_down = move.targets is not None
    left = [name for name in move.migrations if (name in applied) == is_down]
    return f"Migration {left[0]}" if left else "The end of the run"


def _planned(moves: Iterable[Move]) -> Mapping[str, list[str]]:
    return {move.pool: list(move.migrations) for move in moves if move.migrations}


def _taken_up(kind: str, target: str) -> Run | None:
    """Return the interrupted run that is repeated now. Raises MalformedRequest after half a restore."""
    run = unfinished_run()
    if run is not None and run.kind == RESTORE:
        raise MalformedRequest(f"A restore was interrupted. Repeat it first: restore_backup {run.target}")
    return run if run is not None and (run.kind, run.target) == (kind, target) else None


def _planned_outcome(moves: tuple[Move, ...], what: str) -> Outcome:
    total = sum(len(move.migrations) for move in moves)
    changing = sum(1 for move in moves if move.migrations)
    if not total:
        return Outcome(moves, f"Plan only: nothing is left to do for the {what}.")
    return Outcome(
        moves,
        f"Plan only, nothing was changed. The {what} takes {counted(total, 'migration')} in "
        f"{counted(changing, 'database')}.",
    )


def _conclusion(
    what: str, target: str, moves: Sequence[Move], begun: Run | None, backup: str | None = None
) -> str:
    total = sum(len(move.migrations) for move in moves)
    changed = sum(1 for move in moves if move.migrations)
    parts = []
    if begun is not None:
        before = f"{max(0, begun.total - total)} of {counted(begun.total, 'migration')} had run before."
        parts.append(f"The interrupted {what} was finished: {before}")
    elif not total:
        return f"Nothing to do: every database is at version {target}."
    parts.append(f"{counted(total, 'migration')} ran in {counted(changed, 'database')}; all are at {target}.")
    if backup is not None:
        parts.append(f"Backup: {backup}.")
    return " ".join(parts)
