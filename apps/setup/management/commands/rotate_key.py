"""`manage.py rotate_key [--without POOL]`."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from apps.setup.rotation import ColumnReport, rotate_key
from liberty.errors import LibertyError
from liberty.text import counted


class Command(BaseCommand):
    help = (
        "Encrypt every stored secret with the first key of LIBERTY_ENCRYPTION_KEY. Before: put a new key "
        "there, then a comma and the old one, and restart every server. After: remove the old one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without",
            metavar="POOL",
            action="append",
            default=[],
            help="leave out a pool that does not answer; keep the old key if it holds secrets",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = rotate_key(without=options["without"], progress=self._show)
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc)) from exc
        self._conclude(reports)

    def _show(self, report: ColumnReport) -> None:
        self.stdout.write(
            f"{report.catalogue}: {report.table}.{report.column}: {report.found} found, {report.moved} moved"
        )
        self.stdout.flush()

    def _conclude(self, reports: Sequence[ColumnReport]) -> None:
        found, moved = sum(report.found for report in reports), sum(report.moved for report in reports)
        self.stdout.write(
            f"{counted(found, 'secret')} found, {moved} moved: all were read back under the first key."
        )
