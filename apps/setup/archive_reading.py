"""Reading a repository from a file: an archive of ours, or one JSON file as the original writes it.

A file may be made to do harm: nothing of it is unpacked to the disk, and no more of it is held in memory than
LIBERTY_IMPORT_MAX_BYTES, however small it is before it is unpacked.
"""

import hashlib
import io
import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from apps.setup.export import member_name
from apps.setup.manifest import MANIFEST_NAME, Manifest, TableEntry, read_manifest
from apps.setup.reading import parse_document
from apps.setup.selection import Selection
from liberty.errors import MalformedRequest

MAX_MANIFEST_BYTES: Final = 1024 * 1024
NO_REPOSITORY: Final = "The file is a zip, and no archive of a repository"

_HEAD = b"PK\x03\x04"
_CHUNK_BYTES = 64 * 1024
# The library reads the directory of a zip at once, which is some 100 bytes a table.
_MAX_READ_BYTES = 1024 * 1024
_ENCRYPTED = 0x1  # flag of a member
# What the library raises for a zip that is cut off, altered or put together in another way.
_DAMAGED = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
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
    """Whether a file is an archive, also one that is cut off, and no JSON file.

    Raises MalformedRequest if it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(len(_HEAD)) == _HEAD or is_zipfile(stream)
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be read: {exc.strerror}") from exc


def read_source(file: Path, selection: Selection) -> Source:
    """Return the selected tables of a file.

    Raises MalformedRequest if the file cannot be read, is damaged or too large, was written by a newer
    version, or has not a table that was selected by name; RepositoryRejected if it is not JSON.
    """
    source = _archived(file, selection) if is_archive(file) else Source(parse_document(_content(file)))
    for name in selection.only:
        if name not in source.document:
            raise MalformedRequest(f"{file} has no table {name}")
    tables = {name: rows for name, rows in source.document.items() if selection.has(name)}
    return Source(tables, source.manifest)


class _Reader(io.FileIO):
    """A file that hands out little at a time, whatever the directory of a zip says of its own size."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _MAX_READ_BYTES + 1 if size is None or size < 0 else size
        content = super().read(min(wanted, _MAX_READ_BYTES + 1)) or b""
        if len(content) > _MAX_READ_BYTES:
            raise BadZipFile("too large a part")
        return content


def _content(file: Path) -> bytes:
    most: int = settings.LIBERTY_IMPORT_MAX_BYTES
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be read: {exc.strerror}") from exc
    if len(content) > most:
        raise _too_large(file)
    return content


def _too_large(file: Path) -> MalformedRequest:
    most = settings.LIBERTY_IMPORT_MAX_BYTES
    return MalformedRequest(f"{file} holds more than {most} bytes (LIBERTY_IMPORT_MAX_BYTES)")


def _archived(file: Path, selection: Selection) -> Source:
    try:
        with _Reader(file) as stream, ZipFile(stream) as archive:
            members = _members(archive)
            manifest = _manifest(archive, members)
            _check_names(members, manifest.tables)
            wanted = {name: members[member_name(name)] for name in manifest.tables if selection.has(name)}
            if sum(member.file_size for member in wanted.values()) > settings.LIBERTY_IMPORT_MAX_BYTES:
                raise _too_large(file)
            tables = {
                name: _table(archive, name, member, manifest.tables[name]) for name, member in wanted.items()
            }
    except _DAMAGED as exc:
        raise MalformedRequest(f"The archive {file} is damaged, or not whole") from exc
    return Source(tables, manifest)


def _members(archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the members of an archive by name, if all of them can be read and are told apart."""
    found = archive.infolist()
    (name, count), *_ = Counter(member.filename for member in found).most_common(1) or [("", 0)]
    if count > 1:
        raise MalformedRequest(f"The archive has {_shown(name)} twice")
    for member in found:
        if member.flag_bits & _ENCRYPTED:
            raise MalformedRequest(f"The archive is encrypted: {_shown(member.filename)} cannot be read")
        # Others unpack without a bound.
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise MalformedRequest(f"{_shown(member.filename)} is packed in a way that is not read here")
    return {member.filename: member for member in found}


def _manifest(archive: ZipFile, members: dict[str, ZipInfo]) -> Manifest:
    if MANIFEST_NAME not in members:
        raise MalformedRequest(NO_REPOSITORY)
    member = members[MANIFEST_NAME]
    if member.file_size > MAX_MANIFEST_BYTES:
        raise MalformedRequest(f"The manifest of the archive has more than {MAX_MANIFEST_BYTES} bytes")
    manifest = read_manifest(_unpacked(archive, member))
    _check_migrations(manifest)
    return manifest


def _unpacked(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return what a member holds, piece by piece: read at once it may unpack to more than it says."""
    with archive.open(member) as stream:
        return b"".join(iter(lambda: stream.read(_CHUNK_BYTES), b""))


def _check_migrations(manifest: Manifest) -> None:
    """Refuse an archive whose tables may have what ours have not."""
    known = MigrationLoader(None).disk_migrations
    for app, name in manifest.migrations.items():
        if (app, name) not in known:
            raise MalformedRequest(
                f"The archive was written by version {_shown(manifest.product_version)}, whose migration"
                f" {_shown(app)} {_shown(name)} is not known here: upgrade first"
            )


def _check_names(found: Iterable[str], tables: Iterable[str]) -> None:
    expected = {MANIFEST_NAME, *map(member_name, tables)}
    for name in sorted(expected.symmetric_difference(found)):
        raise MalformedRequest(f"The archive is damaged: {_shown(name)} does not agree with its manifest")


def _table(archive: ZipFile, name: str, member: ZipInfo, entry: TableEntry) -> object:
    content = _unpacked(archive, member)
    is_whole = hashlib.sha256(content).hexdigest() == entry.sha256
    document = parse_document(content) if is_whole else {}
    rows = document.get(name)
    if list(document) != [name] or not isinstance(rows, list) or len(rows) != entry.rows:
        raise MalformedRequest(
            f"The archive is damaged: {_shown(member.filename)} is not what its manifest says"
        )
    return rows


def _shown(name: str) -> str:
    """Return a name of the file as it may stand in a message."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])
