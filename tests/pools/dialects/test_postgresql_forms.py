"""Ways to hand over values to PostgreSQL."""

from decimal import Decimal
from typing import Any

import psycopg.errors
import pytest

from apps.pools.dialects.postgresql_forms import Form, Forms
from apps.pools.dialects.postgresql_values import TypedNull, array_literal
from apps.pools.statement import Statement

STATEMENT = Statement("SELECT %(a)s, %(b)s, %(a)s", {"a": 5, "b": [1, 2]}, labels={"a": "A"})


def test_the_plain_form_changes_nothing() -> None:
    assert Form().of(STATEMENT) == STATEMENT


def test_the_untyped_form_parts_occurrences_and_sends_numbers_as_text() -> None:
    sent = Form(untyped=True).of(STATEMENT)
    assert sent.sql == "SELECT %(a__0)s, %(b__1)s, %(a__2)s"
    assert sent.params == {"a__0": "5", "b__1": [1, 2], "a__2": "5"}


def test_a_list_can_go_as_an_array() -> None:
    assert Form(arrays=frozenset({"b"})).of(STATEMENT).params == {"a": 5, "b": "{1,2}"}


def test_null_is_typed_where_nothing_else_tells_its_type() -> None:
    sent = Form(untyped=True, typed_text=frozenset({1})).of(Statement("SELECT %(a)s IS NULL", {"a": None}))
    assert isinstance(sent.params["a__0"], TypedNull)


@pytest.mark.parametrize(
    ("form", "number", "name"),
    [(Form(), 2, "b"), (Form(), 3, None), (Form(untyped=True), 3, "a")],
)
def test_the_name_behind_a_number_depends_on_the_form(form: Form, number: int, name: str | None) -> None:
    assert form.name_at(number, STATEMENT.sql) == name


@pytest.mark.parametrize(
    ("items", "literal"),
    [
        ([], "{}"),
        ([1, None, Decimal("1.10"), True], "{1,NULL,1.10,true}"),
        (['a"b\\', "c,d", "NULL", ""], '{"a\\"b\\\\","c,d","NULL",""}'),
        ([[1, 2], [3, 4]], "{{1,2},{3,4}}"),
        ([{"a": 1}], '{"{\\"a\\":1}"}'),
        ([float("nan")], "{NaN}"),
    ],
)
def test_arrays_are_written_as_postgresql_reads_them(items: list[Any], literal: str) -> None:
    assert array_literal(items) == literal


def test_a_form_that_another_thread_has_learnt_meanwhile_is_tried() -> None:
    forms, refusal = Forms(), psycopg.errors.UndefinedFunction()
    tried = forms.known(STATEMENT)
    assert forms.learn(refusal, STATEMENT, tried)
    assert forms.learn(refusal, STATEMENT, tried)
    assert not forms.learn(refusal, STATEMENT, forms.known(STATEMENT))
