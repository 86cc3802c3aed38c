"""Values in their JSON form, one by one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson
import pytest

from apps.pools.dialects import values


def written(value: Any) -> str:
    return orjson.dumps(value).decode()


@pytest.mark.parametrize(
    ("digits", "json"),
    [
        ("1.10", "1.10"),
        ("12345678901234567890123456789", "12345678901234567890123456789"),
        ("-0.000", "-0.000"),
        ("NaN", '"NaN"'),
        ("Infinity", '"Infinity"'),
        ("-Infinity", '"-Infinity"'),
    ],
)
def test_decimals_keep_every_digit(digits: str, json: str) -> None:
    assert written(values.number(digits)) == json
    assert written(values.number(digits.encode())) == json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.5, 1.5),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_floats_that_json_lacks_have_names(value: float, expected: float | str) -> None:
    assert values.floating(value) == expected


TIMES: list[tuple[Callable[[str], str], str, str]] = [
    (values.clock_time, "10:11:12", "10:11:12"),
    (values.clock_time, "10:11:12.5", "10:11:12.500000"),
    (values.clock_time, "10:11:12.000000", "10:11:12"),
    (values.offset_time, "10:11:12.5+02", "10:11:12.500000+02:00"),
    (values.offset_time, "10:11:12-03:30", "10:11:12-03:30"),
    (values.local_datetime, "2026-01-31 10:11:12.123456", "2026-01-31T10:11:12.123456"),
    (values.local_datetime, "2026-01-31 10:11:12", "2026-01-31T10:11:12"),
    (values.local_datetime, "0000-00-00 00:00:00", "0000-00-00T00:00:00"),
    (values.local_datetime, "infinity", "infinity"),
    (values.local_datetime, "0044-03-15 10:00:00 BC", "0044-03-15 10:00:00 BC"),
    (values.local_datetime, "12026-01-01 10:00:00", "12026-01-01 10:00:00"),
    (values.local_datetime, "", ""),
    (values.utc_datetime, "2026-01-31 10:11:12+00", "2026-01-31T10:11:12+00:00"),
    (values.utc_datetime, "2026-01-31 10:11:12.5+02", "2026-01-31T08:11:12.500000+00:00"),
    (values.utc_datetime, "2026-01-01 01:00:00+05:30", "2025-12-31T19:30:00+00:00"),
    (values.utc_datetime, "-infinity", "-infinity"),
    (values.utc_datetime, "12026-01-01 10:00:00+00", "12026-01-01 10:00:00+00"),
    (values.utc_datetime, "0001-01-01 00:00:00+02", "0001-01-01 00:00:00+02"),
    (values.time_or_interval, "23:59:59.5", "23:59:59.500000"),
    (values.time_or_interval, "838:59:59", "PT838H59M59S"),
    (values.time_or_interval, "-01:06:17.500000", "-PT1H6M17.5S"),
    (values.plain_datetime, "2026-01-31T10:11:12.345Z", "2026-01-31 10:11:12.345000"),
    (values.plain_datetime, "2026-01-31T10:11:12+02:00", "2026-01-31 08:11:12"),
    (values.plain_datetime, "2026-01-31T10:11:12", "2026-01-31T10:11:12"),
    (values.plain_datetime, "2026-13-31T10:11:12Z", "2026-13-31T10:11:12Z"),
    (values.plain_datetime, "no time", "no time"),
]


@pytest.mark.parametrize(("convert", "text", "expected"), TIMES)
def test_times_have_one_form(convert: Callable[[str], str], text: str, expected: str) -> None:
    assert convert(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, Decimal("1.10"), None, True]}, '{"a":[1,1.10,null,true]}'),
        ([2**70, -(2**63), 2**64 - 1], "[1180591620717411303424,-9223372036854775808,18446744073709551615]"),
        ([float("nan"), Decimal("Infinity")], '["NaN","Infinity"]'),
        ({"é": "日本"}, '{"é":"日本"}'),
    ],
)
def test_json_text_keeps_digits(value: Any, expected: str) -> None:
    assert values.json_text(value) == expected


def test_a_lone_surrogate_is_no_json() -> None:
    with pytest.raises(ValueError, match="not representable"):
        values.json_text({"a": "\ud800"})


@pytest.mark.parametrize(("text", "expected"), [('{"a": 1.10}', '{"a": 1.10}'), ("{a}", '"{a}"')])
def test_json_is_embedded_and_other_text_is_text(text: str, expected: str) -> None:
    assert written(values.json_or_text(text)) == expected
