"""`manage.py rotate_key` as a process of its own that is killed at random moments."""

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from pytest_django import Settings

from liberty import crypto
from liberty.settings.env import BASE_DIR
from tests.databases import Connection, run, sqlite_connection
from tests.live_site import environment_of
from tests.setup.secrets import CONNECTIONS, NEW, OLD

CATALOGUES = ("liberty", "one", "two", "three")
SECRETS = 200
KILLS = 10
KEYS = f"{NEW},{OLD}"


def command(folder: Path, key: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment_of(folder) | {"LIBERTY_ENCRYPTION_KEY": key, "LIBERTY_SECRET_KEY": "x" * 50},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(folder: Path, key: str, *arguments: str) -> str:
    """Run a command to its end, which must be a good one, and return what it shows."""
    process = command(folder, key, *arguments)
    shown, _ = process.communicate()
    assert process.returncode == 0, shown
    return shown


def file_of(folder: Path, catalogue: str) -> Path:
    return folder / f"{catalogue}.sqlite3"


def install(folder: Path) -> None:
    """Make four catalogues, the framework database among them, with SECRETS secrets each."""
    finished(folder, OLD, "migrate", "--verbosity=0")
    for number, catalogue in enumerate(CATALOGUES):
        with closing(sqlite_connection(file_of(folder, catalogue))) as connection:
            if number:
                run(connection, CONNECTIONS)
            fill(connection)
    with closing(sqlite_connection(file_of(folder, "liberty"))) as connection:
        for number, catalogue in enumerate(CATALOGUES[1:]):
            connection.execute(
                "INSERT INTO ly_applications (apps_id, apps_pool, apps_dbtype, apps_database)"
                " VALUES (?, ?, 'sqlite', ?)",
                (number, catalogue, str(file_of(folder, catalogue))),
            )


def fill(connection: Connection) -> None:
    rows = [(number, crypto.encrypt_stored(f"secret {number}")) for number in range(SECRETS)]
    statement = (
        "INSERT INTO ly_api_conn (conn_id, conn_label, conn_url, conn_password) VALUES (?, 'x', 'x', ?)"
    )
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    cursor.executemany(statement, rows)
    cursor.execute("COMMIT")


def stored(folder: Path, catalogue: str) -> list[str]:
    with closing(sqlite_connection(file_of(folder, catalogue))) as connection:
        rows = run(connection, "SELECT conn_password FROM ly_api_conn ORDER BY conn_id")
    return [text for (text,) in rows]


def check_whole(folder: Path) -> None:
    """Every secret can be read, and none of a catalogue was moved without the others of it."""
    for catalogue in CATALOGUES:
        texts = stored(folder, catalogue)
        assert [crypto.decrypt_stored(text) for text in texts] == [f"secret {n}" for n in range(SECRETS)]
        assert len({crypto.is_key_current(text) for text in texts}) == 1


def start_over(folder: Path, settings: Settings) -> None:
    """Put all catalogues back under the old key."""
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    for catalogue in CATALOGUES:
        with closing(sqlite_connection(file_of(folder, catalogue))) as connection:
            run(connection, "DELETE FROM ly_api_conn")
            fill(connection)
    settings.LIBERTY_ENCRYPTION_KEY = KEYS


def kill_somewhere(process: subprocess.Popen[str], moment: random.Random) -> None:
    """Kill at some moment after one of the lines that tell of a catalogue, or before the first of them."""
    assert process.stdout is not None
    # The framework database has four columns of secrets, each of the others one.
    for _ in range(moment.randrange(4 + len(CATALOGUES) - 1)):
        process.stdout.readline()
    time.sleep(moment.uniform(0, 0.03))
    process.kill()
    process.communicate()


def test_killed_at_random_moments_it_loses_nothing_and_is_taken_up(
    tmp_path: Path, settings: Settings
) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    install(tmp_path)
    moment = random.Random()  # noqa: S311
    for _ in range(KILLS):
        start_over(tmp_path, settings)
        kill_somewhere(command(tmp_path, KEYS, "rotate_key"), moment)
        check_whole(tmp_path)
    total = len(CATALOGUES) * SECRETS
    assert f"{total} secrets found" in finished(tmp_path, KEYS, "rotate_key")
    settings.LIBERTY_ENCRYPTION_KEY = NEW
    check_whole(tmp_path)
