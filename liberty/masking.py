"""Taking secrets out of what is written to a log: passwords, tokens, `ENC:` texts, whatever they stand in."""

import logging
import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

MASK = "***"
# Longest record that is printed, in characters.
MAX_PRINTED = 20_000

_WORDS = (
    r"pass(?:word|wd|phrase)|pwd|secret|token|authorization|api[_-]?key|master[_-]?key|private[_-]?key"
    r"|credential|cookie|session_?id|plain[_-]?text|encrypted"
)
_secret_name = re.compile(rf"{_WORDS}|^pass$", re.IGNORECASE)
# Without one of these no pattern matches: most texts are done after one search.
_hint = re.compile(rf"{_WORDS}|ENC:|eyJ|bearer|basic|argon2|://", re.IGNORECASE)
_FLAGS = re.IGNORECASE | re.DOTALL
# Every pattern takes time in proportion to the text: whoever calls may choose what is logged. What stands
# before a word stays, so no pattern looks for it; what follows a name is short.
_NAME = rf"(?:{_WORDS})[\w.-]{{0,40}}"
# The value of an object or a list has no end that could be found this way.
_VALUE = r'"(?:[^"\\]++|\\.)*+"?|\'(?:[^\'\\]++|\\.)*+\'?|\\++".*?(?:\\"|$)|[\[{].*+'
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"ENC:[^\s\"'<>,;&\\]*"), f"ENC:{MASK}"),
    (re.compile(r"(?<![\w-])(?=[\w-]*eyJ)[\w-]++\.[\w-]++\.[\w-]*"), MASK),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"argon2\$\S+"), MASK),
    (re.compile(r"(://)[^\s/@]{1,200}@"), rf"\1{MASK}@"),
    # In JSON, also in JSON within JSON, and in what programs print.
    (re.compile(rf"({_NAME}\\*[\"']?\s*:\s*)(?:{_VALUE}|[^\s\"'\\,}}\]]+)", _FLAGS), rf"\1{MASK}"),
    (re.compile(rf"({_NAME}\s?=\s?)(?:{_VALUE}|[^\s&#\"'\\]+)", _FLAGS), rf"\1{MASK}"),
)

_piece = re.compile(r"[^\s&?#\"'<>]++")


def mask(value: Any) -> Any:
    """Return JSON-like `value` without secrets.

    Members whose name sounds secret lose their value, texts the parts that look like secrets. NUL, which
    databases refuse, becomes `\\0`; a Decimal becomes a float where that is the same number, else a text.
    """
    if isinstance(value, dict):
        return {mask_text(name): MASK if _secret_name.search(name) else mask(v) for name, v in value.items()}
    if isinstance(value, list):
        return [mask(item) for item in value]
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return value


def mask_text(text: str) -> str:
    """Return a text without secrets; a percent-encoded piece that holds one is masked as a whole."""
    masked = _masked(text)
    return masked if "%" not in masked else _piece.sub(_without_encoded, masked)


def _without_encoded(match: re.Match[str]) -> str:
    piece = match[0]
    if "%" not in piece:
        return piece
    decoded = unquote(piece)
    return piece if _masked(decoded) == decoded.replace("\0", "\\0") else MASK


class MaskingFormatter(logging.Formatter):
    """Takes secrets out of what is printed, tracebacks included; `runserver` logs addresses as they are."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record)[:MAX_PRINTED])


def _masked(text: str) -> str:
    text = text.replace("\0", "\\0")
    if not _hint.search(text):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
