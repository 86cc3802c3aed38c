"""`manage.py purge_audit --older-than DAYS [--pool ALIAS] [--pools-only]`."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.audit.collecting import pools_to_collect, purge_collected, purge_pool
from liberty.errors import LibertyError
from liberty.text import counted


class Command(BaseCommand):
    help = (
        "Delete old audit entries: those that have been collected from their pools, and what was collected."
        " Entries that have not been collected stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than", metavar="DAYS", type=_days, required=True, help="entries that are older than this"
        )
        parser.add_argument("--pool", metavar="ALIAS", help="entries of this pool only")
        parser.add_argument(
            "--pools-only", action="store_true", help="keep what was collected into the framework database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end = datetime.now(UTC) - options["older_than"]
        pools = [options["pool"]] if options["pool"] else pools_to_collect()
        failed = [pool for pool in pools if not self._purge(pool, end)]
        if not options["pools_only"]:
            count = purge_collected(end, pool=options["pool"] or "")
            self.stdout.write(f"framework database: {counted(count, 'entry', 'entries')} deleted")
        if failed:
            raise CommandError(f"not purged: {', '.join(failed)}")

    def _purge(self, pool: str, end: datetime) -> bool:
        try:
            count = purge_pool(pool, end)
        except LibertyError as exc:
            self.stderr.write(f"{pool}: {exc}")
            return False
        self.stdout.write(f"{pool}: {counted(count, 'entry', 'entries')} deleted")
        return True


def _days(text: str) -> timedelta:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ArgumentTypeError(f"`{text}` is no number of days")
    return timedelta(days=int(text))
