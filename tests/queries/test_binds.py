"""Where a bind stands, as `analyse` reads it off a stored statement."""

import pytest

from apps.pools.lexer import POSTGRESQL, Syntax
from apps.queries.binds import Bind, BindContext, analyse


def the_bind(sql: str, name: str = "X", syntax: Syntax = POSTGRESQL) -> Bind:
    (bind,) = [bind for bind in analyse(sql, syntax).binds if bind.name == name]
    return bind


CONTEXTS = [
    ("SELECT :X", BindContext.PLAIN),
    ("SELECT 1 WHERE a IN :X", BindContext.IN_LIST),
    ("SELECT 1 WHERE a IN (:X)", BindContext.IN_LIST),
    ("SELECT 1 WHERE a IN (1, :X)", BindContext.IN_PARENS),
    ("SELECT 1 WHERE a IN (:X + 1)", BindContext.PLAIN),
    ("SELECT 1 WHERE a IN (:X::int, 2)", BindContext.PLAIN),
    ("SELECT 1 WHERE a IN (SELECT b, :X, c FROM t)", BindContext.PLAIN),
    ("SELECT 1 WHERE a IN (f(:X))", BindContext.PLAIN),
    ("INSERT INTO t VALUES :X", BindContext.ROWS),
    ("INSERT INTO t VALUES (:X)", BindContext.PLAIN),
    ("SELECT 1 WHERE a = ANY(:X)", BindContext.ARRAY),
    ("SELECT 1 WHERE a <> ALL (:X::text[])", BindContext.ARRAY),
    ("SELECT :X::character varying(10)[]", BindContext.ARRAY),
    ("SELECT CAST(:X AS int[])", BindContext.ARRAY),
]


@pytest.mark.parametrize(("sql", "context"), CONTEXTS)
def test_the_context_of_a_bind_is_known(sql: str, context: BindContext) -> None:
    assert the_bind(sql).context is context


CASTS = [
    ("SELECT :X", None),
    ("SELECT :X::jsonb", "jsonb"),
    ("SELECT :X :: uuid[]", "uuid[]"),
    ("SELECT :X::pg_catalog.int4 AS n", "pg_catalog.int4"),
    ("SELECT :X::numeric(10, 2) n", "numeric"),
    ("SELECT :X::timestamp(3) with time zone", "timestamp with time zone"),
    ("SELECT CAST(:X AS double precision)", "double precision"),
    ("SELECT CAST(:X + 1 AS int)", None),
    ("SELECT :X::", None),
    ("SELECT a.(), :X", None),
]


@pytest.mark.parametrize(("sql", "cast"), CASTS)
def test_the_type_that_a_bind_is_cast_to_is_known(sql: str, cast: str | None) -> None:
    assert the_bind(sql).cast == cast


