"""Open pools: from their rows to Django's connection handler, and back.

Pool `x` of the framework database is alias `x`; pool `x` of catalogue `c` is alias `c/x`. Each open pool adds
two databases to Django's `connections`: `x` writes, `x:read` reads and cannot write. For the framework
database itself, which Django has as `default`, they are `default:write` and `default:read`.
"""

import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.utils import ProgrammingError

from apps.pools.catalogue import raise_stamp, remembered, watch
from apps.pools.dialects import Dialect, Target, dialect_named, dialect_of_engine, failures
from apps.pools.dialects.driver import Connections, Driver
from apps.pools.dialects.failures import Outage
from apps.pools.models import Pool
from liberty.crypto import decrypt_stored
from liberty.errors import DecryptionFailed, Forbidden, PoolNotOpened, UnknownPool
from liberty.fields import YesNoField

SEPARATOR = "/"
READ = ":read"
WRITE = ":write"
# Stamps of this prefix count how often a pool was closed (see `apps.pools.catalogue`).
CLOSED = "closed:"
# Connections of a process to a pool whose row does not say how many, and to the framework database.
MIN_SIZE = 1
MAX_SIZE = 8


@dataclass(frozen=True, slots=True)
class PoolRow:
    """What a row of `ly_applications` says about a pool; the password is as stored."""

    dbtype: str
    database: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)
    min_size: int
    max_size: int
    replaces_null: bool = False
    """Written nulls become a blank text, as databases that know no empty text want it."""


@dataclass(frozen=True, slots=True)
class OpenPool:
    """A pool that statements can be run on."""

    alias: str
    row: PoolRow
    dialect: Dialect
    driver: Driver
    reader: Connections
    writer: Connections


_open: dict[str, OpenPool] = {}
_locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)


def resolve(name: str, *, catalogue: str = DEFAULT_DB_ALIAS) -> str:
    """Return the alias of the pool that `catalogue` (an alias) knows by `name`, opened for use.

    The catalogue's own pools come first, then those of the framework database. No connection is made
    yet. A pool whose row has changed is closed and opened anew. Raises UnknownPool, PoolNotOpened where
    the row cannot be used (driver, key, file), Unavailable if the catalogue cannot be read.
    """
    if name == DEFAULT_DB_ALIAS:
        return name
    alias, row = _found(name, catalogue)
    pool = _open.get(alias)
    if pool is None or pool.row != row:
        _open_pool(alias, row)
    return alias


def alias_of(name: str, *, catalogue: str = DEFAULT_DB_ALIAS) -> str:
    """Return the alias of a pool without opening it. Raises as `resolve` does, but not PoolNotOpened."""
    return name if name == DEFAULT_DB_ALIAS else _found(name, catalogue)[0]


def opened(alias: str) -> OpenPool:
    """Return the pool behind an alias of `resolve`, opening it if it was closed since."""
    if alias == DEFAULT_DB_ALIAS:
        return _framework_pool()
    pool = _open.get(alias)
    if pool is not None:
        return pool
    catalogue, _, name = alias.rpartition(SEPARATOR)
    resolve(name, catalogue=catalogue or DEFAULT_DB_ALIAS)
    try:
        return _open[alias]
    except KeyError:
        raise UnknownPool(alias) from None


def dialect_for(alias: str) -> Dialect:
    """Return the dialect of the database behind an alias."""
    return opened(alias).dialect


def replaces_null(alias: str) -> bool:
    """Tell whether nulls and empty texts are written as a blank to the pool behind an alias."""
    return opened(alias).row.replaces_null


def is_open(alias: str) -> bool:
    """Tell whether the pool is in use in this process."""
    return alias == DEFAULT_DB_ALIAS or alias in _open


def open_rows() -> dict[str, PoolRow]:
    """Return what is known of each pool that is in use in this process, by alias."""
    return {alias: pool.row for alias, pool in _open.items() if alias != DEFAULT_DB_ALIAS}


def close(alias: str) -> None:
    """Close a pool; running statements finish. One that is closed already is no error.

    Other processes close it when they next look for changes, with the next request that they answer.
    Raises Forbidden for the framework database, UnknownPool if no catalogue knows the pool.
    """
    if alias == DEFAULT_DB_ALIAS:
        raise Forbidden("The framework database cannot be closed")
    if alias not in _open:
        catalogue, _, name = alias.rpartition(SEPARATOR)
        _found(name, catalogue or DEFAULT_DB_ALIAS)
    raise_stamp(CLOSED + alias)
    with _locks[alias]:
        _shut(alias)


def _close_with_others(stamp: str) -> None:
    """Close a pool that another process has closed."""
    alias = stamp.removeprefix(CLOSED)
    if alias != stamp:
        with _locks[alias]:
            _shut(alias)


watch(_close_with_others)


def close_all() -> None:
    """Close every pool of this process, and what is kept beside Django's framework database."""
    for alias in list(_open):
        with _locks[alias]:
            _shut(alias)


def _found(name: str, catalogue: str) -> tuple[str, PoolRow]:
    """Return alias and row of a pool; the asking catalogue first, then the framework database."""
    if not name or SEPARATOR in name or ":" in name:
        # Marks of aliases.
        raise UnknownPool(name)
    if catalogue != DEFAULT_DB_ALIAS:
        row = _row(name, opened(catalogue).alias)
        if row is not None:
            return f"{catalogue}{SEPARATOR}{name}", row
    row = _row(name, DEFAULT_DB_ALIAS)
    if row is None:
        raise UnknownPool(name)
    return name, row


