"""Conditions and orders that a caller puts on the columns of a stored query.

The operators are a closed table. A value is checked against what the column holds, and always bound; a
column is looked up among those of the result, never taken from the request.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.pools.dialects.base import NUMBERS, Dialect, plain_text
from apps.pools.statement import Column, Kind
from apps.queries.columns import output_names
from apps.queries.spec import Filter, Order
from liberty.errors import MalformedRequest
from liberty.secrets import is_secret

COMPARISONS = {
    "=": "=",
    "eq": "=",
    "!=": "<>",
    "<>": "<>",
    "ne": "<>",
    "<": "<",
    "lt": "<",
    "<=": "<=",
    "le": "<=",
    ">": ">",
    "gt": ">",
    ">=": ">=",
    "ge": ">=",
}
LIKES = ("like", "ilike")
LITERAL_PATTERNS = {"contains": "%{}%", "starts": "{}%", "ends": "%{}"}
OPERATORS = (
    *COMPARISONS,
    *(
        f"{negation}{word}"
        for word in (*LIKES, *LITERAL_PATTERNS, "in", "between")
        for negation in ("", "not ")
    ),
)

_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_time = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?")
_datetime = re.compile(rf"{_date.pattern}[T ]{_time.pattern}(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?")
_forms: Mapping[Kind, re.Pattern[str]] = {Kind.DATE: _date, Kind.TIME: _time, Kind.DATETIME: _datetime}


@dataclass(slots=True)
class Conditions:
    """SQL conditions and order expressions over the page's sub-select, and the values they bind."""

    sql: list[str] = field(default_factory=list)
    order_by: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """What the caller knows a bound value as, by its name in `params`."""

    def bind(self, value: Any, label: str) -> str:
        name = f"liberty_f{len(self.params)}"
        self.params[name] = value
        self.labels[name] = label
        return f"%({name})s"


def compile_conditions(
    filters: Iterable[Filter], order: Iterable[Order], columns: Sequence[Column], dialect: Dialect
) -> Conditions:
    """Turn filters and orders into SQL over `columns`.

    Raises MalformedRequest for a column that is unknown, ambiguous or secret, an unknown operator, and a
    value that the column cannot hold.
    """
    conditions = Conditions()
    for item in filters:
        column = find_column(item.column, columns)
        conditions.sql.append(_condition(item, column, dialect, conditions))
    for wish in order:
        expression = dialect.quote(find_column(wish.column, columns).name)
        conditions.order_by.append(f"{expression} DESC" if wish.descending else expression)
    return conditions


def find_column(name: str, columns: Sequence[Column]) -> Column:
    """Return the one column that `name` means, whatever its case."""
    shown = name if len(name) <= 64 else f"{name[:64]}…"
    found = _matching(name, columns)
    if not found:
        raise MalformedRequest(f"Unknown column `{shown}`.")
    if len(found) > 1:
        raise MalformedRequest(f"Column `{shown}` is ambiguous: the query returns it {len(found)} times.")
    column = found[0]
    if is_secret(column.name, column.origin):
        raise MalformedRequest(f"Column `{shown}` holds a secret and cannot be filtered or sorted on.")
    if sum(other.name == column.name for other in columns) > 1:
        raise MalformedRequest(f"Column `{shown}` is ambiguous: the query returns it more than once.")
    return column


def _matching(name: str, columns: Sequence[Column]) -> list[Column]:
    exact = [column for column in columns if column.name == name]
    if exact:
        return exact
    by_output = dict(zip(output_names(columns), columns, strict=True))
    if "_" in name and name.upper() in by_output:
        return [by_output[name.upper()]]
    return [column for column in columns if column.name.upper() == name.upper()]


def _condition(item: Filter, column: Column, dialect: Dialect, conditions: Conditions) -> str:
    operator = " ".join(item.operator.lower().split())
    if operator not in OPERATORS:
        shown = item.operator if len(item.operator) <= 32 else f"{item.operator[:32]}…"
        raise MalformedRequest(f"Unknown operator `{shown}` on column `{item.column}`.")
    compiler = _Compiler(item, column, dialect, conditions)
    if item.value is None:
        is_negative = operator.startswith("not ") or COMPARISONS.get(operator) == "<>"
        return f"{compiler.column} IS {'NOT ' if is_negative else ''}NULL"
    negation, _, word = operator.rpartition(" ")
    sql = compiler.methods[word](word, item.value)
    return f"NOT ({sql})" if negation else sql


