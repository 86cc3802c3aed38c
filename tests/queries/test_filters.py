"""Filters and orders as SQL: input, expected SQL, expected values."""

from typing import Any

import pytest

from apps.pools.dialects import dialect_named
from apps.pools.statement import Column, Kind
from apps.queries.filters import compile_conditions, find_column
from apps.queries.spec import Filter, Order
from liberty.errors import MalformedRequest

COLUMNS = (
    Column("id", Kind.INTEGER),
    Column("name", Kind.TEXT),
    Column("price", Kind.DECIMAL),
    Column("born", Kind.DATE),
    Column("seen", Kind.DATETIME),
    Column("live", Kind.BOOLEAN),
    Column("key", Kind.UUID),
    Column('a"b', Kind.TEXT),
    Column("50%", Kind.TEXT),
    Column("Ident", Kind.TEXT),
    Column("usr_password", Kind.TEXT),
    Column("renamed", Kind.TEXT, ("ly_users", "usr_password")),
    Column("twice", Kind.TEXT),
    Column("twice", Kind.TEXT),
    Column("mixed", Kind.TEXT),
    Column("MIXED", Kind.TEXT),
)

POSTGRES = dialect_named("postgres")


def compiled(column: str, operator: str, value: Any) -> tuple[str, list[Any]]:
    conditions = compile_conditions([Filter(column, operator, value)], [], COLUMNS, POSTGRES)
    assert set(conditions.labels.values()) <= {column}
    return conditions.sql[0], list(conditions.params.values())