def _row(name: str, catalogue: str) -> PoolRow | None:
    return remembered(catalogue, ("pool", name), lambda: _read_row(name, catalogue))


def _read_row(name: str, catalogue: str) -> PoolRow | None:
    try:
        row = Pool.objects.using(catalogue).filter(apps_pool=name).order_by("apps_id").first()
    except ProgrammingError:
        # A pool without framework tables is no catalogue and describes no pools.
        return None
    except DatabaseError as exc:
        if "no such table" in str(exc):
            return None
        raise failures.unavailable(Outage.DOWN) from exc
    return None if row is None else _of_model(row)


def _of_model(row: Pool) -> PoolRow:
    return PoolRow(
        dbtype=row.apps_dbtype or "",
        database=row.apps_database or "",
        host=row.apps_host or "",
        port=row.apps_port,
        user=row.apps_user or "",
        password=row.apps_password or "",
        min_size=max(0, row.apps_pool_min if row.apps_pool_min is not None else MIN_SIZE),
        max_size=max(1, row.apps_pool_max or MAX_SIZE),
        replaces_null=row.apps_replace_null == YesNoField.YES,
    )


def _framework_pool() -> OpenPool:
    """Return the framework database; its name is read each time, since tests move it."""
    django: dict[str, Any] = connections.settings[DEFAULT_DB_ALIAS]
    pool = _open.get(DEFAULT_DB_ALIAS)
    if pool is not None and pool.row.database == str(django["NAME"]):
        return pool
    dialect = dialect_of_engine(django["ENGINE"])
    row = PoolRow(
        dbtype=dialect.name,
        database=str(django["NAME"]),
        host=django["HOST"],
        port=int(django["PORT"]) if django["PORT"] else None,
        user=django["USER"],
        password=django["PASSWORD"],
        min_size=MIN_SIZE,
        max_size=MAX_SIZE,
    )
    return _open_pool(DEFAULT_DB_ALIAS, row)


def _open_pool(alias: str, row: PoolRow) -> OpenPool:
    with _locks[alias]:
        pool = _open.get(alias)
        if pool is not None and pool.row == row:
            return pool
        _shut(alias)
        _open[alias] = _registered(alias, row)
        return _open[alias]


def _registered(alias: str, row: PoolRow) -> OpenPool:
    target = _target(alias, row)
    dialect = _dialect_of(alias, row)
    driver = dialect.driver(target)
    reader_alias, writer_alias = _aliases(alias)
    options = connections.settings[DEFAULT_DB_ALIAS]["OPTIONS"] if alias == DEFAULT_DB_ALIAS else {}
    entries = {
        reader_alias: dialect.settings(target, reading=True),
        writer_alias: dialect.settings(target, reading=False),
    }
    for name, entry in entries.items():
        connections.settings[name] = _configured(name, entry, options)
    return OpenPool(
        alias=alias,
        row=row,
        dialect=dialect,
        driver=driver,
        reader=driver.connections(reader_alias, reading=True),
        writer=driver.connections(writer_alias, reading=False),
    )


def _target(alias: str, row: PoolRow) -> Target:
    return Target(
        alias=alias,
        dbtype=row.dbtype,
        database=row.database,
        host=row.host,
        port=row.port,
        user=row.user,
        password=_password(alias, row),
        min_size=row.min_size,
        max_size=row.max_size,
        transaction_pooler=_is_behind_transaction_pooler(alias),
    )


def _password(alias: str, row: PoolRow) -> str:
    if alias == DEFAULT_DB_ALIAS:
        return row.password
    try:
        return decrypt_stored(row.password)
    except DecryptionFailed as exc:
        # The encrypted text itself must never reach a database as if it were the password.
        raise PoolNotOpened(f"Pool `{alias}` cannot be opened: its password cannot be decrypted") from exc


def _dialect_of(alias: str, row: PoolRow) -> Dialect:
    try:
        return dialect_named(row.dbtype)
    except PoolNotOpened as exc:
        raise PoolNotOpened(f"Pool `{alias}` cannot be opened: {exc.message}") from exc


def _is_behind_transaction_pooler(alias: str) -> bool:
    return alias in settings.LIBERTY_TRANSACTION_POOLERS


def _aliases(alias: str) -> tuple[str, str]:
    """Return the names in Django's `connections` of the reading and the writing database of a pool."""
    return alias + READ, alias + WRITE if alias == DEFAULT_DB_ALIAS else alias


def _configured(name: str, entry: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return a database's settings with Django's defaults; `options` are kept where the entry has none."""
    entry["OPTIONS"] = {**options, **entry["OPTIONS"]}
    databases = {DEFAULT_DB_ALIAS: dict(connections.settings[DEFAULT_DB_ALIAS]), name: entry}
    configured: dict[str, Any] = connections.configure_settings(databases)[name]
    return configured


def _shut(alias: str) -> None:
    pool = _open.pop(alias, None)
    if pool is None:
        return
    pool.reader.close()
    pool.writer.close()
    for name in _aliases(alias):
        with suppress(AttributeError):
            connections[name].close()
            del connections[name]
        connections.settings.pop(name, None)
