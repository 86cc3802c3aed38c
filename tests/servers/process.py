"""Run a server as a child that cannot outlive us, under an account that owns nothing else."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

# A server gets this long to accept connections, and as long to stop, in seconds.
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
# Another program may take the port between our choice and the server's start.
PORT_ATTEMPTS = 3


class ServerFailed(Exception):
    """A server did not start; the text ends with the last lines of its log."""


def run_as(command: Sequence[str | Path], *, dies_with_parent: str | None = None) -> list[str]:
    """Return `command` as it is run for a server: as `nobody` when we are root, who may run no PostgreSQL.

    `dies_with_parent` names the signal that the kernel sends to it when we end, however we end.
    """
    options: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        options += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    if dies_with_parent:
        options += [f"--pdeathsig={dies_with_parent}"]
    words = [str(word) for word in command]
    return ["setpriv", *options, "--", *words] if options else words


def clean_environment() -> dict[str, str]:
    """Return an environment without PGHOST, MYSQL_HOME and others that lead to somebody's own server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """Yield a new folder that only the server's account can enter; it is gone after."""
    folder = Path(tempfile.mkdtemp(prefix=f"liberty-{name}-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_private(path: Path, text: str) -> Path:
    """Write a file that only the server's account can read."""
    path.touch(mode=0o600)
    path.write_text(text)
    if os.geteuid() == 0:
        shutil.chown(path, "nobody")
    return path


def run_once(command: Sequence[str | Path], *, folder: Path) -> None:
    """Run a command that prepares a server's data. Raises ServerFailed with its output."""
    done = subprocess.run(
        run_as(command),
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise ServerFailed(f"{command[0]} failed:\n{done.stdout[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    command_on: Callable[[int], Sequence[str | Path]],
    *,
    is_ready: Callable[[int], bool],
    log: Path,
    stop_with: signal.Signals = signal.SIGTERM,
    environment: dict[str, str] | None = None,
) -> Iterator[int]:
    """Run the server that `command_on(port)` starts and yield its port once `is_ready(port)`.

    It runs in a session of its own, so that Ctrl-C reaches the tests first and the servers are stopped
    after them. Raises ServerFailed if it ends early or is not ready within START_TIMEOUT_S.
    """
    process, port = _start(command_on, is_ready=is_ready, log=log, environment=environment)
    try:
        yield port
    finally:
        _stop(process, stop_with)


def _start(
    command_on: Callable[[int], Sequence[str | Path]],
    *,
    is_ready: Callable[[int], bool],
    log: Path,
    environment: dict[str, str] | None,
) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(PORT_ATTEMPTS):
        port = free_port()
        with log.open("ab") as output:
            process = subprocess.Popen(
                command_on(port),
                cwd=log.parent,
                env=environment or clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            if _becomes_ready(process, port, is_ready):
                return process, port
        except BaseException:
            _stop(process, signal.SIGKILL)
            raise
    raise ServerFailed(f"{command_on(0)[0]} ended at once:\n{_tail(log)}")


def _becomes_ready(process: subprocess.Popen[bytes], port: int, is_ready: Callable[[int], bool]) -> bool:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if is_ready(port):
            return True
        time.sleep(0.1)
    raise ServerFailed(f"{process.args!r} is not ready after {START_TIMEOUT_S} s")


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
