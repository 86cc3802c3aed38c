"""The tables that a repository consists of, as an import and an export see them."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models

from apps.setup.columns import Column
from liberty.constraints import Cascade

Row: TypeAlias = tuple[Any, ...]
"""Values in the order of `RepositoryTable.columns`: str, int, aware datetime in UTC, or None."""

Key: TypeAlias = tuple[Hashable, ...]
"""Values of some columns of a row, in an order that goes without saying where it is used."""

# The tables of the original; what else these apps have is ours and in no repository.
_APPS = ("pools", "accounts", "framework", "queries")
_PREFIX = "ly_"
_TABLES = frozenset({"alembic_version"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the positions of the child's columns, and the parent's columns they name."""

    positions: tuple[int, ...]
    parent: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepositoryTable:
    """A framework table. Columns are told by their position in `columns`, and so in a `Row`."""

    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[int, ...]
    uniques: tuple[tuple[int, ...], ...]
    references: tuple[Reference, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(field.column for field in self.columns)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names that the model gives to the columns' values."""
        return tuple(field.attname for field in self.columns)

    def position(self, column: str) -> int:
        return self.column_names.index(column)

    def positions(self, columns: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(map(self.position, columns))

    def key_of(self, row: Row) -> Key:
        return values_at(row, self.key)

    def describe(self, key: Key) -> str:
        """Name a row by its key: `ly_enum_val (enum_id 3, val_enum A)`."""
        return describe(self.name, tuple(self.columns[position].column for position in self.key), key)


def describe(table: str, columns: tuple[str, ...], key: Key) -> str:
    pairs = (f"{column} {value}" for column, value in zip(columns, key, strict=True))
    return f"{table} ({', '.join(pairs)})"


def values_at(row: Row, positions: tuple[int, ...]) -> Key:
    return tuple(row[position] for position in positions)


@lru_cache(maxsize=1)
def framework_tables() -> dict[str, RepositoryTable]:
    """Return the framework tables by name, parents before their children, else by name."""
    tables = {table.name: table for table in map(_table_of, _models())}
    parents = {name: [reference.parent for reference in tables[name].references] for name in sorted(tables)}
    return {name: tables[name] for name in TopologicalSorter(parents).static_order()}


def _models() -> list[type[models.Model]]:
    found = [model for label in _APPS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if _is_framework_table(model._meta.db_table)]


def _is_framework_table(name: str) -> bool:
    return name.startswith(_PREFIX) or name in _TABLES


def _table_of(model: type[models.Model]) -> RepositoryTable:
    columns = tuple(model._meta.concrete_fields)
    names = [field.column for field in columns]

    def positions(wanted: list[str]) -> tuple[int, ...]:
        return tuple(map(names.index, wanted))

    cascades = [item for item in model._meta.constraints if isinstance(item, Cascade)]
    return RepositoryTable(
        model=model,
        columns=columns,
        key=positions([field.column for field in model._meta.pk_fields]),
        uniques=tuple(
            (names.index(field.column),) for field in columns if field.unique and not field.primary_key
        ),
        references=tuple(Reference(positions(list(c.columns)), c.table, c.references) for c in cascades),
    )
