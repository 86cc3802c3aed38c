"""`ENC:` texts: the original's format, stored secrets under our own key, and passwords on their way to us.

Every encrypted text begins with `ENC:`, because that is how clients tell it from clear text:

| text | key | written by |
|---|---|---|
| `ENC:<base64>` | the master key of an installation of the original | the original; we for exchange with it |
| `ENC:v1:<key id>:<base64url>` | LIBERTY_ENCRYPTION_KEY | `encrypt_stored` |
| `ENC:t1:<base64url>` | derived from SECRET_KEY, good for five minutes | `encrypt_transport` |

None is readable as another: keys are derived per purpose, and the head of the text is authenticated.
No message and no `repr` here contains a key or a clear text.
"""

import base64
import os
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from liberty.errors import DecryptionFailed, MalformedRequest

PREFIX = "ENC:"
TRANSPORT_LIFETIME_S = 300
# A text minted by a node whose clock is ahead of ours is still good, by this many seconds.
CLOCK_TOLERANCE_S = 5

STORED_HEAD = f"{PREFIX}v1:"
_TRANSPORT_HEAD = f"{PREFIX}t1:"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_TIME = struct.Struct(">Q")
# Sizes and rounds of the original, contract section 8.
_ORIGINAL_SALT_BYTES = 64
_ORIGINAL_IV_BYTES = 16
_ORIGINAL_ROUNDS = 2145


def is_encrypted(text: str) -> bool:
    """Whether a client takes `text` for encrypted, whoever wrote it."""
    return text.startswith(PREFIX)


# The original's format


def encrypt_original(text: str, master_key: str) -> str:
    """Encrypt `text` so that an installation of the original with this master key reads it."""
    salt, iv = os.urandom(_ORIGINAL_SALT_BYTES), os.urandom(_ORIGINAL_IV_BYTES)
    sealed = AESGCM(_original_key(master_key, salt)).encrypt(iv, _utf8(text), None)
    # The library puts the tag after the ciphertext, the original before it.
    ciphertext, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    return PREFIX + base64.b64encode(salt + iv + tag + ciphertext).decode()


def decrypt_original(text: str, master_key: str) -> str:
    """Return the clear text of an `ENC:` text of the original.

    Raises DecryptionFailed if the text is damaged or was written with another master key; GCM cannot
    tell which of the two.
    """
    blob = _decoded(text.removeprefix(PREFIX), altchars=b"+/") if is_encrypted(text) else b""
    head = _ORIGINAL_SALT_BYTES + _ORIGINAL_IV_BYTES
    if len(blob) < head + _TAG_BYTES:
        raise DecryptionFailed("This is not an encrypted text of the original")
    salt, iv = blob[:_ORIGINAL_SALT_BYTES], blob[_ORIGINAL_SALT_BYTES:head]
    tag, ciphertext = blob[head : head + _TAG_BYTES], blob[head + _TAG_BYTES :]
    return _opened(_original_key(master_key, salt), iv, ciphertext + tag, None)


def _original_key(master_key: str, salt: bytes) -> bytes:
    if not master_key:
        raise DecryptionFailed("The master key of the original is missing")
    kdf = PBKDF2HMAC(hashes.SHA512(), length=_KEY_BYTES, salt=salt, iterations=_ORIGINAL_ROUNDS)
    return kdf.derive(_utf8(master_key))


# Stored secrets


def encrypt_stored(text: str) -> str:
    """Encrypt `text` under the first key of LIBERTY_ENCRYPTION_KEY, also if it begins with `ENC:`.

    Raises ImproperlyConfigured where no key is set.
    """
    keys = _stored_keys()
    if not keys:
        raise ImproperlyConfigured("LIBERTY_ENCRYPTION_KEY is not set: a secret cannot be stored")
    key = keys[0]
    head = f"{STORED_HEAD}{key.id}:"
    nonce = os.urandom(_NONCE_BYTES)
    return head + _encoded(nonce + AESGCM(key.secret).encrypt(nonce, _utf8(text), head.encode()))


def decrypt_stored(text: str) -> str:
    """Return the clear text of a stored secret; a text that does not begin with `ENC:` is clear already.

    Raises DecryptionFailed if no key of LIBERTY_ENCRYPTION_KEY reads it: the text is damaged, was
    written under a key that is gone, or comes from an installation of the original.
    """
    return decrypt_stored_with(text, settings.LIBERTY_ENCRYPTION_KEY) if is_encrypted(text) else text


def decrypt_stored_with(text: str, keys: str) -> str:
    """Return the clear text of a stored secret, by `keys` as LIBERTY_ENCRYPTION_KEY has them.

    For what is read before there are settings. Raises DecryptionFailed, for a clear text as well.
    """
    key_id, colon, body = text.removeprefix(STORED_HEAD).partition(":")
    if not (text.startswith(STORED_HEAD) and colon):
        raise DecryptionFailed("An encrypted text was not written by this installation")
    key = next((key for key in _parsed_keys(keys) if key.id == key_id), None)
    if key is None:
        raise DecryptionFailed("The key of an encrypted text is not among LIBERTY_ENCRYPTION_KEY")
    blob = _decoded(body)
    head = f"{STORED_HEAD}{key_id}:".encode()
    return _opened(key.secret, blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], head)


