"""The stored definitions of the catalogue, and values for what they ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from apps.framework.models import Dictionary
from apps.queries.binds import Bind, BindContext, StoredSql
from apps.queries.framework_definitions import framework_definition, framework_query_numbers
from apps.queries.models import FrameworkQuery, QuerySql
from apps.setup.repository import framework_tables
from liberty.secrets import is_secret

DBTYPE = "postgres"
GENERIC = "generic"
TIME = "2024-01-31T10:11:12"

# By the dictionary's word for a type; every other one is a text.
_VALUES: Mapping[str, Any] = {"number": 1, "date": TIME, "boolean": "Y"}
_TEXT = "x"
# Long enough for the rules of passwords.
_SECRET = "correct horse battery"  # noqa: S105  # nobody's


@dataclass(frozen=True, slots=True)
class Stored:
    """A definition as it is stored: `source` as callers say it, `verb` in upper case."""

    source: str
    number: int
    verb: str
    sql: str
    is_imported: bool = True

    @property
    def name(self) -> str:
        return f"{self.verb} {self.number}"


def stored_queries() -> list[Stored]:
    """Return the definitions of the catalogue that a PostgreSQL runs."""
    rows = QuerySql.objects.filter(query_dbtype=GENERIC).order_by("query_id", "query_crud")
    return [
        Stored("query", number, verb, sql or "")
        for number, verb, sql in rows.values_list("query_id", "query_crud", "query_sqlquery")
    ]


def own_framework_queries() -> list[Stored]:
    """Return the framework queries that we answer ourselves."""
    return [
        Stored("framework", number, verb, definition.sql, is_imported=False)
        for number, verbs in framework_query_numbers().items()
        for verb in verbs
        if (definition := framework_definition(number, verb, DBTYPE)) is not None
    ]


def imported_framework_queries() -> list[Stored]:
    """Return the framework queries that the repository has."""
    rows = FrameworkQuery.objects.filter(fmw_dbtype=GENERIC).order_by("fmw_id", "fmw_crud")
    return [
        Stored("framework", number, verb, sql or "")
        for number, verb, sql in rows.values_list("fmw_id", "fmw_crud", "fmw_sqlquery")
    ]


@dataclass(frozen=True, slots=True)
class Values:
    """Makes values by the types that the dictionary gives to names; `types` maps upper-case names to them."""

    types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_dictionary(cls) -> "Values":
        rows = Dictionary.objects.exclude(dd_type=None).values_list("dd_id", "dd_type")
        return cls({name.upper(): kind or "" for name, kind in rows})

    def of(self, stored: StoredSql) -> dict[str, Any]:
        """Return a value for every placeholder: by its own name, or that of the column it stands for."""
        values = {bind.name: self._value(bind, stored) for bind in reversed(stored.binds)}
        return {**values, **dict.fromkeys(stored.name_binds, _TEXT)}

    def _value(self, bind: Bind, stored: StoredSql) -> Any:
        if bind.context is BindContext.ROWS:
            return [{name.upper(): self._value_for(name) for name in _written_columns(stored)}]
        names = [bind.name, bind.target, bind.compared_with]
        if bind.position is not None:
            names += _written_columns(stored)[bind.position : bind.position + 1]
        return self._value_for(*(name for name in names if name))

    def _value_for(self, *names: str) -> Any:
        """Return a value for what the first of the names that means something stands for."""
        if any(is_secret(name) for name in names):
            return _SECRET
        for name in names:
            kind = self.types.get(name.upper())
            if kind is not None:
                return _VALUES.get(kind, _TEXT)
        return next((value for name in names if (value := _value_of_column(name)) is not None), _TEXT)


def _written_columns(stored: StoredSql) -> tuple[str, ...]:
    """Return the columns that an INSERT fills, in order: those it names, or all of the table."""
    tables = [table for name, table in framework_tables().items() if name in stored.tables]
    return stored.written_columns or (tables[0].column_names if tables else ())


def _value_of_column(name: str) -> Any:
    """Return a value for a column that the dictionary does not know, by its type in the framework tables."""
    columns = [item for table in framework_tables().values() for item in table.columns]
    column = next((item for item in columns if item.column == name.lower()), None)
    if isinstance(column, models.IntegerField):
        return _VALUES["number"]
    return TIME if isinstance(column, models.DateTimeField) else None
