"""A pool behind PgBouncer in transaction mode: each transaction may run in another session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.pools.catalogue import touch
from apps.pools.models import Pool
from tests.api.calls import message_of, query, rows, write
from tests.databases import Database
from tests.definitions import define
from tests.external import ExternalPool
from tests.servers import pgbouncer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(postgres_pool: ExternalPool, worker_postgres: Database) -> Iterator[ExternalPool]:
    """The PostgreSQL pool, which reaches its database through a pooler; `execute` goes past it."""
    program = Path(os.environ["LIBERTY_TEST_PGBOUNCER"])
    with pgbouncer.running(program, worker_postgres) as port:
        Pool.objects.filter(apps_pool=postgres_pool.name).update(apps_host="127.0.0.1", apps_port=port)
        touch("default")
        postgres_pool.execute("CREATE TABLE parts (id int PRIMARY KEY, name text, since timestamptz)")
        yield postgres_pool


def test_the_same_query_twenty_times(
    pooled: ExternalPool, admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_TRANSACTION_POOLERS = [pooled.name]
    define(
        1, "GET", "SELECT :n + 0 AS n, interval '1 day' AS long, pg_backend_pid() AS pid", pool=pooled.name
    )
    answers = [rows(query(admin_client, 1, params={"n": number}))[0] for number in range(20)]
    assert [(row["N"], row["LONG"]) for row in answers] == [(number, "P1D") for number in range(20)]
    assert len({row["PID"] for row in answers}) == pgbouncer.SESSIONS


def test_writes(pooled: ExternalPool, admin_client: APIClient, settings: Settings) -> None:
    settings.LIBERTY_TRANSACTION_POOLERS = [pooled.name]
    define(1, "GET", "SELECT id, name, since FROM parts", pool=pooled.name, order_by="id")
    define(1, "POST", "INSERT INTO parts (id, name, since) VALUES (:ID, :NAME, :SINCE)", pool=pooled.name)
    define(1, "PUT", "UPDATE parts SET name = :NAME WHERE id = :ID", pool=pooled.name)
    define(1, "DELETE", "DELETE FROM parts WHERE id = :ID", pool=pooled.name)
    for number in range(20):
        line = {"ID": number, "NAME": "bolt", "SINCE": "2026-01-31T10:00:00"}
        assert write(admin_client, "POST", 1, line).status_code == 200
        assert write(admin_client, "PUT", 1, {"ID": number, "NAME": f"nut {number}"}).status_code == 200
    for number in range(1, 20):
        assert write(admin_client, "DELETE", 1, {"ID": number}).status_code == 200
    expected = [{"ROW_ID": 1, "ID": 0, "NAME": "nut 0", "SINCE": "2026-01-31T10:00:00+00:00"}]
    assert rows(query(admin_client, 1)) == expected


def test_a_list_is_written_whole_or_not_at_all(
    pooled: ExternalPool, admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_TRANSACTION_POOLERS = [pooled.name]
    define(1, "POST", "INSERT INTO parts (id, name) VALUES (:ID, :NAME)", pool=pooled.name)
    lines = [{"ID": number, "NAME": "bolt"} for number in (1, 2, 1)]
    assert write(admin_client, "POST", 1, lines).status_code == 500
    assert pooled.execute("SELECT count(*) FROM parts") == [(0,)]


def test_a_statement_over_its_time_is_ended_there_too(
    pooled: ExternalPool, admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_TRANSACTION_POOLERS = [pooled.name]
    settings.LIBERTY_STATEMENT_TIMEOUT_S = 0.5
    define(1, "GET", "SELECT pg_sleep(:n) IS NULL AS slept", pool=pooled.name)
    assert query(admin_client, 1, params={"n": 60}).status_code == 503
    assert rows(query(admin_client, 1, params={"n": 0})) == [{"ROW_ID": 1, "SLEPT": False}]


def test_without_the_setting_the_pooler_takes_no_connection(
    pooled: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=pooled.name)
    response = query(admin_client, 1)
    message = "the database is not available: the database does not answer"
    assert (response.status_code, message_of(response)) == (503, message)
