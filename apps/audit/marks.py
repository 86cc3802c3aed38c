"""Which tables the server audits, remembered: a write to another table costs no statement."""

from collections.abc import Mapping

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from apps.audit.models import AuditedTable
from apps.audit.store import STORE
from apps.pools.catalogue import remembered, touch
from apps.pools.registry import dialect_for
from apps.pools.tables import Table, pick_table, read_tables
from liberty.errors import MalformedRequest


def audited_tables(alias: str) -> frozenset[str]:
    """Return the names, in lower case, of the tables of pool `alias` that are audited."""
    return remembered(DEFAULT_DB_ALIAS, "audited tables", _load).get(alias, frozenset())


def marks() -> "QuerySet[AuditedTable]":
    return AuditedTable.objects.order_by("pool", "table")


def mark(pool: str, name: str) -> AuditedTable:
    """Have a table audited, if it is not; raises as `table_to_audit`."""
    table = table_to_audit(pool, name)
    marked, _ = AuditedTable.objects.get_or_create(pool=pool, table=table.name)
    touch(DEFAULT_DB_ALIAS)
    return marked


def unmark(pool: str, name: str) -> bool:
    """Have a table audited no longer, whether or not it is still there; tell whether it was."""
    count, _ = AuditedTable.objects.filter(pool=pool, table__iexact=name).delete()
    touch(DEFAULT_DB_ALIAS)
    return count > 0


def table_to_audit(pool: str, name: str) -> Table:
    """Return the table of a pool that `name` means in any case.

    Raises UnknownPool, PoolNotOpened, Unavailable; MalformedRequest if there is no such table, it has no
    primary key, or it holds the audit itself.
    """
    table = pick_table(name, read_tables(pool, name), dialect_for(pool))
    if table.name.lower() == STORE:
        raise MalformedRequest(f"Table `{STORE}` holds the audit itself.")
    if not table.key:
        raise MalformedRequest(f"Table `{table.name}` has no primary key, so its rows cannot be told apart.")
    return table


def _load() -> Mapping[str, frozenset[str]]:
    marks: dict[str, frozenset[str]] = {}
    for pool, table in AuditedTable.objects.values_list("pool", "table"):
        marks[pool] = marks.get(pool, frozenset()) | {table.lower()}
    return marks
