"""POST /api/logs."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.framework.models import LogEntry

PATH = "/api/logs"
EVENT = {
    "transactionName": "query",
    "level": "error",
    "method": "GET",
    "url": "/api/db/query?query=7",
    "message": "It failed",
    "category": "API",
    "feature": "grid",
    "isException": True,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where the log files of a test are."""
    settings.LIBERTY_LOG_DIR = str(tmp_path / "logs")
    return tmp_path / "logs"


def post(client: APIClient, body: Any, **headers: str) -> Any:
    return client.post(PATH, body, format="json", **headers)  # type: ignore[arg-type]


def check_taken(response: Any) -> dict[str, Any]:
    """Return the members of the one entry that must have been stored."""
    assert (response.status_code, response.content) == (200, b"null")
    assert response["Content-Type"] == "application/json"
    members: dict[str, Any] = LogEntry.objects.get().members
    return members


def test_an_event_is_in_the_database_and_in_both_files(anonymous_client: APIClient, folder: Path) -> None:
    members = check_taken(post(anonymous_client, EVENT, HTTP_X_REQUEST_ID="abc-1"))
    expected = {"source": "client", "request_id": "abc-1", **EVENT}
    assert members == {"timestamp": members["timestamp"], **expected}
    assert json.loads((folder / "liberty.jsonl").read_text()) == members
    assert (folder / "liberty.log").read_text() == (
        f"{members['timestamp']} error client abc-1 GET /api/db/query?query=7 It failed"
        " transactionName=query category=API feature=grid isException=true\n"
    )


def test_an_expired_token_keeps_nobody_from_reporting_it(anonymous_client: APIClient) -> None:
    check_taken(post(anonymous_client, EVENT, HTTP_AUTHORIZATION="Bearer expired"))


def test_other_members_are_kept(anonymous_client: APIClient) -> None:
    extras = {"data": {"rows": [1, None, {"a": "é🙂"}]}, "large": 2**70}
    members = check_taken(post(anonymous_client, EVENT | extras))
    assert {name: members[name] for name in extras} == extras


def test_a_client_cannot_write_what_the_server_says(anonymous_client: APIClient) -> None:
    forged = {"timestamp": "1999", "id": 1, "source": "server", "request_id": "x"}
    members = check_taken(post(anonymous_client, EVENT | forged, HTTP_X_REQUEST_ID="abc-1"))
    assert (members["source"], members["request_id"]) == ("client", "abc-1")
    assert {f"posted_{name}": value for name, value in forged.items()}.items() <= members.items()


def test_secrets_are_masked_everywhere(anonymous_client: APIClient, folder: Path) -> None:
    event = EVENT | {
        "message": "Sign-in failed for ENC:t1:hunter2",
        "url": "/api/fmw/encrypt?plain_text=hunter2",
        "data": {"user": "ada", "password": "hunter2"},
        "body": '{"password": "hunter2"}',
    }
    members = check_taken(post(anonymous_client, event))
    written = "".join((folder / name).read_text() for name in ("liberty.jsonl", "liberty.log"))
    assert "hunter2" not in f"{members} {written}"
    assert members["data"] == {"user": "ada", "password": "***"}
    assert members["message"] == "Sign-in failed for ENC:***"


def test_texts_may_be_other_values(anonymous_client: APIClient) -> None:
    members = check_taken(post(anonymous_client, EVENT | {"message": {"code": 7}, "method": None}))
    assert (members["message"], members["method"]) == ('{"code":7}', "")


def test_an_event_is_one_line_whatever_is_in_it(anonymous_client: APIClient, folder: Path) -> None:
    message = "one\n2026-01-31 ERROR forged\r\x1b[2J\x85\u2028\0end"
    check_taken(post(anonymous_client, EVENT | {"message": message, "extra\nline": "a\nb"}))
    text = (folder / "liberty.log").read_text()
    assert text.splitlines() == [text.removesuffix("\n")]
    assert "\x1b" not in text
    assert len((folder / "liberty.jsonl").read_bytes().splitlines()) == 1


@pytest.mark.parametrize("name", list(EVENT))
def test_a_missing_member_is_named(anonymous_client: APIClient, name: str) -> None:
    response = post(anonymous_client, {key: value for key, value in EVENT.items() if key != name})
    fault = {"loc": ["body", name], "msg": "Field required", "type": "missing"}
    assert (response.status_code, response.json()) == (422, {"detail": [fault]})
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (None, [(["body", name], "missing") for name in EVENT]),
        ([EVENT], [(["body"], "dict_type")]),
        ("text", [(["body"], "dict_type")]),
        (EVENT | {"isException": "hunter2"}, [(["body", "isException"], "bool_type")]),
    ],
    ids=["none", "list", "text", "flag"],
)
def test_what_is_no_event_is_refused(
    anonymous_client: APIClient, body: Any, faults: list[tuple[list[str], str]]
) -> None:
    response = post(anonymous_client, body)
    found = [(fault["loc"], fault["type"]) for fault in response.json()["detail"]]
    assert (response.status_code, found) == (422, faults)


def test_a_large_event_is_refused(anonymous_client: APIClient, settings: Settings) -> None:
    settings.LIBERTY_LOG_MAX_BYTES = 1000
    response = post(anonymous_client, EVENT | {"data": "x" * 1000})
    expected = {"status": "failed", "message": "The request body is too large."}
    assert (response.status_code, response.json()) == (413, expected)


def test_too_many_events_are_refused(anonymous_client: APIClient, settings: Settings) -> None:
    settings.LIBERTY_LOG_RATE = "2/minute"
    assert [post(anonymous_client, EVENT).status_code for _ in range(3)] == [200, 200, 429]


def test_the_files_are_enough(
    anonymous_client: APIClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(LogEntry.objects, "bulk_create", fail)
    assert post(anonymous_client, EVENT).status_code == 200
    assert "It failed" in (folder / "liberty.jsonl").read_text()
    assert not LogEntry.objects.exists()


def test_the_database_is_enough(anonymous_client: APIClient, folder: Path) -> None:
    folder.write_text("no folder")
    assert check_taken(post(anonymous_client, EVENT))["message"] == "It failed"


def test_an_event_that_nothing_takes_is_refused(
    anonymous_client: APIClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("away")

    folder.write_text("no folder")
    monkeypatch.setattr(LogEntry.objects, "bulk_create", fail)
    response = post(anonymous_client, EVENT)
    expected = {"status": "failed", "message": "The log cannot be written now."}
    assert (response.status_code, response.json()) == (503, expected)
