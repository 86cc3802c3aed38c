"""`manage.py install`: see `docs/installing.md`."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from apps.setup.installing import moving, service
from apps.setup.installing.progress import Progress, Stage, Step
from apps.setup.installing.service import Installed
from apps.setup.installing.wish import read_wish
from apps.setup.services import MAX_KEY_BYTES
from liberty.errors import LibertyError, MalformedRequest

# Secrets, and the variables that they may be in: never an argument, which everybody on the machine can read.
PASSWORD = "password"  # noqa: S105  # a name
ADMIN_PASSWORD = "admin_password"  # noqa: S105
MAINTENANCE_PASSWORD = "maintenance_password"  # noqa: S105
VARIABLES = {
    PASSWORD: "LIBERTY_INSTALL_PASSWORD",
    ADMIN_PASSWORD: "LIBERTY_INSTALL_ADMIN_PASSWORD",
    MAINTENANCE_PASSWORD: "LIBERTY_INSTALL_MAINTENANCE_PASSWORD",
}
DEFAULTS = {"host": "localhost", "port": "5432", "database": "liberty", "user": "liberty"}
WORDS = {
    Step.CONNECT: "connecting",
    Step.EXAMINE: "looking into the database",
    Step.MIGRATE: "making tables",
    Step.FIXTURES: "loading fixtures",
    Step.COPY: "copying",
    Step.COMPARE: "comparing",
    Step.ADMINISTRATOR: "making the administrator",
    Step.CONFIGURE: "writing the configuration",
}


class Command(BaseCommand):
    help = (
        "Make a database on PostgreSQL the framework database. Asks for what no option says; passwords come "
        f"from a prompt, a file, or {', '.join(VARIABLES.values())}."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default in DEFAULTS.items():
            parser.add_argument(f"--{name}", metavar=name.upper(), help=f"without a prompt: {default}")
        parser.add_argument(
            "--maintenance-user", metavar="USER", help="account that may make role and database"
        )
        for name in VARIABLES:
            option = name.replace("_", "-")
            parser.add_argument(
                f"--{option}-file", metavar="FILE", type=Path, help=f"file with the {name.replace('_', ' ')}"
            )
        parser.add_argument("--no-input", action="store_true", help="ask for nothing")
        parser.add_argument(
            "--from-current",
            action="store_true",
            help="move the embedded database, with all its data, to the new one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wish = read_wish(self._members(options))
            with self._progress() as progress:
                installed = (
                    moving.move(wish, progress=progress)
                    if options["from_current"]
                    else service.install(wish, progress=progress, show=self._show_password)
                )
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc)) from exc
        except KeyboardInterrupt:
            raise CommandError("Interrupted: nothing was installed.") from None
        self._conclude(installed)

    def _members(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the members of the request that the options, variables and prompts make."""
        asks = not options["no_input"]
        members: dict[str, Any] = {
            name: options[name] or (self._asked(name, default) if asks else default)
            for name, default in DEFAULTS.items()
        }
        members[PASSWORD] = self._secret(options, PASSWORD, asks=asks) or ""
        if not options["from_current"]:
            members[ADMIN_PASSWORD] = self._secret(options, ADMIN_PASSWORD, asks=asks, twice=True)
        if options["maintenance_user"]:
            members["maintenance_user"] = options["maintenance_user"]
            members[MAINTENANCE_PASSWORD] = self._secret(options, MAINTENANCE_PASSWORD, asks=asks)
        return {name: value for name, value in members.items() if value is not None}

    def _asked(self, name: str, default: str) -> str:
        self.stdout.write(f"{name.capitalize()} [{default}]: ", ending="")
        self.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise MalformedRequest("The input ended: give options and --no-input.")
        return line.strip() or default

    def _secret(self, options: dict[str, Any], name: str, *, asks: bool, twice: bool = False) -> str | None:
        file: Path | None = options[f"{name}_file"]
        if file is not None:
            return _read_secret(file)
        from_environment = os.environ.get(VARIABLES[name])
        if from_environment or not asks:
            return from_environment
        words = name.replace("_", " ").capitalize()
        hint = " (empty: a one-time password is made)" if twice else ""
        entered = getpass(f"{words}{hint}: ")
        if twice and entered and getpass(f"{words} (again): ") != entered:
            raise MalformedRequest("The two passwords differ")
        return entered or None

    @contextmanager
    def _progress(self) -> Iterator[Progress]:
        """Yield what shows a stage: a bar on a terminal, else a line for each step."""
        if not self.stdout.isatty():
            yield self._lines()
            return
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns) as bar:
            task = bar.add_task("beginning", total=None)

            def show(stage: Stage) -> None:
                bar.update(
                    task, description=WORDS[stage.step], total=stage.total or None, completed=stage.done
                )

            yield show

    def _lines(self) -> Progress:
        shown: set[Step] = set()

        def show(stage: Stage) -> None:
            if stage.step not in shown:
                shown.add(stage.step)
                self.stdout.write(WORDS[stage.step])
                self.stdout.flush()

        return show

    def _show_password(self, password: str) -> None:
        self.stdout.write(f"User {service.ADMIN}, one-time password {password}")
        self.stdout.write("It is shown this once, and to be changed at the first sign-in.")
        self.stdout.flush()

    def _conclude(self, installed: Installed) -> None:
        self.stdout.write(installed.message)
        if installed.backup is not None:
            self.stdout.write(f"The embedded database as it was is kept in {installed.backup}")


def _read_secret(file: Path) -> str:
    """Return the secret in a file; white space around it is no part of it. Raises MalformedRequest."""
    try:
        with file.open("rb") as stream:
            secret = stream.read(MAX_KEY_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise MalformedRequest(f"{file} cannot be read") from exc
    if not secret:
        raise MalformedRequest(f"{file} is empty")
    return secret
