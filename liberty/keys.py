"""Make the secrets of an installation that has none: `python -m liberty.keys`.

Run again it changes nothing. A key is written whole or not at all, and one that is there is never replaced.
`python -m liberty.keys --show-new` only shows a new encryption key, for `manage.py rotate_key`.
"""

import base64
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import django
from django.db import Error, connection

from liberty.configuration import ConfigurationRefused

ENCRYPTION_KEY_BYTES = 32


class KeysRefused(Exception):
    """A key is missing that must not be made anew; the text says what to do."""


@dataclass(frozen=True)
class Secret:
    """A secret by its file's name and the environment variable that may hold it instead."""

    file_name: str
    variable: str
    make: Callable[[], str]


def make_secret_key() -> str:
    return secrets.token_urlsafe(48)


def make_encryption_key() -> str:
    """Return 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(ENCRYPTION_KEY_BYTES)).decode()


SECRET_KEY = Secret("secret_key", "LIBERTY_SECRET_KEY", make_secret_key)
ENCRYPTION_KEY = Secret("encryption_key", "LIBERTY_ENCRYPTION_KEY", make_encryption_key)


def ensure_secret(secret: Secret, folder: Path, *, known: str) -> Path | None:
    """Write a new secret below `folder`, unless one is `known` to the settings; return the new file.

    Raises KeysRefused where its file is empty, or the environment names another file that is not there:
    that is a lost secret, not a new installation.
    """
    if known:
        return None
    named = os.environ.get(f"{secret.variable}_FILE")
    if named:
        raise KeysRefused(f"{secret.variable}_FILE names {named}, which is missing or empty")
    file = folder / secret.file_name
    if file.exists():
        raise KeysRefused(f"{file} is empty: put it back from your backup")
    _write_new(file, secret.make())
    return file


def _write_new(file: Path, text: str) -> None:
    """Write a file of mode 600 in a folder of mode 700; one that appears meanwhile wins."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    # mkstemp gives mode 600. The hard link appears complete or not at all, and fails where a file is.
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w") as output:
            output.write(text + "\n")
            output.flush()
            os.fsync(output.fileno())
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)


def ensure_keys(
    folder: Path, *, secret_key: str, encryption_key: str, framework_exists: Callable[[], bool]
) -> list[Path]:
    """Make what is missing of both secrets below `folder` and return the new files.

    `secret_key` and `encryption_key` are what the settings know, empty where nothing. Raises KeysRefused,
    before anything is written, where the encryption key is missing although the framework database is
    there: what is encrypted in it would be lost behind a new key.
    """
    if not encryption_key and framework_exists():
        raise KeysRefused(
            f"the framework database exists, but its encryption key is gone: put {folder / 'encryption_key'} "
            "back from your backup, or set LIBERTY_ENCRYPTION_KEY"
        )
    made = (
        ensure_secret(SECRET_KEY, folder, known=secret_key),
        ensure_secret(ENCRYPTION_KEY, folder, known=encryption_key),
    )
    return [file for file in made if file]


def framework_exists() -> bool:
    """Whether the framework database has a table already. Raises django.db.Error if it cannot be asked."""
    django.setup()
    if connection.vendor == "uninstalled":
        return False
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False  # to ask SQLite is to make the file
    return bool(connection.introspection.table_names())


def main(arguments: Sequence[str] = ()) -> int:
    if list(arguments) == ["--show-new"]:
        print(make_encryption_key())
        return 0
    if arguments:
        print(f"Unknown argument: {arguments[0]}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liberty.settings.base")
    try:
        # The settings read the configuration file, which may need a key that is gone.
        from liberty.settings import base
    except ConfigurationRefused as refusal:
        print(f"Refused: {refusal}.", file=sys.stderr)
        return 1
    # The framework database will be in it, with everybody's password hash.
    base.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made = ensure_keys(
            base.VAR_DIR / "secrets",
            secret_key=base.SECRET_KEY,
            encryption_key=base.LIBERTY_ENCRYPTION_KEY,
            framework_exists=framework_exists,
        )
    except KeysRefused as refusal:
        print(f"Refused: {refusal}.", file=sys.stderr)
        return 1
    except Error as failure:
        print(f"The framework database cannot be asked whether it is new: {failure}", file=sys.stderr)
        return 1
    for file in made:
        print(f"Made {file}")
    if made:
        print("Back these files up: without them, stored passwords of databases cannot be read again.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
