"""What `render` makes of a stored statement and values."""

import sqlite3
from typing import Any

import pytest

from apps.pools.lexer import ORACLE, POSTGRESQL, SQLITE, Syntax
from apps.queries.binds import analyse, render
from liberty.errors import InvalidDefinition, MalformedRequest


def rendered(text: str, syntax: Syntax = POSTGRESQL, /, **values: Any) -> tuple[str, dict[str, Any]]:
    upper = {name.upper(): value for name, value in values.items()}
    return render(analyse(text, syntax), values=upper, names={"S": '"JDE"'}, schemas={"MAIN": '"liberty"'})


RENDERED = [
    ("= ANY(:ids::uuid[])", {"ids": ["a", "b"]}, "= ANY(%(b_1)s::uuid[])", {"b_1": ["a", "b"]}),
    (":perms::jsonb", {"perms": {"a": 1}}, "%(b_1)s::jsonb", {"b_1": {"a": 1}}),
    ("a = :a AND b = :A", {"a": 1}, "a = %(b_1)s AND b = %(b_1)s", {"b_1": 1}),
    ("a = :id2 AND b = :id", {"id": 1, "id2": 2}, "a = %(b_1)s AND b = %(b_2)s", {"b_1": 2, "b_2": 1}),
    ("n LIKE '%adm%' AND a = :a", {"a": 1}, "n LIKE '%%adm%%' AND a = %(b_1)s", {"b_1": 1}),
    ("n LIKE '%adm%'", {}, "n LIKE '%%adm%%'", {}),
    ("b -- 50% of b\n= :b", {"b": 1}, "b -- 50%% of b\n= %(b_1)s", {"b_1": 1}),
    ("a % b ? :b AND c ?| d AND e ?& f", {"b": 1}, "a %% b ? %(b_1)s AND c ?| d AND e ?& f", {"b_1": 1}),
    ("a IN :a", {"a": [1, 2]}, "a IN (%(b_1_0)s, %(b_1_1)s)", {"b_1_0": 1, "b_1_1": 2}),
    ("a not in ( :a )", {"a": [1, 2]}, "a NOT IN (%(b_1_0)s, %(b_1_1)s)", {"b_1_0": 1, "b_1_1": 2}),
    ("a IN (:a)", {"a": 1}, "a IN (%(b_1)s)", {"b_1": 1}),
    ("a IN :a", {"a": "x,y"}, "a IN (%(b_1)s)", {"b_1": "x,y"}),
    (
        "a IN (:a)",
        {"a": ["Alex, Jr", " Jin"]},
        "a IN (%(b_1_0)s, %(b_1_1)s)",
        {"b_1_0": "Alex, Jr", "b_1_1": " Jin"},
    ),
    ("a IN (:a, 'Y')", {"a": "N"}, "a IN (%(b_1)s, 'Y')", {"b_1": "N"}),
    ("a IN (:a, 'Y')", {"a": ["N", "M"]}, "a IN (%(b_1_0)s, %(b_1_1)s, 'Y')", {"b_1_0": "N", "b_1_1": "M"}),
    ("a IN (:a, 'Y')", {"a": []}, "a IN (NULL, 'Y')", {}),
    (
        "(a, b) IN (:a)",
        {"a": [[1, 2], [3, 4]]},
        "(a, b) IN ((%(b_1_0_0)s, %(b_1_0_1)s), (%(b_1_1_0)s, %(b_1_1_1)s))",
        {"b_1_0_0": 1, "b_1_0_1": 2, "b_1_1_0": 3, "b_1_1_1": 4},
    ),
    (
        ":a IS NULL OR a IN (:a)",
        {"a": [7]},
        "%(b_1)s IS NULL OR a IN (%(b_1_0)s)",
        {"b_1": [7], "b_1_0": 7},
    ),
    (
        "a = :sql AND b = :limit AND c = :pool",
        {"sql": "s", "limit": 1, "pool": "p"},
        "a = %(b_1)s AND b = %(b_2)s AND c = %(b_3)s",
        {"b_1": "s", "b_2": 1, "b_3": "p"},
    ),
    *[
        ("a = :a", {"a": value}, "a = %(b_1)s", {"b_1": value})
        for value in (
            "teste-do-abc",
            "select 1; drop table t",
            "O'Brien",
            "%s %(b_1)s",
            ":a",
            None,
            [1],
            {"b": 2},
        )
    ],
]


@pytest.mark.parametrize(("condition", "values", "sql", "params"), RENDERED)
def test_values_become_parameters(
    condition: str, values: dict[str, Any], sql: str, params: dict[str, Any]
) -> None:
    assert rendered(f"SELECT 1 WHERE {condition}", **values) == (f"SELECT 1 WHERE {sql}", params)


