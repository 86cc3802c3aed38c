"""Reading request bodies."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from pytest_django import Settings

from liberty.api.parsers import ExactJSONParser


def parse(stream: Any, **view: int) -> Any:
    return ExactJSONParser().parse(stream, "application/json", {"view": SimpleNamespace(**view)})


def test_a_view_bounds_its_bodies() -> None:
    assert parse(BytesIO(b'"12345678"'), max_body_bytes=10) == "12345678"
    with pytest.raises(RequestDataTooBig):
        parse(BytesIO(b'"123456789"'), max_body_bytes=10)


@pytest.mark.parametrize("view", [{}, {"max_body_bytes": 1000}])
def test_no_view_takes_more_than_the_setting(settings: Settings, view: dict[str, int]) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert parse(BytesIO(b'"12345678"'), **view) == "12345678"
    with pytest.raises(RequestDataTooBig):
        parse(BytesIO(b'"123456789"'), **view)


def test_a_body_that_says_to_be_too_large_is_not_read() -> None:
    request = RequestFactory().post("/", b'"123456789"', content_type="application/json")
    with pytest.raises(RequestDataTooBig):
        parse(request, max_body_bytes=10)
    assert request.read() == b'"123456789"'


@pytest.mark.parametrize("length", ["", "3", "-1", "two", "²"])
def test_what_a_body_says_of_its_length_is_not_believed(length: str) -> None:
    stream = BytesIO(b'"123456789"')
    stream.META = {"CONTENT_LENGTH": length}  # type: ignore[attr-defined]
    with pytest.raises(RequestDataTooBig):
        parse(stream, max_body_bytes=10)
    assert stream.tell() == 11
