"""Values and columns in the answers of /api/db/query: the text of the JSON, for the types of each product."""

import json
import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import query, rows, write
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

# Type of the column, the value in SQL, its text in the JSON, and `dataType` in the metadata.
POSTGRES = [
    ("bigint", "9007199254740993", "9007199254740993", "bigint"),
    ("bigint", "-9223372036854775808", "-9223372036854775808", "bigint"),
    ("integer", "-2147483648", "-2147483648", "integer"),
    ("numeric", "12345678901234567890123456789", "12345678901234567890123456789", "decimal"),
    ("numeric", "0.12345678901234567890123456789", "0.12345678901234567890123456789", "decimal"),
    ("numeric", "-18446744073709551617", "-18446744073709551617", "decimal"),
    ("numeric", "1.10", "1.10", "decimal"),
    ("numeric(20,10)", "1e-10", "0.0000000001", "decimal"),
    ("numeric", "'NaN'", '"NaN"', "decimal"),
    ("numeric", "'Infinity'", '"Infinity"', "decimal"),
    ("numeric", "'-Infinity'", '"-Infinity"', "decimal"),
    ("float8", "'NaN'", '"NaN"', "float"),
    ("float8", "'Infinity'", '"Infinity"', "float"),
    ("float4", "'-Infinity'", '"-Infinity"', "float"),
    ("float8", "0.1", "0.1", "float"),
    ("boolean", "false", "false", "boolean"),
    ("text", "E'a\"\\\\ \\n\\u00e9\\U0001F600'", '"a\\"\\\\ \\né😀"', "text"),
    ("char(3)", "'x'", '"x  "', "text"),
    ("bytea", "'\\x00ff'", '"AP8="', "bytes"),
    ("bytea", "''", '""', "bytes"),
    ("bytea[]", "ARRAY['\\x00ff'::bytea, NULL]", '["AP8=",null]', "array"),
    ("interval", "'1 mon 2 days 03:04:05.6'", '"P1M2DT3H4M5.6S"', "interval"),
    ("interval", "'-1 day'", '"P-1D"', "interval"),
    ("interval", "'0'", '"PT0S"', "interval"),
    ("date", "'2024-02-29'", '"2024-02-29"', "date"),
    ("date", "'0044-03-15 BC'", '"0044-03-15 BC"', "date"),
    ("date", "'12026-01-01'", '"12026-01-01"', "date"),
    ("date", "'-infinity'", '"-infinity"', "date"),
    ("timestamptz", "'infinity'", '"infinity"', "datetime"),
    ("timestamptz", "'2026-01-01 01:01:01.000001+02'", '"2025-12-31T23:01:01.000001+00:00"', "datetime"),
    ("timestamptz", "'12026-01-01 00:00:00+00'", '"12026-01-01 00:00:00+00"', "datetime"),
    ("timestamp", "'0044-03-15 10:11:12 BC'", '"0044-03-15 10:11:12 BC"', "datetime"),
    ("timestamp", "'2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456"', "datetime"),
    ("timestamp", "'2026-01-01 00:00:00'", '"2026-01-01T00:00:00"', "datetime"),
    ("time", "'10:11:12.5'", '"10:11:12.500000"', "time"),
    ("time", "'24:00:00'", '"24:00:00"', "time"),
    ("timetz", "'10:11:12+02'", '"10:11:12+02:00"', "time"),
    ("timetz", "'10:11:12.123456-03:30'", '"10:11:12.123456-03:30"', "time"),
    ("uuid", "'A0EEBC999C0B4EF8BB6D6BB9BD380A11'", '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"', "uuid"),
    ("json", '\'{"b":1.10, "a":  12345678901234567890123}\'', None, "json"),
    ("jsonb", "'{\"a\": 1.10}'", '{"a": 1.10}', "json"),
    ("jsonb", "'\"x\"'", '"x"', "json"),
    ("jsonb", "'null'", "null", "json"),
    ("int[]", "'{{1,2},{3,NULL}}'", "[[1,2],[3,null]]", "array"),
    ("int[]", "'{}'", "[]", "array"),
    ("text[]", "ARRAY['a,b', '', NULL, 'NULL', '\"']", '["a,b","",null,"NULL","\\""]', "array"),
    ("numeric[]", "ARRAY[1.10, 'NaN']", '[1.10,"NaN"]', "array"),
    ("timestamptz[]", "ARRAY['2026-01-01 00:00:00+00', 'infinity'::timestamptz]", None, "array"),
    ("jsonb[]", "ARRAY['{\"a\": 1.10}'::jsonb]", '[{"a": 1.10}]', "array"),
    # Types that nobody registered come as the database's own text.
    ("point", "'(1,2)'", '"(1,2)"', "other"),
    ("int4range", "'[1,5)'", '"[1,5)"', "other"),
    ("inet", "'10.0.0.1'", '"10.0.0.1"', "other"),
    ("xml", "'<a/>'", '"<a/>"', "other"),
    ("tsvector", "'a b'", "\"'a' 'b'\"", "other"),
    ("money", "'1.10'", '"$1.10"', "other"),
    ("bit(3)", "B'101'", '"101"', "other"),
    ("customers", "ROW(1, 'a', NULL)", '"(1,a,)"', "other"),
    ("mood", "'ok'", '"ok"', "other"),
    ("mood[]", "ARRAY['ok'::mood]", '"{ok}"', "other"),
    ("code", "'x'", '"x"', "text"),
]
POSTGRES_TYPES = (
    "CREATE TYPE mood AS ENUM ('ok')",
    "CREATE TYPE customers AS (id int, name text, note text)",
    "CREATE DOMAIN code AS varchar(5)",
)
EXACT = {
    "json": '{"b":1.10, "a":  12345678901234567890123}',
    "timestamptz[]": '["2026-01-01T00:00:00+00:00","infinity"]',
}

MARIADB = [
    ("bigint", "9007199254740993", "9007199254740993", "bigint"),
    ("bigint", "-9223372036854775808", "-9223372036854775808", "bigint"),
    ("bigint unsigned", "18446744073709551615", "18446744073709551615", "bigint"),
    ("int", "-2147483648", "-2147483648", "integer"),
    ("decimal(40,0)", "12345678901234567890123456789", "12345678901234567890123456789", "decimal"),
    ("decimal(40,30)", "0.123456789012345678901234567890", "0.123456789012345678901234567890", "decimal"),
    ("decimal(5,2)", "1.10", "1.10", "decimal"),
    ("double", "0.1", "0.1", "float"),
    ("varchar(9)", "'a\"\\\\ \\né'", '"a\\"\\\\ \\né"', "text"),
    ("longtext", "'é'", '"é"', "text"),
    ("enum('x','y')", "'y'", '"y"', "text"),
    ("set('x','y')", "'x,y'", '"x,y"', "text"),
    ("binary(2)", "X'00ff'", '"AP8="', "bytes"),
    ("varbinary(2)", "X'00ff'", '"AP8="', "bytes"),
    ("longblob", "X'00ff'", '"AP8="', "bytes"),
    ("date", "'2024-02-29'", '"2024-02-29"', "date"),
    ("date", "'0000-00-00'", '"0000-00-00"', "date"),
    ("date", "'2026-00-00'", '"2026-00-00"', "date"),
    ("datetime", "'0000-00-00 00:00:00'", '"0000-00-00T00:00:00"', "datetime"),
    ("datetime", "'2026-01-01 00:00:00'", '"2026-01-01T00:00:00"', "datetime"),
    ("datetime(6)", "'2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456"', "datetime"),
    ("timestamp(6)", "'2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456+00:00"', "datetime"),
    ("time", "'10:11:12'", '"10:11:12"', "time"),
    ("time", "'838:59:59'", '"PT838H59M59S"', "time"),
    ("time(1)", "'-25:06:17.5'", '"-PT25H6M17.5S"', "time"),
    ("year", "2026", "2026", "integer"),
    ("bit(3)", "b'101'", "5", "bigint"),
    ("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"', None),
    ("inet6", "'::1'", '"::1"', None),
    ("point", "ST_GeomFromText('POINT(1 2)')", '"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=="', None),
]

SQLITE = [
    ("integer", "9007199254740993", "9007199254740993", "bigint"),
    ("integer", "-9223372036854775808", "-9223372036854775808", "bigint"),
    ("decimal(5,2)", "1.5", "1.5", "decimal"),
    ("double", "0.1", "0.1", "float"),
    ("double", "9e999", '"Infinity"', "float"),
    ("double", "-9e999", '"-Infinity"', "float"),
    ("text", "'a\"\\ ' || char(10) || 'é'", '"a\\"\\\\ \\né"', "text"),
    ("text", "CAST(X'ff' AS text)", '"\ufffd"', "text"),
    ("blob", "X'00ff'", '"AP8="', "bytes"),
    ("boolean", "0", "false", "boolean"),
    ("date", "'2024-02-29'", '"2024-02-29"', "date"),
    ("datetime", "'2026-01-01 01:01:01.123456'", '"2026-01-01T01:01:01.123456"', "datetime"),
    ("time", "'10:11:12'", '"10:11:12"', "time"),
    ("json", "'{\"a\": 1.10}'", '{"a": 1.10}', "json"),
    ("", "'typeless'", '"typeless"', "text"),
]


def value_in(text: str) -> str:
    """Return the text of the only value in the JSON of a page."""
    found = re.fullmatch(r'\{"items":\[\{"ROW_ID":1,"V":(.*)\}\],"status":"success",.*\}', text, re.DOTALL)
    assert found, text
    return found[1]


def check_value(pool: ExternalPool, client: APIClient, declared: str, value: str, expected: str) -> Any:
    """Store a value, read it, and return the description of its column, with which a NULL comes as well."""
    pool.execute(f"CREATE TABLE t (v {declared} NULL)", f"INSERT INTO t VALUES ({value})")
    define(1, "GET", "SELECT v FROM t", pool=pool.name)
    response = query(client, 1)
    assert (response.status_code, value_in(response.content.decode())) == (200, expected)
    described = response.json()["metadata"][1]
    pool.execute("DELETE FROM t", "INSERT INTO t VALUES (NULL)")
    empty = query(client, 1).json()
    assert empty["items"] == [{"ROW_ID": 1, "V": None}]
    if declared:
        assert empty["metadata"][1] == described
        assert query(client, 1, type="columns").json()["items"][1] == described
    return described


@pytest.mark.parametrize(("declared", "value", "expected", "data_type"), POSTGRES)
def test_a_value_of_postgresql_has_its_documented_form(
    postgres_pool: ExternalPool,
    admin_client: APIClient,
    declared: str,
    value: str,
    expected: str | None,
    data_type: str,
) -> None:
    postgres_pool.execute(*POSTGRES_TYPES)
    described = check_value(postgres_pool, admin_client, declared, value, expected or EXACT[declared])
    assert described["dataType"] == data_type


@pytest.mark.parametrize(("declared", "value", "expected", "data_type"), MARIADB)
def test_a_value_of_mariadb_has_its_documented_form(
    mariadb_pool: ExternalPool,
    admin_client: APIClient,
    declared: str,
    value: str,
    expected: str,
    data_type: str | None,
) -> None:
    mariadb_pool.execute("SET sql_mode = ''")
    described = check_value(mariadb_pool, admin_client, declared, value, expected)
    assert described["dataType"] == (data_type or described["dataType"])


@pytest.mark.parametrize(("declared", "value", "expected", "data_type"), SQLITE)
def test_a_value_of_sqlite_has_its_documented_form(
    sqlite_pool: ExternalPool,
    admin_client: APIClient,
    declared: str,
    value: str,
    expected: str,
    data_type: str,
) -> None:
    described = check_value(sqlite_pool, admin_client, declared, value, expected)
    assert described["dataType"] == data_type


def test_one_odd_value_does_not_cost_the_page(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    values = ["'2026-01-01'", "'infinity'", "'0044-03-15 BC'", "NULL", "'12026-01-01'"]
    postgres_pool.execute("CREATE TABLE t (v date)", *(f"INSERT INTO t VALUES ({value})" for value in values))
    define(1, "GET", "SELECT v FROM t", pool=postgres_pool.name)
    assert [row["V"] for row in rows(query(admin_client, 1))] == [
        "2026-01-01",
        "infinity",
        "0044-03-15 BC",
        None,
        "12026-01-01",
    ]


NUMBERS = [
    ("bigint", "9007199254740993"),
    ("bigint", "-9223372036854775808"),
    ("decimal(31,2)", "12345678901234567890123456789.10"),
]


@pytest.mark.parametrize(("declared", "digits"), NUMBERS)
@pytest.mark.parametrize("numbers", ["number", "string"])
def test_numbers_are_numbers_or_texts_with_the_same_digits(
    any_pool: ExternalPool, admin_client: APIClient, declared: str, digits: str, numbers: str
) -> None:
    if any_pool.dbtype == "sqlite" and declared.startswith("decimal"):
        digits = "123456789012.5"  # SQLite keeps fifteen digits of a fraction
    any_pool.execute(f"CREATE TABLE t (v {declared})", f"INSERT INTO t VALUES ({digits})")
    define(1, "GET", "SELECT v FROM t", pool=any_pool.name)
    response = query(admin_client, 1, numbers=numbers)
    quote = '"' if numbers == "string" else ""
    assert value_in(response.content.decode()) == f"{quote}{digits}{quote}"
    assert response.json()["metadata"][1]["dataType"] == declared.partition("(")[0]


def test_small_numbers_and_floats_stay_numbers_in_any_case(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    any_pool.execute("CREATE TABLE t (v double precision)", "INSERT INTO t VALUES (0.5)")
    define(1, "GET", "SELECT v FROM t", pool=any_pool.name)
    assert value_in(query(admin_client, 1, numbers="string").content.decode()) == "0.5"


JSON_TYPES = {"postgres": "jsonb", "mariadb": "json", "sqlite": "json"}
DOCUMENTS: list[Any] = [{"a": [1, {"b": None}], "é": 'x"y'}, [], [1, "x", [2]], [{"x": 1}], {}]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_json_goes_in_and_out_without_being_encoded_twice(
    any_pool: ExternalPool, admin_client: APIClient, document: Any
) -> None:
    any_pool.execute(
        f"CREATE TABLE t (id integer, v {JSON_TYPES[any_pool.dbtype]})", "INSERT INTO t VALUES (1, NULL)"
    )
    define(1, "PUT", "UPDATE t SET v = :V WHERE id = :ID", pool=any_pool.name)
    define(1, "GET", "SELECT v FROM t", pool=any_pool.name)
    sent = document
    for _ in range(3):
        assert write(admin_client, "PUT", 1, {"ID": 1, "V": sent}).json()["count"] == 1
        sent = rows(query(admin_client, 1))[0]["V"]
        # MariaDB's JSON is text, and tells nobody that it is more.
        assert (json.loads(sent) if any_pool.dbtype == "mariadb" else sent) == document


def test_json_keeps_the_digits_of_its_numbers(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    postgres_pool.execute("CREATE TABLE t (v jsonb)")
    define(1, "POST", "INSERT INTO t VALUES (:V)", pool=postgres_pool.name)
    define(1, "GET", "SELECT v FROM t", pool=postgres_pool.name)
    body = b'{"V": {"a": 1.10, "b": 123456789012345678901234567890, "c": 0.12345678901234567890123}}'
    assert write(admin_client, "POST", 1, body).json()["count"] == 1
    assert value_in(query(admin_client, 1).content.decode()) == (
        '{"a": 1.10, "b": 123456789012345678901234567890, "c": 0.12345678901234567890123}'
    )


# -- columns ----------------------------------------------------------------------------------------------


def test_two_columns_of_one_name_are_both_there_in_every_way_to_ask(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    any_pool.execute(
        "CREATE TABLE a (id integer, name varchar(5))",
        "CREATE TABLE b (id integer, a_id integer)",
        "INSERT INTO a VALUES (1, 'x'), (2, 'y')",
        "INSERT INTO b VALUES (10, 1), (20, 2)",
    )
    sql = "SELECT * FROM a JOIN b ON b.a_id = a.id"
    define(1, "GET", sql, pool=any_pool.name, order_by="name")
    define(2, "GET", f"{sql} ORDER BY b.id DESC", pool=any_pool.name)
    define(3, "GET", f"{sql} WHERE a.id = :ID AND '%' = '%' AND b.a_id IN :IDS", pool=any_pool.name)
    first = {"ROW_ID": 1, "ID": 1, "NAME": "x", "ID_2": 10, "A_ID": 1}
    second = {"ROW_ID": 1, "ID": 2, "NAME": "y", "ID_2": 20, "A_ID": 2}
    names = list(first)
    assert rows(query(admin_client, 1)) == [first, {**second, "ROW_ID": 2}]
    assert rows(query(admin_client, 2)) == [second, {**first, "ROW_ID": 2}]
    assert rows(query(admin_client, 1, limit=1, order="-NAME")) == [second]
    assert rows(query(admin_client, 1, q={"NAME": {"like": "y%"}})) == [second]
    assert rows(query(admin_client, 3, params={"ID": 1, "IDS": [1, 2]})) == [first]
    assert [column["name"] for column in query(admin_client, 2).json()["metadata"]] == names
    described = query(admin_client, 1, type="columns").json()["items"]
    assert [column["name"] for column in described] == names
    assert [list(row) for row in rows(query(admin_client, 1))] == [names, names]


def test_names_that_differ_only_in_case_are_both_there(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    quote = "`" if any_pool.dbtype == "mariadb" else '"'
    sql = f"SELECT 1 AS {quote}a{quote}, 2 AS {quote}A{quote}, 3 AS {quote}row_id{quote}"
    define(1, "GET", sql, pool=any_pool.name)
    expected = [{"ROW_ID": 1, "A": 1, "A_2": 2, "ROW_ID_2": 3}]
    assert rows(query(admin_client, 1)) == expected
    assert rows(query(admin_client, 1, q={"ROW_ID_2": {"=": 3}})) == expected
    metadata = query(admin_client, 1, type="columns").json()["metadata"]
    assert [column["field"] for column in metadata] == ["ROW_ID", "A", "A_2", "ROW_ID_2"]


UNNAMED = [":X", "trim(:X)", "coalesce(:X, :X)", "CASE WHEN 1 = 1 THEN :X END"]


@pytest.mark.parametrize("expression", UNNAMED)
def test_an_unnamed_column_has_a_name_that_shows_neither_value_nor_rewriting(
    any_pool: ExternalPool, admin_client: APIClient, expression: str
) -> None:
    define(1, "GET", f"SELECT {expression}, 2 AS two", pool=any_pool.name)
    seen = set()
    for value in ("first value", "second value"):
        answer = query(admin_client, 1, params={"X": value}).json()
        (row,) = answer["items"]
        seen.add(tuple(row))
        assert [column["name"] for column in answer["metadata"]] == list(row)
    ((row_id, name, two),) = seen
    assert (row_id, two) == ("ROW_ID", "TWO")
    assert not any(mark in name for mark in (":", "b_1", "B_1", "%", "first", "FIRST"))


def test_a_page_without_rows_describes_its_columns_as_one_with_rows(
    sample_pool: ExternalPool, admin_client: APIClient
) -> None:
    sql = "SELECT * FROM customers WHERE cus_id > :ID"
    define(1, "GET", sql, pool=sample_pool.name)
    full = query(admin_client, 1, params={"ID": 0}).json()
    empty = query(admin_client, 1, params={"ID": 99}).json()
    described = query(admin_client, 1, params={"ID": 99}, type="columns").json()
    assert (empty["items"], empty["count"], empty["hasMore"]) == ([], 0, False)
    assert full["metadata"] == empty["metadata"] == described["metadata"] == described["items"]
    assert [column["dataType"] for column in empty["metadata"]] == [
        "bigint",
        "bigint" if sample_pool.dbtype == "sqlite" else "integer",
        "text",
        "text",
        "date",
        "decimal",
    ]


def test_columns_have_the_members_of_the_document_and_those_of_the_client(
    sample_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT cus_name FROM customers", pool=sample_pool.name)
    answer = query(admin_client, 1, type="columns").json()
    for column in answer["items"]:
        assert {"name", "headerName", "field", "type", "operator", "rules", "rules_values"} <= set(column)
    assert list(answer) == ["items", "status", "metadata", "hasMore", "limit", "offset", "count"]
