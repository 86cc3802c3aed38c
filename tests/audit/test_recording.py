"""Stored writes to audited tables, on real databases of each product."""

import re
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.audit.models import AuditedTable
from apps.pools import execution
from apps.pools.catalogue import touch
from apps.pools.models import Pool
from tests.api.calls import message_of, write
from tests.audit.marks import mark, recorded
from tests.conftest import client_of
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

ALL = [(1, "a", 10), (2, "b", 20), (3, None, 30)]
INSERT = "INSERT INTO things (id, name, amount) VALUES (:ID, :NAME, :AMOUNT)"
UPDATE = "UPDATE things SET id = :ID, name = :NAME WHERE id = :ID"
DELETE = "DELETE FROM things WHERE id = :ID"


@pytest.fixture
def things(any_pool: ExternalPool) -> ExternalPool:
    """A table that is audited, and query 1 for its three writes."""
    any_pool.execute(
        "CREATE TABLE things (id integer NOT NULL PRIMARY KEY, name varchar(9), amount integer"
        " CHECK (amount < 1000))",
        "INSERT INTO things VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)",
        "CREATE TABLE others (id integer NOT NULL PRIMARY KEY)",
        "INSERT INTO others VALUES (1)",
    )
    mark(any_pool.name, "THINGS")
    for verb, sql in (("POST", INSERT), ("PUT", UPDATE), ("DELETE", DELETE)):
        define(1, verb, sql, pool=any_pool.name)
    return any_pool


def stored(pool: ExternalPool) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in pool.execute("SELECT id, name, amount FROM things ORDER BY id")]


def row(number: int, name: str | None, amount: int) -> dict[str, Any]:
    return {"id": number, "name": name, "amount": amount}


def succeeded(count: int) -> dict[str, Any]:
    return {"items": [], "status": "success", "count": count}


# -- entries ----------------------------------------------------------------------------------------------


def test_each_write_leaves_its_row_before_and_after(things: ExternalPool, admin_client: APIClient) -> None:
    assert write(admin_client, "POST", 1, {"ID": 5, "NAME": "é'%", "AMOUNT": 1}).json() == succeeded(1)
    assert write(admin_client, "PUT", 1, {"ID": 5, "NAME": "f"}).json() == succeeded(1)
    assert write(admin_client, "DELETE", 1, {"ID": "5"}).json() == succeeded(1)
    assert recorded(things) == [
        ("INSERT", {"id": 5}, None, row(5, "é'%", 1)),
        ("UPDATE", {"id": 5}, row(5, "é'%", 1), row(5, "f", 1)),
        ("DELETE", {"id": 5}, row(5, "f", 1), None),
    ]


def test_an_entry_says_who_and_by_what(things: ExternalPool, admin_client: APIClient) -> None:
    admin_client.credentials(**admin_client._credentials, HTTP_X_REQUEST_ID="abc-1")  # type: ignore[attr-defined]
    write(admin_client, "DELETE", 1, {"ID": 1})
    columns = "table_name, actor, source, query_id, request_id, collected"
    (entry,) = things.execute(f"SELECT {columns} FROM liberty_audit")
    assert tuple(entry) == ("things", "default/admin", "query", 1, "abc-1", None)


def test_u01_a_list_leaves_an_entry_for_each_line(things: ExternalPool, admin_client: APIClient) -> None:
    lines = [{"ID": number, "NAME": f"n{number}"} for number in (1, 2, 1)]
    assert write(admin_client, "PUT", 1, lines).json() == succeeded(3)
    assert recorded(things) == [
        ("UPDATE", {"id": 1}, row(1, "a", 10), row(1, "n1", 10)),
        ("UPDATE", {"id": 2}, row(2, "b", 20), row(2, "n2", 20)),
        ("UPDATE", {"id": 1}, row(1, "n1", 10), row(1, "n1", 10)),
    ]


