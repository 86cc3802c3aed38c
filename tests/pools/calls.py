"""Short ways to run statements on pools, shared by the tests of this folder."""

from collections.abc import Mapping
from typing import Any

import orjson

from apps.pools import registry
from apps.pools.execution import apply, fetch
from apps.pools.statement import ResultSet, Statement
from tests.external import ExternalPool

Values = Mapping[str, Any]


def run(pool: ExternalPool, sql: str, params: Values | None = None, **flags: Any) -> ResultSet:
    """Read with `sql` from a pool, at most 1000 rows."""
    return fetch(registry.resolve(pool.name), Statement(sql, params or {}, **flags), max_rows=1000)


def rows(pool: ExternalPool, sql: str, params: Values | None = None, **flags: Any) -> list[list[Any]]:
    """Return the rows as a JSON reader gets them."""
    read: list[list[Any]] = orjson.loads(json_of(run(pool, sql, params, **flags)))
    return read


def json_of(result: ResultSet) -> str:
    """Return the rows of a result as JSON text."""
    return orjson.dumps(list(result.rows)).decode()


def write(pool: ExternalPool, *statements: tuple[str, Values]) -> ResultSet:
    """Run writing statements in one transaction."""
    return apply(registry.resolve(pool.name), [Statement(sql, params) for sql, params in statements])
