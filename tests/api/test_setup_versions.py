"""GET /api/setup/current, POST /api/setup/upgrade, /api/setup/downgrade/{version}, /api/setup/revision."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.pools.models import CatalogueStamp, Pool
from apps.setup.locking import exclusive_run
from apps.setup.migrating import migrate
from apps.setup.models import Revision
from apps.setup.releases import RELEASES
from apps.setup.unfinished import Run, end_run, note_run
from tests.external import ExternalPool

SETUP = "/api/setup"
STATE = dict(sorted(RELEASES["1.0.0"].items()))
# The last migration of `framework` goes, and what stands on it.
LAST = f"framework.{STATE['framework']}"
LATEST = "Nothing to do: every database is at version 1.0.0."


@pytest.fixture(autouse=True)
def installation(
    transactional_db: None, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[None]:
    """Backups of the test's own, and the framework database as it was after it."""
    settings.VAR_DIR = tmp_path
    with django_db_blocker.unblock():
        yield
        migrate("default")


def product() -> str:
    return "postgres" if connection.vendor == "postgresql" else connection.vendor


def default(**members: Any) -> dict[str, Any]:
    """Return the item of the framework database in an answer of `current`."""
    return {
        "pool": "default",
        "product": product(),
        "version": "1.0.0",
        "state": "current",
        "migrations": STATE,
        "pending": [],
        "note": None,
        **members,
    }


def move(before: str | None, after: str | None, *migrations: str, **members: Any) -> dict[str, Any]:
    ran = {"migrations": list(migrations), "backup": None, "seconds": None}
    return {"pool": "default", "from": before, "to": after, **ran, **members}


def answer(message: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "status": "success", "count": len(items), "message": message}


def failed(message: str) -> dict[str, Any]:
    return {"status": "failed", "message": message}


def foreign_pool(pool: ExternalPool) -> None:
    pool.execute("CREATE TABLE ly_enum (enum_id integer)")


def test_a_server_whose_name_leads_nowhere_is_told(admin_client: APIClient) -> None:
    Pool.objects.create(
        apps_id=7,
        apps_pool="erp",
        apps_dbtype="oracle",
        apps_host="erp.invalid",
        apps_port=1521,
        apps_database="erp",
        apps_user="erp",
        apps_password="x",
    )
    response = admin_client.get(f"{SETUP}/current")
    assert (response.status_code, response.json()["items"][1]) == (
        200,
        {
            "pool": "erp",
            "product": None,
            "version": None,
            "state": "unreached",
            "migrations": {},
            "pending": [],
            "note": "the database is not available: the database does not answer",
        },
    )
    response = admin_client.post(f"{SETUP}/upgrade", {"without": "erp"}, format="json")
    assert (response.status_code, response.json()) == (200, answer(LATEST, move("1.0.0", "1.0.0")))
    response = admin_client.post("/api/auth/token?pool=erp", {"user": "ada", "password": "x"}, format="json")
    assert response.status_code == 503


def test_the_version_is_told(admin_client: APIClient) -> None:
    response = admin_client.get(f"{SETUP}/current")
    assert (response.status_code, response.json()) == (
        200,
        answer("Every database that answers is at version 1.0.0.", default()),
    )


def test_pools_are_told_whether_ours_others_or_away(
    admin_client: APIClient, sqlite_pool: ExternalPool
) -> None:
    foreign_pool(sqlite_pool)
    Pool.objects.create(apps_id=902, apps_pool="gone", apps_dbtype="sqlite", apps_database="/nowhere/x")
    items = admin_client.get(f"{SETUP}/current").json()["items"]
    empty: dict[str, Any] = {"product": None, "version": None, "migrations": {}, "pending": []}
    away = "Pool `gone` cannot be opened: its database file does not exist"
    assert items == [
        default(),
        {
            "pool": "sqlite",
            "state": "foreign",
            "note": "Its framework tables were not made here; it is left alone.",
            **empty,
        },
        {"pool": "gone", "state": "unreached", "note": away, **empty},
    ]


