"""Find the programs that the tests need, and install from Debian's packages the ones that are missing."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Debian's scripts read every file here before they make a cluster (pg_createcluster(1)).
CREATE_CLUSTER_DIR = Path("/etc/postgresql-common/createcluster.d")
# Debian's scripts ask it whether they may start a service.
POLICY = Path("/usr/sbin/policy-rc.d")


class MissingPrograms(Exception):
    """Programs are missing and cannot be installed from here; the text says what to run."""


@dataclass(frozen=True)
class Program:
    """A program by the path that `find` returns (None where it is missing) and the packages that bring it."""

    packages: tuple[str, ...]
    find: Callable[[], Path | None]


def postgres_bin() -> Path | None:
    """Return the folder with `initdb` and `postgres` of the newest version that is installed."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def mariadb_server() -> Path | None:
    """Return the path of `mariadbd`; Debian keeps it in a folder that is not in everyone's PATH."""
    found = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    has_all = all(shutil.which(name) for name in ("mariadb-install-db", "my_print_defaults"))
    return Path(found) if found and has_all else None


def chromium() -> Path | None:
    found = shutil.which("chromium")
    return Path(found) if found else None


def chromium_arguments() -> list[str]:
    """Return how Chromium is started: it calls its maker otherwise, and nobody is there to answer."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        *as_root,
    ]


def pgbouncer() -> Path | None:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return Path(found) if found else None


POSTGRES = Program(("postgresql",), postgres_bin)
# The core packages have the programs and no service: nothing is started, nor at the next boot.
MARIADB = Program(("mariadb-server-core", "mariadb-client-core"), mariadb_server)
CHROMIUM = Program(("chromium",), chromium)
PGBOUNCER = Program(("pgbouncer",), pgbouncer)


def ensure(*programs: Program) -> tuple[Path, ...]:
    """Return the path of each program, after installing what is missing.

    Raises MissingPrograms if we are neither root nor allowed to `sudo` without a password, or if the
    packages cannot be installed.
    """
    missing = [package for program in programs if program.find() is None for package in program.packages]
    if missing:
        _install(missing)
    paths = tuple(path for program in programs if (path := program.find()) is not None)
    if len(paths) < len(programs):
        raise MissingPrograms(f"still missing after the installation of {' '.join(missing)}")
    return paths


def _install(packages: Sequence[str]) -> None:
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        raise MissingPrograms(f"the tests need what Debian calls: {' '.join(packages)}; please install it")
    as_root = _as_root()
    if as_root is None:
        raise MissingPrograms(f"the tests need some programs; please run: sudo {' '.join(command)}")
    print(f"installing from Debian's packages: {' '.join(packages)}", flush=True)
    environment = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive"]
    with _no_cluster_of_its_own(as_root), _no_service(as_root):
        for step in (["apt-get", "update", "--quiet"], command):
            if subprocess.run([*environment, *step], stdin=subprocess.DEVNULL).returncode:
                raise MissingPrograms(f"this command failed: {' '.join(step)}")


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


@contextmanager
def _no_cluster_of_its_own(as_root: list[str]) -> Iterator[None]:
    """Keep Debian's postgresql package from making and starting a database cluster at its installation."""
    file = CREATE_CLUSTER_DIR / "liberty-tests.conf"
    subprocess.run([*as_root, "mkdir", "-p", str(file.parent)], check=True)
    subprocess.run(
        [*as_root, "tee", str(file)],
        input=b"create_main_cluster = false\n",
        stdout=subprocess.DEVNULL,
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run([*as_root, "rm", "-f", str(file)], check=True)


@contextmanager
def _no_service(as_root: list[str]) -> Iterator[None]:
    """Keep packages from starting their services, now (invoke-rc.d(8)) and, for PgBouncer's, at a boot."""
    is_ours = not POLICY.exists()
    had_pooler = pgbouncer() is not None
    if is_ours:
        script = b"#!/bin/sh\nexit 101\n"
        subprocess.run([*as_root, "tee", str(POLICY)], input=script, stdout=subprocess.DEVNULL, check=True)
        subprocess.run([*as_root, "chmod", "755", str(POLICY)], check=True)
    try:
        yield
    finally:
        if is_ours:
            subprocess.run([*as_root, "rm", "-f", str(POLICY)], check=True)
        if not had_pooler and pgbouncer() is not None:
            subprocess.run([*as_root, "/usr/sbin/update-rc.d", "pgbouncer", "disable"], check=True)
