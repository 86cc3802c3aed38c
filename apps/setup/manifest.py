"""The manifest of an archive: what is in it and how to tell that it is whole.

Nothing in it changes between two exports of equal data: no time, no host, no name of a pool. Only the salt of
a passphrase does.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from liberty.errors import DecryptionFailed, MalformedRequest
from liberty.passphrase import SALT_BYTES, PassphraseKey, derive_key

FORMAT: Final = "liberty-repository"
FORMAT_VERSION: Final = 1
MANIFEST_NAME: Final = "manifest.json"

_SCHEME: Final = "argon2id+aes-256-gcm"
_CHECK_PLACE: Final = "manifest"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of an archive: its number of rows, and the SHA-256 of its file in hexadecimal."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a passphrase is checked by: the salt of its key, and a text that it opens."""

    salt: bytes
    check: str = field(repr=False)

    @classmethod
    def of(cls, key: PassphraseKey) -> "Seal":
        return cls(key.salt, key.seal(FORMAT, place=_CHECK_PLACE))

    def key(self, passphrase: str) -> PassphraseKey:
        """Return the key of the archive. Raises MalformedRequest for a wrong passphrase."""
        key = derive_key(passphrase, self.salt)
        try:
            key.open(self.check, place=_CHECK_PLACE)
        except DecryptionFailed as exc:
            raise MalformedRequest("The passphrase is not the one of this archive") from exc
        return key


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: the last migration of each app; a seal if there are secrets in it."""

    product_version: str
    migrations: Mapping[str, str]
    tables: Mapping[str, TableEntry]
    seal: Seal | None = None


def manifest_text(manifest: Manifest) -> str:
    document = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product_version": manifest.product_version,
        "migrations": dict(sorted(manifest.migrations.items())),
        "secrets": _secrets(manifest.seal),
        "tables": {
            name: {"rows": entry.rows, "sha256": entry.sha256}
            for name, entry in sorted(manifest.tables.items())
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest in a file. Raises MalformedRequest if it is not one, or of another format."""
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise MalformedRequest("The file is a zip, and no archive of a repository")
        if document["format_version"] != FORMAT_VERSION:
            version = str(document["format_version"])[:20]
            raise MalformedRequest(f"The archive has format {version}; this version reads {FORMAT_VERSION}")
        return _manifest(document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise MalformedRequest("The manifest of the archive is damaged") from exc


def _manifest(document: dict[str, Any]) -> Manifest:
    return Manifest(
        product_version=_text(document["product_version"]),
        migrations={_text(app): _text(name) for app, name in document["migrations"].items()},
        tables={
            _text(name): TableEntry(_count(entry["rows"]), _text(entry["sha256"]))
            for name, entry in document["tables"].items()
        },
        seal=_seal(document["secrets"]),
    )


def _secrets(seal: Seal | None) -> dict[str, str] | None:
    if seal is None:
        return None
    return {"scheme": _SCHEME, "salt": base64.b64encode(seal.salt).decode(), "check": seal.check}


def _seal(document: dict[str, Any] | None) -> Seal | None:
    if document is None:
        return None
    salt = base64.b64decode(document["salt"], validate=True)
    if document["scheme"] != _SCHEME or len(salt) != SALT_BYTES:
        raise ValueError("another scheme")
    return Seal(salt, _text(document["check"]))


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("a number of rows is expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value
