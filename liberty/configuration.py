"""The configuration file: which PostgreSQL database set-up has made the framework database.

It is read before Django has settings, so everything here is a function of the file and the keys.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from liberty.crypto import decrypt_stored_with
from liberty.errors import DecryptionFailed

FILE_NAME = "configuration.json"

Signature = tuple[int, int, int]
"""What changes with a file's content: inode, size in bytes, time of the last change in nanoseconds."""


class ConfigurationRefused(ImproperlyConfigured):
    """The configuration file is there and cannot be used; the text says why and what to do.

    The server does not start then: another database in its place would hide the data.
    """


@dataclass(frozen=True, slots=True)
class Configuration:
    """The framework database, as the file has it; `password` is in the stored form, `date` ISO in UTC."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    date: str


def read_configuration(file: Path) -> Configuration | None:
    """Return what the file says, or None if there is none. Raises ConfigurationRefused."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise ConfigurationRefused(f"{file} cannot be read: {exc.strerror}") from exc
    try:
        members: dict[str, Any] = json.loads(content)
        found = Configuration(**members)
        is_good = all(isinstance(getattr(found, name), kind) for name, kind in _KINDS.items())
    except (ValueError, TypeError):
        is_good = False
    if not is_good:
        raise ConfigurationRefused(f"{file} is damaged: put it back from your backup")
    return found


def write_configuration(file: Path, configuration: Configuration) -> None:
    """Write the file with mode 600, whole or not at all. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, json.dumps(asdict(configuration), indent=2, ensure_ascii=False) + "\n")


def write_private(file: Path, text: str) -> None:
    """Put a file of mode 600 in the place of what is there, whole or not at all. Raises OSError."""
    # mkstemp gives mode 600; a rename within a folder replaces at once.
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(text)
            output.flush()
            os.fsync(output.fileno())
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    # The name is safe only when the folder is. Some file systems refuse that; the file is in its place then
    # all the same, and others may have read it: a failure now would be told of what has happened.
    with suppress(OSError):
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def clear_password(file: Path, configuration: Configuration, keys: str) -> str:
    """Return the password in clear text, by `keys` as LIBERTY_ENCRYPTION_KEY has them.

    Raises ConfigurationRefused where none of them reads it.
    """
    try:
        return decrypt_stored_with(configuration.password, keys)
    except DecryptionFailed as exc:
        raise ConfigurationRefused(
            f"The password in {file} cannot be decrypted: put its key back from your backup, into "
            "LIBERTY_ENCRYPTION_KEY or the file that LIBERTY_ENCRYPTION_KEY_FILE names"
        ) from exc


def signature_of(file: Path) -> Signature | None:
    """Return the file's signature; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


_KINDS: dict[str, type] = {
    "host": str,
    "port": int,
    "database": str,
    "user": str,
    "password": str,
    "date": str,
}
