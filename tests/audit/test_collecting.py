"""From the pools to the framework database, and what the commands show of it."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from apps.audit import collecting
from apps.audit.management.commands.audit_log import NOTHING_FOUND
from apps.audit.marks import audited_tables
from apps.audit.models import AuditEntry
from apps.audit.selectors import entries, side_by_side
from tests.api.calls import write
from tests.audit.marks import mark
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(any_pool: ExternalPool, admin_client: APIClient) -> ExternalPool:
    """A table whose row 1 was made, changed and deleted, and whose row 2 was made."""
    any_pool.execute(
        "CREATE TABLE things (id integer NOT NULL PRIMARY KEY, name varchar(9), price decimal(9, 2))"
    )
    mark(any_pool.name, "things")
    define(1, "POST", "INSERT INTO things VALUES (:ID, :NAME, 1.5)", pool=any_pool.name)
    define(1, "PUT", "UPDATE things SET name = :NAME WHERE id = :ID", pool=any_pool.name)
    define(1, "DELETE", "DELETE FROM things WHERE id = :ID", pool=any_pool.name)
    write(admin_client, "POST", 1, [{"ID": 1, "NAME": "a"}, {"ID": 2, "NAME": "<b>"}])
    write(admin_client, "PUT", 1, {"ID": 1, "NAME": "c"})
    write(admin_client, "DELETE", 1, {"ID": 1})
    return any_pool


def output_of(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_entries_are_collected_once(things: ExternalPool) -> None:
    assert output_of("collect_audit") == f"{things.name}: 4 entries\n"
    assert output_of("collect_audit", "--pool", things.name) == f"{things.name}: 0 entries\n"
    found = entries("THINGS", key="1")
    assert [(entry.verb, entry.row_key, entry.actor, entry.query) for entry in found] == [
        (verb, '{"id":1}', "default/admin", 1) for verb in ("INSERT", "UPDATE", "DELETE")
    ]
    age = datetime.now(UTC) - found[0].changed_at
    assert timedelta() <= age < timedelta(minutes=5)


def test_whoever_is_stopped_half_way_goes_on(things: ExternalPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored here and not yet marked there is the one state between two batches."""
    monkeypatch.setattr(collecting, "BATCH", 3)

    def stopped(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "apply", stopped)
        with pytest.raises(KeyboardInterrupt):
            collecting.collect(things.name)
    assert AuditEntry.objects.count() == 3
    assert collecting.collect(things.name) == 1
    assert AuditEntry.objects.count() == 4


def test_a_pool_that_cannot_be_asked_does_not_stop_the_others(things: ExternalPool) -> None:
    mark("nowhere", "x")
    with pytest.raises(CommandError, match="not collected: nowhere"):
        call_command("collect_audit", stdout=io.StringIO(), stderr=io.StringIO())
    assert AuditEntry.objects.count() == 4


def test_a_pool_without_entries_gives_none(sqlite_pool: ExternalPool) -> None:
    assert collecting.collect(sqlite_pool.name) == 0


def test_the_log_shows_what_has_changed(things: ExternalPool) -> None:
    call_command("collect_audit", stdout=io.StringIO())
    lines = output_of("audit_log", "things", "--key", "1").splitlines()
    assert [line for line in lines if line.startswith("  ")] == [
        "  id: - -> 1",
        '  name: - -> "a"',
        f"  price: - -> {side_by_side(entries('things')[0])[2].after}",
        '  name: "a" -> "c"',
        "  id: 1 -> -",
        '  name: "c" -> -',
        f"  price: {side_by_side(entries('things')[0])[2].after} -> -",
    ]
    assert f' UPDATE {things.name}: things {{"id":1}} by default/admin (query 1, request ' in lines[4]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ([], 4),
        (["--key", "2"], 1),
        (["--key", '{"ID": 1}'], 3),
        (["--key", "9"], 0),
        (["--user", "admin"], 4),
        (["--user", "default/admin"], 4),
        (["--user", "min"], 0),
        (["--from", "2020-01-01", "--to", "2020-01-02T00:00:00+01:00"], 0),
        (["--from", "2020-01-01"], 4),
        (["--pool", "nowhere"], 0),
    ],
    ids=str,
)
def test_the_log_is_searched(things: ExternalPool, arguments: list[str], count: int) -> None:
    call_command("collect_audit", stdout=io.StringIO())
    output = output_of("audit_log", "Things", *arguments)
    found = [line for line in output.splitlines() if not line.startswith("  ")]
    assert (len(found), found == [NOTHING_FOUND]) == (count or 1, count == 0)


def test_a_log_that_is_not_collected_yet_says_so(things: ExternalPool) -> None:
    assert output_of("audit_log", "things", "--key", "1").splitlines() == [
        "No entries found. Those that are still in their pools are not searched: collect_audit brings them."
    ]


@pytest.mark.parametrize(
    ("days", "options", "deleted", "left"),
    [
        ("1", [], (0, 0), (5, 4)),
        ("0", [], (4, 4), (1, 0)),
        ("0", ["--pools-only"], (4, None), (1, 4)),
    ],
)
def test_old_entries_are_purged(
    things: ExternalPool,
    admin_client: APIClient,
    days: str,
    options: list[str],
    deleted: tuple[int, int | None],
    left: tuple[int, int],
) -> None:
    call_command("collect_audit", stdout=io.StringIO())
    write(admin_client, "PUT", 1, {"ID": 2, "NAME": "z"})  # not collected: it stays
    lines = [f"{things.name}: {deleted[0]} entries deleted"]
    lines += [] if deleted[1] is None else [f"framework database: {deleted[1]} entries deleted"]
    assert output_of("purge_audit", "--older-than", days, *options).splitlines() == lines
    (stored,) = things.execute("SELECT COUNT(*) FROM liberty_audit")
    assert (stored[0], AuditEntry.objects.count()) == left


def test_a_pool_that_cannot_be_purged_is_told(things: ExternalPool) -> None:
    mark("nowhere", "x")
    with pytest.raises(CommandError, match="not purged: nowhere"):
        call_command("purge_audit", "--older-than", "0", stdout=io.StringIO(), stderr=io.StringIO())


@pytest.mark.parametrize("days", ["-1", "x", "1.5", "1000000"])
def test_an_age_that_is_none_is_refused(db: None, days: str) -> None:
    with pytest.raises(CommandError, match="no number of days"):
        call_command("purge_audit", f"--older-than={days}")


def test_tables_are_marked_by_command(any_pool: ExternalPool) -> None:
    any_pool.execute("CREATE TABLE things (id integer PRIMARY KEY)", "CREATE TABLE loose (n integer)")
    name = any_pool.name
    assert output_of("audit_table", name, "THINGS") == f"{name}: things is audited\n"
    assert output_of("audit_table", name, "things") == f"{name}: things is audited\n"
    assert output_of("audit_table") == f"{name}: things\n"
    assert audited_tables(name) == {"things"}
    for arguments, message in [
        ((name, "loose"), "has no primary key"),
        ((name, "nothing"), "Unknown table"),
        (("nowhere", "things"), "nowhere"),
        ((name,), "name the table, too"),
        ((name, "loose", "--remove"), "is not audited"),
    ]:
        with pytest.raises(CommandError, match=message):
            output_of("audit_table", *arguments)
    assert output_of("audit_table", name, "Things", "--remove") == f"{name}: Things is audited no longer\n"
    assert audited_tables(name) == frozenset()


def test_a_time_that_is_none_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="no ISO time"):
        call_command("audit_log", "things", "--from", "yesterday")
