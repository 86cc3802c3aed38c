"""The line that every request gets."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework import logs, request_log
from apps.framework.models import LogEntry
from tests.api.calls import query
from tests.definitions import define

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.LIBERTY_LOG_DIR = str(tmp_path)
    settings.LIBERTY_REQUEST_LOG = True
    return tmp_path


@pytest.fixture(autouse=True)
def writer(monkeypatch: pytest.MonkeyPatch) -> request_log.Writer:
    """A queue of its own that no thread empties: tests write what is in it themselves."""
    writer = request_log.Writer()
    monkeypatch.setattr(writer, "_start", lambda: None)
    monkeypatch.setattr(request_log, "writer", writer)
    for place in ("_files", "_database"):
        monkeypatch.setattr(logs, place, logs._Place(getattr(logs, place)._name))
    return writer


def written(writer: request_log.Writer) -> list[dict[str, Any]]:
    writer.flush()
    return [entry.members for entry in LogEntry.objects.order_by("id")]


def test_a_read_is_told_with_its_query_and_rows(
    admin_client: APIClient, writer: request_log.Writer, folder: Path
) -> None:
    define(1, "GET", "SELECT usr_id FROM ly_users", pool="default")
    query(admin_client, 1, pool="default", q={"USR_ID": {"=": "hunter2"}})
    (line,) = written(writer)
    assert line == {
        "timestamp": line["timestamp"],
        "source": "server",
        "request_id": line["request_id"],
        "level": "INFO",
        "method": "GET",
        "url": "/api/db/query",
        "message": "GET /api/db/query 200",
        "user": "default/admin",
        "pool": "default",
        "query": 1,
        "rows": 0,
        "duration_ms": line["duration_ms"],
        "status": 200,
    }
    assert line["duration_ms"] > 0
    assert json.loads((folder / "liberty.jsonl").read_text()) == line
    assert "hunter2" not in (folder / "liberty.log").read_text()


@pytest.mark.parametrize(
    ("path", "level", "status"),
    [
        ("/api/db/query?query=x&pool=ENC:hunter2", "WARNING", 401),
        ("/api/fmw/encrypt?plain_text=hunter2", "WARNING", 405),
        ("/api/nothing/?password=hunter2", "WARNING", 404),
        ("/api/fmw/modules", "INFO", 200),
    ],
)
def test_failures_are_told_and_arguments_are_not(
    anonymous_client: APIClient, writer: request_log.Writer, path: str, level: str, status: int
) -> None:
    anonymous_client.get(path, HTTP_X_REQUEST_ID="abc-1")
    (line,) = written(writer)
    assert (line["level"], line["status"], line["request_id"]) == (level, status, "abc-1")
    assert (line["user"], line["query"]) == (None, None)
    assert "hunter2" not in str(line)


def test_what_nobody_foresaw_is_an_error(
    admin_client: APIClient, writer: request_log.Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("apps.queries.views.select_rows", fail)
    admin_client.get("/api/db/query?query=1")
    (line,) = written(writer)
    assert (line["level"], line["status"]) == ("ERROR", 500)


def test_who_works_in_the_admin_site_is_told(client: Client, admin: User, writer: request_log.Writer) -> None:
    client.force_login(admin)
    client.get("/admin/")
    (line,) = written(writer)
    assert (line["user"], line["url"], line["status"]) == ("default/admin", "/admin/", 200)


def test_a_request_costs_no_statement_more(
    client: Client, admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(admin)
    client.get("/api/fmw/modules")
    with django_assert_num_queries(0):
        client.get("/api/fmw/modules")


def test_nothing_is_written_where_it_is_turned_off(
    anonymous_client: APIClient, writer: request_log.Writer, settings: Settings
) -> None:
    settings.LIBERTY_REQUEST_LOG = False
    anonymous_client.get("/api/fmw/modules")
    assert written(writer) == []


def test_a_full_queue_drops_lines_and_counts_them(
    anonymous_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "QUEUE_LENGTH", 2)
    writer = request_log.Writer()
    monkeypatch.setattr(writer, "_start", lambda: None)
    monkeypatch.setattr(request_log, "writer", writer)
    for _ in range(5):
        anonymous_client.get("/api/nothing")
    messages = [line["message"] for line in written(writer)]
    assert messages == ["GET /api/nothing 404"] * 2 + ["3 requests are missing here: the log was too slow"]


def test_a_thread_writes_what_is_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[Any] = []
    done = threading.Event()

    def keep(entries: list[Any]) -> None:
        stored.extend(entries)
        if len(stored) == 2:
            done.set()

    monkeypatch.setattr(request_log, "store", keep)
    monkeypatch.setattr(request_log, "COLLECT_S", 0)
    writer = request_log.Writer()
    for number in range(2):
        writer.put({"time": datetime.now(UTC), "request_id": "r", "number": number})
    assert done.wait(10)
    assert [entry["number"] for entry in stored] == [0, 1]


def test_a_database_that_is_away_loses_nothing_in_the_files(
    anonymous_client: APIClient, writer: request_log.Writer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("away")

    anonymous_client.get("/api/nothing")
    monkeypatch.setattr(LogEntry.objects, "bulk_create", fail)
    assert written(writer) == []
    assert "GET /api/nothing 404" in (folder / "liberty.log").read_text()


def test_a_log_without_its_table_is_told_once_until_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    """So it is after a downgrade, for every batch of requests."""
    entry = logs._entry(LogEntry.SERVER, "r", {"level": "x", "url": "", "message": ""})
    failed = (
        "log entries cannot be written to the framework database; not told again until they can",
        True,
    )
    works = ("log entries are written to the framework database again", False)

    def store_without_table() -> list[int]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE liberty_log")
            places = [logs.store([entry]) for _ in range(3)]
            transaction.set_rollback(True)
        return places

    assert store_without_table() == [1, 1, 1]
    assert [logs.store([entry]) for _ in range(2)] == [2, 2]
    assert store_without_table() == [1, 1, 1]
    assert logs.store([entry]) == 2
    told = [(record.getMessage(), bool(record.exc_info)) for record in caplog.records]
    assert told == [failed, works, failed, works]


def test_files_that_cannot_be_written_are_told_once(
    folder: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    entry = logs._entry(LogEntry.SERVER, "r", {"level": "x", "url": "", "message": ""})
    (folder / "file").touch()
    settings.LIBERTY_LOG_DIR = str(folder / "file")
    assert [logs.store([entry]) for _ in range(3)] == [1, 1, 1]
    settings.LIBERTY_LOG_DIR = str(folder)
    assert logs.store([entry]) == 2
    assert [record.getMessage() for record in caplog.records] == [
        "log entries cannot be written to the files of this node; not told again until they can",
        "log entries are written to the files of this node again",
    ]


# Keeping the table small


def test_the_newest_rows_of_each_source_are_kept(settings: Settings) -> None:
    settings.LIBERTY_LOG_KEEP_ROWS = 2
    members = {"level": "x", "url": "", "message": ""}
    for source, count in ((LogEntry.CLIENT, 2), (LogEntry.SERVER, 5)):
        logs.store([logs._entry(source, str(number), members) for number in range(count)])
    logs.prune()
    kept = [(entry.source, entry.members["request_id"]) for entry in LogEntry.objects.order_by("id")]
    assert kept == [("client", "0"), ("client", "1"), ("server", "3"), ("server", "4")]


def test_old_rows_go_by_themselves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIBERTY_LOG_KEEP_ROWS = 2
    monkeypatch.setattr(logs, "PRUNE_EVERY", 10)
    monkeypatch.setattr(logs, "_since_pruned", 0)
    members = {"level": "x", "url": "", "message": ""}
    for _ in range(10):
        logs.store([logs._entry(LogEntry.CLIENT, "r", members)])
    assert LogEntry.objects.count() == 2
