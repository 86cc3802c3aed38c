"""POST /api/db/audit/{table}/{user} on real databases of each product."""

import re
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.pools.execution import apply, fetch
from apps.pools.statement import Statement
from apps.queries.serializers import EMPTY_BODY
from liberty.api.json_text import dump
from liberty.secrets import STAND_IN
from tests.api.calls import message_of
from tests.conftest import client_of
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

NOTHING: list[tuple[Any, ...]] = []


@pytest.fixture
def customers(sample_pool: ExternalPool) -> ExternalPool:
    """Query 1 changes the customers of the pool."""
    define(1, "GET", "SELECT * FROM customers", pool=sample_pool.name)
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :ID", pool=sample_pool.name)
    return sample_pool


def audit(
    client: APIClient, body: Any, *, table: str = "CUSTOMERS", user: str = "admin", **arguments: Any
) -> Any:
    text = "&".join(f"{name}={value}" for name, value in {"query": 1, **arguments}.items() if value != "")
    path = f"/api/db/audit/{table}/{user}?{text}"
    return client.generic("POST", path, dump(body), content_type="application/json")  # type: ignore[arg-type]


def copied(pool: ExternalPool, columns: str = "cus_id, cus_name, cus_city") -> list[tuple[Any, ...]]:
    audit_table = "`aud$_customers`" if pool.dbtype == "mariadb" else '"aud$_customers"'
    return [tuple(row) for row in pool.execute(f"SELECT {columns} FROM {audit_table} ORDER BY 1")]


def quoted(pool: ExternalPool, name: str) -> str:
    return f"`{name}`" if pool.dbtype == "mariadb" else f'"{name}"'


def tables_of(pool: ExternalPool) -> set[str]:
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        "mariadb": "SHOW TABLES",
    }[pool.dbtype]
    return {name for (name,) in pool.execute(sql)}


def succeeded(count: int) -> dict[str, Any]:
    return {"items": [], "status": "success", "count": count}


# -- the copy ---------------------------------------------------------------------------------------------


def test_the_row_is_copied_with_user_and_date(customers: ExternalPool, admin_client: APIClient) -> None:
    response = audit(admin_client, {"CUS_ID": 3})
    assert (response.status_code, response.json()) == (200, succeeded(1))
    columns = ", ".join(quoted(customers, name) for name in ("aud$_user", "aud$_date"))
    ((*row, user, date),) = copied(
        customers, f"cus_id, cus_name, cus_city, cus_since, cus_balance, {columns}"
    )
    (stored,) = customers.execute("SELECT * FROM customers WHERE cus_id = 3")
    assert (row, user) == (list(stored), "admin")
    assert re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", str(date))


def test_u05_what_the_old_client_sends_is_taken(customers: ExternalPool, admin_client: APIClient) -> None:
    """All the fields of the form as a body, and the arguments of a query call with `q`."""
    body = {"CUS_ID": "2", "CUS_NAME": "new name", "CUS_CITY": None, "OTHER": {"a": [1]}}
    arguments = {"source": "query", "type": "table", "pool": "default", "mode": "session", "q": "{"}
    assert audit(admin_client, body, **arguments).json() == succeeded(1)
    assert copied(customers) == [(2, "Müller & Söhne", "Köln")]


def test_every_call_adds_a_copy(customers: ExternalPool, admin_client: APIClient) -> None:
    for _ in range(2):
        assert audit(admin_client, {"cus_id": 1}, table="customers").json() == succeeded(1)
    assert copied(customers, "cus_id") == [(1,), (1,)]


def test_a_list_copies_each_row(customers: ExternalPool, admin_client: APIClient) -> None:
    assert audit(admin_client, [{"CUS_ID": 1}, {"CUS_ID": 4}]).json() == succeeded(2)
    assert copied(customers, "cus_id") == [(1,), (4,)]


def test_a_row_that_does_not_exist_counts_nothing(customers: ExternalPool, admin_client: APIClient) -> None:
    assert audit(admin_client, {"CUS_ID": 99}).json() == succeeded(0)
    assert copied(customers) == NOTHING


