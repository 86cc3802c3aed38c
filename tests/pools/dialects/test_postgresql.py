"""PostgreSQL: values, binding, sessions, on a real server."""

from decimal import Decimal
from typing import Any

import pytest

from apps.pools.models import Pool
from apps.pools.statement import Kind
from liberty.errors import MalformedRequest, StatementFailed, Unavailable
from tests.databases import Server
from tests.external import ExternalPool
from tests.pools.calls import json_of, rows, run, write

VALUES: list[tuple[str, str, Kind]] = [
    ("9007199254740993::bigint", "9007199254740993", Kind.BIGINT),
    ("(-9223372036854775808)::bigint", "-9223372036854775808", Kind.BIGINT),
    ("1::smallint", "1", Kind.INTEGER),
    ("12345678901234567890123456789::numeric", "12345678901234567890123456789", Kind.DECIMAL),
    ("1.10", "1.10", Kind.DECIMAL),
    ("'NaN'::numeric", '"NaN"', Kind.DECIMAL),
    ("'Infinity'::numeric", '"Infinity"', Kind.DECIMAL),
    ("'NaN'::float8", '"NaN"', Kind.FLOAT),
    ("'-Infinity'::float4", '"-Infinity"', Kind.FLOAT),
    ("0.1::float8", "0.1", Kind.FLOAT),
    ("true", "true", Kind.BOOLEAN),
    ("'é'::varchar", '"é"', Kind.TEXT),
    ("'\\x00ff'::bytea", '"AP8="', Kind.BYTES),
    ("ARRAY['\\x00ff'::bytea]", '["AP8="]', Kind.ARRAY),
    ("interval '1 mon 2 days 03:04:05.6'", '"P1M2DT3H4M5.6S"', Kind.INTERVAL),
    ("date '2026-01-31'", '"2026-01-31"', Kind.DATE),
    ("date '0044-03-15 BC'", '"0044-03-15 BC"', Kind.DATE),
    ("date '12026-01-01'", '"12026-01-01"', Kind.DATE),
    ("timestamp '2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456"', Kind.DATETIME),
    ("timestamptz '2026-01-01 01:01:01+03'", '"2025-12-31T22:01:01+00:00"', Kind.DATETIME),
    ("'infinity'::timestamptz", '"infinity"', Kind.DATETIME),
    ("timetz '10:11:12.5+02'", '"10:11:12.500000+02:00"', Kind.TIME),
    ("time '10:11:12'", '"10:11:12"', Kind.TIME),
    ("'{\"a\": 1.10}'::json", '{"a": 1.10}', Kind.JSON),
    ("'[1.10, 12345678901234567890]'::jsonb", "[1.10, 12345678901234567890]", Kind.JSON),
    (
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
        '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"',
        Kind.UUID,
    ),
    ("ARRAY[[1,2],[3,NULL]]", "[[1,2],[3,null]]", Kind.ARRAY),
    ("ARRAY[1.10, 'NaN']::numeric[]", '[1.10,"NaN"]', Kind.ARRAY),
    ("ARRAY[timestamp '2026-01-01 01:01:01']", '["2026-01-01T01:01:01"]', Kind.ARRAY),
    ("point '(1,2)'", '"(1,2)"', Kind.OTHER),
    ("int4range(1, 5)", '"[1,5)"', Kind.OTHER),
    ("inet '10.0.0.1'", '"10.0.0.1"', Kind.OTHER),
    ("ROW(1, 'a')", '"(1,a)"', Kind.OTHER),
    ("xml '<a/>'", '"<a/>"', Kind.OTHER),
    ("NULL::numeric", "null", Kind.DECIMAL),
]


@pytest.mark.parametrize(("expression", "json", "kind"), VALUES)
def test_a_value_has_its_documented_form(
    postgres_pool: ExternalPool, expression: str, json: str, kind: Kind
) -> None:
    result = run(postgres_pool, f"SELECT {expression} AS v")
    assert (json_of(result), result.columns[0].kind) == (f"[[{json}]]", kind)


def test_types_made_by_users_come_as_text(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TYPE mood AS ENUM ('ok')", "CREATE TYPE pair AS (a int, b text)")
    sql = "SELECT 'ok'::mood AS m, ARRAY['ok'::mood] AS ms, (1, 'x')::pair AS p"
    assert rows(postgres_pool, sql) == [["ok", "{ok}", "(1,x)"]]


BOUND: list[tuple[str, dict[str, Any], Any]] = [
    ("SELECT %(n)s = code FROM t", {"n": 10}, True),
    ("SELECT %(n)s = id FROM t", {"n": "10"}, True),
    ("SELECT id FROM t WHERE id = %(n)s OR code = %(n)s", {"n": 10}, 10),
    ("SELECT %(n)s IS NULL", {"n": "x"}, False),
    ("SELECT %(n)s IS NULL", {"n": None}, True),
    ("SELECT id FROM t WHERE (%(n)s IS NULL OR id = %(n)s)", {"n": "10"}, 10),
    ("SELECT id FROM t WHERE id = ANY(%(n)s)", {"n": [9, 10]}, 10),
    ("SELECT id FROM t WHERE id = ANY(%(n)s::int[])", {"n": ["10"]}, 10),
    ("SELECT CAST(%(n)s AS varchar[])", {"n": ["a, b", " c"]}, ["a, b", " c"]),
    ("SELECT %(n)s::jsonb", {"n": {"a": [1, Decimal("1.10")]}}, {"a": [1, 1.1]}),
    ("SELECT %(n)s * %(n)s", {"n": 200}, 40000),
    ("SELECT %(n)s + 1", {"n": 9007199254740993}, 9007199254740994),
    ("SELECT %(n)s::numeric", {"n": Decimal("1.10")}, 1.1),
    ("SELECT doc ? %(n)s FROM t", {"n": "a"}, True),
    ("SELECT '100%% :done' || %(n)s", {"n": "!"}, "100% :done!"),
    ("SELECT 7 %% 4 -- 50%% of it\n", {}, 3),
    ("SELECT (ARRAY[1,2,3])[1:2]", {}, [1, 2]),
    ("SELECT count(*) FROM t WHERE code = %(n)s", {"n": "1'; DROP TABLE t; --"}, 0),
]


@pytest.mark.parametrize(("sql", "params", "expected"), BOUND)
def test_values_are_bound_as_the_place_wants_them(
    postgres_pool: ExternalPool, sql: str, params: dict[str, Any], expected: Any
) -> None:
    postgres_pool.execute(
        "CREATE TABLE t (id int, code text, doc jsonb)", """INSERT INTO t VALUES (10, '10', '{"a": 1}')"""
    )
    for _ in range(2):  # the second time with what the first has taught
        assert rows(postgres_pool, sql, params) == [[expected]]


@pytest.mark.parametrize("value", [{"a": [1, {"b": None}]}, [], [1, "x"], [{"x": 1}], "text", 5, True, None])
def test_json_is_stored_and_read_without_double_encoding(postgres_pool: ExternalPool, value: Any) -> None:
    postgres_pool.execute(
        "CREATE TABLE t (id int, doc jsonb, plain json)", "INSERT INTO t VALUES (1, NULL, NULL)"
    )
    sent = f'"{value}"' if isinstance(value, str) else value
    for _ in range(2):
        write(postgres_pool, ("UPDATE t SET doc = %(v)s, plain = %(v)s", {"v": sent}))
        assert rows(postgres_pool, "SELECT doc, plain FROM t") == [[value, value]]


def test_a_list_for_json_and_one_for_an_array_meet_in_one_statement(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE t (doc jsonb, tags text[])")
    sql = "INSERT INTO t VALUES (%(doc)s, %(tags)s) RETURNING *"
    for tags in ([], ["a", "b,c"]):
        result = write(postgres_pool, (sql, {"doc": [], "tags": tags}))
        assert json_of(result) == f"[[[],{str(tags).replace(', ', ',')}]]".replace("'", '"')


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("SELECT 1 FROM t WHERE id = %(b_1)s", {"b_1": "abc"}, "does not fit"),
    ("SELECT 1 FROM t WHERE at = %(b_1)s", {"b_1": "yesterdayish"}, "does not fit"),
    ("SELECT CAST(%(b_1)s AS date)", {"b_1": "2026-02-31"}, "does not fit"),
    ("SELECT %(b_1)s::int", {"b_1": 2**40}, "out of the column's range"),
    ("SELECT 1 FROM t WHERE code = %(b_1)s", {"b_1": "a\0b"}, "cannot store"),
    ("SELECT 1 FROM t WHERE code = %(b_1)s", {"b_1": "\ud800"}, "cannot store"),
    ("SELECT %(b_1)s::jsonb", {"b_1": {"x": "\ud800"}}, "cannot store"),
]


@pytest.mark.parametrize(("sql", "params", "words"), WRONG)
def test_a_value_that_cannot_be_is_named_as_the_caller_knows_it(
    postgres_pool: ExternalPool, sql: str, params: dict[str, Any], words: str
) -> None:
    postgres_pool.execute("CREATE TABLE t (id int, code text, at timestamp)")
    with pytest.raises(MalformedRequest, match=f"`AGE`.*{words}"):
        run(postgres_pool, sql, params, labels={"b_1": "AGE"})


def test_a_cast_of_stored_data_is_not_the_callers_fault(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE t (code text)", "INSERT INTO t VALUES ('abc')")
    with pytest.raises(StatementFailed, match="does not fit its type"):
        run(postgres_pool, "SELECT code::int FROM t WHERE %(n)s = 1", {"n": 1})


@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SELECT * INTO copy FROM t",
        "DELETE FROM t",
        "SELECT nextval('s')",
    ],
)
def test_reads_cannot_write(postgres_pool: ExternalPool, sql: str) -> None:
    postgres_pool.execute("CREATE TABLE t (id int)", "CREATE SEQUENCE s", "INSERT INTO t VALUES (1)")
    for changes_session in (False, True):
        with pytest.raises(StatementFailed, match="a read may not"):
            run(postgres_pool, sql, changes_session=changes_session)
    assert postgres_pool.execute("SELECT count(*) FROM t") == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SET default_transaction_read_only = off",
    ],
)
def test_a_read_cannot_make_later_reads_write(postgres_pool: ExternalPool, sql: str) -> None:
    postgres_pool.execute("CREATE TABLE t (id int)")
    run(postgres_pool, sql, changes_session=True)
    for _ in range(4):
        with pytest.raises(StatementFailed, match="a read may not"):
            run(postgres_pool, "DELETE FROM t")


