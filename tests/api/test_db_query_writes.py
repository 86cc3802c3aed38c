"""Writes whose conditions, lines or effects could go wrong; and reads that try to write."""

import logging
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import message_of, query, rows, write
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

ALL = [(1, "a", 10), (2, "b", 20), (3, None, 30)]


@pytest.fixture
def things(any_pool: ExternalPool) -> ExternalPool:
    any_pool.execute(
        "CREATE TABLE things (id integer NOT NULL PRIMARY KEY, name varchar(9), amount integer"
        " CHECK (amount < 1000))",
        "INSERT INTO things VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)",
    )
    return any_pool


def stored(pool: ExternalPool) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in pool.execute("SELECT id, name, amount FROM things ORDER BY id")]


# -- keys that are not there ------------------------------------------------------------------------------

CONDITIONS = [
    "id = :ID",
    ":ID IS NULL OR id = :ID",
    "id = coalesce(:ID, id)",
    "id IN (:ID)",
    "id IN :ID",
    "id = :ID AND name = :NAME",
    "NOT (id <> :ID)",
    "id BETWEEN :ID AND 9",
    "id IN (SELECT id FROM (SELECT id FROM things WHERE id = :ID) AS inner_things)",
]
BODIES: list[dict[str, Any]] = [{"NAME": "x"}, {"ID": None, "NAME": "x"}, {"id ": 1, "NAME": "x"}]


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("body", BODIES, ids=str)
@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_key_that_is_lost_or_null_changes_no_row(
    things: ExternalPool, admin_client: APIClient, verb: str, body: dict[str, Any], condition: str
) -> None:
    start = "UPDATE things SET amount = 0" if verb == "PUT" else "DELETE FROM things"
    define(1, verb, f"{start} WHERE {condition}", pool=things.name)
    for lines in (body, [body], [{"ID": 1, "NAME": "a"}, body]):
        response = write(admin_client, verb, 1, lines)
        assert (response.status_code, response.json()["status"]) == (400, "failed")
        assert "`ID`" in message_of(response)
    assert stored(things) == ALL


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
@pytest.mark.parametrize("ids", [[], [None], [1, None]], ids=str)
def test_a_list_of_keys_that_holds_none_changes_no_row(
    things: ExternalPool, admin_client: APIClient, verb: str, ids: list[Any]
) -> None:
    start = "UPDATE things SET amount = 0" if verb == "PUT" else "DELETE FROM things"
    for number, condition in enumerate(("id NOT IN (:IDS)", "id IN :IDS", "NOT (id IN (:IDS, 9))"), 1):
        define(number, verb, f"{start} WHERE {condition}", pool=things.name)
        response = write(admin_client, verb, number, {"IDS": ids})
        assert (response.status_code, "`IDS`" in message_of(response)) == (400, True)
    assert stored(things) == ALL


def test_a_null_that_is_written_is_no_key(things: ExternalPool, admin_client: APIClient) -> None:
    define(1, "PUT", "UPDATE things SET name = :NAME, amount = :AMOUNT WHERE id = :ID", pool=things.name)
    body = {"ID": 1, "NAME": None, "AMOUNT": None}
    assert write(admin_client, "PUT", 1, body).json() == {"items": [], "status": "success", "count": 1}
    assert stored(things)[0] == (1, None, None)


def test_a_key_that_is_null_is_taken_where_the_definition_means_it(
    things: ExternalPool, admin_client: APIClient
) -> None:
    sql = "DELETE FROM things WHERE :ID IS NULL OR id = :ID"
    define(1, "DELETE", sql, pool=things.name, allow_unconditional=True)
    assert write(admin_client, "DELETE", 1, {"ID": None}).json()["count"] == 3


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
@pytest.mark.parametrize("key", [99, "99", -1])
def test_a_key_that_no_row_has_counts_nothing(
    things: ExternalPool, admin_client: APIClient, verb: str, key: Any
) -> None:
    start = "UPDATE things SET amount = 0" if verb == "PUT" else "DELETE FROM things"
    define(1, verb, f"{start} WHERE id = :ID", pool=things.name)
    answer = write(admin_client, verb, 1, {"ID": key})
    assert (answer.status_code, answer.json()) == (200, {"items": [], "status": "success", "count": 0})
    assert stored(things) == ALL


