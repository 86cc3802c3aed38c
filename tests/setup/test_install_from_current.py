"""Moving the embedded database to PostgreSQL, with a server of two workers running and writing."""

import fcntl
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from liberty.settings.env import BASE_DIR
from tests.databases import run, sqlite_connection
from tests.live_site import _password_in
from tests.setup.installations import Installation, Names, RunningServer, overtaken
from tests.setup.test_install_live import is_ready_everywhere, until

COUNTER = "/api/db/query?source=framework&query=13"


class Embedded(Installation):
    """An installation as `make run` leaves it: the embedded database and the demo."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.make_embedded()
        self.admin_password = _password_in(self.manage("load_demo"))

    @property
    def file(self) -> Path:
        return self.folder / "liberty.sqlite3"

    def counts(self, file: Path | None = None) -> dict[str, int]:
        """Return the number of rows of each table."""
        with closing(sqlite_connection(file or self.file)) as connection:
            tables = run(
                connection,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            )
            return {name: run(connection, f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in tables}


@pytest.fixture
def embedded(tmp_path: Path) -> Embedded:
    return Embedded(tmp_path)


def counts_in(names: Names) -> dict[str, int]:
    return {name: names.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names.tables()}


def move(installation: Installation, names: Names, *more: str) -> str:
    return installation.install(names, "--from-current", *more)


def write_counter(server: RunningServer, token: str, value: int) -> int:
    """Set a counter of the framework database, and return the status."""
    return server.call(COUNTER, counter(value), token=token, method="PUT").status


def counter(value: int) -> dict[str, Any]:
    """The members of a counter, as its query writes them."""
    audit = {"NN_AUDIT_USER": "admin", "NN_AUDIT_DATE": "2026-01-31T10:11:12"}
    return {"NN_ID": "moved", "NN_CURRENT": value, **audit}


def test_every_row_moves_and_no_write_is_lost(embedded: Embedded, names: Names) -> None:
    names.make()
    with embedded.serving() as server:
        token = server.sign_in("admin", embedded.admin_password)
        created = server.call(COUNTER, counter(0), token=token)
        assert created.status == 200
        acknowledged = [0]
        statuses: set[int] = set()
        stopped = threading.Event()

        def keep_writing() -> None:
            while not stopped.is_set():
                status = write_counter(server, token, acknowledged[0] + 1)
                statuses.add(status)
                if status == 200:
                    acknowledged[0] += 1

        writer = threading.Thread(target=keep_writing)
        writer.start()
        try:
            shown = move(embedded, names)
            until(lambda: is_ready_everywhere(server))
        finally:
            stopped.set()
            writer.join()

        assert statuses <= {200, 503}
        assert names.rows("SELECT nn_current FROM ly_nextnum WHERE nn_id = 'moved'") == [(acknowledged[0],)]
        # Tokens, users and rights are as before; new rows get new numbers.
        assert write_counter(server, token, 0) == 200
        assert server.sign_in("demo", "demo")
        assert server.call("/api/db/query?query=9001&limit=1", token=token).body["count"] == 1
    backup = Path(shown.strip().splitlines()[-1].partition("kept in ")[2])
    kept = embedded.counts(backup)
    with closing(sqlite_connection(backup)) as connection:
        run(connection, "UPDATE ly_nextnum SET nn_current = 0")  # it takes writes
    changing = {"liberty_log", "liberty_user_state", "django_migrations"}
    moved = counts_in(names)
    assert set(kept) == set(moved)
    assert {name: kept[name] for name in kept.keys() - changing} == {
        name: moved[name] for name in moved.keys() - changing
    }


def test_the_embedded_database_refuses_writes_afterwards(embedded: Embedded, names: Names) -> None:
    names.make()
    move(embedded, names)
    with closing(sqlite_connection(embedded.file)) as connection:
        for statement in (
            "DELETE FROM ly_users",
            "UPDATE ly_users SET usr_name = 'x'",
            "INSERT INTO ly_nextnum (nn_id, nn_current) VALUES ('x', 1)",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="has moved"):
                run(connection, statement)


def test_sequences_go_on_behind_the_rows(embedded: Embedded, names: Names) -> None:
    names.make()
    with closing(sqlite_connection(embedded.file)) as connection:
        run(
            connection,
            "INSERT INTO liberty_log (id, time, source, level, url, message, members)"
            " VALUES (77, '2026-01-01 00:00:00', 'client', 'INFO', '', '', '{}')",
        )
    move(embedded, names)
    assert names.rows("SELECT nextval(pg_get_serial_sequence('liberty_log', 'id'))") == [(78,)]


def test_a_failed_copy_leaves_both_as_they_were(embedded: Embedded, names: Names) -> None:
    with closing(sqlite_connection(embedded.file)) as connection:
        run(connection, "UPDATE ly_users SET usr_name = 'a' || char(0) WHERE usr_id = 'demo'")
    before = embedded.counts()
    status, shown = embedded.finish(
        *embedded.install_arguments(names, "--from-current", f"--maintenance-user={names.server.user}"),
        LIBERTY_INSTALL_PASSWORD=names.password,
        LIBERTY_INSTALL_MAINTENANCE_PASSWORD=names.server.password,
    )
    assert (status, shown.strip().splitlines()[-1]) == (
        1,
        "CommandError: Set-up failed at step `copy`: table `ly_users`: it holds a text that PostgreSQL "
        "cannot store.",
    )
    assert names.exist() == (False, False)
    assert embedded.counts() == before
    assert not embedded.configuration.exists()
    with closing(sqlite_connection(embedded.file)) as connection:
        run(connection, "UPDATE ly_users SET usr_name = 'a' WHERE usr_id = 'demo'")


def test_another_installations_database_is_refused(
    embedded: Embedded, names: Names, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names.make()
    Installation(tmp_path_factory.mktemp("other")).install(names)
    before = counts_in(names)
    status, shown = embedded.finish(
        *embedded.install_arguments(names, "--from-current"), LIBERTY_INSTALL_PASSWORD=names.password
    )
    assert (status, "holds another installation" in shown) == (1, True)
    assert counts_in(names) == before


# A process of its own for sockets sees no request that tells it of another database.
_SOCKETS = """
import asyncio, subprocess, sys, time
from liberty.asgi import _reservations
from django.db import connection

