"""How values are handed to PostgreSQL where the plain way is refused.

Plainly, text goes without a type, so that the column decides, and numbers go with theirs. Then `code = 10`
on a text column is refused ("operator does not exist: text = integer"), as is a name that stands for two
types at once, or one in a place that gives it no type. Each refusal teaches the next form.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import psycopg

from apps.pools.dialects import placeholders
from apps.pools.dialects.base import plain_text
from apps.pools.dialects.postgresql_values import TypedNull, TypedText, array_literal
from apps.pools.dialects.values import json_text
from apps.pools.statement import Statement

_PARAMETER_NUMBER = re.compile(r"\$(\d+)")
# undefined function or operator, datatype mismatch, ambiguous parameter, cannot coerce, ambiguous function,
# indeterminate datatype
_TYPE_CONFLICTS = frozenset({"42883", "42804", "42P08", "42846", "42725", "42P18"})
_INDETERMINATE = "42P18"
_INVALID_TEXT = "22P02"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to hand over the values of a statement."""

    untyped: bool = False
    """Every occurrence is a parameter of its own, and numbers and truths go as text without a type."""
    typed_text: frozenset[int] = frozenset()
    """Numbers (from 1) of occurrences that go as `text`; only with `untyped`."""
    arrays: frozenset[str] = frozenset()
    """Names of lists that go as arrays; other lists go as JSON."""

    def of(self, statement: Statement) -> Statement:
        """Return `statement` in this form."""
        values = {name: self._listed(name, value) for name, value in statement.params.items()}
        if not self.untyped:
            return replace(statement, params=values)
        params = {
            f"{name}__{index}": self._scalar(index + 1, values[name])
            for index, name in enumerate(placeholders.occurrences(statement.sql))
        }
        return replace(statement, sql=placeholders.numbered(statement.sql), params=params)

    def name_at(self, number: int, sql: str) -> str | None:
        """Return the name behind `$number`."""
        names = placeholders.occurrences(sql)
        if not self.untyped:
            names = tuple(dict.fromkeys(names))
        return names[number - 1] if number <= len(names) else None

    def _listed(self, name: str, value: Any) -> Any:
        return array_literal(value) if name in self.arrays and isinstance(value, list) else value

    def _scalar(self, number: int, value: Any) -> Any:
        if isinstance(value, int | float | Decimal):
            value = plain_text(value)
        if number not in self.typed_text:
            return value
        return TypedNull() if value is None else TypedText(plain_text(value))


_PLAIN = Form()


class Forms:
    """The forms that statements were found to need; the statements used last are remembered."""

    def __init__(self, *, size: int = 512) -> None:
        self._size = size
        self._forms: OrderedDict[str, Form] = OrderedDict()

    def of(self, statement: Statement) -> Statement:
        """Return `statement` in the form that is known for its SQL."""
        form = self._forms.get(statement.sql)
        return statement if form is None else form.of(statement)

    def known(self, statement: Statement) -> Form:
        """Return the form that is known for the statement's SQL."""
        return self._forms.get(statement.sql, _PLAIN)

    def learn(self, exc: psycopg.Error, statement: Statement, tried: Hashable) -> bool:
        """Choose another form after `tried` was refused; False if there is none that could help."""
        form = self.known(statement)
        if form != tried:
            return True
        better = self._better(form, exc, statement)
        if better == form:
            return False
        self._forms[statement.sql] = better
        if len(self._forms) > self._size:
            self._forms.popitem(last=False)
        return True

    def forget(self, statement: Statement) -> None:
        """Forget the form of a statement that is refused in every one."""
        self._forms.pop(statement.sql, None)

    def parameter(self, exc: psycopg.Error, statement: Statement) -> str | None:
        """Return the name of the parameter that a refusal is about, where PostgreSQL tells its number."""
        number = parameter_number(exc)
        if number is None:
            return None
        return self._forms.get(statement.sql, _PLAIN).name_at(number, statement.sql)

    def _better(self, form: Form, exc: psycopg.Error, statement: Statement) -> Form:
        if exc.sqlstate == _INVALID_TEXT:
            name = self.parameter(exc, statement) or _quoted_list(exc, statement)
            is_list = name is not None and isinstance(statement.params.get(name), list)
            return replace(form, arrays=form.arrays | {name}) if name and is_list else form
        if exc.sqlstate not in _TYPE_CONFLICTS or not statement.params:
            return form
        if not form.untyped:
            return replace(form, untyped=True)
        number = parameter_number(exc)
        if exc.sqlstate == _INDETERMINATE and number is not None:
            return replace(form, typed_text=form.typed_text | {number})
        return form


def parameter_number(exc: psycopg.Error) -> int | None:
    """Return n of the `$n` that a refusal is about: it stands in its context, or in the message itself."""
    for text in (exc.diag.context, exc.diag.message_primary):
        if found := list(_PARAMETER_NUMBER.finditer(text or "")):
            return int(found[-1][1])
    return None


def _quoted_list(exc: psycopg.Error, statement: Statement) -> str | None:
    message = exc.diag.message_primary or ""
    lists = ((name, value) for name, value in statement.params.items() if isinstance(value, list))
    return next((name for name, value in lists if json_text(value) in message), None)
