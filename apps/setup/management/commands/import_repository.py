"""`manage.py import_repository FILE [--pool ALIAS] [--master-key-file FILE]`."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from apps.setup import services
from apps.setup.services import Progress, Step, TableReport
from liberty.errors import LibertyError


class Command(BaseCommand):
    help = "Load a repository export of the original into a catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="JSON file: {table: [{column: value}]}")
        parser.add_argument(
            "--pool",
            metavar="ALIAS",
            default="default",
            help="pool whose framework tables are loaded (default: the framework database)",
        )
        parser.add_argument(
            "--master-key-file",
            metavar="FILE",
            type=Path,
            help="file with the master key of the installation the export comes from; it is not kept",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = self._load(**{name: options[name] for name in ("file", "pool", "master_key_file")})
        except (LibertyError, ImproperlyConfigured) as exc:
            raise CommandError(str(exc)) from exc
        self._show_counts(reports)
        self._show_unreadable(reports)
        self._show_withdrawn(reports)

    def _load(self, *, file: Path, pool: str, master_key_file: Path | None) -> tuple[TableReport, ...]:
        key = None if master_key_file is None else services.read_master_key(master_key_file)
        with self._progress() as progress:
            return services.import_repository(file=file, pool=pool, master_key=key, progress=progress)

    @contextmanager
    def _progress(self) -> Iterator[Progress]:
        """Yield what shows a step: a bar on a terminal, else a line each."""
        if not self.stdout.isatty():
            yield lambda step: self.stdout.write(f"{step.table}: {step.done} of {step.total} rows")
            return
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns) as bar:
            task = bar.add_task("reading and checking", total=None)

            def show(step: Step) -> None:
                bar.update(task, description=step.table, total=step.total, completed=step.done)

            yield show

    def _show_counts(self, reports: Sequence[TableReport]) -> None:
        total = [sum(column) for column in zip((0, 0, 0, 0), *map(_numbers, reports), strict=True)]
        self._line("table", "in file", "new", "changed", "unchanged")
        for report in reports:
            self._line(report.table, *_numbers(report))
        self._line(f"{len(reports)} tables", *total)

    def _line(self, name: str, *cells: object) -> None:
        self.stdout.write(f"{name:<24}" + "".join(f"{cell:>10}" for cell in cells))

    def _show_unreadable(self, reports: Sequence[TableReport]) -> None:
        for report in reports:
            if not report.unreadable:
                continue
            self.stdout.write(
                f"{report.table}: {len(report.unreadable)} of {report.in_file} passwords stay as the original"
                " encrypted them; --master-key-file converts them:"
            )
            for row in report.unreadable:
                self.stdout.write(f"  {row}")

    def _show_withdrawn(self, reports: Sequence[TableReport]) -> None:
        for query in (query for report in reports for query in report.withdrawn):
            self.stdout.write(
                f"query {query} has other SQL now, so its marks are gone; mark it again if meant so"
            )


def _numbers(report: TableReport) -> tuple[int, int, int, int]:
    return report.in_file, report.new, report.changed, report.unchanged
