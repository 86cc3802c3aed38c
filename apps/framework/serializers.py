"""Reading the arguments of the lists that the sign-in page asks for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apps.framework.selectors import THEME_COLUMNS, TextFilter
from liberty.api.arguments import Arguments
from liberty.errors import MalformedRequest

INVALID_JSON = "Invalid JSON format in request query."
OPERATORS = ("=", "eq", "!=", "<>", "ne", "like", "not like", "in", "not in")
NEGATIVE = ("!=", "<>", "ne", "not like", "not in")
NAME_SHOWN = 64  # letters of a name of the caller's in a message

_letter = re.compile(r"\\(.)|(.)", re.DOTALL)


def read_theme_filters(query_params: Mapping[str, Any]) -> list[TextFilter]:
    """Return the filters in `q`: an object or a list of objects, column → operator → value.

    All of them must hold. `pool` is taken and not used: themes are those of the default pool. Raises
    MalformedRequest for what is no JSON, another shape, an unknown column or operator; InvalidArgument for
    a `pool` that is no text.
    """
    arguments = Arguments(query_params)
    arguments.text("pool")
    wish = arguments.json("q", failure=INVALID_JSON)
    arguments.check()
    if wish is None:
        return []
    return [item for conditions in _listed(wish) for item in _filters(conditions)]


def _listed(wish: Any) -> list[Any]:
    return wish if isinstance(wish, list) else [wish]


def _filters(conditions: Any) -> Iterator[TextFilter]:
    if not isinstance(conditions, dict):
        raise MalformedRequest(INVALID_JSON)
    for column, operations in conditions.items():
        if not isinstance(operations, dict):
            raise MalformedRequest(INVALID_JSON)
        for operator, value in operations.items():
            yield _filter(column, " ".join(operator.lower().split()), value)


def _filter(column: str, operator: str, value: Any) -> TextFilter:
    name = column.upper()
    if name not in THEME_COLUMNS:
        raise MalformedRequest(f"Unknown column `{column[:NAME_SHOWN]}`.")
    if operator not in OPERATORS:
        raise MalformedRequest(f"Unknown operator `{operator[:NAME_SHOWN]}` on column `{name}`.")
    pattern = None if value is None else re.compile(_pattern(name, operator, value), re.DOTALL)
    return TextFilter(name, pattern, negated=operator in NEGATIVE)


def _pattern(column: str, operator: str, value: Any) -> str:
    if operator.endswith("in"):
        if not isinstance(value, list):
            raise MalformedRequest(f"Column `{column}`: `{operator}` takes a list.")
        return "|".join(re.escape(_text(column, item)) for item in value) or r"(?!)"
    text = _text(column, value)
    return _like(text) if operator.endswith("like") else re.escape(text)


def _text(column: str, value: Any) -> str:
    if isinstance(value, bool | dict | list) or value is None:
        raise MalformedRequest(f"Column `{column}` is compared with a text.")
    return str(value)


def _like(pattern: str) -> str:
    """Translate `%` and `_`; a backslash takes the next letter literally.

    What stands between two `%` is looked for once, from the left, as `fnmatch` does it: a pattern of many
    wildcards, which anybody may send, takes no more time than another.
    """
    first, *others = ("".join(parts) for parts in _parts_between_wildcards(pattern))
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def _parts_between_wildcards(pattern: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for escaped, letter in _letter.findall(pattern):
        if letter == "%":
            parts.append([])
        else:
            parts[-1].append("." if letter == "_" else re.escape(escaped or letter))
    return parts
