"""Failures that every route answers alike."""

import pytest
from django.urls import URLPattern, get_resolver
from pytest_django import Settings
from rest_framework.test import APIClient

PAGES = {"/api", "/api/test", "/api/schema"}
OPEN_TO_ALL = {
    *PAGES,
    "/api/auth/token",
    "/api/fmw/encrypt",
    "/api/fmw/modules",
    "/api/fmw/applications",
    "/api/fmw/themes",
    "/api/fmw/version",
    "/api/ai/prompt",
    "/api/ai/welcome",
    "/api/setup/prepare",
    "/api/setup/restore",
    "/api/setup/update",
}


def api_paths() -> list[str]:
    found = []
    for entry in get_resolver().url_patterns:
        patterns = [entry] if isinstance(entry, URLPattern) else entry.url_patterns
        found += [f"/{pattern.pattern}" for pattern in patterns if isinstance(pattern, URLPattern)]
    return sorted(path for path in found if path.startswith("/api"))


PROTECTED = [path for path in api_paths() if path not in OPEN_TO_ALL]


def test_the_protected_routes_are_known() -> None:
    assert PROTECTED == [
        "/api/auth/user",
        "/api/db/audit/<str:table>/<str:user>",
        "/api/db/check",
        "/api/db/close",
        "/api/db/create",
        "/api/db/drop",
        "/api/db/open",
        "/api/db/query",
        "/api/export/repository",
        "/api/logs",
        "/api/logs/details",
        "/api/rest",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROTECTED)
def test_a_call_without_token_is_refused(anonymous_client: APIClient, path: str) -> None:
    response = anonymous_client.get(path)
    assert (response.status_code, response.json()) == (
        401,
        {"status": "failed", "message": "Not authenticated"},
    )
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in api_paths() if path not in PAGES])
def test_another_method_is_refused(admin_client: APIClient, path: str) -> None:
    response = admin_client.patch(path)
    assert response.status_code == 405
    assert response.json() == {"detail": 'Method "PATCH" not allowed.'}


def test_an_unknown_path_is_told_in_json(anonymous_client: APIClient) -> None:
    response = anonymous_client.get("/api/nothing")
    assert (response.status_code, response.json()) == (404, {"detail": "Not Found"})


@pytest.mark.django_db
def test_every_answer_has_the_callers_request_id(anonymous_client: APIClient) -> None:
    assert anonymous_client.get("/api/db/check", HTTP_X_REQUEST_ID="abc-1").headers["X-Request-ID"] == "abc-1"
    made = anonymous_client.get("/api/db/check", HTTP_X_REQUEST_ID="a b\n").headers["X-Request-ID"]
    assert len(made) == 32


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused(admin_client: APIClient, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = admin_client.post(
        "/api/db/query?query=1", "[" + "1," * 200 + "1]", content_type="application/json"
    )
    assert (response.status_code, response.json()) == (
        413,
        {"status": "failed", "message": "The request body is too large."},
    )


@pytest.mark.django_db
def test_what_nobody_foresaw_says_nothing(admin_client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("apps.queries.views.select_rows", fail)
    response = admin_client.get("/api/db/query?query=1")
    assert response.status_code == 500
    assert (
        response.json()["message"] == f"Internal server error (request {response.headers['X-Request-ID']})."
    )
