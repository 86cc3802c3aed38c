"""Verifying ID tokens (OpenID Connect Core, 3.1.3.7), the same for both ways in."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from django.utils.crypto import constant_time_compare

from apps.accounts.oidc.configuration import Configuration
from apps.accounts.oidc.provider import Document, Provider
from liberty.errors import Unauthenticated
from liberty.text import is_sendable

REFUSED: Final = "Authentication failed"

MAX_TOKEN_CHARACTERS: Final = 16 * 1024
"""Longest ID token; those with hundreds of groups have some 10 KiB."""

MAX_AGE_S: Final = 300
"""An ID token is good for a sign-in this long after it was issued, in seconds."""

_LONGEST_SUBJECT = 255
# More keys than any provider has: each is tried where a token does not name its own.
_MOST_KEYS = 20
_KEY_TYPES: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_OPTIONS: Final[Any] = {
    "require": ["iss", "sub", "aud", "exp", "iat"],
    "enforce_minimum_key_length": True,
}


class IdentityRefused(Unauthenticated):
    """Someone whom the provider sends is not signed in. Callers are told no more than that; the log is.

    `explanation` is for the person in front of the browser, who has signed in at the provider.
    """

    def __init__(self, reason: str, *, explanation: str = "The sign-in was refused.") -> None:
        super().__init__(REFUSED)
        self.reason = reason
        self.explanation = explanation


@dataclass(frozen=True, slots=True)
class IdToken:
    """A verified ID token. `digest` is the same for every spelling of it that verifies."""

    issuer: str
    subject: str
    issued_at: datetime
    digest: str
    claims: Document = field(repr=False)

    @property
    def spent_until(self) -> datetime:
        """From when on it is too old, with the most that clocks may differ."""
        return datetime.fromtimestamp(self.issued_at.timestamp() + 2 * MAX_AGE_S, UTC)


def verify(
    token: str, provider: Provider, *, nonce: str | None = None, clock: Callable[[], float] = time.time
) -> IdToken:
    """Return what an ID token of the provider says.

    It is signed by a published key with the configured algorithm, meant for our client, not expired, issued
    in the last MAX_AGE_S, and with `nonce` the answer to the very request that sent it.
    Raises IdentityRefused, or Unavailable where the provider's keys are wanted and it does not answer.
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise IdentityRefused("the ID token is too long")
    header = _header(token, provider.configuration)
    claims = _signed_claims(token, header, provider)
    _check_party(claims, provider.configuration)
    _check_age(claims, provider.configuration, clock())
    if nonce is not None and not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise IdentityRefused("the ID token has another nonce than the request")
    return IdToken(
        issuer=claims["iss"],
        subject=_subject(claims),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        digest=_digest(token),
        claims=claims,
    )


def _header(token: str, configuration: Configuration) -> Document:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as exc:
        raise IdentityRefused("the ID token is no JWT") from exc
    if header.get("alg") != configuration.algorithm:
        raise IdentityRefused("the ID token is signed with another algorithm than the configured one")
    # An access token of the same provider may name us as its audience (RFC 9068, 2.1).
    if str(header.get("typ", "JWT")).lower() != "jwt":
        raise IdentityRefused("the token is no ID token")
    return header


def _signed_claims(token: str, header: Document, provider: Provider) -> Document:
    """Try the keys that may have signed the token; if none has, those that were published since."""
    known = provider.keys()
    claims = _signed_by_one_of(known, token, header, provider.configuration)
    if claims is None and (newer := provider.newer_keys()) is not known:
        claims = _signed_by_one_of(newer, token, header, provider.configuration)
    if claims is None:
        raise IdentityRefused("no key of the provider has signed the ID token")
    return claims


def _signed_by_one_of(
    keys: list[Document], token: str, header: Document, configuration: Configuration
) -> Document | None:
    for key in _fitting(keys, header, configuration.algorithm):
        try:
            return _decoded(token, key, configuration)
        except jwt.InvalidSignatureError:
            continue
    return None


def _decoded(token: str, key: jwt.PyJWK, configuration: Configuration) -> Document:
    """Raises InvalidSignatureError where another key must have signed."""
    try:
        claims: Document = jwt.decode(
            token,
            key,
            algorithms=[configuration.algorithm],
            audience=configuration.client_id,
            issuer=configuration.issuer,
            leeway=configuration.leeway_s,
            options=_OPTIONS,
        )
    except jwt.InvalidSignatureError:
        raise
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError) as exc:
        raise IdentityRefused(f"the ID token is refused: {type(exc).__name__}") from exc
    return claims


def _fitting(keys: list[Document], header: Document, algorithm: str) -> Iterator[jwt.PyJWK]:
    """Yield the keys that may have signed: those that the token names, or that have no name."""
    named = [key for key in keys if "kid" not in header or key.get("kid", header["kid"]) == header["kid"]]
    fitting = [key for key in named if _signs_with(key, algorithm)]
    for key in fitting[:_MOST_KEYS]:
        try:
            yield jwt.PyJWK(key, algorithm)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue


def _signs_with(key: Document, algorithm: str) -> bool:
    operations = key.get("key_ops", ["verify"])
    return (
        key.get("kty") == _KEY_TYPES[algorithm[:2]]
        and key.get("alg", algorithm) == algorithm
        and key.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _check_party(claims: Document, configuration: Configuration) -> None:
    """A token for several audiences, or obtained by another client, must say that it is ours."""
    party = claims.get("azp")
    is_for_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (party is not None or is_for_several) and party != configuration.client_id:
        raise IdentityRefused("the ID token was issued to another client (azp)")


def _check_age(claims: Document, configuration: Configuration, now: float) -> None:
    issued_at = claims["iat"]
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
        raise IdentityRefused("the ID token does not say when it was issued")
    if issued_at < now - MAX_AGE_S - configuration.leeway_s:
        raise IdentityRefused(f"the ID token was issued more than {MAX_AGE_S} seconds ago")


def _subject(claims: Document) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not is_sendable(subject):
        raise IdentityRefused("the ID token has no subject that can be stored")
    return subject


def _digest(token: str) -> str:
    """Hash what is signed: the signature itself has several spellings that verify."""
    signed, _, _ = token.rpartition(".")
    return hashlib.sha256(signed.encode()).hexdigest()
