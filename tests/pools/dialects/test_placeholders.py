"""`%(name)s` placeholders in other styles."""

import pytest

from apps.pools.dialects import placeholders

SQL = "SELECT '50%%', %(a)s, %(b_0)s, %(a)s"


def test_occurrences_are_in_order_and_repeated() -> None:
    assert placeholders.occurrences(SQL) == ("a", "b_0", "a")


def test_colon_style_leaves_single_percent_signs() -> None:
    assert placeholders.colon_style(SQL) == "SELECT '50%', :a, :b_0, :a"


def test_each_occurrence_can_be_a_placeholder_of_its_own() -> None:
    assert placeholders.numbered(SQL) == "SELECT '50%%', %(a__0)s, %(b_0__1)s, %(a__2)s"


@pytest.mark.parametrize("sql", ["SELECT 1 %% 2", "SELECT '%%(a)s'"])
def test_a_doubled_percent_sign_is_no_placeholder(sql: str) -> None:
    assert placeholders.occurrences(sql) == ()


def test_question_marks_stand_in_the_order_of_occurrences() -> None:
    assert placeholders.question_style(SQL) == "SELECT '50%', ?, ?, ?"


def test_long_statements_are_not_remembered() -> None:
    long = "SELECT %(a)s".ljust(placeholders.LONGEST_REMEMBERED + 1)
    assert placeholders.occurrences(long) is not placeholders.occurrences(long)
    assert placeholders.occurrences(SQL) is placeholders.occurrences(SQL)
