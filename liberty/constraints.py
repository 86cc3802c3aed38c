"""Constraints that Django has no class for."""

from collections.abc import Sequence
from typing import Any

from django.db import models


class Cascade(models.BaseConstraint):
    """A foreign key with ON DELETE CASCADE in the database, over any number of columns.

    Stored SQL deletes a parent row and relies on the database to delete the rows below it; Django 5.2
    cascades in Python only, and its own foreign keys would refuse such a DELETE. So a `ForeignKey` of
    these tables has `db_constraint=False` and stands beside a `Cascade`.

    `columns` reference the columns `references` (default: those of the same names) of `table`. The
    parent table must be created before.
    """

    def __init__(
        self, *, columns: Sequence[str], table: str, name: str, references: Sequence[str] = ()
    ) -> None:
        super().__init__(name=name)
        self.columns = tuple(columns)
        self.table = table
        self.references = tuple(references) or self.columns

    # Model and schema editor are Any: the stubs allow None for both, which Django never passes.
    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        columns = ", ".join(map(quote, self.columns))
        references = ", ".join(map(quote, self.references))
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({columns})"
            f" REFERENCES {quote(self.table)} ({references}) ON DELETE CASCADE"
        )

    # SQLite knows no ALTER TABLE for constraints: there Django rebuilds the table from `constraint_sql`.
    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Leave the check to the database and, where there is one, to the `ForeignKey` beside."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        kwargs |= {"columns": self.columns, "table": self.table}
        if self.references != self.columns:
            kwargs["references"] = self.references
        return path, (), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cascade) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.table, self.columns, self.references))

    def __repr__(self) -> str:
        return f"<Cascade: {self.name} {self.columns} -> {self.table} {self.references}>"