def vendor():
    connection.ensure_connection()
    return connection.vendor

async def asked():
    return await _reservations._in_thread(vendor)

print(asyncio.run(asked()))
subprocess.run([sys.executable, *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)
time.sleep(0.2)
print(asyncio.run(asked()))
"""


def test_reservations_follow(embedded: Embedded, names: Names) -> None:
    names.make()
    shown = embedded.run(
        "-c",
        _SOCKETS,
        *embedded.install_arguments(names, "--from-current"),
        LIBERTY_SOCKETS="true",
        LIBERTY_INSTALL_PASSWORD=names.password,
        PYTHONPATH=str(BASE_DIR),
    )
    assert [line for line in shown.splitlines() if line in ("sqlite", "postgresql")] == [
        "sqlite",
        "postgresql",
    ]


def test_an_installation_that_is_faster_keeps_its_rows(
    embedded: Embedded, names: Names, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names.make()
    faster = Installation(tmp_path_factory.mktemp("faster"))
    status, shown = overtaken(embedded, faster, names, "--from-current")
    assert (status, "Another set-up has just filled this database" in shown) == (1, True)
    assert names.rows("SELECT usr_id FROM ly_users") == [("admin",)]
    assert not embedded.configuration.exists()


def test_it_does_not_run_beside_an_upgrade(embedded: Embedded, names: Names) -> None:
    """That would go on in the database that was copied already."""
    names.make()
    with (embedded.folder / f"{embedded.file.name}.setup-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, shown = embedded.finish(
            *embedded.install_arguments(names, "--from-current"), LIBERTY_INSTALL_PASSWORD=names.password
        )
    assert (status, shown.strip().splitlines()[-1]) == (
        1,
        "CommandError: Another upgrade, downgrade, revision or restore is under way; try again when it has "
        "ended.",
    )
    assert names.tables() == set()


def test_without_the_word_an_embedded_database_is_not_left(embedded: Embedded, names: Names) -> None:
    names.make()
    status, shown = embedded.finish(
        *embedded.install_arguments(names), LIBERTY_INSTALL_PASSWORD=names.password
    )
    assert (status, "--from-current" in shown) == (1, True)
    assert names.tables() == set()


def test_repeated_it_changes_nothing(embedded: Embedded, names: Names) -> None:
    names.make()
    move(embedded, names)
    written = embedded.configuration.read_bytes()
    assert move(embedded, names).strip() == "This database is installed already; nothing was changed."
    assert embedded.configuration.read_bytes() == written
