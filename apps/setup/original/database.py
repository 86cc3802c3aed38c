"""A PostgreSQL database of the original: where it is, and what its tables hold at one moment.

It is read through psycopg alone, in a transaction that cannot write. Values come as JSON would have them,
which is the form that `apps.setup.columns` checks: texts, integers, times as ISO text without a zone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg
from django.conf import settings
from psycopg import IsolationLevel, sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict

from liberty.errors import MalformedRequest, PoolNotOpened, StatementFailed

# Every catalogue of the original has it; it tells the schema that the tables are in.
MARK = "ly_applications"
_SCHEMES = ("postgresql://", "postgres://")
# Two sessions that get the same answer see the same table: of one server, one database, one schema.
_IDENTITY = """
    SELECT pg_postmaster_start_time()::text, (SELECT oid FROM pg_catalog.pg_database
    WHERE datname = current_database())::bigint, to_regclass(%s)::oid::bigint
"""
_TABLES = """
    SELECT c.relname::text, a.attname::text
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname, a.attnum
"""
_SCHEMA_IN_PATH = """
    SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass(%s)
"""
_SCHEMAS = """
    SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = %s AND c.relkind IN ('r', 'p') AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""


Identity = tuple[str, int, int | None]
"""Start of the server, number of the database, number of the table MARK or None without one."""


def identity_of(cursor: Any) -> Identity:
    """Return the identity of the framework tables that a cursor on PostgreSQL sees by their names."""
    cursor.execute(_IDENTITY, [MARK])
    start, database, table = cursor.fetchone()
    return start, database, table


@dataclass(frozen=True, slots=True)
class Address:
    """Where a PostgreSQL database is, and who reads it. `options` are libpq's, such as `sslmode`."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of_url(cls, url: str) -> "Address":
        """Parse `postgresql://user:password@host:port/database`. Raises MalformedRequest."""
        refusal = MalformedRequest(
            "The address of the original's database is not postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        )
        if not url.startswith(_SCHEMES):
            raise refusal
        try:
            parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
            address = cls(
                host=parts.pop("host"),
                port=int(parts.pop("port", "5432")),
                database=parts.pop("dbname"),
                user=parts.pop("user"),
                password=parts.pop("password", ""),
                options=parts,
            )
        except (psycopg.Error, KeyError, ValueError):
            # `from None`: the driver's message shows the address, with the password in it.
            raise refusal from None
        return address

    def __str__(self) -> str:
        return f"{self.database} on {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TableRows:
    """The columns of a table in their order, and its rows, values as JSON has them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Database:
    """An open database of the original, all as it is at one moment. `schema` is where its tables are."""

    connection: psycopg.Connection
    schema: str

    @property
    def identity(self) -> Identity:
        """What tells the framework tables of this database from all others."""
        return identity_of(self.connection.cursor())

    def tables(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of every table of the schema, by its name."""
        found: dict[str, list[str]] = {}
        for table, column in self.connection.execute(_TABLES, [_quoted(self.schema)]):
            found.setdefault(table, []).append(column)
        return {table: tuple(columns) for table, columns in found.items()}

    def count(self, table: str) -> int:
        row = self.connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(self.schema, table))
        ).fetchone()
        return row[0] if row else 0

    def filled(self, table: str, column: str) -> int:
        """Return in how many rows a column is not null."""
        row = self.connection.execute(
            sql.SQL("SELECT count({}) FROM {}").format(
                sql.Identifier(column), sql.Identifier(self.schema, table)
            )
        ).fetchone()
        return row[0] if row else 0

    def rows(self, table: str, columns: Sequence[str]) -> TableRows:
        """Return the rows of a table, with the columns that are named."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        cursor = self.connection.execute(
            sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(self.schema, table))
        )
        return TableRows(tuple(columns), tuple(tuple(map(_json_value, row)) for row in cursor))


@contextmanager
def reading(address: Address, *, name: str) -> Iterator[Database | None]:
    """Open a database of the original for reading; None stands for one without framework tables.

    `name` is what messages call it. Raises PoolNotOpened if it cannot be connected to, StatementFailed if it
    refuses to be read.
    """
    connection = connect(address, name=name)
    try:
        with connection.transaction():
            connection.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = ISO")
            schema = _schema(connection, name)
            if schema is None:
                yield None
                return
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
            yield Database(connection, schema)
    except psycopg.Error as exc:
        raise StatementFailed(f"The {name} refused to be read: {_plainly(exc)}") from exc
    finally:
        connection.close()


def connect(address: Address, *, name: str) -> psycopg.Connection:
    """Open a connection whose transactions read, all at one moment, and never write."""
    try:
        connection = psycopg.connect(
            host=address.host,
            port=address.port,
            dbname=address.database,
            user=address.user,
            password=address.password,
            application_name="liberty migration",
            **{"connect_timeout": settings.LIBERTY_CONNECT_TIMEOUT_S, **address.options},
        )
    except psycopg.Error as exc:
        raise PoolNotOpened(f"The {name} ({address}) cannot be opened: {_plainly(exc)}") from exc
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    for kind in ("timestamp", "timestamptz", "date"):
        connection.adapters.register_loader(kind, _TimeText)
    return connection


class _TimeText(Loader):
    """Gives times as text: Python has neither infinity nor years before the first."""

    def load(self, data: Buffer) -> str:
        day, _, time = bytes(data).decode().partition(" ")
        return f"{day}T{time.removesuffix('+00') or '00:00:00'}"


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    return value


def _schema(connection: psycopg.Connection, name: str) -> str | None:
    """Return the schema of the framework tables: in the search path, else the only one that has them."""
    found = connection.execute(_SCHEMA_IN_PATH, [MARK]).fetchone()
    if found:
        return str(found[0])
    schemas = [schema for (schema,) in connection.execute(_SCHEMAS, [MARK])]
    if len(schemas) > 1:
        raise MalformedRequest(
            f"The {name} has framework tables in the schemas {', '.join(schemas)}:"
            " give the one in the address, as ?options=-csearch_path%3DNAME"
        )
    return schemas[0] if schemas else None


def _quoted(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'


def _plainly(exc: psycopg.Error) -> str:
    """Return the reason by its class: the driver's text may show names and values."""
    reason = exc.diag.message_primary
    if reason:
        return reason
    text = str(exc).strip().splitlines()
    return text[-1].strip() if text else type(exc).__name__
