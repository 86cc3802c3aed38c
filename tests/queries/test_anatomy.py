"""What a stored statement is."""

import pytest

from apps.pools.lexer import GENERIC, MYSQL, ORACLE, POSTGRESQL, SQLITE, Syntax
from apps.queries.binds import analyse

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
