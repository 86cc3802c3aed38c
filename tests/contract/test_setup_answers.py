"""The documented operations of set-up on an installed server; the first installation is in `tests/setup`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from apps.setup.migrating import migrate
from apps.setup.releases import RELEASES
from liberty.version import PRODUCT_VERSION
from tests.contract.conftest import Unforeseen, call, check, failed, invalid

MEMBERS = {"host": "h", "port": 5432, "database": "d", "user": "u", "password": "p"}
TARGET = "framework.0001_initial"
WRONG_WORD = invalid("query", "dry_run", "Input should be 'true' or 'false' or '1' or '0'", "enum")


@pytest.fixture(autouse=True)
def _installation(
    transactional_db: None, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[None]:
    """Backups of the test's own, and the framework database as it was after it."""
    settings.VAR_DIR = tmp_path
    with django_db_blocker.unblock():
        yield
        migrate("default")


def carried_out(message: str, *items: dict[str, Any]) -> dict[str, Any]:
    """The documented members, and a sentence."""
    return {"items": list(items), "status": "success", "count": len(items), "message": message}


def moved(before: str | None, after: str | None, *migrations: str, **members: Any) -> dict[str, Any]:
    ran = {"migrations": list(migrations), "backup": None, "seconds": None}
    return {"pool": "default", "from": before, "to": after, **ran, **members}


def state() -> dict[str, Any]:
    return {
        "pool": "default",
        "product": "postgres" if connection.vendor == "postgresql" else connection.vendor,
        "version": PRODUCT_VERSION,
        "state": "current",
        "migrations": dict(sorted(RELEASES[PRODUCT_VERSION].items())),
        "pending": [],
        "note": None,
    }


def test_setup_current(admin_client: APIClient, unforeseen: Unforeseen) -> None:
    path = "/api/setup/current"
    told = carried_out(f"Every database that answers is at version {PRODUCT_VERSION}.", state())
    check(call(admin_client, "GET", path), 200, told)
    unforeseen("apps.setup.version_views.survey", lambda: call(admin_client, "GET", path))


def test_setup_upgrade(admin_client: APIClient, unforeseen: Unforeseen) -> None:
    path = "/api/setup/upgrade"
    nothing = f"Nothing to do: every database is at version {PRODUCT_VERSION}."
    done = carried_out(nothing, moved(PRODUCT_VERSION, PRODUCT_VERSION))
    check(call(admin_client, "POST", path), 200, done)
    check(call(admin_client, "POST", path, dry_run="perhaps"), 422, WRONG_WORD)
    unforeseen("apps.setup.moving.upgrade", lambda: call(admin_client, "POST", path))


def test_setup_downgrade(admin_client: APIClient, unforeseen: Unforeseen) -> None:
    path = f"/api/setup/downgrade/{TARGET}"
    check(call(admin_client, "POST", path, dry_run="perhaps"), 422, WRONG_WORD)
    unforeseen("apps.setup.moving.downgrade", lambda: call(admin_client, "POST", path))
    response = call(admin_client, "POST", path)
    found = response.json()
    (item,) = found["items"]
    expected = moved(
        PRODUCT_VERSION, None, *item["migrations"], backup=item["backup"], seconds=item["seconds"]
    )
    check(response, 200, carried_out(found["message"], expected))
    assert item["migrations"][-1] == "framework.0002_log_entries"
    unknown = call(admin_client, "POST", "/api/setup/downgrade/abc")
    assert (unknown.status_code, unknown.json()["status"]) == (400, "failed")


def test_setup_revision(admin_client: APIClient, unforeseen: Unforeseen) -> None:
    path = "/api/setup/revision"
    response = call(admin_client, "POST", path, message="Before spring")
    (item,) = response.json()["items"]
    expected = {
        "pool": "default",
        "revision": item["revision"],
        "version": PRODUCT_VERSION,
        "migrations": state()["migrations"],
        "backup": item["backup"],
        "bytes": item["bytes"],
    }
    check(response, 200, carried_out(f"Revision {item['revision']} recorded.", expected))
    check(
        call(admin_client, "POST", path, {"message": 7}),
        422,
        invalid("body", "message", "Input should be a valid string", "string_type"),
    )
    unforeseen("apps.setup.version_views.record_revision", lambda: call(admin_client, "POST", path))


def test_setup_install(admin_client: APIClient, unforeseen: Unforeseen) -> None:
    path = "/api/setup/install"
    other = (
        "Another framework database is in use. `manage.py install --from-current` moves an embedded one to "
        "PostgreSQL."
    )
    check(call(admin_client, "POST", path, MEMBERS), 409, failed(other))
    check(
        call(admin_client, "POST", path, {**MEMBERS, "port": "x"}),
        422,
        invalid("body", "port", "Input should be a valid integer", "int_type"),
    )
    unforeseen("apps.setup.installing.views.install", lambda: call(admin_client, "POST", path, MEMBERS))
