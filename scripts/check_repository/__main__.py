"""`python -m scripts.check_repository [--server URL] REPOSITORY`."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from liberty.settings.env import BASE_DIR
from scripts.check_repository.postgres import programs
from tests.live_site import answers, environment_of
from tests.servers import postgres
from tests.servers.process import ServerFailed, serving

ADMINISTRATOR = "check-repository"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.check_repository", description=__doc__)
    parser.add_argument("repository", metavar="REPOSITORY", type=Path, help="an export of the original, JSON")
    parser.add_argument(
        "--server", metavar="URL", help="superuser's URL of a PostgreSQL server to use instead"
    )
    options = parser.parse_args(arguments)
    if not options.repository.is_file():
        parser.error(f"{options.repository} is no file")
    try:
        with _server(options.server) as server, _database(server) as database:
            return _check(options.repository.resolve(), database)
    except (ServerFailed, _StepFailed, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1


class _StepFailed(Exception):
    """A command that prepares the check has failed; what it says stands above."""


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    """Yield the URL of the server that is given, or of one that is started and stopped after."""
    if url:
        yield url
        return
    with postgres.running(programs()) as started:
        yield started


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Yield the URL of a new database; its role is no superuser and has the database's name and schema.

    That is how the original is installed: its statements find the tables by the name of the role.
    """
    name, password = f"liberty_{secrets.token_hex(4)}", secrets.token_hex(16)
    role = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as administrator:
        administrator.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)))
        administrator.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        try:
            info = administrator.info
            url = f"postgresql://{name}:{password}@{info.host}:{info.port}/{name}"
            with psycopg.connect(url) as owner:
                owner.execute(sql.SQL("CREATE SCHEMA {}").format(role))
            yield url
        finally:
            administrator.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(role))
            administrator.execute(sql.SQL("DROP ROLE {}").format(role))


def _check(repository: Path, database: str) -> int:
    """Install, import, serve and call; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="liberty-check-") as folder:
        environment = _environment(Path(folder), database)
        manage = (sys.executable, "manage.py")
        _run((sys.executable, "-m", "liberty.keys"), environment)
        _run((*manage, "migrate", "--noinput", "--verbosity", "0"), environment)
        _run((*manage, "import_repository", str(repository)), environment)
        _run((*manage, "createsuperuser", "--noinput", "--usr_id", ADMINISTRATOR), environment)
        with serving(
            lambda port: ["env", f"PORT={port}", str(BASE_DIR / "scripts" / "serve")],
            is_ready=answers,
            log=Path(folder) / "server.log",
            stop_with=signal.SIGINT,
            environment=environment,
        ) as port:
            site = f"http://127.0.0.1:{port}"
            command = (sys.executable, "-m", "scripts.check_repository.checks", site, ADMINISTRATOR)
            return subprocess.run(command, cwd=BASE_DIR, env=environment).returncode  # noqa: S603 (ours)


def _environment(folder: Path, database: str) -> dict[str, str]:
    return environment_of(folder) | {
        "LIBERTY_DATABASE_URL": database,
        # What the checks change in the catalogue is seen by the next request.
        "LIBERTY_CATALOGUE_POLL_S": "0",
        "DJANGO_SUPERUSER_PASSWORD": secrets.token_urlsafe(),
        "PYTHONPATH": os.pathsep.join((str(BASE_DIR), os.environ.get("PYTHONPATH", ""))),
    }


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 (ours)
    if done.returncode:
        raise _StepFailed(f"this command failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
