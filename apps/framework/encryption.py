"""Encrypting a text that somebody wants to send back, store elsewhere, or give to an original.

A text that begins with `ENC:` comes back as it is, because clients encrypt what they have encrypted already
(contract, section 3). Where such a text is the clear text, a password for example, the caller says so.
"""

from collections.abc import Callable
from enum import StrEnum

from liberty.crypto import encrypt_original, encrypt_stored, encrypt_transport, is_encrypted
from liberty.errors import MalformedRequest


class Form(StrEnum):
    """Whose key encrypts a text, and so who can read it."""

    TRANSPORT = "transport"
    """This server, in the next five minutes: for passwords on their way here."""

    STORAGE = "storage"
    """This server, at any time: for repositories that it imports."""

    ORIGINAL = "original"
    """An installation of the original, by its master key."""


_OURS: dict[Form, Callable[[str], str]] = {
    Form.TRANSPORT: encrypt_transport,
    Form.STORAGE: encrypt_stored,
}


def encrypt_text(text: str, *, form: Form, master_key: str = "", is_literal: bool = False) -> str:
    """Return the `ENC:` text of `text`; `master_key` is for Form.ORIGINAL alone and is not kept.

    `is_literal` encrypts a text that begins with `ENC:` as well. Raises MalformedRequest for text that is
    not valid Unicode and for a missing master key, ImproperlyConfigured where the key of stored secrets is
    missing.
    """
    if is_encrypted(text) and not is_literal:
        return text
    if form is not Form.ORIGINAL:
        return _OURS[form](text)
    if not master_key:
        raise MalformedRequest("The master key of the original is missing")
    return encrypt_original(text, master_key)
