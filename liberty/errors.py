"""Kinds of failure, free of HTTP.

Raise one where the fact is known; its text names the thing that is wrong. Only
`liberty.api.exception_handler` knows which status and body a kind is answered with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class LibertyError(Exception):
    """Base of every failure that a caller is told about; `str()` of it is safe to show to anyone."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MalformedRequest(LibertyError):
    """The request cannot be read or names something that is not there: JSON, a column, an operator.

    Where a database refused a value, `position` is the index of its statement among those sent together.
    Who asked for a write puts the object of the body behind it on the failure as `line`.
    """

    position = 0
    line: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ArgumentFault:
    """One wrong request argument: where it stands (`("query", "limit")`), what is wrong, and the kind."""

    location: tuple[str | int, ...]
    message: str
    kind: str = "value_error"


class InvalidArgument(LibertyError):
    """A request argument is missing, of the wrong type, or not among the listed values."""

    def __init__(self, *faults: ArgumentFault) -> None:
        super().__init__("; ".join(f"{fault.location[-1]}: {fault.message}" for fault in faults))
        self.faults = faults


class Unauthenticated(LibertyError):
    """Nobody is proven to be calling: no token, a bad or expired one, or a refused sign-in."""


class Forbidden(LibertyError):
    """The caller is known and not allowed to do this."""


class UnknownQuery(LibertyError):
    """No stored query has this number, or it has no SQL for the verb and database type."""


class UnknownUser(LibertyError):
    """No user has this id in the catalogue; told to administrators only."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"User `{user_id}` not found")
        self.user_id = user_id


class UnknownLogEntry(LibertyError):
    """No log entry has this number."""


class InvalidDefinition(LibertyError):
    """A stored query cannot be run as it is stored: two statements, a write without condition."""


class UnknownVersion(LibertyError):
    """No version, migration or revision has this name, or it is none that one can go to from here."""


class UnknownPool(LibertyError):
    """No pool has this alias."""

    def __init__(self, alias: str) -> None:
        super().__init__(f"Requested pool `{alias}` not found")
        self.alias = alias


class NotACatalogue(LibertyError):
    """A pool is asked for definitions, labels or users, and holds no framework tables."""

    def __init__(self, alias: str) -> None:
        super().__init__(f"Pool `{alias}` holds no framework tables")
        self.alias = alias


class PoolNotOpened(LibertyError):
    """A pool is described, but cannot be opened: credentials, driver, database name, key."""


class TryLater(LibertyError):
    """The same may go well after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: int = 5) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(TryLater):
    """A database, or the identity provider, cannot answer now: down, no free connection in time, too slow."""


class TooManyAttempts(TryLater):
    """Somebody, or everybody at an address, tries to sign in too often."""


class NotOffered(LibertyError):
    """The original has this, and this server has something else in its place or nothing."""


class RemoteFailed(LibertyError):
    """A service that was called on a caller's behalf refused, failed, or did not answer as agreed."""


class RemoteTimedOut(RemoteFailed):
    """A service that was called on a caller's behalf did not answer in time."""


class UnknownApi(LibertyError):
    """No API has this number in the catalogue."""


class NotInstalled(Unavailable):
    """There is no framework database yet: only set-up is answered."""

    def __init__(self) -> None:
        super().__init__(
            "Liberty API is not installed yet: open /setup in a browser, or run `manage.py install`.",
            retry_after_s=30,
        )


class AlreadyInstalled(LibertyError):
    """Set-up is asked for another database than the one in use, or while another set-up is running."""


class StatementFailed(LibertyError):
    """The database refused a statement.

    `message` is the reason in plain words, without SQL, values, host or path. `sql` is the statement as
    it was sent, for administrators, `said` what the database itself says, which may quote values and is for
    administrators of the default catalogue. `position` is its index among the statements sent together, and
    `line` the body (or the item of a list body) behind it. Who asked for a page puts its `limit` and
    `offset` on the failure, who asked for a write its `line`.
    """

    limit = 0
    offset = 0
    said = ""
    line: Mapping[str, Any] | None = None

    def __init__(self, message: str, *, sql: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.sql = sql
        self.position = position


class DecryptionFailed(LibertyError):
    """An `ENC:` text cannot be read with the keys at hand."""


class SetupFailed(LibertyError):
    """A step of set-up failed; the text names it, what was done before it, and the way out."""


class InstallFailed(SetupFailed):
    """A step of an installation failed, and what the installation has made is undone. `step` names it."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"Set-up failed at step `{step}`: {reason}")
        self.step = step
