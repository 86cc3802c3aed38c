"""From the query string and the body to what is asked for."""

from typing import Any

import pytest
from pytest_django import Settings

from apps.queries.serializers import (
    EMPTY_BODY,
    INVALID_JSON,
    MAX_FILTERS,
    read_filters,
    read_lines,
    read_order,
    read_params,
    read_spec,
)
from apps.queries.spec import Filter, Order, QuerySpec, Source
from liberty.errors import InvalidArgument, MalformedRequest


def test_only_the_number_of_the_query_is_required() -> None:
    assert read_spec({"query": "7"}, verb="GET") == QuerySpec(Source.QUERY, 7, "GET")


def test_every_argument_is_read() -> None:
    arguments = {
        "source": "framework",
        "type": "columns",
        "pool": "libnsx1",
        "mode": "session",
        "query": "1",
        "overridePool": "demo",
        "q": '{"A":{"=":1}}',
        "language": "fr",
        "offset": "20",
        "limit": "10",
        "params": "[{'x': 5}]",
        "order": "A,-B",
        "numbers": "string",
    }
    assert read_spec(arguments, verb="GET") == QuerySpec(
        source=Source.FRAMEWORK,
        number=1,
        verb="GET",
        pool="libnsx1",
        override_pool="demo",
        language="fr",
        offset=20,
        limit=10,
        filters=(Filter("A", "=", 1),),
        order=(Order("A"), Order("B", descending=True)),
        params={"X": 5},
        columns_only=True,
        numbers_as_text=True,
    )


def test_framework_mode_reads_definitions_from_the_default_pool() -> None:
    spec = read_spec({"query": "1", "mode": "framework", "pool": "libnsx1"}, verb="GET")
    assert (spec.pool, spec.framework_mode) == ("default", True)


def test_a_write_takes_no_page_arguments() -> None:
    arguments = {"query": "1", "q": "{", "limit": "x", "params": "{"}
    assert read_spec(arguments, verb="PUT") == QuerySpec(Source.QUERY, 1, "PUT")


def test_a_limit_above_the_largest_is_lowered(settings: Settings) -> None:
    settings.LIBERTY_MAX_LIMIT = 50
    assert read_spec({"query": "1", "limit": "51"}, verb="GET").limit == 50


def test_a_limit_of_zero_is_a_limit() -> None:
    assert read_spec({"query": "1", "limit": "0"}, verb="GET").limit == 0


@pytest.mark.parametrize("name", ["source", "type", "mode", "numbers"])
def test_a_word_that_is_not_listed_is_named(name: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read_spec({"query": "1", name: "other"}, verb="GET")
    assert caught.value.faults[0].location == ("query", name)


@pytest.mark.parametrize(
    ("value", "filters"),
    [
        (None, ()),
        ({}, ()),
        ([], ()),
        ({"A": {"=": 1, "<": 9}}, (Filter("A", "=", 1), Filter("A", "<", 9))),
        ([{"A": {"=": 1}}, {"A": {"!=": None}}], (Filter("A", "=", 1), Filter("A", "!=", None))),
    ],
)
def test_conditions_are_read_from_objects_and_lists(value: Any, filters: tuple[Filter, ...]) -> None:
    assert read_filters(value) == filters


@pytest.mark.parametrize("value", [1, "A", [1], {"A": 1}, {"A": []}, {"A": {}}, [{"A": None}]])
def test_conditions_of_another_form_are_malformed(value: Any) -> None:
    with pytest.raises(MalformedRequest, match=INVALID_JSON):
        read_filters(value)


def test_more_conditions_than_a_database_takes_are_refused() -> None:
    assert len(read_filters([{"A": {"=": 1}}] * MAX_FILTERS)) == MAX_FILTERS
    with pytest.raises(MalformedRequest, match="101 conditions"):
        read_filters([{"A": {"=": 1}}] * (MAX_FILTERS + 1))


def test_parameters_of_a_list_are_joined() -> None:
    assert read_params([{"a": 1}, {"b": 2, "A": 3}]) == {"A": 3, "B": 2}


@pytest.mark.parametrize("value", [1, "A", [[]]])
def test_parameters_of_another_form_are_malformed(value: Any) -> None:
    with pytest.raises(MalformedRequest, match=INVALID_JSON):
        read_params(value)


def test_order_names_columns_and_directions() -> None:
    assert read_order(" A, -b ,,") == (Order("A"), Order("b", descending=True))


@pytest.mark.parametrize("body", [None, {}, [], [{}], [{"A": 1}, {}]])
def test_an_empty_body_is_malformed(body: Any) -> None:
    with pytest.raises(MalformedRequest, match="Request body cannot be empty") as caught:
        read_lines(body)
    assert caught.value.message == EMPTY_BODY


@pytest.mark.parametrize(
    ("body", "location"),
    [("x", ("body",)), (5, ("body",)), ([{"A": 1}, 5], ("body", 1)), ([[]], ("body", 0))],
)
def test_a_body_that_is_no_object_is_named(body: Any, location: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        read_lines(body)
    assert caught.value.faults[0].location == location


def test_one_object_is_one_line() -> None:
    assert read_lines({"A": 1}) == ({"A": 1},)
    assert read_lines([{"A": 1}, {"A": 2}]) == ({"A": 1}, {"A": 2})
