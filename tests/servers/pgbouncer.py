"""A private PgBouncer in front of a PostgreSQL server, in transaction mode."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.databases import Database
from tests.servers.process import private_folder, run_as, serving, write_private

# Sessions at the database. A call may take two transactions: with two they would always meet the same ones.
SESSIONS = 3


@contextmanager
def running(program: Path, database: Database) -> Iterator[int]:
    """Yield the port of a new pooler that knows the database's user alone."""
    with private_folder("pgbouncer") as folder:
        # The clear text, since it signs in at the database with it as well.
        write_private(folder / "users.txt", f'"{database.user}" "{database.password}"\n')
        with serving(
            lambda port: _command(program, folder, database, port),
            is_ready=lambda port: _accepts(database, port),
            log=write_private(folder / "server.log", ""),
        ) as port:
            yield port


def _command(program: Path, folder: Path, database: Database, port: int) -> Sequence[str]:
    server = database.server
    configuration = write_private(
        folder / "pgbouncer.ini",
        f"""[databases]
* = host={server.host} port={server.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder / "users.txt"}
pool_mode = transaction
default_pool_size = {SESSIONS}
server_round_robin = 1
""",
    )
    return run_as([program, configuration], dies_with_parent="KILL")


def _accepts(database: Database, port: int) -> bool:
    """Whether it takes connections; all its sessions are then open, since each has a transaction at once."""
    try:
        with ExitStack() as clients:
            for _ in range(SESSIONS):
                clients.enter_context(_connect(database, port)).execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _connect(database: Database, port: int) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=database.user,
        password=database.password,
        dbname=database.name,
        connect_timeout=2,
    )
