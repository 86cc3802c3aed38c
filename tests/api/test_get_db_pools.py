"""GET /api/db/check, /api/db/open, /api/db/close."""

import re
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.models import Pool
from tests.api.calls import query, rows
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

NOT_FOUND = {"status": "failed", "message": "Requested pool `nowhere` not found"}


def test_a_database_that_answers_tells_its_time(any_pool: ExternalPool, admin_client: APIClient) -> None:
    response = admin_client.get("/api/db/check", {"target_pool": any_pool.name})
    answer = response.json()
    now = answer["rows"][0].pop("CURRENT_DATE")
    assert response.status_code == 200
    assert answer == {
        "status": "success",
        "pool": any_pool.name,
        "rows": [{"ROW_ID": 1}],
        "rowCount": 1,
        "meta_data": [{"name": "ROW_ID", "type": "int"}, {"name": "CURRENT_DATE", "type": "datetime"}],
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00", now)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(now)).total_seconds()) < 60


def test_the_framework_database_is_checked_by_default(reader_client: APIClient) -> None:
    assert reader_client.get("/api/db/check").json()["pool"] == "default"


def test_a_pool_is_opened_and_closed(any_pool: ExternalPool, admin_client: APIClient) -> None:
    opened = admin_client.get("/api/db/open", {"target_pool": any_pool.name})
    assert (opened.status_code, opened.json()) == (200, {"status": "success", "message": "connected"})
    assert registry.is_open(any_pool.alias)
    for _ in range(2):
        closed = admin_client.get("/api/db/close", {"pool": any_pool.name})
        assert (closed.status_code, closed.json()) == (200, {"status": "success", "message": "disconnected"})
    assert not registry.is_open(any_pool.alias)


def test_a_closed_pool_is_opened_again_by_the_next_query(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=any_pool.name)
    assert rows(query(admin_client, 1)) == [{"ROW_ID": 1, "N": 1}]
    admin_client.get("/api/db/close", {"pool": any_pool.name})
    assert rows(query(admin_client, 1)) == [{"ROW_ID": 1, "N": 1}]


@pytest.mark.parametrize(
    ("path", "argument"),
    [
        ("/api/db/check", "target_pool"),
        ("/api/db/check", "framework_pool"),
        ("/api/db/open", "target_pool"),
        ("/api/db/open", "framework_pool"),
        ("/api/db/close", "pool"),
    ],
)
def test_an_unknown_pool_is_named(admin_client: APIClient, path: str, argument: str) -> None:
    others = {"target_pool": "x"} if argument == "framework_pool" else {}
    response = admin_client.get(path, others | {argument: "nowhere"})
    assert (response.status_code, response.json()) == (500, NOT_FOUND)


def test_the_framework_database_cannot_be_closed(admin_client: APIClient) -> None:
    response = admin_client.get("/api/db/close", {"pool": "default"})
    assert response.status_code == 403
    assert response.json()["status"] == "failed"
    assert admin_client.get("/api/db/check").status_code == 200


@pytest.mark.parametrize("path", ["/api/db/open", "/api/db/close", "/api/db/check?target_pool=sqlite"])
def test_pools_are_an_administrators_matter(
    sqlite_pool: ExternalPool, reader_client: APIClient, path: str
) -> None:
    response = reader_client.get(path)
    assert (response.status_code, response.json()) == (
        403,
        {"status": "failed", "message": "Pools are managed by administrators of the default catalogue."},
    )


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"apps_password": "wrong"}, "password"),
        ({"apps_database": "no_such_database"}, "database"),
        ({"apps_dbtype": "dbase"}, "dbase"),
        ({"apps_password": "ENC:AAAA"}, "decrypted"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_pool_that_cannot_be_opened_says_why(
    postgres_pool: ExternalPool, admin_client: APIClient, changes: dict[str, str], word: str
) -> None:
    Pool.objects.filter(apps_pool=postgres_pool.name).update(**changes)
    touch("default")
    response = admin_client.get("/api/db/open", {"target_pool": postgres_pool.name})
    message = response.json()["message"]
    assert (response.status_code, response.json()["status"]) == (500, "failed")
    assert word in message
    assert "ENC:" not in message
    assert "127.0.0.1" not in message


def test_a_database_that_is_down_is_unavailable(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=postgres_pool.name)
    Pool.objects.filter(apps_pool=postgres_pool.name).update(apps_port=1)
    touch("default")
    response = query(admin_client, 1)
    assert response.status_code == 503
    assert response.json()["status"] == "failed"
    assert int(response.headers["Retry-After"]) > 0
    assert admin_client.get("/api/db/open", {"target_pool": postgres_pool.name}).status_code == 500


def test_a_slow_statement_is_stopped(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT pg_sleep(60)", pool=postgres_pool.name)
    define(2, "GET", "SELECT 1 AS n", pool=postgres_pool.name)
    response = query(admin_client, 1)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert rows(query(admin_client, 2)) == [{"ROW_ID": 1, "N": 1}]


def test_a_changed_row_reopens_the_pool(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT current_setting('application_name') AS n", pool=postgres_pool.name)
    assert query(admin_client, 1).status_code == 200
    Pool.objects.filter(apps_pool=postgres_pool.name).update(apps_database="no_such_database")
    touch("default")
    assert query(admin_client, 1).status_code == 500


# Spellings


@pytest.mark.parametrize("name", ["pool", "target_pool", "targetPool"])
def test_every_spelling_means_the_pool(sqlite_pool: ExternalPool, admin_client: APIClient, name: str) -> None:
    arguments = {name: sqlite_pool.name}
    assert admin_client.get("/api/db/check", arguments).json()["pool"] == sqlite_pool.name
    assert admin_client.get("/api/db/open", arguments).status_code == 200
    assert registry.is_open(sqlite_pool.alias)
    assert admin_client.get("/api/db/close", arguments).status_code == 200
    assert not registry.is_open(sqlite_pool.alias)


@pytest.mark.parametrize("path", ["/api/db/check", "/api/db/open", "/api/db/close"])
@pytest.mark.parametrize("name", ["override_pool", "Pool", "target_Pool", "poolname", "framework-pool"])
def test_what_may_name_a_pool_is_not_taken_for_nothing(admin_client: APIClient, path: str, name: str) -> None:
    response = admin_client.get(path, {name: "default"})
    fault = {
        "loc": ["query", name],
        "msg": "Unknown argument; the pool is named by target_pool, and its catalogue by framework_pool",
        "type": "extra_forbidden",
    }
    assert (response.status_code, response.json()) == (422, {"detail": [fault]})


@pytest.mark.parametrize("path", ["/api/db/check", "/api/db/open", "/api/db/close"])
@pytest.mark.parametrize(
    ("arguments", "name", "first"),
    [
        ({"target_pool": "default", "pool": "x"}, "pool", "target_pool"),
        ({"framework_pool": "default", "frameworkPool": "x"}, "frameworkPool", "framework_pool"),
    ],
    ids=["target", "framework"],
)
def test_spellings_that_differ_are_refused(
    admin_client: APIClient, path: str, arguments: dict[str, str], name: str, first: str
) -> None:
    response = admin_client.get(path, arguments)
    message = f"Input should be the same as that of {first}"
    fault = {"loc": ["query", name], "msg": message, "type": "value_error"}
    assert (response.status_code, response.json()) == (422, {"detail": [fault]})


def test_other_arguments_are_ignored(reader_client: APIClient) -> None:
    response = reader_client.get("/api/db/check", {"mode": "session", "user": "x", "_": "1"})
    assert (response.status_code, response.json()["pool"]) == (200, "default")


def test_a_pool_is_closed_where_its_catalogue_describes_it(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    arguments = {"pool": sqlite_pool.name, "framework_pool": "nowhere"}
    admin_client.get("/api/db/open", {"pool": sqlite_pool.name})
    response = admin_client.get("/api/db/close", arguments)
    assert (response.status_code, response.json()) == (500, NOT_FOUND)
    assert registry.is_open(sqlite_pool.alias)
