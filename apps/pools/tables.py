"""Tables as the database's own catalogue describes them: the only source of a table's name and columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.pools.dialects import Dialect
from apps.pools.execution import fetch
from apps.pools.registry import dialect_for
from apps.pools.statement import Statement
from liberty.errors import MalformedRequest

# More columns than two tables of any product can have.
_MAX_COLUMNS = 100_000


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name, its type as a new column is given it, and whether it is part of the key."""

    name: str
    column_type: str
    in_key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table that statements reach without naming its schema; `schema` is empty where names need none."""

    schema: str
    name: str
    columns: tuple[TableColumn, ...]

    @property
    def key(self) -> tuple[TableColumn, ...]:
        """The columns of the primary key; none if the table has no such key."""
        return tuple(column for column in self.columns if column.in_key)


def read_tables(alias: str, *names: str) -> tuple[Table, ...]:
    """Return the tables of pool `alias` that have one of `names`, in whatever case.

    Raises what `fetch` raises.
    """
    params = {f"table_{number}": name for number, name in enumerate(names, 1)}
    sql = dialect_for(alias).describe_tables([f"%({param})s" for param in params])
    statement = Statement(sql, params, labels=dict.fromkeys(params, "table"))
    columns: dict[tuple[str, str], list[TableColumn]] = {}
    for schema, table, column, column_type, in_key in fetch(alias, statement, max_rows=_MAX_COLUMNS).rows:
        found = TableColumn(str(column), str(column_type or ""), bool(in_key))
        columns.setdefault((str(schema or ""), str(table)), []).append(found)
    return tuple(Table(schema, name, tuple(found)) for (schema, name), found in columns.items())


def pick_table(name: str, tables: Sequence[Table], dialect: Dialect) -> Table:
    """Return the one of `tables` that `name` means: so written, as the product folds it, or in any case.

    Raises MalformedRequest if there is none, or more than one that differ in case.
    """
    for wanted in (name, dialect.fold(name)):
        for table in tables:
            if table.name == wanted:
                return table
    found = [table for table in tables if table.name.lower() == name.lower()]
    shown = name if len(name) <= 64 else f"{name[:64]}…"
    if not found:
        raise MalformedRequest(f"Unknown table `{shown}`.")
    if len(found) > 1:
        raise MalformedRequest(f"Table `{shown}` is ambiguous: names of tables differ in case alone.")
    return found[0]


def missing_columns(
    table: Table, wanted: Iterable[tuple[str, str]], dialect: Dialect
) -> list[tuple[str, str]]:
    """Return those of `wanted`, names and types, that `table` has no column for."""
    known = {_compared(column.name, dialect) for column in table.columns}
    return [(name, kind) for name, kind in wanted if _compared(name, dialect) not in known]


def _compared(name: str, dialect: Dialect) -> str:
    return name if dialect.columns_have_case else name.lower()
