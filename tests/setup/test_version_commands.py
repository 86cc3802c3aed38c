"""The commands of versions: what they say and ask, and their exit statuses."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from apps.framework.models import Enumeration
from apps.pools.models import Pool
from apps.setup.backups import list_backups
from apps.setup.migrating import migrate
from apps.setup.states import is_current
from apps.setup.unfinished import unfinished_run

TARGET = "framework.0001_initial"


@pytest.fixture(autouse=True)
def installation(
    transactional_db: None, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    with django_db_blocker.unblock():
        yield
        migrate("default")


def shown(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as failure:
        shown(*arguments)
    assert failure.value.returncode == 1
    return str(failure.value)


def log_is_there() -> bool:
    return "liberty_log" in connection.introspection.table_names()


def test_current_tells_and_checks() -> None:
    lines = shown("current", "--check").splitlines()
    product = {"postgresql": "postgres"}.get(connection.vendor, connection.vendor)
    assert lines[0] == f"default ({product}): current, version 1.0.0"
    assert lines[-1] == "Every database that answers is at version 1.0.0."
    assert is_current()
    shown("downgrade", TARGET, "--no-input")
    assert not is_current()
    with pytest.raises(SystemExit) as left:
        shown("current", "--check")
    assert left.value.code == 1
    assert "  pending: framework.0002_log_entries" in shown("current")


def test_a_plan_changes_nothing() -> None:
    lines = shown("downgrade", TARGET, "--plan").splitlines()
    assert lines[0].startswith("default: 1.0.0 -> no version, ")
    assert "  framework.0002_log_entries" in lines
    assert lines[-1].startswith(f"Plan only, nothing was changed. The downgrade to {TARGET} takes ")
    assert log_is_there()
    assert shown("upgrade", "--dry-run").splitlines() == [
        "default: 1.0.0, nothing to do",
        "Plan only: nothing is left to do for the upgrade.",
    ]


def test_a_downgrade_asks_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "no")
    assert refused("downgrade", TARGET) == "Left as it is."
    assert log_is_there()
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    assert "; all are at framework.0001_initial. Backup: d" in shown("downgrade", TARGET)
    assert not log_is_there()


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert refused("downgrade", TARGET) == "Nobody can be asked here: give --no-input."
    assert log_is_there()


def test_refusals_are_told(tmp_path: Path) -> None:
    assert refused("downgrade", "abc", "--no-input").startswith(
        "Unknown version `abc`. Known versions: 1.0.0."
    )
    assert refused("restore_backup", "r20261125-101500-x", "--no-input") == (
        "There is no backup `r20261125-101500-x` on this node. Known backups: none."
    )
    assert refused("restore_backup", "../../etc", "--no-input").startswith("There is no backup `../../etc`")
    assert refused("restore_backup") == "Which one? --list shows the backups."
    Pool.objects.create(apps_id=902, apps_pool="gone", apps_dbtype="sqlite", apps_database="/nowhere/x")
    assert "`gone`: Pool `gone` cannot be opened" in refused("upgrade")
    assert not (tmp_path / "backups").exists()


def test_a_backup_is_listed_restored_and_refused_when_it_is_damaged(tmp_path: Path) -> None:
    Enumeration.objects.create(enum_id=1, enum_label="before")
    name = shown("revision", "-m", "x").splitlines()[-1].split()[1]
    assert [backup.name for backup in list_backups()] == [name]
    assert shown("restore_backup", "--list").startswith(f"{name}  ")
    Enumeration.objects.update(enum_label="after")
    assert shown("restore_backup", name, "--no-input").splitlines() == [
        "default: restored",
        f"{name}: 1 of 1 database restored.",
    ]
    assert Enumeration.objects.get().enum_label == "before"
    assert refused("restore_backup", name, "--pool", "crm", "--no-input") == (
        f"The backup `{name}` has no pool `crm`."
    )

    Enumeration.objects.update(enum_label="after")
    file = tmp_path / "backups" / name / list_backups()[0].databases[0].file
    file.write_bytes(file.read_bytes()[:-1])
    assert refused("restore_backup", name, "--no-input") == (
        f"The file of pool `default` in `{name}` is missing or damaged."
    )
    assert Enumeration.objects.get().enum_label == "after"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"method": "another"}, "The file of pool `default` in `{name}` is missing or damaged."),
        ({"file": "../x"}, "The file of pool `default` in `{name}` is missing or damaged."),
        (
            {"product": "another"},
            "The backup `{name}` of pool `default` is of another product, another, than its database is now.",
        ),
        (
            {"method": "pg_dump"},
            "The backup `{name}` cannot be put back here: pg_restore is not installed.",
        ),
    ],
)
def test_a_manifest_that_leads_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, str], reason: str
) -> None:
    name = shown("revision").splitlines()[-1].split()[1]
    folder = tmp_path / "backups" / name
    manifest = json.loads((folder / "manifest.json").read_text())
    (tmp_path / "backups" / "x").write_bytes((folder / manifest["databases"][0]["file"]).read_bytes())
    manifest["databases"][0] |= members
    (folder / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr("apps.setup.backup_methods.shutil.which", lambda program: None)
    assert refused("restore_backup", name, "--no-input") == reason.format(name=name)
    assert unfinished_run() is None


def test_a_backup_that_cannot_be_written_stops_the_downgrade(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises((CommandError, OSError)):
        shown("downgrade", TARGET, "--no-input")
    assert log_is_there()


@pytest.mark.parametrize("is_there", [True, False])
def test_our_own_format_serves_where_no_program_does(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    if not is_there:
        monkeypatch.setattr("apps.setup.backup_methods._OF_PRODUCT", {})
    Enumeration.objects.create(enum_id=1, enum_label="O'Brien \\ 'é' 🙂")
    # More than one part of a table.
    Enumeration.objects.bulk_create(Enumeration(enum_id=number, enum_label="x") for number in range(2, 1202))
    name = shown("revision").splitlines()[-1].split()[1]
    method = list_backups()[0].databases[0].method
    own = {"postgresql": "pg_dump"}.get(connection.vendor, connection.vendor)
    assert method == (own if is_there else "tables")
    Enumeration.objects.all().delete()
    shown("restore_backup", name, "--no-input")
    assert Enumeration.objects.get(enum_id=1).enum_label == "O'Brien \\ 'é' 🙂"
    assert Enumeration.objects.count() == 1201
    assert shown("current").splitlines()[-1] == "Every database that answers is at version 1.0.0."
