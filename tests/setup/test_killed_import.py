"""An import that is killed: real processes, on the product of the framework database."""

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from liberty.settings.env import BASE_DIR
from tests.databases import Connection, Database, empty_postgres, run, sqlite_connection
from tests.live_site import environment_of
from tests.setup.repositories import Document, write

ROWS = 3000
KILLS = 10


class Installation:
    """A framework database of its own, and the commands of an operator."""

    def __init__(self, folder: Path, postgres: Database) -> None:
        self._folder = folder
        self._postgres = postgres
        self._environment = environment_of(folder) | {"LIBERTY_LOG_LEVEL": "ERROR"}
        if settings.FRAMEWORK == "postgres":
            empty_postgres(postgres)
            server = postgres.server
            self._environment["LIBERTY_DATABASE_URL"] = (
                f"postgresql://{postgres.user}:{postgres.password}@{server.host}:{server.port}/{postgres.name}"
            )
        self._run(sys.executable, "-m", "liberty.keys")
        self._run(sys.executable, "manage.py", "migrate", "--noinput", "-v0")

    def load(self, file: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin an import."""
        return self._start(sys.executable, "manage.py", "import_repository", str(file), *arguments)

    def states(self) -> list[tuple[int, int, int]]:
        """Return how many rows each of the three tables has of version 1 and of version 2."""
        sql = " UNION ALL ".join(
            f"SELECT {number}, COUNT(CASE WHEN {label} = '1' THEN 1 END),"
            f" COUNT(CASE WHEN {label} = '2' THEN 1 END) FROM {table}"
            for number, (table, label) in enumerate(
                (("ly_enum", "enum_label"), ("ly_enum_val", "val_label"), ("ly_enum_val_l", "lng_label"))
            )
        )
        with closing(self._connect()) as connection:
            return run(connection, f"{sql} ORDER BY 1")

    def _connect(self) -> Connection:
        if settings.FRAMEWORK == "postgres":
            return self._postgres.connect()
        return sqlite_connection(self._folder / "liberty.sqlite3")

    def _run(self, *command: str) -> None:
        assert self._start(*command).wait() == 0

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=BASE_DIR, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )


def document(version: int) -> Document:
    """Return a repository whose rows all carry the version."""
    label = str(version)
    return {
        "ly_enum": [{"enum_id": number, "enum_label": label} for number in range(ROWS)],
        "ly_enum_val": [{"enum_id": number, "val_enum": "A", "val_label": label} for number in range(ROWS)],
        "ly_enum_val_l": [
            {"enum_id": number, "val_enum": "A", "lng_id": "fr", "lng_label": label} for number in range(ROWS)
        ],
    }


def whole(version: int) -> list[tuple[int, int, int]]:
    counts = (ROWS, 0) if version == 1 else (0, ROWS)
    return [(number, *counts) for number in range(3)]


@pytest.fixture
def installation(tmp_path: Path, worker_postgres: Database) -> Installation:
    return Installation(tmp_path, worker_postgres)


def test_an_import_that_is_killed_leaves_the_old_state_or_the_new(
    installation: Installation, tmp_path: Path
) -> None:
    files = {version: write(tmp_path / f"{version}.json", document(version)) for version in (1, 2)}
    assert installation.load(files[1]).wait() == 0
    begun = time.monotonic()
    assert installation.load(files[2]).wait() == 0
    duration_s = time.monotonic() - begun
    state = 2
    for _ in range(KILLS):
        wanted = 3 - state
        moment_s = random.uniform(0, duration_s)  # noqa: S311 (no secret)
        process = installation.load(files[wanted])
        time.sleep(moment_s)
        process.kill()
        process.wait()
        found = installation.states()
        assert found in (whole(state), whole(wanted)), f"killed after {moment_s} of {duration_s} s"
        # What the next one has to repeat: all of it or nothing.
        state = wanted if found == whole(wanted) else state
    assert installation.load(files[1]).wait() == 0
    assert installation.states() == whole(1)
    assert installation.load(files[1], "--plan").wait() == 0