def test_the_audit_table_follows_its_table(customers: ExternalPool, admin_client: APIClient) -> None:
    audit(admin_client, {"CUS_ID": 1})
    customers.execute(
        "ALTER TABLE customers ADD COLUMN cus_mail varchar(60)",
        "UPDATE customers SET cus_mail = 'a@b.c' WHERE cus_id = 2",
    )
    assert audit(admin_client, {"CUS_ID": 2}).json() == succeeded(1)
    customers.execute("ALTER TABLE customers DROP COLUMN cus_city")
    assert audit(admin_client, {"CUS_ID": 3}).json() == succeeded(1)
    assert copied(customers, "cus_id, cus_city, cus_mail") == [
        (1, "Lyon", None),
        (2, "Köln", "a@b.c"),
        (3, None, None),
    ]


def test_an_audit_table_that_was_there_before_goes_on(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    """As the original made it: all columns of the table at its time, then user and date."""
    name, user, date = (quoted(customers, name) for name in ("aud$_customers", "aud$_user", "aud$_date"))
    customers.execute(
        f"CREATE TABLE {name} (cus_id integer, cus_name varchar(60), {user} varchar(30), {date} date)",
        f"INSERT INTO {name} VALUES (1, 'old', 'demo', '2020-01-01')",
    )
    assert audit(admin_client, {"CUS_ID": 2}).json() == succeeded(1)
    assert copied(customers, f"cus_id, cus_name, cus_city, {user}") == [
        (1, "old", None, "demo"),
        (2, "Müller & Söhne", "Köln", "admin"),
    ]


ODD_TABLES = {
    "sqlite": """CREATE TABLE odd ("a%b" integer, k text, s blob, "free" , g integer GENERATED ALWAYS AS (1),
        PRIMARY KEY ("a%b", k))""",
    "postgres": """CREATE TABLE odd ("a%b" bigint GENERATED ALWAYS AS IDENTITY, k char(5) NOT NULL,
        s numeric(6, 2)[], "free" timestamptz(3), g integer GENERATED ALWAYS AS (1) STORED,
        PRIMARY KEY (k, "a%b"))""",
    "mariadb": """CREATE TABLE odd (`a%b` integer unsigned NOT NULL AUTO_INCREMENT, k varchar(5) NOT NULL,
        s enum('1%', '2', 'it''s'), `free` timestamp, g integer AS (1) VIRTUAL, PRIMARY KEY (`a%b`, k))""",
}


def test_columns_of_every_kind_are_copied(any_pool: ExternalPool, admin_client: APIClient) -> None:
    odd = quoted(any_pool, "a%b")
    any_pool.execute(
        ODD_TABLES[any_pool.dbtype],
        f"INSERT INTO odd (k) VALUES ('{'x' * 5}')",
        "INSERT INTO odd (k) VALUES ('X')",
    )
    if any_pool.dbtype == "sqlite":
        any_pool.execute(f"UPDATE odd SET {odd} = 1, \"free\" = 'anything'")
    define(1, "PUT", "UPDATE odd SET s = :S WHERE k = :K", pool=any_pool.name)
    body = {"A%B": 1, "K": "xxxxx"}
    assert audit(admin_client, body, table="odd").json() == succeeded(1)
    columns = f"{odd}, k, s, {quoted(any_pool, 'free')}, g"
    copy = any_pool.execute(f"SELECT {columns} FROM {quoted(any_pool, 'aud$_odd')}")
    assert copy == any_pool.execute(f"SELECT {columns} FROM odd WHERE k = 'xxxxx'")


def test_a_table_is_found_by_its_own_name_first(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    postgres_pool.execute(
        'CREATE TABLE "Parts" (id integer PRIMARY KEY)',
        "CREATE TABLE parts (id integer PRIMARY KEY)",
        "CREATE SCHEMA other",
        "CREATE TABLE other.elsewhere (id integer PRIMARY KEY)",
        'INSERT INTO "Parts" VALUES (1)',
        "INSERT INTO parts VALUES (2)",
    )
    define(1, "DELETE", "DELETE FROM parts WHERE id = :ID", pool=postgres_pool.name)
    assert [
        audit(admin_client, {"ID": number}, table=table).json()["count"]
        for table, number in (("Parts", 1), ("PARTS", 2), ("parts", 2))
    ] == [1, 1, 1]
    assert postgres_pool.execute('SELECT id FROM "aud$_Parts"') == [(1,)]
    assert postgres_pool.execute('SELECT id FROM "aud$_parts"') == [(2,), (2,)]
    assert message_of(audit(admin_client, {"ID": 1}, table="elsewhere")) == "Unknown table `elsewhere`."


# -- where ------------------------------------------------------------------------------------------------


def test_the_pool_is_that_of_the_write(customers: ExternalPool, admin_client: APIClient) -> None:
    define(2, "POST", "INSERT INTO customers (cus_id) VALUES (:ID)", pool=customers.name)
    define(3, "DELETE", "DELETE FROM customers WHERE cus_id = :ID", pool="nowhere")
    assert audit(admin_client, {"CUS_ID": 1}, query=2).json() == succeeded(1)
    for spelling in ("override_pool", "overridePool"):
        answer = audit(admin_client, {"CUS_ID": 1}, query=3, **{spelling: customers.name})
        assert answer.json() == succeeded(1)
    missing = audit(admin_client, {"CUS_ID": 1}, query=3)
    assert (missing.status_code, message_of(missing)) == (500, "Requested pool `nowhere` not found")


def test_the_documented_call_names_no_query(customers: ExternalPool, admin_client: APIClient) -> None:
    answer = audit(admin_client, {"CUS_ID": 1}, query="", pool=customers.name)
    assert answer.json() == succeeded(1)


@pytest.mark.django_db(transaction=True)
def test_secrets_are_copied_as_their_stand_in(admin_client: APIClient) -> None:
    User.objects.create_user("empty", None)
    try:
        answer = audit(admin_client, {"USR_ID": "admin"}, table="LY_USERS", query="")
        assert answer.json() == succeeded(1)
        sql = 'SELECT usr_id, usr_password, usr_name FROM "aud$_ly_users"'
        rows = fetch("default", Statement(sql), max_rows=10).rows
        assert rows == [("admin", STAND_IN, "Ada Admin")]
    finally:
        apply("default", [Statement('DROP TABLE IF EXISTS "aud$_ly_users"')])


# -- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [{}, [], None, [{}]], ids=str)
def test_an_empty_body_is_refused(customers: ExternalPool, admin_client: APIClient, body: Any) -> None:
    response = audit(admin_client, body)
    assert (response.status_code, response.json()) == (400, {"status": "failed", "message": EMPTY_BODY})
    assert "aud$_customers" not in tables_of(customers)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"CUS_NAME": "x"}, "Key column `CUS_ID` has no value."),
        ({"CUS_ID": None}, "Key column `CUS_ID` has no value."),
        ({"CUS_ID": [1, 2]}, "Key column `CUS_ID` takes a single value."),
        ([{"CUS_ID": 1}, {"ID": 2}], "Line 2: Key column `CUS_ID` has no value."),
    ],
    ids=str,
)
def test_a_key_that_is_not_whole_is_refused(
    customers: ExternalPool, admin_client: APIClient, body: Any, message: str
) -> None:
    response = audit(admin_client, body)
    assert (response.status_code, response.json()) == (400, {"status": "failed", "message": message})
    assert "aud$_customers" not in tables_of(customers)


