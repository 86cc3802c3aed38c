"""Which columns of the framework tables hold secrets, and what is shown, taken and stored for them.

The rules are the contract's (section 0, decisions 6 and 7): secrets do not travel. A reader gets the
stand-in, also for a column that is empty. A writer sends the stand-in back to leave a secret as it is, clear
text, or `ENC:` text that our own `encrypt` minted moments ago. What is stored is a one-way hash for users
and a text under our own key for everything that we must present to another system.
"""

import time
from collections.abc import Callable
from enum import Enum
from typing import Final, Literal

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from liberty.crypto import decrypt_transport, encrypt_stored, is_encrypted
from liberty.errors import DecryptionFailed, MalformedRequest

SECRET_COLUMNS: Final = frozenset(
    {
        ("ly_users", "usr_password"),
        ("ly_applications", "apps_password"),
        ("ly_api", "api_password"),
        ("ly_api_conn", "conn_password"),
    }
)
"""(table, column), in lower case."""

SECRET_TABLES: Final = frozenset(table for table, _ in SECRET_COLUMNS)

SECRET_POSITIONS: Final = (
    ("ly_users", "usr_password", 1),
    ("ly_applications", "apps_password", 10),
    ("ly_api", "api_password", 6),
    ("ly_api_conn", "conn_password", 4),
)
"""(table, column, place from 0) for stored SQL that inserts by position."""

STAND_IN: Final = "ENC:********"
# Begins with `ENC:`, because the original's client encrypts what does not.

MAX_PASSWORD_BYTES: Final = 1024
"""Longest password of a user, in UTF-8: what is longer is refused before any work is done on it."""

_NAMES = frozenset(column for _, column in SECRET_COLUMNS)
_HASHED = frozenset({"usr_password"})


class Keep(Enum):
    """The answer of `prepare_written` to the stand-in."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


def is_secret(name: str, origin: tuple[str, str] | None = None) -> bool:
    """Whether a column holds a secret: by the name it has in the result, or by where it comes from.

    `origin` is (table, column), where the driver tells it: an alias in stored SQL hides nothing.
    """
    if name.lower() in _NAMES:
        return True
    return origin is not None and (origin[0].lower(), origin[1].lower()) in SECRET_COLUMNS


def prepare_written(
    column: str, value: object, *, clock: Callable[[], float] = time.time
) -> str | Literal[Keep.KEEP] | None:
    """Return what to store in the secret `column` for a `value` that a caller wrote.

    KEEP stands for "leave as it is". None and the empty text remove the secret. Anything else is hashed
    (users) or encrypted (others), a text that looks like a hash as well: it is a clear text like another.
    Raises MalformedRequest for `ENC:` text that is not fresh from `encrypt`, for what is no text, and for a
    user's password that AUTH_PASSWORD_VALIDATORS refuse.
    A password that begins with `ENC:` is written by encrypting it for transport first.
    """
    if value is None or value == "":
        return None
    if value == STAND_IN:
        return KEEP
    name = column.upper()
    if not isinstance(value, str):
        raise MalformedRequest(f"{name}: a secret is a text")
    clear = _clear_text(name, value, clock)
    return _new_hash(name, clear) if column.lower() in _HASHED else encrypt_stored(clear)


def hash_password(clear: str) -> str:
    """Return the one-way hash that is stored for a user's password.

    Raises MalformedRequest if the password could never be used to sign in.
    """
    if not is_usable_password(clear):
        raise MalformedRequest(f"A password is a text of 1 to {MAX_PASSWORD_BYTES} bytes")
    return make_password(clear)


def is_usable_password(clear: str) -> bool:
    try:
        return 0 < len(clear.encode()) <= MAX_PASSWORD_BYTES
    except UnicodeEncodeError:
        return False


def posted_clear_text(posted: str, *, clock: Callable[[], float] = time.time) -> str:
    """Return the clear text of a secret at the door: as it is, or encrypted for transport moments ago.

    Raises DecryptionFailed for every other text that begins with `ENC:`, stored and imported ones included.
    """
    return decrypt_transport(posted, clock=clock) if is_encrypted(posted) else posted


def _new_hash(name: str, clear: str) -> str:
    try:
        validate_password(clear)
    except ValidationError as exc:
        raise MalformedRequest(f"{name}: {' '.join(exc.messages)}") from exc
    return hash_password(clear)


def _clear_text(name: str, posted: str, clock: Callable[[], float]) -> str:
    try:
        return posted_clear_text(posted, clock=clock)
    except DecryptionFailed as exc:
        raise MalformedRequest(f"{name}: {exc.message}") from exc
