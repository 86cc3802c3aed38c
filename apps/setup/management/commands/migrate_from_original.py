"""`manage.py migrate_from_original`: see `docs/migrating.md`."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.setup.management.original import (
    add_choice_arguments,
    add_original_arguments,
    address_of,
    choices_of,
    master_key_of,
)
from apps.setup.management.progress import shown_progress
from apps.setup.original.adoption import give_back, write_private
from apps.setup.original.moving import Moved, Wish, move
from apps.setup.original.report import losses, report_json, report_text
from liberty.errors import LibertyError

# As `import_repository --plan` has it.
PLAN_HAS_CHANGES = 1
FAILED = 2
# It is done, and something of the original is not here.
WITH_LOSSES = 3
FOLDER = "migration"


class Command(BaseCommand):
    help = (
        "Move a running installation of the original here. Without --apply it only shows what would change."
        " Exit status of a plan: 0 nothing, 1 something, 2 failed; of --apply: 0 everything is moved, 3 all"
        " but what is listed, 2 failed; of --check: 0 equal or explained, 1 not, 2 failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--dry-run", action="store_true", help="only show the plan; so it is without a word"
        )
        either.add_argument("--apply", action="store_true", help="carry it out")
        either.add_argument(
            "--give-back",
            metavar="FILE",
            type=Path,
            help="put the secrets of an adopted database back, from the backup that was written before",
        )
        add_original_arguments(parser)
        add_choice_arguments(parser)
        parser.add_argument("--verbose", action="store_true", help="name each row that changes")
        parser.add_argument(
            "--report",
            metavar="FILE",
            type=Path,
            help=f"file for the report as JSON (default: {FOLDER}/report.json in LIBERTY_VAR_DIR)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with _told():
            if options["give_back"]:
                self._give_back(options["give_back"])
            else:
                self._move(options)

    def _move(self, options: dict[str, Any]) -> None:
        applied = options["apply"]
        wish = Wish(
            address=address_of(options),
            master_key=master_key_of(options),
            choices=choices_of(options),
            backups=_folder(),
        )
        with shown_progress(self.stdout) as progress:
            moved = move(wish, apply=applied, progress=progress)
        for line in report_text(moved, applied=applied, verbose=options["verbose"]):
            self.stdout.write(line)
        file = options["report"] or _folder() / "report.json"
        write_private(file, json.dumps(report_json(moved, applied=applied), indent=1, ensure_ascii=False))
        self.stdout.write(f"The report is in {file}.")
        if applied:
            sys.exit(WITH_LOSSES if losses(moved) else 0)
        self._close_plan(moved)

    def _close_plan(self, moved: tuple[Moved, ...]) -> None:
        if not any(item.has_changes for item in moved):
            self.stdout.write("This is a plan, and there is nothing to change.")
            return
        self.stdout.write("This is a plan: nothing was changed. --apply carries it out.")
        sys.exit(PLAN_HAS_CHANGES)

    def _give_back(self, backup: Path) -> None:
        pool, count, kept = give_back(backup)
        self.stdout.write(f"{count} secrets of pool `{pool}` are the original's again.")
        for place in kept:
            self.stdout.write(f"  {place} was changed since, and stays")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (LibertyError, ImproperlyConfigured) as exc:
        raise CommandError(str(exc), returncode=FAILED) from exc


def _folder() -> Path:
    return Path(settings.VAR_DIR) / FOLDER
