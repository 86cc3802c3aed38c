"""The page of the servers' log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.framework import logs
from apps.framework.models import LogEntry

LIST = "/admin/framework/logentry/"
START = datetime(2026, 1, 31, 10, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.LIBERTY_LOG_DIR = str(tmp_path)


def entry(number: int, **members: Any) -> int:
    """Store an entry of `number` minutes after START, and return its id."""
    base = {"level": "INFO", "method": "GET", "url": "/api/x", "message": f"message {number}"}
    stored = logs.request_entry(base | members, request_id="r", time=START + timedelta(minutes=number))
    logs.store([stored])
    return LogEntry.objects.latest("id").pk


def shown(site: Client, query: str = "") -> list[str]:
    return [item["message"] for item in site.get(f"{LIST}?{query}").context["found"].entries]


def test_entries_are_listed_and_filtered(auditor_site: Client) -> None:
    for number in range(4):
        entry(number)
    entry(4, level="error", url="/api/y")
    assert shown(auditor_site) == [f"message {number}" for number in (4, 3, 2, 1, 0)]
    assert shown(auditor_site, "level=ERROR") == ["message 4"]
    assert shown(auditor_site, "text=/y") == ["message 4"]
    assert shown(auditor_site, "from=2026-01-31T10:01&to=2026-01-31T10:02") == ["message 2", "message 1"]
    assert shown(auditor_site, "limit=2&page=2") == ["message 2", "message 1"]
    page = auditor_site.get(f"{LIST}?limit=2&page=2").content.decode()
    assert 'href="?limit=2&amp;page=1">Newer' in page
    assert 'href="?limit=2&amp;page=3">Older' in page


def test_nothing_is_told_apart_from_nothing_found(site: Client) -> None:
    assert "There are no entries." in site.get(LIST).content.decode()
    assert "No entry matches." in site.get(f"{LIST}?text=x").content.decode()


def test_a_wrong_argument_is_told_on_the_page(site: Client) -> None:
    response = site.get(f"{LIST}?from=yesterday&to=2026-13-01")
    assert response.status_code == 200
    assert response.content.decode().count('class="errornote"') == 1
    assert "from: Input should be a valid date or time" in response.content.decode()


def test_everything_is_escaped(site: Client) -> None:
    number = entry(1, **dict.fromkeys(("level", "method", "url", "user", "message", SCRIPT), SCRIPT))
    for path in (LIST, f"{LIST}?text={SCRIPT}", f"{LIST}{number}/change/"):
        content = site.get(path).content.decode().partition('id="content-main"')[2]
        assert SCRIPT not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


def test_the_details_are_the_whole_entry(site: Client) -> None:
    number = entry(1, data={"a": [1, None]})
    members = site.get(f"{LIST}{number}/change/").context["members"]
    assert members["message"] == "message 1"
    assert members["data"] == '{\n  "a": [\n    1,\n    null\n  ]\n}'


@pytest.mark.parametrize("number", ["999", "x", "99999999999999999999"])
def test_an_unknown_entry_is_told(site: Client, number: str) -> None:
    assert site.get(f"{LIST}{number}/change/").status_code == 404


def test_local_files_are_marked(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(wanted: object) -> None:
        raise OperationalError("away")

    entry(1)
    monkeypatch.setattr(logs, "_matching", away)
    page = site.get(LIST).content.decode()
    assert "The framework database does not answer." in page
    assert "message 1" in page


@pytest.mark.parametrize("path", ["add/", "{}/delete/"])
def test_nobody_writes(site: Client, path: str) -> None:
    number = entry(1)
    assert site.post(f"{LIST}{path.format(number)}", {"post": "yes"}).status_code == 403
    assert LogEntry.objects.filter(pk=number).exists()


def test_others_do_not_get_in(client: Client, reader: User) -> None:
    number = entry(1)
    client.force_login(reader)
    assert [client.get(path).status_code for path in (LIST, f"{LIST}{number}/change/")] == [302, 302]
