"""GET /api/logs and GET /api/logs/details."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework import logs
from apps.framework.models import LogEntry

PATH, DETAILS = "/api/logs", "/api/logs/details"
START = datetime(2026, 1, 31, 10, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.LIBERTY_LOG_DIR = str(tmp_path)


def entry(number: int, **members: Any) -> dict[str, Any]:
    """Store an entry of `number` minutes after START, and return it as it is shown."""
    base = {"level": "INFO", "method": "GET", "url": "/api/x", "message": f"message {number}"}
    stored = logs.request_entry(base | members, request_id="r", time=START + timedelta(minutes=number))
    assert logs.store([stored]) == 2
    return {"timestamp": stored["timestamp"], "id": LogEntry.objects.latest("id").pk, **stored}


def listed(client: APIClient, **arguments: str) -> list[dict[str, Any]]:
    response = client.get(PATH, arguments)
    assert response.status_code == 200, response.content
    entries: list[dict[str, Any]] = response.json()
    return entries


def numbers(client: APIClient, **arguments: str) -> list[int]:
    """Return the numbers of the entries that are listed, as `entry` was called with them."""
    return [int(item["message"].split()[-1]) for item in listed(client, **arguments)]


def test_before_the_first_entry_the_list_is_empty(admin_client: APIClient) -> None:
    assert listed(admin_client) == []


def test_the_list_is_bare_and_the_newest_comes_first(admin_client: APIClient) -> None:
    first, second = entry(1), entry(2, status=500, user=None)
    assert listed(admin_client) == [second, first]
    assert list(listed(admin_client)[0])[:2] == ["timestamp", "id"]


def test_pages(admin_client: APIClient) -> None:
    for number in range(5):
        entry(number)
    assert numbers(admin_client, limit="2") == [4, 3]
    assert numbers(admin_client, limit="2", page="3") == [0]
    assert numbers(admin_client, limit="2", page="4") == []


def test_a_page_has_fifty_entries(admin_client: APIClient) -> None:
    logs.store(
        [logs.request_entry({"level": "x", "url": "", "message": ""}, request_id="r", time=START)] * 51
    )
    assert [len(listed(admin_client, page=page)) for page in ("1", "2")] == [50, 1]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"level": "error"}, [2]),
        ({"level": "ERROR"}, [2]),
        ({"level": "nothing"}, []),
        ({"text": "MESSAGE 1"}, [1]),
        ({"text": "customers"}, [3]),
        ({"text": "100%"}, [4]),
        ({"text": "' OR 1=1"}, []),
        ({"from": "2026-01-31T10:03:00Z"}, [4, 3]),
        ({"from": "2026-01-31T11:03:00+01:00"}, [4, 3]),
        ({"from": "2026-01-31T11:03:00 01:00"}, [4, 3]),
        ({"from": "2026-01-31 10:03"}, [4, 3]),
        ({"to": "2026-01-31T10:02:00"}, [2, 1]),
        ({"to": "2026-01-31"}, [4, 3, 2, 1]),
        ({"to": "2026-01-30"}, []),
        ({"to": "9999-12-31"}, [4, 3, 2, 1]),
        ({"from": "2026-01-31T10:02", "to": "2026-01-31T10:03", "level": "info"}, [3]),
        ({"filter_key": "status", "filter_value": "500"}, [2]),
        ({"filter_key": "flag", "filter_value": "True"}, [3]),
        ({"filter_key": "odd 'key__in", "filter_value": "é"}, [4]),
        ({"filter_key": "level", "filter_value": "INFO"}, [4, 3, 1]),
        ({"filter_key": "status", "filter_value": "501"}, []),
        ({"filter_key": "nothing", "filter_value": "x"}, []),
        ({"filter_key": "", "filter_value": "x"}, [4, 3, 2, 1]),
    ],
    ids=str,
)
def test_filters(admin_client: APIClient, arguments: dict[str, str], expected: list[int]) -> None:
    entry(1)
    entry(2, level="error", status=500)
    entry(3, url="/api/Customers", flag=True)
    entry(4, message="100% 4", **{"odd 'key__in": "é"})
    assert numbers(admin_client, **arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"format": "xml"}, ("format", "enum")),
        ({"page": "0"}, ("page", "greater_than_equal")),
        ({"limit": "1001"}, ("limit", "less_than_equal")),
        ({"from": "yesterday"}, ("from", "datetime_parsing")),
        ({"to": "2026-13-01"}, ("to", "datetime_parsing")),
        ({"text": "a\0b"}, ("text", "string_unicode")),
    ],
)
def test_arguments_that_mean_nothing_are_refused(
    admin_client: APIClient, arguments: dict[str, str], fault: tuple[str, str]
) -> None:
    response = admin_client.get(PATH, arguments)
    (found,) = response.json()["detail"]
    assert (response.status_code, found["loc"], found["type"]) == (422, ["query", fault[0]], fault[1])


def test_the_last_page_of_all_is_empty(admin_client: APIClient) -> None:
    assert listed(admin_client, page=str(2**31 - 1), limit="1000") == []


# As a page


def test_the_page_escapes_everything(admin_client: APIClient) -> None:
    members = dict.fromkeys(("level", "method", "url", "user", "message"), SCRIPT)
    shown = entry(1, **members)
    arguments = dict.fromkeys(("text", "filter_key", "filter_value"), "")
    response = admin_client.get(PATH, {"format": "html", **arguments})
    html = response.content.decode()
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == len(members)
    assert f'<a href="{DETAILS}?id={shown["id"]}">' in html


def test_the_page_escapes_what_was_asked_for(admin_client: APIClient) -> None:
    for number in range(3):
        entry(number, message=f'"><b> {number}')
    response = admin_client.get(PATH, {"format": "html", "text": '"><b>', "limit": "1", "page": "2"})
    html = response.content.decode()
    assert "<b>" not in html
    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert "?format=html&amp;text=%22%3E%3Cb%3E&amp;limit=1&amp;page=1" in html
    assert "?format=html&amp;text=%22%3E%3Cb%3E&amp;limit=1&amp;page=3" in html


def test_a_page_without_entries_says_so(admin_client: APIClient) -> None:
    assert b"No entries." in admin_client.get(PATH, {"format": "html"}).content


@pytest.mark.parametrize("path", [PATH, f"{PATH}?format=html"])
def test_a_browser_that_is_signed_in_to_the_admin_site_reads(client: Client, admin: User, path: str) -> None:
    client.force_login(admin)
    assert client.get(path).status_code == 200


def test_a_browser_of_somebody_else_does_not(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert client.get(PATH).status_code == 401


# Details


def test_details_are_the_whole_entry(admin_client: APIClient) -> None:
    entry(1)
    wanted = entry(2, data={"a": [1, None]})
    response = admin_client.get(DETAILS, {"id": str(wanted["id"])})
    assert (response.status_code, response.json()) == (200, wanted)


@pytest.mark.parametrize("arguments", [{}, {"id": ""}, {"id": "999999"}, {"id": str(2**63 - 1)}])
def test_an_unknown_entry_is_told(admin_client: APIClient, arguments: dict[str, str]) -> None:
    response = admin_client.get(DETAILS, arguments)
    expected = {"status": "failed", "message": "Log entry not found"}
    assert (response.status_code, response.json()) == (404, expected)


@pytest.mark.parametrize("number", ["abc", "-1", "1.5", "²", "1" * 30, str(2**63), "1 OR 1=1"])
def test_an_id_that_is_no_number_is_refused(admin_client: APIClient, number: str) -> None:
    response = admin_client.get(DETAILS, {"id": number})
    expected = {"status": "failed", "message": "Invalid log ID provided"}
    assert (response.status_code, response.json()) == (400, expected)


@pytest.mark.parametrize("path", [PATH, f"{PATH}?format=html", f"{DETAILS}?id=1"])
def test_who_is_no_administrator_is_refused(reader_client: APIClient, path: str) -> None:
    response = reader_client.get(path)
    message = "This needs an administrator of the default catalogue."
    assert (response.status_code, response.json()) == (403, {"status": "failed", "message": message})


# While the framework database is away


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of the log does not answer; who is calling is still remembered."""

    def away(wanted: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(logs, "_matching", away)


def test_the_answer_says_where_it_comes_from(admin_client: APIClient) -> None:
    assert admin_client.get(PATH)["X-Log-Source"] == "database"


@pytest.mark.usefixtures("no_database")
def test_the_files_of_this_node_are_read_instead(admin_client: APIClient, settings: Settings) -> None:
    settings.LIBERTY_LOG_FILE_BYTES = 300  # two entries: the others are in older files
    stored = [entry(number) for number in range(5)]
    expected = [{**item, "id": None} for item in reversed(stored)]
    response = admin_client.get(PATH)
    assert (response.status_code, response["X-Log-Source"], response.json()) == (200, "local-files", expected)
    assert admin_client.get(PATH, {"limit": "2", "page": "2"}).json() == expected[2:4]
    assert admin_client.get(PATH, {"limit": "2", "page": "3"}).json() == expected[4:]


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"level": "error"}, [2]),
        ({"text": "MESSAGE 1"}, [1]),
        ({"text": "customers"}, [3]),
        ({"from": "2026-01-31T10:03:00Z"}, [4, 3]),
        ({"to": "2026-01-31T10:02:00"}, [2, 1]),
        ({"filter_key": "status", "filter_value": "500"}, [2]),
        ({"filter_key": "flag", "filter_value": "True"}, [3]),
        ({"filter_key": "nothing", "filter_value": "x"}, []),
    ],
    ids=str,
)
def test_the_files_are_filtered_alike(
    admin_client: APIClient, arguments: dict[str, str], expected: list[int]
) -> None:
    entry(1)
    entry(2, level="error", status=500)
    entry(3, url="/api/Customers", flag=True)
    entry(4)
    assert numbers(admin_client, **arguments) == expected


@pytest.mark.usefixtures("no_database")
def test_the_page_says_that_it_shows_files(admin_client: APIClient, tmp_path: Path) -> None:
    entry(1)
    with (tmp_path / "liberty.jsonl").open("ab") as file:
        file.write(b'{"cut\n[1]\n{"timestamp": "x"}\n')
    html = admin_client.get(PATH, {"format": "html"}).content.decode()
    assert "These are the entries in the files of this server." in html
    assert html.count("<tr><td></td>") == 1


@pytest.mark.usefixtures("no_database")
def test_without_files_the_list_is_empty(admin_client: APIClient) -> None:
    assert listed(admin_client) == []
