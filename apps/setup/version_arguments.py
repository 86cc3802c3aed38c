"""Reading what a caller wants of versions: from the query string, or from a JSON object in the body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liberty.api.arguments import Arguments
from liberty.errors import ArgumentFault, InvalidArgument

YES, NO = "true", "false"
# As browsers and scripts write it besides.
_WORDS = (YES, NO, "1", "0")
_TRUE = (YES, "1")


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Whether only a plan is wanted, and the pools that are left out, or get framework tables."""

    dry_run: bool
    without: tuple[str, ...]
    add: tuple[str, ...]


def read_run(query_params: Mapping[str, Any], body: Any) -> RunRequest:
    """Raises InvalidArgument."""
    members = _members(query_params, body)
    arguments = Arguments(members)
    dry_run = arguments.choice("dry_run", _WORDS, default=NO) in _TRUE
    without, add = arguments.text("without"), arguments.text("add")
    arguments.check()
    return RunRequest(dry_run, _names(without), _names(add))


def read_message(query_params: Mapping[str, Any], body: Any) -> tuple[str, tuple[str, ...]]:
    """Return the message of a revision and the pools that are left out. Raises InvalidArgument."""
    arguments = Arguments(_members(query_params, body))
    message, without = arguments.text("message"), arguments.text("without")
    arguments.check()
    return message, _names(without)


def _members(query_params: Mapping[str, Any], body: Any) -> dict[str, str]:
    """Return the arguments as texts; the body's stand over those of the query string."""
    members = {} if body is None else body
    if not isinstance(members, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    found = {name: query_params[name] for name in query_params}
    for name, value in members.items():
        if isinstance(value, bool):
            found[name] = YES if value else NO
        elif isinstance(value, str):
            found[name] = value
        elif value is not None:
            raise InvalidArgument(
                ArgumentFault(("body", name), "Input should be a valid string", "string_type")
            )
    return found


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))
