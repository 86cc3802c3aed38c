"""Running statements on pools: the only code that lends a connection to one.

Reads run on connections that cannot write, each statement alone; writes run in one transaction. Drivers'
exceptions become kinds of failure here.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from apps.pools.dialects import failures
from apps.pools.dialects.driver import Driver, PoolGoneError
from apps.pools.dialects.failures import Outage
from apps.pools.registry import OpenPool, opened
from apps.pools.statement import Column, ResultSet, Statement
from liberty.errors import LibertyError, MalformedRequest, StatementFailed

T = TypeVar("T")


def fetch(alias: str, statement: Statement, *, max_rows: int) -> ResultSet:
    """Run a reading statement on pool `alias` and return at most `max_rows` rows.

    Rows are tuples in the order of `ResultSet.columns`. A connection that broke since it was last used is
    replaced, and the statement sent once more. Raises UnknownPool, PoolNotOpened, StatementFailed if the
    database refuses the statement, MalformedRequest if it refuses a value, Unavailable if it does not
    answer in time (LIBERTY_STATEMENT_TIMEOUT_S, LIBERTY_CHECKOUT_TIMEOUT_S, LIBERTY_CONNECT_TIMEOUT_S).
    """
    try:
        return _read(opened(alias), statement, max_rows)
    except _ConnectionLost:
        opened(alias).reader.discard_idle()
    try:
        return _read(opened(alias), statement, max_rows)
    except _ConnectionLost as exc:
        raise failures.unavailable(Outage.DOWN) from exc


def describe(alias: str, statement: Statement) -> tuple[Column, ...]:
    """Return the columns of a SELECT on pool `alias`, without its rows; raises as `fetch` does."""
    empty = replace(statement, sql=opened(alias).dialect.describable(statement.sql))
    return tuple(fetch(alias, empty, max_rows=0).columns)


def apply(alias: str, statements: Sequence[Statement]) -> ResultSet:
    """Run writing statements on pool `alias` in one transaction, all of them or none.

    Returns the rows of RETURNING clauses, with the columns of the last one, and the sum of the rows
    affected. Raises as `fetch` does; `StatementFailed.position` is the index of the refused statement.
    Nothing is sent twice: a connection that breaks after the transaction began is Unavailable.
    """
    return transact(alias, lambda transaction: _run_all(transaction, statements))


def transact(alias: str, work: Callable[["Transaction"], T]) -> T:
    """Run `work` in one writing transaction on pool `alias`, and return what it returns.

    What `work` raises undoes the transaction. It may be called again from its beginning, where a statement
    has to be sent in another form. Raises as `apply` does.
    """
    try:
        return _write(opened(alias), work)
    except _NotBegun:
        opened(alias).writer.discard_idle()
    try:
        return _write(opened(alias), work)
    except _NotBegun as exc:
        raise failures.unavailable(Outage.DOWN) from exc


class Transaction:
    """Statements of one transaction.

    What the commit refuses (a deferred constraint) is told of the last one, or of that which `tell_of` names.
    """

    def __init__(self, driver: Driver, connection: Any) -> None:
        self._driver = driver
        self._connection = connection
        self.statement = Statement("COMMIT")
        self.position = 0
        self.changes_session = False

    def run(self, statement: Statement, *, position: int = 0, max_rows: int | None = None) -> ResultSet:
        """Run a statement; `position` is what a refusal of it carries. At most `max_rows` rows come back."""
        self.statement, self.position = statement, position
        self.changes_session |= statement.changes_session
        form = self._driver.known_form(statement)
        try:
            return self._driver.run(self._connection, _in_form(self._driver, statement), max_rows)
        except MalformedRequest as refusal:
            refusal.position = position
            raise
        except self._driver.errors as exc:
            raise _Refused(statement, position, exc, form) from exc

    def tell_of(self, statement: Statement, *, position: int) -> None:
        """Have the commit's refusal told of `statement`, where later ones are no matter of the caller's."""
        self.statement, self.position = statement, position


def _run_all(transaction: Transaction, statements: Sequence[Statement]) -> ResultSet:
    return joined(
        [transaction.run(statement, position=position) for position, statement in enumerate(statements)]
    )


class _ConnectionLost(Exception):
    """The connection broke while a statement was on its way."""


class _NotBegun(_ConnectionLost):
    """The connection broke before the database got any statement."""


class _Refused(Exception):
    """The driver raised `reason` for a statement sent in `form`; `position` is where its caller has it."""

    def __init__(self, statement: Statement, position: int, reason: Exception, form: Hashable) -> None:
        super().__init__(position)
        self.statement = statement
        self.position = position
        self.reason = reason
        self.form = form


def _read(pool: OpenPool, statement: Statement, max_rows: int) -> ResultSet:
    driver = pool.driver
    while True:
        try:
            with pool.reader.connection() as connection:
                form = driver.known_form(statement)
                sent = _in_form(driver, statement)
                if statement.changes_session:
                    return _read_and_reset(driver, connection, sent, max_rows)
                return driver.read(connection, sent, max_rows)
        except PoolGoneError as exc:
            raise _ConnectionLost from exc
        except driver.errors as exc:
            if driver.is_lost(exc):
                raise _ConnectionLost from exc
            if not driver.learn(exc, statement, form):
                raise _failure(driver, exc, statement) from exc


def _read_and_reset(driver: Driver, connection: Any, sent: Statement, max_rows: int) -> ResultSet:
    """Run a statement that may leave traces: they go with the transaction, the rest with the reset."""
    try:
        driver.begin(connection, read_only=True)
        return driver.run(connection, sent, max_rows)
    finally:
        driver.reset(connection)


def _write(pool: OpenPool, work: Callable[[Transaction], T]) -> T:
    driver = pool.driver
    while True:
        try:
            return _transaction(pool, work)
        except PoolGoneError as exc:
            raise _NotBegun from exc
        except _Refused as exc:
            if driver.is_lost(exc.reason):
                raise failures.unavailable(Outage.LOST) from exc.reason
            if not driver.learn(exc.reason, exc.statement, exc.form):
                raise _failure(driver, exc.reason, exc.statement, exc.position) from exc.reason


def _transaction(pool: OpenPool, work: Callable[[Transaction], T]) -> T:
    driver = pool.driver
    with pool.writer.connection() as connection:
        _begin(driver, connection)
        transaction = Transaction(driver, connection)
        try:
            done = work(transaction)
            _commit(driver, connection, transaction)
        except BaseException:
            with suppress(*driver.errors):
                driver.rollback(connection)
            raise
        finally:
            if transaction.changes_session:
                driver.reset(connection)
    return done


def _begin(driver: Driver, connection: Any) -> None:
    try:
        driver.begin(connection, read_only=False)
    except driver.errors as exc:
        if driver.is_lost(exc):
            raise _NotBegun from exc
        raise driver.failure(exc, Statement("BEGIN")) from exc


def _in_form(driver: Driver, statement: Statement) -> Statement:
    sent = driver.form_of(statement)
    if len(sent.params) > driver.max_parameters:
        raise failures.too_many_values(driver.max_parameters)
    return sent


def _commit(driver: Driver, connection: Any, transaction: Transaction) -> None:
    """Commit; what is refused only now is told of the transaction's statement."""
    try:
        driver.commit(connection)
    except driver.errors as exc:
        form = driver.known_form(transaction.statement)
        raise _Refused(transaction.statement, transaction.position, exc, form) from exc


def joined(results: Sequence[ResultSet]) -> ResultSet:
    """Return the rows of several writes, with the columns of the last that gave any, and the sum of what they
    changed."""
    columns = next((result.columns for result in reversed(results) if result.columns), ())
    rows = [row for result in results for row in result.rows]
    return ResultSet(columns, rows, sum(result.row_count for result in results))


def _failure(driver: Driver, exc: Exception, statement: Statement, position: int = 0) -> LibertyError:
    failure = driver.failure(exc, statement)
    driver.forget(statement)
    if isinstance(failure, StatementFailed | MalformedRequest):
        failure.position = position
    if isinstance(failure, StatementFailed):
        failure.said = str(exc)
    return failure
