"""Secrets inside longer texts: left out of every export, and kept by an import."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from apps.framework.models import Api, ApiConnection, ApiHeader, ApiParameter, Module
from apps.pools.models import Pool
from apps.setup import export
from apps.setup.embedded_secrets import with_embedded, without_embedded
from apps.setup.repository import framework_tables
from apps.setup.services import Import, import_repository
from liberty.passphrase import new_key
from liberty.secrets import STAND_IN

OPEN = '{"url": "https://a.example", "rate": 0.10, "keyboard": true}'
SECRETS = (
    '{"apiKey": "hunter2", "url": "https://u:hunter2@a.example",'
    ' "options": [{"token": {"a": ["hunter2"]}, "n": 1}]}'
)
HIDDEN = '{"apiKey":"ENC:********","url":"ENC:********","options":[{"token":"ENC:********","n":1}]}'


def hidden(table: str, **values: Any) -> dict[str, Any]:
    """Return what an export has for the columns `values` of a row."""
    described = framework_tables()[table]
    row = without_embedded(described, tuple(values.get(name) for name in described.column_names))
    return {name: value for name, value in zip(described.column_names, row, strict=True) if name in values}


def restored(text: str | None, stored: str | None) -> str | None:
    """Return the settings that an import stores for `text`."""
    table = framework_tables()["ly_modules"]
    position = table.position("module_params")

    def row(value: str | None) -> tuple[Any, ...]:
        return tuple(value if place == position else None for place in range(len(table.columns)))

    value: str | None = with_embedded(table, row(text), row(stored))[position]
    return value


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (None, None),
        ("", ""),
        (OPEN, OPEN),
        (SECRETS, HIDDEN),
        (
            '{"secret": null, "password": "", "pin_key": 7}',
            '{"secret":null,"password":"","pin_key":"ENC:********"}',
        ),
        ("token=hunter2", STAND_IN),
        ('"hunter2"', STAND_IN),
        ("{'apiKey': 'hunter2'}", STAND_IN),
    ],
    ids=lambda text: str(text)[:24],
)
def test_settings_of_modules(text: str | None, left: str | None) -> None:
    assert hidden("ly_modules", module_params=text) == {"module_params": left}


@pytest.mark.parametrize(
    ("table", "values", "left"),
    [
        ("ly_api", {"api_body": '{"password": "$PWD", "n": "$N"}'}, {}),
        ("ly_api", {"api_body": '{"n": $N, "user": "ada"}'}, {}),
        ("ly_api", {"api_body": '{"password": "hunter2"}'}, {"api_body": '{"password":"ENC:********"}'}),
        ("ly_api", {"api_body": "-----BEGIN PRIVATE KEY-----"}, {"api_body": STAND_IN}),
        ("ly_api", {"api_url": "https://a.example/x?page=1&key_id=7"}, {"api_url": STAND_IN}),
        ("ly_api", {"api_url": "https://a.example/x?page=1;n=2"}, {}),
        ("ly_api_conn", {"conn_url": "https://ada:hunter2@a.example"}, {"conn_url": STAND_IN}),
        ("ly_api_conn", {"conn_url": "https://ada@a.example:8080/a:b"}, {}),
        ("ly_applications", {"apps_jdbc": "jdbc:oracle:thin:@//db:1521/x"}, {}),
        ("ly_applications", {"apps_jdbc": "jdbc:oracle:thin:scott/tiger@db:1521:x"}, {"apps_jdbc": STAND_IN}),
        (
            "ly_applications",
            {"apps_jdbc": "jdbc:postgresql://db/x?password=b"},
            {"apps_jdbc": STAND_IN},
        ),
        ("ly_api_header", {"hdr_key": "Authorization", "hdr_value": "Bearer x"}, {"hdr_value": STAND_IN}),
        ("ly_api_header", {"hdr_key": "X-Api-Key", "hdr_value": "x"}, {"hdr_value": STAND_IN}),
        ("ly_api_header", {"hdr_key": "Authorization", "hdr_value": "$TOKEN"}, {}),
        ("ly_api_header", {"hdr_key": "Content-Type", "hdr_value": "application/json"}, {}),
        ("ly_api_params", {"map_var": "PASSWORD", "map_value": "USR_PASSWORD"}, {}),
        ("ly_api_params", {"map_var": "A", "map_value": "ENC:AAAA"}, {"map_value": STAND_IN}),
    ],
)
def test_calls_and_addresses(table: str, values: dict[str, str], left: dict[str, str]) -> None:
    assert hidden(table, **values) == values | left


@pytest.mark.parametrize(
    ("text", "stored", "result"),
    [
        (HIDDEN, SECRETS, SECRETS),
        (HIDDEN, None, HIDDEN),
        (HIDDEN, "", HIDDEN),
        (STAND_IN, "token=hunter2", "token=hunter2"),
        (STAND_IN, None, STAND_IN),
        (HIDDEN, "no JSON", HIDDEN),
        ('{"apiKey": "ENC:********", "n": 2}', '{"apiKey": "old", "n": 1}', '{"apiKey":"old","n":2}'),
        ('{"apiKey": "ENC:********"}', '{"n": 1}', '{"apiKey":"ENC:********"}'),
        ('{"apiKey": "new"}', '{"apiKey": "old"}', '{"apiKey": "new"}'),
        ('[{"key": "ENC:********"}]', '[{"key": "a"}, {"key": "b"}]', '[{"key":"ENC:********"}]'),
        (None, SECRETS, None),
    ],
    ids=lambda text: str(text)[:24],
)
def test_an_import_keeps_what_the_stand_in_stands_for(
    text: str | None, stored: str | None, result: str | None
) -> None:
    assert restored(text, stored) == result


@pytest.fixture
def stored(models_on_pools: None) -> None:
    """Secrets in a row of each table that may have them."""
    Module.objects.create(module_id="ai", module_params=SECRETS)
    Api.objects.create(
        api_id=1, api_label="x", api_url="https://a?token=hunter2", api_body='{"key": "hunter2"}'
    )
    ApiConnection.objects.create(conn_id=1, conn_label="x", conn_url="https://a:hunter2@b")
    ApiHeader.objects.create(api_id=1, hdr_id=1, hdr_key="Authorization", hdr_value="Bearer hunter2")
    ApiParameter.objects.create(api_id=1, map_id=1, map_var="x", map_value="https://a:hunter2@b")
    Pool.objects.create(apps_id=7, apps_jdbc="jdbc:x://a:hunter2@b")


def everything(file: Path) -> str:
    with ZipFile(file) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("passphrase", [None, "a long passphrase"])
def test_no_export_holds_a_secret_and_its_import_changes_nothing(
    stored: None, tmp_path: Path, passphrase: str | None
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"".join(export.archive(key=None if passphrase is None else new_key(passphrase))))
    assert "hunter2" not in everything(file)
    assert "a.example" not in everything(file)
    plans = import_repository(Import(file=file, passphrase=passphrase))
    assert [plan.table.name for plan in plans if plan.has_changes] == []
    assert Module.objects.get(module_id="ai").module_params == SECRETS


def test_a_copy_gives_the_same_export_as_its_origin(stored: None, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"".join(export.archive()))
    for model in (Module, Api, ApiConnection, ApiHeader, ApiParameter, Pool):
        model.objects.all().delete()
    import_repository(Import(file=file))
    assert ApiHeader.objects.get().hdr_value == STAND_IN
    assert b"".join(export.archive()) == file.read_bytes()


def test_the_file_for_an_original_holds_no_secret(stored: None) -> None:
    content = b"".join(export.original_file(master_key="the key of an original")).decode()
    assert "hunter2" not in content
    modules = {row["module_id"]: row["module_params"] for row in json.loads(content)["ly_modules"]}
    assert modules["ai"] == HIDDEN
