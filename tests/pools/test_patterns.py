"""Text that is searched for means the same on each product."""

import pytest

from apps.pools import registry
from apps.pools.execution import describe, fetch
from apps.pools.statement import Kind, Statement
from tests.external import ExternalPool

TEXTS = ["a_b", "axb", "50% off", "500 off", "a\\b", "A_B", "[x]*?", "x", "Été"]


@pytest.fixture
def pool(any_pool: ExternalPool) -> ExternalPool:
    any_pool.execute("CREATE TABLE t (v varchar(20))")
    for text in TEXTS:
        escaped = text.replace("\\", "\\\\") if any_pool.dbtype == "mariadb" else text
        any_pool.execute(f"INSERT INTO t VALUES ('{escaped}')")
    return any_pool


def found(pool: ExternalPool, pattern: str, *, ignore_case: bool = False) -> set[str]:
    alias = registry.resolve(pool.name)
    dialect = registry.dialect_for(alias)
    condition = dialect.like("v", "%(p)s", ignore_case=ignore_case)
    sql = f"SELECT v FROM t WHERE {condition}"
    rows = fetch(alias, Statement(sql, {"p": dialect.like_pattern(pattern)}), max_rows=100).rows
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("a_b", {"a_b", "axb", "a\\b"}),
        (r"a\_b", {"a_b"}),
        ("50%", {"50% off", "500 off"}),
        (r"50\%%", {"50% off"}),
        (r"a\\b", {"a\\b"}),
        ("A%", {"A_B"}),
        ("[x]%", {"[x]*?"}),
        ("%*?", {"[x]*?"}),
        ("É%", {"Été"}),
    ],
)
def test_like_has_wildcards_an_escape_and_minds_case(
    pool: ExternalPool, pattern: str, texts: set[str]
) -> None:
    assert found(pool, pattern) == texts


def test_case_is_ignored_where_asked_for(pool: ExternalPool) -> None:
    assert found(pool, r"A\_b", ignore_case=True) == {"a_b", "A_B"}


@pytest.mark.parametrize("text", ["a_b", "50% off", "a\\b", "[x]*", "\\"])
def test_a_literal_is_found_as_it_is_written(pool: ExternalPool, text: str) -> None:
    literal = registry.dialect_for(registry.resolve(pool.name)).literal(text)
    assert found(pool, f"%{literal}%") == {other for other in TEXTS if text in other}
    assert found(pool, f"{literal}%") == {other for other in TEXTS if other.startswith(text)}
    assert found(pool, f"%{literal}") == {other for other in TEXTS if other.endswith(text)}


@pytest.mark.parametrize(
    ("operator", "text", "texts"),
    [
        ("=", "a_b", {"a_b"}),
        ("=", "A_b", set()),
        ("<>", "a_b", set(TEXTS) - {"a_b"}),
    ],
)
def test_comparisons_mind_case(pool: ExternalPool, operator: str, text: str, texts: set[str]) -> None:
    alias = registry.resolve(pool.name)
    condition = registry.dialect_for(alias).compare("v", operator, "%(p)s", Kind.TEXT)
    result = fetch(alias, Statement(f"SELECT v FROM t WHERE {condition}", {"p": text}), max_rows=9)
    assert {row[0] for row in result.rows} == texts


@pytest.mark.parametrize(
    ("operator", "value", "numbers"),
    [
        ("=", "10", {10}),
        (">", "9", {10, 100}),
        ("<", "10.5", {2, 10}),
        ("<>", "2", {10, 100}),
        ("=", "abc", set()),
    ],
)
def test_a_computed_number_compares_as_a_number_on_sqlite(
    sqlite_pool: ExternalPool, operator: str, value: str, numbers: set[int]
) -> None:
    alias = registry.resolve(sqlite_pool.name)
    (column,) = describe(alias, Statement("SELECT 1 + 1 AS v"))
    condition = registry.dialect_for(alias).compare("v", operator, "%(p)s", column.kind)
    sql = f"SELECT v FROM (SELECT 2 AS v UNION SELECT 10 UNION SELECT 10 * 10) WHERE {condition}"
    assert {row[0] for row in fetch(alias, Statement(sql, {"p": value}), max_rows=9).rows} == numbers
