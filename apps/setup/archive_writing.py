"""Writing an archive as a stream: a zip that is the same, byte for byte, for the same content."""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# Bytes that are collected before they are handed on.
CHUNK_BYTES = 64 * 1024

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time, and none is wanted
_UNIX = 3
_LEVEL = 6


class ArchiveWriter:
    """A zip that is handed on while it is written: nothing but the last CHUNK_BYTES is kept."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._zip = ZipFile(cast(IO[bytes], self._outlet), "w", ZIP_DEFLATED, compresslevel=_LEVEL)

    def member(self, name: str, pieces: Iterable[str]) -> Generator[bytes, None, str]:
        """Write a member while it is consumed, yield what is ready of the zip, and return its SHA-256."""
        digest = hashlib.sha256()
        # The size is not known before, and may need more than 32 bits.
        with self._zip.open(_info(name), "w", force_zip64=True) as member:
            for piece in pieces:
                content = piece.encode()
                digest.update(content)
                member.write(content)
                yield from self._outlet.ready()
        return digest.hexdigest()

    def end(self) -> Iterator[bytes]:
        """Write the directory of the zip and yield what is left."""
        self._zip.close()
        yield self._outlet.rest()


class _Outlet:
    """Where the zip writes to: a file that cannot be rewound."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, content: Any) -> int:
        part = bytes(content)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def flush(self) -> None:
        """Nothing waits here for anything."""

    def ready(self) -> Iterator[bytes]:
        if self._size >= CHUNK_BYTES:
            yield self.rest()

    def rest(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        return content


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, date_time=_EARLIEST)
    info.compress_type = ZIP_DEFLATED
    info.create_system = _UNIX  # Python notes the system that it runs on
    info.external_attr = 0o600 << 16
    return info
