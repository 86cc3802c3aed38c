"""The SQL of `liberty_audit`, also where no server runs in the tests: Oracle."""

import pytest

from apps.audit import store
from apps.audit.store import Entry, insertions, store_ddl
from apps.pools.dialects import dialect_named


def entry(number: int, *, length: int = 1) -> Entry:
    return Entry("t", f'{{"id":{number}}}', "INSERT", "default/a", "query", 1, "r", None, "x" * length)


def sizes(entries: list[Entry], product: str) -> list[int]:
    return [len(statement.params) // 10 for statement in insertions(entries, dialect_named(product))]


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("postgres", [100, 100, 30]),
        ("sqlite", [100, 100, 30]),
        ("mariadb", [100, 100, 30]),
        ("oracle", [1] * 230),
    ],
)
def test_a_statement_takes_as_many_entries_as_the_product_takes(product: str, expected: list[int]) -> None:
    assert sizes([entry(number) for number in range(230)], product) == expected


def test_long_values_make_short_statements() -> None:
    half = store.BATCH_BYTES // 2
    entries = [entry(1, length=half), entry(2, length=half), entry(3, length=9), entry(4, length=10 * half)]
    assert sizes(entries, "postgres") == [1, 2, 1]


def test_no_entries_make_no_statement() -> None:
    assert list(insertions([], dialect_named("postgres"))) == []


def test_ids_tell_the_order() -> None:
    (first, second) = insertions([entry(number) for number in range(150)], dialect_named("postgres"))
    ids = [first.params[f"entry_id_{n}"] for n in range(100)] + [
        second.params[f"entry_id_{n}"] for n in range(50)
    ]
    assert ids == sorted(ids)
    assert {len(entry_id) for entry_id in ids} == {32}


def test_an_entry_on_oracle() -> None:
    (statement,) = insertions([entry(1)], dialect_named("oracle"))
    assert statement.sql == (
        "INSERT INTO liberty_audit (entry_id, table_name, row_key, verb, actor, source, query_id, request_id,"
        " changed_at, before_values, after_values) VALUES (%(entry_id_0)s, %(table_name_0)s, %(row_key_0)s,"
        " %(verb_0)s, %(actor_0)s, %(source_0)s, %(query_id_0)s, %(request_id_0)s,"
        " (SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual), %(before_values_0)s, %(after_values_0)s)"
    )


def test_the_table_on_oracle() -> None:
    assert store_ddl(dialect_named("oracle")).sql == (
        "CREATE TABLE liberty_audit (\n"
        "  entry_id varchar(32) NOT NULL PRIMARY KEY,\n"
        "  table_name varchar(128) NOT NULL,\n"
        "  row_key clob NOT NULL,\n"
        "  verb varchar(10) NOT NULL,\n"
        "  actor varchar(201) NOT NULL,\n"
        "  source varchar(10) NOT NULL,\n"
        "  query_id integer NOT NULL,\n"
        "  request_id varchar(64) NOT NULL,\n"
        "  changed_at timestamp NOT NULL,\n"
        "  before_values clob,\n"
        "  after_values clob,\n"
        "  collected varchar(1)\n"
        ")"
    )
