"""Pages of stored SELECTs, on each product."""

from collections.abc import Sequence
from typing import Any

import pytest

from apps.pools import registry
from apps.pools.execution import describe, fetch
from apps.pools.statement import Statement
from tests.external import ExternalPool

NUMBERS = ", ".join(f"({number}, {20 - number})" for number in range(1, 11))


@pytest.fixture
def pool(any_pool: ExternalPool) -> ExternalPool:
    any_pool.execute("CREATE TABLE n (id integer, k integer)", f"INSERT INTO n VALUES {NUMBERS}")
    return any_pool


def page(
    pool: ExternalPool, sql: str, *, limit: int = 3, offset: int = 0, **arguments: Any
) -> list[Sequence[Any]]:
    alias = registry.resolve(pool.name)
    paged = registry.dialect_for(alias).page(sql, **arguments)
    values = {"liberty_limit": limit, "liberty_offset": offset}
    return [tuple(row) for row in fetch(alias, Statement(paged, values), max_rows=1000).rows]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM n ORDER BY k -- the last",
        "SELECT id FROM n ORDER BY k /* ; */",
        "WITH d AS (SELECT * FROM n) SELECT id FROM d ORDER BY k",
    ],
)
def test_the_order_of_the_definition_goes_on_over_pages(pool: ExternalPool, sql: str) -> None:
    assert page(pool, sql, has_order=True) == [(10,), (9,), (8,)]
    assert page(pool, sql, offset=8, has_order=True) == [(2,), (1,)]


def test_the_order_of_the_definition_survives_a_filter(pool: ExternalPool) -> None:
    found = page(pool, "SELECT id FROM n ORDER BY k", conditions=["id < 5"], has_order=True)
    assert found == [(4,), (3,), (2,)]


def test_an_order_of_the_callers_goes_before(pool: ExternalPool) -> None:
    found = page(pool, "SELECT id FROM n ORDER BY k", order_by=["id ASC"], has_order=True)
    assert found == [(1,), (2,), (3,)]


def test_a_limit_of_the_definition_stays(pool: ExternalPool) -> None:
    assert page(pool, "SELECT id FROM n ORDER BY k LIMIT 2", has_order=True) == [(10,), (9,)]


@pytest.mark.parametrize(
    "sql",
    [
        "WITH d AS (SELECT id FROM n UNION SELECT 99) SELECT id FROM d",
        "WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < 9) SELECT id FROM r",
        "SELECT id FROM n UNION SELECT 99",
        "VALUES (1), (2), (3), (4)",
    ],
)
def test_every_kind_of_select_is_paged(pool: ExternalPool, sql: str) -> None:
    assert len(page(pool, sql)) == 3


def test_a_large_result_is_cut_by_the_database(pool: ExternalPool) -> None:
    sql = "WITH RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r WHERE id < 900) SELECT id FROM r"
    assert len(page(pool, sql, limit=10)) == 10


def test_names_that_differ_only_in_case_are_both_there(pool: ExternalPool) -> None:
    alias = registry.resolve(pool.name)
    quote = registry.dialect_for(alias).quote
    sql = f"SELECT id AS {quote('a')}, k AS {quote('A')} FROM n WHERE id = 1"
    assert [column.name for column in describe(alias, Statement(sql))] == ["a", "A"]
    assert page(pool, sql, columns=["a", "a_2"]) == [(1, 19)]


def test_two_columns_of_one_name_are_described_and_paged(pool: ExternalPool) -> None:
    sql = "SELECT id AS n, k AS n FROM n WHERE id = 1"
    columns = describe(registry.resolve(pool.name), Statement(sql))
    assert [column.name for column in columns] == ["n", "n"]
    assert page(pool, sql, columns=["n", "n_2"], conditions=["n_2 = 19"]) == [(1, 19)]


@pytest.mark.parametrize(
    "name", ["start", "label", "order", "user", "select", "a b", 'a"b', "a`b", "é", "50%"]
)
def test_any_name_can_be_filtered_and_sorted(pool: ExternalPool, name: str) -> None:
    quoted = registry.dialect_for(registry.resolve(pool.name)).quote(name)
    found = page(
        pool, f"SELECT id AS {quoted} FROM n", conditions=[f"{quoted} > 7"], order_by=[f"{quoted} DESC"]
    )
    assert found == [(10,), (9,), (8,)]
