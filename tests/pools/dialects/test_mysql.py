"""MariaDB: values, binding, sessions, on a real server."""

from decimal import Decimal
from typing import Any

import pytest

from apps.pools import registry
from apps.pools.execution import apply
from apps.pools.statement import Kind, Statement
from liberty.errors import MalformedRequest, StatementFailed
from tests.external import ExternalPool
from tests.pools.calls import json_of, rows, run, write

VALUES: list[tuple[str, str, Kind]] = [
    ("9007199254740993", "9007199254740993", Kind.BIGINT),
    ("18446744073709551615", "18446744073709551615", Kind.BIGINT),
    ("CAST('12345678901234567890123456789' AS decimal(40))", "12345678901234567890123456789", Kind.DECIMAL),
    ("1.10", "1.10", Kind.DECIMAL),
    ("0.5e0", "0.5", Kind.FLOAT),
    ("X'00ff'", '"AP8="', Kind.BYTES),
    ("CAST('0000-00-00' AS date)", '"0000-00-00"', Kind.DATE),
    ("DATE '2026-01-31'", '"2026-01-31"', Kind.DATE),
    ("TIME '10:11:12.5'", '"10:11:12.500000"', Kind.TIME),
    ("TIME '838:59:59'", '"PT838H59M59S"', Kind.TIME),
    ("TIME '-25:06:17.5'", '"-PT25H6M17.5S"', Kind.TIME),
    ("TIMESTAMP '2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456"', Kind.DATETIME),
    ("TRUE", "1", Kind.INTEGER),
    ("'é'", '"é"', Kind.TEXT),
    ("NULL", "null", Kind.BYTES),
]


@pytest.mark.parametrize(("expression", "json", "kind"), VALUES)
def test_a_value_has_its_documented_form(
    mariadb_pool: ExternalPool, expression: str, json: str, kind: Kind
) -> None:
    result = run(mariadb_pool, f"SELECT {expression} AS v")
    assert (json_of(result), result.columns[0].kind) == (f"[[{json}]]", kind)


STORED: list[tuple[str, str, str, Kind]] = [
    ("datetime(6)", "'0000-00-00 00:00:00'", '"0000-00-00T00:00:00"', Kind.DATETIME),
    ("timestamp", "'2026-01-01 00:00:00'", '"2026-01-01T00:00:00+00:00"', Kind.DATETIME),
    ("varbinary(4)", "X'0102'", '"AQI="', Kind.BYTES),
    ("blob", "X'00'", '"AA=="', Kind.BYTES),
    ("bit(3)", "b'101'", "5", Kind.BIGINT),
    ("enum('x','y')", "'x'", '"x"', Kind.TEXT),
    ("int unsigned", "4294967295", "4294967295", Kind.BIGINT),
    ("float", "0.1", "0.1", Kind.FLOAT),
    ("year", "2026", "2026", Kind.INTEGER),
    ("json", "'{\"a\": 1.10}'", '"{\\"a\\": 1.10}"', Kind.TEXT),
]


@pytest.mark.parametrize(("declared", "literal", "json", "kind"), STORED)
def test_a_column_has_its_documented_form(
    mariadb_pool: ExternalPool, declared: str, literal: str, json: str, kind: Kind
) -> None:
    mariadb_pool.execute(
        "SET sql_mode = '', time_zone = '+00:00'",
        f"CREATE TABLE t (v {declared})",
        f"INSERT INTO t VALUES ({literal})",
    )
    result = run(mariadb_pool, "SELECT v FROM t")
    assert (json_of(result), result.columns[0].kind) == (f"[[{json}]]", kind)


BOUND: list[tuple[str, dict[str, Any], Any]] = [
    ("SELECT %(v)s", {"v": "O'Brien \\ \" \0 %"}, "O'Brien \\ \" \0 %"),
    ("SELECT 1 + %(v)s", {"v": Decimal("1.10")}, 2.1),
    ("SELECT %(v)s + 1", {"v": 9007199254740993}, 9007199254740994),
    ("SELECT 7 %% 4 -- 50%% of it\n", {}, 3),
    ("SELECT 'adm' LIKE '%%dm%%' AND 1 = %(v)s", {"v": 1}, 1),
    ("SELECT 'adm' LIKE '%%dm%%'", {}, 1),
    ("SELECT %(v)s IS NULL", {"v": None}, 1),
    ("SELECT JSON_EXTRACT(%(v)s, '$.a')", {"v": {"a": Decimal("1.10")}}, "1.10"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), BOUND)
def test_values_are_bound(
    mariadb_pool: ExternalPool, sql: str, params: dict[str, Any], expected: Any
) -> None:
    assert rows(mariadb_pool, sql, params) == [[expected]]


def test_an_iso_time_with_a_zone_is_stored_as_utc(mariadb_pool: ExternalPool) -> None:
    mariadb_pool.execute("CREATE TABLE t (at datetime(3), note varchar(40))")
    sql = "INSERT INTO t VALUES (%(at)s, 'x')"
    for _ in range(2):
        write(mariadb_pool, (sql, {"at": "2026-01-31T10:11:12.345Z"}))
    write(mariadb_pool, ("INSERT INTO t (note) VALUES (%(note)s)", {"note": "2026-01-31T10:11:12.345Z"}))
    assert rows(mariadb_pool, "SELECT at, note FROM t") == [
        ["2026-01-31T10:11:12.345000", "x"],
        ["2026-01-31T10:11:12.345000", "x"],
        [None, "2026-01-31T10:11:12.345Z"],
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("id", "abc", "`ID`.*does not fit"),
        ("at", "yesterdayish", "`ID`.*does not fit"),
        ("id", 2**40, "out of the column's range"),
        ("code", "\ud800", "`ID`.*cannot store"),
        ("ratio", float("nan"), "does not fit"),
    ],
)
def test_a_value_that_cannot_be_is_malformed(
    mariadb_pool: ExternalPool, column: str, value: Any, words: str
) -> None:
    mariadb_pool.execute("CREATE TABLE t (id int, at datetime, code varchar(5), ratio double)")
    statement = Statement(f"INSERT INTO t ({column}) VALUES (%(b_1)s)", {"b_1": value}, labels={"b_1": "ID"})
    with pytest.raises(MalformedRequest, match=words):
        apply(registry.resolve(mariadb_pool.name), [statement])


