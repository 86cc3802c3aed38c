"""`manage.py audit_log TABLE [--pool ALIAS] [--key KEY] [--user USER] [--from TIME] [--to TIME]`."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from apps.audit.models import AuditEntry
from apps.audit.selectors import entries, side_by_side

NOTHING_FOUND = (
    "No entries found. Those that are still in their pools are not searched: collect_audit brings them."
)


class Command(BaseCommand):
    help = (
        "Show who has changed the rows of an audited table, from what to what; `collect_audit` comes first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", metavar="TABLE")
        parser.add_argument("--pool", metavar="ALIAS", default="", help="tables of this pool only")
        parser.add_argument(
            "--key", default="", help="one row: its key, or a JSON object where the key has several columns"
        )
        parser.add_argument("--user", default="", help="changes of one user, as `user` or `catalogue/user`")
        parser.add_argument(
            "--from", dest="start", metavar="TIME", type=_time, help="from this time on (ISO)"
        )
        parser.add_argument("--to", dest="end", metavar="TIME", type=_time, help="before this time (ISO)")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("pool", "key", "user", "start", "end")
        found = entries(options["table"], **{name: options[name] for name in names})
        is_empty = True
        for entry in found.iterator():
            is_empty = False
            self._show(entry)
        if is_empty:
            self.stdout.write(NOTHING_FOUND)

    def _show(self, entry: AuditEntry) -> None:
        self.stdout.write(
            f"{entry.changed_at:%Y-%m-%dT%H:%M:%S.%fZ} {entry.verb} {entry.pool}: {entry.table}"
            f" {entry.row_key} by {entry.actor} ({entry.origin}, request {entry.request_id})"
        )
        for value in side_by_side(entry):
            if value.is_changed:
                self.stdout.write(f"  {value.column}: {_shown(value.before)} -> {_shown(value.after)}")


def _shown(value: str | None) -> str:
    return "-" if value is None else value


def _time(text: str) -> datetime:
    """Return an ISO time; one without zone is UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"`{text}` is no ISO time, as 2026-01-31 or 2026-01-31T12:00:00") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
