"""The 69 framework tables: what they must be (`tables.json`), what a database has, and rows for them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table as a database has it."""

    columns: tuple[str, ...]
    """In their order, written as in `act_id integer not null`."""
    key: Key
    unique: frozenset[Key] = frozenset()
    cascades: dict[str, dict[str, str]] = field(default_factory=dict)
    """Parent table → {column: column of the parent}."""

    @property
    def names(self) -> Key:
        return tuple(column.split()[0] for column in self.columns)

    def ddl(self, name: str) -> str:
        """Return the CREATE TABLE that a database of the original would show."""
        parts = [*self.columns, f"PRIMARY KEY ({', '.join(self.key)})"]
        parts += [f"UNIQUE ({', '.join(columns)})" for columns in self.unique]
        parts += [
            f"FOREIGN KEY ({', '.join(pairs)})"
            f" REFERENCES {parent} ({', '.join(pairs.values())}) ON DELETE CASCADE"
            for parent, pairs in self.cascades.items()
        ]
        return f"CREATE TABLE {name} ({', '.join(parts)})"


def _read() -> dict[str, Table]:
    facts = json.loads(Path(__file__).with_name("tables.json").read_text())
    return {
        name: Table(
            tuple(fact["columns"]),
            tuple(fact["key"]),
            frozenset((column,) for column in fact.get("unique", [])),
            fact.get("cascades", {}),
        )
        for name, fact in facts.items()
    }


TABLES = _read()
CASCADES = [(name, parent) for name, table in TABLES.items() for parent in table.cascades]


def parents_first() -> list[str]:
    """Return the names of all tables, each after those it refers to."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for parent in TABLES[name].cascades:
            visit(parent)
        found[name] = None

    for name in TABLES:
        visit(name)
    return list(found)


def values_of(name: str, number: int = 1) -> Row:
    """Return a row of the table, in the order of its columns: every value says `number`."""
    return tuple(_value(column.split()[1], number) for column in TABLES[name].columns)


def _value(kind: str, number: int) -> Any:
    if kind == "integer":
        return number
    if kind == "timestamp":
        return datetime(2024, 6, 19, 20, 35, 9, 890000 + 1000 * number)
    return str(number)


def insert(name: str, number: int = 1) -> Row:
    """Insert a row by position, and the rows it refers to where they are missing; return its values."""
    for parent in TABLES[name].cascades:
        if values_of(parent, number) not in rows_of(parent):
            insert(parent, number)
    values = values_of(name, number)
    execute(insert_sql(name), values)
    return values


def insert_sql(name: str) -> str:
    """Return an INSERT by position, as stored SQL writes it, with a `%s` for each column."""
    return f"INSERT INTO {name.upper()} VALUES ({', '.join(['%s'] * len(TABLES[name].columns))})"


def rows_of(name: str) -> list[Row]:
    """Return all rows of the table in the order of its key."""
    return execute(f"SELECT * FROM {name} ORDER BY {', '.join(TABLES[name].key)}")


def execute(sql: str, params: Row = ()) -> list[Row]:
    """Run a statement on the framework database; return its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def empty_database(alias: str, folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """Open an empty database of the framework database's product: a file, or a schema of its own."""
    database = connections[DEFAULT_DB_ALIAS].copy(alias)
    if database.vendor == "sqlite":
        database.settings_dict["NAME"] = str(folder / f"{alias}.sqlite3")
    else:
        database.settings_dict["OPTIONS"] = {"options": f"-c search_path={alias}"}
        # Not on the connection of `default`: nobody else would see the schema before its transaction ends.
        _run(database, f"CREATE SCHEMA {alias}")
    connections[alias] = database
    try:
        yield database
    finally:
        if database.vendor == "postgresql":
            _run(database, f"DROP SCHEMA {alias} CASCADE")
        database.close()
        del connections[alias]


def _run(database: BaseDatabaseWrapper, sql: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(sql)


def tables_in(database: BaseDatabaseWrapper) -> dict[str, Table]:
    """Return the framework tables that the database has, read from its own catalogue."""
    read = {"sqlite": _sqlite_table, "postgresql": _postgresql_table}[database.vendor]
    names = TABLES.keys() & set(database.introspection.table_names())
    with database.cursor() as cursor:
        return {name: read(cursor, name) for name in names}


def _sqlite_table(cursor: Any, name: str) -> Table:
    columns = cursor.execute(f"PRAGMA table_info({name})").fetchall()
    key = sorted((position, column) for _, column, _, _, _, position in columns if position)
    cascades: dict[str, dict[str, str]] = defaultdict(dict)
    for _, _, parent, column, target, _, on_delete, _ in cursor.execute(
        f"PRAGMA foreign_key_list({name})"
    ).fetchall():
        cascades[parent if on_delete == "CASCADE" else f"{parent} {on_delete}"][column] = target
    indexes = cursor.execute(f"PRAGMA index_list({name})").fetchall()
    unique = [
        tuple(column for _, _, column in cursor.execute(f"PRAGMA index_info({index})").fetchall())
        for _, index, _, origin, _ in indexes
        if origin == "u"
    ]
    return Table(
        tuple(
            f"{column} {kind.lower()}{' not null' if required else ''}"
            for _, column, kind, required, _, _ in columns
        ),
        tuple(column for _, column in key),
        frozenset(unique),
        dict(cascades),
    )


def _postgresql_table(cursor: Any, name: str) -> Table:
    cursor.execute(
        """SELECT attname, format_type(atttypid, atttypmod), attnotnull, attnum FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
        [name],
    )
    columns = cursor.fetchall()
    cursor.execute(
        """SELECT contype, confrelid::regclass::text, confdeltype,
            ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, i)
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i),
            ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, i)
                  JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i)
        FROM pg_constraint WHERE conrelid = %s::regclass""",
        [name],
    )
    constraints = cursor.fetchall()
    types = {"character varying": "varchar", "timestamp without time zone": "timestamp"}
    return Table(
        tuple(
            f"{column} {_renamed(kind, types)}{' not null' if required else ''}"
            for column, kind, required, _ in columns
        ),
        next(tuple(of) for kind, _, _, of, _ in constraints if kind == "p"),
        frozenset(tuple(of) for kind, _, _, of, _ in constraints if kind == "u"),
        {
            parent if on_delete == "c" else f"{parent} {on_delete}": dict(zip(of, to, strict=True))
            for kind, parent, on_delete, of, to in constraints
            if kind == "f"
        },
    )


def _renamed(kind: str, names: dict[str, str]) -> str:
    for long, short in names.items():
        kind = kind.replace(long, short)
    return kind
