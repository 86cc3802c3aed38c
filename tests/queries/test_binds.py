"""What `analyse` reads off a stored statement, and what `render` makes of it."""

import sqlite3
from typing import Any

import pytest

from apps.pools.lexer import GENERIC, MYSQL, ORACLE, POSTGRESQL, SQLITE, Syntax
from apps.queries.binds import Bind, BindContext, StoredSql, analyse, render
from liberty.errors import InvalidDefinition, MalformedRequest


def rendered(text: str, syntax: Syntax = POSTGRESQL, /, **values: Any) -> tuple[str, dict[str, Any]]:
    upper = {name.upper(): value for name, value in values.items()}
    return render(analyse(text, syntax), values=upper, names={"S": '"JDE"'}, schemas={"MAIN": '"liberty"'})


def refusal(sql: str, syntax: Syntax = POSTGRESQL) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        analyse(sql, syntax)
    return caught.value.message


def the_bind(sql: str, name: str = "X", syntax: Syntax = POSTGRESQL) -> Bind:
    (bind,) = [bind for bind in analyse(sql, syntax).binds if bind.name == name]
    return bind


# -- values ---------------------------------------------------------------------------------------------


RENDERED = [
    ("= ANY(:ids::uuid[])", {"ids": ["a", "b"]}, "= ANY(%(b_1)s::uuid[])", {"b_1": ["a", "b"]}),
    (":perms::jsonb", {"perms": {"a": 1}}, "%(b_1)s::jsonb", {"b_1": {"a": 1}}),
    ("a = :a AND b = :A", {"a": 1}, "a = %(b_1)s AND b = %(b_1)s", {"b_1": 1}),
    ("a = :id2 AND b = :id", {"id": 1, "id2": 2}, "a = %(b_1)s AND b = %(b_2)s", {"b_1": 2, "b_2": 1}),
    ("n LIKE '%adm%' AND a = :a", {"a": 1}, "n LIKE '%%adm%%' AND a = %(b_1)s", {"b_1": 1}),
    ("n LIKE '%adm%'", {}, "n LIKE '%%adm%%'", {}),
    ("b -- 50% of b\n= :b", {"b": 1}, "b -- 50%% of b\n= %(b_1)s", {"b_1": 1}),
    ("a % b ? :b AND c ?| d AND e ?& f", {"b": 1}, "a %% b ? %(b_1)s AND c ?| d AND e ?& f", {"b_1": 1}),
    ("a IN :a", {"a": [1, 2]}, "a IN (%(b_1_0)s, %(b_1_1)s)", {"b_1_0": 1, "b_1_1": 2}),
    ("a not in ( :a )", {"a": [1, 2]}, "a NOT IN (%(b_1_0)s, %(b_1_1)s)", {"b_1_0": 1, "b_1_1": 2}),
    ("a IN (:a)", {"a": 1}, "a IN (%(b_1)s)", {"b_1": 1}),
    ("a IN :a", {"a": "x,y"}, "a IN (%(b_1)s)", {"b_1": "x,y"}),
    (
        "a IN (:a)",
        {"a": ["Alex, Jr", " Jin"]},
        "a IN (%(b_1_0)s, %(b_1_1)s)",
        {"b_1_0": "Alex, Jr", "b_1_1": " Jin"},
    ),
    ("a IN (:a, 'Y')", {"a": "N"}, "a IN (%(b_1)s, 'Y')", {"b_1": "N"}),
    ("a IN (:a, 'Y')", {"a": ["N", "M"]}, "a IN (%(b_1_0)s, %(b_1_1)s, 'Y')", {"b_1_0": "N", "b_1_1": "M"}),
    ("a IN (:a, 'Y')", {"a": []}, "a IN (NULL, 'Y')", {}),
    (
        "(a, b) IN (:a)",
        {"a": [[1, 2], [3, 4]]},
        "(a, b) IN ((%(b_1_0_0)s, %(b_1_0_1)s), (%(b_1_1_0)s, %(b_1_1_1)s))",
        {"b_1_0_0": 1, "b_1_0_1": 2, "b_1_1_0": 3, "b_1_1_1": 4},
    ),
    (
        ":a IS NULL OR a IN (:a)",
        {"a": [7]},
        "%(b_1)s IS NULL OR a IN (%(b_1_0)s)",
        {"b_1": [7], "b_1_0": 7},
    ),
    (
        "a = :sql AND b = :limit AND c = :pool",
        {"sql": "s", "limit": 1, "pool": "p"},
        "a = %(b_1)s AND b = %(b_2)s AND c = %(b_3)s",
        {"b_1": "s", "b_2": 1, "b_3": "p"},
    ),
    *[
        ("a = :a", {"a": value}, "a = %(b_1)s", {"b_1": value})
        for value in (
            "teste-do-abc",
            "select 1; drop table t",
            "O'Brien",
            "%s %(b_1)s",
            ":a",
            None,
            [1],
            {"b": 2},
        )
    ],
]


