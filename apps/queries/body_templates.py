"""Bodies of stored calls: JSON in which `$NAME` stands for a value of the caller's."""

import re
from collections.abc import Mapping
from typing import Any

from liberty.api.json_text import dump, parse_json
from liberty.errors import InvalidDefinition, MalformedRequest

_variable = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def fill_template(template: str, values: Mapping[str, Any]) -> Any:
    """Return the JSON value of `template` with every `$NAME` in its texts replaced.

    Names match without regard to case. Values are put into texts that have been read already, so none of
    them can change the shape of the body. A text that is a variable and nothing else becomes null, a list or
    an object where the value is one; every other value becomes text, as the original sends it. An empty
    template is an empty object.
    Raises InvalidDefinition for a template that is no JSON, MalformedRequest for a variable without value.
    """
    return _filled(read_template(template), {name.upper(): value for name, value in values.items()})


def read_template(template: str) -> Any:
    """Return the JSON value of `template` as it stands. Raises InvalidDefinition."""
    try:
        return parse_json(template, failure="") if template.strip() else {}
    except MalformedRequest:
        raise InvalidDefinition("The body that is stored for the call is no JSON.") from None


def may_be_object(body: Any) -> bool:
    """Whether the body of a template can become an object: it is one, or stands for a value."""
    return isinstance(body, dict) or (isinstance(body, str) and _variable.fullmatch(body) is not None)


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, str):
        return _filled_text(part, values)
    if isinstance(part, list):
        return [_filled(item, values) for item in part]
    if isinstance(part, dict):
        return {name: _filled(item, values) for name, item in part.items()}
    return part


def _filled_text(text: str, values: Mapping[str, Any]) -> Any:
    whole = _variable.fullmatch(text)
    if whole:
        value = _value_of(whole, values)
        return value if value is None or isinstance(value, dict | list) else _as_text(value)
    return _variable.sub(lambda match: _as_text(_value_of(match, values)), text)


def _value_of(match: re.Match[str], values: Mapping[str, Any]) -> Any:
    name = match[1].upper()
    if name not in values:
        raise MalformedRequest(f"There is no value for `${name}`.")
    return values[name]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else dump(value).decode()
