"""Reading what a caller wants encrypted. No fault quotes a value: it may be a password."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from apps.framework.encryption import Form
from liberty.api.arguments import Arguments
from liberty.errors import ArgumentFault, InvalidArgument

TEXT = "plain_text"
MASTER_KEY = "master_key"
YES, NO = "true", "false"
# In JSON a character of one byte may be written as `\u0041`; braces and names need some more.
_ESCAPED_BYTES = 6
_OTHER_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Encryption:
    """What one caller wants encrypted, and for whom."""

    form: Form
    is_literal: bool
    text: str = field(repr=False)
    master_key: str = field(repr=False)


def read_form(query_params: Mapping[str, Any]) -> Form:
    """Return the wanted form, or the default for one that does not exist: `read_encryption` refuses it."""
    wanted = query_params.get("format", "")
    return Form(wanted) if wanted in list(Form) else Form.TRANSPORT


def max_body_bytes(form: Form) -> int:
    """Return the most bytes that a body may have; without sign-in no more than the longest text needs."""
    if form is not Form.TRANSPORT:
        most: int = settings.LIBERTY_MAX_BODY_BYTES
        return most
    longest: int = settings.LIBERTY_ENCRYPT_MAX_BYTES
    return longest * _ESCAPED_BYTES + _OTHER_BYTES


def read_encryption(query_params: Mapping[str, Any], body: Any) -> Encryption:
    """Take the text from the body, else from the query string; the master key from the body alone.

    Raises InvalidArgument for a wrong argument, a text that is missing or none, and for one that is longer
    than LIBERTY_ENCRYPT_MAX_BYTES where it is for transport.
    """
    arguments = Arguments(query_params)
    form = Form(arguments.choice("format", [form.value for form in Form], default=Form.TRANSPORT))
    is_literal = arguments.choice("literal", (YES, NO), default=NO) == YES
    arguments.check()
    members = {} if body is None else body
    if not isinstance(members, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    source, values = ("body", members) if TEXT in members else ("query", query_params)
    text = _text(values, TEXT, source)
    if form is Form.TRANSPORT:
        _check_length(text, source)
    master_key = _text(members, MASTER_KEY, "body") if form is Form.ORIGINAL else ""
    return Encryption(form, is_literal, text, master_key)


def _text(values: Mapping[str, Any], name: str, source: str) -> str:
    if name not in values:
        raise InvalidArgument(ArgumentFault((source, name), "Field required", "missing"))
    value = values[name]
    if not isinstance(value, str):
        raise InvalidArgument(ArgumentFault((source, name), "Input should be a valid string", "string_type"))
    return value


def _check_length(text: str, source: str) -> None:
    most: int = settings.LIBERTY_ENCRYPT_MAX_BYTES
    # A character has at least one byte; what is no Unicode is told when it is encrypted.
    if len(text) <= most and len(text.encode(errors="replace")) <= most:
        return
    message = f"String should have at most {most} bytes"
    raise InvalidArgument(ArgumentFault((source, TEXT), message, "string_too_long"))
