"""PostgreSQL through psycopg: statements, connections, refusals."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.utils.connection import ConnectionDoesNotExist
from psycopg.adapt import AdaptersMap
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from apps.pools.dialects import failures
from apps.pools.dialects.driver import SECRET_TABLES, Connections, Driver, PoolGoneError
from apps.pools.dialects.failures import Outage
from apps.pools.dialects.opening import Opening
from apps.pools.dialects.postgresql_failures import connect_failure, statement_failure
from apps.pools.dialects.postgresql_forms import Form, Forms
from apps.pools.dialects.postgresql_values import ADAPTERS, kind_of
from apps.pools.statement import Column, ResultSet, Statement
from liberty.errors import LibertyError

Connection = psycopg.Connection[Any]

# What values look like: `docs/values.md` rests on it.
SESSION = {"TimeZone": "UTC", "DateStyle": "ISO", "IntervalStyle": "iso_8601", "bytea_output": "hex"}

# The server is going away, is not there, or forgot a prepared statement behind our back (a pooler, DISCARD).
_LOST_STATES = frozenset({"57P01", "57P02", "57P05", "26000"})
_STALE_PLAN = "cached plan must not change result type"


def statement_timeout() -> str:
    """Return LIBERTY_STATEMENT_TIMEOUT_S as PostgreSQL writes it."""
    return f"{int(settings.LIBERTY_STATEMENT_TIMEOUT_S * 1000)}ms"


class JsonCursor(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that returns JSON-ready values."""

    @property
    def adapters(self) -> AdaptersMap:
        return ADAPTERS

    def _execute_send(self, query: Any, *, force_extended: bool = False, binary: bool | None = None) -> None:
        # The extended protocol takes one statement only; psycopg prefers the simple one without parameters.
        super()._execute_send(query, force_extended=True, binary=binary)


class PostgresDriver(Driver):
    """Runs statements on psycopg connections in autocommit."""

    errors = (psycopg.Error, ValueError)
    # Their number has 16 bits in the protocol.
    max_parameters = 65_535

    def __init__(self, alias: str, *, transaction_pooler: bool = False) -> None:
        super().__init__(alias)
        self._transaction_pooler = transaction_pooler
        self._forms = Forms()
        self._secret_columns: dict[int, Mapping[int, tuple[str, str]]] = {0: {}}
        self._resets = count()

    def connections(self, alias: str, *, reading: bool) -> Connections:
        return PsycopgConnections(alias, self)

    def run(self, connection: Connection, statement: Statement, max_rows: int | None = None) -> ResultSet:
        cursor = JsonCursor(connection)
        cursor.execute(statement.sql, statement.params)
        result = cursor.pgresult
        if result is None or not result.nfields:
            return ResultSet((), (), max(cursor.rowcount, 0))
        columns = self._columns(connection, result)
        rows = cursor.fetchall() if max_rows is None else cursor.fetchmany(max_rows) if max_rows else []
        return ResultSet(columns, rows, cursor.rowcount if max_rows is None else len(rows))

    def read(self, connection: Connection, statement: Statement, max_rows: int) -> ResultSet:
        if not self._transaction_pooler:
            return super().read(connection, statement, max_rows)
        self.begin(connection, read_only=True)
        try:
            return self.run(connection, statement, max_rows)
        finally:
            self.rollback(connection)

    def begin(self, connection: Connection, *, read_only: bool) -> None:
        connection.execute("BEGIN READ ONLY" if read_only else "BEGIN READ WRITE", prepare=False)
        if self._transaction_pooler:
            connection.execute(_session_of_transaction(), prepare=False)

    def commit(self, connection: Connection) -> None:
        connection.execute("COMMIT", prepare=False)

    def rollback(self, connection: Connection) -> None:
        # Nothing is sent where the transaction never began.
        connection.rollback()

    def reset(self, connection: Connection) -> None:
        try:
            connection.rollback()
            # psycopg notices that its prepared statements are gone only by a statement text it has not
            # seen on this connection.
            connection.execute(f"DISCARD ALL -- {next(self._resets)}")
        except psycopg.Error:
            self.discard(connection)

    def discard(self, connection: Connection) -> None:
        connection.close()

    def is_lost(self, exc: BaseException) -> bool:
        if not isinstance(exc, psycopg.Error):
            return False
        if isinstance(exc, psycopg.OperationalError | psycopg.InterfaceError) and exc.sqlstate is None:
            return True
        state = exc.sqlstate or ""
        return (
            state.startswith("08") or state in _LOST_STATES or _STALE_PLAN in (exc.diag.message_primary or "")
        )

    def failure(self, exc: Exception, statement: Statement) -> LibertyError:
        failures.note(self.alias, statement, exc)
        return statement_failure(exc, statement, self._forms)

    def form_of(self, statement: Statement) -> Statement:
        return self._forms.of(statement)

    def known_form(self, statement: Statement) -> Form:
        return self._forms.known(statement)

    def learn(self, exc: Exception, statement: Statement, tried: Hashable) -> bool:
        return isinstance(exc, psycopg.Error) and self._forms.learn(exc, statement, tried)

    def forget(self, statement: Statement) -> None:
        self._forms.forget(statement)

    def _columns(self, connection: Connection, result: PGresult) -> tuple[Column, ...]:
        columns = []
        for index in range(result.nfields):
            name = (result.fname(index) or b"").decode()
            table = result.ftable(index)
            origin = None
            if table:
                origin = self._secrets_of(connection, table).get(result.ftablecol(index))
            columns.append(Column(name, kind_of(result.ftype(index)), origin))
        return tuple(columns)

    def _secrets_of(self, connection: Connection, table: int) -> Mapping[int, tuple[str, str]]:
        """Return the columns of a table that holds secrets, by their numbers; asked once for each table."""
        known = self._secret_columns.get(table)
        if known is not None:
            return known
        rows = connection.execute(
            "SELECT a.attnum, c.relname::text, a.attname::text FROM pg_catalog.pg_class c"
            " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.oid = %s AND lower(c.relname::text) = ANY(%s)",
            (table, list(SECRET_TABLES)),
        ).fetchall()
        columns = {number: (name.lower(), column.lower()) for number, name, column in rows}
        self._secret_columns[table] = columns
        return columns


