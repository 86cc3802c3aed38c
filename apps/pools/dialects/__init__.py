"""Database products: what each writes, connects and returns in its own way."""

from functools import lru_cache

from apps.pools.dialects.base import Dialect, Target
from apps.pools.dialects.mysql import MariadbDialect, MysqlDialect
from apps.pools.dialects.oracle import OracleDialect
from apps.pools.dialects.postgresql import PostgresDialect
from apps.pools.dialects.sqlite import SqliteDialect
from liberty.errors import PoolNotOpened

__all__ = ["Dialect", "Target", "dialect_named", "dialect_of_engine"]

_DIALECTS: dict[str, type[Dialect]] = {
    "postgres": PostgresDialect,
    "postgresql": PostgresDialect,
    "mysql": MysqlDialect,
    "mariadb": MariadbDialect,
    "oracle": OracleDialect,
    "sqlite": SqliteDialect,
}


@lru_cache
def dialect_named(dbtype: str) -> Dialect:
    """Return the dialect of a database type as pools name it. Raises PoolNotOpened for an unknown one."""
    try:
        return _DIALECTS[dbtype.strip().lower()]()
    except KeyError:
        raise PoolNotOpened(
            f"Database type `{dbtype}` is unknown; known are {', '.join(_DIALECTS)}"
        ) from None


@lru_cache
def dialect_of_engine(engine: str) -> Dialect:
    """Return the dialect of a Django back end. Raises PoolNotOpened if there is none."""
    for name, dialect in _DIALECTS.items():
        if dialect.engine == engine:
            return dialect_named(name)
    raise PoolNotOpened(f"Django's back end `{engine}` has no dialect here")
