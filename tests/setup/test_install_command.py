"""`manage.py install` at a terminal: its prompts, its bar, and what it shows."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from liberty.settings.env import BASE_DIR
from tests.setup.installations import Installation, Names


class Terminal:
    """A command at a terminal of its own, and whoever types."""

    def __init__(self, handle: int, process: subprocess.Popen[bytes]) -> None:
        self._handle = handle
        self._process = process
        self.shown = ""

    def answer(self, prompt: str, line: str) -> None:
        """Wait for a prompt at the end of what is shown, and type a line."""
        while not self.shown.rstrip().endswith(prompt):
            assert self._read(), f"{prompt!r} is not asked for:\n{self.shown}"
        os.write(self._handle, f"{line}\n".encode())

    def end(self) -> int:
        """Read to the end, and return the exit status."""
        while self._read():
            pass
        return self._process.wait()

    def _read(self) -> bool:
        ready, _, _ = select.select([self._handle], [], [], 60)
        if not ready:
            return False
        try:
            data = os.read(self._handle, 4096)
        except OSError:  # the other side is closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(installation: Installation, arguments: Sequence[str]) -> Iterator[Terminal]:
    """Run a command of `manage.py` at a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=installation.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_it_asks_for_everything_and_shows_a_bar(installation: Installation, names: Names) -> None:
    with terminal(installation, ["install", f"--maintenance-user={names.server.user}"]) as screen:
        screen.answer("Host [localhost]:", names.server.host)
        screen.answer("Port [5432]:", str(names.server.port))
        screen.answer("Database [liberty]:", names.database)
        screen.answer("User [liberty]:", names.user)
        screen.answer("Password:", names.password)
        screen.answer("Admin password (empty: a one-time password is made):", "of my own")
        screen.answer("Admin password (again):", "of my own")
        screen.answer("Maintenance password:", names.server.password)
        status = screen.end()
    assert status == 0, screen.shown
    assert "Installation successful. Sign in as user `admin`." in screen.shown
    assert "━" in screen.shown
    assert names.password not in screen.shown
    assert "of my own" not in screen.shown
    assert names.server.password not in screen.shown


def test_an_empty_admin_password_makes_a_one_time_password(installation: Installation, names: Names) -> None:
    names.make()
    arguments = installation.install_arguments(names)[1:]
    with terminal(installation, [word for word in arguments if word != "--no-input"]) as screen:
        screen.answer("Password:", names.password)
        screen.answer("one-time password is made):", "")
        assert screen.end() == 0, screen.shown
    assert re.search(r"User admin, one-time password \w{20}\b", screen.shown)
    assert names.rows("SELECT usr_id, must_change_password FROM liberty_user_state") == [("admin", True)]


def test_two_different_passwords_change_nothing(installation: Installation, names: Names) -> None:
    names.make()
    arguments = installation.install_arguments(names)[1:]
    with terminal(installation, [word for word in arguments if word != "--no-input"]) as screen:
        screen.answer("Password:", names.password)
        screen.answer("one-time password is made):", "one")
        screen.answer("(again):", "two")
        assert screen.end() == 1
    assert "The two passwords differ" in screen.shown
    assert names.tables() == set()


def test_passwords_are_read_from_files(installation: Installation, names: Names, tmp_path: Path) -> None:
    files = {
        "password": names.password,
        "maintenance-password": names.server.password,
        "admin-password": "an admin password",
    }
    options = []
    for name, secret in files.items():
        file = tmp_path / name
        file.write_text(f"{secret}\n")
        options.append(f"--{name}-file={file}")
    shown = installation.run(
        *installation.install_arguments(names, f"--maintenance-user={names.server.user}", *options)
    )
    # Besides what the server's own log says.
    assert [line for line in shown.splitlines() if " liberty.setup " not in line] == [
        "connecting",
        "looking into the database",
        "making tables",
        "loading fixtures",
        "making the administrator",
        "writing the configuration",
        "Installation successful. Sign in as user `admin`.",
    ]


@pytest.mark.parametrize("option", ["--password", "--admin-password", "--maintenance-password"])
def test_no_option_takes_a_secret(installation: Installation, names: Names, option: str) -> None:
    status, shown = installation.finish(*installation.install_arguments(names, f"{option}=x"))
    assert status != 0
    assert names.exist() == (False, False), shown


def test_a_maintenance_account_that_is_no_superuser(installation: Installation, names: Names) -> None:
    account = f"{names.user}-maintenance"
    names.server.execute(f"CREATE ROLE \"{account}\" LOGIN CREATEDB CREATEROLE PASSWORD 'm'")
    try:
        installation.install(names, f"--maintenance-user={account}", LIBERTY_INSTALL_MAINTENANCE_PASSWORD="m")
        assert names.exist() == (True, True)
        assert names.rows("SELECT count(*) FROM ly_users") == [(1,)]
    finally:
        names.drop()
        names.server.execute(f'DROP ROLE "{account}"')


def test_a_role_is_made_for_a_database_that_is_there(installation: Installation, names: Names) -> None:
    names.server.execute(f'CREATE DATABASE "{names.database}" TEMPLATE template0')
    installation.install(
        names,
        f"--maintenance-user={names.server.user}",
        LIBERTY_INSTALL_MAINTENANCE_PASSWORD=names.server.password,
    )
    assert names.rows("SELECT count(*) FROM ly_users") == [(1,)]


def test_faults_of_all_members_are_told_together(installation: Installation, names: Names) -> None:
    status, shown = installation.finish(
        "manage.py", "install", "--no-input", "--port=0", f"--database={'d' * 64}"
    )
    assert (status, shown) == (
        1,
        "CommandError: port: Input should be between 1 and 65535; "
        "database: String should have at most 63 characters\n",
    )
