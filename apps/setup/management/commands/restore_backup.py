"""`manage.py restore_backup NAME`: see `docs/versions.md`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.setup.backups import list_backups, read_backup, restore
from apps.setup.management.run_output import add_no_input_argument, confirm, failures_shown
from liberty.text import counted


class Command(BaseCommand):
    help = "Put the framework tables of a backup of this node back. Run again, it finishes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", nargs="?", help="the backup")
        parser.add_argument("--list", action="store_true", help="show the backups of this node")
        parser.add_argument(
            "--pool", metavar="POOL", action="append", default=[], help="only this database of the backup"
        )
        add_no_input_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if not options["name"]:
            raise CommandError("Which one? --list shows the backups.")
        with failures_shown():
            self._restore(options["name"], options["pool"], is_asked=not options["no_input"])

    def _restore(self, name: str, pools: list[str], *, is_asked: bool) -> None:
        backup = read_backup(name)
        if is_asked:
            chosen = ", ".join(pools or [database.pool for database in backup.databases])
            confirm(
                f"The framework tables of {chosen} become those of {backup.created}; later changes are lost."
            )
        done = restore(name, pools=pools, progress=lambda pool: self.stdout.write(f"{pool}: restored"))
        self.stdout.write(f"{name}: {len(done)} of {counted(len(backup.databases), 'database')} restored.")

    def _list(self) -> None:
        for backup in list_backups():
            self.stdout.write(f"{backup.name}  {backup.created}  {backup.message}")
            for database in backup.databases:
                version = database.version or "no version"
                self.stdout.write(f"  {database.pool}: {version}, {database.file}, {database.size} bytes")
