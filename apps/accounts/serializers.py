"""From requests about users to what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from liberty.api.arguments import Arguments
from liberty.crypto import is_encrypted
from liberty.errors import ArgumentFault, InvalidArgument
from liberty.secrets import MAX_PASSWORD_BYTES, STAND_IN

DATABASE, OIDC = "database", "oidc"
FRAMEWORK, SESSION = "framework", "session"
# Encrypted for transport, the longest password has some 1,450 characters.
_LONGEST_ENCRYPTED = 2048


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one caller wants to sign in with. `admin_only` is `mode=framework`."""

    kind: str
    catalogue: str
    admin_only: bool
    user_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserLookup:
    user_id: str
    catalogue: str


def read_sign_in(query_params: Mapping[str, Any], body: Any) -> SignIn:
    """Raises InvalidArgument for a wrong argument, or members of the body missing, no texts or too long."""
    arguments = Arguments(query_params)
    catalogue = arguments.text("pool", default=DEFAULT_CATALOGUE)
    mode = arguments.choice("mode", (FRAMEWORK, SESSION), default=SESSION)
    kind = arguments.choice("type", (DATABASE, OIDC), default=DATABASE)
    arguments.check()
    user_id, password = _credentials(body)
    return SignIn(kind, catalogue, mode == FRAMEWORK, user_id, password)


def read_user_lookup(query_params: Mapping[str, Any], caller: Caller) -> UserLookup:
    """Without `user` and `pool` the caller asks for himself; `mode=framework` is the default catalogue."""
    arguments = Arguments(query_params)
    user_id = arguments.text("user")
    own = DEFAULT_CATALOGUE if user_id else caller.catalogue
    catalogue = arguments.text("pool", default=own)
    mode = arguments.choice("mode", (FRAMEWORK, SESSION), default=SESSION)
    arguments.check()
    return UserLookup(user_id or caller.user_id, DEFAULT_CATALOGUE if mode == FRAMEWORK else catalogue)


def user_item(user: User) -> dict[str, Any]:
    """Return the documented members of a user; the password is the stand-in, whatever is stored."""
    return {
        "ROW_ID": 1,
        "USR_ID": user.usr_id,
        "USR_PASSWORD": STAND_IN,
        "USR_NAME": user.usr_name,
        "USR_EMAIL": user.usr_email,
        "USR_STATUS": user.usr_status,
        "USR_ADMIN": user.usr_admin,
        "USR_LANGUAGE": user.usr_language,
        "USR_MODE": user.usr_mode,
        "USR_READONLY": user.usr_readonly,
        "USR_DASHBOARD": user.usr_dashboard,
        "USR_THEME": user.usr_theme,
    }


def _credentials(body: Any) -> tuple[str, str]:
    body = {} if body is None else body
    if not isinstance(body, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    faults = [fault for name in ("user", "password") if (fault := _fault_of(body, name))]
    if faults:
        raise InvalidArgument(*faults)
    return body["user"], body["password"]


def _fault_of(body: Mapping[str, Any], name: str) -> ArgumentFault | None:
    """Faults never quote the value: it may be the password, in whichever member it was put."""
    location = ("body", name)
    if name not in body:
        return ArgumentFault(location, "Field required", "missing")
    value = body[name]
    if not isinstance(value, str):
        return ArgumentFault(location, "Input should be a valid string", "string_type")
    if is_encrypted(value):
        if len(value) > _LONGEST_ENCRYPTED:
            return _too_long(location, f"{_LONGEST_ENCRYPTED} characters")
    elif len(value.encode()) > MAX_PASSWORD_BYTES:
        return _too_long(location, f"{MAX_PASSWORD_BYTES} bytes")
    return None


def _too_long(location: tuple[str, str], most: str) -> ArgumentFault:
    return ArgumentFault(location, f"String should have at most {most}", "string_too_long")