def test_names_and_schemas_are_put_in_as_given() -> None:
    sql, params = rendered("SELECT 1 FROM #:s#.T, #schema.MAIN#.U")
    assert (sql, params) == ('SELECT 1 FROM "JDE".T, "liberty".U', {})


def test_every_missing_parameter_is_named() -> None:
    with pytest.raises(MalformedRequest, match=r"^SQL parameter `A` has no value$"):
        rendered("SELECT :a, :b", b=1)
    with pytest.raises(MalformedRequest, match=r"^SQL parameters `A`, `N`, `B` have no value$"):
        rendered("SELECT :a, :a FROM #:n# WHERE b = :b")


def test_a_schema_that_is_not_described_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match=r"^schema `OTHER` is not described for this pool$"):
        rendered("SELECT 1 FROM #SCHEMA.OTHER#.T")


def test_a_stand_in_takes_the_place_of_a_bind_and_its_value() -> None:
    stored = analyse("UPDATE t SET pw = :PW, a = :A WHERE b IN (:B)", POSTGRESQL)
    stand_ins = {"PW": "pw", "B": "b"}
    sql, params = render(
        stored, values={"A": 1}, names={}, schemas={}, stand_in=lambda bind: stand_ins.get(bind.name)
    )
    assert (sql, params) == ("UPDATE t SET pw = pw, a = %(b_2)s WHERE b IN (b)", {"b_2": 1})


@pytest.mark.parametrize("condition", ["IN :IDS", "IN (:IDS)"])
@pytest.mark.parametrize(("negation", "count"), [("", 0), ("NOT ", 3)])
def test_an_empty_list_after_in_holds_nothing(condition: str, negation: str, count: int) -> None:
    stored = analyse(f"SELECT count(*) FROM t WHERE a {negation}{condition} AND 1 = 1", SQLITE)
    sql, params = render(stored, values={"IDS": []}, names={}, schemas={})
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (None,)])
        assert connection.execute(sql % {}, params).fetchall() == [(count,)]
    finally:
        connection.close()


def test_an_empty_list_after_in_is_an_empty_sub_select_where_conditions_are_no_values() -> None:
    sql, params = rendered("SELECT 1 FROM t WHERE a NOT IN (:A)", ORACLE, a=[])
    assert (sql, params) == ("SELECT 1 FROM t WHERE a NOT IN (SELECT NULL FROM dual WHERE 1 = 0)", {})


ROWS = [
    ([{"B": 1, "a": "x"}, {"A": "y", "b": None}], [[1, "x"], [None, "y"]]),
    ([{"ROW_ID": 1, "a": 1}, {"a": 2, "row_id": 2}], [[1], [2]]),
    ({"a": 1, "b": [1, 2]}, [[1, [1, 2]]]),
    ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ([1, None], [[1], [None]]),
]


@pytest.mark.parametrize(("value", "rows"), ROWS)
def test_objects_after_values_become_rows(value: Any, rows: list[list[Any]]) -> None:
    sql, params = rendered("INSERT INTO t VALUES\n  :R ON CONFLICT DO NOTHING", r=value)
    tuples = ", ".join(
        "(" + ", ".join(f"%(b_1_{line}_{column})s" for column in range(len(row))) + ")"
        for line, row in enumerate(rows)
    )
    assert sql == f"INSERT INTO t VALUES\n  {tuples} ON CONFLICT DO NOTHING"
    assert params == {f"b_1_{line}_{c}": v for line, row in enumerate(rows) for c, v in enumerate(row)}


BAD_ROWS: list[tuple[Any, str]] = [
    ([], "SQL parameter `R` needs a list of at least one object"),
    ("x", "SQL parameter `R` needs a list of at least one object"),
    (None, "SQL parameter `R` needs a list of at least one object"),
    ([{}], "item 1 of SQL parameter `R` does not have as many values as it should"),
    ([[1], [1, 2]], "item 2 of SQL parameter `R` does not have as many values as it should"),
    ([{"A": 1}, 2], "the items of SQL parameter `R` are not all objects"),
    (
        [{"A": 1}, {"a": 1, "b": 2}],
        "item 2 of SQL parameter `R` has the member `B`, which the first item lacks",
    ),
    ([{"A": 1, "B": 2}, {"a": 1}], "item 2 of SQL parameter `R` lacks the member `B` of the first item"),
    ([{"A": 1, "a": 2}], "item 1 of SQL parameter `R` has the member `a` twice"),
]


@pytest.mark.parametrize(("value", "message"), BAD_ROWS)
def test_rows_that_do_not_fit_together_are_refused(value: Any, message: str) -> None:
    with pytest.raises(MalformedRequest) as caught:
        rendered("INSERT INTO t VALUES :R", r=value)
    assert caught.value.message == message
