"""Passwords of a repository: what is known of them, and what is stored in their place.

An installation of the original holds passwords as texts that its master key reads. With that key they become
what we store ourselves: hashes of users' passwords, and texts under our own key of everything that must be
presented to another system. Without it they stay as they are: nobody signs in with them, no pool opens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.hashers import check_password

from apps.setup.faults import Faults
from apps.setup.reading import Rows
from apps.setup.repository import Key, Row, framework_tables
from liberty.crypto import decrypt_original, decrypt_stored, encrypt_stored, is_encrypted, reads_stored
from liberty.errors import DecryptionFailed
from liberty.passphrase import PassphraseKey, is_sealed
from liberty.secrets import MAX_PASSWORD_BYTES, SECRET_COLUMNS, STAND_IN, hash_password, is_usable_password

UNREAD = "the master key does not read the password; the key is wrong or the text damaged"
SEALED = "the password is encrypted under a passphrase that does not read it"

_USERS: Final = "ly_users"


@dataclass(frozen=True, slots=True)
class Keys:
    """What the secrets of a file are read by, each where there is one: no key, and they stay as they are."""

    master_key: str | None = field(default=None, repr=False)
    passphrase: PassphraseKey | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of the file: its text there, and the clear text behind it where that can be read."""

    text: str = field(repr=False)
    clear: str | None = field(repr=False)


Secrets = Mapping[tuple[str, Key], Secret]
"""By table and key of the row; no table has two secret columns. Empty texts are no secrets."""


def secret_position(table: str) -> int | None:
    """Return the position of the table's secret column, or None if it has none."""
    column = dict(SECRET_COLUMNS).get(table)
    return None if column is None else framework_tables()[table].position(column)


def read_secrets(repository: Mapping[str, Rows], *, keys: Keys, faults: Faults) -> Secrets:
    """Return the secrets of a repository.

    A fault is added for each text that its key does not read, and for each password that could never be used
    to sign in. Without a master key texts of the original are no fault; texts under a passphrase always need
    theirs, since nothing could be done with them later.
    """
    found: dict[tuple[str, Key], Secret] = {}
    for table, key, text in secret_texts(repository):
        place = framework_tables()[table].describe(key)
        try:
            clear = clear_text(text, keys, place)
        except DecryptionFailed:
            faults.add(f"{place}: {SEALED if is_sealed(text) else UNREAD}")
            continue
        if table == _USERS and clear and not is_usable_password(clear):
            faults.add(f"{place}: the password is longer than {MAX_PASSWORD_BYTES} bytes")
        found[table, key] = Secret(text, clear)
    return found


def stored_form(table: str, secret: Secret, stored: str | None) -> str | None:
    """Return what to store for a secret of the file, given what is stored now (None: nothing).

    That stays where it means the same: hashes and encrypted texts differ each time they are made. It also
    stays where the file has a text that cannot be read, or the stand-in for a secret that was left out.
    """
    if secret.text == STAND_IN:
        return stored
    if secret.clear is None:
        return stored if is_of_use(stored) else secret.text
    if table == _USERS:
        if not secret.clear:  # an encrypted empty text: nobody signs in with that
            return None
        is_same = stored is not None and check_password(secret.clear, stored)
        return stored if is_same else hash_password(secret.clear)
    is_same = stored is not None and reads_stored(stored) and decrypt_stored(stored) == secret.clear
    return stored if is_same else encrypt_stored(secret.clear)


def is_of_use(stored: str | None) -> bool:
    """Whether a stored secret is one that we can check or present."""
    return stored is not None and stored != "" and (not is_encrypted(stored) or reads_stored(stored))


def secret_texts(repository: Mapping[str, Rows]) -> Iterator[tuple[str, Key, str]]:
    for table, rows in repository.items():
        position = secret_position(table)
        if position is None:
            continue
        yield from ((table, key, row[position]) for key, row in rows.items() if row[position])


def clear_text(text: str, keys: Keys, place: str) -> str | None:
    """Return the clear text, or None without a key to read it by. Raises DecryptionFailed for a wrong key."""
    if text == STAND_IN:
        return None
    if is_sealed(text):
        return _opened(text, keys.passphrase, place)
    if not is_encrypted(text) or reads_stored(text):
        return decrypt_stored(text)
    return None if keys.master_key is None else decrypt_original(text, keys.master_key)


def _opened(text: str, key: PassphraseKey | None, place: str) -> str:
    if key is None:
        raise DecryptionFailed(SEALED)
    return key.open(text, place=place)


def with_secret(row: Row, position: int, value: str | None) -> Row:
    """Return the row with another value at a position."""
    return (*row[:position], value, *row[position + 1 :])