@pytest.mark.parametrize("value", ["1 OR 1 = 1", "x'); DROP TABLE customers --", {"a": 1}, True], ids=str)
def test_a_key_is_a_value_and_nothing_else(
    customers: ExternalPool, admin_client: APIClient, value: Any
) -> None:
    response = audit(admin_client, {"CUS_ID": value})
    assert (response.status_code, "`CUS_ID`" in message_of(response)) == (400, True)
    assert tables_of(customers) == {"customers", "orders"}


@pytest.mark.parametrize(
    "table",
    [
        "nothing",
        "customers; DROP TABLE customers",
        "customers%20--",
        "%22customers%22",
        "%60customers%60",
        "customers%27",
        "%25",
        "customer_",
        "pg_class",
        "sqlite_master",
        "public.customers",
        "x" * 300,
    ],
)
def test_a_table_that_the_database_does_not_have_is_refused(
    customers: ExternalPool, admin_client: APIClient, table: str
) -> None:
    response = audit(admin_client, {"CUS_ID": 1}, table=table)
    assert (response.status_code, message_of(response)[:15]) == (400, "Unknown table `")
    assert tables_of(customers) == {"customers", "orders"}


def test_a_table_without_key_and_a_view_are_refused(customers: ExternalPool, admin_client: APIClient) -> None:
    customers.execute(
        "CREATE TABLE loose (a integer NOT NULL UNIQUE)", "CREATE VIEW seen AS SELECT * FROM customers"
    )
    for table, message in (
        ("loose", "Table `loose` has no primary key."),
        ("seen", "Unknown table `seen`."),
    ):
        response = audit(admin_client, {"A": 1, "CUS_ID": 1}, table=table)
        assert (response.status_code, message_of(response)) == (400, message)


