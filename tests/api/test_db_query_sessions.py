"""What one request leaves to the next: nothing. Sessions, broken connections, full and closed pools."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

import pytest
from django.db import connections
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.models import Pool
from liberty.crypto import encrypt_stored
from tests.api.calls import message_of, query, rows, write
from tests.conftest import PASSWORD, client_of
from tests.databases import Server, unique_name
from tests.definitions import define
from tests.external import ExternalPool

T = TypeVar("T")

pytestmark = pytest.mark.django_db


def change(pool: ExternalPool, **columns: Any) -> None:
    """Change the row of a pool as the admin site does."""
    Pool.objects.filter(apps_pool=pool.name).update(**columns)
    touch("default")


def together(count: int, call: Callable[[int], T]) -> list[T]:
    """Call from as many threads at once, and return what each got."""
    gate = threading.Barrier(count)

    def run(number: int) -> T:
        gate.wait()
        try:
            return call(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(run, range(count)))


# -- traces in the session --------------------------------------------------------------------------------

TRACES: dict[str, tuple[Sequence[str], str, list[dict[str, Any]]]] = {
    "postgres": (
        (
            "SET search_path TO pg_catalog",
            "SET TIME ZONE 'Asia/Tokyo'",
            "SET statement_timeout = 0",
            "SET default_transaction_read_only = on",
            "SET DateStyle = 'German'",
            "SET bytea_output = 'escape'",
            "CREATE TEMPORARY TABLE left_over (id int)",
            "SELECT pg_advisory_lock(77)",
            "SELECT set_config('application_name', 'left over', false)",
            "PREPARE left_over AS SELECT 1",
            "LISTEN left_over",
        ),
        "SELECT current_setting('search_path') AS path, current_setting('timezone') AS zone,"
        " current_setting('application_name') AS app, to_regclass('left_over') IS NULL AS clean,"
        " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,"
        " (SELECT count(*) FROM pg_prepared_statements WHERE name = 'left_over') AS prepared,"
        " timestamp '2026-01-31 10:00' AS at, '\\x00'::bytea AS data",
        [
            {
                "ROW_ID": 1,
                "PATH": '"$user", public',
                "ZONE": "UTC",
                "APP": "liberty",
                "CLEAN": True,
                "LOCKS": 0,
                "PREPARED": 0,
                "AT": "2026-01-31T10:00:00",
                "DATA": "AA==",
            }
        ],
    ),
    "mariadb": (
        (
            "SET @left_over = 5",
            "SET time_zone = '+09:00'",
            "SET SESSION sql_mode = 'ANSI_QUOTES'",
            "SET SESSION TRANSACTION READ ONLY",
            "CREATE TEMPORARY TABLE left_over (id int)",
            "SELECT GET_LOCK('left over', 0)",
            "SET NAMES latin1",
        ),
        "SELECT @left_over AS v, @@time_zone AS zone, @@sql_mode LIKE '%%ANSI_QUOTES%%' AS ansi,"
        " IS_USED_LOCK('left over') AS lck, @@character_set_client AS charset",
        [{"ROW_ID": 1, "V": None, "ZONE": "+00:00", "ANSI": 0, "LCK": None, "CHARSET": "utf8mb4"}],
    ),
    "sqlite": (
        (
            "CREATE TEMPORARY TABLE left_over (id int)",
            "PRAGMA case_sensitive_like = 1",
            "PRAGMA foreign_keys = 0",
            "PRAGMA query_only = 1",
            "ATTACH DATABASE ':memory:' AS left_over",
        ),
        "SELECT (SELECT count(*) FROM pragma_database_list WHERE name = 'left_over') AS attached,"
        " 'A' LIKE 'a' AS likes, (SELECT foreign_keys FROM pragma_foreign_keys) AS keys_hold",
        [{"ROW_ID": 1, "ATTACHED": 0, "LIKES": 1, "KEYS_HOLD": 1}],
    ),
}


def test_what_one_request_sets_is_not_there_for_the_next(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    traces, seen, expected = TRACES[any_pool.dbtype]
    any_pool.execute("CREATE TABLE t (id integer)")
    define(1, "GET", seen, pool=any_pool.name)
    define(1, "POST", "INSERT INTO t VALUES (:ID)", pool=any_pool.name)
    define(2, "GET", "SELECT id FROM t", pool=any_pool.name)
    change(any_pool, apps_pool_max=2)  # one connection reads, one writes: the next request gets the same
    for number, trace in enumerate(traces, 10):
        define(number, "POST", trace, pool=any_pool.name)
        define(number, "GET", trace, pool=any_pool.name)
        write(admin_client, "POST", number, {"ID": 0})
        query(admin_client, number)
        assert rows(query(admin_client, 1)) == expected, trace
        assert write(admin_client, "POST", 1, {"ID": number}).json()["count"] == 1, trace
        assert {"ROW_ID": 1, "ID": number} in rows(query(admin_client, 2, q={"ID": {"=": number}})), trace


def test_a_temporary_table_of_a_write_is_not_there_for_the_next(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "POST", "CREATE TEMPORARY TABLE left_over (id integer)", pool=any_pool.name)
    define(2, "POST", "INSERT INTO left_over VALUES (:ID)", pool=any_pool.name)
    for _ in range(2):
        assert write(admin_client, "POST", 1, {"ID": 1}).status_code == 200
        assert write(admin_client, "POST", 2, {"ID": 1}).status_code == 500


def test_a_role_that_a_request_takes_is_given_back(
    postgres_server: Server, postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    role = unique_name("role")
    user = Pool.objects.get(apps_pool=postgres_pool.name).apps_user
    postgres_server.execute(f"CREATE ROLE {role}", f"GRANT {role} TO {user}")
    try:
        define(1, "POST", f"SET ROLE {role}", pool=postgres_pool.name)
        define(2, "GET", f"SELECT set_config('role', '{role}', false) AS r", pool=postgres_pool.name)
        define(3, "GET", "SELECT current_user::text AS u", pool=postgres_pool.name)
        define(3, "POST", "SELECT current_user::text AS u", pool=postgres_pool.name)
        for _ in range(4):
            assert write(admin_client, "POST", 1, {"X": 1}).status_code == 200
            assert query(admin_client, 2).status_code == 200
            assert rows(query(admin_client, 3)) == [{"ROW_ID": 1, "U": user}]
            assert write(admin_client, "POST", 3, {"X": 1}).json()["items"] == [{"U": user}]
    finally:
        registry.close_all()
        postgres_server.execute(f"DROP ROLE {role}")


def test_a_failure_of_one_user_is_no_matter_of_the_next(
    any_pool: ExternalPool, admin_client: APIClient, reader_client: APIClient
) -> None:
    any_pool.execute("CREATE TABLE t (id integer NOT NULL PRIMARY KEY)")
    define(1, "GET", "SELECT missing FROM t", pool=any_pool.name)
    define(2, "GET", "SELECT id FROM t", pool=any_pool.name, public=True)
    define(2, "POST", "INSERT INTO t VALUES (:ID)", pool=any_pool.name)
    change(any_pool, apps_pool_max=2)
    for number in range(6):
        assert query(admin_client, 1).status_code == 500
        assert write(admin_client, "POST", 2, [{"ID": number}] * 2).status_code == 500
        assert rows(query(reader_client, 2)) == []
    assert write(admin_client, "POST", 2, {"ID": 1}).json()["count"] == 1
    assert rows(query(reader_client, 2)) == [{"ROW_ID": 1, "ID": 1}]


# -- broken connections -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
def test_a_database_that_was_restarted_answers_the_next_request(
    request: pytest.FixtureRequest, admin_client: APIClient, fixture: str
) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)
    pool.execute("CREATE TABLE t (id integer)")
    define(1, "GET", "SELECT id FROM t", pool=pool.name, order_by="id")
    define(1, "POST", "INSERT INTO t VALUES (:ID)", pool=pool.name)
    for number in (1, 2, 3):
        pool.end_other_sessions()
        assert len(rows(query(admin_client, 1))) == number - 1
        pool.end_other_sessions()
        assert write(admin_client, "POST", 1, {"ID": number}).json()["count"] == 1
        pool.end_other_sessions()
        assert [row["ID"] for row in rows(query(admin_client, 1, order="ID"))][-1] == number
        assert len(query(admin_client, 1, type="columns").json()["items"]) == 2
    assert pool.execute("SELECT count(*) FROM t") == [(3,)]


def test_a_write_whose_connection_breaks_midway_is_told_and_never_sent_twice(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute("CREATE TABLE t (id integer)")
    define(
        1,
        "POST",
        "INSERT INTO t SELECT :ID FROM pg_terminate_backend(pg_backend_pid())",
        pool=postgres_pool.name,
    )
    define(2, "POST", "INSERT INTO t VALUES (:ID)", pool=postgres_pool.name)
    response = write(admin_client, "POST", 1, {"ID": 1})
    assert (response.status_code, response.json()["status"]) == (503, "failed")
    assert "may or may not" in message_of(response)
    assert postgres_pool.execute("SELECT count(*) FROM t") == [(0,)]
    assert write(admin_client, "POST", 2, {"ID": 2}).json()["count"] == 1


def test_a_read_that_ends_its_own_connection_is_no_loop(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT pg_terminate_backend(pg_backend_pid())", pool=postgres_pool.name)
    define(2, "GET", "SELECT 1 AS n", pool=postgres_pool.name)
    response = query(admin_client, 1)
    assert (response.status_code, int(response.headers["Retry-After"]) > 0) == (503, True)
    assert rows(query(admin_client, 2)) == [{"ROW_ID": 1, "N": 1}]


# -- full, silent and closed pools ------------------------------------------------------------------------


def test_a_pool_without_a_free_connection_says_so_and_others_answer(
    any_pool: ExternalPool, admin_client: APIClient, admin: User, settings: Settings
) -> None:
    settings.LIBERTY_CHECKOUT_TIMEOUT_S = 0.2
    any_pool.execute("CREATE TABLE t (id integer)")
    define(1, "GET", "SELECT id FROM t", pool=any_pool.name)
    define(1, "POST", "INSERT INTO t VALUES (:ID)", pool=any_pool.name)
    define(2, "GET", "SELECT 1 AS n", pool="default")
    change(any_pool, apps_pool_max=1)
    pool = registry.opened(registry.resolve(any_pool.name))
    with pool.reader.connection(), pool.writer.connection():
        for response in (query(admin_client, 1), write(admin_client, "POST", 1, {"ID": 1})):
            assert (response.status_code, response.json()["status"]) == (503, "failed")
            assert int(response.headers["Retry-After"]) > 0
            assert "no connection" in message_of(response)
        assert rows(query(admin_client, 2)) == [{"ROW_ID": 1, "N": 1}]
        signed_in = APIClient().post(
            "/api/auth/token", {"user": admin.usr_id, "password": PASSWORD}, format="json"
        )
        assert signed_in.status_code == 200
    assert rows(query(admin_client, 1)) == []
    assert write(admin_client, "POST", 1, {"ID": 1}).json()["count"] == 1


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
def test_a_database_that_is_not_there_or_silent_is_no_matter_of_the_others(
    request: pytest.FixtureRequest,
    admin_client: APIClient,
    settings: Settings,
    sqlite_pool: ExternalPool,
    silent_port: int,
    fixture: str,
) -> None:
    settings.LIBERTY_CONNECT_TIMEOUT_S = 1
    settings.LIBERTY_STATEMENT_TIMEOUT_S = 1.0
    pool: ExternalPool = request.getfixturevalue(fixture)
    define(1, "GET", "SELECT 1 AS n", pool=pool.name)
    define(2, "GET", "SELECT 2 AS n", pool=sqlite_pool.name)
    for port in (1, silent_port):
        change(pool, apps_port=port)
        response = query(admin_client, 1)
        assert (response.status_code, int(response.headers["Retry-After"]) > 0) == (503, True)
        assert "127.0.0.1" not in response.content.decode()
        assert rows(query(admin_client, 2)) == [{"ROW_ID": 1, "N": 2}]
        checked = admin_client.get("/api/db/check", {"target_pool": pool.name})
        assert (checked.status_code, checked.json()["status"]) == (503, "failed")
        assert admin_client.get("/api/db/check", {"target_pool": sqlite_pool.name}).status_code == 200


ODD_PASSWORD = "p@ss:w/rd#%$&?é '"


@pytest.mark.parametrize("dbtype", ["postgres", "mariadb"])
def test_a_user_and_password_of_any_letters_connect(
    request: pytest.FixtureRequest, admin_client: APIClient, dbtype: str
) -> None:
    pool: ExternalPool = request.getfixturevalue(f"{dbtype}_pool")
    server: Server = request.getfixturevalue(f"{dbtype}_server")
    name, literal = f"dom\\{unique_name('u')[:10]}", ODD_PASSWORD.replace("'", "''")
    database = Pool.objects.get(apps_pool=pool.name).apps_database
    if dbtype == "postgres":
        account = f'"{name}"'
        server.execute(
            f"CREATE ROLE {account} LOGIN PASSWORD '{literal}'",
            f"GRANT CONNECT ON DATABASE {database} TO {account}",
        )
    else:
        account = f"`{name}`@`127.0.0.1`"
        server.execute(
            f"CREATE USER {account} IDENTIFIED BY '{literal}'", f"GRANT ALL ON {database}.* TO {account}"
        )
    try:
        change(pool, apps_user=name, apps_password=encrypt_stored(ODD_PASSWORD))
        define(1, "GET", "SELECT 1 AS n", pool=pool.name)
        assert admin_client.get("/api/db/open", {"target_pool": pool.name}).status_code == 200
        assert admin_client.get("/api/db/check", {"target_pool": pool.name}).status_code == 200
        assert rows(query(admin_client, 1)) == [{"ROW_ID": 1, "N": 1}]
    finally:
        registry.close_all()
        if dbtype == "postgres":
            server.execute(f"REVOKE ALL ON DATABASE {database} FROM {account}", f"DROP ROLE {account}")
        else:
            server.execute(f"DROP USER {account}")


def test_a_pool_that_is_closed_and_closed_again_is_open_for_the_next_query(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=any_pool.name)
    assert admin_client.get("/api/db/close", {"pool": any_pool.name}).status_code == 200
    for _ in range(2):
        assert rows(query(admin_client, 1)) == [{"ROW_ID": 1, "N": 1}]
        for _ in range(2):
            assert admin_client.get("/api/db/close", {"pool": any_pool.name}).status_code == 200


# -- many at once -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_who_open_and_ask_at_once_share_one_pool(any_pool: ExternalPool, admin: User) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=any_pool.name)

    def ask(number: int) -> int:
        client = client_of(admin)
        if number % 2:
            return client.get("/api/db/open", {"target_pool": any_pool.name}).status_code
        return query(client, 1).status_code

    assert together(50, ask) == [200] * 50
    opened = registry.opened(any_pool.alias)
    assert registry.opened(registry.resolve(any_pool.name)) is opened
    assert sessions_of(any_pool) <= 4
    registry.close_all()


def sessions_of(pool: ExternalPool) -> int:
    """Count the sessions of the pool's user, that of the test left out."""
    counts = {
        "postgres": "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user"
        " AND pid <> pg_backend_pid()",
        "mariadb": "SELECT count(*) FROM information_schema.processlist WHERE id <> connection_id()",
        "sqlite": "SELECT 0",
    }
    ((count,),) = pool.execute(counts[pool.dbtype])
    return int(count)


SLEEP = {
    "sqlite": "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 300000)"
    " SELECT count(*) AS n FROM r",
    "postgres": "SELECT count(*) AS n FROM pg_sleep(0.5)",
    "mariadb": "SELECT SLEEP(0.5) + 1 AS n",
}


@pytest.mark.django_db(transaction=True)
def test_queries_that_run_while_their_pool_is_closed_finish(any_pool: ExternalPool, admin: User) -> None:
    define(1, "GET", SLEEP[any_pool.dbtype], pool=any_pool.name)

    def ask(number: int) -> int:
        client = client_of(admin)
        if number < 3:
            return query(client, 1).status_code
        return client.get("/api/db/close", {"pool": any_pool.name}).status_code

    for _ in range(3):
        assert together(6, ask) == [200] * 6
    assert query(client_of(admin), 1).status_code == 200
    registry.close_all()
