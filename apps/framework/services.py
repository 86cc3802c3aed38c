"""Filling a new catalogue with the framework's own data."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from apps.framework.models import Dictionary, DictionaryLabel, Language, Module, Theme, ThemeColor
from apps.pools.catalogue import touch
from liberty.settings.env import BASE_DIR

Row = Mapping[str, Any]

# Parents first. Beside each: the columns that each say on their own which thing a row is. A part has none;
# it belongs to its parent.
_TABLES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Language, ("lng_id",)),
    (Module, ("module_id",)),
    (Theme, ("thm_id", "thm_name")),
    (Dictionary, ("dd_id",)),
)
_PARTS: tuple[tuple[type[models.Model], type[models.Model], str], ...] = (
    (ThemeColor, Theme, "thm_id"),
    (DictionaryLabel, Dictionary, "dd_id"),
)


def load_fixtures(*, using: str = "default") -> dict[str, int]:
    """Add the rows of `fixtures/` that catalogue `using` does not have; return how many, by table.

    Languages, modules, themes, and the dictionary of the framework's own columns. Rows that are there stay
    as they are, and so do their parts: a theme that was changed gets no colours, an entry no labels.
    """
    with transaction.atomic(using=using):
        added = {model: _add(model, _new_rows(model, names, using), using) for model, names in _TABLES}
        for part, parent, key in _PARTS:
            parents = {row[key] for row in added[parent]}
            added[part] = _add(part, [row for row in _rows(part) if row[key] in parents], using)
        touch(using)
    return {model._meta.db_table: len(rows) for model, rows in added.items()}


def _rows(model: type[models.Model]) -> list[Row]:
    file = BASE_DIR / "fixtures" / f"{model._meta.db_table}.json"
    rows: list[Row] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def _new_rows(model: type[models.Model], names: Iterable[str], using: str) -> list[Row]:
    rows = _rows(model)
    for name in names:
        known = set(model._default_manager.using(using).values_list(name, flat=True))
        rows = [row for row in rows if row[name] not in known]
    return rows


def _add(model: type[models.Model], rows: list[Row], using: str) -> list[Row]:
    model._default_manager.using(using).bulk_create([model(**row) for row in rows])
    return rows
