"""Installations as an operator has them: a folder of their own, commands, a server, a database."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liberty.settings.env import BASE_DIR
from tests.databases import Rows, Server, connect, unique_name
from tests.live_site import environment_of
from tests.servers.process import serving

PASSWORD = 'it\'s a "secret" %s'


@dataclass(frozen=True)
class Names:
    """A role and a database that nobody else uses; they are not there yet."""

    server: Server
    database: str
    user: str
    password: str = PASSWORD

    @property
    def members(self) -> dict[str, Any]:
        """The documented five members."""
        return {
            "host": self.server.host,
            "port": self.server.port,
            "database": self.database,
            "user": self.user,
            "password": self.password,
        }

    @property
    def maintenance(self) -> dict[str, str]:
        return {"maintenance_user": self.server.user, "maintenance_password": self.server.password}

    def make(self) -> None:
        """Make the role and its empty database, as an administrator of the server would."""
        password = self.password.replace("'", "''")
        self.server.execute(
            f"CREATE ROLE \"{self.user}\" LOGIN PASSWORD '{password}'",
            f'CREATE DATABASE "{self.database}" OWNER "{self.user}" TEMPLATE template0',
        )

    def drop(self) -> None:
        self.server.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        self.server.execute(f'DROP ROLE IF EXISTS "{self.user}"')

    def exist(self) -> tuple[bool, bool]:
        """Whether the role is there, and the database."""
        roles = self.server.execute(f"SELECT 1 FROM pg_roles WHERE rolname = '{self.user}'")
        databases = self.server.execute(f"SELECT 1 FROM pg_database WHERE datname = '{self.database}'")
        return bool(roles), bool(databases)

    def rows(self, statement: str) -> Rows:
        """Run a statement as the role, and return its rows."""
        with (
            closing(
                connect(self.server, user=self.user, password=self.password, database=self.database)
            ) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def tables(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


@contextmanager
def new_names(server: Server, worker: str) -> Iterator[Names]:
    """Yield names, with a blank and a quote in them, and drop what has come to bear them."""
    name = unique_name(worker)
    names = Names(server, f"{name} db", f"{name}-role")
    try:
        yield names
    finally:
        names.drop()


@dataclass(frozen=True)
class Answer:
    """What a server has answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class RunningServer:
    """A server at `url`, and the file that its console goes to."""

    url: str
    console: Path

    @property
    def token(self) -> str:
        """The set-up token of this start."""
        found = re.findall(r"set-up token of this start: (\S+)", self.console.read_text())
        return str(found[-1])

    def call(self, path: str, body: Any = None, *, token: str = "", method: str | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=60) as response:
                return Answer(response.status, _read(response.read()), dict(response.headers))
        except urllib.error.HTTPError as response:
            with response:
                return Answer(response.code, _read(response.read()), dict(response.headers))

    def sign_in(self, user: str, password: str) -> str:
        """Return a token."""
        answer = self.call("/api/auth/token", {"user": user, "password": password})
        assert answer.status == 200, answer
        return str(answer.body["access_token"])


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode()


class Installation:
    """All files of an installation are in `folder`; nothing is installed yet, and its keys are there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.environment = environment_of(folder)
        del self.environment["LIBERTY_DATABASE_URL"]
        self.environment["LIBERTY_CATALOGUE_POLL_S"] = "0.1"
        self.run("-m", "liberty.keys")

    @property
    def configuration(self) -> Path:
        return self.folder / "configuration.json"

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """Run Python to its end; return the exit status and what was shown."""
        process = self.start(*arguments, **variables)
        shown, _ = process.communicate()
        return process.returncode, shown

    def run(self, *arguments: str, **variables: str) -> str:
        """Run Python to a good end; return what was shown."""
        status, shown = self.finish(*arguments, **variables)
        assert status == 0, shown
        return shown

    def manage(self, *arguments: str, **variables: str) -> str:
        return self.run("manage.py", *arguments, **variables)

    def install_arguments(self, names: Names, *more: str) -> tuple[str, ...]:
        """Return the command that installs into `names` without asking."""
        members = names.members
        options = [f"--{name}={members[name]}" for name in ("host", "port", "database", "user")]
        return ("manage.py", "install", "--no-input", *options, *more)

    def install(self, names: Names, *more: str, **variables: str) -> str:
        variables = {"LIBERTY_INSTALL_PASSWORD": names.password} | variables
        return self.run(*self.install_arguments(names, *more), **variables)

    def make_embedded(self) -> None:
        """Make the embedded database with the demo, as `make run` does."""
        self.manage("migrate", "--noinput", "-v0", LIBERTY_EMBEDDED="true")

    @contextmanager
    def serving(self, *, workers: int = 2) -> Iterator[RunningServer]:
        console = self.folder / f"server-{secrets.token_hex(4)}.log"
        self.manage("collectstatic", "--noinput", "-v0")
        with serving(
            lambda port: ["env", f"PORT={port}", str(BASE_DIR / "scripts" / "serve")],
            is_ready=_is_alive,
            log=console,
            stop_with=signal.SIGTERM,
            environment=self.environment | {"WORKERS": str(workers), "THREADS": "2"},
        ) as port:
            yield RunningServer(f"http://127.0.0.1:{port}", console)


def _is_alive(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
    except OSError:
        return False
    return True


def mode_of(file: Path) -> int:
    return os.stat(file).st_mode & 0o777


# Does what is in FASTER, another installation's command, after the database was looked into.
_OVERTAKEN = """
import json, os, subprocess, sys
import django
django.setup()
from django.core.management import execute_from_command_line
from apps.setup.installing import database
examine = database.examine
def overtaken(target):
    content = examine(target)
    faster = json.loads(os.environ["FASTER"])
    subprocess.run(faster["command"], env=faster["environment"], check=True)
    return content
database.examine = overtaken
execute_from_command_line(sys.argv)
"""


def overtaken(slower: Installation, faster: Installation, names: Names, *more: str) -> tuple[int, str]:
    """Install with `slower`, while `faster` does it all; return the exit status and what was shown."""
    command = [sys.executable, *faster.install_arguments(names)]
    password = {"LIBERTY_INSTALL_PASSWORD": names.password}
    return slower.finish(
        "-c",
        _OVERTAKEN,
        *slower.install_arguments(names, *more)[1:],
        **password,
        PYTHONPATH=str(BASE_DIR),
        FASTER=json.dumps({"command": command, "environment": faster.environment | password}),
    )
