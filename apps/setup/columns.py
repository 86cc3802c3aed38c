"""A repository file's values, checked against the columns they are for."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import models

if TYPE_CHECKING:  # generic in the stubs only
    Column: TypeAlias = models.Field[Any, Any]
else:
    Column = models.Field

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
# As the original writes times: no zone, at most microseconds.
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?", re.ASCII)


class WrongValue(ValueError):
    """A value does not fit its column; the text says how, without the value."""


def read_value(field: Column, value: object) -> str | int | datetime | None:
    """Return the value for the column that a JSON value stands for. Raises WrongValue."""
    if value is None:
        if field.null:
            return None
        raise WrongValue("null in a column that needs a value")
    # A reference has the type of the column that it refers to.
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.IntegerField):
        return _integer(value)
    if isinstance(target, models.DateTimeField):
        return _timestamp(value)
    return _text(value, target.max_length)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValue(f"an integer is expected, not {_kind(value)}")
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise WrongValue("an integer of more than 32 bits")
    return value


def _timestamp(value: object) -> datetime:
    if not isinstance(value, str):
        raise WrongValue(f"a time is expected, not {_kind(value)}")
    if not _TIMESTAMP.fullmatch(value):
        raise WrongValue("a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone")
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        raise WrongValue("no such day or time exists") from None


def _text(value: object, max_length: int | None) -> str:
    if not isinstance(value, str):
        raise WrongValue(f"a text is expected, not {_kind(value)}")
    if max_length is not None and len(value) > max_length:
        raise WrongValue(f"a text of {len(value)} characters, where {max_length} fit")
    if "\0" in value or not _is_unicode(value):
        raise WrongValue("a text with a character that no database stores")
    return value


def _is_unicode(text: str) -> bool:
    """Whether the text can be encoded; JSON can spell half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        bool: "a boolean",
        int: "a number",
        float: "a number with a fraction",
        str: "a text",
        list: "a list",
    }
    return kinds.get(type(value), "an object")
