"""Reading a repository from a file: an archive of ours, or one JSON file as the original writes it."""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from django.db.migrations.loader import MigrationLoader

from apps.setup.export import member_name
from apps.setup.manifest import MANIFEST_NAME, Manifest, TableEntry, read_manifest
from apps.setup.reading import parse_document
from apps.setup.selection import Selection
from liberty.errors import MalformedRequest

# What the library raises for a zip that is cut off, altered, encrypted or packed in another way.
_DAMAGED = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Source:
    """The tables of a file, `{table: [{column: value}]}`, not checked yet; an archive has a manifest."""

    document: dict[str, Any]
    manifest: Manifest | None = None


def is_archive(file: Path) -> bool:
    """Whether a file is an archive, and no JSON file. Raises MalformedRequest if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return is_zipfile(stream)
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be read: {exc.strerror}") from exc


def read_source(file: Path, selection: Selection) -> Source:
    """Return the selected tables of a file.

    Raises MalformedRequest if the file cannot be read, is damaged, was written by a newer version, or has
    not a table that was selected by name; RepositoryRejected if it is not JSON.
    """
    source = _archived(file, selection) if is_archive(file) else Source(parse_document(_content(file)))
    for name in selection.only:
        if name not in source.document:
            raise MalformedRequest(f"{file} has no table {name}")
    tables = {name: rows for name, rows in source.document.items() if selection.has(name)}
    return Source(tables, source.manifest)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be read: {exc.strerror}") from exc


def _archived(file: Path, selection: Selection) -> Source:
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive)
            _check_names(archive.namelist(), manifest.tables)
            tables = {
                name: _table(archive, name, entry)
                for name, entry in manifest.tables.items()
                if selection.has(name)
            }
    except _DAMAGED as exc:
        raise MalformedRequest(f"The archive {file} is damaged") from exc
    return Source(tables, manifest)


def _manifest(archive: ZipFile) -> Manifest:
    if MANIFEST_NAME not in archive.namelist():
        raise MalformedRequest("The file is a zip, and no archive of a repository")
    manifest = read_manifest(archive.read(MANIFEST_NAME))
    _check_migrations(manifest)
    return manifest


def _check_migrations(manifest: Manifest) -> None:
    """Refuse an archive whose tables may have what ours have not."""
    known = MigrationLoader(None).disk_migrations
    for app, name in manifest.migrations.items():
        if (app, name) not in known:
            raise MalformedRequest(
                f"The archive was written by version {manifest.product_version}, whose migration {app} {name}"
                " is not known here: upgrade first"
            )


def _check_names(names: Iterable[str], tables: Iterable[str]) -> None:
    expected = {MANIFEST_NAME, *map(member_name, tables)}
    found = list(names)
    if sorted(found) != sorted(expected):
        wrong = sorted(expected.symmetric_difference(found)) or [MANIFEST_NAME]
        raise MalformedRequest(f"The archive is damaged: {wrong[0][:80]} does not agree with its manifest")


def _table(archive: ZipFile, name: str, entry: TableEntry) -> object:
    content = archive.read(member_name(name))
    document = parse_document(content)
    rows = document.get(name)
    is_whole = (
        hashlib.sha256(content).hexdigest() == entry.sha256
        and list(document) == [name]
        and isinstance(rows, list)
        and len(rows) == entry.rows
    )
    if not is_whole:
        raise MalformedRequest(f"The archive is damaged: {member_name(name)} is not what its manifest says")
    return rows
