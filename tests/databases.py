"""Databases that tests use as pools: one a worker on each server, emptied before each test."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg
import pymysql
from pymysql.constants import CLIENT

Rows = list[tuple[Any, ...]]

# What PostgreSQL calls the sessions of the fixtures.
ADMINISTRATION = "administration of the tests"


class Connection(Protocol):
    """What the drivers' connections have in common, as far as tests use it."""

    def cursor(self) -> Any: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Server:
    """A database server that was started for the tests, and the account that may do everything on it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def of(cls, variable: str) -> "Server":
        """Return the server whose URL is in an environment variable. Raises RuntimeError without one."""
        url = os.environ.get(variable)
        if not url:
            raise RuntimeError(
                f"{variable} is not set: run `make test` or `python -m tests.servers -- pytest`"
            )
        parts = urlsplit(url)
        return cls(
            parts.scheme, parts.hostname or "", parts.port or 0, parts.username or "", parts.password or ""
        )

    def connect(self, database: str | None = None) -> Connection:
        """Open an autocommit connection of the administrator."""
        return connect(self, user=self.user, password=self.password, database=database)

    def execute(self, *statements: str, database: str | None = None) -> Rows:
        """Run statements as administrator and return the rows of the last one."""
        with closing(self.connect(database)) as connection:
            return run(connection, *statements)


@dataclass(frozen=True)
class Database:
    """A database for one worker and the account that owns it; no other account may use it.

    `admin` is the administrator's connection, open as long as the database is there.
    """

    server: Server
    name: str
    user: str
    password: str
    admin: Connection

    def connect(self) -> Connection:
        return connect(self.server, user=self.user, password=self.password, database=self.name)


def connect(server: Server, *, user: str, password: str, database: str | None) -> Connection:
    if server.scheme == "postgresql":
        return psycopg.connect(
            host=server.host,
            port=server.port,
            user=user,
            password=password,
            dbname=database or "postgres",
            application_name=ADMINISTRATION if user == server.user else None,
            autocommit=True,
        )
    return pymysql.connect(
        host=server.host,
        port=server.port,
        user=user,
        password=password,
        database=database,
        autocommit=True,
        client_flag=CLIENT.MULTI_STATEMENTS,
    )


def run(connection: Connection, *statements: str) -> Rows:
    """Run statements as they are (no placeholders) and return the rows of the last one."""
    rows: Rows = []
    with closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
            rows = list(cursor.fetchall()) if cursor.description else []
    return rows


@contextmanager
def postgres_database(server: Server, worker: str) -> Iterator[Database]:
    """Make a database and its owner, who is no superuser, and drop both after."""
    name = account = unique_name(worker)
    password = secrets.token_hex(8)
    server.execute(
        f"CREATE ROLE {account} LOGIN PASSWORD '{password}'",
        f"CREATE DATABASE {name} OWNER {account} TEMPLATE template0",
        f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",
    )
    try:
        with closing(server.connect(name)) as admin:
            yield Database(server, name, account, password, admin)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {account}")


@contextmanager
def mariadb_database(server: Server, worker: str) -> Iterator[Database]:
    """Make a database and an account with all rights in it alone, and drop both after."""
    name = account = unique_name(worker)
    password = secrets.token_hex(8)
    with closing(server.connect()) as admin:
        run(
            admin,
            f"CREATE DATABASE {name} CHARACTER SET utf8mb4",
            f"CREATE USER '{account}'@'127.0.0.1' IDENTIFIED BY '{password}'",
            f"GRANT ALL PRIVILEGES ON {name}.* TO '{account}'@'127.0.0.1'",
        )
        try:
            yield Database(server, name, account, password, admin)
        finally:
            run(admin, f"DROP DATABASE {name}", f"DROP USER '{account}'@'127.0.0.1'")


def unique_name(worker: str) -> str:
    """Return a name no other run uses on a server that several runs share; `apps_user` holds 20 letters."""
    return f"t_{secrets.token_hex(4)}_{worker}"


def empty_postgres(database: Database) -> None:
    """Drop everything in the database, ending sessions that a test has left open."""
    run(database.admin, _ending_sessions(database.name))
    schemas = run(
        database.admin,
        "SELECT quote_ident(nspname) FROM pg_namespace "
        "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    )
    run(
        database.admin,
        *(f"DROP SCHEMA {schema} CASCADE" for (schema,) in schemas),
        f"CREATE SCHEMA public AUTHORIZATION {database.user}",
    )


def end_sessions(server: Server, database: str) -> None:
    """End the sessions on a PostgreSQL database, which keep it from being dropped or emptied.

    Those of the fixtures themselves stay.
    """
    server.execute(_ending_sessions(database))


def _ending_sessions(database: str) -> str:
    return (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{database}' AND application_name <> '{ADMINISTRATION}'"
    )


def empty_mariadb(database: Database) -> None:
    """Drop everything in the database, ending sessions that a test has left open."""
    sessions = run(
        database.admin, f"SELECT id FROM information_schema.processlist WHERE db = '{database.name}'"
    )
    for (session,) in sessions:
        with suppress(pymysql.OperationalError):  # it has ended meanwhile
            run(database.admin, f"KILL {session}")
    run(
        database.admin,
        f"DROP DATABASE {database.name}",
        f"CREATE DATABASE {database.name} CHARACTER SET utf8mb4",
    )


def sqlite_connection(file: Path) -> sqlite3.Connection:
    """Open an autocommit connection to a database file, which is made if it is not there."""
    return sqlite3.connect(file, isolation_level=None)
