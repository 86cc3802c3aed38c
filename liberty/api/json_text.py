"""Reading and writing JSON without losing a digit.

Numbers with a fraction are read as `Decimal`; integers have any size. What is no JSON, is nested too
deeply, or holds half a surrogate pair is a `MalformedRequest`, on every Python version alike.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import orjson

from liberty.errors import MalformedRequest

MAX_DEPTH = 64
# A number of more places than this is refused, as Python refuses integers: `1e999999999` is short to send and
# a gigabyte once it is written out.
MAX_PLACES = 4300

_surrogate_escape = re.compile(r"\\u[dD][89a-fA-F]")
# A text without its end takes everything that follows, and nothing is tried twice: searching on from every
# quote in it would take time by the square of its length.
_strings = re.compile(r'"(?:[^"\\]++|\\.)*+"|".*+', re.DOTALL)
_single_quoted = re.compile(
    r"""'((?:[^'\\]++|\\.|'')*+)'|"(?:[^"\\]++|\\.)*+"|['"].*+""",
    re.DOTALL,
)
_python_words = re.compile(r"\b(None|True|False)\b")


def parse_json(text: str, *, failure: str) -> Any:
    """Parse `text`; `failure` is the message of the MalformedRequest raised where it cannot be read."""
    _check_depth(text, failure)
    try:
        value = json.loads(text, parse_float=_decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as exc:
        raise MalformedRequest(failure) from exc
    if _surrogate_escape.search(text):
        _check_surrogates(value, failure)
    return value


def parse_argument(text: str, *, failure: str) -> Any:
    """Parse JSON, or the single-quoted form of it that the API document shows for `q` and `params`."""
    try:
        return parse_json(text, failure=failure)
    except MalformedRequest:
        if "'" not in text:
            raise
    return parse_json(_to_json(text), failure=failure)


def dump(value: Any) -> bytes:
    """Write `value` as JSON in UTF-8; a Decimal keeps its digits and scale as a JSON number."""
    try:
        return orjson.dumps(value, default=_exact)
    except TypeError:
        # orjson refuses integers over 64 bits, wherever they stand.
        return orjson.dumps(_with_fragments(value), default=_exact)


def number(value: Decimal) -> orjson.Fragment | str:
    """Return an exact JSON number for `value`, or the text `NaN`, `Infinity` or `-Infinity`."""
    if not value.is_finite():
        return "NaN" if value.is_nan() else str(value)
    return orjson.Fragment(f"{value:f}")


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def _with_fragments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_fragments(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_fragments(item) for item in value]
    if isinstance(value, int) and value.bit_length() > 63:
        return orjson.Fragment(str(value))
    return value


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as exc:
        raise ValueError("an exponent out of every range") from exc
    if abs(value.adjusted()) > MAX_PLACES:
        raise ValueError("a number of too many places")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_depth(text: str, failure: str) -> None:
    """Refuse deep nesting before the parser recurses: how deep it may go differs between Pythons."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for character in _strings.sub("", text):
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedRequest(failure)
        elif character in "]}":
            depth -= 1


def _check_surrogates(value: Any, failure: str) -> None:
    """No database and no JSON writer takes half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as exc:
        raise MalformedRequest(failure) from exc


def _to_json(text: str) -> str:
    """Turn single-quoted texts into double-quoted ones and Python's constants into JSON's."""
    parts: list[str] = []
    end = 0
    for match in _single_quoted.finditer(text):
        parts.append(_constants(text[end : match.start()]))
        content = match.group(1)
        parts.append(match.group() if content is None else _double_quoted(content))
        end = match.end()
    parts.append(_constants(text[end:]))
    return "".join(parts)


def _constants(text: str) -> str:
    words = {"None": "null", "True": "true", "False": "false"}
    return _python_words.sub(lambda match: words[match.group()], text)


def _double_quoted(content: str) -> str:
    plain = content.replace("''", "'").replace("\\'", "'")
    # A quote that was free inside single quotes needs a backslash now; one that has it keeps it.
    return '"' + re.sub(r'(\\.)|"', lambda match: match.group(1) or '\\"', plain, flags=re.DOTALL) + '"'
