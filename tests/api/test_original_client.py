"""LIBERTY_ORIGINAL_CLIENT: every kind of failure in both styles, whole, with its status and in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings
from rest_framework import exceptions
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework import request_log
from apps.framework.models import LogEntry
from liberty import errors
from tests.api.calls import query, write
from tests.conftest import PASSWORD, client_of
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

WRONG_WORD: dict[str, Any] = {
    "access_token": "",
    "token_type": "",
    "status": "error",
    "message": "passwordError",
}


@pytest.fixture
def original(settings: Settings) -> None:
    settings.LIBERTY_ORIGINAL_CLIENT = True


def plain(message: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"message": message}], "status": "error", "count": 0, "message": message, **more}


def answer_of(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json()


def failing_view(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise failure

    monkeypatch.setattr("apps.queries.views.select_rows", fail)


KINDS: list[tuple[errors.LibertyError, int]] = [
    (errors.MalformedRequest("Unknown column `X`."), 400),
    (errors.InvalidDefinition("Two statements."), 400),
    (errors.Forbidden("This needs an administrator."), 403),
    (errors.NotACatalogue("crm"), 404),
    (errors.UnknownQuery("Query 1 is not defined for GET."), 404),
    (errors.UnknownUser("ada"), 404),
    (errors.UnknownLogEntry("Log entry not found"), 404),
    (errors.UnknownPool("crm"), 500),
    (errors.PoolNotOpened("Pool `crm` cannot be opened."), 500),
    (errors.DecryptionFailed("An encrypted text is damaged"), 500),
]
by_name = pytest.mark.parametrize(
    ("failure", "status"), KINDS, ids=[type(failure).__name__ for failure, _ in KINDS]
)


@by_name
def test_a_failure_as_documented(
    admin_client: APIClient, monkeypatch: pytest.MonkeyPatch, failure: errors.LibertyError, status: int
) -> None:
    failing_view(monkeypatch, failure)
    documented = {"status": "failed", "message": failure.message}
    assert answer_of(query(admin_client, 1)) == (status, documented)


@by_name
def test_a_failure_for_the_original_client(
    original: None,
    admin_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    failure: errors.LibertyError,
    status: int,
) -> None:
    failing_view(monkeypatch, failure)
    response = query(admin_client, 1)
    assert answer_of(response) == (200, plain(failure.message))
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("failure", [OperationalError("host db.internal"), errors.Unavailable("Away.")])
def test_a_database_that_is_away(
    admin_client: APIClient, monkeypatch: pytest.MonkeyPatch, settings: Settings, failure: Exception
) -> None:
    failing_view(monkeypatch, failure)
    message = getattr(failure, "message", "The framework database does not answer.")
    documented = query(admin_client, 1)
    assert answer_of(documented) == (503, {"status": "failed", "message": message})
    settings.LIBERTY_ORIGINAL_CLIENT = True
    original = query(admin_client, 1)
    assert answer_of(original) == (200, plain(message))
    assert (documented["Retry-After"], original["Retry-After"]) == ("5", "5")


def test_a_wrong_argument(admin_client: APIClient, settings: Settings) -> None:
    detail = [
        {"loc": ["query", "query"], "msg": "Field required", "type": "missing"},
        {"loc": ["query", "mode"], "msg": "Input should be 'framework' or 'session'", "type": "enum"},
    ]
    detail.reverse()
    path = "/api/db/query?mode=x"
    assert answer_of(admin_client.get(path)) == (422, {"detail": detail})
    settings.LIBERTY_ORIGINAL_CLIENT = True
    message = "mode: Input should be 'framework' or 'session'; query: Field required"
    assert answer_of(admin_client.get(path)) == (200, plain(message, detail=detail))


def test_a_refused_read(admin_client: APIClient, settings: Settings) -> None:
    define(1, "GET", "SELECT nothing FROM nowhere", pool="default")
    documented = query(admin_client, 1, limit=7, offset=2)
    page = documented.json()["message"]
    message = page["items"][0]["message"]
    assert message.startswith("Error: ")
    assert answer_of(documented) == (
        500,
        {
            "status": "failed",
            "message": {
                "items": [{"message": message}],
                "status": "error",
                "hasMore": False,
                "limit": 7,
                "offset": 2,
                "count": 0,
                "query": page["query"],
                "database_message": page["database_message"],
            },
        },
    )
    settings.LIBERTY_ORIGINAL_CLIENT = True
    response = query(admin_client, 1, limit=7, offset=2)
    shown = message.replace(documented["X-Request-ID"], response["X-Request-ID"])
    assert answer_of(response) == (
        200,
        {
            "items": [{"message": shown}],
            "status": "error",
            "hasMore": False,
            "limit": 7,
            "offset": 2,
            "count": 0,
            "query": page["query"],
            "database_message": page["database_message"],
            "message": shown,
        },
    )


def test_a_refused_write(original: None, sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "POST", "INSERT INTO nowhere (a, b) VALUES (:A, :USR_PASSWORD)", pool=sqlite_pool.name)
    response = write(admin_client, "POST", 1, {"A": 1, "USR_PASSWORD": "hunter2"})
    body = response.json()
    message = body["message"]
    assert message.startswith("Error: ")
    assert "hunter2" not in response.content.decode()
    assert answer_of(response) == (
        200,
        {
            "items": [{"message": message, "line": {"A": 1, "USR_PASSWORD": "ENC:********"}}],
            "status": "error",
            "count": 0,
            "query": body["query"],
            "database_message": body["database_message"],
            "message": message,
        },
    )


def test_a_write_that_cannot_be_read(
    original: None, sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "POST", "INSERT INTO t (a, b) VALUES (:A, :B)", pool=sqlite_pool.name)
    response = write(admin_client, "POST", 1, [{"A": 1, "B": 2}, {"A": 1, "USR_PASSWORD": "hunter2"}])
    body = response.json()
    line = {"A": 1, "USR_PASSWORD": "ENC:********"}
    message = body["message"]
    assert message.startswith("Line 2: ")
    assert answer_of(response) == (
        200,
        {
            "items": [{"message": message, "line": line}],
            "status": "error",
            "count": 0,
            "message": message,
        },
    )


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Not authenticated"),
        ("Basic YTpi", "Invalid authentication credentials"),
        ("Bearer nothing", "Invalid token"),
    ],
)
def test_a_missing_or_bad_token_keeps_its_status(original: None, header: str, message: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    response = client.get("/api/db/query?query=1")
    assert answer_of(response) == (401, plain(message))
    assert response["WWW-Authenticate"] == "Bearer"


def sign_in(user: str = "admin", password: str = PASSWORD, *, pool: str = "default") -> Any:
    body = {"user": user, "password": password}
    return APIClient().post(f"/api/auth/token?pool={pool}&mode=session&type=database", body, format="json")


@pytest.mark.parametrize(
    ("user", "password"), [("admin", "wrong"), ("nobody", PASSWORD), ("stranger", PASSWORD)]
)
def test_every_refused_user_gets_the_same_word(
    original: None, admin: User, stranger: User, user: str, password: str
) -> None:
    response = sign_in(user, password)
    assert answer_of(response) == (200, WRONG_WORD)
    assert "WWW-Authenticate" not in response


def test_a_good_password_signs_in(original: None, admin: User) -> None:
    assert sign_in().json()["status"] == "success"


def test_a_sign_in_that_no_password_helps_has_the_other_word(original: None, admin: User) -> None:
    message = "Requested pool `nowhere` not found"
    assert answer_of(sign_in(pool="nowhere")) == (
        200,
        {**WRONG_WORD, "message": "loginError", "items": [{"message": message}]},
    )


def test_a_sign_in_without_password_has_the_other_word(original: None, admin: User) -> None:
    response = APIClient().post("/api/auth/token", {"user": "admin"}, format="json")
    assert answer_of(response) == (
        200,
        {**WRONG_WORD, "message": "loginError", "items": [{"message": "password: Field required"}]},
    )


def test_too_many_sign_ins_have_the_other_word(original: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise exceptions.Throttled(wait=60)

    monkeypatch.setattr("apps.accounts.views.services.sign_in", fail)
    response = sign_in()
    message = "Request was throttled. Expected available in 60 seconds."
    assert answer_of(response) == (
        200,
        {**WRONG_WORD, "message": "loginError", "items": [{"message": message}]},
    )
    assert response["Retry-After"] == "60"


def too_large(client: APIClient) -> Any:
    return client.generic("POST", "/api/db/query?query=1", "[" + "1," * 200 + "1]")


@pytest.mark.parametrize(
    ("call", "status", "message", "more"),
    [
        (
            lambda client: client.patch("/api/db/query"),
            405,
            'Method "PATCH" not allowed.',
            {"detail": 'Method "PATCH" not allowed.'},
        ),
        (
            lambda client: client.get("/api/auth/token"),
            405,
            'Method "GET" not allowed.',
            {"detail": 'Method "GET" not allowed.'},
        ),
        (lambda client: client.get("/api/nothing"), 404, "Not Found", {"detail": "Not Found"}),
        (too_large, 413, "The request body is too large.", {}),
    ],
    ids=["method", "method of sign-in", "path", "size"],
)
def test_what_is_no_call_keeps_its_status(
    original: None,
    admin_client: APIClient,
    settings: Settings,
    call: Callable[[APIClient], Any],
    status: int,
    message: str,
    more: dict[str, Any],
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert answer_of(call(admin_client)) == (status, plain(message, **more))


def test_what_nobody_foresaw_keeps_its_status(
    original: None, admin_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_view(monkeypatch, RuntimeError("secret of the house"))
    response = query(admin_client, 1)
    message = f"Internal server error (request {response['X-Request-ID']})."
    assert answer_of(response) == (500, plain(message))


def test_the_log_tells_the_true_outcome(
    original: None, admin: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    settings.LIBERTY_LOG_DIR, settings.LIBERTY_REQUEST_LOG = str(tmp_path), True
    writer = request_log.Writer()
    monkeypatch.setattr(writer, "_start", lambda: None)
    monkeypatch.setattr(request_log, "writer", writer)
    assert query(client_of(admin), 1).status_code == 200
    assert sign_in(password="wrong").status_code == 200
    writer.flush()
    lines = [entry.members for entry in LogEntry.objects.order_by("id")]
    shown = [(line["level"], line["status"], line["rows"], line["message"]) for line in lines]
    assert shown == [
        ("WARNING", 404, None, "GET /api/db/query 404"),
        ("WARNING", 401, None, "POST /api/auth/token 401"),
    ]
