"""`manage.py collect_audit [--pool ALIAS]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.audit.collecting import collect, pools_to_collect
from liberty.errors import LibertyError
from liberty.text import counted


class Command(BaseCommand):
    help = "Bring the entries of audited tables from their pools into the framework database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--pool",
            metavar="ALIAS",
            help="this pool only (default: every pool with audited tables or with entries collected before)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pools = [options["pool"]] if options["pool"] else pools_to_collect()
        failed = [pool for pool in pools if not self._collect(pool)]
        if failed:
            raise CommandError(f"not collected: {', '.join(failed)}")

    def _collect(self, pool: str) -> bool:
        """Collect from one pool; one that does not answer keeps its entries, and the others their turn."""
        try:
            count = collect(pool)
        except LibertyError as exc:
            self.stderr.write(f"{pool}: {exc}")
            return False
        self.stdout.write(f"{pool}: {counted(count, 'entry', 'entries')}")
        return True
