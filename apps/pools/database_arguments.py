"""Reading which database somebody wants made or dropped. No fault quotes a value: it may be the password."""

from collections.abc import Mapping
from typing import Any

from apps.pools.databases import NewDatabase
from liberty.errors import ArgumentFault, DecryptionFailed, InvalidArgument
from liberty.secrets import STAND_IN, is_usable_password, posted_clear_text

# Longest name of a database or role on PostgreSQL, in bytes.
NAME_BYTES = 63
PORT_MAX = 65535


def read_new_database(body: Any) -> NewDatabase:
    """Return what is wanted; its password came clear, as fresh `ENC:` text, or as the stand-in.

    Raises InvalidArgument for members that are missing or wrong.
    """
    members = _members(body)
    host, port = members.get("host") or "", members.get("port") or None
    faults = [
        *_name_faults(members, "database", "user"),
        *_password_faults(members),
        *([] if isinstance(host, str) else [_fault("host", "Input should be a valid string", "string_type")]),
        *([] if _is_port(port) else [_fault("port", "Input should be a port", "int_parsing")]),
    ]
    if faults:
        raise InvalidArgument(*faults)
    return NewDatabase(
        name=members["database"],
        owner=members["user"],
        password=_clear_text(members["password"]),
        host=host,
        port=None if port is None else int(port),
    )


def read_database(body: Any) -> tuple[str, str]:
    """Return the names of a database and of its role. Raises InvalidArgument."""
    members = _members(body)
    faults = _name_faults(members, "database", "user")
    if faults:
        raise InvalidArgument(*faults)
    return members["database"], members["user"]


def _members(body: Any) -> Mapping[str, Any]:
    members = {} if body is None else body
    if not isinstance(members, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    return members


def _name_faults(members: Mapping[str, Any], *names: str) -> list[ArgumentFault]:
    return [fault for name in names if (fault := _name_fault(members, name))]


def _name_fault(members: Mapping[str, Any], name: str) -> ArgumentFault | None:
    if name not in members:
        return _fault(name, "Field required", "missing")
    value = members[name]
    if not isinstance(value, str) or "\x00" in value:
        return _fault(name, "Input should be a valid string", "string_type")
    if not 0 < len(value.encode(errors="replace")) <= NAME_BYTES:
        return _fault(name, f"String should have 1 to {NAME_BYTES} bytes", "string_length")
    return None


def _clear_text(password: str) -> str:
    return password if password == STAND_IN else posted_clear_text(password)


def _password_faults(members: Mapping[str, Any]) -> list[ArgumentFault]:
    if "password" not in members:
        return [_fault("password", "Field required", "missing")]
    value = members["password"]
    if not isinstance(value, str) or "\x00" in value:
        return [_fault("password", "Input should be a valid string", "string_type")]
    try:
        is_usable = is_usable_password(_clear_text(value))
    except DecryptionFailed as exc:
        return [_fault("password", exc.message, "value_error")]
    return [] if is_usable else [_fault("password", "This cannot be used as a password", "value_error")]


def _is_port(value: Any) -> bool:
    """Whether it is a port, as a number or as its digits."""
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= PORT_MAX


def _fault(name: str, message: str, kind: str) -> ArgumentFault:
    return ArgumentFault(("body", name), message, kind)
