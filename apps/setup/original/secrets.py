"""Secrets of the original, read with its master key on their way to ours."""

from collections.abc import Callable, Iterable

from apps.setup.imported_secrets import Keys, Secret, Secrets, clear_text, secret_texts
from apps.setup.original.findings import Kind
from apps.setup.original.reading import Catalogue
from apps.setup.repository import framework_tables
from liberty.crypto import decrypt_original, is_encrypted, reads_stored
from liberty.errors import DecryptionFailed, MalformedRequest
from liberty.secrets import MAX_PASSWORD_BYTES, STAND_IN, is_usable_password

_USERS = "ly_users"
WRONG_KEY = (
    "The master key reads none of the secrets of the original ({count}): it is that of another installation. "
    "Nothing was written"
)


def require_master_key(catalogues: Iterable[Catalogue], master_key: str) -> None:
    """Refuse a key that reads none of the encrypted texts of catalogues, if they have any.

    One that reads some is the right one, and the others are damaged. Raises MalformedRequest.
    """
    texts = [
        text
        for catalogue in catalogues
        for _, _, text in secret_texts(catalogue.rows)
        if is_of_original(text)
    ]
    if texts and not any(reads(master_key, text) for text in texts):
        raise MalformedRequest(WRONG_KEY.format(count=len(texts)))


def is_of_original(text: str) -> bool:
    """Whether a text can only have been encrypted by the original."""
    return is_encrypted(text) and text != STAND_IN and not reads_stored(text)


def reads(master_key: str, text: str) -> bool:
    try:
        decrypt_original(text, master_key)
    except DecryptionFailed:
        return False
    return True


def read_secrets(
    catalogue: Catalogue, master_key: str, *, progress: Callable[[int], None] = lambda count: None
) -> Secrets:
    """Return the secrets of a catalogue by table and key; what cannot be read is told as a finding.

    Such a user is moved without a password, such a pool or interface without credentials. What is stored here
    for the row already stays: an administrator may have set it since.
    """
    found: dict[tuple[str, tuple[object, ...]], Secret] = {}
    keys = Keys(master_key)
    for count, (table, key, text) in enumerate(secret_texts(catalogue.rows), start=1):
        clear, fault = _clear(table, text, keys)
        if fault:
            place = framework_tables()[table].describe(key)
            catalogue.findings.add(Kind.UNREADABLE_SECRET, place, f"{fault}; {_consequence(table)}")
        found[table, key] = Secret(STAND_IN, None) if fault else Secret(text, clear)
        progress(count)
    return found


def _clear(table: str, text: str, keys: Keys) -> tuple[str | None, str]:
    """Return the clear text, and what is wrong with it or an empty text."""
    try:
        clear = clear_text(text, keys, "")
    except DecryptionFailed:
        return None, "the master key does not read the password: the text is damaged"
    if table == _USERS and clear and not is_usable_password(clear):
        return None, f"the password is longer than {MAX_PASSWORD_BYTES} bytes"
    return clear, ""


def _consequence(table: str) -> str:
    if table == _USERS:
        return "the user is moved and cannot sign in until an administrator sets a password"
    return "the row is moved without it: set it here"