def test_a_name_that_leaves_no_room_is_refused(any_pool: ExternalPool, admin_client: APIClient) -> None:
    name = "n" * 60
    any_pool.execute(f"CREATE TABLE {name} (id integer PRIMARY KEY)")
    response = audit(admin_client, {"ID": 1}, table=name, query="", pool=any_pool.name)
    if any_pool.dbtype == "sqlite":
        assert response.json() == succeeded(0)
    else:
        assert (response.status_code, "too long" in message_of(response)) == (400, True)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"query": 9}, 404),
        ({"query": "x"}, 422),
        ({"mode": "x"}, 422),
        ({"type": "x"}, 422),
        ({"source": "x"}, 422),
        ({"override_pool": "nowhere"}, 500),
    ],
    ids=str,
)
def test_wrong_arguments_are_refused(
    sqlite_pool: ExternalPool, admin_client: APIClient, arguments: dict[str, Any], status: int
) -> None:
    sqlite_pool.create_sample_schema()
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :ID", pool=sqlite_pool.name)
    define(9, "GET", "SELECT 1", pool=sqlite_pool.name)
    assert audit(admin_client, {"CUS_ID": 1}, **arguments).status_code == status


def test_the_refused_copy_is_told_with_its_line(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    """The column has become wider than its copy."""
    postgres_pool.create_sample_schema()
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :ID", pool=postgres_pool.name)
    audit(admin_client, {"CUS_ID": 1})
    postgres_pool.execute(
        "ALTER TABLE customers ALTER cus_city TYPE varchar(99)",
        "UPDATE customers SET cus_city = repeat('x', 99) WHERE cus_id = 2",
    )
    response = audit(admin_client, [{"CUS_ID": 3}, {"CUS_ID": 2}])
    answer = response.json()["message"]
    assert (response.status_code, answer["items"][0]["line"]) == (500, {"CUS_ID": 2})
    assert "Line 2: the database refused the statement: a text is longer" in message_of(response)
    assert copied(postgres_pool, "cus_id") == [(1,)]


# -- who --------------------------------------------------------------------------------------------------


def test_an_administrator_may_name_another_user(customers: ExternalPool, admin_client: APIClient) -> None:
    long_name = "somebody-" + "x" * 40
    assert audit(admin_client, {"CUS_ID": 1}, user=long_name).json() == succeeded(1)
    assert copied(customers, quoted(customers, "aud$_user")) == [(long_name[:30],)]


def test_others_may_not(customers: ExternalPool, reader_client: APIClient) -> None:
    response = audit(reader_client, {"CUS_ID": 1}, user="admin")
    assert (response.status_code, message_of(response)) == (
        403,
        "Only an administrator may audit a change of another user.",
    )
    assert "aud$_customers" not in tables_of(customers)


def test_who_may_not_write_may_not_audit(customers: ExternalPool, reader_client: APIClient) -> None:
    for arguments in ({}, {"query": ""}):
        assert audit(reader_client, {"CUS_ID": 1}, user="reader", **arguments).status_code == 403
    writer = client_of(User.objects.create_user("writer", "correct horse battery staple"))
    assert audit(writer, {"CUS_ID": 1}, user="writer").status_code == 403
    watcher = client_of(User.objects.create_superuser("watcher", "correct horse", usr_readonly="Y"))
    assert audit(watcher, {"CUS_ID": 1}, user="watcher").status_code == 403
    assert "aud$_customers" not in tables_of(customers)


def test_nobody_gets_in_without_a_token(anonymous_client: APIClient) -> None:
    assert audit(anonymous_client, {"CUS_ID": 1}).status_code == 401


def test_a_pool_that_may_make_no_table_says_so(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    postgres_pool.create_sample_schema()
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :ID", pool=postgres_pool.name)
    postgres_pool.execute("REVOKE CREATE ON SCHEMA public FROM CURRENT_USER")
    response = audit(admin_client, {"CUS_ID": 1})
    assert response.status_code == 500
    assert "not allowed" in message_of(response)


# -- at the same time -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_first_calls_at_the_same_time_all_succeed(customers: ExternalPool, admin: User) -> None:
    answers: list[Any] = []

    def call(client: APIClient, number: int) -> None:
        answers.append(audit(client, {"CUS_ID": number}).json())
        connections.close_all()

    threads = [Thread(target=call, args=(client_of(admin), number)) for number in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [succeeded(1)] * 4
    assert copied(customers, "cus_id") == [(1,), (2,), (3,), (4,)]
