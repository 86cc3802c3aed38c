"""Taking secrets out of what is written to a log: passwords, tokens, `ENC:` texts, whatever they stand in."""

import logging
import re
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

MASK = "***"

_WORDS = (
    r"pass(?:word|wd|phrase)|pwd|secret|token|authorization|api_?key|master_?key|private_?key|credential"
    r"|cookie|plain_?text|encrypted"
)
_secret_name = re.compile(rf"{_WORDS}|^pass$", re.IGNORECASE)
# Without one of these no pattern matches: most texts are done after one search.
_hint = re.compile(rf"{_WORDS}|ENC:|eyJ|bearer|basic|argon2|://", re.IGNORECASE)
_FLAGS = re.IGNORECASE | re.DOTALL
# Names are short; without a limit a long word would be tried from each of its letters to its end.
_NAME = rf"[\w.-]{{0,40}}(?:{_WORDS})[\w.-]{{0,40}}"
# The value of an object or a list has no end that could be found this way.
_VALUE = r'"(?:[^"\\]++|\\.)*+"?|\'(?:[^\'\\]++|\\.)*+\'?|\\++".*?(?:\\"|$)|[\[{].*+'
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"ENC:[^\s\"'<>,;&\\]*"), f"ENC:{MASK}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"argon2\$\S+"), MASK),
    (re.compile(r"(://)[^\s/@]{1,200}@"), rf"\1{MASK}@"),
    # In JSON, also in JSON within JSON, and in what programs print.
    (re.compile(rf"({_NAME}\\*[\"']?\s*:\s*)(?:{_VALUE}|[^\s\"'\\,}}\]]+)", _FLAGS), rf"\1{MASK}"),
    (re.compile(rf"({_NAME}\s?=\s?)(?:{_VALUE}|[^\s&#\"'\\]+)", _FLAGS), rf"\1{MASK}"),
)


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
    """Return a text without secrets; percent-encoded ones are found as well, and the text decoded then."""
    masked = _masked(text)
    if "%" not in text:
        return masked
    decoded = unquote(text)
    decoded_masked = _masked(decoded)
    return masked if decoded_masked == decoded.replace("\0", "\\0") else decoded_masked


class MaskingFilter(logging.Filter):
    """Takes secrets out of a record's message; `runserver` logs addresses with their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask_text(record.getMessage()), None
        return True


def _masked(text: str) -> str:
    text = text.replace("\0", "\\0")
    if not _hint.search(text):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
