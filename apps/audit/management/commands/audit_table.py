"""`manage.py audit_table [POOL TABLE] [--remove]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.audit.marks import mark, marks, unmark
from liberty.errors import LibertyError


class Command(BaseCommand):
    help = "Have the server audit a table of a pool; without arguments, list the tables that it audits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pool", metavar="POOL", nargs="?")
        parser.add_argument("table", metavar="TABLE", nargs="?")
        parser.add_argument("--remove", action="store_true", help="audit it no longer; its entries stay")

    def handle(self, *args: Any, **options: Any) -> None:
        pool, table = options["pool"], options["table"]
        if pool is None:
            for shown in marks():
                self.stdout.write(str(shown))
            return
        if table is None:
            raise CommandError("name the table, too")
        if options["remove"]:
            self._remove(pool, table)
            return
        try:
            marked = mark(pool, table)
        except LibertyError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{marked} is audited")

    def _remove(self, pool: str, table: str) -> None:
        if not unmark(pool, table):
            raise CommandError(f"{pool}: {table} is not audited")
        self.stdout.write(f"{pool}: {table} is audited no longer")
