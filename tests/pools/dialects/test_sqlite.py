"""SQLite: values, binding, connections."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.pools import registry
from apps.pools.execution import describe
from apps.pools.models import Pool
from apps.pools.statement import Kind, Statement
from liberty.errors import MalformedRequest, PoolNotOpened, StatementFailed, Unavailable
from tests.external import ExternalPool
from tests.pools.calls import json_of, rows, run, write

VALUES: list[tuple[str, str, Kind]] = [
    ("9007199254740993", "9007199254740993", Kind.BIGINT),
    ("1.5", "1.5", Kind.FLOAT),
    ("9e999", '"Infinity"', Kind.FLOAT),
    ("-9e999", '"-Infinity"', Kind.FLOAT),
    ("X'00ff'", '"AP8="', Kind.BYTES),
    ("'é'", '"é"', Kind.TEXT),
    ("CAST(X'ff' AS text)", '"\ufffd"', Kind.TEXT),
    ("NULL", "null", Kind.OTHER),
]


@pytest.mark.parametrize(("expression", "json", "kind"), VALUES)
def test_a_value_has_its_documented_form(
    sqlite_pool: ExternalPool, expression: str, json: str, kind: Kind
) -> None:
    result = run(sqlite_pool, f"SELECT {expression} AS v")
    assert (json_of(result), result.columns[0].kind) == (f"[[{json}]]", kind)


STORED: list[tuple[str, str, str, Kind]] = [
    ("integer", "1", "1", Kind.BIGINT),
    ("decimal(10,2)", "1.5", "1.5", Kind.DECIMAL),
    ("date", "'2026-01-31'", '"2026-01-31"', Kind.DATE),
    ("datetime", "'2026-01-31 10:11:12.5'", '"2026-01-31T10:11:12.500000"', Kind.DATETIME),
    ("timestamp", "1700000000", "1700000000", Kind.DATETIME),
    ("boolean", "1", "true", Kind.BOOLEAN),
    ("json", "'{\"a\": 1.10}'", '{"a": 1.10}', Kind.JSON),
    ("varchar(5)", "'x'", '"x"', Kind.TEXT),
    ("blob", "X'00'", '"AA=="', Kind.BYTES),
    ("double", "1.0", "1.0", Kind.FLOAT),
]


@pytest.mark.parametrize(("declared", "literal", "json", "kind"), STORED)
def test_a_column_is_read_as_it_is_declared(
    sqlite_pool: ExternalPool, declared: str, literal: str, json: str, kind: Kind
) -> None:
    sqlite_pool.execute(f"CREATE TABLE t (v {declared})", f"INSERT INTO t VALUES ({literal})")
    result = run(sqlite_pool, "SELECT * FROM (\nSELECT v FROM t\n) q LIMIT %(n)s", {"n": 5})
    assert (json_of(result), result.columns[0].kind) == (f"[[{json}]]", kind)


def test_columns_have_kinds_without_rows(sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE t (id integer, born date)")
    columns = describe(
        registry.resolve(sqlite_pool.name), Statement("SELECT id, born FROM t WHERE id = %(n)s", {"n": 1})
    )
    assert [(column.name, column.kind) for column in columns] == [("id", Kind.BIGINT), ("born", Kind.DATE)]


BOUND: list[tuple[str, dict[str, Any], Any]] = [
    ("SELECT 1 = %(n)s", {"n": 1}, 1),
    ("SELECT id FROM t WHERE id = %(n)s", {"n": "10"}, 10),
    ("SELECT typeof(%(n)s)", {"n": Decimal("1.10")}, "real"),
    ("SELECT typeof(%(n)s)", {"n": Decimal("12.00")}, "integer"),
    ("SELECT sum(v) > 1 FROM (SELECT %(n)s AS v)", {"n": Decimal("1.10")}, 1),
    ("SELECT json_extract(%(n)s, '$.a')", {"n": {"a": [1]}}, "[1]"),
    ("SELECT %(n)s || %(n)s", {"n": "a"}, "aa"),
    ("SELECT '100%% :done'", {}, "100% :done"),
    ("SELECT 7 %% 4 -- 50%% of :it\n", {"n": 1}, 3),
    ("SELECT %(n)s", {"n": "'; DROP TABLE t; --"}, "'; DROP TABLE t; --"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), BOUND)
def test_values_are_bound(sqlite_pool: ExternalPool, sql: str, params: dict[str, Any], expected: Any) -> None:
    sqlite_pool.execute("CREATE TABLE t (id integer)", "INSERT INTO t VALUES (10)")
    assert rows(sqlite_pool, sql, params) == [[expected]]


@pytest.mark.parametrize(
    ("value", "words"), [(2**63, "out of the column's range"), ("\ud800", "cannot store")]
)
def test_a_value_that_cannot_be_is_named(sqlite_pool: ExternalPool, value: Any, words: str) -> None:
    with pytest.raises(MalformedRequest, match=f"`AGE`.*{words}"):
        run(sqlite_pool, "SELECT %(b_1)s", {"b_1": value}, labels={"b_1": "AGE"})


def test_an_unnamed_column_does_not_show_how_parameters_are_written(sqlite_pool: ExternalPool) -> None:
    columns = run(sqlite_pool, "SELECT * FROM (SELECT 1 + %(b_1)s, 2 AS two, 1 + 1)", {"b_1": 1}).columns
    assert [column.name for column in columns] == ["column1", "two", "1 + 1"]


@pytest.mark.parametrize("sql", ["DELETE FROM t", "CREATE TEMP TABLE x (id int)", "DROP TABLE t"])
def test_reads_cannot_write(sqlite_pool: ExternalPool, sql: str) -> None:
    sqlite_pool.execute("CREATE TABLE t (id int)")
    for changes_session in (False, True):
        with pytest.raises(StatementFailed, match="a read may not"):
            run(sqlite_pool, sql, changes_session=changes_session)


def test_a_read_cannot_make_later_reads_write(sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE t (id int)")
    run(sqlite_pool, "PRAGMA query_only = 0", changes_session=True)
    for _ in range(3):
        with pytest.raises(StatementFailed, match="a read may not"):
            run(sqlite_pool, "DELETE FROM t")


def test_foreign_keys_hold(sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE a (id integer PRIMARY KEY)", "CREATE TABLE b (id integer REFERENCES a)")
    with pytest.raises(StatementFailed, match="foreign key"):
        write(sqlite_pool, ("INSERT INTO b VALUES (1)", {}))


def test_a_file_that_another_process_writes_is_unavailable(
    sqlite_pool: ExternalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.pools.dialects.sqlite.BUSY_TIMEOUT_S", 0)
    sqlite_pool.execute("CREATE TABLE t (id int)", "BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable, match="try again"):
        write(sqlite_pool, ("INSERT INTO t VALUES (1)", {}))
    sqlite_pool.execute("ROLLBACK")


def test_a_file_that_is_not_there_is_never_made(sqlite_pool: ExternalPool, tmp_path: Path) -> None:
    missing = tmp_path / "missing.sqlite3"
    Pool.objects.filter(apps_pool=sqlite_pool.name).update(apps_database=str(missing))
    with pytest.raises(PoolNotOpened, match="does not exist"):
        registry.resolve(sqlite_pool.name)
    assert not missing.exists()


def test_a_file_that_is_no_database_is_not_opened(sqlite_pool: ExternalPool, tmp_path: Path) -> None:
    other = tmp_path / "50% off?.txt"
    other.write_text("this is no database, whatever its name says" * 50)
    Pool.objects.filter(apps_pool=sqlite_pool.name).update(apps_database=str(other))
    with pytest.raises(PoolNotOpened, match="no database that can be read"):
        run(sqlite_pool, "SELECT * FROM sqlite_master")
