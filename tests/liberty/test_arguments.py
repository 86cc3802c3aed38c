"""Reading the query string."""

import pytest

from liberty.api.arguments import Arguments
from liberty.errors import ArgumentFault, InvalidArgument, MalformedRequest


def faults_of(arguments: Arguments) -> tuple[ArgumentFault, ...]:
    with pytest.raises(InvalidArgument) as caught:
        arguments.check()
    return caught.value.faults


@pytest.mark.parametrize(
    ("value", "message", "kind"),
    [
        ("-1", "Input should be greater than or equal to 0", "greater_than_equal"),
        ("abc", "Input should be a valid integer", "int_parsing"),
        ("1e3", "Input should be a valid integer", "int_parsing"),
        ("1.5", "Input should be a valid integer", "int_parsing"),
        ("\u0661", "Input should be a valid integer", "int_parsing"),
        ("9223372036854775808", "Input should be less than or equal to 2147483647", "less_than_equal"),
        ("9" * 5000, "Input should be a valid integer", "int_parsing"),
    ],
    ids=lambda value: value[:20],
)
def test_a_wrong_integer_is_named(value: str, message: str, kind: str) -> None:
    arguments = Arguments({"limit": value})
    arguments.integer("limit", default=1000)
    assert faults_of(arguments) == (ArgumentFault(("query", "limit"), message, kind),)


def test_every_fault_is_told_at_once() -> None:
    arguments = Arguments({"source": "other", "offset": "x"})
    arguments.choice("source", ("framework", "query"), default="query")
    arguments.integer("offset", default=0)
    arguments.integer("query")
    assert faults_of(arguments) == (
        ArgumentFault(("query", "source"), "Input should be 'framework' or 'query'", "enum"),
        ArgumentFault(("query", "offset"), "Input should be a valid integer", "int_parsing"),
        ArgumentFault(("query", "query"), "Field required", "missing"),
    )


def test_both_spellings_of_an_argument_are_read() -> None:
    for spelling in ("override_pool", "overridePool"):
        assert Arguments({spelling: "demo"}).text("override_pool", "overridePool") == "demo"


def test_an_empty_argument_counts_as_absent() -> None:
    arguments = Arguments({"limit": "", "pool": "", "q": " "})
    assert arguments.integer("limit", default=1000) == 1000
    assert arguments.text("pool", default="default") == "default"
    assert arguments.json("q", failure="bad") is None
    arguments.check()


@pytest.mark.parametrize("value", ["a\x00b", "a\ud800b"])
def test_text_that_no_database_takes_is_refused(value: str) -> None:
    arguments = Arguments({"pool": value})
    arguments.text("pool")
    assert faults_of(arguments)[0].kind == "string_unicode"


def test_json_that_cannot_be_read_is_malformed() -> None:
    with pytest.raises(MalformedRequest, match="bad"):
        Arguments({"q": "{"}).json("q", failure="bad")


def test_spellings_of_one_argument_must_agree() -> None:
    arguments = Arguments({"a": "", "b": "x", "c": "x"})
    assert arguments.agreed("a", "b", "c") == "x"
    assert arguments.agreed("a", default="none") == "none"
    arguments.check()
    arguments = Arguments({"a": "x", "b": "y", "c": "x"})
    assert arguments.agreed("a", "b", "c") == "x"
    with pytest.raises(InvalidArgument) as refusal:
        arguments.check()
    fault = ArgumentFault(("query", "b"), "Input should be the same as that of a", "value_error")
    assert refusal.value.faults == (fault,)