def test_an_upgrade_without_anything_to_do_says_so(admin_client: APIClient) -> None:
    response = admin_client.post(f"{SETUP}/upgrade")
    assert (response.status_code, response.json()) == (200, answer(LATEST, move("1.0.0", "1.0.0")))


def test_down_and_up_again(admin_client: APIClient, tmp_path: Path) -> None:
    target = "framework.0001_initial"
    undone = [f"framework.{name}" for app, name in reversed(framework_migrations()) if name != "0001_initial"]
    planned = admin_client.post(f"{SETUP}/downgrade/{target}?dry_run=true").json()
    assert planned["items"] == [move("1.0.0", None, *undone)]
    assert planned["message"].startswith(f"Plan only, nothing was changed. The downgrade to {target} takes ")
    assert not (tmp_path / "backups").exists()
    assert admin_client.get(f"{SETUP}/current").json()["items"] == [default()]

    done = admin_client.post(f"{SETUP}/downgrade/{target}").json()
    (item,) = done["items"]
    assert item["seconds"] >= 0
    assert item == move("1.0.0", None, *undone, backup=item["backup"], seconds=item["seconds"])
    backup = re.search(r"Backup: (d[0-9]{8}-[0-9]{6}-before-framework-0001-initial)\.$", done["message"])
    assert backup, done["message"]
    assert (tmp_path / "backups" / backup.group(1) / item["backup"]).stat().st_mode & 0o777 == 0o600

    behind = admin_client.get(f"{SETUP}/current").json()
    assert behind["message"] == "Migrations up to version 1.0.0 are pending: default. Run upgrade."
    assert behind["items"] == [
        default(
            version=None,
            state="pending",
            migrations={**STATE, "framework": "0001_initial"},
            pending=sorted(undone),
        )
    ]
    up = admin_client.post(f"{SETUP}/upgrade", {"dry_run": True}, format="json").json()
    assert up["items"] == [move(None, "1.0.0", *reversed(undone))]
    done = admin_client.post(f"{SETUP}/upgrade").json()
    assert done["items"] == [move(None, "1.0.0", *reversed(undone), seconds=done["items"][0]["seconds"])]
    assert admin_client.get(f"{SETUP}/current").json()["items"] == [default()]


def framework_migrations() -> list[tuple[str, str]]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(node for node in applied if node[0] == "framework")


@pytest.mark.parametrize("verb", ["downgrade/abc", "downgrade/2.0.0", "downgrade/1.0.0"])
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_other_versions_are_refused_and_nothing_is_changed(
    admin_client: APIClient, verb: str, dry_run: str, tmp_path: Path
) -> None:
    response = admin_client.post(f"{SETUP}/{verb}?dry_run={dry_run}")
    version = verb.removeprefix("downgrade/")
    assert response.status_code == 400
    message = response.json()["message"]
    if version == "1.0.0":
        assert message == "`1.0.0` is what every database has: a downgrade leads to an older version."
    else:
        assert message.startswith(f"Unknown version `{version}`. Known versions: 1.0.0. Known migrations: ")
    assert admin_client.get(f"{SETUP}/current").json()["items"] == [default()]
    assert not (tmp_path / "backups").exists()


def test_a_higher_version_is_refused(admin_client: APIClient) -> None:
    admin_client.post(f"{SETUP}/downgrade/framework.0001")
    response = admin_client.post(f"{SETUP}/downgrade/{LAST}")
    assert (response.status_code, response.json()) == (
        400,
        failed(f"`{LAST}` is above what the databases have: a downgrade leads to an older version."),
    )


