"""SQL that dialects write, product by product."""

from decimal import Decimal
from typing import Any

import pytest

from apps.pools.dialects import Target, dialect_named
from apps.pools.statement import Kind
from liberty.errors import PoolNotOpened

STORED = "SELECT a FROM t ORDER BY b -- last"
SLICE = "\nLIMIT %(liberty_limit)s OFFSET %(liberty_offset)s"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("postgres", "postgres"),
        ("postgresql", "postgres"),
        (" Oracle ", "oracle"),
        ("mysql", "mysql"),
        ("mariadb", "mariadb"),
        ("sqlite", "sqlite"),
    ],
)
def test_database_types_have_dialects(word: str, name: str) -> None:
    assert dialect_named(word).name == name


def test_an_unknown_database_type_is_named() -> None:
    with pytest.raises(PoolNotOpened, match="`db2`"):
        dialect_named("db2")


@pytest.mark.parametrize(
    ("dbtype", "quoted"),
    [
        ("postgres", '"a""b 50%%"'),
        ("sqlite", '"a""b 50%%"'),
        ("oracle", '"a""b 50%%"'),
        ("mysql", '`a"b 50%%`'),
    ],
)
def test_quotes_in_names_are_doubled(dbtype: str, quoted: str) -> None:
    assert dialect_named(dbtype).quote('a"b 50%') == quoted


def test_backticks_in_names_are_doubled_on_mysql() -> None:
    assert dialect_named("mysql").quote("a`b") == "`a``b`"


@pytest.mark.parametrize(
    ("dbtype", "folded"),
    [("postgres", "custs"), ("oracle", "CUSTS"), ("mysql", "Custs"), ("sqlite", "Custs")],
)
def test_plain_names_fold_as_the_product_folds_them(dbtype: str, folded: str) -> None:
    assert dialect_named(dbtype).fold("Custs") == folded


PAGES: list[tuple[str, dict[str, Any], str]] = [
    ("postgres", {}, f"SELECT * FROM (\n{STORED}\n) q{SLICE}"),
    ("postgres", {"has_order": True}, f"SELECT * FROM (\n{STORED}\n) q{SLICE}"),
    (
        "postgres",
        {"conditions": ["x = 1", "y = 2"], "order_by": ['"a" DESC', '"b"']},
        f'SELECT * FROM (\n{STORED}\n) q\nWHERE x = 1 AND y = 2\nORDER BY "a" DESC, "b"{SLICE}',
    ),
    (
        "postgres",
        {"columns": ["n", "n_2"]},
        f'WITH q ("n", "n_2") AS (\n{STORED}\n)\nSELECT * FROM q{SLICE}',
    ),
    ("mariadb", {}, f"SELECT * FROM (\n{STORED}\n) q{SLICE}"),
    (
        "mariadb",
        {"has_order": True},
        f"SELECT * FROM (\n{STORED}\nLIMIT 18446744073709551615\n) q{SLICE}",
    ),
    (
        "mariadb",
        {"has_order": True, "order_by": ["`a`"]},
        f"SELECT * FROM (\n{STORED}\n) q\nORDER BY `a`{SLICE}",
    ),
    (
        "oracle",
        {"has_order": True, "conditions": ["x = 1"]},
        f"SELECT * FROM (\n{STORED}\n) q\nWHERE x = 1\nORDER BY ROWNUM"
        "\nOFFSET %(liberty_offset)s ROWS FETCH NEXT %(liberty_limit)s ROWS ONLY",
    ),
    (
        "oracle",
        {"order_by": ['"A"'], "has_order": True},
        f'SELECT * FROM (\n{STORED}\n) q\nORDER BY "A"'
        "\nOFFSET %(liberty_offset)s ROWS FETCH NEXT %(liberty_limit)s ROWS ONLY",
    ),
]


@pytest.mark.parametrize(("dbtype", "arguments", "expected"), PAGES)
def test_a_page_wraps_the_stored_select(dbtype: str, arguments: dict[str, Any], expected: str) -> None:
    assert dialect_named(dbtype).page(STORED, **arguments) == expected


