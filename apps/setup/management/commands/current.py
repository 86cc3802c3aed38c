"""`manage.py current`: see `docs/versions.md`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.setup.management.run_output import failures_shown
from apps.setup.states import CURRENT, FOREIGN, State, survey

NOT_CURRENT = 1


class Command(BaseCommand):
    help = "Show the version of every database that holds framework tables, and what is pending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="exit status 1 unless every database is at the newest version",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with failures_shown():
            found = survey()
        for state in found.states:
            self._show(state)
        self.stdout.write(found.message)
        if options["check"] and any(state.state not in (CURRENT, FOREIGN) for state in found.states):
            sys.exit(NOT_CURRENT)

    def _show(self, state: State) -> None:
        product = f" ({state.product})" if state.product else ""
        version = f", version {state.version}" if state.version else ""
        note = f": {state.note}" if state.note else ""
        self.stdout.write(f"{state.pool}{product}: {state.state}{version}{note}")
        for app, name in state.migrations.items():
            self.stdout.write(f"  {app}.{name}")
        for name in state.pending:
            self.stdout.write(f"  pending: {name}")
