"""The databases that move between versions: the framework database, and pools whose tables we made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.pools import registry
from apps.pools.dialects import failures
from apps.pools.dialects.failures import Outage
from apps.pools.models import Pool
from apps.pools.router import CATALOGUE_APPS, drop_outdated_connection
from apps.setup.executor import BegunMigration, Steps
from apps.setup.repository import framework_tables
from liberty.errors import LibertyError

Node = tuple[str, str]
"""(app, name) of a migration."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database with framework tables of ours: what has run on it, and what was interrupted there.

    `pool` is its name, and the alias that `registry.resolve` has opened; `applied` has our apps' alone.
    """

    pool: str
    product: str
    applied: frozenset[Node]
    interrupted: tuple[BegunMigration, ...] = ()


@dataclass(frozen=True, slots=True)
class Databases:
    """What the pools of the framework database lead to.

    `ours` begins with the framework database. `foreign` are pools with framework tables that no migration of
    ours made, an existing installation's: they are left alone. `unreached` says why a pool, which may be one
    of ours, does not answer.
    """

    ours: tuple[Database, ...]
    foreign: tuple[str, ...]
    unreached: Mapping[str, str]


def find_databases() -> Databases:
    """Connect to every pool of the framework database and tell what is there.

    Raises DatabaseError if the framework database itself does not answer.
    """
    ours, foreign, unreached = [_read(DEFAULT_DB_ALIAS, _applied(DEFAULT_DB_ALIAS))], [], {}
    places = {_place(DEFAULT_DB_ALIAS)}
    for name in _pool_names():
        try:
            place = _place(registry.resolve(name))
            if place in places:
                continue  # the same database under another name
            with _told():
                if not _framework_tables_in(name):
                    continue
                database = _read(name, _applied(name))
                if database.applied or database.interrupted:
                    ours.append(database)
                    places.add(place)
                else:
                    foreign.append(name)
        except LibertyError as exc:
            unreached[name] = exc.message
    return Databases(tuple(ours), tuple(foreign), unreached)


def read_database(pool: str) -> Database:
    """Return what has run on one database. Raises UnknownPool, PoolNotOpened, Unavailable."""
    alias = registry.resolve(pool)
    with _told():
        return _read(alias, _applied(alias))


def has_framework_tables(pool: str) -> bool:
    """Tell whether a pool, which `resolve` has opened, has one. Raises Unavailable."""
    with _told():
        return bool(_framework_tables_in(pool))


@lru_cache(maxsize=1)
def migrated_tables() -> frozenset[str]:
    """Return every table that our migrations make or ever made, by its last name or a former one."""
    loader = MigrationLoader(None)
    state = loader.project_state(())
    found = set()
    for node in _in_order(loader):
        state = loader.graph.nodes[node].mutate_state(state, preserve=False)
        if node[0] in CATALOGUE_APPS:
            found |= {
                table
                for (app, _), model in state.models.items()
                if app in CATALOGUE_APPS and (table := model.options.get("db_table"))
            }
    return frozenset(found)


def _in_order(loader: MigrationLoader) -> list[Node]:
    order: dict[Node, None] = {}
    for leaf in loader.graph.leaf_nodes():
        order.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(order)


def _pool_names() -> Iterator[str]:
    if Pool._meta.db_table not in _framework_tables_in(DEFAULT_DB_ALIAS):
        return  # nothing is installed yet
    names = Pool.objects.using(DEFAULT_DB_ALIAS).exclude(apps_pool=None).order_by("apps_pool")
    for name in dict.fromkeys(map(str, names.values_list("apps_pool", flat=True))):
        if name != DEFAULT_DB_ALIAS:
            yield name


def _place(alias: str) -> tuple[object, ...]:
    """Return what tells databases apart as far as their settings do."""
    pool = registry.opened(alias)
    host = "localhost" if pool.row.host in ("", "127.0.0.1", "::1") else pool.row.host
    return pool.dialect.engine, host, pool.row.port, str(pool.row.database).removeprefix("file:")


def _read(alias: str, applied: frozenset[Node]) -> Database:
    connection = connections[_reading(alias)]
    interrupted = Steps(connection).begun()
    return Database(alias, registry.dialect_for(alias).name, applied, interrupted)


def _applied(alias: str) -> frozenset[Node]:
    recorder = MigrationRecorder(connections[_reading(alias)])
    return frozenset(node for node in recorder.applied_migrations() if node[0] in CATALOGUE_APPS)


def _framework_tables_in(alias: str) -> set[str]:
    names = connections[_reading(alias)].introspection.table_names()
    return {name.lower() for name in names} & set(framework_tables())


def _reading(alias: str) -> str:
    """Return the alias to read through: Django's own for the framework database, as migrations use it."""
    if alias == DEFAULT_DB_ALIAS:
        return alias
    drop_outdated_connection(alias + registry.READ)
    return alias + registry.READ


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as exc:
        raise failures.unavailable(Outage.DOWN) from exc
