"""Filling `$NAME` in the bodies of stored calls."""

from decimal import Decimal
from typing import Any

import pytest

from apps.queries.body_templates import fill_template
from liberty.errors import InvalidDefinition, MalformedRequest


@pytest.mark.parametrize(
    ("template", "values", "body"),
    [
        ("", {}, {}),
        ("  ", {"A": 1}, {}),
        ("[]", {}, []),
        ('{"a": "$A"}', {"A": "x"}, {"a": "x"}),
        ('{"a": "$A"}', {"a": "x"}, {"a": "x"}),
        ('{"a": "$a-$B_2"}', {"A": "x", "b_2": "y"}, {"a": "x-y"}),
        ('{"a": ["$A", {"b": "$A"}], "c": 1}', {"A": "x"}, {"a": ["x", {"b": "x"}], "c": 1}),
        ('{"a": null, "b": 1.10}', {}, {"a": None, "b": Decimal("1.10")}),
        ('{"a": "$A"}', {"A": '", "admin": "Y'}, {"a": '", "admin": "Y'}),
        ('{"a": "$A"}', {"A": "back\\slash \n $B $A"}, {"a": "back\\slash \n $B $A"}),
        ('{"a": "$USER", "b": "$USERNAME"}', {"USER": "u", "USERNAME": "n"}, {"a": "u", "b": "n"}),
        ('{"a": "$A"}', {"A": 5432}, {"a": "5432"}),
        ('{"a": "$A"}', {"A": True}, {"a": "true"}),
        ('{"a": "$A"}', {"A": Decimal("1.10")}, {"a": "1.10"}),
        ('{"a": "$A"}', {"A": None}, {"a": None}),
        ('{"a": "<$A>"}', {"A": None}, {"a": "<>"}),
        ('{"a": "$A"}', {"A": [1, {"b": "$C"}]}, {"a": [1, {"b": "$C"}]}),
        ('{"a": "<$A>"}', {"A": [1]}, {"a": "<[1]>"}),
        ('{"a": "costs $5 or $ 5 or 5$"}', {}, {"a": "costs $5 or $ 5 or 5$"}),
        ('{"$A": 1}', {"A": "x"}, {"$A": 1}),
    ],
)  # fmt: skip
def test_values_take_their_places(template: str, values: dict[str, Any], body: Any) -> None:
    assert fill_template(template, values) == body


def test_a_variable_without_value_is_named() -> None:
    with pytest.raises(MalformedRequest, match=r"There is no value for `\$PASSWD`\."):
        fill_template('{"password": "$passwd"}', {"PASSWDS": 1})


@pytest.mark.parametrize("template", ["{", '{"port": $PORT}', "hello"])
def test_a_template_that_is_no_json_is_told(template: str) -> None:
    with pytest.raises(InvalidDefinition, match="no JSON"):
        fill_template(template, {"PORT": 1})
