"""Which stored writes can be audited, and the rows that they are about to change."""

import pytest

from apps.audit.shapes import shape_of
from apps.pools.dialects import dialect_named
from apps.queries.binds import Bind, StoredSql


def text_of(selection: StoredSql | None) -> str | None:
    if selection is None:
        return None
    parts = (f":{piece.name}" if isinstance(piece, Bind) else str(piece) for piece in selection.pieces)
    return " ".join("".join(parts).split())


@pytest.mark.parametrize(
    ("sql", "table", "selection"),
    [
        ("INSERT INTO t (a) VALUES (:A)", "t", None),
        ("INSERT INTO T VALUES :ROWS;", "t", None),
        ("INSERT INTO t SELECT replace(a, 1, 2) FROM b UNION ALL SELECT 1", "t", None),
        ('INSERT INTO "T" SELECT a FROM b', "T", None),
        ("UPDATE t SET a = :A", "t", "SELECT * FROM t FOR UPDATE"),
        ("UPDATE t SET a = :A WHERE b = :B -- c", "t", "SELECT * FROM t WHERE b = :B FOR UPDATE"),
        (
            "UPDATE t AS x SET a = (SELECT 1 FROM b WHERE c = 1) WHERE x.b = :B RETURNING *",
            "t",
            "SELECT * FROM t AS x WHERE x.b = :B FOR UPDATE",
        ),
        (
            "DELETE FROM t x WHERE x.b IN (SELECT c FROM d ORDER BY 1 LIMIT 1)",
            "t",
            "SELECT * FROM t x WHERE x.b IN (SELECT c FROM d ORDER BY 1 LIMIT 1) FOR UPDATE",
        ),
        ("DELETE FROM t", "t", "SELECT * FROM t FOR UPDATE"),
    ],
)
def test_a_plain_write_shows_its_table_and_rows(sql: str, table: str, selection: str | None) -> None:
    shape = shape_of(sql, dialect_named("postgres"))
    assert shape is not None
    assert (shape.table, shape.names_schema, text_of(shape.selection)) == (table, False, selection)


def test_rows_are_not_locked_where_the_product_cannot() -> None:
    shape = shape_of("DELETE FROM t WHERE a = :A", dialect_named("sqlite"))
    assert shape is not None
    assert text_of(shape.selection) == "SELECT * FROM t WHERE a = :A"


@pytest.mark.parametrize(
    ("product", "end"),
    [("sqlite", "LIMIT 3"), ("postgres", "LIMIT 3 FOR UPDATE"), ("oracle", "FOR UPDATE")],
)
def test_rows_are_limited_where_the_product_can(product: str, end: str) -> None:
    shape = shape_of("DELETE FROM t WHERE a = :A", dialect_named(product), max_rows=3)
    assert shape is not None
    assert text_of(shape.selection) == f"SELECT * FROM t WHERE a = :A {end}"


@pytest.mark.parametrize(
    "sql", ["DELETE FROM s.t", "UPDATE #SCHEMA.X#.t SET a = 1", "INSERT INTO s.t VALUES (1)"]
)
def test_a_schema_is_noticed(sql: str) -> None:
    shape = shape_of(sql, dialect_named("oracle"))
    assert shape is not None
    assert (shape.table, shape.names_schema) == ("T", True)


@pytest.mark.parametrize(
    ("sql", "product"),
    [
        ("WITH x AS (SELECT 1) DELETE FROM t", "postgres"),
        ("MERGE INTO t USING b ON (1 = 1) WHEN MATCHED THEN DELETE", "postgres"),
        ("UPDATE ONLY t SET a = 1", "postgres"),
        ("UPDATE t SET a = 1 FROM b WHERE b.c = t.c", "postgres"),
        ("DELETE FROM t USING b WHERE b.c = t.c", "postgres"),
        ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "postgres"),
        ("INSERT OR REPLACE INTO t VALUES (1)", "sqlite"),
        ("UPDATE OR IGNORE t SET a = 1", "sqlite"),
        ("UPDATE LOW_PRIORITY t SET a = 1", "mariadb"),
        ("UPDATE a, b SET a.x = 1", "mariadb"),
        ("UPDATE a JOIN b USING (c) SET a.x = 1", "mariadb"),
        ("DELETE t FROM t JOIN b", "mariadb"),
        ("DELETE FROM t, b USING t JOIN b", "mariadb"),
        ("DELETE FROM t ORDER BY a LIMIT 1", "mariadb"),
        ("DELETE FROM t /*! LIMIT 1 */", "mariadb"),
        ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "mariadb"),
        ("INSERT IGNORE INTO t VALUES (1)", "mariadb"),
        ("INSERT t VALUES (1)", "mariadb"),
        ("REPLACE INTO t VALUES (1)", "mariadb"),
        ("INSERT ALL INTO t VALUES (1) INTO t VALUES (2) SELECT 1 FROM dual", "oracle"),
        ("DELETE t WHERE a = 1", "oracle"),
        ("BEGIN DELETE FROM t; END;", "oracle"),
    ],
)
def test_any_other_write_has_no_shape(sql: str, product: str) -> None:
    assert shape_of(sql, dialect_named(product)) is None
