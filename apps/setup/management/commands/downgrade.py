"""`manage.py downgrade VERSION`: see `docs/versions.md`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.setup.management.run_output import (
    add_no_input_argument,
    add_run_arguments,
    confirm,
    failures_shown,
    show_outcome,
    show_step,
)
from apps.setup.moving import downgrade


class Command(BaseCommand):
    help = (
        "Bring every database with framework tables back to an older version, after a backup of each."
        " Run again, it finishes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", metavar="VERSION", help="a version, a migration (app.name), or the name of a revision"
        )
        add_run_arguments(parser)
        add_no_input_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        target, without = options["target"], options["without"]
        with failures_shown():
            if options["plan"] or not options["no_input"]:
                plan = downgrade(target, dry_run=True, without=without)
                show_outcome(self.stdout, plan, is_plan=True)
            if options["plan"]:
                return
            if not options["no_input"]:
                confirm("What newer versions alone can hold is lost.")
            outcome = downgrade(target, without=without, progress=lambda moved: show_step(self.stdout, moved))
        show_outcome(self.stdout, outcome, is_plan=False)
