"""Oracle without a server: settings, values to and from the driver."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import oracledb
import orjson
import pytest

from apps.pools.dialects import Target, dialect_named, oracle_driver
from apps.pools.dialects.oracle_failures import connect_failure, statement_failure
from apps.pools.statement import Kind, Statement
from liberty.errors import PoolNotOpened, StatementFailed, Unavailable

ORACLE = dialect_named("oracle")
ODD_PASSWORD = "p@ss:w/rd#%$&?é '"


def test_the_database_is_a_service_and_the_password_is_in_no_text() -> None:
    target = Target("x", "oracle", "SALES", host="db.local", port=1522, user="dom\\u", password=ODD_PASSWORD)
    settings = ORACLE.settings(target, reading=True)
    assert "(HOST=db.local)(PORT=1522)" in settings["NAME"]
    assert "(SERVICE_NAME=SALES)" in settings["NAME"]
    assert (settings["USER"], settings["PASSWORD"]) == ("dom\\u", ODD_PASSWORD)


@pytest.mark.parametrize(
    ("kind", "value", "bound"),
    [
        (Kind.DATE, "2026-01-31", datetime(2026, 1, 31)),
        (Kind.DATETIME, "2026-01-31T10:11:12Z", datetime(2026, 1, 31, 10, 11, 12)),
        (Kind.BOOLEAN, True, 1),
        (Kind.TEXT, "x", "x"),
    ],
)
def test_times_are_bound_as_times(kind: Kind, value: Any, bound: Any) -> None:
    assert ORACLE.bind(value, kind) == bound


@pytest.mark.parametrize(
    ("text", "json"), [(".5", "0.5"), ("-.5", "-0.5"), ("1.10", "1.10"), ("-12", "-12"), ("1E+125", "1E+125")]
)
def test_numbers_get_the_zero_that_json_wants(text: str, json: str) -> None:
    assert orjson.dumps(oracle_driver.number(text)).decode() == json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (timedelta(days=2, hours=3, minutes=4, seconds=5, microseconds=600000), "P2DT3H4M5.6S"),
        (-timedelta(hours=1), "-P0DT1H0M0S"),
    ],
)
def test_intervals_are_iso(value: timedelta, expected: str) -> None:
    assert oracle_driver.interval(value) == expected


@pytest.mark.parametrize(
    ("precision", "scale", "kind"),
    [
        (9, 0, Kind.INTEGER),
        (18, 0, Kind.BIGINT),
        (38, 0, Kind.DECIMAL),
        (0, -127, Kind.DECIMAL),
        (5, 2, Kind.DECIMAL),
    ],
)
def test_numbers_are_of_the_kind_that_holds_them(precision: int, scale: int, kind: Kind) -> None:
    info = SimpleNamespace(type_code=oracledb.DB_TYPE_NUMBER, precision=precision, scale=scale)
    assert oracle_driver.kind_of(info) is kind


def test_rows_are_ready_for_json() -> None:
    row = (datetime(2026, 1, 31, 10), b"\0\xff", {"a": 1}, float("nan"), None, "x", oracledb.IntervalYM(1, 2))
    ready = oracle_driver.json_ready([row])
    assert orjson.loads(orjson.dumps(ready)) == [
        ["2026-01-31T10:00:00", "AP8=", {"a": 1}, "NaN", None, "x", "P1Y2M"]
    ]


def oracle_error(full_code: str) -> oracledb.DatabaseError:
    code = int(full_code.split("-")[1])
    return oracledb.DatabaseError(SimpleNamespace(code=code, full_code=full_code, message="host 10.0.0.1"))


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("ORA-00001", StatementFailed, "unique"),
        ("ORA-01456", StatementFailed, "a read may not"),
        ("ORA-20001", StatementFailed, "own code"),
        ("ORA-00060", Unavailable, "try again"),
        ("DPY-4024", Unavailable, "longer than allowed"),
        ("DPY-4011", Unavailable, "does not answer"),
    ],
)
def test_refusals_are_told_in_plain_words(code: str, kind: type[Exception], words: str) -> None:
    failure = statement_failure(oracle_error(code), Statement("SELECT 1"))
    assert isinstance(failure, kind)
    assert words in str(failure)
    assert "10.0.0.1" not in str(failure)


def test_a_refused_password_is_told_from_a_server_that_is_down() -> None:
    assert isinstance(connect_failure("x", oracle_error("ORA-01017")), PoolNotOpened)
    assert isinstance(connect_failure("x", oracle_error("DPY-6005")), Unavailable)