def test_an_unnamed_column_does_not_show_the_value_in_it(mariadb_pool: ExternalPool) -> None:
    sql = "SELECT 1 + %(x)s, CONCAT('a', %(y)s), 7 AS plain, (SELECT 2)"
    columns = run(mariadb_pool, sql, {"x": 41, "y": "secret words"}).columns
    assert [column.name for column in columns] == ["column1", "column2", "plain", "(SELECT 2)"]


@pytest.mark.parametrize("sql", ["DELETE FROM t", "CREATE TEMPORARY TABLE x (id int)", "TRUNCATE TABLE t"])
def test_reads_cannot_write(mariadb_pool: ExternalPool, sql: str) -> None:
    mariadb_pool.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)")
    for changes_session in (False, True):
        with pytest.raises(StatementFailed, match="a read may not"):
            run(mariadb_pool, sql, changes_session=changes_session)
    assert mariadb_pool.execute("SELECT count(*) FROM t") == [(1,)]


def test_a_session_keeps_nothing_of_a_statement(mariadb_pool: ExternalPool) -> None:
    run(mariadb_pool, "SELECT @x := 5, GET_LOCK('liberty', 0)", changes_session=True)
    run(mariadb_pool, "SET time_zone = '+09:00'", changes_session=True)
    for _ in range(4):
        assert rows(mariadb_pool, "SELECT @x, @@time_zone") == [[None, "+00:00"]]


def test_a_broken_connection_is_replaced(mariadb_pool: ExternalPool) -> None:
    mariadb_pool.execute("CREATE TABLE t (id int)")
    write(mariadb_pool, ("INSERT INTO t VALUES (1)", {}))
    assert rows(mariadb_pool, "SELECT id FROM t") == [[1]]
    mariadb_pool.end_other_sessions()
    assert rows(mariadb_pool, "SELECT id FROM t") == [[1]]
    write(mariadb_pool, ("INSERT INTO t VALUES (2)", {}))
    assert mariadb_pool.execute("SELECT id FROM t") == [(1,), (2,)]


def test_the_table_behind_a_secret_is_told(mariadb_pool: ExternalPool) -> None:
    mariadb_pool.execute("CREATE TABLE ly_users (usr_id varchar(9), usr_password varchar(9))")
    columns = run(mariadb_pool, "SELECT usr_password AS x, usr_id FROM ly_users").columns
    assert [column.origin for column in columns] == [("ly_users", "usr_password"), ("ly_users", "usr_id")]
