"""What stands in an export in the place of a password.

No clear text and no hash leaves an installation. What is left out is marked by the stand-in, which an import
takes for "leave as it is".
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from apps.setup.embedded_secrets import without_embedded
from apps.setup.imported_secrets import secret_position, with_secret
from apps.setup.repository import RepositoryTable, Row
from liberty.crypto import decrypt_original, decrypt_stored, encrypt_original
from liberty.errors import DecryptionFailed
from liberty.passphrase import PassphraseKey
from liberty.secrets import STAND_IN

_USERS: Final = "ly_users"

Form = Callable[[RepositoryTable, Row], str | None]
"""Returns the text for the secret of a row of a table that has one."""


def without_secrets(table: RepositoryTable, rows: Iterable[Row], form: Form) -> Iterator[Row]:
    """Yield the rows with their secrets in a form that may leave."""
    position = secret_position(table.name)
    for row in rows:
        open_row = without_embedded(table, row)
        yield open_row if position is None else with_secret(open_row, position, form(table, row))


def left_out(table: RepositoryTable, row: Row) -> str:
    """Return the stand-in, whether there is a secret or not: a copy gives the same export as its origin."""
    return STAND_IN


def sealed_under(key: PassphraseKey) -> Form:
    """Return the form that is encrypted under a passphrase: of what we can read and is no user's hash."""

    def seal(table: RepositoryTable, row: Row) -> str | None:
        stored = _stored(table, row)
        if table.name == _USERS:
            return STAND_IN
        clear = _readable(stored)
        if not clear:
            return STAND_IN if stored else stored
        return key.seal(clear, place=table.describe(table.key_of(row)))

    return seal


def for_original(master_key: str | None) -> Form:
    """Return the form that an installation of the original with this master key reads, if there is a key."""

    def encrypt(table: RepositoryTable, row: Row) -> str | None:
        stored = _stored(table, row)
        if not stored:
            return stored
        if master_key is None:
            return STAND_IN
        if _is_of_original(stored, master_key):
            return stored
        clear = _readable(stored)
        return encrypt_original(clear, master_key) if clear else STAND_IN

    return encrypt


def _stored(table: RepositoryTable, row: Row) -> str | None:
    position = secret_position(table.name)
    stored: str | None = None if position is None else row[position]
    return stored


def _readable(stored: str | None) -> str | None:
    """Return the clear text, or None where there is none or nothing here reads it."""
    if not stored:
        return None
    try:
        return decrypt_stored(stored)
    except DecryptionFailed:
        return None


def _is_of_original(stored: str, master_key: str) -> bool:
    try:
        decrypt_original(stored, master_key)
    except DecryptionFailed:
        return False
    return True