# -- lists ------------------------------------------------------------------------------------------------

BROKEN: list[tuple[dict[str, Any], int]] = [
    ({"ID": 1}, 500),
    ({"ID": None}, 500),
    ({"AMOUNT": 1000}, 500),
    ({"NAME": "longer than nine"}, 500),
    ({"AMOUNT": 2**40}, 400),
    ({"AMOUNT": "abc"}, 400),
]


# SQLite gives a null key a number, and has columns of any type and length.
TAKEN_BY_SQLITE: list[dict[str, Any]] = [{"ID": None}, {"NAME": "longer than nine"}, {"AMOUNT": "abc"}]


@pytest.mark.parametrize(("fault", "status"), BROKEN, ids=str)
@pytest.mark.parametrize("place", [0, 56, 99])
def test_the_line_that_breaks_a_rule_is_named_and_no_line_is_stored(
    things: ExternalPool, admin_client: APIClient, place: int, fault: dict[str, Any], status: int
) -> None:
    define(1, "POST", "INSERT INTO things (id, name, amount) VALUES (:ID, :NAME, :AMOUNT)", pool=things.name)
    if things.dbtype == "sqlite" and fault in TAKEN_BY_SQLITE:
        fault, status = {"ID": 1}, 500
    if things.dbtype == "sqlite" and fault.get("AMOUNT") == 2**40:
        fault = {"AMOUNT": 2**64}
    lines = [{"ID": number, "NAME": "n", "AMOUNT": 1} for number in range(100, 200)]
    lines[place] = {**lines[place], **fault}
    response = write(admin_client, "POST", 1, lines)
    answer = response.json()
    assert (response.status_code, answer["status"]) == (status, "failed")
    assert f"Line {place + 1}: " in message_of(response)
    if status == 500:
        assert answer["message"]["items"][0]["line"] == lines[place]
        assert (answer["message"]["count"], answer["message"]["status"]) == (0, "error")
    assert stored(things) == ALL


def test_a_rule_that_is_checked_at_the_end_undoes_every_line(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    )
    define(1, "POST", "INSERT INTO child VALUES (:ID)", pool=postgres_pool.name)
    response = write(admin_client, "POST", 1, [{"ID": 1}, {"ID": 2}])
    assert response.status_code == 500
    assert "foreign key" in message_of(response)
    assert postgres_pool.execute("SELECT count(*) FROM child") == [(0,)]


# -- reads that write -------------------------------------------------------------------------------------

WRITING_READS = [
    "WITH gone AS (DELETE FROM things RETURNING *) SELECT * FROM gone",
    "WITH new AS (INSERT INTO things VALUES (9, 'x', 1) RETURNING *) SELECT * FROM new",
    "WITH x AS (SELECT 1) DELETE FROM things",
    "WITH x AS (SELECT 1) UPDATE things SET amount = 0",
    "EXPLAIN ANALYZE DELETE FROM things",
    "ANALYZE DELETE FROM things",
    "SELECT * INTO copy FROM things",
    "SELECT * FROM things INTO OUTFILE '/tmp/liberty_things'",
    "CREATE TABLE copy AS SELECT * FROM things",
    "TRUNCATE TABLE things",
    "REPLACE INTO things VALUES (1, 'x', 1)",
    "MERGE INTO things USING things AS t ON 1 = 0 WHEN NOT MATCHED THEN DELETE",
    "DO $$ BEGIN DELETE FROM things; END $$",
    "CALL wipe()",
    "COPY things TO PROGRAM 'true'",
    "PRAGMA query_only = 0",
    "PRAGMA user_version = 5",
    "ATTACH DATABASE 'x' AS y",
    "VACUUM",
    "SET SESSION TRANSACTION READ WRITE",
    "BEGIN",
    "COMMIT",
    "LOCK TABLE things",
    "GRANT ALL ON things TO PUBLIC",
    "/* SELECT */ DELETE FROM things",
    "-- SELECT\nDELETE FROM things",
    "SELECT 1; DELETE FROM things",
    "SELECT 1 AS n) q; DELETE FROM things; --",
]


