"""Check, open and close pools by the names that callers use."""

from django.db import DEFAULT_DB_ALIAS

from apps.pools import registry
from apps.pools.execution import fetch
from apps.pools.statement import Statement
from liberty.errors import PoolNotOpened, Unavailable


def check(name: str, *, catalogue: str = DEFAULT_DB_ALIAS) -> str:
    """Return the current time of the pool's database, as ISO text in UTC (`…+00:00`).

    Raises UnknownPool, PoolNotOpened, Unavailable.
    """
    alias = registry.resolve(name, catalogue=catalogue)
    dialect = registry.dialect_for(alias)
    result = fetch(alias, Statement(dialect.current_time), max_rows=1)
    return str(result.rows[0][0]).removesuffix("+00:00") + "+00:00"


def open_pool(name: str, *, catalogue: str = DEFAULT_DB_ALIAS) -> None:
    """Open a pool and connect to its database, also where it is open already.

    Raises UnknownPool, and PoolNotOpened also where the database does not answer.
    """
    alias = registry.resolve(name, catalogue=catalogue)
    try:
        registry.opened(alias).reader.probe()
    except Unavailable as exc:
        raise PoolNotOpened(f"Pool `{name}` cannot be opened: {exc.message}") from exc


def close_pool(name: str, *, catalogue: str = DEFAULT_DB_ALIAS) -> None:
    """Close a pool; statements that run on it finish. Raises UnknownPool, Forbidden for `default`."""
    registry.close(registry.alias_of(name, catalogue=catalogue))