def test_a_statement_on_many_rows_leaves_an_entry_for_each(
    things: ExternalPool, admin_client: APIClient
) -> None:
    sql = "UPDATE things SET amount = amount + 1 WHERE id IN (:IDS) AND id NOT IN (SELECT id FROM others)"
    define(2, "PUT", sql, pool=things.name)
    define(3, "POST", "INSERT INTO things (id, name, amount) VALUES :ROWS", pool=things.name)
    assert write(admin_client, "PUT", 2, {"IDS": [1, 2, 3]}).json() == succeeded(2)
    rows = [row(7, "x", 1), row(8, "y", 2)]
    assert write(admin_client, "POST", 3, {"ROWS": rows}).json() == succeeded(2)
    assert sorted(recorded(things), key=str) == [
        ("INSERT", {"id": 7}, None, rows[0]),
        ("INSERT", {"id": 8}, None, rows[1]),
        ("UPDATE", {"id": 2}, row(2, "b", 20), row(2, "b", 21)),
        ("UPDATE", {"id": 3}, row(3, None, 30), row(3, None, 31)),
    ]


def test_a_key_that_no_row_has_leaves_nothing(things: ExternalPool, admin_client: APIClient) -> None:
    assert write(admin_client, "PUT", 1, {"ID": 99, "NAME": "x"}).json() == succeeded(0)
    assert write(admin_client, "DELETE", 1, {"ID": 99}).json() == succeeded(0)
    assert recorded(things) == []


def test_the_key_that_the_database_gives_is_told(any_pool: ExternalPool, admin_client: APIClient) -> None:
    key = {
        "sqlite": "integer PRIMARY KEY",
        "postgres": "serial PRIMARY KEY",
        "mariadb": "integer AUTO_INCREMENT PRIMARY KEY",
    }[any_pool.dbtype]
    any_pool.execute(f"CREATE TABLE numbered (id {key}, day date, price decimal(9, 2) DEFAULT 1.50)")
    mark(any_pool.name, "numbered")
    define(1, "POST", "INSERT INTO numbered (day) VALUES (:DAY)", pool=any_pool.name)
    assert write(admin_client, "POST", 1, {"DAY": "2026-01-31"}).json() == succeeded(1)
    after = {"id": 1, "day": "2026-01-31", "price": 1.5}
    assert recorded(any_pool) == [("INSERT", {"id": 1}, None, after)]


def test_keys_that_are_given_are_taken_where_nothing_is_returned(
    mariadb_pool: ExternalPool, admin_client: APIClient
) -> None:
    """MySQL and Oracle return no rows of an INSERT; MariaDB takes what MySQL is sent."""
    mariadb_pool.execute("CREATE TABLE pairs (a integer, b varchar(9), n integer, PRIMARY KEY (a, b))")
    Pool.objects.filter(apps_pool=mariadb_pool.name).update(apps_dbtype="mysql")
    mark(mariadb_pool.name, "pairs")
    define(1, "POST", "INSERT INTO pairs (b, n, a) VALUES (:B, :N, :A)", pool=mariadb_pool.name)
    define(2, "POST", "INSERT INTO pairs VALUES (:A, :B, :N)", pool=mariadb_pool.name)
    define(3, "POST", "INSERT INTO pairs VALUES (:A + 1, :B, :N)", pool=mariadb_pool.name)
    assert write(admin_client, "POST", 1, {"A": 1, "B": "x", "N": 7}).json() == succeeded(1)
    assert write(admin_client, "POST", 2, {"A": "2", "B": "y", "N": 8}).json() == succeeded(1)
    refused = write(admin_client, "POST", 3, {"A": 2, "B": "z", "N": 9})
    assert (refused.status_code, message_of(refused)) == (
        400,
        "Table `pairs` is audited: query 3 has to give the value of its key column `A`.",
    )
    assert [entry[1:] for entry in recorded(mariadb_pool)] == [
        ({"a": 1, "b": "x"}, None, {"a": 1, "b": "x", "n": 7}),
        ({"a": 2, "b": "y"}, None, {"a": 2, "b": "y", "n": 8}),
    ]


def test_a_key_that_is_not_given_is_no_other_value(
    mariadb_pool: ExternalPool, admin_client: APIClient
) -> None:
    mariadb_pool.execute(
        "CREATE TABLE orders (ord_id integer AUTO_INCREMENT PRIMARY KEY, cus_id integer, amount integer)",
        "INSERT INTO orders VALUES (1, 7, 10)",
    )
    Pool.objects.filter(apps_pool=mariadb_pool.name).update(apps_dbtype="mysql")
    mark(mariadb_pool.name, "orders")
    sql = "INSERT INTO orders (CUS_ID, AMOUNT) VALUES (:CUS_ID, :AMOUNT)"
    define(1, "POST", sql, pool=mariadb_pool.name)
    refused = write(admin_client, "POST", 1, {"CUS_ID": 1, "AMOUNT": 5})
    assert (refused.status_code, "its key column `ORD_ID`" in message_of(refused)) == (400, True)
    assert [tuple(found) for found in mariadb_pool.execute("SELECT * FROM orders")] == [(1, 7, 10)]
    assert recorded(mariadb_pool) == []