@pytest.mark.parametrize("sql", WRITING_READS)
def test_a_get_runs_no_statement_that_writes(things: ExternalPool, admin_client: APIClient, sql: str) -> None:
    define(1, "GET", sql, pool=things.name)
    for arguments in ({}, {"type": "columns"}, {"q": {"ID": {"=": 1}}}, {"order": "ID"}):
        response = query(admin_client, 1, **arguments)
        assert (response.status_code in (400, 500), response.json()["status"]) == (True, "failed")
    assert stored(things) == ALL


@pytest.mark.parametrize(
    "body",
    [
        "DELETE FROM things",
        "INSERT INTO things VALUES (9, ''x'', 1)",
        "UPDATE things SET amount = 0",
        "CREATE TABLE copy AS SELECT * FROM things",
    ],
)
def test_a_function_that_writes_is_refused_in_a_read(
    postgres_pool: ExternalPool, admin_client: APIClient, body: str
) -> None:
    postgres_pool.execute(
        "CREATE TABLE things (id int, name text, amount int)",
        "INSERT INTO things VALUES (1, 'a', 10)",
        f"CREATE FUNCTION sly() RETURNS int LANGUAGE plpgsql AS 'BEGIN {body}; RETURN 1; END'",
    )
    define(1, "GET", "SELECT sly() AS n", pool=postgres_pool.name)
    for arguments in ({}, {"type": "columns"}, {"order": "N"}):
        if arguments == {"type": "columns"}:
            continue  # nothing runs for these
        response = query(admin_client, 1, **arguments)
        assert (response.status_code, "a read may not" in message_of(response)) == (500, True)
    assert postgres_pool.execute("SELECT * FROM things") == [(1, "a", 10)]


