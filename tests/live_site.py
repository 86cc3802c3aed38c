"""The production server as a process of its own, with a new framework database and the demo in it."""

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from liberty.settings.env import BASE_DIR
from tests.servers.process import serving


@dataclass(frozen=True)
class LiveSite:
    """A running site: its address without a slash at the end, the administrator's password, and its log."""

    url: str
    admin_password: str
    log: Path


@contextmanager
def live_site_in(folder: Path, **variables: str) -> Iterator[LiveSite]:
    """Install, fill and serve a site whose files are all in `folder`; it is stopped after.

    `variables` are put over those of `environment_of`. Raises RuntimeError with a command's output if one of
    the steps of `make run` fails.
    """
    environment = environment_of(folder) | variables
    manage = [sys.executable, "manage.py"]
    _run([sys.executable, "-m", "liberty.keys"], environment)
    _run([*manage, "migrate", "--noinput"], environment)
    shown = _run([*manage, "load_demo"], environment)
    _run([*manage, "collectstatic", "--noinput"], environment)
    with serving(
        lambda port: ["env", f"PORT={port}", str(BASE_DIR / "scripts" / "serve")],
        is_ready=answers,
        log=folder / "server.log",
        stop_with=signal.SIGTERM,
        environment=environment,
    ) as port:
        yield LiveSite(f"http://127.0.0.1:{port}", _password_in(shown), folder / "server.log")


def environment_of(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing but the folder is configured."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LIBERTY_", "DJANGO_"))}
    return ours | {
        "DJANGO_SETTINGS_MODULE": "liberty.settings.base",
        "LIBERTY_VAR_DIR": str(folder),
        "LIBERTY_DATABASE_URL": f"sqlite:///{folder / 'liberty.sqlite3'}",
        "PYTHON": sys.executable,
        "WORKERS": "1",
    }


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def _password_in(output: str) -> str:
    """Return the administrator's password, which `load_demo` shows once."""
    found = re.search(r"admin\b.*?password\W+(\S+)", output)
    if not found:
        raise RuntimeError(f"load_demo shows no password:\n{output}")
    return found.group(1)


def answers(port: int) -> bool:
    """Tell whether a web server answers on a port of this machine."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError:
        return True  # it answers, with whatever it has at this path
    except OSError:
        return False
    return True
