"""A stored text is one statement: where it ends, and what is none."""

import pytest

from apps.pools.lexer import GENERIC, MYSQL, ORACLE, POSTGRESQL, SQLITE, Syntax
from apps.queries.binds import StoredSql, analyse, render
from liberty.errors import InvalidDefinition


def refusal(sql: str, syntax: Syntax = POSTGRESQL) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        analyse(sql, syntax)
    return caught.value.message


def text_of(stored: StoredSql) -> str:
    return render(stored, values={}, names={}, schemas={})[0]


ENDS = [
    ("SELECT 1 -- comment", "SELECT 1"),
    ("SELECT 1; -- pick", "SELECT 1"),
    ("SELECT 1 ;;\n", "SELECT 1"),
    ("SELECT 1 /* ; */", "SELECT 1"),
    ("SELECT 1 /* ; */ ; /* a */ ; -- b", "SELECT 1"),
    ("-- head\nSELECT 1\n", "-- head\nSELECT 1"),
    ("SELECT ';' -- ;", "SELECT ';'"),
]


@pytest.mark.parametrize(("sql", "text"), ENDS)
def test_what_follows_the_statement_is_cut(sql: str, text: str) -> None:
    assert text_of(analyse(sql, POSTGRESQL)) == text


def test_the_end_of_an_executable_comment_is_kept() -> None:
    assert text_of(analyse("SELECT 1 /*! FOR UPDATE */ -- c", MYSQL)) == "SELECT 1 /*! FOR UPDATE */"


@pytest.mark.parametrize("sql", ["", " \n", "-- a", "/* a */ ;", ";;"])
def test_empty_text_is_refused(sql: str) -> None:
    assert refusal(sql) == "the stored SQL is empty"


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("SELECT 1; SELECT 2", "line 1, column 11"),
        ("SELECT 1;\n-- c\n; DROP TABLE t;", "line 3, column 3"),
        ("; SELECT 1", "line 1, column 3"),
        ("SELECT (1; DELETE FROM t)", "line 1, column 12"),
        ("BEGIN; DELETE FROM t; END;", "line 1, column 8"),
    ],
)
def test_a_second_statement_is_refused_with_its_place(sql: str, where: str) -> None:
    for syntax in (POSTGRESQL, MYSQL, SQLITE, GENERIC):
        assert (
            refusal(sql, syntax) == f"the stored SQL holds more than one statement: another begins at {where}"
        )


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("BEGIN v := 1; END;", "BEGIN v := 1; END;"),
        ("declare n int; begin n := 1; end;\n/\n", "declare n int; begin n := 1; end;"),
        ("<<top>> BEGIN NULL; END top; -- c", "<<top>> BEGIN NULL; END top;"),
    ],
)
def test_an_oracle_block_is_one_statement_with_its_semicolons(sql: str, text: str) -> None:
    stored = analyse(sql, ORACLE)
    assert stored.verb in ("BEGIN", "DECLARE")
    assert text_of(stored) == text


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1)", "a parenthesis is closed that was never opened (line 1, column 9)"),
        ("SELECT (1", "a parenthesis is never closed (line 1, column 8)"),
        ("SELECT a.(", "a parenthesis is never closed (line 1, column 10)"),
        ("SELECT 1) q, (SELECT 2", "a parenthesis is closed that was never opened (line 1, column 9)"),
    ],
)
def test_parentheses_must_match(sql: str, message: str) -> None:
    assert refusal(sql) == message


@pytest.mark.parametrize("sql", ["'a'", "1", "(:x)", ":x", '"select" 1', "()", "#:N#"])
def test_text_that_begins_with_no_keyword_is_refused(sql: str) -> None:
    assert "begins with no keyword (line 1, column" in refusal(sql)