def test_a_session_keeps_nothing_of_a_statement(postgres_pool: ExternalPool) -> None:
    run(
        postgres_pool,
        "SELECT set_config('search_path', 'x', false), pg_advisory_lock(5)",
        changes_session=True,
    )
    run(postgres_pool, "SET TIME ZONE 'Asia/Tokyo'", changes_session=True)
    seen = (
        "SELECT current_setting('search_path'), current_setting('timezone'), count(l.pid) FROM (VALUES (1)) v"
    )
    seen += " LEFT JOIN pg_locks l ON l.locktype = 'advisory' GROUP BY 1, 2"
    for _ in range(4):
        assert rows(postgres_pool, seen) == [['"$user", public', "UTC", 0]]


def test_prepared_statements_survive_resets(postgres_pool: ExternalPool) -> None:
    for number in range(24):
        assert rows(postgres_pool, "SELECT %(n)s + 0", {"n": number}) == [[number]]
        if number % 8 == 7:
            run(postgres_pool, "SELECT pg_advisory_lock(1)", changes_session=True)


def test_a_changed_table_is_seen_by_prepared_statements(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)")
    for _ in range(8):
        assert rows(postgres_pool, "SELECT * FROM t") == [[1]]
    postgres_pool.execute("ALTER TABLE t ADD name text")
    assert rows(postgres_pool, "SELECT * FROM t") == [[1, None]]


