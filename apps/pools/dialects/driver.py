"""What running a statement asks of a database product."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Hashable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol

from apps.pools.dialects import failures
from apps.pools.dialects.failures import Outage
from apps.pools.statement import ResultSet, Statement
from liberty.errors import LibertyError

# Tables of a catalogue with secrets in them, whose columns `Column.origin` tells.
SECRET_TABLES = ("ly_users", "ly_applications", "ly_api", "ly_api_conn")


class PoolGoneError(Exception):
    """Another thread has closed the pool a moment ago: a reason to begin anew, like a broken connection."""


class Connections(Protocol):
    """Open connections of one alias, shared by the threads of a process."""

    def connection(self) -> AbstractContextManager[Any]:
        """Lend a clean connection of the driver; raises Unavailable, PoolNotOpened, PoolGoneError.

        If the block raises, nothing of an open transaction is left when the connection is lent again.
        """

    def probe(self) -> None:
        """Connect once, to learn at once why it cannot be done; raises Unavailable or PoolNotOpened."""

    def discard_idle(self) -> None:
        """Throw away the connections that wait for use: one of them proved to be broken."""

    def close(self) -> None:
        """Close; connections that are lent are closed when they come back."""


class Driver(ABC):
    """Runs statements on raw connections of one pool. One instance serves all threads."""

    errors: ClassVar[tuple[type[Exception], ...]]
    """What the driver raises when a statement cannot be run."""
    max_parameters: ClassVar[int] = sys.maxsize
    """Most values that one statement takes."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    @abstractmethod
    def connections(self, alias: str, *, reading: bool) -> Connections:
        """Return the connections of a Django alias; none is opened yet."""

    @abstractmethod
    def run(self, connection: Any, statement: Statement, max_rows: int | None = None) -> ResultSet:
        """Run one statement in the transaction at hand, or alone; return at most `max_rows` rows.

        `statement` is in the form that `form_of` returned. Raises the driver's exceptions.
        """

    def read(self, connection: Any, statement: Statement, max_rows: int) -> ResultSet:
        """Run one reading statement as a transaction of its own, which cannot write."""
        return self.run(connection, statement, max_rows)

    @abstractmethod
    def begin(self, connection: Any, *, read_only: bool) -> None:
        """Open a transaction."""

    @abstractmethod
    def commit(self, connection: Any) -> None:
        """Make the transaction last."""

    @abstractmethod
    def rollback(self, connection: Any) -> None:
        """Undo the transaction."""

    @abstractmethod
    def reset(self, connection: Any) -> None:
        """Wipe what statements left in the session, or make the connection unfit for use. Never raises."""

    @abstractmethod
    def is_lost(self, exc: BaseException) -> bool:
        """Tell whether the connection broke or is stale, rather than the statement being refused."""

    @abstractmethod
    def failure(self, exc: Exception, statement: Statement) -> LibertyError:
        """Return the kind of failure that a driver's exception on `statement` stands for."""

    def prepare(self, connection: Any, *, reading: bool) -> None:  # noqa: B027 - nothing to do is a good answer
        """Make a new connection ready: what settings cannot say."""

    def is_open(self, connection: Any) -> bool:
        """Tell whether a connection is fit to be lent again."""
        return True

    @abstractmethod
    def discard(self, connection: Any) -> None:
        """Close a connection for good. Never raises."""

    def connect_failure(self, exc: Exception) -> LibertyError:
        """Return why no connection could be made, in words that tell nothing about the server."""
        return failures.unavailable(Outage.DOWN)

    def form_of(self, statement: Statement) -> Statement:
        """Return the statement with its values in the form that the database is known to take."""
        return statement

    def known_form(self, statement: Statement) -> Hashable:
        """Return what `form_of` goes by now; ask before it, so that no change by another thread is missed."""
        return None

    def learn(self, exc: Exception, statement: Statement, tried: Hashable) -> bool:
        """Learn from the refusal of the form that `known_form` gave as `tried`.

        True if `form_of` now returns another one, also where another thread has learnt it meanwhile.
        """
        return False

    def forget(self, statement: Statement) -> None:  # noqa: B027 - most drivers learn nothing
        """Forget what was learnt about a statement that is refused in every form."""