@pytest.mark.parametrize(("condition", "values", "sql", "params"), RENDERED)
def test_values_become_parameters(
    condition: str, values: dict[str, Any], sql: str, params: dict[str, Any]
) -> None:
    assert rendered(f"SELECT 1 WHERE {condition}", **values) == (f"SELECT 1 WHERE {sql}", params)


def test_names_and_schemas_are_put_in_as_given() -> None:
    sql, params = rendered("SELECT 1 FROM #:s#.T, #schema.MAIN#.U")
    assert (sql, params) == ('SELECT 1 FROM "JDE".T, "liberty".U', {})


def test_every_missing_parameter_is_named() -> None:
    with pytest.raises(MalformedRequest, match=r"^SQL parameter `A` has no value$"):
        rendered("SELECT :a, :b", b=1)
    with pytest.raises(MalformedRequest, match=r"^SQL parameters `A`, `N`, `B` have no value$"):
        rendered("SELECT :a, :a FROM #:n# WHERE b = :b")


def test_a_schema_that_is_not_described_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match=r"^schema `OTHER` is not described for this pool$"):
        rendered("SELECT 1 FROM #SCHEMA.OTHER#.T")


def test_a_stand_in_takes_the_place_of_a_bind_and_its_value() -> None:
    stored = analyse("UPDATE t SET pw = :PW, a = :A WHERE b IN (:B)", POSTGRESQL)
    stand_ins = {"PW": "pw", "B": "b"}
    sql, params = render(
        stored, values={"A": 1}, names={}, schemas={}, stand_in=lambda bind: stand_ins.get(bind.name)
    )
    assert (sql, params) == ("UPDATE t SET pw = pw, a = %(b_2)s WHERE b IN (b)", {"b_2": 1})


@pytest.mark.parametrize("condition", ["IN :IDS", "IN (:IDS)"])
@pytest.mark.parametrize(("negation", "count"), [("", 0), ("NOT ", 3)])
def test_an_empty_list_after_in_holds_nothing(condition: str, negation: str, count: int) -> None:
    stored = analyse(f"SELECT count(*) FROM t WHERE a {negation}{condition} AND 1 = 1", SQLITE)
    sql, params = render(stored, values={"IDS": []}, names={}, schemas={})
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (None,)])
        assert connection.execute(sql % {}, params).fetchall() == [(count,)]
    finally:
        connection.close()


def test_an_empty_list_after_in_is_an_empty_sub_select_where_conditions_are_no_values() -> None:
    sql, params = rendered("SELECT 1 FROM t WHERE a NOT IN (:A)", ORACLE, a=[])
    assert (sql, params) == ("SELECT 1 FROM t WHERE a NOT IN (SELECT NULL FROM dual WHERE 1 = 0)", {})


# -- rows -----------------------------------------------------------------------------------------------


