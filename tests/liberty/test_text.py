"""Numbers of things as text."""

import pytest

from liberty.text import counted


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("table",), "0 tables"),
        (1, ("table",), "1 table"),
        (2, ("table",), "2 tables"),
        (1, ("entry", "entries"), "1 entry"),
        (11, ("row is", "rows are"), "11 rows are"),
    ],
)
def test_what_is_counted_is_one_or_several(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text
