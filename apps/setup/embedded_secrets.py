"""Secrets in texts that are none as a whole: settings of modules, bodies, headers and addresses of calls.

They never leave an installation, under no passphrase either. In their place stands the stand-in, which an
import takes for "leave it as it is". Where there is nothing to leave, it is stored, and shows what to set.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.framework.module_params import is_secret_name, is_secret_value
from apps.setup.repository import RepositoryTable, Row
from liberty.api.json_text import dump, parse_json
from liberty.errors import MalformedRequest
from liberty.secrets import STAND_IN

# `scott/tiger@` in the connection text of Oracle's driver for Java.
_jdbc_password = re.compile(r":[^:/@\s]+/[^/@\s]+@")
_argument_name = re.compile(r"[?&;]\s*([^?&;=\s]+)\s*=\s*[^&;\s]")
# `$NAME` in a body or a header stands for a parameter of the call.
_parameter = re.compile(r"\$\w+")


@dataclass(frozen=True, slots=True)
class _Text:
    """A column whose text may hold secrets; `name_column` holds the name of what is in it."""

    column: str
    hide: Callable[[str, str], str]
    name_column: str = ""


def _in_settings(text: str, name: str) -> str:
    """What is no JSON may be anything."""
    return _in_json(text, otherwise=STAND_IN)


def _in_body(text: str, name: str) -> str:
    return _in_json(text, otherwise=_in_value(text, name))


def _in_value(text: str, name: str) -> str:
    is_parameter = _parameter.fullmatch(text) is not None
    return STAND_IN if is_secret_value(text) or (is_secret_name(name) and not is_parameter) else text


def _in_address(text: str, name: str) -> str:
    is_secret = (
        is_secret_value(text)
        or _jdbc_password.search(text) is not None
        or any(is_secret_name(argument) for argument in _argument_name.findall(text))
    )
    return STAND_IN if is_secret else text


_TEXTS: Final[Mapping[str, tuple[_Text, ...]]] = {
    "ly_modules": (_Text("module_params", _in_settings),),
    "ly_api": (_Text("api_body", _in_body), _Text("api_url", _in_address)),
    "ly_api_conn": (_Text("conn_url", _in_address),),
    "ly_api_header": (_Text("hdr_value", _in_value, "hdr_key"),),
    # The name is that of a column, whose value is taken from it.
    "ly_api_params": (_Text("map_value", _in_value),),
    "ly_applications": (_Text("apps_jdbc", _in_address),),
}


def without_embedded(table: RepositoryTable, row: Row) -> Row:
    """Return a row as it may leave: with the stand-in in the place of each secret in its texts."""
    values = list(row)
    for text in _TEXTS.get(table.name, ()):
        position = table.position(text.column)
        name = values[table.position(text.name_column)] if text.name_column else ""
        if values[position]:
            values[position] = text.hide(values[position], name)
    return tuple(values)


def with_embedded(table: RepositoryTable, row: Row, stored: Row | None) -> Row:
    """Return a row of a file with what `stored` has in the place of each stand-in in its texts."""
    if stored is None:
        return row
    values = list(row)
    for text in _TEXTS.get(table.name, ()):
        position = table.position(text.column)
        if values[position] and stored[position]:
            values[position] = _restored(values[position], stored[position])
    return tuple(values)


def _restored(text: str, stored: str) -> str:
    if text == STAND_IN:
        return stored
    if STAND_IN not in text:
        return text
    try:
        old, new = parse_json(stored, failure="no JSON"), parse_json(text, failure="no JSON")
    except MalformedRequest:
        return text
    merged = _merged(new, old)
    # The same settings may be written in another way.
    return stored if merged == old else dump(merged).decode()


def _merged(new: Any, old: Any) -> Any:
    if new == STAND_IN:
        return old
    if isinstance(new, dict) and isinstance(old, dict):
        return {name: _merged(item, old.get(name, item)) for name, item in new.items()}
    if isinstance(new, list) and isinstance(old, list) and len(new) == len(old):
        return [_merged(item, other) for item, other in zip(new, old, strict=True)]
    return new


def _in_json(text: str, *, otherwise: str) -> str:
    if not text.strip():
        return text
    try:
        content = parse_json(text, failure="no JSON")
    except MalformedRequest:
        return otherwise
    if not isinstance(content, dict | list):
        return otherwise
    hidden = _hidden(content)
    return text if hidden == content else dump(hidden).decode()


def _hidden(value: Any, name: str = "") -> Any:
    """Return JSON with the stand-in for every secret; all that is in a member named as one is secret."""
    if isinstance(value, str):
        return _in_value(value, name) if value else value
    if name and value is not None and is_secret_name(name):
        return STAND_IN
    if isinstance(value, dict):
        return {member: _hidden(item, member) for member, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return value