TARGETS = [
    ("UPDATE t SET a = :X WHERE b = 1", "a", None, True),
    ('UPDATE t SET t."A b" = :X, c = 2', "A b", None, True),
    ("UPDATE t SET b = 1, a = :X::int", "a", None, True),
    ("UPDATE t SET a = COALESCE(:X, a)", "a", None, False),
    ("UPDATE t SET a = :X + 1", "a", None, False),
    ("UPDATE t SET a = CASE WHEN 1 = 1 THEN :X END", "a", None, False),
    ("UPDATE t SET a = (SELECT b FROM u WHERE c = :X)", None, None, False),
    ("UPDATE t SET (a, b) = (1, :X)", "b", None, True),
    ("UPDATE t SET a = 1 WHERE a = :X", None, None, False),
    ("UPDATE t SET a = 1 FROM u WHERE a = :X", None, None, False),
    ("INSERT INTO t (a, b) VALUES (1, :X)", "b", None, True),
    ("INSERT INTO t (a, b) VALUES (1, 2), (3, :X)", "b", None, True),
    ("INSERT INTO t (a, b) VALUES (1, upper(:X))", "b", None, False),
    ("INSERT INTO t VALUES (1, 2, :X)", None, 2, True),
    ("INSERT INTO t (a, b) SELECT 1, :X FROM u", "b", None, True),
    ("INSERT INTO t (a, b) SELECT 1, :X AS b FROM u", "b", None, True),
    ("INSERT INTO t (a, b) (SELECT DISTINCT :X, 1 FROM u)", "a", None, True),
    ("INSERT INTO t SELECT 1, 2, :X || 'a' FROM u", None, 2, False),
    ("INSERT INTO t SELECT 1 FROM (SELECT 1, :X) u", None, None, False),
    ("INSERT INTO t SELECT 1 FROM u WHERE a = :X", None, None, False),
    ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = :X", "b", None, True),
    ("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = :X", "b", None, True),
    ("INSERT INTO t PARTITION (p) (a, b) VALUES (1, :X)", "b", None, True),
    ("INSERT ALL INTO t (a) VALUES (1) INTO u (b) VALUES (:X) SELECT 1 FROM dual", "b", None, True),
    ("INSERT ALL INTO t (a) VALUES (1) SELECT :X FROM dual", None, None, False),
    ("REPLACE INTO t (a, b) VALUES (1, :X)", "b", None, True),
    ("MERGE INTO t USING u ON (a = b) WHEN MATCHED THEN UPDATE SET c = :X", "c", None, True),
    (
        "MERGE INTO t USING u ON (a = b) WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, :X)",
        "b",
        None,
        True,
    ),
    ("WITH s AS (SELECT 1) INSERT INTO t (a) SELECT :X FROM s", "a", None, True),
    ("SELECT :X", None, None, False),
    ("SELECT 1 WHERE a = :X", None, None, False),
    ("DELETE FROM t WHERE a = :X", None, None, False),
]


@pytest.mark.parametrize(("sql", "target", "position", "is_whole"), TARGETS)
def test_the_column_that_a_value_goes_into_is_known(
    sql: str, target: str | None, position: int | None, is_whole: bool
) -> None:
    bind = the_bind(sql)
    assert (bind.target, bind.position, bind.is_whole) == (target, position, is_whole)


COMPARED = [
    ("SELECT 1 WHERE a = :X", "a"),
    ('SELECT 1 WHERE t."a" >= :X', "a"),
    ("SELECT 1 WHERE a NOT LIKE :X", "a"),
    ("SELECT 1 WHERE a NOT IN (:X)", "a"),
    ("SELECT 1 WHERE a BETWEEN :X AND 2", "a"),
    ("SELECT 1 WHERE f(a) = :X", None),
    ("UPDATE t SET a = :X", None),
    ("SELECT 1 LIMIT :X", None),
]


@pytest.mark.parametrize(("sql", "column"), COMPARED)
def test_the_column_that_a_bind_is_compared_with_is_known(sql: str, column: str | None) -> None:
    assert the_bind(sql).compared_with == column


IN_CONDITION = [
    ("DELETE FROM t WHERE a = :X", True),
    ("DELETE FROM t WHERE a IN (SELECT b FROM u WHERE c = :X) RETURNING a", True),
    ("UPDATE t SET a = 1 WHERE b = 2 AND c = :X", True),
    ("WITH u AS (SELECT 1) UPDATE t SET a = 1 WHERE b = :X", True),
    ("WITH d AS (DELETE FROM t WHERE a = :X RETURNING a) SELECT 1 FROM d", True),
    ("UPDATE t SET a = :X WHERE b = 1", False),
    ("UPDATE t SET a = (SELECT b FROM u WHERE c = :X) WHERE b = 1", False),
    ("DELETE FROM t WHERE a = 1 RETURNING :X", False),
    ("DELETE FROM t WHERE a = 1 ORDER BY a LIMIT :X", False),
    ("WITH d AS (DELETE FROM t WHERE a = 1 RETURNING a) SELECT 1 FROM d WHERE a = :X", False),
    ("INSERT INTO t SELECT a FROM u WHERE b = :X", False),
    ("SELECT 1 WHERE a = :X", False),
]


@pytest.mark.parametrize(("sql", "expected"), IN_CONDITION)
def test_binds_in_the_condition_of_a_change_are_marked(sql: str, expected: bool) -> None:
    assert the_bind(sql).in_condition is expected
