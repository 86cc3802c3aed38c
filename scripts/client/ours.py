"""Our server with the original's client in front of it, on a framework database with the original's rows."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from liberty.settings.env import BASE_DIR
from scripts.client.environment import Environment
from scripts.client.original import NAME, Original
from tests.live_site import answers, environment_of
from tests.servers.process import ServerFailed, serving

_DATABASE = "liberty_ours"
# Stored queries of the grid of languages, and of its lookup.
_PUBLIC = (60, 67)


@contextmanager
def ours(made: Environment, original: Original, rows: Path) -> Iterator[tuple[str, str]]:
    """Install, fill and serve our server; yield its address and its database's.

    `rows` is a file with all framework rows of the original, which may have ended by now; its PostgreSQL
    server has not. The database is a new one of the original's role, with the same name for its schema:
    stored SQL and rows name both. Raises ServerFailed.
    """
    database = _make_database(original.database)
    with tempfile.TemporaryDirectory(prefix="liberty-ours-") as name:
        folder = Path(name)
        environment = environment_of(folder) | {
            "LIBERTY_DATABASE_URL": database,
            "LIBERTY_FRONTEND_DIR": str(made.frontend),
            "LIBERTY_ORIGINAL_CLIENT": "true",
            "LIBERTY_SOCKETS": "true",
        }
        key = folder / "master_key"
        key.touch(mode=0o600)
        key.write_text(original.master_key)
        manage = (sys.executable, "manage.py")
        _run((sys.executable, "-m", "liberty.keys"), environment)
        _run((*manage, "migrate", "--noinput", "--verbosity", "0"), environment)
        _run((*manage, "import_repository", str(rows), "--master-key-file", str(key)), environment)
        key.unlink()
        _open_to_users(database)
        with serving(
            lambda port: ["env", f"PORT={port}", str(BASE_DIR / "scripts" / "serve")],
            is_ready=answers,
            log=folder / "server.log",
            stop_with=signal.SIGINT,
            environment=environment,
        ) as port:
            yield f"http://127.0.0.1:{port}", database


def _make_database(original: str) -> str:
    known = {name: str(value) for name, value in conninfo_to_dict(original).items()}
    role, database = sql.Identifier(NAME), sql.Identifier(_DATABASE)
    with psycopg.connect(original, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    url = f"postgresql://{NAME}:{known['password']}@{known['host']}:{known['port']}/{_DATABASE}"
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(role))
    return url


def _open_to_users(database: str) -> None:
    """Mark what a user who is no administrator reads in the drive, as an administrator would by hand."""
    with psycopg.connect(database) as connection:
        connection.cursor().executemany(
            "INSERT INTO liberty_definition_policy (catalogue, query_id, crud, public, allow_unconditional)"
            " VALUES ('default', %s, 'GET', true, false)",
            [(number,) for number in _PUBLIC],
        )


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 (ours)
        command, cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise ServerFailed(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
