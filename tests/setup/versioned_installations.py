"""An installation of version 1.2.0 on real databases, and the commands of its operator as processes."""

import random
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from liberty import crypto
from liberty.settings.env import BASE_DIR
from tests.databases import (
    Connection,
    Database,
    Rows,
    empty_mariadb,
    empty_postgres,
    run,
    sqlite_connection,
)
from tests.live_site import environment_of

ROWS = 40
LABEL = {0: "Group {}: Text {}", 1: "no group {}{}", 2: "Group {}: : {}", 3: "Überschrift {}: {}"}


@dataclass
class Installation:
    """A framework database, and pools that are catalogues of it: `erp` on SQLite, `crm` on MariaDB.

    The framework database is of the run's product; on SQLite there is a pool `shop` on PostgreSQL besides.
    """

    folder: Path
    postgres: Database
    mariadb: Database
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        empty_postgres(self.postgres)
        empty_mariadb(self.mariadb)
        keys = {
            "LIBERTY_ENCRYPTION_KEY": settings.LIBERTY_ENCRYPTION_KEY,
            "LIBERTY_SECRET_KEY": "x" * 50,
            "LIBERTY_LOG_LEVEL": "ERROR",
        }
        self.environment = environment_of(self.folder) | keys
        if settings.FRAMEWORK == "postgres":
            server, database = self.postgres.server, self.postgres
            self.environment["LIBERTY_DATABASE_URL"] = (
                f"postgresql://{database.user}:{database.password}@{server.host}:{server.port}/{database.name}"
            )

    @property
    def pools(self) -> tuple[str, ...]:
        return ("crm", "erp") if settings.FRAMEWORK == "postgres" else ("crm", "erp", "shop")

    @property
    def databases(self) -> tuple[str, ...]:
        return "default", *self.pools

    def install(self) -> None:
        """Make all databases with the code of 1.0.0; from then on it is that of 1.2.0."""
        self.finished("upgrade")
        self._describe_pools()
        self.finished("upgrade", *(f"--add={pool}" for pool in self.pools))
        self.environment["DJANGO_SETTINGS_MODULE"] = "tests.setup.later.settings"

    def fill(self) -> None:
        """Store rows of version 1.0.0 everywhere: labels of all forms, and a secret."""
        secret = crypto.encrypt_stored("a secret")
        for database in self.databases:
            with closing(self.connect(database)) as connection:
                cursor = connection.cursor()
                cursor.execute("BEGIN")
                for number in range(1, ROWS + 1):
                    label = LABEL[number % 4].format(number % 7, number)
                    cursor.execute(f"INSERT INTO ly_enum (enum_id, enum_label) VALUES ({number}, '{label}')")
                    cursor.execute(
                        f"INSERT INTO ly_enum_val (enum_id, val_enum, val_label) VALUES ({number}, 'A', 'é')"
                    )
                    cursor.execute(
                        "INSERT INTO ly_query (query_id, query_label, query_type)"
                        f" VALUES ({number}, 'query', 'x')"
                    )
                cursor.execute(
                    "INSERT INTO ly_api_conn (conn_id, conn_label, conn_url, conn_password)"
                    f" VALUES (1, 'x', 'x', '{secret}')"
                )
                cursor.execute("COMMIT")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finished(self, *arguments: str, status: int = 0) -> str:
        """Run a command to its end, which must have this exit status, and return what it shows."""
        process = self.start(*arguments)
        shown, _ = process.communicate()
        assert process.returncode == status, shown
        return shown

    def kill_somewhere(self, moment: random.Random, lines: int, *arguments: str) -> str:
        """Run a command and kill it some time after one of its lines, or before; return what it showed."""
        process = self.start(*arguments)
        assert process.stdout is not None
        number = moment.randrange(lines + 1)
        shown = [process.stdout.readline() for _ in range(number)]
        time.sleep(moment.uniform(0, 0.1 if number else 2.0))
        process.kill()
        rest, _ = process.communicate()
        return "".join(shown) + rest

    def connect(self, database: str) -> Connection:
        if database == "crm":
            return self.mariadb.connect()
        if database == "shop" or (database == "default" and settings.FRAMEWORK == "postgres"):
            return self.postgres.connect()
        return sqlite_connection(self._file(database))

    def rows(self, database: str, sql: str) -> Rows:
        with closing(self.connect(database)) as connection:
            return [tuple(row) for row in run(connection, sql)]

    def labels(self) -> Mapping[str, Rows]:
        """Return what every version knows of enumerations, as 1.0.0 has it."""
        return {
            database: self.rows(database, "SELECT enum_id, enum_label FROM ly_enum ORDER BY enum_id")
            for database in self.databases
        }

    def labels_of_newest(self) -> Mapping[str, Rows]:
        """Return the same from the tables of 1.2.0: number, group or None, text."""
        sql = (
            "SELECT e.enum_id, g.grp_name, e.enum_words FROM ly_enum e"
            " LEFT JOIN ly_enum_grp g ON g.id = e.grp_id ORDER BY e.enum_id"
        )
        return {database: self.rows(database, sql) for database in self.databases}

    def others(self) -> Mapping[str, list[Rows]]:
        """Return the rows that no version changes."""
        queries = (
            "SELECT enum_id, val_enum, val_label FROM ly_enum_val ORDER BY enum_id",
            "SELECT query_id, query_label FROM ly_query ORDER BY query_id",
            "SELECT conn_id, conn_password FROM ly_api_conn ORDER BY conn_id",
        )
        return {database: [self.rows(database, sql) for sql in queries] for database in self.databases}

    def _file(self, database: str) -> Path:
        return self.folder / ("liberty.sqlite3" if database == "default" else f"{database}.sqlite3")

    def _describe_pools(self) -> None:
        sqlite_connection(self._file("erp")).close()
        self._file("erp").touch()
        self._describe(901, "erp", "sqlite", str(self._file("erp")))
        self._describe(902, "crm", "mariadb", self.mariadb.name, self.mariadb)
        if "shop" in self.pools:
            self._describe(903, "shop", "postgres", self.postgres.name, self.postgres)

    def _describe(
        self, number: int, name: str, dbtype: str, database: str, on: Database | None = None
    ) -> None:
        password = crypto.encrypt_stored(on.password) if on else ""
        host, port, user = (on.server.host, on.server.port, on.user) if on else ("", 0, "")
        self.rows_written(
            "INSERT INTO ly_applications (apps_id, apps_pool, apps_dbtype, apps_database, apps_host,"
            f" apps_port, apps_user, apps_password) VALUES ({number}, '{name}', '{dbtype}', '{database}',"
            f" '{host}', {port}, '{user}', '{password}')"
        )

    def rows_written(self, sql: str, database: str = "default") -> None:
        with closing(self.connect(database)) as connection:
            run(connection, sql)


def labels_split(labels: Rows) -> Rows:
    """Return labels as 1.2.0 stores them."""
    found = []
    for number, label in labels:
        group, separator, text = label.partition(": ")
        found.append((number, group, text) if separator else (number, None, group))
    return found
