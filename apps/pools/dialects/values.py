"""Values of databases in their JSON form, and back; the table is `docs/values.md`."""

import base64
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

_INT64 = range(-(2**63), 2**64)
_ISO_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)")
_WITH_OFFSET = re.compile(r"(.+?)([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?")


def json_text(value: Any) -> str:
    """Return JSON of `value`, with all digits of decimals and of integers of any size.

    Raises ValueError for text that is no Unicode (a lone surrogate) and for types that JSON does not know.
    """
    try:
        return orjson.dumps(_exact(value)).decode()
    except orjson.JSONEncodeError as exc:
        raise ValueError("not representable as JSON") from exc


def number(text: str | bytes) -> orjson.Fragment | str:
    """Return decimal digits as a JSON number; `NaN` and infinities as text."""
    raw = text if isinstance(text, bytes) else text.encode()
    if raw[-1:].isdigit():
        return orjson.Fragment(raw)
    return raw.decode()


def json_or_text(text: str) -> orjson.Fragment | str:
    """Return text that is JSON as JSON, digits and order kept; other text as it is."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return orjson.Fragment(text)


def floating(value: float) -> float | str:
    """Return `value`, or its name where JSON has no number for it."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def base64_text(data: bytes | bytearray | memoryview) -> str:
    """Return `data` in base64."""
    return base64.b64encode(data).decode()


def clock_time(text: str) -> str:
    """Return `HH:MM:SS[.f]` with six digits of a second's fraction, or without one that is zero."""
    if "." not in text:
        return text
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(6, '0')}" if fraction.strip("0") else whole


def time_or_interval(text: str) -> str:
    """Return MySQL's TIME as a time of day, or as an ISO interval if it is below zero or over 24 hours."""
    hours, minutes, seconds = text.lstrip("-").split(":")
    if text[0] != "-" and int(hours) < 24:
        return clock_time(text)
    sign = "-" if text[0] == "-" else ""
    return f"{sign}PT{int(hours)}H{int(minutes)}M{_without_zeros(seconds)}S"


def plain_datetime(text: str) -> str:
    """Return an ISO time with `Z` or an offset as `YYYY-MM-DD HH:MM:SS[.f]` in UTC; all else as it is."""
    if not _ISO_WITH_ZONE.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return moment.replace(tzinfo=None).isoformat(" ")


def local_datetime(text: str) -> str:
    """Return `YYYY-MM-DD HH:MM:SS[.f]` in ISO form; all else (infinity, BC, five-digit years) as it is."""
    if text[10:11] != " " or not text[-1:].isdigit():
        return text
    return f"{text[:10]}T{clock_time(text[11:])}"


def utc_datetime(text: str) -> str:
    """Return `YYYY-MM-DD HH:MM:SS[.f]+ZZ[:ZZ]` in ISO form and UTC; anything else as it is."""
    if text[-3:] == "+00" and text[10:11] == " ":
        return f"{local_datetime(text[:-3])}+00:00"
    if text[10:11] != " " or not (found := _WITH_OFFSET.fullmatch(text)):
        return text
    try:
        moment = datetime.fromisoformat(local_datetime(found[1]) + _offset(found))
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return text


def offset_time(text: str) -> str:
    """Return `HH:MM:SS[.f]+ZZ[:ZZ]` with an offset of hours and minutes."""
    found = _WITH_OFFSET.fullmatch(text)
    return clock_time(found[1]) + _offset(found) if found else text


def _without_zeros(seconds: str) -> str:
    whole, _, fraction = seconds.partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole)}.{fraction}" if fraction else str(int(whole))


def _offset(found: re.Match[str]) -> str:
    seconds = f":{found[5]}" if found[5] else ""
    return f"{found[2]}{found[3]}:{found[4] or '00'}{seconds}"


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value)) if value.is_finite() else floating(float(value))
    if isinstance(value, float):
        return floating(value)
    if isinstance(value, int) and value not in _INT64:
        return orjson.Fragment(str(value))
    return value
