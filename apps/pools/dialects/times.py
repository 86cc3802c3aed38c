"""Times that a database refuses as JSON writes them, `2026-01-31T10:11:12.345Z`."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from apps.pools.statement import Statement

_MOST_STATEMENTS = 512


class RefusedTimes:
    """Remembers the statements whose ISO times were refused, and sends those in another form.

    Not all at once: in a text column the caller's own text is to be stored.
    """

    def __init__(self, convert: Callable[[str], Any]) -> None:
        self._convert = convert
        self._statements: set[str] = set()

    def of(self, statement: Statement) -> Statement:
        """Return `statement` in the form that is known for its SQL."""
        if statement.sql not in self._statements:
            return statement
        params = {
            name: self._convert(value) if isinstance(value, str) else value
            for name, value in statement.params.items()
        }
        return replace(statement, params=params)

    def known(self, statement: Statement) -> bool:
        """Tell whether the other form is known to be needed."""
        return statement.sql in self._statements

    def learn(self, statement: Statement, tried: Hashable) -> bool:
        """Choose the other form after `tried`, of `known`, was refused; False if that was the other one."""
        if tried is True:
            return False
        if len(self._statements) >= _MOST_STATEMENTS:
            self._statements.clear()
        self._statements.add(statement.sql)
        return True

    def forget(self, statement: Statement) -> None:
        """Forget a statement that is refused in both forms."""
        self._statements.discard(statement.sql)
