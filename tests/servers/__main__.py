"""Run a command with a private PostgreSQL and MariaDB server: `python -m tests.servers -- pytest -k paging`.

The command finds them in LIBERTY_TEST_POSTGRES_URL and LIBERTY_TEST_MARIADB_URL, the browser in
LIBERTY_TEST_CHROMIUM, and in LIBERTY_TEST_PGBOUNCER the program that tests put before a database; ones that
are set already are used as they are. Without a command the variables are printed for another shell and the
servers run until Ctrl-C.
"""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import FrameType
from typing import NoReturn

from tests.servers import mariadb, postgres
from tests.servers.process import ServerFailed
from tests.servers.programs import CHROMIUM, MARIADB, PGBOUNCER, POSTGRES, MissingPrograms, ensure

POSTGRES_URL = "LIBERTY_TEST_POSTGRES_URL"
MARIADB_URL = "LIBERTY_TEST_MARIADB_URL"
CHROMIUM_PATH = "LIBERTY_TEST_CHROMIUM"
PGBOUNCER_PATH = "LIBERTY_TEST_PGBOUNCER"


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        with ExitStack() as servers:
            variables = _start_missing(servers)
            return _run(command, variables) if command else _wait(variables)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (MissingPrograms, ServerFailed) as failure:
        print(f"tests.servers: {failure}", file=sys.stderr)
        return 1


def _start_missing(servers: ExitStack) -> dict[str, str]:
    postgres_bin, mariadbd, browser, pooler = ensure(POSTGRES, MARIADB, CHROMIUM, PGBOUNCER)
    variables = {
        CHROMIUM_PATH: os.environ.get(CHROMIUM_PATH) or str(browser),
        PGBOUNCER_PATH: os.environ.get(PGBOUNCER_PATH) or str(pooler),
    }
    variables[POSTGRES_URL] = os.environ.get(POSTGRES_URL) or servers.enter_context(
        postgres.running(postgres_bin)
    )
    variables[MARIADB_URL] = os.environ.get(MARIADB_URL) or servers.enter_context(mariadb.running(mariadbd))
    return variables


def _run(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run the command and return its exit status; it is the one that answers Ctrl-C, we wait for its end."""
    child = subprocess.Popen(command, env={**os.environ, **variables})

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT:  # the terminal has sent that to the child already
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = child.wait()
    return 128 - status if status < 0 else status


def _wait(variables: Mapping[str, str]) -> NoReturn:
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}", flush=True)
    while True:
        signal.pause()


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
