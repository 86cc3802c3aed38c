"""A private PostgreSQL server."""

import secrets
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.process import private_folder, run_as, run_once, serving, write_private

ADMIN = "liberty_admin"
# Tests need no data after a crash, and each worker opens pools of its own.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "listen_addresses": "127.0.0.1",
}


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Yield the URL of a new server's superuser; passwords are asked for over TCP (SCRAM)."""
    password = secrets.token_hex(16)
    with private_folder("postgres") as folder:
        _make_cluster(programs, folder, password)

        def url(port: int) -> str:
            return f"postgresql://{ADMIN}:{password}@127.0.0.1:{port}/postgres"

        with serving(
            lambda port: _command(programs, folder, port),
            is_ready=lambda port: _accepts(url(port)),
            log=write_private(folder / "server.log", ""),
            stop_with=signal.SIGINT,  # "fast": sessions that are still open are ended
        ) as port:
            yield url(port)


def _make_cluster(programs: Path, folder: Path, password: str) -> None:
    password_file = write_private(folder / "password", password)
    run_once(
        [
            programs / "initdb",
            f"--pgdata={folder / 'data'}",
            f"--username={ADMIN}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        folder=folder,
    )
    password_file.unlink()


def _command(programs: Path, folder: Path, port: int) -> Sequence[str]:
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *options]
    return run_as(command, dies_with_parent="QUIT")  # "immediate": nobody is left to wait for it


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
