"""`manage.py migrate_from_original`: see `docs/migrating.md`."""

import json
import logging
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
from apps.setup.original.checking import check
from apps.setup.original.moving import Moved, Wish, move
from apps.setup.original.report import (
    comparison_json,
    comparison_text,
    losses,
    report_json,
    report_text,
)
from liberty.errors import LibertyError
from liberty.text import counted

# As `import_repository --plan` has it.
PLAN_HAS_CHANGES = 1
HAS_DIFFERENCES = 1
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
        either.add_argument(
            "--check",
            action="store_true",
            help="compare both installations: rows of tables, and what every stored GET query answers",
        )
        parser.add_argument(
            "--original-api",
            metavar="URL",
            help="for --check: address of the original's API, http://HOST:PORT; without it its SQL is run on"
            " its databases",
        )
        parser.add_argument(
            "--original-user",
            metavar="USER",
            help="for --check: who asks its API; without it, the first administrator whose password is known",
        )
        parser.add_argument(
            "--language", metavar="LANGUAGE", default="en", help="for --check: language of labels (en)"
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
            elif options["check"]:
                self._check(options)
            else:
                self._move(options)

    def _move(self, options: dict[str, Any]) -> None:
        applied, wish = options["apply"], _wish(options)
        if applied:
            with shown_progress(self.stdout) as progress:
                moved = move(wish, apply=True, progress=progress)
        else:
            moved = move(wish, apply=False)
        for line in report_text(moved, applied=applied, verbose=options["verbose"]):
            self.stdout.write(line)
        self._write(options["report"] or _folder() / "report.json", report_json(moved, applied=applied))
        if applied:
            sys.exit(WITH_LOSSES if losses(moved) else 0)
        self._close_plan(moved)

    def _close_plan(self, moved: tuple[Moved, ...]) -> None:
        if not any(item.has_changes for item in moved):
            self.stdout.write("This is a plan, and there is nothing to change.")
            return
        self.stdout.write("This is a plan: nothing was changed. --apply carries it out.")
        sys.exit(PLAN_HAS_CHANGES)

    def _check(self, options: dict[str, Any]) -> None:
        with _quiet():
            comparisons = check(
                _wish(options),
                api=options["original_api"],
                user=options["original_user"],
                language=options["language"],
                progress=self._progress,
            )
        for line in comparison_text(comparisons):
            self.stdout.write(line)
        self._write(options["report"] or _folder() / "check.json", comparison_json(comparisons))
        sys.exit(0 if all(comparison.is_explained for comparison in comparisons) else HAS_DIFFERENCES)

    def _progress(self, place: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[K{place}", ending="\r")

    def _write(self, file: Path, document: object) -> None:
        write_private(file, json.dumps(document, indent=1, ensure_ascii=False))
        self.stdout.write(f"The report is in {file}.")

    def _give_back(self, backup: Path) -> None:
        pool, count, kept = give_back(backup)
        self.stdout.write(f"{counted(count, 'secret')} of pool `{pool}` given back to the original.")
        for place in kept:
            self.stdout.write(f"  {place} was changed since, and stays")


def _wish(options: dict[str, Any]) -> Wish:
    return Wish(
        address=address_of(options),
        master_key=master_key_of(options),
        choices=choices_of(options),
        backups=_folder(),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep refused statements out of the log: that some are is what a check is there to find."""
    logger = logging.getLogger("liberty.pools")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (LibertyError, ImproperlyConfigured) as exc:
        raise CommandError(str(exc), returncode=FAILED) from exc


def _folder() -> Path:
    return Path(settings.VAR_DIR) / FOLDER
