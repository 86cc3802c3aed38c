"""Archives that are damaged, foreign or newer."""

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from pytest_django import Settings

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


def write(file: Path, members: dict[str, str], packing: int = ZIP_DEFLATED) -> Path:
    with ZipFile(file, "w", packing) as archive:
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
        (manifest_with(tables=[]), "manifest of the archive is damaged"),
        (manifest_with(format_version="9" * 4000), "has format 9{20}; this version reads 1"),
        (
            manifest_with(migrations={"framework": "\x1b[2J"}),
            r"whose migration framework \?\[2J is not known here",
        ),
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


def refused(file: Path) -> str:
    """Return why the file is refused."""
    with pytest.raises(MalformedRequest) as refusal:
        read_source(file, ALL)
    return str(refusal.value)


NOT_WHOLE = "The archive is damaged: tables/ly_roles.json is not what its manifest says"
DAMAGED_MANIFEST = "The manifest of the archive is damaged"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1", NOT_WHOLE),
        ("10000000000000000000000", NOT_WHOLE),
        ("-1", DAMAGED_MANIFEST),
        ("1e999", DAMAGED_MANIFEST),
        ("0.0", DAMAGED_MANIFEST),
        ("NaN", DAMAGED_MANIFEST),
        ("-Infinity", DAMAGED_MANIFEST),
        ("true", DAMAGED_MANIFEST),
        ("null", DAMAGED_MANIFEST),
        ('"0"', DAMAGED_MANIFEST),
        ("[0]", DAMAGED_MANIFEST),
        ("9" * 5000, DAMAGED_MANIFEST),
        ("[" * 100_000, DAMAGED_MANIFEST),
    ],
    ids=lambda text: text[:20],
)
def test_a_number_of_rows_that_is_wrong_or_none_is_told(file: Path, rows: str, message: str) -> None:
    members = contents()
    members["manifest.json"] = members["manifest.json"].replace('"rows": 0', f'"rows": {rows}')
    assert refused(write(file, members)) == message


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "C:\\evil", "tables/", "tables/../tables/ly_roles.json", "x" * 500],
    ids=lambda name: name[:20],
)
def test_other_files_are_refused(file: Path, name: str) -> None:
    message = refused(write(file, contents() | {name: "x"}))
    shown = name[:80].replace("\\", "\\")
    assert message == f"The archive is damaged: {shown} does not agree with its manifest"


def test_a_name_does_not_write_to_the_terminal(file: Path) -> None:
    message = refused(write(file, contents() | {"\x1b[2J\n": "x"}))
    assert message == "The archive is damaged: ?[2J? does not agree with its manifest"


def test_a_file_that_is_there_twice_is_refused(file: Path) -> None:
    write(file, contents())
    with ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("tables/ly_roles.json", TEXT)
    assert refused(file) == "The archive has tables/ly_roles.json twice"


@pytest.mark.parametrize("packing", [ZIP_BZIP2, ZIP_LZMA])
def test_what_unpacks_without_a_bound_is_refused(file: Path, packing: int) -> None:
    write(file, {"tables/ly_roles.json": TEXT}, packing)
    assert refused(file) == "tables/ly_roles.json is packed in a way that is not read here"


def test_an_unknown_packing_is_refused(file: Path) -> None:
    write(file, contents())
    # The number of the packing stands before the time in both heads of a member.
    file.write_bytes(file.read_bytes().replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00"))
    assert refused(file) == "tables/ly_roles.json is packed in a way that is not read here"


def test_an_encrypted_file_is_refused(file: Path) -> None:
    write(file, contents())
    file.write_bytes(file.read_bytes().replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x01\x00\x08\x00"))
    assert refused(file) == "The archive is encrypted: tables/ly_roles.json cannot be read"


def test_every_archive_that_is_cut_off_is_refused(file: Path) -> None:
    whole = write(file, contents()).read_bytes()
    for length in range(4, len(whole)):
        file.write_bytes(whole[:length])
        assert refused(file) == f"The archive {file} is damaged, or not whole"


# Bombs


def test_a_table_that_is_large_once_it_is_unpacked_is_not_unpacked(file: Path, settings: Settings) -> None:
    settings.LIBERTY_IMPORT_MAX_BYTES = 1_000_000
    members = contents() | {"tables/ly_roles.json": " " * 1_000_001}
    message = refused(write(file, members))
    assert message == f"{file} holds more than 1000000 bytes (LIBERTY_IMPORT_MAX_BYTES)"
    assert file.stat().st_size < 5_000


def test_tables_that_are_large_together_are_not_unpacked(file: Path, settings: Settings) -> None:
    settings.LIBERTY_IMPORT_MAX_BYTES = len(TEXT)
    members = contents()
    assert read_source(write(file, members), ALL).document == {"ly_roles": []}
    manifest = json.loads(members["manifest.json"])
    manifest["tables"]["ly_enum"] = manifest["tables"]["ly_roles"]
    members |= {"manifest.json": json.dumps(manifest), "tables/ly_enum.json": TEXT}
    assert "holds more than" in refused(write(file, members))
    assert read_source(file, Selection(only=("ly_roles",))).document == {"ly_roles": []}


def test_a_table_that_is_larger_than_it_says_is_not_unpacked(file: Path) -> None:
    """Its size of 50 MB is written down as that of the text that the manifest knows."""
    large = 50_000_000
    write(file, contents() | {"tables/ly_roles.json": " " * large})
    said = file.read_bytes().replace(large.to_bytes(4, "little"), len(TEXT).to_bytes(4, "little"))
    file.write_bytes(said)
    tracemalloc.start()
    try:
        message = refused(file)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert message == f"The archive {file} is damaged, or not whole"
    assert most < large / 10


def test_a_large_manifest_is_not_unpacked(file: Path) -> None:
    message = refused(write(file, {"manifest.json": " " * 2_000_000}))
    assert message == "The manifest of the archive has more than 1048576 bytes"


def test_a_zip_of_very_many_files_is_refused_before_they_are_counted(file: Path) -> None:
    members = {f"{number}/{'x' * 200}": "" for number in range(6000)}
    assert refused(write(file, contents() | members)) == f"The archive {file} is damaged, or not whole"


def test_a_zip_in_a_zip_is_no_table(file: Path) -> None:
    inner = write(file, contents()).read_bytes()
    with ZipFile(file, "w") as archive:
        archive.writestr("tables/ly_roles.json", inner)
        archive.writestr("manifest.json", contents()["manifest.json"])
    assert refused(file) == NOT_WHOLE


def test_a_large_json_file_is_not_read(file: Path, settings: Settings) -> None:
    file.write_text(TEXT)
    settings.LIBERTY_IMPORT_MAX_BYTES = len(TEXT)
    assert read_source(file, ALL).document == {"ly_roles": []}
    settings.LIBERTY_IMPORT_MAX_BYTES = len(TEXT) - 1
    assert "holds more than" in refused(file)


def test_no_flipped_bit_gives_another_table(file: Path) -> None:
    whole = write(file, contents()).read_bytes()
    for position in range(len(whole)):
        flipped = whole[position] ^ 1 << position % 8
        file.write_bytes(whole[:position] + bytes([flipped]) + whole[position + 1 :])
        with suppress(MalformedRequest):
            assert read_source(file, ALL).document == {"ly_roles": []}
