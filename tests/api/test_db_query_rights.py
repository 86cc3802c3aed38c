"""Who may call /api/db/query, and for what."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import PATH, message_of, query, rows, write
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
        {"query": 6, "source": "framework"},
        {"query": 1, "source": "framework", "type": "columns"},
    ],
    ids=str,
)
def test_users_read_nothing_else(
    public: ExternalPool, reader_client: APIClient, arguments: dict[str, Any]
) -> None:
    response = query(reader_client, arguments.pop("query"), **arguments)
    assert response.status_code == 403
    assert response.json() == {"status": "failed", "message": "This needs an administrator."}


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
