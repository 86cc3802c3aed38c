"""An installation of the original as its databases look: the framework tables in their owner's schema."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from liberty.crypto import encrypt_original
from tests.databases import Database, empty_postgres
from tests.framework.tables import TABLES, parents_first

MASTER_KEY = "the key of these tests"
LOCAL = "db.example"
"""What the original calls the server of its databases; nobody else knows the name."""


def url_of(database: Database) -> str:
    server = database.server
    return f"postgresql://{database.user}:{database.password}@{server.host}:{server.port}/{database.name}"


def encrypted(text: str) -> str:
    return encrypt_original(text, MASTER_KEY)


def damaged() -> str:
    """Return an encrypted text that no key reads."""
    text = encrypted("lost")
    return text[:20] + ("B" if text[20] == "A" else "A") + text[21:]


@dataclass(frozen=True)
class Catalogue:
    """A database of the original with all framework tables."""

    database: Database

    @classmethod
    def made_in(cls, database: Database) -> "Catalogue":
        """Empty a database and make the framework tables as the original has them."""
        empty_postgres(database)
        catalogue = cls(database)
        catalogue.execute(
            f"CREATE SCHEMA {database.user}", *(TABLES[name].ddl(name) for name in parents_first())
        )
        return catalogue

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner and return the rows of the last one."""
        rows: list[tuple[Any, ...]] = []
        with closing(self.database.connect()) as connection:
            for statement in statements:
                cursor = connection.cursor()
                cursor.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def insert(self, table: str, **values: Any) -> None:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
        )
        with closing(psycopg.connect(url_of(self.database), autocommit=True)) as connection:
            connection.execute(statement, list(values.values()))

    def without_constraints(self, *tables: str) -> None:
        """Drop the foreign keys of tables, so that rows can stand in them that have no parent."""
        for table in tables:
            names = self.execute(
                "SELECT conname FROM pg_constraint"
                f" WHERE conrelid = '{table}'::regclass AND contype IN ('f', 'u')"
            )
            self.execute(*(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for (name,) in names))

    def content(self) -> dict[str, list[Any]]:
        """Return all rows of all tables of the schema, as texts."""
        names = self.execute(f"SELECT tablename FROM pg_tables WHERE schemaname = '{self.database.user}'")
        return {
            name: sorted(str(row) for (row,) in self.execute(f'SELECT t::text FROM "{name}" t'))
            for (name,) in names
        }

    def add_pool(self, number: int, pool: str, database: Database | None = None, **values: Any) -> None:
        """Insert an application; with a `database` it is that of its pool, on the server LOCAL."""
        columns: Mapping[str, Any] = {}
        if database is not None:
            columns = {
                "apps_dbtype": "postgres",
                "apps_host": LOCAL,
                "apps_port": 5432,
                "apps_database": database.name,
                "apps_user": database.user,
                "apps_password": encrypted(database.password),
            }
        row = {"apps_id": number, "apps_name": pool, "apps_pool": pool, **columns, **values}
        self.insert("ly_applications", **row)

    def add_users(self) -> None:
        """Insert an administrator, a clerk, one with a damaged password, one without a password."""
        for user, password, admin in (
            ("admin", encrypted("of admin"), "Y"),
            ("clerk", encrypted("of clerk é"), "N"),
            ("unlucky", damaged(), "N"),
            ("machine", None, "N"),
        ):
            self.insert("ly_users", usr_id=user, usr_password=password, usr_status="Y", usr_admin=admin)

    def add_query(self, number: int, select: str, *, pool: str = "SESSION", verb: str = "GET") -> None:
        self.insert("ly_query", query_id=number, query_label=f"query {number}", query_type="query")
        self.insert(
            "ly_qry_sql",
            query_id=number,
            query_dbtype="generic",
            query_crud=verb,
            query_sqlquery=select,
            query_pool=pool,
        )


@dataclass(frozen=True)
class Files:
    """Files with what the command is not told on its command line."""

    folder: Path

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text + "\n")
        return file

    def report(self) -> Any:
        return json.loads((self.folder / "report.json").read_text())
