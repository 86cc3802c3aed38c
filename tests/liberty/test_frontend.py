"""LIBERTY_FRONTEND_DIR: a folder of files at `/`."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from liberty import frontend
from liberty.checks import frontend_is_there

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
INDEX = "<!DOCTYPE html><title>Front end</title>"
NO_CACHE, KEPT, FOREVER = "no-cache", "max-age=300, public", "max-age=315360000, public, immutable"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A front end as a bundler writes it."""
    folder = tmp_path / "frontend"
    files = {
        "index.html": INDEX,
        "assets/index-AOYxEDdx.js": "let a = 1",
        "assets/index-AOYxEDdx.js.map": "{}",
        "assets/main.3f2a9c1b.css": "a {}",
        "assets/background-pictures.jpg": "jpg",
        "assets/logo_ly-HGj2PB94.svg": "<svg/>",
        "plain.txt": "text",
        ".env": "SECRET=1",
        ".git/config": "secret",
        "api/fmw/modules": "not the API",
        "help/index.html": "help",
        "old/PAGE.HTM": "page",
        "old/page.xhtml": "<html/>",
        "old/data.XML": "<x/>",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "broken").symlink_to(tmp_path / "nowhere")
    (folder / "inside.txt").symlink_to(folder / "plain.txt")
    settings.LIBERTY_FRONTEND_DIR = str(folder)
    return folder


def body(response: Any) -> str:
    """Read what is sent, once; at its end the file behind it is closed."""
    content: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def get(path: str, accept: str = "*/*", **headers: str) -> Any:
    return Client().get(path, headers={"Accept": accept, **headers})


def header(name: str, path: str) -> str:
    response = get(path)
    body(response)
    value: str = response[name]
    return value


def test_the_first_page_has_every_header(folder: Path) -> None:
    response = get("/", BROWSER)
    assert (response.status_code, body(response)) == (200, INDEX)
    headers = {name: response.headers[name] for name in response.headers}
    for name in ("ETag", "Last-Modified", "X-Request-ID"):
        assert headers.pop(name)
    assert headers == {
        "Content-Type": 'text/html; charset="utf-8"',
        "Content-Length": str(len(INDEX)),
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; frame-src 'self' blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    }


@pytest.mark.parametrize(
    ("path", "text", "kind", "cache"),
    [
        ("/assets/index-AOYxEDdx.js", "let a = 1", 'text/javascript; charset="utf-8"', FOREVER),
        ("/assets/index-AOYxEDdx.js.map", "{}", "application/json", FOREVER),
        ("/assets/main.3f2a9c1b.css", "a {}", 'text/css; charset="utf-8"', FOREVER),
        ("/assets/logo_ly-HGj2PB94.svg", "<svg/>", "image/svg+xml", FOREVER),
        ("/assets/background-pictures.jpg", "jpg", "image/jpeg", KEPT),
        ("/plain.txt", "text", 'text/plain; charset="utf-8"', KEPT),
        ("/inside.txt", "text", 'text/plain; charset="utf-8"', KEPT),
        ("/help/", "help", 'text/html; charset="utf-8"', NO_CACHE),
    ],
)
def test_a_file_is_served_with_its_type_and_life(
    folder: Path, path: str, text: str, kind: str, cache: str
) -> None:
    response = get(path)
    found = (response.status_code, body(response), response["Content-Type"], response["Cache-Control"])
    assert found == (200, text, kind, cache)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_known_file_is_not_sent_again(folder: Path) -> None:
    response = get("/", **{"If-None-Match": header("ETag", "/")})
    assert (response.status_code, body(response)) == (304, "")


def test_the_head_of_a_file(folder: Path) -> None:
    response = Client().head("/plain.txt")
    assert (response.status_code, response["Content-Length"], body(response)) == (200, "4", "")


@pytest.mark.parametrize(
    ("path", "has_policy"),
    [
        ("/help/", True),
        ("/old/PAGE.HTM", True),
        ("/old/page.xhtml", True),
        ("/old/data.XML", True),
        ("/assets/logo_ly-HGj2PB94.svg", True),
        ("/plain.txt", False),
        ("/assets/index-AOYxEDdx.js", False),
    ],
)
def test_whatever_a_browser_runs_scripts_in_has_the_policy(folder: Path, path: str, has_policy: bool) -> None:
    response = get(path)
    body(response)
    assert (response.status_code, "Content-Security-Policy" in response) == (200, has_policy)


@pytest.mark.parametrize(
    "path", ["/orders/12", "/orders", "/assets/gone", "/assets/", "/%2e%2e/x", "/apiary"]
)
def test_a_page_of_the_front_end_is_its_index(folder: Path, path: str) -> None:
    response = get(path, BROWSER)
    assert (response.status_code, body(response), response["Cache-Control"]) == (200, INDEX, "no-cache")
    assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/orders/12",
        "/assets/index-gone.js",
        "/assets/",
        "/.env",
        "/.git/config",
        "/link.txt",
        "/up/outside.txt",
        "/broken",
        "/../outside.txt",
        "/..%2foutside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/%00",
    ],
)
def test_what_is_no_file_of_the_folder_is_unknown(folder: Path, path: str) -> None:
    response = get(path)
    assert (response.status_code, body(response)) == (404, '{"detail":"Not Found"}')


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/static/x", "/socket.io/", "/setup/x", "/health/x", "/oidc/x"]
)
def test_addresses_of_the_server_stay_its_own(folder: Path, path: str) -> None:
    response = get(path, BROWSER)
    assert (response.status_code, body(response)) == (404, '{"detail":"Not Found"}')


@pytest.mark.django_db
def test_a_file_does_not_hide_a_route(folder: Path) -> None:
    assert get("/health").json() == {"status": "success", "message": "alive"}
    assert get("/api/fmw/modules").json()["status"] == "success"
    assert get("/admin", BROWSER)["Location"] == "/admin/"


def test_nothing_can_be_sent_to_it(folder: Path) -> None:
    assert Client().post("/orders", HTTP_ACCEPT=BROWSER).status_code == 404
    assert Client(enforce_csrf_checks=True).post("/orders").status_code == 404
    assert Client().post("/plain.txt").status_code == 405


def test_the_policy_can_be_changed(folder: Path, settings: Settings) -> None:
    settings.LIBERTY_FRONTEND_CSP = "default-src 'self'"
    assert header("Content-Security-Policy", "/") == "default-src 'self'"


def test_without_a_front_end_everything_is_as_it_was(client: Client) -> None:
    response = client.get("/", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["Location"]) == (302, "/api")
    assert client.get("/orders", headers={"Accept": BROWSER}).json() == {"detail": "Not Found"}


def test_a_folder_without_index_is_told_at_start(settings: Settings, tmp_path: Path) -> None:
    settings.LIBERTY_FRONTEND_DIR = str(tmp_path)
    message = f"LIBERTY_FRONTEND_DIR: there is no index.html in `{tmp_path}`"
    with pytest.raises(ImproperlyConfigured, match=r"there is no index\.html"):
        frontend.require_frontend()
    assert [(found.id, found.msg) for found in frontend_is_there(None)] == [("liberty.E020", message)]


def test_a_front_end_passes_the_check(folder: Path) -> None:
    assert frontend_is_there(None) == []


def test_a_folder_that_is_named_by_a_link_is_served(folder: Path, settings: Settings) -> None:
    link = folder.parent / "current"
    os.symlink(folder, link)
    settings.LIBERTY_FRONTEND_DIR = str(link)
    assert body(get("/")) == INDEX
