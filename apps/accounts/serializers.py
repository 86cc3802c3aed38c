"""From requests about users to what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from apps.accounts.oidc.tokens import MAX_TOKEN_CHARACTERS
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
    """How one caller wants to sign in: `kind` is DATABASE or OIDC, `admin_only` is `mode=framework`."""

    kind: str
    catalogue: str
    admin_only: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    user_id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserLookup:
    user_id: str
    catalogue: str


def read_sign_in(query_params: Mapping[str, Any]) -> SignIn:
    """Raises InvalidArgument for a wrong argument."""
    arguments = Arguments(query_params)
    catalogue = arguments.text("pool", default=DEFAULT_CATALOGUE)
    mode = arguments.choice("mode", (FRAMEWORK, SESSION), default=SESSION)
    kind = arguments.choice("type", (DATABASE, OIDC), default=DATABASE)
    arguments.check()
    return SignIn(kind, catalogue, mode == FRAMEWORK)


def read_credentials(body: Any) -> Credentials:
    """Raises InvalidArgument for members of the body that are missing, no texts or too long."""
    members = _members(body)
    faults = [fault for name in ("user", "password") if (fault := _fault_of(members, name))]
    if faults:
        raise InvalidArgument(*faults)
    return Credentials(members["user"], members["password"])


def read_id_token(asked: SignIn, body: Any) -> str:
    """Raises InvalidArgument for another pool than the default one, and as `read_credentials` does."""
    if asked.catalogue != DEFAULT_CATALOGUE:
        message = f"Users sign in by OIDC to the pool '{DEFAULT_CATALOGUE}' only"
        raise InvalidArgument(ArgumentFault(("query", "pool"), message))
    members = _members(body)
    fault = _text_fault(members, "id_token")
    if fault is None and len(members["id_token"]) > MAX_TOKEN_CHARACTERS:
        fault = _too_long(("body", "id_token"), f"{MAX_TOKEN_CHARACTERS} characters")
    if fault is not None:
        raise InvalidArgument(fault)
    token: str = members["id_token"]
    return token


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


def _members(body: Any) -> dict[str, Any]:
    members = {} if body is None else body
    if not isinstance(members, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    return members


def _fault_of(body: Mapping[str, Any], name: str) -> ArgumentFault | None:
    if fault := _text_fault(body, name):
        return fault
    location, value = ("body", name), body[name]
    if is_encrypted(value):
        if len(value) > _LONGEST_ENCRYPTED:
            return _too_long(location, f"{_LONGEST_ENCRYPTED} characters")
    elif len(value.encode()) > MAX_PASSWORD_BYTES:
        return _too_long(location, f"{MAX_PASSWORD_BYTES} bytes")
    return None


def _text_fault(body: Mapping[str, Any], name: str) -> ArgumentFault | None:
    """Faults never quote the value: it may be the password, in whichever member it was put."""
    if name not in body:
        return ArgumentFault(("body", name), "Field required", "missing")
    if not isinstance(body[name], str):
        return ArgumentFault(("body", name), "Input should be a valid string", "string_type")
    return None


def _too_long(location: tuple[str, str], most: str) -> ArgumentFault:
    return ArgumentFault(location, f"String should have at most {most}", "string_too_long")
