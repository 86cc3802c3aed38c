"""What is wanted of set-up, and reading it from a request. No fault quotes a value: it may be a password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from liberty.errors import ArgumentFault, DecryptionFailed, InvalidArgument
from liberty.secrets import MAX_PASSWORD_BYTES, posted_clear_text

# PostgreSQL cuts longer names off, in bytes.
MAX_NAME_BYTES = 63
MAX_HOST_LENGTH = 255
MAX_PORT = 65_535
_digits = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Target:
    """A database on a server of PostgreSQL, and the account that the server uses it with."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """An account that may make roles and databases; it is used once and kept nowhere."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """An installation that is wanted. Without `admin_password` a one-time password is made."""

    target: Target
    admin_password: str | None = field(default=None, repr=False)
    maintenance: Maintenance | None = None


def read_wish(body: Any) -> Wish:
    """Return what a body asks for; members that we do not know, such as the original's, say nothing.

    Raises InvalidArgument that names every fault.
    """
    if not isinstance(body, Mapping):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    members = _Members(body)
    target = Target(
        host=members.text("host", longest=MAX_HOST_LENGTH),
        port=members.port(),
        database=members.name("database"),
        user=members.name("user"),
        password=members.secret("password"),
    )
    admin_password = members.new_password("admin_password") if members.has("admin_password") else None
    maintenance = None
    if members.has("maintenance_user"):
        password = members.secret("maintenance_password") if members.has("maintenance_password") else ""
        maintenance = Maintenance(members.name("maintenance_user"), password)
    members.check()
    return Wish(target, admin_password, maintenance)


class _Members:
    """The members of a body; every fault is collected."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self._faults: list[ArgumentFault] = []

    def check(self) -> None:
        if self._faults:
            raise InvalidArgument(*self._faults)

    def add(self, name: str, message: str, kind: str) -> None:
        self._faults.append(ArgumentFault(("body", name), message, kind))

    def has(self, name: str) -> bool:
        return self._body.get(name) not in (None, "")

    def text(self, name: str, *, longest: int, is_empty_good: bool = False) -> str:
        if name not in self._body:
            self.add(name, "Field required", "missing")
            return ""
        value: Any = self._body[name]
        if not isinstance(value, str) or not _is_storable(value):
            self.add(name, "Input should be a valid string", "string_type")
            return ""
        if not value and not is_empty_good:
            self.add(name, "String should have at least 1 character", "string_too_short")
        if len(value) > longest:
            self.add(name, f"String should have at most {longest} characters", "string_too_long")
        return str(value)

    def name(self, name: str) -> str:
        value = self.text(name, longest=MAX_NAME_BYTES)
        if len(value) <= MAX_NAME_BYTES < len(value.encode()):
            self.add(name, f"String should have at most {MAX_NAME_BYTES} bytes", "string_too_long")
        return value

    def secret(self, name: str) -> str:
        # Encrypted for transport, the longest password has some 1,450 characters.
        value = self.text(name, longest=2 * MAX_PASSWORD_BYTES, is_empty_good=True)
        try:
            return posted_clear_text(value)
        except DecryptionFailed as exc:
            self.add(name, exc.message, "value_error")
            return ""

    def new_password(self, name: str) -> str:
        """Return a secret that AUTH_PASSWORD_VALIDATORS have nothing against."""
        value = self.secret(name)
        try:
            validate_password(value)
        except ValidationError as exc:
            for message in exc.messages:
                self.add(name, message, "value_error")
        return value

    def port(self) -> int:
        if "port" not in self._body:
            self.add("port", "Field required", "missing")
            return 0
        value = self._body["port"]
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not is_number and not (isinstance(value, str) and _digits.fullmatch(value)):
            self.add("port", "Input should be a valid integer", "int_type")
            return 0
        if not 0 < int(value) <= MAX_PORT:
            self.add("port", f"Input should be between 1 and {MAX_PORT}", "value_error")
        return int(value)


def _is_storable(text: str) -> bool:
    """Whether a server can be asked for it: drivers fail on NUL and on half a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
