"""A private MariaDB server."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pymysql

from tests.servers.process import private_folder, run_as, run_once, serving, write_private

ADMIN = "liberty_admin"
SETTINGS = {
    "bind-address": "127.0.0.1",
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_general_ci",
    "default-time-zone": "+00:00",
    "innodb-buffer-pool-size": "64M",
    "innodb-doublewrite": "0",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-flush-method": "nosync",
    "innodb-log-file-size": "32M",
    "skip-name-resolve": "1",
}


@contextmanager
def running(program: Path) -> Iterator[str]:
    """Yield the URL of a new server's administrator; there is no account without a password."""
    password = secrets.token_hex(16)
    with private_folder("mariadb") as folder:
        _make_data(folder)
        first_statements = write_private(folder / "init.sql", _first_statements(password))
        with serving(
            lambda port: _command(program, folder, first_statements, port),
            is_ready=lambda port: _accepts(port, password),
            log=write_private(folder / "server.log", ""),
        ) as port:
            yield f"mysql://{ADMIN}:{password}@127.0.0.1:{port}/mysql"


def _make_data(folder: Path) -> None:
    # With the method `socket` there are neither anonymous accounts nor roots without password on TCP.
    run_once(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            "--auth-root-authentication-method=socket",
            "--skip-name-resolve",
            "--skip-test-db",
        ],
        folder=folder,
    )


def _first_statements(password: str) -> str:
    # One statement a line: that is how the server reads its init file.
    return (
        f"CREATE USER '{ADMIN}'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL PRIVILEGES ON *.* TO '{ADMIN}'@'127.0.0.1' WITH GRANT OPTION;\n"
    )


def _command(program: Path, folder: Path, first_statements: Path, port: int) -> Sequence[str]:
    settings = {
        **SETTINGS,
        "datadir": str(folder / "data"),
        "init-file": str(first_statements),
        "pid-file": str(folder / "server.pid"),
        "port": str(port),
        "socket": str(folder / "server.sock"),
        "tmpdir": str(folder),
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return run_as([program, "--no-defaults", *options], dies_with_parent="KILL")


def _accepts(port: int, password: str) -> bool:
    try:
        pymysql.connect(host="127.0.0.1", port=port, user=ADMIN, password=password, connect_timeout=2).close()
    except pymysql.OperationalError:
        return False
    return True