def reads_stored(text: str) -> bool:
    """Whether `text` is an encrypted text that one of our own keys reads."""
    if not is_encrypted(text):
        return False
    try:
        decrypt_stored(text)
    except DecryptionFailed:
        return False
    return True


def is_stored_form(text: str) -> bool:
    """Whether `encrypt_stored` wrote `text`, here or in another installation, under whichever key."""
    return text.startswith(STORED_HEAD)


def is_key_known(text: str) -> bool:
    """Whether a text in the stored form was written under one of our keys; it may be damaged all the same."""
    return _key_id_of(text) in {key.id for key in _stored_keys()}


def is_key_current(text: str) -> bool:
    """Whether a text in the stored form was written under the key that new ones are written under."""
    return _key_id_of(text) in {key.id for key in _stored_keys()[:1]}


def _key_id_of(text: str) -> str:
    return text.removeprefix(STORED_HEAD).partition(":")[0]


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of stored secrets; `id` names it without telling anything about it."""

    id: str
    secret: bytes = field(repr=False)


def _stored_keys() -> tuple[_Key, ...]:
    return _parsed_keys(settings.LIBERTY_ENCRYPTION_KEY)


@lru_cache(maxsize=8)
def _parsed_keys(text: str) -> tuple[_Key, ...]:
    """Parse `key[,older key...]`: the first one writes, all of them read (see `rotate_key`)."""
    return tuple(_parsed_key(part.strip()) for part in text.split(",") if part.strip())


def _parsed_key(text: str) -> _Key:
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ImproperlyConfigured("A key in LIBERTY_ENCRYPTION_KEY is not 32 bytes in URL-safe base64")
    return _Key(_derived(raw, "key id", 4).hex(), _derived(raw, "stored secrets"))


# Texts on their way


def encrypt_transport(text: str, *, clock: Callable[[], float] = time.time) -> str:
    """Encrypt `text` for its way back to us within TRANSPORT_LIFETIME_S, also if it begins with `ENC:`.

    `clock` gives seconds since the epoch.
    """
    minted, nonce = _TIME.pack(int(clock())), os.urandom(_NONCE_BYTES)
    sealed = AESGCM(purpose_keys("transport")[0]).encrypt(
        nonce, _utf8(text), _TRANSPORT_HEAD.encode() + minted
    )
    return _TRANSPORT_HEAD + _encoded(minted + nonce + sealed)


def decrypt_transport(text: str, *, clock: Callable[[], float] = time.time) -> str:
    """Return the clear text of what `encrypt_transport` made not longer than TRANSPORT_LIFETIME_S ago.

    Raises DecryptionFailed for everything else, stored and imported `ENC:` texts included.
    """
    if not text.startswith(_TRANSPORT_HEAD):
        raise DecryptionFailed("This text was not encrypted for transport")
    blob = _decoded(text.removeprefix(_TRANSPORT_HEAD))
    minted, sealed = blob[: _TIME.size], blob[_TIME.size :]
    clear = _opened_by_any(purpose_keys("transport"), sealed, _TRANSPORT_HEAD.encode() + minted)
    age_s = clock() - _TIME.unpack(minted)[0]
    if not -CLOCK_TOLERANCE_S <= age_s <= TRANSPORT_LIFETIME_S:
        raise DecryptionFailed("This encrypted text is too old: encrypt it again")
    return clear


def _opened_by_any(keys: tuple[bytes, ...], sealed: bytes, head: bytes) -> str:
    for key in keys[:-1]:
        try:
            return _opened(key, sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], head)
        except DecryptionFailed:
            continue
    return _opened(keys[-1], sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], head)


# Shared parts


def purpose_keys(purpose: str) -> tuple[bytes, ...]:
    """Return the 32-byte keys for `purpose`, derived from SECRET_KEY and from SECRET_KEY_FALLBACKS.

    The first one is for writing, all are for reading, so a SECRET_KEY can be changed with an overlap.
    """
    roots = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(_purpose_key(root, purpose) for root in roots)


@lru_cache(maxsize=32)
def _purpose_key(root: str, purpose: str) -> bytes:
    return _derived(root.encode(), purpose)


def _derived(root: bytes, purpose: str, length: int = _KEY_BYTES) -> bytes:
    """RFC 5869; roots are random already, so there is no salt, and `purpose` keeps the uses apart."""
    return HKDF(hashes.SHA256(), length=length, salt=None, info=f"liberty {purpose}".encode()).derive(root)


def _opened(key: bytes, nonce: bytes, sealed: bytes, head: bytes | None) -> str:
    try:
        return AESGCM(key).decrypt(nonce, sealed, head).decode()
    except (InvalidTag, ValueError):
        # `from None`: a UnicodeDecodeError would carry the clear bytes into the log.
        raise DecryptionFailed("An encrypted text is damaged, or its key is another one") from None


def _encoded(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).decode()


def _decoded(text: str, *, altchars: bytes = b"-_") -> bytes:
    """Decode base64 with `altchars` in the place of `+/`, refusing all but the one spelling of the bytes."""
    try:
        raw = text.encode("ascii")
        blob = base64.b64decode(raw, altchars, validate=True)
    except ValueError:
        raise DecryptionFailed("An encrypted text is damaged") from None
    if base64.b64encode(blob, altchars) != raw:
        raise DecryptionFailed("An encrypted text is damaged")
    return blob


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # `from None`: the exception carries the clear text.
        raise MalformedRequest("The text to encrypt is not valid Unicode") from None
