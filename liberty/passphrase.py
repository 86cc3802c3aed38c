"""Texts encrypted under a passphrase, for files that leave an installation.

The key is derived by Argon2id (RFC 9106, the second recommended choice of parameters), the text is sealed
with AES-256-GCM: `ENC:x1:<base64url of nonce and ciphertext>`. The salt belongs to the file, so a file costs
one derivation. A text opens only at the place that it was sealed for.
"""

import base64
import os
from dataclasses import dataclass, field
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liberty.errors import DecryptionFailed, MalformedRequest

HEAD: Final = "ENC:x1:"
SALT_BYTES: Final = 16
# Whoever has the file may guess as long as he likes.
MIN_PASSPHRASE_LENGTH: Final = 12
MAX_PASSPHRASE_BYTES: Final = 1024

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TIME_COST = 3
_MEMORY_KIB = 64 * 1024
_LANES = 4


@dataclass(frozen=True, slots=True)
class PassphraseKey:
    """A key for the texts of one file; `salt` stands in the file."""

    salt: bytes
    secret: bytes = field(repr=False)

    def seal(self, text: str, *, place: str) -> str:
        """Encrypt `text` for `place`, a name of where it will stand. Differs each time."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self.secret).encrypt(nonce, text.encode(), _bound(place))
        return HEAD + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, text: str, *, place: str) -> str:
        """Return the clear text. Raises DecryptionFailed for another key or place, or a damaged text."""
        try:
            blob = base64.b64decode(text.removeprefix(HEAD), altchars=b"-_", validate=True)
            nonce, sealed = blob[:_NONCE_BYTES], blob[_NONCE_BYTES:]
            return AESGCM(self.secret).decrypt(nonce, sealed, _bound(place)).decode()
        except (InvalidTag, ValueError):
            # `from None`: a UnicodeDecodeError would carry the clear bytes into the log.
            raise DecryptionFailed("The passphrase does not read an encrypted text") from None


def is_sealed(text: str) -> bool:
    return text.startswith(HEAD)


def new_key(passphrase: str) -> PassphraseKey:
    """Return a key for a new file. Raises MalformedRequest for a passphrase that is too short or too long."""
    if len(passphrase) < MIN_PASSPHRASE_LENGTH:
        raise MalformedRequest(f"A passphrase has at least {MIN_PASSPHRASE_LENGTH} characters")
    return derive_key(passphrase, os.urandom(SALT_BYTES))


def derive_key(passphrase: str, salt: bytes) -> PassphraseKey:
    """Return the key of a file with this salt; takes 64 MiB and some tenths of a second."""
    try:
        raw = passphrase.encode()
    except UnicodeEncodeError:
        raise MalformedRequest("The passphrase is not valid Unicode") from None
    if len(raw) > MAX_PASSPHRASE_BYTES:
        raise MalformedRequest(f"A passphrase has at most {MAX_PASSPHRASE_BYTES} bytes")
    secret = hash_secret_raw(
        raw,
        salt,
        time_cost=_TIME_COST,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
    return PassphraseKey(salt, secret)


def _bound(place: str) -> bytes:
    return f"{HEAD}{place}".encode()
