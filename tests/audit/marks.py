"""Marking tables as audited, and reading what that leaves in a pool."""

import json
from typing import Any

from apps.audit.models import AuditedTable
from apps.pools.catalogue import touch
from tests.external import ExternalPool

Entry = tuple[str, Any, Any, Any]


def mark(pool: str, table: str) -> None:
    AuditedTable.objects.create(pool=pool, table=table)
    touch("default")


def recorded(pool: ExternalPool) -> list[Entry]:
    """Return verb, key, values before and values after of each entry, in the order they were written."""
    rows = pool.execute(
        "SELECT verb, row_key, before_values, after_values FROM liberty_audit ORDER BY entry_id"
    )
    return [(verb, *(None if text is None else json.loads(text) for text in texts)) for verb, *texts in rows]
