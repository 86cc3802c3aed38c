"""POST, PUT and DELETE /api/db/query on real databases of each product."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.pools.catalogue import touch
from apps.pools.models import Pool
from apps.queries.serializers import EMPTY_BODY
from tests.api.calls import message_of, query, rows, write
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

NEW = {
    "CUS_ID": 5,
    "CUS_NAME": "Café «Zoé»",
    "CUS_CITY": None,
    "CUS_SINCE": "2026-01-31",
    "CUS_BALANCE": "12.30",
}
FOUR = [(1,), (2,), (3,), (4,)]


@pytest.fixture
def customers(sample_pool: ExternalPool) -> ExternalPool:
    """Query 1 on the customers, for all four verbs."""
    name = sample_pool.name
    define(1, "GET", "SELECT * FROM customers", pool=name, order_by="cus_id")
    define(
        1,
        "POST",
        "INSERT INTO customers VALUES (:CUS_ID, :CUS_NAME, :CUS_CITY, :CUS_SINCE, :CUS_BALANCE)",
        pool=name,
    )
    define(
        1,
        "PUT",
        "UPDATE customers SET cus_name = :CUS_NAME, cus_city = :CUS_CITY WHERE cus_id = :CUS_ID",
        pool=name,
    )
    define(1, "DELETE", "DELETE FROM customers WHERE cus_id = :CUS_ID;", pool=name)
    return sample_pool


def stored(pool: ExternalPool, columns: str = "cus_id", condition: str = "1 = 1") -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in pool.execute(f"SELECT {columns} FROM customers WHERE {condition} ORDER BY cus_id")
    ]


def succeeded(count: int) -> dict[str, Any]:
    return {"items": [], "status": "success", "count": count}


def test_a_row_is_made_read_changed_and_deleted(customers: ExternalPool, admin_client: APIClient) -> None:
    assert write(admin_client, "POST", 1, NEW).json() == succeeded(1)
    assert rows(query(admin_client, 1, q={"CUS_ID": {"=": 5}})) == [
        {
            "ROW_ID": 1,
            "CUS_ID": 5,
            "CUS_NAME": "Café «Zoé»",
            "CUS_CITY": None,
            "CUS_SINCE": "2026-01-31",
            "CUS_BALANCE": 12.3,
        }
    ]
    assert write(
        admin_client, "PUT", 1, {"cus_id": 5, "cus_name": "Zoé", "Cus_City": "Paris"}
    ).json() == succeeded(1)
    assert stored(customers, "cus_name, cus_city", "cus_id = 5") == [("Zoé", "Paris")]
    assert write(admin_client, "DELETE", 1, {"CUS_ID": 5}).json() == succeeded(1)
    assert stored(customers) == FOUR


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_key_that_does_not_exist_changes_nothing(
    customers: ExternalPool, admin_client: APIClient, verb: str
) -> None:
    body = {"CUS_ID": 99, "CUS_NAME": "x", "CUS_CITY": "x"}
    assert write(admin_client, verb, 1, body).json() == succeeded(0)
    assert stored(customers) == FOUR


@pytest.mark.parametrize(
    "value",
    [
        "O'Brien",
        "select 1; drop table customers",
        "teste-do-abc",
        'a"b',
        "$$",
        "$1",
        "%s %(a)s %%",
        ":CUS_ID",
        "#:X#",
        "\\",
        "--",
        "ENC:x",
        " ",
    ],
)
def test_text_is_stored_as_it_is(customers: ExternalPool, admin_client: APIClient, value: str) -> None:
    assert write(admin_client, "POST", 1, {**NEW, "CUS_NAME": value}).json() == succeeded(1)
    assert stored(customers, "cus_name", "cus_id = 5") == [(value,)]
    assert rows(query(admin_client, 1, q={"CUS_NAME": {"=": value}}))[0]["CUS_ID"] == 5


def test_members_that_the_query_does_not_use_are_ignored(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    body = {**NEW, "OTHER": [1, {"a": 2}]}
    assert write(admin_client, "POST", 1, body).json() == succeeded(1)


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"[{}]"])
def test_an_empty_body_is_refused(
    customers: ExternalPool, admin_client: APIClient, verb: str, body: bytes
) -> None:
    response = write(admin_client, verb, 1, body)
    assert (response.status_code, response.json()) == (400, {"status": "failed", "message": EMPTY_BODY})
    assert stored(customers) == FOUR


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 20_000, 400),
        (b'{"CUS_ID": ' + b"1" * 5000 + b"}", 400),
        (b'{"CUS_ID": "\\ud800"}', 400),
        (b'{"CUS_ID": NaN}', 400),
        (b"\xff\xfe", 400),
        (b'"text"', 422),
        (b"[1]", 422),
        (b"5", 422),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_no_object_is_refused(
    customers: ExternalPool, admin_client: APIClient, body: bytes, status: int
) -> None:
    response = write(admin_client, "DELETE", 1, body)
    assert response.status_code == status
    assert stored(customers) == FOUR


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_write_without_its_key_is_refused(
    customers: ExternalPool, admin_client: APIClient, verb: str
) -> None:
    response = write(admin_client, verb, 1, {"CUS_NAME": "x", "CUS_CITY": "y"})
    assert response.status_code == 400
    assert "`CUS_ID`" in message_of(response)
    assert stored(customers, "cus_name", "cus_name = 'x'") == []


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_key_that_is_null_is_refused(customers: ExternalPool, admin_client: APIClient, verb: str) -> None:
    sql = {
        "PUT": "UPDATE customers SET cus_name = 'x' WHERE :CUS_ID IS NULL OR cus_id = :CUS_ID",
        "DELETE": "DELETE FROM customers WHERE :CUS_ID IS NULL OR cus_id = :CUS_ID",
    }[verb]
    define(2, verb, sql, pool=customers.name)
    response = write(admin_client, verb, 2, {"CUS_ID": None})
    assert (response.status_code, message_of(response)) == (
        400,
        "SQL parameter `CUS_ID` is null or empty, and decides which rows are changed.",
    )
    assert stored(customers) == FOUR


@pytest.mark.parametrize(
    ("verb", "sql"),
    [
        ("DELETE", "DELETE FROM orders"),
        ("PUT", "UPDATE orders SET ord_note = :NOTE"),
        ("POST", "DELETE FROM orders"),
        ("DELETE", "DELETE FROM orders -- WHERE ord_id = 1"),
        ("PUT", "UPDATE orders SET ord_note = (SELECT max(cus_name) FROM customers WHERE cus_id = 1)"),
    ],
)
def test_a_write_without_a_condition_is_refused_unless_meant(
    customers: ExternalPool, admin_client: APIClient, verb: str, sql: str
) -> None:
    define(2, verb, sql, pool=customers.name)
    define(3, verb, sql, pool=customers.name, allow_unconditional=True)
    refused = write(admin_client, verb, 2, {"NOTE": "x"})
    assert refused.status_code == 400
    assert "has no condition" in message_of(refused)
    assert customers.execute("SELECT count(*) FROM orders WHERE ord_note = 'gift'") == [(1,)]
    assert write(admin_client, verb, 3, {"NOTE": "x"}).json() == succeeded(4)


@pytest.mark.parametrize(
    "sql", ["WITH d AS (SELECT 1) DELETE FROM orders", "WITH d AS (DELETE FROM orders RETURNING 1) SELECT 1"]
)
def test_a_write_inside_another_statement_needs_its_condition_too(
    sample_pool: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    define(2, "POST", sql, pool=sample_pool.name)
    response = write(admin_client, "POST", 2, {"X": 1})
    assert response.status_code == 400
    assert sample_pool.execute("SELECT count(*) FROM orders") == [(4,)]


def test_rows_changed_after_a_common_table_expression_are_counted(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    sqlite_pool.execute("CREATE TABLE t (n integer)", "INSERT INTO t VALUES (1), (2), (3)")
    define(
        2,
        "DELETE",
        "WITH d AS (SELECT 2 AS n) DELETE FROM t WHERE n >= (SELECT n FROM d)",
        pool=sqlite_pool.name,
    )
    assert write(admin_client, "DELETE", 2, {"X": 1}).json() == succeeded(2)


def test_a_list_of_objects_is_one_transaction(customers: ExternalPool, admin_client: APIClient) -> None:
    lines = [{**NEW, "CUS_ID": number} for number in range(5, 105)]
    assert write(admin_client, "POST", 1, lines).json() == succeeded(100)
    assert len(stored(customers)) == 104


def test_the_line_that_is_refused_is_named_and_none_is_stored(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    lines = [{**NEW, "CUS_ID": number} for number in range(5, 105)]
    lines[56]["CUS_ID"] = 1
    response = write(admin_client, "POST", 1, lines)
    answer = response.json()
    item = answer["message"]["items"][0]
    assert response.status_code == 500
    assert item["line"] == {**NEW, "CUS_ID": 1}
    assert item["message"].startswith("Error: Line 57: ")
    assert answer["status"] == "failed"
    assert {**answer["message"], "items": [], "query": "", "database_message": ""} == {
        "items": [],
        "status": "error",
        "count": 0,
        "query": "",
        "database_message": "",
    }
    assert stored(customers) == FOUR


def test_a_line_without_a_value_is_named(customers: ExternalPool, admin_client: APIClient) -> None:
    response = write(admin_client, "DELETE", 1, [{"CUS_ID": 1}, {"OTHER": 2}])
    assert response.status_code == 400
    assert message_of(response).startswith("Line 2: ")
    assert stored(customers) == FOUR


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({**NEW, "CUS_ID": 1}, "unique"),
        ({**NEW, "CUS_NAME": None}, "null"),
    ],
)
def test_a_broken_constraint_is_told_without_sql(
    customers: ExternalPool, admin_client: APIClient, body: dict[str, Any], word: str
) -> None:
    response = write(admin_client, "POST", 1, body)
    message = message_of(response)
    assert response.status_code == 500
    assert message.startswith("Error: ")
    assert word in message.lower() or "key" in message.lower()
    assert "INSERT" not in message
    assert "customers" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("CUS_ID", "abc"), ("CUS_ID", "1.5.2"), ("CUS_SINCE", "not a date"), ("CUS_BALANCE", "1,5")],
)
def test_a_value_that_its_column_cannot_hold_is_named(
    customers: ExternalPool, admin_client: APIClient, name: str, value: Any
) -> None:
    if customers.dbtype == "sqlite":
        return  # A column of SQLite holds any text, except as its key.
    response = write(admin_client, "POST", 1, {**NEW, name: value})
    assert response.status_code == 400
    assert f"`{name}`" in message_of(response)
    assert stored(customers) == FOUR


def test_an_integer_of_any_size_is_answered(customers: ExternalPool, admin_client: APIClient) -> None:
    response = write(admin_client, "POST", 1, {**NEW, "CUS_ID": 2**70})
    assert response.status_code == 400
    assert stored(customers) == FOUR


def test_a_value_refused_in_a_list_is_told_with_its_line(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    response = write(admin_client, "POST", 1, [NEW, {**NEW, "CUS_ID": 2**70}])
    assert response.status_code == 400
    assert message_of(response).startswith("Line 2: ")
    assert stored(customers) == FOUR


def test_rows_go_into_one_insert(customers: ExternalPool, admin_client: APIClient) -> None:
    define(2, "POST", "INSERT INTO customers VALUES :ROWS", pool=customers.name)
    lines = [{"ROW_ID": 1, **NEW}, {"ROW_ID": 2, **NEW, "CUS_ID": 6, "CUS_NAME": "x'), (7, 'y"}]
    assert write(admin_client, "POST", 2, {"ROWS": lines}).json() == succeeded(2)
    assert stored(customers, "cus_id, cus_name", "cus_id > 4") == [(5, "Café «Zoé»"), (6, "x'), (7, 'y")]


def test_a_list_after_in_becomes_as_many_binds(customers: ExternalPool, admin_client: APIClient) -> None:
    define(
        2, "DELETE", "DELETE FROM orders WHERE ord_id IN :IDS AND ord_note IN (:NOTES)", pool=customers.name
    )
    body = {"IDS": [10, 11, 12], "NOTES": ["gift", "a, b"]}
    assert write(admin_client, "DELETE", 2, body).json() == succeeded(1)


@pytest.mark.parametrize(
    "sql", ["ATTACH 'other.sqlite3' AS other", "COPY t TO PROGRAM 'x'", "PRAGMA query_only = 0"]
)
def test_a_statement_that_reaches_beyond_the_database_is_refused(
    sqlite_pool: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    define(2, "POST", sql, pool=sqlite_pool.name)
    response = write(admin_client, "POST", 2, {"X": 1})
    assert response.status_code == 400
    assert message_of(response).endswith("which no stored query may.")


def test_two_statements_are_refused(customers: ExternalPool, admin_client: APIClient) -> None:
    define(
        2,
        "DELETE",
        "DELETE FROM orders WHERE ord_id = :ID; DELETE FROM customers WHERE cus_id = :ID",
        pool=customers.name,
    )
    response = write(admin_client, "DELETE", 2, {"ID": 2})
    assert response.status_code == 400
    assert stored(customers) == FOUR


@pytest.mark.parametrize("name", ["orders", "ORDERS"])
def test_a_name_is_put_in_as_an_identifier(
    customers: ExternalPool, admin_client: APIClient, name: str
) -> None:
    if customers.dbtype == "mariadb" and name == "ORDERS":
        name = "orders"  # table names have case there
    define(2, "DELETE", "DELETE FROM #:TABLE# WHERE ord_id = :ID", pool=customers.name)
    assert write(admin_client, "DELETE", 2, {"TABLE": name, "ID": 10}).json() == succeeded(1)


@pytest.mark.parametrize(
    "name", ["orders; drop table customers", "orders --", "(select 1)", "", "1", 5, None, "a.b.c", 'o"o']
)
def test_what_is_no_identifier_is_refused(
    customers: ExternalPool, admin_client: APIClient, name: Any
) -> None:
    define(2, "DELETE", "DELETE FROM #:TABLE# WHERE ord_id = :ID", pool=customers.name)
    response = write(admin_client, "DELETE", 2, {"TABLE": name, "ID": 10})
    assert (response.status_code, message_of(response)) == (
        400,
        "SQL parameter `TABLE` stands for a name and must be one.",
    )


def test_nulls_become_blanks_where_the_pool_says_so(customers: ExternalPool, admin_client: APIClient) -> None:
    Pool.objects.filter(apps_pool=customers.name).update(apps_replace_null="Y")
    touch("default")
    write(admin_client, "POST", 1, NEW)
    write(admin_client, "POST", 1, {**NEW, "CUS_ID": 6, "CUS_CITY": ""})
    assert stored(customers, "cus_city", "cus_id > 4") == [(" ",), (" ",)]


def test_returning_rows_come_back_in_upper_case(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    sqlite_pool.execute("CREATE TABLE t (id integer PRIMARY KEY, name text)")
    define(2, "POST", "INSERT INTO t (name) VALUES (:NAME) RETURNING id, name", pool=sqlite_pool.name)
    answer = write(admin_client, "POST", 2, [{"NAME": "a"}, {"NAME": "b"}]).json()
    assert answer == {
        "items": [{"ID": 1, "NAME": "a"}, {"ID": 2, "NAME": "b"}],
        "status": "success",
        "count": 2,
    }


def test_the_clients_times_are_taken(any_pool: ExternalPool, admin_client: APIClient) -> None:
    kind = "datetime(3)" if any_pool.dbtype == "mariadb" else "timestamp"
    any_pool.execute(f"CREATE TABLE t (at {kind})")
    define(2, "POST", "INSERT INTO t VALUES (:AT)", pool=any_pool.name)
    define(2, "GET", "SELECT at FROM t", pool=any_pool.name)
    assert write(admin_client, "POST", 2, {"AT": "2026-01-31T10:11:12.345Z"}).json() == succeeded(1)
    assert rows(query(admin_client, 2))[0]["AT"].startswith("2026-01-31T10:11:12.345")


def test_a_number_for_a_text_column_is_stored_as_text(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    assert write(admin_client, "PUT", 1, {"CUS_ID": "1", "CUS_NAME": 10, "CUS_CITY": True}).status_code == 200
    assert stored(customers, "cus_name", "cus_id = 1") == [("10",)]
    define(2, "GET", "SELECT cus_id FROM customers WHERE cus_name = :N", pool=customers.name)
    assert rows(query(admin_client, 2, params={"N": 10})) == [{"ROW_ID": 1, "CUS_ID": 1}]
