"""Reading the query string: every fault is collected, so that one answer names them all."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from liberty.api.json_text import parse_argument
from liberty.errors import ArgumentFault, InvalidArgument, MalformedRequest
from liberty.text import has_lone_surrogate, is_sendable

INTEGER_MAX = 2**31 - 1

_digits = re.compile(r"[+-]?[0-9]{1,20}")


class Arguments:
    """The arguments of one request; read them all, then call `check`.

    A reader returns the default where the argument is absent or faulty. An argument that is given but
    empty counts as absent.
    """

    def __init__(self, query_params: Mapping[str, Any]) -> None:
        self._values = query_params
        self._faults: list[ArgumentFault] = []

    def check(self) -> None:
        """Raise InvalidArgument if anything read so far was wrong."""
        if self._faults:
            raise InvalidArgument(*self._faults)

    def text(self, *names: str, default: str = "") -> str:
        """Return the first of `names` that is given: both spellings of an argument, for example."""
        for name in names:
            value: str = self._values.get(name, "")
            if value:
                return self._clean(name, value, default)
        return default

    def agreed(self, *names: str, default: str = "") -> str:
        """Return the name that spellings of one argument say; a fault where it is blank, or they differ."""
        given = {name: value for name in names if (value := self.text(name))}
        first = next(iter(given), "")
        for name, value in given.items():
            if not value.strip():
                self._fault(name, "Input should not be blank", "string_blank")
            elif value != given[first]:
                self._fault(name, f"Input should be the same as that of {first}", "value_error")
        return given.get(first, default)

    def choice(self, name: str, allowed: Collection[str], *, default: str) -> str:
        value = self.text(name, default=default)
        if value in allowed:
            return value
        listed = " or ".join(f"'{word}'" for word in allowed)
        self._fault(name, f"Input should be {listed}", "enum")
        return default

    def integer(
        self, name: str, *, default: int | None = None, minimum: int = 0, maximum: int = INTEGER_MAX
    ) -> int:
        """Return a whole number between `minimum` and `maximum`; without default it must be given."""
        value = self.text(name)
        if not value:
            if default is None:
                self._fault(name, "Field required", "missing")
            return default or 0
        if not _digits.fullmatch(value):
            self._fault(name, "Input should be a valid integer", "int_parsing")
            return default or 0
        number = int(value)
        if number < minimum:
            self._fault(name, f"Input should be greater than or equal to {minimum}", "greater_than_equal")
        if number > maximum:
            self._fault(name, f"Input should be less than or equal to {maximum}", "less_than_equal")
        return number

    def json(self, name: str, *, failure: str) -> Any:
        """Return the parsed JSON (or single-quoted) text, or None where there is none.

        Raises MalformedRequest with the message `failure` where it cannot be read.
        """
        value: str = self._values.get(name, "")
        if not value.strip():
            return None
        if has_lone_surrogate(value):
            raise MalformedRequest(failure)
        return parse_argument(value, failure=failure)

    def _clean(self, name: str, value: str, default: str) -> str:
        if is_sendable(value):
            return value
        self._fault(name, "Input should be a valid string", "string_unicode")
        return default

    def _fault(self, name: str, message: str, kind: str) -> None:
        self._faults.append(ArgumentFault(("query", name), message, kind))