ROWS = [
    ([{"B": 1, "a": "x"}, {"A": "y", "b": None}], [[1, "x"], [None, "y"]]),
    ([{"ROW_ID": 1, "a": 1}, {"a": 2, "row_id": 2}], [[1], [2]]),
    ({"a": 1, "b": [1, 2]}, [[1, [1, 2]]]),
    ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ([1, None], [[1], [None]]),
]


@pytest.mark.parametrize(("value", "rows"), ROWS)
def test_objects_after_values_become_rows(value: Any, rows: list[list[Any]]) -> None:
    sql, params = rendered("INSERT INTO t VALUES\n  :R ON CONFLICT DO NOTHING", r=value)
    tuples = ", ".join(
        "(" + ", ".join(f"%(b_1_{line}_{column})s" for column in range(len(row))) + ")"
        for line, row in enumerate(rows)
    )
    assert sql == f"INSERT INTO t VALUES\n  {tuples} ON CONFLICT DO NOTHING"
    assert params == {f"b_1_{line}_{c}": v for line, row in enumerate(rows) for c, v in enumerate(row)}


BAD_ROWS: list[tuple[Any, str]] = [
    ([], "SQL parameter `R` needs a list of at least one object"),
    ("x", "SQL parameter `R` needs a list of at least one object"),
    (None, "SQL parameter `R` needs a list of at least one object"),
    ([{}], "item 1 of SQL parameter `R` does not have as many values as it should"),
    ([[1], [1, 2]], "item 2 of SQL parameter `R` does not have as many values as it should"),
    ([{"A": 1}, 2], "the items of SQL parameter `R` are not all objects"),
    (
        [{"A": 1}, {"a": 1, "b": 2}],
        "item 2 of SQL parameter `R` has the member `B`, which the first item lacks",
    ),
    ([{"A": 1, "B": 2}, {"a": 1}], "item 2 of SQL parameter `R` lacks the member `B` of the first item"),
    ([{"A": 1, "a": 2}], "item 1 of SQL parameter `R` has the member `a` twice"),
]


@pytest.mark.parametrize(("value", "message"), BAD_ROWS)
def test_rows_that_do_not_fit_together_are_refused(value: Any, message: str) -> None:
    with pytest.raises(MalformedRequest) as caught:
        rendered("INSERT INTO t VALUES :R", r=value)
    assert caught.value.message == message


# -- where a bind stands ----------------------------------------------------------------------------------


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


# -- what a statement is --------------------------------------------------------------------------------