def test_a_revision_has_a_name_that_a_downgrade_takes(admin_client: APIClient) -> None:
    admin_client.post(f"{SETUP}/downgrade/framework.0001")
    response = admin_client.post(f"{SETUP}/revision?message=Before%20spring")
    (item,) = response.json()["items"]
    name = item["revision"]
    assert re.fullmatch(r"r[0-9]{8}-[0-9]{6}-before-spring", name)
    assert item["bytes"] > 0
    assert response.json() == answer(
        f"Revision {name} recorded.",
        {
            "pool": "default",
            "revision": name,
            "version": None,
            "migrations": {**STATE, "framework": "0001_initial"},
            "backup": item["backup"],
            "bytes": item["bytes"],
        },
    )
    assert Revision.objects.get().message == "Before spring"
    admin_client.post(f"{SETUP}/upgrade")
    assert admin_client.post(f"{SETUP}/downgrade/{name}").status_code == 200
    assert framework_migrations() == [("framework", "0001_initial")]


def test_a_message_may_come_in_the_body_and_has_an_end(admin_client: APIClient) -> None:
    recorded = admin_client.post(f"{SETUP}/revision", {"message": "in the body"}, format="json")
    assert recorded.json()["items"][0]["revision"].endswith("-in-the-body")
    response = admin_client.post(f"{SETUP}/revision", {"message": "x" * 201}, format="json")
    assert (response.status_code, response.json()) == (
        400,
        failed("The message of a revision has at most 200 characters."),
    )


def test_a_pool_gets_framework_tables(admin_client: APIClient, sqlite_pool: ExternalPool) -> None:
    done = admin_client.post(f"{SETUP}/upgrade?add=sqlite").json()
    assert [(item["pool"], item["from"], item["to"]) for item in done["items"]] == [
        ("default", "1.0.0", "1.0.0"),
        ("sqlite", None, "1.0.0"),
    ]
    items = admin_client.get(f"{SETUP}/current").json()["items"]
    assert items == [default(), default(pool="sqlite", product="sqlite")]
    again = admin_client.post(f"{SETUP}/upgrade?add=sqlite")
    assert (again.status_code, again.json()) == (400, failed("Pool `sqlite` has framework tables already."))


def test_framework_tables_that_were_not_made_here_are_left_alone(
    admin_client: APIClient, sqlite_pool: ExternalPool
) -> None:
    foreign_pool(sqlite_pool)
    response = admin_client.post(f"{SETUP}/upgrade?add=sqlite")
    assert (response.status_code, response.json()) == (
        400,
        failed("Pool `sqlite` has framework tables that were not made here; they are left alone."),
    )
    assert admin_client.post(f"{SETUP}/upgrade").json()["items"] == [move("1.0.0", "1.0.0")]


@pytest.mark.parametrize("path", ["upgrade", "downgrade/framework.0001", "revision"])
def test_nothing_is_changed_while_a_pool_is_away_unless_it_is_left_out(
    admin_client: APIClient, path: str
) -> None:
    Pool.objects.create(apps_id=902, apps_pool="gone", apps_dbtype="sqlite", apps_database="/nowhere/x")
    response = admin_client.post(f"{SETUP}/{path}")
    assert response.status_code == 503
    assert "`gone`: Pool `gone` cannot be opened" in response.json()["message"]
    assert framework_migrations()[-1] == ("framework", STATE["framework"])
    assert admin_client.post(f"{SETUP}/{path}?without=gone").status_code == 200
    assert admin_client.post(f"{SETUP}/upgrade?without=default,gone").json() == failed(
        "There is no pool `default` to leave out; nothing was changed."
    )


@pytest.mark.parametrize("arguments", ["add=nopool", "add=nopool&dry_run=true", "without=nopool"])
def test_a_pool_that_is_not_there_is_told(admin_client: APIClient, arguments: str) -> None:
    purpose = "leave out" if arguments.startswith("without") else "give framework tables to"
    response = admin_client.post(f"{SETUP}/upgrade?{arguments}")
    assert (response.status_code, response.json()) == (
        400,
        failed(f"There is no pool `nopool` to {purpose}; nothing was changed."),
    )


