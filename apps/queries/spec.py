"""What one caller asks of a stored query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from liberty.api.envelope import DEFAULT_LIMIT


class Source(StrEnum):
    """Where a query definition is kept: the framework's own queries, or those of a catalogue."""

    FRAMEWORK = "framework"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column of the result; `value` as it was given."""

    column: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Order:
    """One column that the page is sorted by."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """A well-formed wish; whether it makes sense is decided when the definition is looked up.

    `verb` is the HTTP method. `pool` is the request pool: the catalogue that definitions are read from,
    already `default` under `mode=framework`. `limit` is the effective one.
    """

    source: Source
    number: int
    verb: str
    pool: str = "default"
    framework_mode: bool = False
    override_pool: str = ""
    language: str = ""
    offset: int = 0
    limit: int = DEFAULT_LIMIT
    filters: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    columns_only: bool = False
    numbers_as_text: bool = False
