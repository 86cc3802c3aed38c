"""Text that is searched for means the same on each product."""

import pytest

from apps.pools import registry
from apps.pools.execution import fetch
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


def test_equality_minds_case(pool: ExternalPool) -> None:
    alias = registry.resolve(pool.name)
    condition = registry.dialect_for(alias).compare("v", "=", "%(p)s", Kind.TEXT)
    result = fetch(alias, Statement(f"SELECT v FROM t WHERE {condition}", {"p": "a_b"}), max_rows=9)
    assert [tuple(row) for row in result.rows] == [("a_b",)]