def test_one_statement_only(postgres_pool: ExternalPool) -> None:
    with pytest.raises(StatementFailed, match="not valid"):
        run(postgres_pool, "SELECT 1; SELECT 2")


def test_the_table_behind_a_secret_is_told(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE ly_users (usr_id text, usr_password text)", "CREATE TABLE t (x text)")
    sql = 'SELECT q."Renamed", x, 1 AS one FROM (SELECT usr_password AS "Renamed" FROM ly_users) q, t'
    columns = run(postgres_pool, sql).columns
    assert [column.origin for column in columns] == [("ly_users", "usr_password"), None, None]


def test_a_broken_connection_is_replaced_for_a_read(postgres_pool: ExternalPool) -> None:
    assert rows(postgres_pool, "SELECT 1") == [[1]]
    postgres_pool.end_other_sessions()
    assert rows(postgres_pool, "SELECT 1") == [[1]]


def test_a_database_that_was_away_is_used_again_at_once(
    postgres_pool: ExternalPool, postgres_server: Server
) -> None:
    database = Pool.objects.get(apps_pool=postgres_pool.name).apps_database
    assert rows(postgres_pool, "SELECT 1") == [[1]]
    postgres_server.execute(f"ALTER DATABASE {database} CONNECTION LIMIT 0")
    try:
        postgres_pool.end_other_sessions()
        for _ in range(2):
            with pytest.raises(Unavailable, match="no more connections"):
                run(postgres_pool, "SELECT 1")
    finally:
        postgres_server.execute(f"ALTER DATABASE {database} CONNECTION LIMIT -1")
    assert rows(postgres_pool, "SELECT 1") == [[1]]


def test_a_write_starts_over_only_before_anything_was_sent(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE t (id int)")
    write(postgres_pool, ("INSERT INTO t VALUES (1)", {}))
    postgres_pool.end_other_sessions()
    write(postgres_pool, ("INSERT INTO t VALUES (2)", {}))
    assert postgres_pool.execute("SELECT id FROM t ORDER BY id") == [(1,), (2,)]


def test_a_write_that_breaks_midway_is_not_sent_twice(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute("CREATE TABLE t (id int)")
    with pytest.raises(Unavailable, match="may or may not"):
        write(
            postgres_pool,
            ("INSERT INTO t VALUES (1)", {}),
            ("SELECT pg_terminate_backend(pg_backend_pid())", {}),
        )
    assert postgres_pool.execute("SELECT count(*) FROM t") == [(0,)]


def test_what_is_refused_at_commit_is_told_of_the_last_statement(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    )
    insert = "INSERT INTO child VALUES (%(id)s)"
    with pytest.raises(StatementFailed, match="foreign key") as refusal:
        write(postgres_pool, (insert, {"id": 1}), (insert, {"id": 2}))
    assert refusal.value.position == 1