def test_keys_of_every_kind_find_their_row(any_pool: ExternalPool, admin_client: APIClient) -> None:
    any_pool.execute(
        "CREATE TABLE kinds (d date NOT NULL, n decimal(9, 3) NOT NULL, t varchar(9) NOT NULL,"
        " w timestamp NOT NULL, v integer, PRIMARY KEY (d, n, t, w))",
        "INSERT INTO kinds VALUES ('2026-01-31', 1.5, 'O''B%', '2026-01-31 10:11:12', 1)",
    )
    mark(any_pool.name, "kinds")
    define(1, "PUT", "UPDATE kinds SET v = :V WHERE t = :T", pool=any_pool.name)
    assert write(admin_client, "PUT", 1, {"T": "O'B%", "V": 2}).json() == succeeded(1)
    ((verb, key, before, after),) = recorded(any_pool)
    assert (verb, key["d"], key["n"], key["t"]) == ("UPDATE", "2026-01-31", 1.5, "O'B%")
    assert (before["v"], after["v"]) == (1, 2)


def test_rows_of_returning_come_back(things: ExternalPool, admin_client: APIClient) -> None:
    if things.dbtype == "mariadb":
        return  # it returns rows of INSERT and DELETE only, and says so in other words
    define(2, "PUT", f"{UPDATE} RETURNING id, amount", pool=things.name)
    define(2, "POST", f"{INSERT} RETURNING id", pool=things.name)
    answer = write(admin_client, "PUT", 2, {"ID": 1, "NAME": "z"}).json()
    assert (answer["items"], answer["count"]) == ([{"ID": 1, "AMOUNT": 10}], 1)
    answer = write(admin_client, "POST", 2, {"ID": 9, "NAME": "z", "AMOUNT": 1}).json()
    assert (answer["items"], answer["count"]) == ([{"ID": 9}], 1)
    assert [entry[:2] for entry in recorded(things)] == [("UPDATE", {"id": 1}), ("INSERT", {"id": 9})]


