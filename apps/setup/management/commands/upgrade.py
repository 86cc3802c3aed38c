"""`manage.py upgrade`: see `docs/versions.md`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.setup.management.run_output import add_run_arguments, failures_shown, show_outcome, show_step
from apps.setup.moving import upgrade


class Command(BaseCommand):
    help = "Bring every database with framework tables to the newest version. Run again, it finishes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_run_arguments(parser)
        parser.add_argument(
            "--add",
            metavar="POOL",
            action="append",
            default=[],
            help="make framework tables in this pool, which is a catalogue from then on",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with failures_shown():
            outcome = upgrade(
                dry_run=options["plan"],
                without=options["without"],
                add=options["add"],
                progress=lambda moved: show_step(self.stdout, moved),
            )
        show_outcome(self.stdout, outcome, is_plan=options["plan"])
