"""Who may call /api/db/query, and for what."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.caller import Caller
from apps.accounts.models import User
from apps.queries.permissions import INTERFACE
from tests.api.calls import PATH, message_of, query, rows, write
from tests.conftest import client_of
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(sqlite_pool: ExternalPool) -> ExternalPool:
    """A pool with table t, query 1 on it that is public, and query 2 that is not; both also insert."""
    sqlite_pool.execute("CREATE TABLE t (n integer)", "INSERT INTO t VALUES (1)")
    for number in (1, 2):
        define(number, "GET", "SELECT n FROM t", pool=sqlite_pool.name, public=number == 1)
        define(number, "POST", "INSERT INTO t VALUES (:N)", pool=sqlite_pool.name, public=number == 1)
    return sqlite_pool


def test_users_read_public_queries(public: ExternalPool, reader_client: APIClient) -> None:
    assert rows(query(reader_client, 1)) == [{"ROW_ID": 1, "N": 1}]


@pytest.mark.parametrize(
    "arguments",
    [
        {"query": 2},
        {"query": 1, "override_pool": "default"},
        {"query": 1, "overridePool": "sqlite"},
        {"query": 1, "mode": "framework"},
        {"query": 2, "source": "framework"},
        {"query": 3, "source": "framework"},
        {"query": 4, "source": "framework", "type": "columns"},
        {"query": 13, "source": "framework"},
        {"query": 34, "source": "framework"},
        {"query": 6, "source": "framework", "override_pool": "default"},
    ],
    ids=str,
)
def test_users_read_nothing_else(
    public: ExternalPool, reader_client: APIClient, arguments: dict[str, Any]
) -> None:
    response = query(reader_client, arguments.pop("query"), **arguments)
    assert response.status_code == 403
    assert response.json() == {"status": "failed", "message": "This needs an administrator."}


@pytest.mark.parametrize("number", sorted(INTERFACE - {19}))
def test_users_read_what_a_clients_pages_are_made_of(reader_client: APIClient, number: int) -> None:
    response = query(reader_client, number, source="framework", type="columns")
    assert response.status_code == 200, response.json()


@pytest.mark.parametrize("verb", ["POST", "PUT"])
def test_users_advance_no_counter(reader_client: APIClient, verb: str) -> None:
    response = write(reader_client, verb, 13, {"NN_ID": "x", "NN_CURRENT": 1}, source="framework")
    assert response.status_code == 403


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_users_write_nothing(public: ExternalPool, reader_client: APIClient, verb: str) -> None:
    define(3, verb, "INSERT INTO t VALUES (:N)", pool=public.name, public=True)
    response = write(reader_client, verb, 3, {"N": 2})
    assert response.status_code == 403
    assert public.execute("SELECT n FROM t") == [(1,)]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_nobody_gets_in_without_a_token(public: ExternalPool, anonymous_client: APIClient, verb: str) -> None:
    response = anonymous_client.generic(verb, f"{PATH}?query=1", '{"N": 1}', content_type="application/json")
    assert response.status_code == 401
    assert response.json() == {"status": "failed", "message": "Not authenticated"}
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer ", "Bearer x.y.z", "Basic YTpi", "Bearer", "x"])
def test_a_bad_token_is_refused(public: ExternalPool, anonymous_client: APIClient, header: str) -> None:
    response = anonymous_client.get(PATH, {"query": 1}, HTTP_AUTHORIZATION=header)
    assert response.status_code == 401
    assert response.json()["status"] == "failed"


def test_what_a_catalogue_holds_is_not_told_to_strangers(
    public: ExternalPool, reader_client: APIClient
) -> None:
    response = query(reader_client, 1, pool=public.name)
    assert (response.status_code, message_of(response)) == (
        403,
        "Your sign-in does not reach this catalogue.",
    )


def test_administrators_write(public: ExternalPool, admin_client: APIClient) -> None:
    assert write(admin_client, "POST", 1, {"N": 2}).json() == {"items": [], "status": "success", "count": 1}
    assert public.execute("SELECT n FROM t ORDER BY n") == [(1,), (2,)]


# What the database says


def details(response: Any) -> dict[str, str]:
    """Return what a refused statement is answered with beside the documented members."""
    assert response.status_code == 500
    told = response.json()["message"]
    return {name: told[name] for name in ("query", "database_message") if name in told}


@pytest.mark.parametrize(
    ("fixture", "words"),
    [
        ("sqlite_pool", "no such column: absent"),
        ("postgres_pool", 'column "absent" does not exist'),
        ("mariadb_pool", "Unknown column 'absent'"),
    ],
)
def test_administrators_are_told_what_the_database_says(
    request: pytest.FixtureRequest,
    admin_client: APIClient,
    reader_client: APIClient,
    fixture: str,
    words: str,
) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)
    pool.execute("CREATE TABLE t (n integer)")
    define(5, "GET", "SELECT absent FROM t", pool=pool.name, public=True)
    told = details(query(admin_client, 5))
    assert words in told["database_message"]
    assert "SELECT absent FROM t" in told["query"]
    refused = query(reader_client, 5)
    assert details(refused) == {}
    assert "absent" not in refused.content.decode()


def test_administrators_are_told_of_refused_writes(admin_client: APIClient, public: ExternalPool) -> None:
    define(5, "POST", "INSERT INTO t (absent) VALUES (:N)", pool=public.name)
    assert details(write(admin_client, "POST", 5, {"N": 1}))["database_message"] == (
        "table t has no column named absent"
    )


def test_administrators_of_another_catalogue_are_not_told(
    admin: User, public: ExternalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(5, "GET", "SELECT absent FROM t", pool=public.name)
    client = client_of(admin)
    monkeypatch.setattr(Caller, "is_platform_admin", False)
    assert list(details(query(client, 5, override_pool=public.name))) == ["query"]


def test_secrets_in_the_words_of_a_database_are_masked(
    admin_client: APIClient, postgres_pool: ExternalPool
) -> None:
    postgres_pool.execute("CREATE TABLE t (n integer, note text CHECK (note = 'x'))")
    define(5, "POST", "INSERT INTO t VALUES (1, :NOTE)", pool=postgres_pool.name)
    said = details(write(admin_client, "POST", 5, {"NOTE": "ENC:v1:00:hunter2"}))["database_message"]
    assert "hunter2" not in said
    assert "ENC:***" in said


def test_the_words_of_a_database_are_bounded(admin_client: APIClient, public: ExternalPool) -> None:
    define(5, "GET", f"SELECT {'x' * 10_000} FROM t", pool=public.name)
    assert len(details(query(admin_client, 5))["database_message"]) == 2000
