"""`manage.py rotate_key`."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from pytest_django import DjangoDbBlocker, Settings

from apps.accounts.models import User
from apps.framework.models import Api
from apps.pools import catalogue
from apps.pools.models import Pool
from apps.setup import rotation
from liberty import crypto
from liberty.configuration import Configuration, clear_password, read_configuration, write_configuration
from tests.external import ExternalPool
from tests.setup.secrets import (
    NEW,
    OLD,
    clear_texts,
    make_catalogue,
    store_secrets,
    stored_in,
    texts,
)


@pytest.fixture(autouse=True)
def old_key(db: None, settings: Settings, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Secrets are stored under the old key. Models may be used on pools, which Django refuses in tests."""
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    with django_db_blocker.unblock():
        yield


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_key", *options, stdout=out)
    return out.getvalue()


def refused(*options: str) -> str:
    """Return the message of a rotation that must fail."""
    with pytest.raises(CommandError) as refusal:
        rotate(*options)
    return str(refusal.value)


def test_every_secret_is_moved_counted_and_read_back(settings: Settings) -> None:
    clear = store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert rotate().splitlines() == [
        "default: ly_api.api_password: 1 found, 1 moved",
        "default: ly_api_conn.conn_password: 1 found, 1 moved",
        "default: ly_applications.apps_password: 1 found, 1 moved",
        "default: ly_users.usr_password: 1 found, 1 moved",
        "4 secrets found, 4 moved: all were read back under the first key.",
    ]
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    assert clear_texts() == clear


def test_the_second_run_changes_nothing(settings: Settings) -> None:
    store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    rotate()
    before = texts()
    assert rotate().splitlines()[-1].startswith("4 secrets found, 0 moved: all were read back")
    assert texts() == before


def test_a_run_that_was_stopped_half_way_is_taken_up(settings: Settings) -> None:
    clear = store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    Api.objects.update(api_password=crypto.encrypt_stored("of an API"))
    assert "4 secrets found, 3 moved" in rotate()
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    assert clear_texts() == clear


def test_one_bad_value_is_named_and_nothing_is_changed(settings: Settings) -> None:
    store_secrets()
    damaged = crypto.encrypt_stored("hunter2")[:-4] + "AAAA"
    Pool.objects.create(apps_id=7, apps_password=damaged)
    before = texts()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    message = refused()
    assert message == "Nothing was changed: no key reads ly_applications.apps_password of row 7."
    assert texts() == before


def test_a_lost_key_is_told_and_nothing_is_changed(settings: Settings) -> None:
    store_secrets()
    before = texts()
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    assert "ly_users.usr_password of row 'old'" in refused()
    assert texts() == before


def test_zero_secrets_are_an_error(settings: Settings) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert refused() == "There is no encrypted secret in any catalogue: is this the right database?"


def test_what_is_not_under_our_keys_stays(settings: Settings) -> None:
    others = {
        "clear": "hunter2",
        "original": crypto.encrypt_original("hunter2", "master key"),
        "hash": "argon2$argon2id$x",
        "empty": "",
        "null": None,
        "case": "enc:v1:00000000:x",
    }
    for user_id, stored in others.items():
        User.objects.create(usr_id=user_id, password=stored)
    store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert "4 secrets found, 4 moved" in rotate()
    kept = dict(User.objects.exclude(usr_id="old").values_list("usr_id", "password"))
    assert kept == others


def test_a_database_that_refuses_leaves_its_catalogue_as_it_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_secrets()
    before = texts()
    moved = rotation._moved

    def fail_on_users(secret: Any) -> bool:
        if secret.column.table == "ly_users":
            raise DatabaseError("disk full")
        return moved(secret)

    monkeypatch.setattr(rotation, "_moved", fail_on_users)
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert refused().startswith("The database of catalogue `default` refused")
    assert texts() == before


def test_a_secret_written_under_the_old_key_meanwhile_is_noticed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_secrets()
    late = crypto.encrypt_stored("late")

    def write_late(alias: str) -> None:
        catalogue.touch(alias)
        Pool.objects.create(apps_id=7, apps_password=late)

    monkeypatch.setattr(rotation, "touch", write_late)
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    message = refused()
    assert message == "The old key is still needed, for ly_applications.apps_password of row 7. Run it again."
    monkeypatch.undo()
    assert "5 secrets found, 1 moved" in rotate()


# Other catalogues


def test_secrets_of_every_catalogue_are_moved(settings: Settings, any_pool: ExternalPool) -> None:
    original = crypto.encrypt_original("hunter2", "master key")
    make_catalogue(any_pool, crypto.encrypt_stored("one"), original, None, crypto.encrypt_stored("two"))
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert f"{any_pool.name}: ly_api_conn.conn_password: 2 found, 2 moved" in rotate()
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    one, *others, two = stored_in(any_pool)
    assert (crypto.decrypt_stored(one), crypto.decrypt_stored(two)) == ("one", "two")
    assert others == [original, None]


def test_a_bad_value_of_another_catalogue_changes_nothing_anywhere(
    settings: Settings, sqlite_pool: ExternalPool
) -> None:
    store_secrets()
    make_catalogue(sqlite_pool, crypto.encrypt_stored("one"), "ENC:v1:00000000:AAAA")
    before = (texts(), stored_in(sqlite_pool))
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    message = "Nothing was changed: no key reads ly_api_conn.conn_password of row 2 in catalogue `sqlite`."
    assert refused() == message
    assert (texts(), stored_in(sqlite_pool)) == before


def test_a_pool_without_framework_tables_is_no_catalogue(
    settings: Settings, sqlite_pool: ExternalPool
) -> None:
    sqlite_pool.create_sample_schema()
    store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert "sqlite" not in rotate()


def test_a_pool_that_does_not_answer_is_named_unless_it_is_left_out(settings: Settings) -> None:
    store_secrets()
    Pool.objects.create(apps_id=7, apps_pool="gone", apps_dbtype="sqlite", apps_database="/nowhere/x")
    before = texts()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    assert "`gone`: " in refused()
    assert texts() == before
    assert "4 secrets found, 4 moved" in rotate("--without", "gone")


def test_leaving_out_a_pool_that_does_not_exist_is_refused(settings: Settings) -> None:
    store_secrets()
    assert refused("--without", "libnsx1") == "There is no pool `libnsx1` to leave out; nothing was changed."


def test_the_password_in_the_configuration_file_is_moved(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "configuration.json"
    settings.LIBERTY_CONFIGURATION_FILE = str(file)
    before = Configuration("h", 5432, "d", "u", crypto.encrypt_stored("secret"), "2026-01-01T00:00:00+00:00")
    write_configuration(file, before)
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    # There is no other secret.
    assert rotate().splitlines()[-2:] == [
        "file: configuration.json.password: 1 found, 1 moved",
        "1 secret found, 1 moved: all were read back under the first key.",
    ]
    after = read_configuration(file)
    assert after is not None
    assert clear_password(file, after, NEW) == "secret"
    assert "file: configuration.json.password: 1 found, 0 moved" in rotate()
