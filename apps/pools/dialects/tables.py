"""SQL about tables themselves: looking them up, making them, giving them columns."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol


class _Names(Protocol):
    def quote(self, name: str) -> str: ...


class TableSql:
    """What a dialect says of tables, with the defaults of standard SQL."""

    has_transactional_ddl: ClassVar[bool] = True
    """CREATE and ALTER are part of a transaction and go with it; elsewhere they end the one at hand."""
    tables_have_case: ClassVar[bool] = True
    """Two tables may have names that differ in case alone."""
    columns_have_case: ClassVar[bool] = True
    """Two columns of one table may have names that differ in case alone."""
    longest_name: ClassVar[int | None] = None
    """Bytes that the name of a table may have, where longer ones are cut or refused."""
    row_locks: ClassVar[Mapping[str, str]] = {"UPDATE": "FOR UPDATE", "DELETE": "FOR UPDATE"}
    """How a SELECT ends that locks its rows as strongly as the statement that changes them does."""
    changes_several_tables: ClassVar[bool] = False
    """An UPDATE or DELETE may change rows of several tables at once."""
    rows_per_insert: ClassVar[int] = 100
    """Rows that one INSERT ... VALUES may have."""
    inserts_return: ClassVar[bool] = False
    """An INSERT may end in RETURNING, and gives the rows that it has made."""
    long_text_type: ClassVar[str] = "text"
    timestamp_type: ClassVar[str] = "timestamp"
    """A point in time without zone; what we write into it is UTC."""

    tables_sql: ClassVar[str]
    """A SELECT of what the database knows of tables: those that statements reach without a schema.

    `{names}` are lower-case names, compared without regard to case. Views and the database's own tables are
    left out. Rows come column by column, in the order of each table's columns: schema (empty where names need
    none), table, column, type as a new column is given it, and whether the column is part of the primary key.
    """

    def describe_tables(self, names: Sequence[str]) -> str:
        """Return `tables_sql` for `names`, which are placeholders."""
        return self.tables_sql.format(names=", ".join(f"LOWER({name})" for name in names))

    def qualified(self: _Names, schema: str, name: str) -> str:
        """Return the quoted name of a table, with its schema where it has one."""
        return f"{self.quote(schema)}.{self.quote(name)}" if schema else self.quote(name)

    def create_table(self, table: str, columns: Sequence[tuple[str, str]]) -> str:
        """Return SQL that makes a table without keys; names are quoted, columns come with their types."""
        listed = ",\n".join(f"  {name} {column_type}" for name, column_type in columns)
        return f"CREATE TABLE {table} (\n{listed}\n)"

    def select_locked(self, table: str, condition: str, *, verb: str, max_rows: int | None = None) -> str:
        """Return a SELECT of the rows that a statement with this condition is about to change, locked.

        `condition` may be empty: all rows. At most `max_rows` of them are read.
        """
        where = f"\nWHERE {condition}\n" if condition else ""
        limit = "" if max_rows is None else f" LIMIT {max_rows}"
        lock = f" {self.row_locks[verb]}" if verb in self.row_locks else ""
        return f"SELECT * FROM {table}{where}{limit}{lock}"  # noqa: S608 - stored SQL, values bound

    def add_column(self, table: str, name: str, column_type: str) -> str:
        """Return SQL that gives a table one more column, which takes nulls; names are quoted."""
        return f"ALTER TABLE {table} ADD COLUMN {name} {column_type}"