@pytest.mark.parametrize(
    ("column", "operator", "value", "sql", "values"),
    [
        ("id", "=", 5, '"id" = %(liberty_f0)s', [5]),
        ("ID", "eq", "5", '"id" = %(liberty_f0)s', [5]),
        ("id", "=", "5%", '"id" = %(liberty_f0)s', [5]),
        ("id", "!=", 5, '"id" <> %(liberty_f0)s', [5]),
        ("id", "<>", 5, '"id" <> %(liberty_f0)s', [5]),
        ("id", ">=", "-1", '"id" >= %(liberty_f0)s', [-1]),
        ("id", "like", "1%", 'CAST("id" AS text) LIKE %(liberty_f0)s', ["1%"]),
        ("id", "=", None, '"id" IS NULL', []),
        ("id", "like", None, '"id" IS NULL', []),
        ("id", "!=", None, '"id" IS NOT NULL', []),
        ("id", "<>", None, '"id" IS NOT NULL', []),
        ("id", "not like", None, '"id" IS NOT NULL', []),
        ("name", "=", "o'brien", '"name" = %(liberty_f0)s', ["o'brien"]),
        ("name", "=", 7, '"name" = %(liberty_f0)s', ["7"]),
        ("name", "like", "LIB%", '"name" LIKE %(liberty_f0)s', ["LIB%"]),
        ("name", "NOT  LIKE", "LIB%", 'NOT ("name" LIKE %(liberty_f0)s)', ["LIB%"]),
        ("name", "ilike", "lib%", '"name" ILIKE %(liberty_f0)s', ["lib%"]),
        ("name", "contains", "50% a_b\\", '"name" LIKE %(liberty_f0)s', ["%50\\% a\\_b\\\\%"]),
        ("name", "starts", "a_b", '"name" LIKE %(liberty_f0)s', ["a\\_b%"]),
        ("name", "not ends", "%", 'NOT ("name" LIKE %(liberty_f0)s)', ["%\\%"]),
        ("name", "in", ["a, b", " c"], '"name" IN (%(liberty_f0)s, %(liberty_f1)s)', ["a, b", " c"]),
        ("name", "in", ["a", None], '("name" IS NULL OR "name" IN (%(liberty_f0)s))', ["a"]),
        ("name", "in", [], "1 = 0", []),
        ("name", "not in", [], "NOT (1 = 0)", []),
        ("id", "in", "5", '"id" IN (%(liberty_f0)s)', [5]),
        ("id", "between", [1, "9"], '("id" >= %(liberty_f0)s AND "id" <= %(liberty_f1)s)', [1, 9]),
        ("born", "=", "2026-01-31", '"born" = %(liberty_f0)s', ["2026-01-31"]),
        ("born", "=", "2026-01-31T10:00:00.000Z", '"born" = %(liberty_f0)s', ["2026-01-31"]),
        ("seen", ">", "2026-01-31", 'CAST("seen" AS date) > %(liberty_f0)s', ["2026-01-31"]),
        ("seen", ">", "2026-01-31T10:11:12.5Z", '"seen" > %(liberty_f0)s', ["2026-01-31T10:11:12.5Z"]),
        ("live", "=", "Y", '"live" = %(liberty_f0)s', [True]),
        (
            "key",
            "=",
            "{6BA7B8109DAD11D180B400C04FD430C8}",
            '"key" = %(liberty_f0)s',
            ["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
        ),
        ('A"B', "=", "x", '"a""b" = %(liberty_f0)s', ["x"]),
        ("50%", "=", "x", '"50%%" = %(liberty_f0)s', ["x"]),
        ("ident", "=", "x", '"Ident" = %(liberty_f0)s', ["x"]),
        ("mixed", "=", "x", '"mixed" = %(liberty_f0)s', ["x"]),
        ("MIXED_2", "=", "x", '"MIXED" = %(liberty_f0)s', ["x"]),
    ],
)
def test_a_filter_becomes_a_condition_with_bound_values(
    column: str, operator: str, value: Any, sql: str, values: list[Any]
) -> None:
    assert compiled(column, operator, value) == (sql, values)


@pytest.mark.parametrize(
    ("column", "operator", "value", "message"),
    [
        ("nothing", "=", 1, "Unknown column `nothing`."),
        ('id" union select 1--', "=", 1, 'Unknown column `id" union select 1--`.'),
        ("x" * 10_000, "=", 1, f"Unknown column `{'x' * 64}…`."),
        ("id", "= 1 or 1 =", 1, "Unknown operator `= 1 or 1 =` on column `id`."),
        ("id", "", 1, "Unknown operator `` on column `id`."),
        ("id", "not =", 1, "Unknown operator `not =` on column `id`."),
        ("id", "x" * 1000, 1, f"Unknown operator `{'x' * 32}…` on column `id`."),
        ("id", "=", "abc", "Column `id` (integer) cannot be compared with this value."),
        ("price", "=", "1e-1000000000", "Column `price` (decimal) cannot be compared with this value."),
        ("price", "=", "1e1000000000", "Column `price` (decimal) cannot be compared with this value."),
        ("id", "=", True, "Column `id` (integer) cannot be compared with this value."),
        ("id", "=", [1], "Column `id` (integer) cannot be compared with this value."),
        ("name", "=", {"a": 1}, "Column `name` (text) cannot be compared with this value."),
        ("name", "like", ["a"], "Column `name` cannot be compared with a list or an object."),
        ("born", "=", "soon", "Column `born` (date) cannot be compared with this value."),
        ("seen", "=", "2026-1-1", "Column `seen` (datetime) cannot be compared with this value."),
        ("key", "=", "abc", "Column `key` (uuid) cannot be compared with this value."),
        ("live", "=", "maybe", "Column `live` (boolean) cannot be compared with this value."),
        ("id", "between", [1], "The operator `between` on column `id` takes a list of two values."),
        ("id", "between", [1, None], "The operator `between` on column `id` takes a list of two values."),
        ("twice", "=", "x", "Column `twice` is ambiguous: the query returns it 2 times."),
        ("TWICE_2", "=", "x", "Column `TWICE_2` is ambiguous: the query returns it more than once."),
        ("Mixed", "=", "x", "Column `Mixed` is ambiguous: the query returns it 2 times."),
        (
            "USR_PASSWORD",
            "=",
            "x",
            "Column `USR_PASSWORD` holds a secret and cannot be filtered or sorted on.",
        ),
        ("renamed", "=", "x", "Column `renamed` holds a secret and cannot be filtered or sorted on."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_makes_no_condition_is_named(column: str, operator: str, value: Any, message: str) -> None:
    with pytest.raises(MalformedRequest) as caught:
        compiled(column, operator, value)
    assert caught.value.message == message


def test_values_of_several_filters_have_names_of_their_own() -> None:
    filters = [Filter("id", ">", 1), Filter("id", "<", 9), Filter("name", "=", ":LNG_ID")]
    conditions = compile_conditions(filters, [], COLUMNS, POSTGRES)
    assert conditions.sql == [
        '"id" > %(liberty_f0)s',
        '"id" < %(liberty_f1)s',
        '"name" = %(liberty_f2)s',
    ]
    assert conditions.params == {"liberty_f0": 1, "liberty_f1": 9, "liberty_f2": ":LNG_ID"}


def test_orders_name_columns_of_the_result() -> None:
    conditions = compile_conditions([], [Order("NAME"), Order('a"b', descending=True)], COLUMNS, POSTGRES)
    assert conditions.order_by == ['"name"', '"a""b" DESC']


@pytest.mark.parametrize("name", ["nothing", "1;drop table t", "twice", "usr_password", "id desc"])
def test_an_order_by_anything_else_is_refused(name: str) -> None:
    with pytest.raises(MalformedRequest):
        compile_conditions([], [Order(name)], COLUMNS, POSTGRES)


def test_a_name_in_its_own_case_wins() -> None:
    assert find_column("MIXED", COLUMNS).name == "MIXED"
    assert find_column("ID", COLUMNS).name == "id"
