"""Pools on real databases, as tests see them, and a small schema that reads the same on all of them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from apps.pools.models import Pool
from liberty.crypto import encrypt_stored
from tests.databases import Connection, Database, Rows, run

# Customers and orders with a null, two languages, decimals and dates; the types exist on every product.
SAMPLE_SCHEMA = (
    """CREATE TABLE customers (
        cus_id integer NOT NULL PRIMARY KEY,
        cus_name varchar(60) NOT NULL,
        cus_city varchar(40),
        cus_since date NOT NULL,
        cus_balance decimal(14, 2) NOT NULL
    )""",
    """CREATE TABLE orders (
        ord_id integer NOT NULL PRIMARY KEY,
        ord_cus_id integer NOT NULL REFERENCES customers (cus_id),
        ord_date date NOT NULL,
        ord_total decimal(14, 2) NOT NULL,
        ord_note varchar(200)
    )""",
    """INSERT INTO customers VALUES
        (1, 'Brasserie Dupont', 'Lyon', '2019-03-01', 1250.50),
        (2, 'Müller & Söhne', 'Köln', '2020-11-15', 0.00),
        (3, 'O''Brien Ltd', NULL, '2021-01-31', -42.10),
        (4, '50% Off_Shop', 'Lyon', '2024-02-29', 99999999999.99)""",
    """INSERT INTO orders VALUES
        (10, 1, '2024-01-05', 100.00, NULL),
        (11, 1, '2024-02-05', 250.25, 'livré à l''étage'),
        (12, 2, '2024-02-06', 19.90, 'gift'),
        (13, 4, '2024-02-29', 0.10, 'line one')""",
)


@dataclass(frozen=True)
class ExternalPool:
    """A pool that tests run statements on, through the product's own driver.

    `alias` is its key in Django's `connections`, since the catalogue that describes it is `default`.
    """

    name: str
    dbtype: str
    connection: Connection

    @property
    def alias(self) -> str:
        return self.name

    def execute(self, *statements: str) -> Rows:
        """Run statements as they are, each committed at once, and return the rows of the last one."""
        return run(self.connection, *statements)

    def end_other_sessions(self) -> None:
        """End every session of the pool's user but this one: what a restart of the server does to them."""
        if self.dbtype == "postgres":
            self.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
        elif self.dbtype == "mariadb":
            others = self.execute("SELECT id FROM information_schema.processlist WHERE id <> connection_id()")
            self.execute(*(f"KILL {session}" for (session,) in others))

    def create_sample_schema(self) -> None:
        self.execute(*SAMPLE_SCHEMA)


@contextmanager
def external_pool(name: str, dbtype: str, connection: Connection, **columns: Any) -> Iterator[ExternalPool]:
    """Describe a pool in the framework database and yield it; `columns` are those of its row."""
    highest = Pool.objects.order_by("-apps_id").values_list("apps_id", flat=True).first()
    with closing(connection):
        Pool.objects.create(
            apps_id=(highest or 0) + 1,
            apps_name=name,
            apps_pool=name,
            apps_pool_min=0,
            apps_pool_max=4,
            apps_dbtype=dbtype,
            **columns,
        )
        yield ExternalPool(name, dbtype, connection)


def columns_of(database: Database) -> dict[str, Any]:
    """Return the columns of the row of a pool on this database."""
    return {
        "apps_host": database.server.host,
        "apps_port": database.server.port,
        "apps_user": database.user,
        "apps_password": encrypt_stored(database.password),
        "apps_database": database.name,
    }