def _session_of_transaction() -> str:
    """Return what a session says for good where nothing stands in between, for one transaction."""
    session = {**SESSION, "statement_timeout": statement_timeout()}
    return "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in session.items())


class PsycopgConnections:
    """The psycopg pool that Django keeps for an alias, opened when first needed."""

    def __init__(self, alias: str, driver: PostgresDriver) -> None:
        self._alias = alias
        self._driver = driver
        self._opening: Opening[ConnectionPool[Connection]] = Opening(self._open)
        self._replace_pool()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        pool = self._opening.result()
        self._return_djangos_connection()
        connection = self._check_out(pool)
        try:
            yield connection
        except BaseException as exc:
            if self._driver.is_lost(exc) or not isinstance(exc, Exception):
                self._driver.discard(connection)
            raise
        finally:
            pool.putconn(connection)

    def probe(self) -> None:
        wrapper = self._wrapper()
        try:
            with wrapper.Database.connect(**wrapper.get_connection_params()):
                pass
        except psycopg.Error as exc:
            raise connect_failure(self._driver.alias, exc) from exc

    def discard_idle(self) -> None:
        pool = self._opening.result()
        self.probe()
        # Tests each connection that waits and replaces the broken ones.
        pool.check()

    def close(self) -> None:
        # Also where no statement went through here: the ORM opens the same pool on its own.
        with suppress(KeyError):
            self._wrapper().close_pool()

    def _replace_pool(self) -> None:
        """Have Django keep a pool that leads where the alias leads now.

        Django finds its pools by alias, and makes one to give a connection back to: a connection of the ORM
        that is closed after its pool leaves one behind that leads to the former database.
        """
        wrapper = self._wrapper()
        wrapper.close_pool()
        _ = wrapper.pool

    def _return_djangos_connection(self) -> None:
        """Give back what the ORM keeps for this thread until the request ends: it may be the pool's last."""
        wrapper = self._wrapper()
        if wrapper.connection is not None and not wrapper.in_atomic_block:
            wrapper.close()

    def _wrapper(self) -> Any:
        # Any: Django types only what all its back ends have.
        try:
            wrapper: Any = connections[self._alias]
            if wrapper.settings_dict is connections.settings.get(self._alias):
                return wrapper
            # This thread's own is from before the pool's row changed, and leads to the old database.
            wrapper.close()
            del connections[self._alias]
            return connections[self._alias]
        except ConnectionDoesNotExist as exc:
            raise PoolGoneError from exc

    def _open(self) -> ConnectionPool[Connection]:
        # The pool would only say that no connection came in time, after that time.
        self.probe()
        pool: ConnectionPool[Connection] = self._wrapper().pool
        pool.open()
        return pool

    def _check_out(self, pool: ConnectionPool[Connection]) -> Connection:
        try:
            return pool.getconn()
        except PoolTimeout as exc:
            if not pool.get_stats().get("pool_size"):
                # Not all are lent: none could be made. Ask why.
                self.probe()
            raise failures.unavailable(Outage.BUSY) from exc
        except PoolClosed as exc:
            raise PoolGoneError from exc