def test_mariadb_keeps_the_limit_that_a_definition_has() -> None:
    sql = "SELECT a FROM t ORDER BY b LIMIT 5"
    assert dialect_named("mariadb").page(sql, has_order=True) == f"SELECT * FROM (\n{sql}\n) q{SLICE}"


@pytest.mark.parametrize(
    ("dbtype", "sql", "expected"),
    [
        ("postgres", "SELECT 1", "SELECT * FROM (\nSELECT 1\n) q\nWHERE 1 = 0"),
        ("mysql", "SELECT 1", "SELECT 1\nLIMIT 0"),
        ("mysql", "SELECT 1 LIMIT 5", "SELECT * FROM (\nSELECT 1 LIMIT 5\n) q\nWHERE 1 = 0"),
    ],
)
def test_describing_brings_no_rows(dbtype: str, sql: str, expected: str) -> None:
    assert dialect_named(dbtype).describable(sql) == expected


@pytest.mark.parametrize(
    ("dbtype", "pattern", "bound"),
    [
        ("postgres", "LIB%", "LIB%"),
        ("postgres", r"a\_b%", r"a\_b%"),
        ("postgres", r"c:\x", "c:x"),
        ("postgres", "at end\\", r"at end\\"),
        ("oracle", r"\a", "a"),
        ("mysql", r"50\% _", r"50\% _"),
        ("sqlite", "LIB%", "LIB*"),
        ("sqlite", r"a\_b_", "a_b?"),
        ("sqlite", "[*]?%", "[[][*]][?]*"),
    ],
)
def test_patterns_are_bound_in_the_products_own_form(dbtype: str, pattern: str, bound: str) -> None:
    assert dialect_named(dbtype).like_pattern(pattern) == bound


@pytest.mark.parametrize("dbtype", ["postgres", "mysql", "sqlite", "oracle"])
@pytest.mark.parametrize("text", ["a_b", "50% off", "a\\b", "\\", "*?[", "plain"])
def test_a_literal_has_no_wildcards(dbtype: str, text: str) -> None:
    dialect = dialect_named(dbtype)
    pattern = dialect.like_pattern(dialect.literal(text))
    if dbtype == "sqlite":
        assert pattern == "".join(f"[{character}]" if character in "*?[" else character for character in text)
    else:
        assert (
            pattern.replace("\\\\", "\0").replace("\\%", "%").replace("\\_", "_").replace("\0", "\\") == text
        )


@pytest.mark.parametrize(
    ("kind", "value", "bound"),
    [
        (Kind.INTEGER, "10", 10),
        (Kind.INTEGER, 10, 10),
        (Kind.INTEGER, "1.5", Decimal("1.5")),
        (Kind.BIGINT, "9007199254740993", 9007199254740993),
        (Kind.DECIMAL, "1.10", Decimal("1.10")),
        (Kind.FLOAT, "1.5", 1.5),
        (Kind.BOOLEAN, "Y", True),
        (Kind.BOOLEAN, 0, False),
        (Kind.TEXT, 5, "5"),
        (Kind.TEXT, True, "true"),
        (Kind.TEXT, Decimal("1.10"), "1.10"),
        (Kind.DATE, "2026-01-31", "2026-01-31"),
        (Kind.BYTES, "AP8=", b"\0\xff"),
        (Kind.JSON, {"a": Decimal("1.10")}, '{"a":1.10}'),
        (Kind.OTHER, 1, "1"),
        (Kind.TEXT, None, None),
    ],
)
def test_values_become_what_the_column_holds(kind: Kind, value: Any, bound: Any) -> None:
    assert dialect_named("postgres").bind(value, kind) == bound


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.INTEGER, "abc"),
        (Kind.INTEGER, True),
        (Kind.DECIMAL, "1e999999999"),
        (Kind.BOOLEAN, "maybe"),
        (Kind.BYTES, "not base64!"),
        (Kind.BYTES, 5),
    ],
)
def test_values_of_another_kind_are_refused(kind: Kind, value: Any) -> None:
    with pytest.raises(ValueError, match="n"):
        dialect_named("postgres").bind(value, kind)


def test_a_target_shows_no_password() -> None:
    assert "secret" not in repr(Target("x", "postgres", "db", password="secret"))
