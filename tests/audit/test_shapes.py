"""Which stored writes can be audited, and the rows that they are about to change."""

import pytest

from apps.audit.shapes import shape_of, targets_of
from apps.pools.dialects import dialect_named
from apps.queries.binds import Bind, StoredSql
from liberty.errors import InvalidDefinition


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
        ("UPDATE t SET a = :A", "t", "SELECT * FROM t FOR NO KEY UPDATE"),
        ("UPDATE t SET a = :A WHERE b = :B -- c", "t", "SELECT * FROM t WHERE b = :B FOR NO KEY UPDATE"),
        (
            "UPDATE t AS x SET a = (SELECT 1 FROM b WHERE c = 1) WHERE x.b = :B RETURNING *",
            "t",
            "SELECT * FROM t AS x WHERE x.b = :B FOR NO KEY UPDATE",
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
    ("product", "sql", "selection"),
    [
        ("sqlite", "DELETE FROM t WHERE a = :A", "SELECT * FROM t WHERE a = :A LIMIT 3"),
        ("mariadb", "DELETE FROM t WHERE a = :A", "SELECT * FROM t WHERE a = :A LIMIT 3 FOR UPDATE"),
        ("postgres", "DELETE FROM t WHERE a = :A", "SELECT * FROM t WHERE a = :A LIMIT 3 FOR UPDATE"),
        (
            "oracle",
            "DELETE FROM t WHERE a = :A OR b = 1",
            "SELECT * FROM t WHERE ( a = :A OR b = 1 ) AND ROWNUM <= 3 FOR UPDATE",
        ),
        ("oracle", "DELETE FROM t", "SELECT * FROM t WHERE ROWNUM <= 3 FOR UPDATE"),
    ],
)
def test_rows_are_limited(product: str, sql: str, selection: str) -> None:
    shape = shape_of(sql, dialect_named(product), max_rows=3)
    assert shape is not None
    assert text_of(shape.selection) == selection


@pytest.mark.parametrize(
    ("sql", "for_rows"),
    [
        ("UPDATE t SET a = :A WHERE b = :B AND c IN (:C)", None),
        ("DELETE FROM t WHERE (a = 1 OR NOT b LIKE 'x') AND c BETWEEN :C AND :D", None),
        (
            "UPDATE t SET a = :A WHERE b IN (SELECT c FROM d) RETURNING a",
            "UPDATE t SET a = :A WHERE :LIBERTY_ROWS RETURNING a",
        ),
        ("DELETE FROM t x WHERE random() < :A", "DELETE FROM t x WHERE :LIBERTY_ROWS"),
        ("DELETE FROM t WHERE a < CURRENT_TIMESTAMP", "DELETE FROM t WHERE :LIBERTY_ROWS"),
    ],
)
def test_a_condition_that_may_change_its_answer_is_not_asked_twice(sql: str, for_rows: str | None) -> None:
    shape = shape_of(sql, dialect_named("postgres"))
    assert shape is not None
    assert text_of(shape.for_rows) == for_rows


@pytest.mark.parametrize(
    ("sql", "product", "tables"),
    [
        ("INSERT INTO a SELECT * FROM t", "postgres", "a"),
        ("UPDATE a SET x = t.x FROM t WHERE t.id = a.id", "postgres", "a"),
        ('UPDATE ONLY s."A" SET x = 1', "postgres", "a"),
        ("DELETE FROM a USING t WHERE t.id = a.id", "postgres", "a"),
        ("MERGE INTO a USING t ON (1 = 1) WHEN MATCHED THEN UPDATE SET x = 1", "postgres", "a"),
        ("MERGE INTO a USING t ON (1 = 1) WHEN NOT MATCHED THEN INSERT (x) VALUES (1)", "oracle", "a"),
        (
            "WITH x AS (DELETE FROM t RETURNING *), y AS (SELECT 1) INSERT INTO a SELECT * FROM x",
            "postgres",
            "a t",
        ),
        ("INSERT INTO a SELECT * FROM t ON CONFLICT (id) DO UPDATE SET x = 1", "postgres", "a"),
        ("INSERT OR REPLACE INTO a SELECT replace(x, 1, 2) FROM t", "sqlite", "a"),
        ("REPLACE INTO a SELECT * FROM t", "mariadb", "a"),
        ("INSERT IGNORE a SELECT * FROM t ON DUPLICATE KEY UPDATE x = 1", "mariadb", "a"),
        ("SELECT * INTO a FROM t", "postgres", ""),
        ("WITH x AS (SELECT * FROM t FOR NO KEY UPDATE) SELECT * FROM x", "postgres", ""),
        ("UPDATE a, t SET a.x = t.x", "mariadb", "a t x"),
        ("UPDATE a JOIN t USING (id) SET a.x = 1", "mariadb", "a t"),
        ("DELETE a FROM a JOIN t", "mariadb", "a t"),
        ("DELETE FROM a USING a JOIN t", "mariadb", "a t"),
        ("INSERT ALL INTO a VALUES (1) INTO t VALUES (2) SELECT 1 FROM dual", "oracle", "a t"),
        ("BEGIN UPDATE a SET x = 1; DELETE FROM t; END;", "oracle", "a t"),
        ("CALL p('DELETE FROM t')", "mariadb", "p t"),
        ("DO $x$ BEGIN EXECUTE 'DELETE FROM t'; UPDATE art SET c = 1; END $x$", "postgres", "t art"),
        ("DELETE FROM a /*! , t */ WHERE 1 = 1", "mariadb", "a t"),
        ("UPDATE a STRAIGHT_JOIN t SET t.x = 1", "mariadb", "a t"),
        ("UPDATE ((a)), t SET t.x = 1", "mariadb", "a t"),
        ("INSERT INTO a SELECT replace(x, 1, 2), insert(x, 1, 2, y) FROM t", "mariadb", "a"),
        ("UPDATE (SELECT * FROM a) SET x = 1", "oracle", "a"),
        ("DELETE (SELECT * FROM a) WHERE x = 1", "oracle", "a"),
        ("UPDATE 'a' SET x = 1", "sqlite", "a"),
        ("WITH y AS (SELECT 1) REPLACE INTO main.'a' SELECT * FROM y", "sqlite", "a"),
    ],
)
def test_what_a_statement_writes_is_told_from_what_it_reads(sql: str, product: str, tables: str) -> None:
    written = targets_of(sql, dialect_named(product)).tables
    assert written & {"a", "t", "p", "art", "d"} == set(tables.split()) - {"x"}


@pytest.mark.parametrize(
    "sql",
    [
        r'UPDATE U&"\0061" SET x = 1 WHERE id = 1',
        "DELETE FROM u&\"!0061\" UESCAPE '!' WHERE id = 1",
        r'WITH y AS (SELECT 1) INSERT INTO U&"\0061" SELECT * FROM y',
    ],
)
def test_a_name_with_escapes_is_refused(sql: str) -> None:
    assert shape_of(sql, dialect_named("postgres")) is None
    with pytest.raises(InvalidDefinition, match="a name with escapes"):
        targets_of(sql, dialect_named("postgres"))


def test_a_table_that_callers_name_is_written_where_it_stands_for_the_target() -> None:
    sql = "INSERT INTO #:TO# SELECT * FROM #:FROM# ON CONFLICT DO NOTHING"
    assert targets_of(sql, dialect_named("postgres")).binds == {"TO"}


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