def test_a_returning_of_its_own_leaves_the_key_unknown(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    sqlite_pool.execute("CREATE TABLE numbered (id integer PRIMARY KEY, day varchar(10))")
    mark(sqlite_pool.name, "numbered")
    define(1, "POST", "INSERT INTO numbered (day) VALUES (:DAY) RETURNING id", pool=sqlite_pool.name)
    refused = write(admin_client, "POST", 1, {"DAY": "2026-01-31"})
    assert (refused.status_code, message_of(refused)) == (
        400,
        "Table `numbered` is audited: the key of a new row cannot be read where query 1 has a RETURNING of"
        " its own. Leave that out, or give the value of the key column `ID`.",
    )
    assert sqlite_pool.execute("SELECT * FROM numbered") == []
    assert recorded(sqlite_pool) == []


def test_u04_secrets_are_masked_before_and_after(any_pool: ExternalPool, admin_client: APIClient) -> None:
    any_pool.execute(
        "CREATE TABLE ly_api (api_id integer PRIMARY KEY, api_password varchar(200), note varchar(9))",
        "INSERT INTO ly_api VALUES (1, 'old secret', 'a')",
    )
    mark(any_pool.name, "ly_api")
    define(1, "PUT", "UPDATE ly_api SET api_password = :P, note = 'b' WHERE api_id = :ID", pool=any_pool.name)
    assert write(admin_client, "PUT", 1, {"ID": 1, "P": "new secret"}).json() == succeeded(1)
    masked = {"api_id": 1, "api_password": "ENC:********"}
    assert recorded(any_pool) == [("UPDATE", {"api_id": 1}, {**masked, "note": "a"}, {**masked, "note": "b"})]


def test_blanks_for_nulls_are_recorded_as_they_are_stored(
    things: ExternalPool, admin_client: APIClient
) -> None:
    Pool.objects.filter(apps_pool=things.name).update(apps_replace_null="Y")
    touch("default")
    assert write(admin_client, "PUT", 1, {"ID": 1, "NAME": None}).json() == succeeded(1)
    assert recorded(things) == [("UPDATE", {"id": 1}, row(1, "a", 10), row(1, " ", 10))]


@pytest.mark.django_db(transaction=True)
def test_writes_at_the_same_time_are_told_one_after_another(things: ExternalPool, admin: User) -> None:
    define(2, "PUT", "UPDATE things SET amount = amount + 1 WHERE id = :ID", pool=things.name)
    answers: list[Any] = []

    def call(client: APIClient) -> None:
        answers.append(write(client, "PUT", 2, {"ID": 1}).json())
        connections.close_all()

    threads = [Thread(target=call, args=(client_of(admin),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [succeeded(1)] * 4
    steps = sorted((entry[2]["amount"], entry[3]["amount"]) for entry in recorded(things))
    assert steps == [(10, 11), (11, 12), (12, 13), (13, 14)]


# -- nothing but the whole --------------------------------------------------------------------------------


def test_u02_what_is_rolled_back_leaves_no_entry(things: ExternalPool, admin_client: APIClient) -> None:
    write(admin_client, "DELETE", 1, {"ID": 99})
    lines = [{"ID": 5, "NAME": "x", "AMOUNT": 1}, {"ID": 6, "NAME": "x", "AMOUNT": 1000}]
    response = write(admin_client, "POST", 1, lines)
    assert (response.status_code, "Line 2: " in message_of(response)) == (500, True)
    assert response.json()["message"]["items"][0]["line"] == lines[1]
    assert (stored(things), recorded(things)) == (ALL, [])


def test_a_change_of_the_key_is_refused(things: ExternalPool, admin_client: APIClient) -> None:
    define(2, "PUT", "UPDATE things SET id = :NEW WHERE id = :ID", pool=things.name)
    response = write(admin_client, "PUT", 2, {"ID": 1, "NEW": 50})
    assert (response.status_code, message_of(response)) == (
        400,
        "Table `things` is audited: the key of a row cannot be changed.",
    )
    assert (stored(things), recorded(things)) == (ALL, [])


REFUSED = [
    ("PUT", "WITH x AS (SELECT 1 AS one) UPDATE things SET amount = 1 WHERE id = :ID", "sqlite postgres"),
    ("POST", "INSERT INTO things (id) VALUES (:ID) ON CONFLICT (id) DO NOTHING", "sqlite postgres"),
    ("POST", "INSERT INTO things (id) VALUES (:ID) ON DUPLICATE KEY UPDATE amount = 1", "mariadb"),
    ("POST", "REPLACE INTO things (id) VALUES (:ID)", "sqlite mariadb"),
    ("PUT", "UPDATE things SET amount = 1 FROM others WHERE things.id = :ID", "sqlite postgres"),
    ("PUT", "UPDATE ONLY things SET amount = 1 WHERE id = :ID", "postgres"),
    ("PUT", "UPDATE others o, things t SET t.amount = 1 WHERE t.id = o.id AND o.id = :ID", "mariadb"),
    ("PUT", "UPDATE others o JOIN things t ON t.id = o.id SET t.amount = 1 WHERE o.id = :ID", "mariadb"),
    ("DELETE", "DELETE things FROM things JOIN others ON 1 = 1 WHERE things.id = :ID", "mariadb"),
    ("DELETE", "DELETE FROM things WHERE id = :ID ORDER BY id LIMIT 1", "mariadb"),
    ("PUT", "UPDATE #:TABLE# SET amount = 1 WHERE id = :ID", "sqlite postgres mariadb"),
    ("DELETE", 'DELETE FROM public."things" WHERE id = :ID', "postgres"),
    ("DELETE", "DO $$ BEGIN DELETE FROM Things; END $$", "postgres"),
]


@pytest.mark.parametrize(("verb", "sql", "products"), REFUSED)
def test_a_write_whose_rows_cannot_be_told_is_refused(
    things: ExternalPool, admin_client: APIClient, verb: str, sql: str, products: str
) -> None:
    if things.dbtype not in products:
        return
    define(2, verb, sql, pool=things.name)
    response = write(admin_client, verb, 2, {"ID": 1, "TABLE": "Things"})
    assert response.status_code == 400
    assert message_of(response).startswith("Table `things` is audited: query 2 may not")
    assert stored(things) == ALL


@pytest.mark.parametrize("sql", ["DELETE FROM liberty_audit WHERE {}", "DELETE FROM #:TABLE# WHERE {}"])
def test_no_query_writes_entries_or_takes_them_away(
    things: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    write(admin_client, "DELETE", 1, {"ID": 1})
    define(2, "DELETE", sql.format("query_id = :ID"), pool=things.name)
    response = write(admin_client, "DELETE", 2, {"ID": 1, "TABLE": "liberty_audit"})
    assert (response.status_code, "`liberty_audit`" in message_of(response)) == (400, True)
    assert len(recorded(things)) == 1


def test_a_table_without_key_cannot_be_changed(any_pool: ExternalPool, admin_client: APIClient) -> None:
    any_pool.execute("CREATE TABLE loose (n integer)")
    mark(any_pool.name, "loose")
    define(1, "POST", "INSERT INTO loose VALUES (:N)", pool=any_pool.name)
    response = write(admin_client, "POST", 1, {"N": 1})
    assert (response.status_code, "has no primary key" in message_of(response)) == (400, True)
    assert any_pool.execute("SELECT n FROM loose") in ([], ())


def test_too_many_rows_are_refused(
    things: ExternalPool, admin_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    run = execution.Transaction.run

    def noted(self: Any, statement: Any, **options: Any) -> Any:
        sent.append(statement.sql)
        return run(self, statement, **options)

    monkeypatch.setattr(execution.Transaction, "run", noted)
    monkeypatch.setattr("apps.audit.recording.MAX_ROWS", 2)
    define(2, "PUT", "UPDATE things SET amount = 0 WHERE id > :ID", pool=things.name)
    response = write(admin_client, "PUT", 2, {"ID": 0})
    assert (response.status_code, "2 of its rows at most" in message_of(response)) == (400, True)
    assert re.search(r" LIMIT 3( FOR (NO KEY )?UPDATE)?$", sent[-1])
    assert stored(things) == ALL
    assert write(admin_client, "PUT", 2, {"ID": 1}).json() == succeeded(2)


def test_where_no_entry_can_be_kept_nothing_is_written(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute("CREATE TABLE things (id integer PRIMARY KEY, name text, amount integer)")
    postgres_pool.execute("REVOKE CREATE ON SCHEMA public FROM CURRENT_USER")
    mark(postgres_pool.name, "things")
    define(1, "POST", INSERT, pool=postgres_pool.name)
    response = write(admin_client, "POST", 1, {"ID": 1, "NAME": "x", "AMOUNT": 1})
    assert response.status_code == 500
    assert "`liberty_audit` cannot be made in its pool" in message_of(response)
    assert "not allowed" in message_of(response)
    assert postgres_pool.execute("SELECT id FROM things") == []


# -- exactly the rows that were read ----------------------------------------------------------------------


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen after the first statement of the next transaction, which looks at the rows."""
    run = execution.Transaction.run
    waiting: list[Callable[[], object]] = []

    def interrupted(self: Any, statement: Any, **options: Any) -> Any:
        result = run(self, statement, **options)
        while waiting and statement.sql.startswith("SELECT"):
            waiting.pop()()
        return result

    monkeypatch.setattr(execution.Transaction, "run", interrupted)
    return waiting.append


@pytest.mark.parametrize("product", ["postgres_pool", "mariadb_pool"])
def test_a_sub_select_that_changes_its_answer_changes_no_other_row(
    request: pytest.FixtureRequest,
    product: str,
    admin_client: APIClient,
    between: Callable[[Callable[[], object]], None],
) -> None:
    """On SQLite one transaction writes at a time."""
    pool: ExternalPool = request.getfixturevalue(product)
    pool.execute(
        "CREATE TABLE things (id integer NOT NULL PRIMARY KEY, amount integer)",
        "INSERT INTO things VALUES (1, 10), (2, 20)",
        "CREATE TABLE others (id integer)",
        "INSERT INTO others VALUES (1)",
    )
    mark(pool.name, "things")
    sql = "UPDATE things SET amount = :AMOUNT WHERE id IN (SELECT id FROM others) AND id > :ID"
    define(1, "PUT", sql, pool=pool.name)
    between(lambda: pool.execute("UPDATE others SET id = 2"))
    assert write(admin_client, "PUT", 1, {"AMOUNT": 5, "ID": 0}).json() == succeeded(1)
    assert [tuple(found) for found in pool.execute("SELECT * FROM things ORDER BY id")] == [(1, 5), (2, 20)]
    assert recorded(pool) == [("UPDATE", {"id": 1}, {"id": 1, "amount": 10}, {"id": 1, "amount": 5})]


@pytest.mark.parametrize("product", ["postgres_pool", "mariadb_pool"])
def test_a_row_that_is_found_too_late_is_left_alone(
    request: pytest.FixtureRequest,
    product: str,
    admin_client: APIClient,
    between: Callable[[Callable[[], object]], None],
) -> None:
    pool: ExternalPool = request.getfixturevalue(product)
    pool.execute("CREATE TABLE things (id integer NOT NULL PRIMARY KEY, amount integer)")
    mark(pool.name, "things")
    define(1, "DELETE", "DELETE FROM things WHERE ABS(amount) = :AMOUNT", pool=pool.name)
    between(lambda: pool.execute("INSERT INTO things VALUES (1, -5)"))
    assert write(admin_client, "DELETE", 1, {"AMOUNT": 5}).json() == succeeded(0)
    assert [tuple(found) for found in pool.execute("SELECT * FROM things")] == [(1, -5)]
    assert recorded(pool) == []


def test_many_rows_are_changed_by_keys_of_several_columns(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    any_pool.execute(
        "CREATE TABLE pairs (a integer, b varchar(9), n integer, PRIMARY KEY (a, b))",
        f"INSERT INTO pairs VALUES {', '.join(f'({n}, {chr(39)}k{n}{chr(39)}, 0)' for n in range(1500))}",
    )
    mark(any_pool.name, "pairs")
    define(1, "PUT", "UPDATE pairs SET n = :N WHERE ABS(a) < :A", pool=any_pool.name)
    assert write(admin_client, "PUT", 1, {"N": 1, "A": 1400}).json() == succeeded(1400)
    assert len(recorded(any_pool)) == 1400
    (left,) = any_pool.execute("SELECT COUNT(*) FROM pairs WHERE n = 0")
    assert left[0] == 100


def test_secrets_are_kept_by_a_write_to_chosen_rows(any_pool: ExternalPool, admin_client: APIClient) -> None:
    any_pool.execute(
        "CREATE TABLE ly_api (api_id integer PRIMARY KEY, api_password varchar(200), note varchar(9))",
        "INSERT INTO ly_api VALUES (1, 'old secret', 'a')",
    )
    mark(any_pool.name, "ly_api")
    sql = "UPDATE ly_api SET api_password = :P, note = 'b' WHERE ABS(api_id) = :ID"
    define(1, "PUT", sql, pool=any_pool.name)
    assert write(admin_client, "PUT", 1, {"ID": 1, "P": "ENC:********"}).json() == succeeded(1)
    assert [tuple(found) for found in any_pool.execute("SELECT * FROM ly_api")] == [(1, "old secret", "b")]


def test_rows_that_refer_to_one_that_changes_are_not_kept_waiting(
    postgres_pool: ExternalPool,
    admin_client: APIClient,
    between: Callable[[Callable[[], object]], None],
) -> None:
    postgres_pool.execute(
        "CREATE TABLE things (id integer PRIMARY KEY, amount integer)",
        "INSERT INTO things VALUES (1, 10)",
        "CREATE TABLE parts (id integer PRIMARY KEY, thing integer REFERENCES things)",
    )
    mark(postgres_pool.name, "things")
    define(1, "PUT", "UPDATE things SET id = :ID, amount = 5 WHERE id = :ID", pool=postgres_pool.name)
    between(lambda: postgres_pool.execute("SET lock_timeout = '5s'", "INSERT INTO parts VALUES (1, 1)"))
    assert write(admin_client, "PUT", 1, {"ID": 1}).json() == succeeded(1)
    assert postgres_pool.execute("SELECT id FROM parts") == [(1,)]


@pytest.mark.parametrize("product", ["postgres_pool", "mariadb_pool"])
def test_an_entry_has_the_time_of_its_change(
    request: pytest.FixtureRequest, product: str, admin_client: APIClient
) -> None:
    """The clock goes on within a transaction; that of SQLite is too coarse to show it."""
    pool: ExternalPool = request.getfixturevalue(product)
    pool.execute("CREATE TABLE things (id integer NOT NULL PRIMARY KEY)")
    mark(pool.name, "things")
    define(1, "POST", "INSERT INTO things VALUES (:ID)", pool=pool.name)
    write(admin_client, "POST", 1, [{"ID": number} for number in range(3)])
    times = [found[0] for found in pool.execute("SELECT changed_at FROM liberty_audit ORDER BY entry_id")]
    assert times == sorted(set(times))
    assert len(times) == 3


def test_what_the_commit_refuses_is_told_of_the_callers_statement(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute(
        "CREATE TABLE things (id integer PRIMARY KEY)",
        "INSERT INTO things VALUES (1), (2)",
        "CREATE TABLE parts (thing integer REFERENCES things DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO parts VALUES (2)",
    )
    mark(postgres_pool.name, "things")
    define(1, "DELETE", "DELETE FROM things WHERE id = :ID", pool=postgres_pool.name)
    response = write(admin_client, "DELETE", 1, [{"ID": 1}, {"ID": 2}])
    assert response.status_code == 500
    message = response.json()["message"]
    assert message["query"] == "DELETE FROM things WHERE id = %(b_1)s"
    assert message["items"][0]["line"] == {"ID": 2}
    assert postgres_pool.execute("SELECT id FROM things") == [(1,), (2,)]


def test_entries_are_written_many_at_once(
    any_pool: ExternalPool, admin_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    run = execution.Transaction.run

    def noted(self: Any, statement: Any, **options: Any) -> Any:
        sent.append(statement.sql)
        return run(self, statement, **options)

    any_pool.execute(
        "CREATE TABLE many (id integer PRIMARY KEY)",
        f"INSERT INTO many VALUES {', '.join(f'({number})' for number in range(250))}",
    )
    mark(any_pool.name, "many")
    define(1, "DELETE", "DELETE FROM many WHERE id < :ID", pool=any_pool.name)
    monkeypatch.setattr(execution.Transaction, "run", noted)
    assert write(admin_client, "DELETE", 1, {"ID": 1000}).json() == succeeded(250)
    assert [sql.partition(" (")[0] for sql in sent[-3:]] == ["INSERT INTO liberty_audit"] * 3
    assert sent[-4] == "DELETE FROM many WHERE id < %(b_1)s"
    assert sorted(entry[1]["id"] for entry in recorded(any_pool)) == list(range(250))


def test_entries_keep_every_letter_whatever_the_servers_defaults(
    mariadb_pool: ExternalPool, admin_client: APIClient
) -> None:
    mariadb_pool.execute(
        f"ALTER DATABASE `{mariadb_pool.execute('SELECT DATABASE()')[0][0]}` CHARACTER SET latin1",
        "CREATE TABLE things (id varchar(9) CHARACTER SET utf8mb4 PRIMARY KEY)",
    )
    mark(mariadb_pool.name, "things")
    define(1, "POST", "INSERT INTO things VALUES (:ID)", pool=mariadb_pool.name)
    assert write(admin_client, "POST", 1, {"ID": "日本🗾"}).json() == succeeded(1)
    assert recorded(mariadb_pool) == [("INSERT", {"id": "日本🗾"}, None, {"id": "日本🗾"})]
    made = mariadb_pool.execute(
        "SELECT engine, table_collation FROM information_schema.tables WHERE table_name = 'liberty_audit'"
    )
    assert [tuple(found) for found in made] == [("InnoDB", "utf8mb4_bin")]


# -- other tables -----------------------------------------------------------------------------------------


def test_other_tables_are_written_as_before(things: ExternalPool, admin_client: APIClient) -> None:
    define(
        2, "DELETE", "DELETE FROM others WHERE id IN (SELECT id FROM things) AND id = :ID", pool=things.name
    )
    define(2, "POST", "INSERT INTO others SELECT id FROM things WHERE id = :ID", pool=things.name)
    define(2, "PUT", "UPDATE #:TABLE# SET id = 7 WHERE id = :ID", pool=things.name)
    assert write(admin_client, "DELETE", 2, {"ID": 1}).json() == succeeded(1)
    assert write(admin_client, "POST", 2, {"ID": 2}).json() == succeeded(1)
    assert write(admin_client, "PUT", 2, {"ID": 2, "TABLE": "others"}).json() == succeeded(1)
    assert [tuple(found) for found in things.execute("SELECT id FROM others")] == [(7,)]


READING = [
    ("POST", "INSERT INTO others SELECT id + 10 FROM things WHERE id = :ID", "sqlite postgres mariadb"),
    ("PUT", "UPDATE others SET id = things.id + 10 FROM things WHERE things.id = :ID", "sqlite postgres"),
    ("PUT", "UPDATE others SET id = (SELECT id + 10 FROM things WHERE id = :ID)", "sqlite postgres mariadb"),
    (
        "POST",
        "WITH t AS (SELECT id FROM things WHERE id = :ID) INSERT INTO others SELECT id + 10 FROM t",
        "sqlite postgres",
    ),
    (
        "POST",
        "INSERT INTO others SELECT id + 10 FROM things WHERE id = :ID ON CONFLICT (id) DO NOTHING",
        "postgres",
    ),
    ("POST", "REPLACE INTO others SELECT id + 10 FROM things WHERE id = :ID", "sqlite mariadb"),
    ("DELETE", "DELETE FROM others USING things WHERE things.id = others.id AND things.id = :ID", "postgres"),
    ("POST", "INSERT INTO others SELECT COUNT(*) + :ID FROM liberty_audit", "sqlite postgres mariadb"),
]


@pytest.mark.parametrize(("verb", "sql", "products"), READING)
def test_a_statement_that_only_reads_an_audited_table_is_left_alone(
    things: ExternalPool, admin_client: APIClient, verb: str, sql: str, products: str
) -> None:
    if things.dbtype not in products:
        return
    write(admin_client, "DELETE", 1, {"ID": 3})
    define(2, verb, sql, pool=things.name, allow_unconditional=True)
    assert write(admin_client, verb, 2, {"ID": 1}).json() == succeeded(1)
    assert len(recorded(things)) == 1


def test_a_block_that_names_a_table_of_a_longer_name_is_left_alone(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute(
        "CREATE TABLE art (id integer PRIMARY KEY)",
        "CREATE TABLE articles (id integer)",
        "CREATE TABLE party (id integer)",
    )
    mark(postgres_pool.name, "art")
    block = "DO $$ BEGIN INSERT INTO articles VALUES (1); EXECUTE 'INSERT INTO {} VALUES (1)'; END $$"
    define(1, "POST", block.format("party"), pool=postgres_pool.name)
    define(1, "PUT", block.format("art"), pool=postgres_pool.name)
    assert write(admin_client, "POST", 1, {"ID": 1}).status_code == 200
    response = write(admin_client, "PUT", 1, {"ID": 1})
    assert (response.status_code, message_of(response)[:22]) == (400, "Table `art` is audited")
    assert postgres_pool.execute("SELECT id FROM articles") == [(1,)]


def test_a_write_to_another_table_costs_no_statement_more(
    things: ExternalPool, admin_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(2, "POST", "INSERT INTO others VALUES (:ID)", pool=things.name)
    write(admin_client, "POST", 2, {"ID": 2})
    sent: list[str] = []
    run = execution.Transaction.run

    def counted(self: Any, statement: Any, **options: Any) -> Any:
        sent.append(statement.sql)
        return run(self, statement, **options)

    monkeypatch.setattr(execution.Transaction, "run", counted)
    monkeypatch.setattr("apps.audit.recording.describe", None)
    monkeypatch.setattr("apps.pools.tables.fetch", None)
    with CaptureQueriesContext(connection) as framework:
        assert write(admin_client, "POST", 2, {"ID": 3}).json() == succeeded(1)
    assert sent == ["INSERT INTO others VALUES (%(b_1)s)"]
    assert [query["sql"] for query in framework if "audited" in query["sql"]] == []


def test_a_table_that_is_no_longer_marked_is_left_alone(
    things: ExternalPool, admin_client: APIClient
) -> None:
    write(admin_client, "DELETE", 1, {"ID": 1})
    AuditedTable.objects.all().delete()
    touch("default")
    write(admin_client, "DELETE", 1, {"ID": 2})
    assert [entry[1] for entry in recorded(things)] == [{"id": 1}]
