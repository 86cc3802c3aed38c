"""Which tables the server audits, remembered: a write to another table costs no statement."""

from collections.abc import Mapping

from django.db import DEFAULT_DB_ALIAS

from apps.audit.models import AuditedTable
from apps.pools.catalogue import remembered


def audited_tables(alias: str) -> frozenset[str]:
    """Return the names, in lower case, of the tables of pool `alias` that are audited."""
    return remembered(DEFAULT_DB_ALIAS, "audited tables", _load).get(alias, frozenset())


def _load() -> Mapping[str, frozenset[str]]:
    marks: dict[str, frozenset[str]] = {}
    for pool, table in AuditedTable.objects.values_list("pool", "table"):
        marks[pool] = marks.get(pool, frozenset()) | {table.lower()}
    return marks
