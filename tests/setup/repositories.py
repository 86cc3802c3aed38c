"""Repository files that tests load, made from the models alone."""

import json
from pathlib import Path
from typing import Any

from django.db import connections, models

from apps.pools import registry
from apps.setup.repository import RepositoryTable, Row, framework_tables
from liberty.secrets import SECRET_COLUMNS
from tests.external import ExternalPool

Document = dict[str, list[dict[str, Any]]]

TIMES = ("2024-02-29T23:59:59.123456", "1999-12-31T00:00:00", "2026-11-25T18:05:00.5")


def full_document(rows: int = 2) -> Document:
    """Return a repository with `rows` rows in each table, every column filled, and no secrets.

    Row n has n in each column that is part of a key or a reference, so every reference is good.
    """
    return {
        name: [_row_of(table, number) for number in range(1, rows + 1)]
        for name, table in reversed(framework_tables().items())  # children before their parents
    }


def _row_of(table: RepositoryTable, number: int) -> dict[str, Any]:
    linking = {*table.key, *(position for item in table.references for position in item.positions)}
    return {
        field.column: None
        if (table.name, field.column) in SECRET_COLUMNS
        else _value(field, number, is_short=position in linking)
        for position, field in enumerate(table.columns)
    }


def _value(field: Any, number: int, *, is_short: bool) -> int | str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if field.column == "module_params":
        # Text that is no JSON would be taken for a secret.
        return f'{{"n": {number}, "text": "é"}}'
    if isinstance(target, models.IntegerField):
        return number
    if isinstance(target, models.DateTimeField):
        return TIMES[number % len(TIMES)]
    # As long as the column allows, in characters that take more than a byte.
    return str(number) if is_short else str(number) + "é" * ((target.max_length or 40) - 1)


def small_document() -> Document:
    """Return a repository of an enumeration with two values, one of them in French."""
    return {
        "ly_enum_val_l": [{"enum_id": 1, "val_enum": "A", "lng_id": "fr", "lng_label": "Actif"}],
        "ly_enum": [{"enum_id": 1, "enum_label": "Status", "enum_audit_date": "2024-01-31T10:11:12.5"}],
        "ly_enum_val": [
            {"enum_id": 1, "val_enum": "A", "val_label": "Active"},
            {"enum_id": 1, "val_enum": "B", "val_label": None},
        ],
    }


def write(path: Path, document: object) -> Path:
    """Write a repository file as the original does: indented, with non-ASCII characters as they are."""
    path.write_text(json.dumps(document, indent=4, ensure_ascii=False))
    return path


def snapshot(alias: str = "default") -> dict[str, list[Row]]:
    """Return all rows of all framework tables."""
    return {
        name: sorted(table.model._base_manager.using(alias).values_list(*table.attributes), key=repr)
        for name, table in framework_tables().items()
    }


def connect(pool: ExternalPool) -> str:
    """Connect Django to a pool and return its alias; Django's tests refuse aliases that they do not know."""
    alias = registry.resolve(pool.name)
    connections[alias].connect()
    return alias


def create_catalogue(pool: ExternalPool) -> str:
    """Make the framework tables in a pool and return its alias."""
    alias = connect(pool)
    with connections[alias].schema_editor() as editor:
        for table in framework_tables().values():
            editor.create_model(table.model)
    return alias
