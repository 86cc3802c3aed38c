"""Collecting entries from pools into the framework database, where they are searched and shown."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from apps.audit.models import AuditedTable, AuditEntry
from apps.audit.store import COLUMNS, collection, has_store, pending_of_row, removal, uncollected
from apps.pools.execution import apply, fetch
from apps.pools.registry import dialect_for

BATCH = 500


def pools_to_collect() -> list[str]:
    """Return the pools with audited tables, and those that entries were collected from before."""
    marked = AuditedTable.objects.order_by().values_list("pool", flat=True).distinct()
    collected = AuditEntry.objects.order_by().values_list("pool", flat=True).distinct()
    return sorted({*marked, *collected})


def collect(alias: str) -> int:
    """Bring the entries of pool `alias` into the framework database; return how many were new there.

    An entry is marked in the pool only after it has been stored here, so whoever is stopped between the two
    finds it again, and stores it once. Raises what `fetch` and `apply` raise.
    """
    if not has_store(alias):
        return 0
    return sum(_store(alias, batch) for batch in _batches(alias))


def pending_entries(alias: str, table: str, row_key: str, *, limit: int) -> list[AuditEntry]:
    """Return the last entries of a row that are still in pool `alias` alone, latest first, unsaved."""
    if not has_store(alias):
        return []
    statement = pending_of_row(dialect_for(alias), table, row_key, limit)
    return [_entry(alias, row) for row in fetch(alias, statement, max_rows=limit).rows]


def purge_pool(alias: str, end: datetime) -> int:
    """Delete the collected entries of pool `alias` from before `end` (UTC) there; return how many."""
    return apply(alias, [removal(dialect_for(alias), end)]).row_count if has_store(alias) else 0


def purge_collected(end: datetime, *, pool: str = "") -> int:
    """Delete what was collected, of one pool or of all, from before `end`; return how many there were."""
    found = AuditEntry.objects.filter(changed_at__lt=end)
    return (found.filter(pool=pool) if pool else found).delete()[0]


def _batches(alias: str) -> Iterator[list[AuditEntry]]:
    dialect = dialect_for(alias)
    while True:
        rows = fetch(alias, uncollected(dialect, BATCH), max_rows=BATCH).rows
        if not rows:
            return
        yield [_entry(alias, row) for row in rows]


def _store(alias: str, batch: list[AuditEntry]) -> int:
    ids = [entry.entry_id for entry in batch]
    known = AuditEntry.objects.filter(entry_id__in=ids).count()
    AuditEntry.objects.bulk_create(batch, ignore_conflicts=True)
    apply(alias, [collection(ids)])
    return len(batch) - known


def _entry(alias: str, row: tuple[Any, ...]) -> AuditEntry:
    # The columns of a page stand in the order of its SELECT, whatever case the product gives their names.
    values = dict(zip(COLUMNS, row, strict=False))
    return AuditEntry(
        entry_id=values["entry_id"],
        pool=alias,
        table=values["table_name"],
        row_key=values["row_key"],
        verb=values["verb"],
        actor=values["actor"],
        source=values["source"],
        query=values["query_id"],
        request_id=values["request_id"],
        changed_at=datetime.fromisoformat(values["changed_at"]).replace(tzinfo=UTC),
        before=values["before_values"],
        after=values["after_values"],
    )
