"""Archives that are damaged, foreign or newer."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from apps.setup.archive_reading import read_source
from apps.setup.manifest import Manifest, TableEntry, manifest_text
from apps.setup.selection import ALL, Selection
from liberty.errors import MalformedRequest

TEXT = '{\n "ly_roles": []\n}\n'


def contents() -> dict[str, str]:
    """Return the members of a good archive of one empty table."""

    entry = TableEntry(0, hashlib.sha256(TEXT.encode()).hexdigest())
    manifest = Manifest("1.0.0", {"framework": "0001_initial"}, {"ly_roles": entry})
    return {"tables/ly_roles.json": TEXT, "manifest.json": manifest_text(manifest)}


def write(file: Path, members: dict[str, str]) -> Path:
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "repository.zip"


def manifest_with(**changes: Any) -> Callable[[dict[str, str]], None]:
    def change(members: dict[str, str]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes)

    return change


def test_the_tables_of_an_archive_are_read(file: Path) -> None:
    source = read_source(write(file, contents()), ALL)
    assert source.document == {"ly_roles": []}
    assert source.manifest is not None
    assert source.manifest.product_version == "1.0.0"


def test_a_table_that_the_archive_has_not_cannot_be_selected(file: Path) -> None:
    with pytest.raises(MalformedRequest, match="has no table ly_enum"):
        read_source(write(file, contents()), Selection(only=("ly_enum",)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda members: members.pop("manifest.json"), "no archive of a repository"),
        (
            lambda members: members.pop("tables/ly_roles.json"),
            "ly_roles.json does not agree with its manifest",
        ),
        (lambda members: members.update({"../evil": ""}), "evil does not agree with its manifest"),
        (
            lambda members: members.update({"tables/ly_roles.json": TEXT + "\n"}),
            "ly_roles.json is not what its manifest says",
        ),
        (lambda members: members.update({"manifest.json": "{"}), "manifest of the archive is damaged"),
        (lambda members: members.update({"manifest.json": "[]"}), "manifest of the archive is damaged"),
        (manifest_with(format="other"), "no archive of a repository"),
        (manifest_with(format_version=2), "has format 2; this version reads 1"),
        (manifest_with(tables={"ly_roles": {}}), "manifest of the archive is damaged"),
        (
            manifest_with(secrets={"scheme": "rot13", "salt": "", "check": ""}),
            "manifest of the archive is damaged",
        ),
        (
            manifest_with(migrations={"framework": "0099_future"}, product_version="9.0.0"),
            "version 9.0.0, whose migration framework 0099_future is not known here: upgrade first",
        ),
    ],
)
def test_what_is_wrong_is_named(file: Path, change: Callable[[dict[str, str]], object], message: str) -> None:
    members = contents()
    change(members)
    with pytest.raises(MalformedRequest, match=message):
        read_source(write(file, members), ALL)


def test_a_number_of_rows_that_does_not_agree_is_named(file: Path) -> None:
    members = contents()
    manifest = json.loads(members["manifest.json"])
    manifest["tables"]["ly_roles"]["rows"] = 1
    members["manifest.json"] = json.dumps(manifest)
    with pytest.raises(MalformedRequest, match=r"ly_roles\.json is not what its manifest says"):
        read_source(write(file, members), ALL)


def test_no_flipped_bit_gives_another_table(file: Path) -> None:
    whole = write(file, contents()).read_bytes()
    for position in range(len(whole)):
        flipped = whole[position] ^ 1 << position % 8
        file.write_bytes(whole[:position] + bytes([flipped]) + whole[position + 1 :])
        with suppress(MalformedRequest):
            assert read_source(file, ALL).document == {"ly_roles": []}
