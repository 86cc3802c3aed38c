"""Databases on the original's own server: of an application, and for our framework; and what one holds."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from liberty.crypto import encrypt_original

SCHEMA = "liberty"


@dataclass(frozen=True)
class Application:
    """An application with a database of its own: the name of its pool, and the database's address."""

    pool: str
    url: str


@contextmanager
def application_database(original: str, master_key: str) -> Iterator[Application]:
    """Give the first application that the original ships its database, and yield it.

    It has a catalogue of its own, as the original's do: a copy of the default one, in the schema of its role.
    """
    with psycopg.connect(original, autocommit=True) as server:
        found = server.execute(
            "SELECT apps_id, apps_pool FROM ly_applications WHERE apps_pool <> 'default' ORDER BY 1 LIMIT 1"
        ).fetchone()
        if found is None:
            raise RuntimeError("the original ships no application beside its own")
        number, pool = found
        name, password = f"app_{secrets.token_hex(4)}", secrets.token_hex(16)
        info = server.info
        with _database(server, name, password) as url:
            _copy_tables(server, url, name)
            server.execute(
                "UPDATE ly_applications SET apps_host = %s, apps_port = %s, apps_database = %s,"
                " apps_user = %s, apps_password = %s, apps_dbtype = 'postgres' WHERE apps_id = %s",
                [info.host, info.port, name, name, encrypt_original(password, master_key), number],
            )
            yield Application(pool, url)


@contextmanager
def framework_database(original: str, framework: str) -> Iterator[str | None]:
    """Yield the URL of an empty database, or None where the framework's own SQLite file will do."""
    if framework == "sqlite":
        yield None
        return
    name, password = f"ours_{secrets.token_hex(4)}", secrets.token_hex(16)
    with psycopg.connect(original, autocommit=True) as server, _database(server, name, password) as url:
        yield url


def content_of(url: str) -> dict[str, str]:
    """Return a digest of the rows of every table in the schema of a database's role."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_user ORDER BY 1"
        ).fetchall()
        return {table: _digest(connection, table) for (table,) in tables}


def _digest(connection: psycopg.Connection, table: str) -> str:
    statement = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t")
    row = connection.execute(statement.format(sql.Identifier(table))).fetchone()
    return str(row[0]) if row else ""


@contextmanager
def _database(server: psycopg.Connection, name: str, password: str) -> Iterator[str]:
    role = sql.Identifier(name)
    server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)))
    server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
    url = f"postgresql://{name}:{password}@{server.info.host}:{server.info.port}/{name}"
    try:
        with psycopg.connect(url) as owner:
            owner.execute(sql.SQL("CREATE SCHEMA {}").format(role))
        yield url
    finally:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(role))
        server.execute(sql.SQL("DROP ROLE {}").format(role))


def _copy_tables(server: psycopg.Connection, url: str, schema: str) -> None:
    """Copy the tables of the default catalogue, with their keys, into a database."""
    tables = server.execute(
        "SELECT c.relname, string_agg(format('%%I %%s%%s', a.attname, format_type(a.atttypid, a.atttypmod),"
        " CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY a.attnum),"
        " (SELECT string_agg(k.attname, ', ') FROM pg_index i JOIN pg_attribute k"
        "  ON k.attrelid = c.oid AND k.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname",
        [SCHEMA],
    ).fetchall()
    with psycopg.connect(url) as copy:
        for table, columns, key in tables:
            parts = f"{columns}, PRIMARY KEY ({key})" if key else columns
            name = sql.Identifier(schema, table)
            copy.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(parts)))
            source = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(SCHEMA, table))
            target = sql.SQL("COPY {} FROM STDIN").format(name)
            with server.cursor().copy(source) as rows, copy.cursor().copy(target) as written:
                for block in rows:
                    written.write(block)
