"""Catalogues that only other catalogues describe."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from apps.pools.models import Pool
from apps.setup.stored_secrets import find_catalogues
from liberty.crypto import decrypt_stored, encrypt_stored
from tests.framework.tables import TABLES
from tests.setup.secrets import CONNECTIONS, NEW, OLD


@pytest.fixture(autouse=True)
def models_on_pools(db: None, settings: Settings, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    with django_db_blocker.unblock():
        yield


def describe(file: Path, **pools: Path) -> None:
    """Make a catalogue in `file` that describes pools by their files and holds one secret, its own name."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(TABLES["ly_applications"].ddl("ly_applications"))
        database.execute(CONNECTIONS)
        secret = encrypt_stored(file.stem)
        database.execute("INSERT INTO ly_api_conn VALUES (1, 'x', 'x', NULL, ?, NULL, NULL)", [secret])
        for number, (name, path) in enumerate(pools.items()):
            database.execute(
                "INSERT INTO ly_applications (apps_id, apps_pool, apps_dbtype, apps_database)"
                " VALUES (?, ?, 'sqlite', ?)",
                [number, name, str(path)],
            )


def start(file: Path) -> None:
    """Describe `file` in the framework database as pool `c`."""
    Pool.objects.create(apps_id=1, apps_pool="c", apps_dbtype="sqlite", apps_database=str(file))


def secret_in(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        text: str = database.execute("SELECT conn_password FROM ly_api_conn").fetchone()[0]
        return text


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_key", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The files of four catalogues; nothing is in them."""
    return [tmp_path / f"{name}.sqlite3" for name in ("one", "two", "three", "four")]


def test_catalogues_are_found_at_any_depth(files: list[Path]) -> None:
    one, two, three, four = files
    describe(one, x=two)
    describe(two, y=three)
    describe(three, z=four)
    describe(four)
    start(one)
    found = find_catalogues()
    assert found.reached == ("default", "c", "c/x", "c/x/y", "c/x/y/z")
    assert found.unreached == {}


def test_catalogues_that_describe_themselves_and_each_other_are_found_once(files: list[Path]) -> None:
    one, two, three, _ = files
    describe(one, c=one, again=one, x=two, default=three)
    describe(two, c=one, x=two, up=one.parent / "." / one.name)
    start(one)
    assert find_catalogues().reached == ("default", "c", "c/x")


def test_the_framework_database_is_not_taken_for_another_catalogue(files: list[Path]) -> None:
    one = files[0]
    describe(one, back=Path(str(connection.settings_dict["NAME"])))
    start(one)
    assert "c/back" not in find_catalogues().reached


def test_a_pool_without_tables_describes_none(files: list[Path]) -> None:
    one, two, *_ = files
    describe(one, x=two)
    sqlite3.connect(two).close()
    two.touch()
    start(one)
    assert find_catalogues().reached == ("default", "c")


def test_secrets_at_every_depth_are_moved_once(settings: Settings, files: list[Path]) -> None:
    one, two, three, _ = files
    describe(one, c=one, x=two)
    describe(two, y=three, c=one)
    describe(three)
    start(one)
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    lines = rotate().splitlines()
    assert [line for line in lines if "1 moved" in line] == [
        "c: ly_api_conn.conn_password: 1 found, 1 moved",
        "c/x: ly_api_conn.conn_password: 1 found, 1 moved",
        "c/x/y: ly_api_conn.conn_password: 1 found, 1 moved",
    ]
    assert lines[-1].startswith("3 secrets found, 3 moved")
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    assert [decrypt_stored(secret_in(file)) for file in (one, two, three)] == ["one", "two", "three"]


def test_a_nested_pool_that_does_not_answer_is_told_once(settings: Settings, files: list[Path]) -> None:
    one, two, *_ = files
    describe(one, gone=Path("/nowhere/x"), x=two)
    describe(two, gone=Path("/nowhere/x"), also=Path("/nowhere/x"))
    start(one)
    before = secret_in(one)
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    with pytest.raises(CommandError, match=r"`c/gone`: ") as refusal:
        rotate()
    assert "c/x/gone" not in str(refusal.value)
    assert secret_in(one) == before
    assert rotate("--without", "c/gone").splitlines()[-1].startswith("2 secrets found, 2 moved")


def test_a_nested_secret_that_cannot_be_read_is_named(settings: Settings, files: list[Path]) -> None:
    one, two, *_ = files
    describe(one, x=two)
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    describe(two)
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    start(one)
    with pytest.raises(CommandError) as refusal:
        rotate()
    assert str(refusal.value) == (
        "Nothing was changed: no key reads ly_api_conn.conn_password of row 1 in catalogue `c/x`."
    )
    found = run_checks(tags=["database"], databases=["default"], include_deployment_checks=True)
    assert [error.msg for error in found if error.id == "liberty.E011"] == [
        "No key in LIBERTY_ENCRYPTION_KEY reads ly_api_conn.conn_password of row 1 in catalogue `c/x`."
    ]
