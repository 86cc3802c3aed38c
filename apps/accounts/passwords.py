"""Checking a password against what is stored for a user, in the same time whatever is stored."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.hashers import identify_hasher, make_password, verify_password
from django.utils.crypto import constant_time_compare, get_random_string

from liberty.crypto import decrypt_stored, reads_stored
from liberty.errors import DecryptionFailed
from liberty.secrets import is_usable_password, posted_clear_text


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right, and whether what is stored should give way to a new hash of it."""

    is_correct: bool
    is_outdated: bool = False


_WRONG = Verdict(is_correct=False)


def clear_text(posted: str) -> str | None:
    """Return the clear text of a posted password: as it is, or encrypted for transport moments ago.

    None for what cannot be anybody's password: nothing, too much, and any other text that begins with
    `ENC:`, a stored or imported one included.
    """
    try:
        clear = posted_clear_text(posted)
    except DecryptionFailed:
        return None
    return clear if is_usable_password(clear) else None


def check(clear: str | None, stored: str | None) -> Verdict:
    """Check a password against the column of a user; None stands for no password, no user, an empty column.

    A hash is right for its password, an `ENC:` text that one of our own keys reads for its clear text;
    everything else is right for nothing, a stored clear text included. Exactly one hash is computed in
    every case, so that the time tells nothing.
    """
    decoy = _decoy()
    hashed = stored if stored is not None and _is_hash(stored) else None
    is_correct, is_outdated = verify_password(clear or "", hashed or decoy)
    if clear is None or stored is None:
        return _WRONG
    if hashed is not None:
        return Verdict(is_correct, is_outdated=is_correct and is_outdated)
    if reads_stored(stored) and constant_time_compare(decrypt_stored(stored), clear):
        return Verdict(is_correct=True, is_outdated=True)
    return _WRONG


def _is_hash(stored: str) -> bool:
    """Whether one of our hashers can read `stored`; a damaged hash would make it fail in the middle."""
    try:
        identify_hasher(stored).decode(stored)
    except (ValueError, AssertionError):
        return False
    return True


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash that is right for no password, at the cost of the others."""
    return make_password(get_random_string(40))
