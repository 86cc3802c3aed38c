"""The settings of a module as anybody may read them: the sign-in page needs some before there is a token."""

import re
from typing import Any

from liberty.api.json_text import dump, parse_json
from liberty.errors import MalformedRequest

# A name is secret if one of its words is here (`apiKey` has the words `api` and `key`) ...
SECRET_WORDS = frozenset(
    {"auth", "authorization", "bearer", "cookie", "cred", "creds", "dsn", "jwt", "key", "keys", "pass"}
    | {"private", "pw", "pwd", "salt", "signature"}
)
# ... or if it contains one of these, however it is put together.
SECRET_PARTS = ("apikey", "credential", "passphrase", "passwd", "password", "secret", "token")

_word = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A user and a password in an address, a text of ours or of the original that can be decrypted, a key file.
_secret_value = re.compile(r"://[^/?#\s]*:[^/?#\s]*@|^ENC:|-----BEGIN ")


def published(text: str | None) -> str | None:
    """Return the JSON text of a module's settings without the members that look like secrets.

    A member goes by its name (`SECRET_WORDS`, `SECRET_PARTS`) or by its value: an address with a password,
    `ENC:` text, a key in PEM. Text without such members comes back as it is. Text that is neither a JSON
    object nor a list is kept back altogether, since nothing says what it is.
    """
    if text is None or not text.strip():
        return text
    try:
        params = parse_json(text, failure="not JSON")
    except MalformedRequest:
        return None
    if not isinstance(params, dict | list):
        return None
    open_params = _without_secrets(params)
    return text if open_params == params else dump(open_params).decode()


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_secrets(item)
            for name, item in value.items()
            if not (is_secret_name(name) or is_secret_value(item))
        }
    if isinstance(value, list):
        return [_without_secrets(item) for item in value if not is_secret_value(item)]
    return value


def is_secret_name(name: str) -> bool:
    words = {word.lower() for word in _word.findall(name)}
    letters = "".join(re.findall(r"[a-z]", name.lower()))
    return not SECRET_WORDS.isdisjoint(words) or any(part in letters for part in SECRET_PARTS)


def is_secret_value(value: Any) -> bool:
    return isinstance(value, str) and _secret_value.search(value) is not None
