"""The log on this node: one file of JSON lines and one of plain text, both rotating.

Every process of the node appends to the same files. A lock file keeps two of them from rotating at once; it
is held for one batch of entries.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from liberty.api.json_text import dump

JSON_FILE, TEXT_FILE = "liberty.jsonl", "liberty.log"
_LOCK_FILE = ".lock"
_SHOWN_FIRST = ("timestamp", "level", "source", "request_id", "user", "method", "url", "message")
# A line is a line: neither ends of lines nor what moves a terminal's cursor get into one.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def append(entries: Iterable[Mapping[str, Any]]) -> None:
    """Write masked entries to both files. Raises OSError."""
    listed = list(entries)
    folder = Path(settings.LIBERTY_LOG_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder / _LOCK_FILE):
        _append(folder / JSON_FILE, b"".join(dump(entry) + b"\n" for entry in listed))
        _append(folder / TEXT_FILE, "".join(f"{plain(entry)}\n" for entry in listed).encode())


def newest_first() -> Iterator[dict[str, Any]]:
    """Yield the entries in the files of this node, those that are being written among them not yet.

    One file is held in memory at a time. A line that is no entry, cut off by a full disk, is left out.
    """
    file = Path(settings.LIBERTY_LOG_DIR) / JSON_FILE
    older = [Path(f"{file}.{number}") for number in range(1, settings.LIBERTY_LOG_FILES)]
    for part in (file, *older):
        try:
            lines = part.read_bytes().splitlines()
        except OSError:
            continue
        yield from (entry for line in reversed(lines) if (entry := _entry(line)) is not None)


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("timestamp"), str) else None


def plain(entry: Mapping[str, Any]) -> str:
    """Return an entry as one line of text."""
    known = [_text(entry[name]) for name in _SHOWN_FIRST if entry.get(name) not in (None, "")]
    others = [f"{_text(name)}={_text(value)}" for name, value in entry.items() if name not in _SHOWN_FIRST]
    return " ".join(known + others)


def _text(value: Any) -> str:
    return (value if isinstance(value, str) else dump(value).decode()).translate(_CONTROLS)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _append(file: Path, content: bytes) -> None:
    _rotate(file, len(content))
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as output:
        output.write(content)


def _rotate(file: Path, more: int) -> None:
    """Make room for `more` bytes: `file` becomes `file.1`, that `file.2`; the last one goes."""
    if not file.exists() or not file.stat().st_size:
        return
    if file.stat().st_size + more <= settings.LIBERTY_LOG_FILE_BYTES:
        return
    for number in range(settings.LIBERTY_LOG_FILES - 1, 1, -1):
        older = Path(f"{file}.{number - 1}")
        if older.exists():
            older.replace(f"{file}.{number}")
    if settings.LIBERTY_LOG_FILES > 1:
        file.replace(f"{file}.1")
    else:
        file.unlink()
