"""Filters on themes: what they accept, and what is refused."""

import json
from typing import Any

import pytest

from apps.framework.serializers import read_theme_filters
from liberty.errors import InvalidArgument, MalformedRequest

NAMES = ["liberty", "Liberty", "50% off_A", "a\\b", "lib\nerty", None]


def accepted(q: Any) -> list[str | None]:
    """Return those of NAMES that pass the filters in `q`."""
    filters = read_theme_filters({"q": q if isinstance(q, str) else json.dumps(q)})
    return [name for name in NAMES if all(item.accepts({"THM_NAME": name}) for item in filters)]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"=": "liberty"}, ["liberty"]),
        ({"eq": "liberty"}, ["liberty"]),
        ({"!=": "liberty"}, ["Liberty", "50% off_A", "a\\b", "lib\nerty"]),
        ({"<>": "liberty"}, ["Liberty", "50% off_A", "a\\b", "lib\nerty"]),
        ({"like": "lib%"}, ["liberty", "lib\nerty"]),
        ({"like": "%ib%rt%"}, ["liberty", "Liberty", "lib\nerty"]),
        ({"like": "_iberty"}, ["liberty", "Liberty"]),
        ({"like": "%\\%%\\_%"}, ["50% off_A"]),
        ({"like": "a\\\\b"}, ["a\\b"]),
        ({"like": "%"}, ["liberty", "Liberty", "50% off_A", "a\\b", "lib\nerty"]),
        ({"like": ""}, []),
        ({"NOT  Like": "%b%"}, ["50% off_A"]),
        ({"in": ["liberty", "a\\b"]}, ["liberty", "a\\b"]),
        ({"in": []}, []),
        ({"not in": ["liberty", "Liberty"]}, ["50% off_A", "a\\b", "lib\nerty"]),
        ({"=": None}, [None]),
        ({"like": None}, [None]),
        ({"!=": None}, ["liberty", "Liberty", "50% off_A", "a\\b", "lib\nerty"]),
        ({"=": ".*"}, []),
        ({"=": 1}, []),
        ({"like": "%b%", "!=": "liberty"}, ["Liberty", "a\\b", "lib\nerty"]),
    ],
)
def test_conditions_accept(conditions: dict[str, Any], expected: list[str | None]) -> None:
    assert accepted({"thm_name": conditions}) == expected


def test_a_list_of_objects_and_single_quotes_are_read() -> None:
    assert accepted("[{'THM_NAME':{'like':'%y'}}, {'THM_NAME':{'like':'L%'}}]") == ["Liberty"]


@pytest.mark.parametrize("query_params", [{}, {"q": ""}, {"q": " "}, {"q": "{}"}, {"q": "[]"}, {"q": "null"}])
def test_no_filters(query_params: dict[str, str]) -> None:
    assert read_theme_filters({"pool": "anything", **query_params}) == []


@pytest.mark.parametrize(
    ("q", "message"),
    [
        ("{", "Invalid JSON format in request query."),
        ("7", "Invalid JSON format in request query."),
        ("[1]", "Invalid JSON format in request query."),
        ('{"THM_NAME":"liberty"}', "Invalid JSON format in request query."),
        ('{"THM_NAME":{"=":"\\ud800"}}', "Invalid JSON format in request query."),
        ("[" * 1000, "Invalid JSON format in request query."),
        ('{"THM_ID":{"=":1}}', "Unknown column `THM_ID`."),
        ('{"THM_NAME":{"~":"a"}}', "Unknown operator `~` on column `THM_NAME`."),
        ('{"THM_NAME":{"in":"a"}}', "Column `THM_NAME`: `in` takes a list."),
        ('{"THM_NAME":{"=":["a"]}}', "Column `THM_NAME` is compared with a text."),
        ('{"THM_NAME":{"in":[null]}}', "Column `THM_NAME` is compared with a text."),
    ],
)
def test_what_cannot_be_a_filter_is_refused(q: str, message: str) -> None:
    with pytest.raises(MalformedRequest) as refusal:
        read_theme_filters({"q": q})
    assert str(refusal.value) == message


def test_a_pool_that_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        read_theme_filters({"pool": "a\x00b"})


def test_a_pattern_of_many_wildcards_ends() -> None:
    (item,) = read_theme_filters({"q": json.dumps({"THM_NAME": {"like": "%a" * 500 + "%b"}})})
    assert item.accepts({"THM_NAME": "a" * 5000}) is False