def test_a_read_cannot_take_a_number_from_a_sequence(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    postgres_pool.execute("CREATE SEQUENCE s")
    for number, sql in enumerate(("SELECT nextval('s')", "SELECT setval('s', 9)"), 1):
        define(number, "GET", sql, pool=postgres_pool.name)
        response = query(admin_client, number)
        assert (response.status_code, "a read may not" in message_of(response)) == (500, True)
    assert postgres_pool.execute("SELECT last_value, is_called FROM s") == [(1, False)]


def test_what_only_a_privileged_role_may_do_is_the_roles_matter(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT pg_stat_reset()", pool=postgres_pool.name)
    define(2, "GET", "SELECT pg_read_file('/etc/hostname')", pool=postgres_pool.name)
    for number in (1, 2):
        response = query(admin_client, number)
        assert (response.status_code, "not allowed" in message_of(response)) == (500, True)


@pytest.mark.parametrize(
    "change",
    [
        "set_config('transaction_read_only', 'off', true)",
        "set_config('transaction_read_only', 'off', false)",
        "set_config('default_transaction_read_only', 'off', false)",
    ],
)
def test_no_read_makes_itself_or_the_next_one_write(
    postgres_pool: ExternalPool, admin_client: APIClient, change: str
) -> None:
    postgres_pool.execute(
        "CREATE TABLE t (id int)",
        "INSERT INTO t VALUES (1)",
        "CREATE FUNCTION sly() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM t; RETURN 1; END'",
    )
    define(1, "GET", f"SELECT {change} AS a", pool=postgres_pool.name)
    define(2, "GET", "SELECT sly() AS n", pool=postgres_pool.name)
    define(3, "GET", f"SELECT {change} AS a, sly() AS n", pool=postgres_pool.name)
    for _ in range(4):
        query(admin_client, 1)
        assert query(admin_client, 2).status_code == 500
        assert query(admin_client, 3).status_code == 500
    assert postgres_pool.execute("SELECT id FROM t") == [(1,)]


# -- what a caller is told --------------------------------------------------------------------------------

REFUSED = [
    "INSERT INTO things (id, name, amount) VALUES (:ID, :NAME, 5000)",
    "INSERT INTO nowhere (id, name) VALUES (:ID, :NAME)",
    "INSERT INTO things (id, nothing) VALUES (:ID, :NAME)",
    "INSERT INTO things (id, name) VALUES (:ID, :NAME",
    "INSERT INTO things (id, name) VALUES (:ID, no_such_function(:NAME))",
]


@pytest.mark.parametrize("sql", REFUSED[:3] + REFUSED[4:])
def test_a_refusal_tells_no_sql_value_host_or_path(
    things: ExternalPool, admin_client: APIClient, caplog: pytest.LogCaptureFixture, sql: str
) -> None:
    define(1, "POST", sql, pool=things.name)
    with caplog.at_level(logging.WARNING, logger="liberty.pools"):
        response = write(admin_client, "POST", 1, {"ID": 77, "NAME": "secret"})
    message = message_of(response)
    assert response.status_code == 500
    for told in ("INSERT", "things", "nowhere", "nothing", "secret", "127.0.0.1", "/", "Error(", "no_such"):
        assert told not in message.removeprefix("Error: ")
    assert response.headers["X-Request-ID"] in message
    assert sql.split("(")[0] in caplog.text
    assert rows_of_log(caplog) >= 1


def rows_of_log(caplog: pytest.LogCaptureFixture) -> int:
    return sum(record.name == "liberty.pools" for record in caplog.records)


# -- bodies -----------------------------------------------------------------------------------------------


def test_a_body_with_very_many_members_is_read(things: ExternalPool, admin_client: APIClient) -> None:
    define(1, "DELETE", "DELETE FROM things WHERE id = :ID", pool=things.name)
    body = {f"M{number}": number for number in range(100_000)}
    response = write(admin_client, "DELETE", 1, {**body, "ID": 1})
    assert response.status_code in (200, 400, 413)


@pytest.mark.parametrize(
    "body",
    [
        b'{"ID": ' + b"[" * 20_000,
        b'{"ID": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"ID":' * 20_000,
        b'{"ID": ' + b"9" * 5000 + b"}",
        b'{"ID": "\\ud800"}',
        b'{"\\udfff": 1, "ID": 1}',
        b'{"ID": 1, "X": "\xed\xa0\x80"}',
        b'{"ID": Infinity}',
        b'{"ID": 1} {"ID": 2}',
    ],
    ids=lambda body: str(body[:24]),
)
def test_a_body_that_breaks_parsers_is_malformed(
    things: ExternalPool, admin_client: APIClient, body: bytes
) -> None:
    define(1, "DELETE", "DELETE FROM things WHERE id = :ID", pool=things.name)
    response = write(admin_client, "DELETE", 1, body)
    assert (response.status_code, response.json()["status"]) == (400, "failed")
    assert stored(things) == ALL


def test_both_spellings_of_the_override_count_for_writes(
    things: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "DELETE", "DELETE FROM things WHERE id = :ID", pool="elsewhere")
    for key, spelling in ((1, "override_pool"), (2, "overridePool")):
        answer = write(admin_client, "DELETE", 1, {"ID": key}, **{spelling: things.name}).json()
        assert answer == {"items": [], "status": "success", "count": 1}
    assert [row[0] for row in stored(things)] == [3]


def test_rows_of_returning_have_the_names_of_a_page(things: ExternalPool, admin_client: APIClient) -> None:
    define(
        1, "POST", "INSERT INTO things (id, name) VALUES (:ID, :NAME) RETURNING id, name", pool=things.name
    )
    define(1, "GET", "SELECT id, name FROM things", pool=things.name)
    answer = write(admin_client, "POST", 1, {"ID": 9, "NAME": "x"}).json()
    assert answer == {"items": [{"ID": 9, "NAME": "x"}], "status": "success", "count": 1}
    assert rows(query(admin_client, 1, q={"ID": {"=": 9}})) == [{"ROW_ID": 1, "ID": 9, "NAME": "x"}]
