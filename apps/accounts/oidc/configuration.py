"""How this server knows its identity provider: the settings, read and checked."""

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

# A shared secret (HS256) signs for whoever has it, and `none` for everybody: neither is ever taken.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    "EdDSA",
)

_ENDPOINTS: Final = ("authorization_url", "token_url", "jwks_url", "userinfo_url", "end_session_url")


@dataclass(frozen=True, slots=True)
class Configuration:
    """One provider and our client there. Endpoints that are empty come from its discovery document.

    `roles` has pairs of a group of the provider and a role of ours.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = ""
    algorithm: str = "RS256"
    scopes: str = "openid"
    authorization_url: str = ""
    token_url: str = ""
    jwks_url: str = ""
    userinfo_url: str = ""
    end_session_url: str = ""
    creates_users: bool = False
    user_claim: str = "preferred_username"
    roles_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    admin_groups: tuple[str, ...] = ()
    timeout_s: float = 5.0
    leeway_s: int = 30

    @property
    def shown_name(self) -> str:
        """What people know the provider by."""
        return self.name or urlsplit(self.issuer).hostname or self.issuer


def configuration() -> Configuration | None:
    """Return the configured provider; None where there is none, or where the system check finds faults."""
    found = _read()
    return None if found is None or _has_faults(found, settings.LIBERTY_OIDC_ROLES) else found


def faults() -> list[str]:
    """Return what is wrong with the settings, a sentence each; nothing where none of them is set."""
    found = _read()
    return [] if found is None else list(_faults(found, settings.LIBERTY_OIDC_ROLES))


def is_safe_url(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: HTTPS, or this very machine."""
    parts = urlsplit(url)
    if not parts.hostname or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _read() -> Configuration | None:
    values = {name: getattr(settings, f"LIBERTY_OIDC_{name.upper()}") for name in _TEXTS}
    if not any(values[name] for name in ("issuer", "client_id", "client_secret", *_ENDPOINTS)):
        return None
    return Configuration(
        **values,
        creates_users=settings.LIBERTY_OIDC_CREATE_USERS,
        roles=_pairs(settings.LIBERTY_OIDC_ROLES) or (),
        admin_groups=tuple(settings.LIBERTY_OIDC_ADMIN_GROUPS),
        timeout_s=settings.LIBERTY_OIDC_TIMEOUT_S,
        leeway_s=settings.LIBERTY_OIDC_LEEWAY_S,
    )


_TEXTS: Final = (
    *("issuer", "client_id", "client_secret", "name", "algorithm", "scopes"),
    *_ENDPOINTS,
    *("user_claim", "roles_claim"),
)


def _pairs(text: str) -> tuple[tuple[str, str], ...] | None:
    """Return the roles by group; None for a text that says no such thing."""
    if not text.strip():
        return ()
    try:
        value: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict) or not all(isinstance(role, str) and role for role in value.values()):
        return None
    return tuple(value.items())


@lru_cache(maxsize=4)
def _has_faults(found: Configuration, roles: str) -> bool:
    return any(_faults(found, roles))


def _faults(found: Configuration, roles: str) -> Iterator[str]:
    if not found.issuer:
        yield "LIBERTY_OIDC_ISSUER is not set."
    elif not is_safe_url(found.issuer) or urlsplit(found.issuer).query:
        yield "LIBERTY_OIDC_ISSUER is no https:// address."
    if not found.client_id:
        yield "LIBERTY_OIDC_CLIENT_ID is not set."
    if found.algorithm not in ALGORITHMS:
        yield f"LIBERTY_OIDC_ALGORITHM is none of {', '.join(ALGORITHMS)}."
    if "openid" not in found.scopes.split():
        yield "LIBERTY_OIDC_SCOPES does not name `openid`."
    for name in _ENDPOINTS:
        if (url := getattr(found, name)) and not is_safe_url(url):
            yield f"LIBERTY_OIDC_{name.upper()} is no https:// address."
    yield from _role_faults(found, roles)
    if not found.timeout_s > 0:
        yield "LIBERTY_OIDC_TIMEOUT_S is not above 0."
    if not 0 <= found.leeway_s <= 300:
        yield "LIBERTY_OIDC_LEEWAY_S is not between 0 and 300."


def _role_faults(found: Configuration, roles: str) -> Iterator[str]:
    if _pairs(roles) is None:
        yield 'LIBERTY_OIDC_ROLES is no JSON object of the form {"group": "role"}.'
    if (found.roles or found.admin_groups) and not found.roles_claim:
        yield "LIBERTY_OIDC_ROLES_CLAIM is not set: it says where the groups of a user stand."
    if found.creates_users and not found.user_claim:
        yield "LIBERTY_OIDC_USER_CLAIM is not set: it says where the user id of a new user stands."


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
