"""Access tokens: what they say, how they are signed, and reading them back."""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import (
    ExpiredTokenError,
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts.caller import DEFAULT_CATALOGUE
from liberty.crypto import purpose_keys
from liberty.errors import Unauthenticated

INVALID = "Invalid token"
EXPIRED = "Token has expired"

_USER = "sub"
_CATALOGUE = "pool"
# One is some 400 bytes: this is what a thousand users with a few tokens each fill.
_REMEMBERED_TOKENS = 4096

Keys = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. `expires_at` is in seconds since the epoch."""

    user_id: str
    catalogue: str
    expires_at: int


def issue_token(*, user_id: str, catalogue: str = DEFAULT_CATALOGUE) -> str:
    """Return a signed token that names a user and his catalogue. Proving who calls is the caller's duty."""
    token = _Token()
    token[_USER] = user_id
    token[_CATALOGUE] = catalogue
    return str(token)


def read_token(token: str) -> Claims:
    """Return what `token` says. Raises Unauthenticated unless we signed it and it is still good."""
    claims = _verified(token, _keys())
    if claims.expires_at <= time.time() - _leeway_s():
        raise Unauthenticated(EXPIRED)
    return claims


@lru_cache(maxsize=_REMEMBERED_TOKENS)
def _verified(token: str, keys: Keys) -> Claims:
    """Verify a token once, as long as it is remembered; only good ones are.

    The signature never turns bad as long as `keys` are the same, the time does: `read_token` looks at it.
    """
    try:
        payload = _Token(token).payload  # type: ignore[arg-type]  # annotated as Token; the text is meant
    except ExpiredTokenError as exc:
        raise Unauthenticated(EXPIRED) from exc
    except TokenError as exc:
        raise Unauthenticated(INVALID) from exc
    return _claims(payload)


def _claims(payload: dict[str, Any]) -> Claims:
    user_id, catalogue, expires_at = payload.get(_USER), payload.get(_CATALOGUE), payload["exp"]
    if not (isinstance(user_id, str) and isinstance(catalogue, str)):
        raise Unauthenticated(INVALID)
    return Claims(user_id, catalogue, int(expires_at))


class _Backend(TokenBackend):
    """Signs with the newest key and reads with all: SECRET_KEY can be changed with an overlap."""

    def __init__(self, keys: Keys) -> None:
        # HS256 whatever the settings or the token's header say.
        super().__init__("HS256", keys[0], leeway=_leeway_s())  # type: ignore[arg-type]  # bytes are a key as well
        self._older = _Backend(keys[1:]) if keys[1:] else None

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        try:
            payload: dict[str, Any] = super().decode(token, verify)
        except TokenBackendExpiredToken:
            raise
        except TokenBackendError:
            if self._older is None:
                raise
            return self._older.decode(token, verify)
        return payload


class _Token(AccessToken):
    """simplejwt's access token, under a key that is used for nothing else."""

    def get_token_backend(self) -> TokenBackend:
        return _backend(_keys(), _leeway_s())


@lru_cache(maxsize=4)
def _backend(keys: Keys, leeway_s: float) -> _Backend:
    return _Backend(keys)


def _keys() -> Keys:
    return purpose_keys("tokens")


def _leeway_s() -> float:
    return float(api_settings.LEEWAY)
