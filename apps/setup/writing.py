"""Write rows of framework tables, many at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, models

from apps.setup.repository import Key, RepositoryTable, Row

# Rows of one statement; Django sends fewer where the database takes fewer values.
BATCH_ROWS = 1000
# Keys of one DELETE: of several columns they become a condition each, and SQLite takes 1000 levels of them.
BATCH_KEYS = 100


def upsert_rows(table: RepositoryTable, rows: Sequence[Row], *, alias: str) -> Iterator[int]:
    """Insert the rows into database `alias`, or give those with the same key their values.

    Writes as it is consumed and yields the number of rows of each batch. Runs in the caller's transaction.
    """
    for start in range(0, len(rows), BATCH_ROWS):
        batch = rows[start : start + BATCH_ROWS]
        _upsert(table, batch, alias)
        yield len(batch)


def delete_rows(table: RepositoryTable, keys: Sequence[Key], *, alias: str) -> Iterator[int]:
    """Delete the rows with these keys from database `alias`, in the way of `upsert_rows`.

    What the database deletes below them by itself is not counted.
    """
    manager = table.model._base_manager.using(alias)
    for start in range(0, len(keys), BATCH_KEYS):
        batch = keys[start : start + BATCH_KEYS]
        # Not `delete`: it would look for children in every table, and they are gone already.
        manager.filter(pk__in=_primary_keys(batch))._raw_delete(alias)
        yield len(batch)


def _primary_keys(keys: Sequence[Key]) -> list[Any]:
    """Return the keys as Django has them: a value, or a tuple where a key has several columns."""
    return [key if len(key) > 1 else key[0] for key in keys]


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
