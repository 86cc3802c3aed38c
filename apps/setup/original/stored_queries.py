"""The stored GET queries of the original, and what to ask them with."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from apps.pools.dialects import dialect_named
from apps.queries.binds import Bind, StoredSql, analyse
from apps.queries.definitions import GENERIC
from apps.queries.spec import Source
from apps.setup.original.applications import POSTGRES
from apps.setup.original.reading import Catalogue
from apps.setup.repository import framework_tables
from liberty.errors import LibertyError

READ = "GET"
LANGUAGE_BIND = "LNG_ID"
# By the dictionary's word for a type; every other one is a text.
_VALUES: Mapping[str, Any] = {"number": 1, "date": "2024-01-31T10:11:12", "boolean": "Y"}
_TEXT = "x"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a stored query; `pool` is that of the request."""

    source: Source
    number: int
    pool: str
    language: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.pool}: {self.source} {self.number}"


@dataclass(frozen=True, slots=True)
class TheirQuery:
    """A GET query as the original stores it for PostgreSQL; `pool` is where it says that it runs."""

    call: Call
    sql: str
    order_by: str
    pool: str


def their_queries(catalogue: Catalogue, language: str) -> list[TheirQuery]:
    """Return the GET queries of a catalogue; those of the framework are in the default one alone."""
    sources = [(Source.QUERY, "ly_qry_sql", ("query_id", "query_dbtype", "query_crud", "query_sqlquery"))]
    if catalogue.name == DEFAULT_DB_ALIAS:
        sources.append((Source.FRAMEWORK, "ly_qry_fmw", ("fmw_id", "fmw_dbtype", "fmw_crud", "fmw_sqlquery")))
    values = SampleValues(catalogue)
    found: list[TheirQuery] = []
    for source, table, columns in sources:
        prefix = columns[1].partition("_")[0]
        names = (*columns, f"{prefix}_orderby", f"{prefix}_pool")
        rows = [row for row in _rows(catalogue, table, names) if row[2] == READ]
        for number in sorted({row[0] for row in rows}):
            # What the product's own row leaves empty comes from the generic one.
            own = [row for kind in (POSTGRES, GENERIC) for row in rows if row[:2] == (number, kind)]
            sql, order_by, pool = (next((row[at] for row in own if row[at]), "") for at in (3, 4, 5))
            if sql:
                call = Call(source, number, catalogue.name, language, values.of(sql))
                found.append(TheirQuery(call, sql, order_by, pool))
    return found


def schema_names(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Return the schemas that `#SCHEMA.NAME#` stands for, by (pool, upper-case name)."""
    rows = _rows(catalogue, "ly_db_schema", ("sch_pool", "sch_name", "sch_target"))
    return {(pool or "", (name or "").upper()): target for pool, name, target in rows if target is not None}


@dataclass(frozen=True)
class SampleValues:
    """Makes values for placeholders out of what a catalogue holds, so that queries find something."""

    catalogue: Catalogue

    def of(self, sql: str) -> dict[str, Any]:
        """Return a value for each placeholder of a statement, but for the language."""
        try:
            stored = analyse(sql, dialect_named(POSTGRES).syntax)
        except LibertyError:
            return {}  # told when it is called
        values = {bind.name: self._value(bind, stored) for bind in reversed(stored.binds)}
        values |= dict.fromkeys(stored.name_binds, _TEXT)
        return {name: value for name, value in values.items() if name.upper() != LANGUAGE_BIND}

    def _value(self, bind: Bind, stored: StoredSql) -> Any:
        names = [name.lower() for name in (bind.name, bind.compared_with, bind.target) if name]
        near = [table for table in framework_tables() if table in stored.tables]
        for tables in (near, list(framework_tables())):
            for name in names:
                value = self._most_frequent(name, tables)
                if value is not None:
                    return value
        kinds = (self._types[name] for name in names if name in self._types)
        return _VALUES.get(next(kinds, ""), _TEXT)

    def _most_frequent(self, column: str, tables: Sequence[str]) -> Any:
        """Return the value that most rows of the first table with this column have there, or None."""
        for name in tables:
            table = framework_tables()[name]
            if column not in table.column_names:
                continue
            position = table.position(column)
            counts = Counter(row[position] for row in self.catalogue.rows.get(name, {}).values())
            counts.pop(None, None)
            if counts:
                value = min(counts, key=lambda item: (-counts[item], repr(item)))
                return value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value
        return None

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return {
            name.lower(): kind or ""
            for name, kind in _rows(self.catalogue, "ly_dictionary", ("dd_id", "dd_type"))
        }


def _rows(catalogue: Catalogue, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    positions = framework_tables()[table].positions(tuple(columns))
    for row in catalogue.rows.get(table, {}).values():
        yield tuple(row[position] for position in positions)
