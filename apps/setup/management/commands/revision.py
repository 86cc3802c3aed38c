"""`manage.py revision`: see `docs/versions.md`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.setup.management.run_output import add_without_argument, failures_shown
from apps.setup.revisions import record_revision


class Command(BaseCommand):
    help = (
        "Record the migration state of every database together with a backup, under a name that downgrade"
        " accepts. No code is written: developers have makemigrations."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--message", "-m", default="", help="what it is for; a part of the name")
        add_without_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with failures_shown():
            recorded = record_revision(options["message"], without=options["without"])
        for database in recorded.databases:
            version = database.version or "no version"
            self.stdout.write(f"{database.pool}: {version}, backup {database.file}, {database.size} bytes")
        self.stdout.write(f"Revision {recorded.name} recorded.")