class _Compiler:
    """Compiles one filter; its methods take the operator without `not`, and the value."""

    def __init__(self, item: Filter, column: Column, dialect: Dialect, conditions: Conditions) -> None:
        self.name = item.column
        self.kind = column.kind
        self.column = dialect.quote(column.name)
        self.dialect = dialect
        self.conditions = conditions
        self.methods: Mapping[str, Callable[[str, Any], str]] = {
            **dict.fromkeys(COMPARISONS, self.compare),
            **dict.fromkeys(LIKES, self.like),
            **dict.fromkeys(LITERAL_PATTERNS, self.literal),
            "in": self.in_list,
            "between": self.between,
        }

    def compare(self, word: str, value: Any) -> str:
        operator = COMPARISONS[word]
        if self.kind is Kind.DATETIME and isinstance(value, str) and _date.fullmatch(value.strip()):
            # A day compares with the day part, as the original does.
            return self._compare(self.dialect.date_of(self.column), operator, value, Kind.DATE)
        return self._compare(self.column, operator, value, self.kind)

    def like(self, word: str, value: Any) -> str:
        pattern = self.dialect.like_pattern(self._text(value))
        placeholder = self.conditions.bind(pattern, self.name)
        text = self.dialect.text_of(self.column, self.kind)
        return self.dialect.like(text, placeholder, ignore_case=word == "ilike")

    def literal(self, word: str, value: Any) -> str:
        pattern = LITERAL_PATTERNS[word].format(self.dialect.literal(self._text(value)))
        return self.like("like", pattern)

    def in_list(self, word: str, value: Any) -> str:
        items = value if isinstance(value, list) else [value]
        given = [item for item in items if item is not None]
        parts = [f"{self.column} IS NULL"] if len(given) < len(items) else []
        if given and self.kind is Kind.DATETIME:
            parts += [self.compare("=", item) for item in given]
        elif given:
            binds = (self._value(item, self.kind) for item in given)
            placeholders = [self.conditions.bind(item, self.name) for item in binds]
            parts.append(self.dialect.is_one_of(self.column, placeholders, self.kind))
        return _any_of(parts) if parts else "1 = 0"

    def between(self, word: str, value: Any) -> str:
        if not isinstance(value, list) or len(value) != 2 or None in value:
            raise MalformedRequest(
                f"The operator `between` on column `{self.name}` takes a list of two values."
            )
        low, high = value
        return f"({self.compare('>=', low)} AND {self.compare('<=', high)})"

    def _compare(self, expression: str, operator: str, value: Any, kind: Kind) -> str:
        placeholder = self.conditions.bind(self._value(value, kind), self.name)
        return self.dialect.compare(expression, operator, placeholder, kind)

    def _value(self, value: Any, kind: Kind) -> Any:
        try:
            return self.dialect.bind(_well_formed(value, kind), kind)
        except ValueError as exc:
            raise MalformedRequest(
                f"Column `{self.name}` ({self.kind}) cannot be compared with this value."
            ) from exc

    def _text(self, value: Any) -> str:
        if isinstance(value, list | dict):
            raise MalformedRequest(f"Column `{self.name}` cannot be compared with a list or an object.")
        return plain_text(value)


def _any_of(conditions: Sequence[str]) -> str:
    """Join conditions by OR, in halves: SQLite takes no chain of a thousand."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return f"({_any_of(conditions[:middle])} OR {_any_of(conditions[middle:])})"


def _well_formed(value: Any, kind: Kind) -> Any:
    """Return `value` without what clients put around it, else ValueError.

    Clients send nearly everything as text, and integers with the `%` of a pattern.
    """
    if isinstance(value, list | dict):
        raise ValueError("a list or an object")
    if not isinstance(value, str):
        return value
    if kind in NUMBERS:
        return value.replace("%", "").strip()
    if kind is Kind.UUID:
        return str(uuid.UUID(value.strip()))
    form = _forms.get(kind)
    if form is None:
        return value
    if kind is Kind.DATE and _datetime.fullmatch(value.strip()):
        return value.strip()[:10]
    if not form.fullmatch(value.strip()):
        raise ValueError("not of this form")
    return value.strip()