@pytest.mark.parametrize("path", ["upgrade", "downgrade/framework.0001", "revision"])
def test_one_run_at_a_time(admin_client: APIClient, path: str) -> None:
    with exclusive_run():
        response = admin_client.post(f"{SETUP}/{path}")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.json()["message"].startswith(
        "Another upgrade, downgrade, revision or restore is under way"
    )
    assert framework_migrations()[-1] == ("framework", STATE["framework"])


def test_a_database_of_a_newer_version_is_left_alone(admin_client: APIClient) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("framework", "0099_other")
    try:
        state = admin_client.get(f"{SETUP}/current").json()
        refused = admin_client.post(f"{SETUP}/upgrade")
    finally:
        recorder.record_unapplied("framework", "0099_other")
    assert state["message"] == "Newer than this version, 1.0.0: default."
    assert (state["items"][0]["state"], state["items"][0]["note"]) == (
        "newer",
        "A newer version has run framework.0099_other.",
    )
    assert (refused.status_code, refused.json()) == (
        400,
        failed(
            "The database of pool `default` is newer than this version, 1.0.0: it has framework.0099_other, "
            "which is not known here. Nothing was changed."
        ),
    )


def test_an_interrupted_run_is_told_of_and_finished(admin_client: APIClient) -> None:
    target = "framework.0001_initial"
    admin_client.post(f"{SETUP}/downgrade/{target}")
    note_run(Run("downgrade", target, {"default": [LAST]}))
    assert admin_client.get(f"{SETUP}/current").json()["message"] == (
        f"A run was interrupted: downgrade, {target}. Repeat it."
    )
    response = admin_client.post(f"{SETUP}/downgrade/{target}")
    assert (response.status_code, response.json()["message"]) == (
        200,
        f"The interrupted downgrade to {target} was finished: 1 of 1 migration had run before. "
        f"0 migrations ran in 0 databases; all are at {target}.",
    )
    assert admin_client.post(f"{SETUP}/downgrade/{target}").status_code == 400


def test_half_a_restore_must_be_repeated_first(admin_client: APIClient) -> None:
    note_run(Run("restore", "r20261125-101500", {}))
    response = admin_client.post(f"{SETUP}/upgrade")
    end_run()
    assert (response.status_code, response.json()) == (
        400,
        failed("A restore was interrupted. Repeat it first: restore_backup r20261125-101500"),
    )


@pytest.mark.parametrize("path", ["current", "upgrade", "downgrade/framework.0001", "revision"])
def test_only_administrators_of_the_default_catalogue_may(reader_client: APIClient, path: str) -> None:
    call = reader_client.get if path == "current" else reader_client.post
    response = call(f"{SETUP}/{path}")
    assert (response.status_code, response.json()) == (
        403,
        failed("This needs an administrator of the default catalogue."),
    )
    assert framework_migrations()[-1] == ("framework", STATE["framework"])


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("upgrade?dry_run=perhaps", None, (["query", "dry_run"], "enum")),
        ("downgrade/framework.0001", [1], (["body"], "dict_type")),
        ("revision", {"message": 7}, (["body", "message"], "string_type")),
    ],
)
def test_wrong_arguments_are_refused(
    admin_client: APIClient, path: str, body: Any, detail: tuple[list[str], str]
) -> None:
    response = admin_client.post(f"{SETUP}/{path}", body, format="json")
    (fault,) = response.json()["detail"]
    assert (response.status_code, fault["loc"], fault["type"]) == (422, *detail)
    assert framework_migrations()[-1] == ("framework", STATE["framework"])


def test_the_other_processes_forget_what_they_remember(admin_client: APIClient, admin: User) -> None:
    admin_client.post(f"{SETUP}/downgrade/framework.0001")
    before = CatalogueStamp.objects.get(catalogue="default").stamp
    admin_client.post(f"{SETUP}/upgrade")
    assert CatalogueStamp.objects.get(catalogue="default").stamp > before
