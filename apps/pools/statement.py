"""What crosses the border to a database: a statement going in, a result set coming out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds, in one vocabulary for every database product (see `docs/values.md`)."""

    INTEGER = "integer"  # up to 32 bits
    BIGINT = "bigint"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    INTERVAL = "interval"
    BYTES = "bytes"
    JSON = "json"
    UUID = "uuid"
    ARRAY = "array"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement in the `%(name)s` style and its values.

    A literal `%` in `sql` is doubled. `params` maps every name in `sql` to its value: a str, int,
    Decimal, float, bool, None, or a dict or list for a column that holds JSON or an array.
    `changes_session` says that running it may leave traces in the session (a `SET`, an advisory lock, a
    temporary table, a function not known to be harmless): it then runs in an explicit transaction, and
    the connection is reset before it is used again. `labels` gives the name that the caller knows for a
    name in `params` where they differ; refusals of a value use it.
    """

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    changes_session: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: its name as the database gives it, and what it holds."""

    name: str
    kind: Kind
    origin: tuple[str, str] | None = None
    """(table, column) in lower case that the values come from, where the driver tells."""


@dataclass(frozen=True, slots=True)
class ResultSet:
    """Columns, and rows as tuples in their order; every value is ready for the JSON writer."""

    columns: Sequence[Column]
    rows: Sequence[tuple[Any, ...]]
    row_count: int = 0
    """Rows affected by a writing statement; for a reading one, the number of rows."""