VERBS = [
    ("select 1", "SELECT", "SELECT", True),
    ("-- c\n/* d */ SELECT 1", "SELECT", "SELECT", True),
    ("(SELECT 1) UNION (SELECT 2)", "SELECT", "SELECT", True),
    ("((SELECT 1))", "SELECT", "SELECT", True),
    ("VALUES (1), (2)", "VALUES", "VALUES", True),
    ("TABLE t", "TABLE", "TABLE", True),
    ("WITH d AS (SELECT 1 UNION SELECT 2) SELECT * FROM d", "WITH", "SELECT", True),
    (
        "WITH RECURSIVE d (a, b) AS (SELECT 1, 2 UNION SELECT a, b FROM d) SELECT * FROM d",
        "WITH",
        "SELECT",
        True,
    ),
    (
        "WITH a AS MATERIALIZED (SELECT 1), b AS (VALUES (1)) (SELECT 1 FROM a) LIMIT 1",
        "WITH",
        "SELECT",
        True,
    ),
    ("WITH a AS (SELECT 1) SEARCH DEPTH FIRST BY x SET y SELECT 1", "WITH", "SELECT", True),
    ("WITH values AS (SELECT 1), table AS (SELECT 2) SELECT 1", "WITH", "SELECT", True),
    ("WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b) SELECT * FROM a", "WITH", "SELECT", True),
    ("WITH a AS (SELECT 1) (WITH b AS (SELECT 2) SELECT * FROM b)", "WITH", "SELECT", True),
    ("SELECT 'DELETE', \"update\", insert.x FROM t FOR UPDATE", "SELECT", "SELECT", True),
    ("WITH t AS (DELETE FROM u WHERE a = 1 RETURNING *) SELECT * FROM t", "WITH", "SELECT", False),
    ("WITH t AS (WITH v AS (SELECT 1) DELETE FROM u WHERE a = 1) SELECT 1", "WITH", "SELECT", False),
    (
        "WITH t AS NOT MATERIALIZED (UPDATE u SET a = 1 WHERE b = 2 RETURNING *) SELECT 1",
        "WITH",
        "SELECT",
        False,
    ),
    ("WITH x AS (SELECT 1) DELETE FROM t WHERE a = 1", "WITH", "DELETE", False),
    ("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "WITH", "INSERT", False),
    ("WITH x AS (SELECT 1)", "WITH", "WITH", False),
    ("EXPLAIN ANALYZE DELETE FROM t WHERE a = 1", "EXPLAIN", "EXPLAIN", False),
    ("SELECT a INTO b FROM t", "SELECT", "SELECT", False),
    ("(SELECT a INTO b FROM t)", "SELECT", "SELECT", False),
    ("INSERT INTO t VALUES (1)", "INSERT", "INSERT", False),
    ("UPDATE t SET a = 1 WHERE b = 2", "UPDATE", "UPDATE", False),
    ("DELETE FROM t WHERE a = 1", "DELETE", "DELETE", False),
    ("MERGE INTO t USING u ON (a = b) WHEN MATCHED THEN DELETE", "MERGE", "MERGE", False),
    ("CALL p(1)", "CALL", "CALL", False),
]


@pytest.mark.parametrize(("sql", "verb", "main_verb", "is_read"), VERBS)
def test_the_verb_tells_reads_from_the_rest(sql: str, verb: str, main_verb: str, is_read: bool) -> None:
    stored = analyse(sql, POSTGRESQL)
    assert (stored.verb, stored.main_verb, stored.is_read) == (verb, main_verb, is_read)


CONDITIONS = [
    ("UPDATE t SET a = 1", False),
    ("UPDATE t SET a = (SELECT b FROM u WHERE c = 1)", False),
    ("UPDATE t SET a = 'WHERE' -- WHERE b = 1", False),
    ("UPDATE t SET a = 1 WHERE b = 2", True),
    ("DELETE FROM t", False),
    ("DELETE FROM t WHERE CURRENT OF c", True),
    ("DELETE FROM t USING (SELECT 1 WHERE 1 = 1) u", False),
    ("DELETE t.where FROM t", False),
    ("WITH x AS (SELECT 1 WHERE 1 = 1) DELETE FROM t", False),
    ("WITH x AS (SELECT 1) DELETE FROM t WHERE a = 1", True),
    ("WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d WHERE a = 1", False),
    ("WITH d AS (DELETE FROM t WHERE a = 1 RETURNING a) UPDATE u SET a = 1", False),
    ("WITH d AS (DELETE FROM t WHERE a = 1 RETURNING a) UPDATE u SET a = 1 WHERE b = 1", True),
    ("EXPLAIN ANALYZE DELETE FROM t", False),
    ("EXPLAIN (ANALYZE, VERBOSE) UPDATE t SET a = 1", False),
    ("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1", True),
    ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE b = 1", True),
    ("MERGE INTO t USING u ON (a = b) WHEN MATCHED THEN UPDATE SET c = 1", True),
    ("SELECT 1 FOR UPDATE", True),
    ("SELECT 1", True),
]


@pytest.mark.parametrize(("sql", "expected"), CONDITIONS)
def test_an_update_or_delete_has_a_condition_at_its_own_level(sql: str, expected: bool) -> None:
    assert analyse(sql, POSTGRESQL).has_condition is expected


def test_changes_in_a_block_need_conditions_too() -> None:
    assert not analyse("BEGIN IF :a = 1 THEN DELETE FROM t; END IF; END;", ORACLE).has_condition
    assert not analyse(
        "DECLARE n INT; BEGIN UPDATE t SET a = 1; DELETE t WHERE a = 1; END;", ORACLE
    ).has_condition
    assert analyse("BEGIN DELETE t WHERE a = 1; UPDATE t SET a = 1 WHERE b = :b; END;", ORACLE).has_condition


TAILS = [
    ("SELECT a FROM t", False, False),
    ("SELECT a FROM t ORDER BY a", True, False),
    ("SELECT row_number() OVER (ORDER BY a) FROM t", False, False),
    ("SELECT string_agg(a, ',' ORDER BY b) FROM t", False, False),
    ("SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 1) x", False, False),
    ("SELECT a FROM t UNION SELECT b FROM u ORDER BY 1 LIMIT :n", True, True),
    ("(SELECT a FROM t ORDER BY a LIMIT 1) UNION (SELECT 2)", False, False),
    ("(SELECT a FROM t ORDER BY a LIMIT 1)", True, True),
    ("(SELECT a FROM t) ORDER BY a OFFSET 5", True, True),
    ("WITH x AS (SELECT 1 ORDER BY 1 LIMIT 1) SELECT * FROM x", False, False),
    ("WITH x AS (SELECT 1) SELECT * FROM x ORDER SIBLINGS BY a FETCH FIRST 5 ROWS ONLY", True, True),
    ("WITH x AS (SELECT 1) (SELECT * FROM x ORDER BY 1)", True, False),
    ("SELECT a FROM t FOR UPDATE", False, True),
    ("SELECT a FROM t LOCK IN SHARE MODE", False, True),
    ("SELECT limit, offset FROM t WHERE fetch = 1 AND t.limit > 2", False, False),
    ("VALUES (1), (2) ORDER BY 1", True, False),
    ("SELECT 'ORDER BY a LIMIT 1' -- ORDER BY a LIMIT 1", False, False),
]


@pytest.mark.parametrize(("sql", "has_order", "has_limit"), TAILS)
def test_order_and_limit_are_those_of_the_whole(sql: str, has_order: bool, has_limit: bool) -> None:
    stored = analyse(sql, POSTGRESQL)
    assert (stored.has_order, stored.has_limit) == (has_order, has_limit)


SESSIONS = [
    (POSTGRESQL, "SELECT count(*), max(a) FILTER (WHERE a > 1) OVER (PARTITION BY b) FROM t", False),
    (
        POSTGRESQL,
        "SELECT pg_catalog.lower(a), cast(b AS numeric(10, 2)), c::varchar(3) FROM f AS x (a, b)",
        False,
    ),
    (POSTGRESQL, "SELECT 1 WHERE a IN (1) AND EXISTS (SELECT 1) AND b = ANY (ARRAY[1])", False),
    (POSTGRESQL, "WITH x (a) AS (SELECT 1), y (b) AS (VALUES (1)) SELECT 1 FROM x JOIN y USING (a)", False),
    (POSTGRESQL, "INSERT INTO s.t (a, b) VALUES (nextval('s'), now()) ON CONFLICT (a) DO NOTHING", False),
    (POSTGRESQL, "UPDATE t SET a = upper(b) WHERE c = 1", False),
    (POSTGRESQL, "SELECT set_config('a', 'b', false)", True),
    (POSTGRESQL, "SELECT pg_catalog.set_config /* c */ ('a', 'b', false)", True),
    (POSTGRESQL, 'SELECT "set_config"(1)', True),
    (POSTGRESQL, 'SELECT "LOWER"(a)', True),
    (POSTGRESQL, "SELECT mine.lower(a)", True),
    (POSTGRESQL, "SELECT #SCHEMA.MAIN#.lower(a)", True),
    (POSTGRESQL, "SELECT pg_advisory_lock(1)", True),
    (POSTGRESQL, "SELECT pg_stat_reset()", True),
    (POSTGRESQL, "SELECT * FROM f(1) AS (a int)", True),
    (POSTGRESQL, "SELECT * FROM lower('a') x, f(1) AS (values int)", True),
    (POSTGRESQL, "SELECT DISTINCT ON (a) f(a) FROM t", True),
    (POSTGRESQL, "SELECT a INTO TEMP b FROM t", True),
    (POSTGRESQL, "SET search_path = x", True),
    (POSTGRESQL, "PREPARE a AS SELECT 1", True),
    (POSTGRESQL, "LISTEN a", True),
    (POSTGRESQL, "CALL p()", True),
    (MYSQL, "SELECT group_concat(a), ifnull(b, 1), date_format(c, '%Y') FROM t", False),
    (MYSQL, "SELECT @v := 1", True),
    (MYSQL, "SELECT get_lock('a', 1)", True),
    (MYSQL, "SELECT 1 /*!, get_lock('a', 1) */", True),
    (SQLITE, "SELECT strftime('%Y', a), ifnull(b, 1), json_extract(c, '$.a') FROM t", False),
    (SQLITE, "SELECT load_extension('x')", True),
    (SQLITE, "PRAGMA query_only = 0", True),
    (ORACLE, "SELECT nvl(a, 1), to_char(b, 'YYYY'), dbms_lob.substr(c, 1), sys.lower(d) FROM dual", False),
    (ORACLE, "SELECT dbms_lock.sleep(1) FROM dual", True),
    (ORACLE, "BEGIN NULL; END;", True),
    (GENERIC, "SELECT coalesce(a, 1), count(*) FROM t GROUP BY a", False),
]


@pytest.mark.parametrize(("syntax", "sql", "expected"), SESSIONS)
def test_what_may_change_the_session_is_marked(syntax: Syntax, sql: str, expected: bool) -> None:
    assert analyse(sql, syntax).changes_session is expected


TABLES = [
    ("SELECT a FROM t", {"t"}),
    ('SELECT a FROM s.T x, "U" y LEFT JOIN v ON x.a = v.a, w WHERE b = c', {"t", "u", "v", "w"}),
    ("SELECT a FROM (t JOIN u USING (b, c)) JOIN LATERAL (SELECT d FROM v) x ON true", {"t", "u", "v"}),
    ("SELECT extract(year FROM d), trim(both ' ' FROM e) FROM t WHERE a IS DISTINCT FROM b", {"t"}),
    ("SELECT a FROM #:N#.t, #SCHEMA.MAIN#.u", {"t", "u"}),
    ("INSERT INTO t (a) SELECT b FROM u", {"t", "u"}),
    ("INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1", {"t"}),
    ("UPDATE ONLY t SET a = b FROM u WHERE c = d FOR UPDATE", {"t", "u"}),
    ("DELETE FROM t USING u WHERE a = b", {"t", "u"}),
    ("MERGE INTO t USING u ON (a = b) WHEN MATCHED THEN DELETE", {"t", "u"}),
    ("TABLE t", {"t"}),
]


@pytest.mark.parametrize(("sql", "tables"), TABLES)
def test_names_in_the_place_of_tables_are_listed(sql: str, tables: set[str]) -> None:
    assert analyse(sql, POSTGRESQL).tables == tables


def test_mentions_sees_names_in_code_only() -> None:
    stored = analyse("SELECT 'hidden', \"Quoted\", a.Dotted -- hidden\n FROM t WHERE x = :hidden", POSTGRESQL)
    assert [stored.mentions(name) for name in ("QUOTED", "dotted", "T", "hidden")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_columns_of_an_insert_are_kept_as_written() -> None:
    assert analyse('INSERT INTO t (a, "B c") VALUES :R', POSTGRESQL).written_columns == ("a", "B c")
    assert analyse("INSERT INTO t VALUES :R", POSTGRESQL).written_columns == ()


def test_placeholders_are_listed_by_kind() -> None:
    stored = analyse("SELECT :a, :b, :A FROM #:n#.t, #SCHEMA.s#.u", POSTGRESQL)
    assert [bind.name for bind in stored.binds] == ["A", "B", "A"]
    assert (stored.name_binds, stored.schemas) == (frozenset("N"), frozenset("S"))


# -- one statement --------------------------------------------------------------------------------------


def text_of(stored: StoredSql) -> str:
    return render(stored, values={}, names={}, schemas={})[0]


ENDS = [
    ("SELECT 1 -- comment", "SELECT 1"),
    ("SELECT 1; -- pick", "SELECT 1"),
    ("SELECT 1 ;;\n", "SELECT 1"),
    ("SELECT 1 /* ; */", "SELECT 1"),
    ("SELECT 1 /* ; */ ; /* a */ ; -- b", "SELECT 1"),
    ("-- head\nSELECT 1\n", "-- head\nSELECT 1"),
    ("SELECT ';' -- ;", "SELECT ';'"),
]


@pytest.mark.parametrize(("sql", "text"), ENDS)
def test_what_follows_the_statement_is_cut(sql: str, text: str) -> None:
    assert text_of(analyse(sql, POSTGRESQL)) == text


def test_the_end_of_an_executable_comment_is_kept() -> None:
    assert text_of(analyse("SELECT 1 /*! FOR UPDATE */ -- c", MYSQL)) == "SELECT 1 /*! FOR UPDATE */"


@pytest.mark.parametrize("sql", ["", " \n", "-- a", "/* a */ ;", ";;"])
def test_empty_text_is_refused(sql: str) -> None:
    assert refusal(sql) == "the stored SQL is empty"


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("SELECT 1; SELECT 2", "line 1, column 11"),
        ("SELECT 1;\n-- c\n; DROP TABLE t;", "line 3, column 3"),
        ("; SELECT 1", "line 1, column 3"),
        ("SELECT (1; DELETE FROM t)", "line 1, column 12"),
        ("BEGIN; DELETE FROM t; END;", "line 1, column 8"),
    ],
)
def test_a_second_statement_is_refused_with_its_place(sql: str, where: str) -> None:
    for syntax in (POSTGRESQL, MYSQL, SQLITE, GENERIC):
        assert (
            refusal(sql, syntax) == f"the stored SQL holds more than one statement: another begins at {where}"
        )


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("BEGIN v := 1; END;", "BEGIN v := 1; END;"),
        ("declare n int; begin n := 1; end;\n/\n", "declare n int; begin n := 1; end;"),
        ("<<top>> BEGIN NULL; END top; -- c", "<<top>> BEGIN NULL; END top;"),
    ],
)
def test_an_oracle_block_is_one_statement_with_its_semicolons(sql: str, text: str) -> None:
    stored = analyse(sql, ORACLE)
    assert stored.verb in ("BEGIN", "DECLARE")
    assert text_of(stored) == text


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1)", "a parenthesis is closed that was never opened (line 1, column 9)"),
        ("SELECT (1", "a parenthesis is never closed (line 1, column 8)"),
        ("SELECT a.(", "a parenthesis is never closed (line 1, column 10)"),
        ("SELECT 1) q, (SELECT 2", "a parenthesis is closed that was never opened (line 1, column 9)"),
    ],
)
def test_parentheses_must_match(sql: str, message: str) -> None:
    assert refusal(sql) == message


@pytest.mark.parametrize("sql", ["'a'", "1", "(:x)", ":x", '"select" 1', "()", "#:N#"])
def test_text_that_begins_with_no_keyword_is_refused(sql: str) -> None:
    assert "begins with no keyword (line 1, column" in refusal(sql)
