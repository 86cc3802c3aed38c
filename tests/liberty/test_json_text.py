"""Reading and writing JSON: every digit stays, and what is no JSON is refused in one way."""

from decimal import Decimal
from typing import Any

import pytest

from liberty.api.json_text import MAX_DEPTH, dump, number, parse_argument, parse_json
from liberty.errors import MalformedRequest

FAILURE = "not readable"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.10", Decimal("1.10")),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ('{"a": [1, null, true]}', {"a": [1, None, True]}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
        ('"' + "[" * 1000 + '"', "[" * 1000),
    ],
)
def test_json_is_read_exactly(text: str, value: Any) -> None:
    parsed = parse_json(text, failure=FAILURE)
    if value is not None:
        assert parsed == value
        assert repr(parsed) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'a': 1}",
        "NaN",
        "Infinity",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "[" * 20_000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        '"\\ud800"',
        '{"\\udc00": 1}',
        "1" * 5000,
        "1e9999999999999999999",
        "1e999999999",
        "-1e-999999999",
        "0e999999999",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequest, match=FAILURE):
        parse_json(text, failure=FAILURE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "[{'APPS_ID':{'=':10}, 'APPS_NAME':{'like':'LIBERTY%'} }]",
            [{"APPS_ID": {"=": 10}, "APPS_NAME": {"like": "LIBERTY%"}}],
        ),
        ("[{'APPS_ID': 10}]", [{"APPS_ID": 10}]),
        ("{'A': 'O''Brien'}", {"A": "O'Brien"}),
        (r"{'A': 'O\'Brien'}", {"A": "O'Brien"}),
        ("""{'A': 'say "hi"'}""", {"A": 'say "hi"'}),
        ("""{'A': "it's"}""", {"A": "it's"}),
        ("{'A': None, 'B': True, 'C': False}", {"A": None, "B": True, "C": False}),
        ("{'A': 'None of these'}", {"A": "None of these"}),
        ('{"A": {"=": "o\'brien"}}', {"A": {"=": "o'brien"}}),
        (r"{'A': 'a\\b'}", {"A": "a\\b"}),
    ],
)
def test_the_single_quoted_form_of_the_document_is_read(text: str, value: Any) -> None:
    assert parse_argument(text, failure=FAILURE) == value


@pytest.mark.parametrize("text", ["{'A': __import__('os')}", "{'A'", "{'A': 1} or 1", "'", "{A: 1}"])
def test_other_single_quoted_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequest, match=FAILURE):
        parse_argument(text, failure=FAILURE)


@pytest.mark.parametrize(
    "text",
    ["'" + r"\'" * 500_000, "[" * MAX_DEPTH + '["' + r"\"" * 500_000, "'" * 500_001, '"' * 500_001],
    ids=["single quotes", "double quotes", "pairs of single quotes", "empty texts"],
)
def test_a_text_without_end_is_refused_in_one_pass(text: str) -> None:
    with pytest.raises(MalformedRequest, match=FAILURE):
        parse_argument(text, failure=FAILURE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), b"1.10"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("12345678901234567890123456789.5"), b"12345678901234567890123456789.5"),
        (Decimal("NaN"), b'"NaN"'),
        (Decimal("-Infinity"), b'"-Infinity"'),
        (2**64, b"18446744073709551616"),
        ({"a": [-(2**70), 1]}, b'{"a":[-1180591620717411303424,1]}'),
        (9007199254740993, b"9007199254740993"),
        ("\u00e9", '"é"'.encode()),
    ],
)
def test_numbers_are_written_with_all_their_digits(value: Any, text: bytes) -> None:
    assert dump(value) == text


def test_what_json_has_no_form_for_is_a_programming_error() -> None:
    with pytest.raises(TypeError):
        dump({"a": object()})


def test_a_finite_number_is_a_json_number() -> None:
    assert dump([number(Decimal("0.00"))]) == b"[0.00]"
