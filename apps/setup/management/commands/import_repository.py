"""`manage.py import_repository FILE`: see `docs/importing.md` and `docs/exporting.md`."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.setup import services
from apps.setup.archive_reading import is_archive
from apps.setup.management.arguments import add_selection_arguments, pool_of, selection_of
from apps.setup.management.keys import add_passphrase_arguments, passphrase_of
from apps.setup.management.progress import shown_progress
from apps.setup.plan import TablePlan
from apps.setup.services import Import
from liberty.errors import LibertyError
from liberty.text import counted

# As `diff` has it: a plan with changes is told from one without, and both from a failure.
PLAN_HAS_CHANGES = 1
PLAN_FAILED = 2
IMPORT_FAILED = 1


class Command(BaseCommand):
    help = (
        "Load a repository into a catalogue: an export of the original, or an archive of export_repository."
        " An archive is compared only, until --apply is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="archive, or JSON {table: [{column: value}]}"
        )
        add_selection_arguments(parser)
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            "--plan",
            action="store_true",
            help="only show what would change; exit status 0: nothing, 1: something, 2: failed",
        )
        either.add_argument(
            "--apply", action="store_true", help="carry it out; a JSON file needs no word of it"
        )
        parser.add_argument(
            "--delete",
            action="store_true",
            help="remove the rows that the file does not have from its tables",
        )
        parser.add_argument("--verbose", action="store_true", help="name each row that changes")
        parser.add_argument(
            "--master-key-file",
            metavar="FILE",
            type=Path,
            help="file with the master key of the original that the export comes from; it is not kept",
        )
        add_passphrase_arguments(parser, "the archive was written with")

    def handle(self, *args: Any, **options: Any) -> None:
        plans_only = options["plan"]
        try:
            plans_only = plans_only or (not options["apply"] and is_archive(options["file"]))
            wish = _wish(options)
            plans = services.plan_repository(wish) if plans_only else self._load(wish)
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc), returncode=PLAN_FAILED if plans_only else IMPORT_FAILED) from exc
        if options["verbose"]:
            self._show_rows(plans)
        self._show_counts(plans)
        self._show_unreadable(plans)
        self._show_withdrawn(plans)
        if plans_only:
            self._close_plan(plans)

    def _load(self, wish: Import) -> tuple[TablePlan, ...]:
        with shown_progress(self.stdout) as progress:
            return services.import_repository(wish, progress=progress)

    def _close_plan(self, plans: Sequence[TablePlan]) -> None:
        if not any(plan.has_changes for plan in plans):
            self.stdout.write("This is a plan, and there is nothing to change.")
            return
        self.stdout.write("This is a plan: nothing was changed. --apply carries it out.")
        sys.exit(PLAN_HAS_CHANGES)

    def _show_rows(self, plans: Sequence[TablePlan]) -> None:
        for plan in plans:
            name = plan.table.describe
            for row in plan.new:
                self.stdout.write(f"new        {name(plan.table.key_of(row))}")
            for row, columns in zip(plan.changed, plan.differences, strict=True):
                self.stdout.write(f"changed    {name(plan.table.key_of(row))}: {', '.join(columns)}")
            for key in plan.absent:
                self.stdout.write(f"{'removed' if plan.deletes else 'only here':<11}{name(key)}")

    def _show_counts(self, plans: Sequence[TablePlan]) -> None:
        total = [sum(column) for column in zip(*(_ZEROS, *map(_numbers, plans)), strict=True)]
        deletes = any(plan.deletes for plan in plans)
        self._line("table", "in file", "new", "changed", "unchanged", "removed" if deletes else "only here")
        for plan in plans:
            self._line(plan.table.name, *_numbers(plan))
        self._line(counted(len(plans), "table"), *total)

    def _line(self, name: str, *cells: object) -> None:
        self.stdout.write(f"{name:<24}" + "".join(f"{cell:>10}" for cell in cells))

    def _show_unreadable(self, plans: Sequence[TablePlan]) -> None:
        for plan in plans:
            if not plan.unreadable:
                continue
            self.stdout.write(
                f"{plan.table.name}: passwords as the original encrypted them, {len(plan.unreadable)} of"
                f" {plan.in_file}; --master-key-file converts them:"
            )
            for row in plan.unreadable:
                self.stdout.write(f"  {row}")

    def _show_withdrawn(self, plans: Sequence[TablePlan]) -> None:
        for query in (query for plan in plans for query in plan.withdrawn):
            self.stdout.write(
                f"query {query} gets other SQL, which takes back its marks; mark it again if meant so"
            )


_ZEROS = (0, 0, 0, 0, 0)


def _numbers(plan: TablePlan) -> tuple[int, int, int, int, int]:
    return plan.in_file, len(plan.new), len(plan.changed), plan.unchanged, len(plan.absent)


def _wish(options: dict[str, Any]) -> Import:
    key_file = options["master_key_file"]
    return Import(
        file=options["file"],
        pool=pool_of(options),
        selection=selection_of(options),
        master_key=None if key_file is None else services.read_master_key(key_file),
        passphrase=passphrase_of(file=options["passphrase_file"], asks=options["passphrase"]),
        delete=options["delete"],
    )
