"""Which version every database is at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS, DatabaseError

from apps.setup.databases import Database, find_databases, read_database
from apps.setup.unfinished import unfinished_run
from apps.setup.versions import Versions
from liberty.errors import LibertyError

CURRENT, PENDING, INTERRUPTED, NEWER = "current", "pending", "interrupted", "newer"
FOREIGN, UNREACHED = "foreign", "unreached"


@dataclass(frozen=True, slots=True)
class State:
    """One database: its version (None below the first), the last migration of each app, what is pending.

    `state` is CURRENT, PENDING, INTERRUPTED (half way in a migration), NEWER than the code, FOREIGN (its
    framework tables were not made here) or UNREACHED; `note` says more where there is more to say.
    """

    pool: str
    state: str
    product: str = ""
    version: str | None = None
    migrations: dict[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """The states of all databases, the framework database first, and a sentence on them."""

    states: tuple[State, ...]
    message: str


def survey() -> Survey:
    """Return the version of every database. Raises DatabaseError if the framework database is away."""
    versions = Versions()
    states = tuple(_states(versions))
    return Survey(states, _message(versions, states))


def is_current() -> bool:
    """Tell whether the framework database is at the version of the code: what a readiness check asks."""
    try:
        database = read_database(DEFAULT_DB_ALIAS)
    except (LibertyError, DatabaseError):
        return False
    return _state(Versions(), database).state == CURRENT


def _states(versions: Versions) -> Iterator[State]:
    found = find_databases()
    for database in found.ours:
        yield _state(versions, database)
    for pool in found.foreign:
        yield State(pool, FOREIGN, note="Its framework tables were not made here; it is left alone.")
    for pool, reason in found.unreached.items():
        yield State(pool, UNREACHED, note=reason)


def _state(versions: Versions, database: Database) -> State:
    pending = tuple(".".join(node) for node in versions.pending(database))
    state, note = CURRENT, ""
    if versions.unknown(database):
        names = ", ".join(".".join(node) for node in versions.unknown(database))
        state, note = NEWER, f"A newer version has run {names}."
    elif database.interrupted:
        begun = database.interrupted[0]
        state = INTERRUPTED
        note = f"{begun.migration} was interrupted {begun.direction}, after {begun.done} of its steps."
    elif pending:
        state = PENDING
    return State(
        pool=database.pool,
        state=state,
        product=database.product,
        version=versions.version_of(database.applied),
        migrations=versions.state_of(database.applied),
        pending=pending,
        note=note,
    )


def _message(versions: Versions, states: Sequence[State]) -> str:
    run = unfinished_run()
    if run is not None:
        return f"A run was interrupted: {run.kind}, {run.target}. Repeat it."
    behind = [state.pool for state in states if state.state in (PENDING, INTERRUPTED)]
    newer = [state.pool for state in states if state.state == NEWER]
    if newer:
        return f"Newer than this version, {versions.newest}: {', '.join(newer)}."
    if behind:
        return f"Migrations up to version {versions.newest} are pending: {', '.join(behind)}. Run upgrade."
    return f"Every database that answers is at version {versions.newest}."
