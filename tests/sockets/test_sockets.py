"""The Socket.IO channel through the production server: two workers, one port, real WebSockets."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
from socketio.exceptions import ConnectionError as Refused

from tests.live_site import LiveSite, live_site_in

RECORD = "APPS|1|QRY|2|admin"
EXPIRY_S = 2


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    variables = {"LIBERTY_SOCKETS": "true", "LIBERTY_SOCKET_EXPIRY_S": str(EXPIRY_S), "WORKERS": "2"}
    with live_site_in(tmp_path_factory.mktemp("sockets"), **variables) as site:
        yield site


def sign_in(site: LiveSite, user: str, password: str) -> tuple[str, str]:
    """Return the token, and the cookie as a browser sends it to /socket.io/."""
    body = {"user": user, "password": password}
    response = requests.post(f"{site.url}/api/auth/token", json=body, timeout=20)
    token: str = response.json()["access_token"]
    cookie = response.headers["Set-Cookie"]
    assert "Path=/socket.io/" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return token, cookie.partition(";")[0]


@pytest.fixture(scope="module")
def demo(site: LiveSite) -> str:
    return sign_in(site, "demo", "demo")[1]


@pytest.fixture(scope="module")
def admin(site: LiveSite) -> tuple[str, str]:
    return sign_in(site, "admin", site.admin_password)


@contextmanager
def connected(site: LiveSite, cookie: str = "", *, user: str = "demo", **headers: str) -> Iterator[Any]:
    client = socketio.Client(reconnection=False)
    sent = {**headers, "Cookie": cookie} if cookie else headers
    try:
        client.connect(site.url, headers=sent, auth={"user": user, "app": 1}, transports=["websocket"])
        yield client
    finally:
        client.disconnect()


def reserve(client: Any, record: Any = RECORD) -> dict[str, Any]:
    answer: dict[str, Any] = client.call("reserve", record, timeout=20)
    return answer


def ok(record: str = RECORD) -> dict[str, str]:
    return {"status": "OK", "record": record}


def ko(record: str = RECORD) -> dict[str, str]:
    return {"status": "KO", "record": record}


def becomes(expected: Any, ask: Callable[[], Any]) -> None:
    """Ask until the answer is `expected`: what another process does takes a moment."""
    deadline = time.monotonic() + 30
    while (found := ask()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == expected


def listed(site: LiveSite, token: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = get(site, "/socket/applications", token).json()["items"]
    return items


def get(site: LiveSite, path: str, token: str = "", **headers: str) -> requests.Response:
    signed_in = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{site.url}{path}", headers={**signed_in, **headers}, timeout=20)


def test_a_record_is_reserved_and_released(site: LiveSite, demo: str, admin: tuple[str, str]) -> None:
    with connected(site, demo) as first, connected(site, admin[1], user="admin") as second:
        assert reserve(first) == ok()
        assert reserve(first) == ok()
        assert reserve(second) == ko()
        assert [(item["USR_ID"], item["APPS_ID"], item["RECORDS"]) for item in listed(site, admin[0])] == [
            ("demo", 1, [RECORD]),
            ("admin", 1, []),
        ]
        assert first.call("release", RECORD) is None
        assert reserve(second) == ok()
        assert reserve(first) == ko()
    becomes([], lambda: listed(site, admin[0]))


def test_a_client_that_leaves_frees_its_records(site: LiveSite, demo: str, admin: tuple[str, str]) -> None:
    with connected(site, admin[1], user="admin") as second:
        with connected(site, demo) as first:
            assert reserve(first) == ok()
        becomes(ok(), lambda: reserve(second))


def test_a_record_is_kept_longer_than_a_dead_process_would(
    site: LiveSite, demo: str, admin: tuple[str, str]
) -> None:
    with connected(site, demo) as first, connected(site, admin[1], user="admin") as second:
        assert reserve(first) == ok()
        time.sleep(EXPIRY_S * 1.5)
        assert reserve(second) == ko()


def test_a_worker_that_is_killed_frees_its_records(site: LiveSite, demo: str, admin: tuple[str, str]) -> None:
    """Which worker holds a connection shows when its sockets are looked for."""
    with connected(site, demo) as first:
        assert reserve(first) == ok()
        port = first.eio.ws.sock.getsockname()[1]
        os.kill(worker_behind(port), signal.SIGKILL)
        becomes(False, lambda: first.connected)
        with connected(site, admin[1], user="admin") as second:
            becomes(ok(), lambda: reserve(second))


def worker_behind(client_port: int) -> int:
    """Return the process that holds the server's end of a connection."""
    connections = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    (inode,) = {found[9] for found in connections if int(found[2].partition(":")[2], 16) == client_port}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # a process that has just ended, or one of another account
            if os.readlink(descriptor) == f"socket:[{inode}]":
                return int(descriptor.parts[2])
    raise AssertionError(f"nobody holds the connection of port {client_port}")


def test_events_are_handled_in_the_order_in_which_they_come(
    site: LiveSite, demo: str, admin: tuple[str, str]
) -> None:
    records = [f"APPS|1|QRY|2|{number}" for number in range(60)]
    with connected(site, demo) as first, connected(site, admin[1], user="admin") as second:
        for record in records:
            first.emit("reserve", record)
            first.emit("release", record)
        assert reserve(first, "the last") == ok("the last")
        assert [reserve(second, record)["status"] for record in records] == ["OK"] * len(records)


def test_what_is_no_event_neither_breaks_the_connection_nor_fills_the_log(site: LiveSite, demo: str) -> None:
    logged = len(site.log.read_text())
    with connected(site, demo) as client:
        for text in ("49", "4x", "42{", "42" + "[" * 5000):
            client.eio.ws.send(text)
        assert client.call("reserve", (RECORD, "more"), timeout=20) == ok()
    assert site.log.read_text()[logged:] == ""


@pytest.mark.parametrize("record", [None, 7, "", ["x"], "x" * 501])
def test_what_is_no_record_is_refused(site: LiveSite, demo: str, record: Any) -> None:
    with connected(site, demo) as client:
        assert reserve(client, record) == {"status": "KO", "record": record}
        assert client.call("release", record) is None


@pytest.mark.parametrize(
    ("cookie", "user", "headers"),
    [
        ("", "demo", {}),
        ("liberty_socket=forged", "demo", {}),
        ("sessionid=x; liberty_socket=", "demo", {}),
        ("demo's", "admin", {}),
        ("demo's", "demo", {"Origin": "http://elsewhere.example"}),
    ],
    ids=["no cookie", "a forged one", "an empty one", "another user", "another origin"],
)
def test_nobody_comes_in_without_proof(
    site: LiveSite, demo: str, cookie: str, user: str, headers: dict[str, str]
) -> None:
    sent = demo if cookie == "demo's" else cookie
    with pytest.raises(Refused), connected(site, sent, user=user, **headers):
        pass


def test_the_pass_opens_nothing_else(site: LiveSite, demo: str) -> None:
    assert get(site, "/api/auth/user", demo.partition("=")[2], Cookie=demo).status_code == 401


def test_polling_is_not_offered(site: LiveSite, demo: str) -> None:
    assert get(site, "/socket.io/?EIO=4&transport=polling", Cookie=demo).status_code == 400


def test_pages_and_calls_are_served_on_the_same_port(site: LiveSite, admin: tuple[str, str]) -> None:
    assert "Liberty API" in get(site, "/api").text
    page = get(site, '/api/db/query?query=9001&limit=2&q={"CUS_COUNTRY":{"=":"FR"}}', admin[0])
    assert (page.status_code, page.json()["count"]) == (200, 2)
