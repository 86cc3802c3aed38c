"""Write rows of framework tables, many at a time."""

from collections.abc import Iterator, Sequence

from django.db import connections, models

from apps.setup.repository import RepositoryTable, Row

# Rows of one statement; Django sends fewer where the database takes fewer values.
BATCH_ROWS = 1000


def upsert_rows(table: RepositoryTable, rows: Sequence[Row], *, alias: str) -> Iterator[int]:
    """Insert the rows into database `alias`, or give those with the same key their values.

    Writes as it is consumed and yields the number of rows of each batch. Runs in the caller's transaction.
    """
    for start in range(0, len(rows), BATCH_ROWS):
        batch = rows[start : start + BATCH_ROWS]
        _upsert(table, batch, alias)
        yield len(batch)


def _upsert(table: RepositoryTable, rows: Sequence[Row], alias: str) -> None:
    model = table.model
    objects: list[models.Model] = [model(**dict(zip(table.attributes, row, strict=True))) for row in rows]
    key = [table.columns[position].name for position in table.key]
    others = [field.name for field in table.columns if field.name not in key]
    manager = model._base_manager.using(alias)
    if not others:
        manager.bulk_create(objects, ignore_conflicts=True)
        return
    # MySQL has no way to name the constraint.
    has_target = connections[alias].features.supports_update_conflicts_with_target
    manager.bulk_create(
        objects, update_conflicts=True, update_fields=others, unique_fields=key if has_target else None
    )
