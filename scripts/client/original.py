"""The original product as a running server, installed anew on a PostgreSQL 16 of its own.

    .venv/bin/python -m scripts.client.original [REPOSITORY] [--port PORT]

stays up until Ctrl-C (or SIGTERM), and prints one line of JSON once it answers:

    {"url": "http://127.0.0.1:PORT", "database": "postgresql://USER:PASSWORD@127.0.0.1:PORT/liberty",
     "user": "admin", "password": "...", "master_key": "...", "log": ".../server.log"}

`database` is its framework database, whose tables are in the schema `liberty`; `user` and `password` sign in
there as administrator. Without REPOSITORY it has the data that it ships; with it, the rows of that export (a
JSON object of tables) instead, with the shipped users and applications. Everything goes when it ends.
"""

import argparse
import json
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from scripts.client.environment import Environment, Missing, environment
from tests.live_site import answers
from tests.servers import postgres
from tests.servers.process import ServerFailed, clean_environment, serving

# The name of its role, database and schema, which its statements rely on.
NAME = "liberty"
ADMINISTRATOR = "admin"
# Tells its own master key, which it keeps encrypted beside the package.
_SHOW_MASTER_KEY = """
import json
from cryptography.fernet import Fernet
from liberty.framework import config
key = open(config.get_key_path(), "rb").read()
print(json.loads(Fernet(key).decrypt(open(config.get_encrypted_path(), "rb").read()))["MASTER_KEY"])
"""
# Its first start compiles and imports a lot; the installation restores a dump.
_INSTALL_TIMEOUT_S = 300


@dataclass(frozen=True)
class Original:
    """A running original: its address without a slash at the end, and what opens it."""

    url: str
    database: str
    user: str
    password: str
    master_key: str
    log: str


@contextmanager
def original(
    made: Environment, server: str, repository: Path | None = None, *, port: int | None = None
) -> Iterator[Original]:
    """Install the original on a PostgreSQL server (a superuser's URL) and serve it; it is stopped after.

    Its role and database, both NAME, stay on the server. Raises ServerFailed if it does not install or start.
    """
    with tempfile.TemporaryDirectory(prefix="liberty-original-") as name:
        folder = Path(name)
        # It writes its configuration, keys and logs into its package: each run has a copy.
        shutil.copytree(made.package, folder / "liberty", ignore=shutil.ignore_patterns("__pycache__"))
        # The package comes without the folder that it logs to.
        (folder / "liberty" / "framework" / "logs" / "files").mkdir(exist_ok=True)
        database = _make_database(server)
        with _serving(made, folder, port) as url:
            password = secrets.token_hex(12)
            _install(url, database, password)
            if repository is not None:
                load(repository, database)
            yield Original(
                url=url,
                database=database,
                user=ADMINISTRATOR,
                password=password,
                master_key=_master_key(made, folder),
                log=str(folder / "server.log"),
            )


def _make_database(server: str) -> str:
    """Make its role, a superuser as its installation asks for, and its database; return the URL."""
    password = secrets.token_hex(16)
    role = sql.Identifier(NAME)
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(
            sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}").format(role, sql.Literal(password))
        )
        administrator.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        return f"postgresql://{NAME}:{password}@127.0.0.1:{administrator.info.port}/{NAME}"


@contextmanager
def _serving(made: Environment, folder: Path, port: int | None) -> Iterator[str]:
    variables = clean_environment()
    # It looks for pg_restore in the path.
    variables |= {"PATH": f"{made.postgres}:{variables['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    with serving(
        lambda free: [
            *("setpriv", "--pdeathsig", "TERM", "--"),
            *(str(made.python), "-m", "uvicorn", "liberty.framework.main:app"),
            *("--host", "127.0.0.1", "--port", str(port or free), "--log-level", "warning"),
        ],
        is_ready=lambda free: answers(port or free),
        log=folder / "server.log",
        environment=variables,
    ) as free:
        yield f"http://127.0.0.1:{port or free}"


def _install(url: str, database: str, password: str) -> None:
    """Have it restore the data that it ships and set the administrator's password."""
    info = psycopg.conninfo.conninfo_to_dict(database)
    body = {
        "host": info["host"],
        "port": int(str(info["port"])),
        "database": NAME,
        "user": NAME,
        "password": info["password"],
        "current_password": info["password"],
        "admin_password": password,
        "load_data": True,
    }
    request = urllib.request.Request(  # noqa: S310 (our own server)
        f"{url}/api/setup/install", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=_INSTALL_TIMEOUT_S) as response:  # noqa: S310
        answer = json.load(response)
    if answer["status"] != "success":
        raise ServerFailed(f"the original does not install: {answer}")


def load(repository: Path, database: str) -> None:
    """Replace the rows of every table that the export has by the export's.

    The rows are cast to the columns' types by the database itself; constraints are off meanwhile.
    """
    document: dict[str, list[dict[str, Any]]] = json.loads(repository.read_text(encoding="utf-8"))
    with psycopg.connect(make_conninfo(database, options=f"-csearch_path={NAME}")) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in document:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, rows in document.items():
            name = sql.Identifier(table)
            insert = sql.SQL("INSERT INTO {} SELECT * FROM jsonb_populate_recordset(NULL::{}, %s)")
            connection.execute(insert.format(name, name), [Jsonb(rows)])


def _master_key(made: Environment, folder: Path) -> str:
    command = [str(made.python), "-c", _SHOW_MASTER_KEY]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    return done.stdout.strip()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.client.original", description=__doc__.split("\n")[0])
    parser.add_argument("repository", metavar="REPOSITORY", nargs="?", type=Path, help="an export, JSON")
    parser.add_argument("--port", type=int, help="its port; a free one by default")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        made = environment()
        with (
            postgres.running(made.postgres) as server,
            original(made, server, options.repository, port=options.port) as running,
        ):
            print(json.dumps(asdict(running)), flush=True)
            stop.wait()
    except (Missing, ServerFailed, OSError, ValueError, psycopg.Error) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
