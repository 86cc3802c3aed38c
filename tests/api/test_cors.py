"""LIBERTY_CORS_ORIGINS: calls of pages that another origin has."""

import os
import subprocess
import sys
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from liberty.settings.env import BASE_DIR

PAGE, OTHER = "https://pages.example", "https://evil.example"
PREFLIGHT: dict[str, Any] = {
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "authorization,content-type",
}


@pytest.fixture
def one_origin(settings: Settings) -> None:
    middleware = list(settings.MIDDLEWARE)
    middleware.insert(2, "corsheaders.middleware.CorsMiddleware")
    settings.MIDDLEWARE = middleware
    settings.CORS_ALLOWED_ORIGINS = [PAGE]


def cors_headers(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower().startswith("access-control")}


def test_the_listed_origin_may_ask(one_origin: None) -> None:
    response = APIClient().options("/api/db/query", HTTP_ORIGIN=PAGE, **PREFLIGHT)
    assert (response.status_code, response.content) == (200, b"")
    assert cors_headers(response) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "X-Request-ID, Retry-After, WWW-Authenticate",
        "access-control-allow-headers": "accept, authorization, content-type, user-agent, x-csrftoken, "
        "x-requested-with, x-request-id",
        "access-control-allow-methods": "DELETE, GET, OPTIONS, PATCH, POST, PUT",
        "access-control-max-age": "3600",
    }
    assert response["X-Request-ID"]


@pytest.mark.django_db
def test_the_listed_origin_may_read_what_comes_back(one_origin: None, admin_client: APIClient) -> None:
    response = admin_client.get("/api/db/query", HTTP_ORIGIN=PAGE)
    assert response.status_code == 422
    assert cors_headers(response)["access-control-allow-origin"] == PAGE
    assert "origin" in response["Vary"].lower()


@pytest.mark.parametrize(
    "origin", [OTHER, "null", "https://pages.example.evil.example", "http://pages.example"]
)
def test_another_origin_may_not(one_origin: None, origin: str) -> None:
    preflight = APIClient().options("/api/db/query", HTTP_ORIGIN=origin, **PREFLIGHT)
    assert cors_headers(preflight) == {}
    assert cors_headers(APIClient().get("/api/db/query", HTTP_ORIGIN=origin)) == {}


@pytest.mark.parametrize("path", ["/admin/", "/", "/apiary"])
def test_only_the_api_can_be_asked(one_origin: None, path: str) -> None:
    assert cors_headers(APIClient().get(path, HTTP_ORIGIN=PAGE)) == {}


def test_without_origins_nobody_may(settings: Settings) -> None:
    assert "corsheaders.middleware.CorsMiddleware" not in settings.MIDDLEWARE
    assert cors_headers(APIClient().options("/api/db/query", HTTP_ORIGIN=PAGE, **PREFLIGHT)) == {}


def settings_with(origins: str) -> subprocess.CompletedProcess[str]:
    """Run the system checks with LIBERTY_CORS_ORIGINS set, in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "security"],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "liberty.settings.test", "LIBERTY_CORS_ORIGINS": origins},
        capture_output=True,
        text=True,
    )


def test_the_setting_takes_origins_and_nothing_else() -> None:
    assert settings_with(f"{PAGE},http://localhost:3000").returncode == 0
    refused = settings_with("*")
    assert refused.returncode == 1
    assert "corsheaders.E013" in refused.stderr
