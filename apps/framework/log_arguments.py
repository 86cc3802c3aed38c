"""Reading what a client reports to the log, and which entries a caller wants to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.framework.logs import LogFilter
from liberty.api.arguments import Arguments
from liberty.api.json_text import dump
from liberty.errors import ArgumentFault, InvalidArgument, MalformedRequest

TEXTS = ("transactionName", "level", "method", "url", "message", "category", "feature")
FLAG = "isException"
REQUIRED = (*TEXTS, FLAG)
JSON, HTML = "json", "html"
PAGE_SIZE = 50
MOST_ON_A_PAGE = 1000
# What a bigint takes.
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class LogPage:
    """Which entries a caller wants, how many of them a page has (`limit`), and which page (from 1)."""

    filter: LogFilter
    format: str
    page: int
    limit: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


def read_event(body: Any) -> dict[str, Any]:
    """Return an event with its texts as texts; other members are kept as they are.

    Raises InvalidArgument for members that are missing, and for an `isException` that is no boolean.
    """
    members = {} if body is None else body
    if not isinstance(members, dict):
        raise InvalidArgument(ArgumentFault(("body",), "Input should be an object", "dict_type"))
    faults = [
        ArgumentFault(("body", name), "Field required", "missing") for name in REQUIRED if name not in members
    ]
    if FLAG in members and not isinstance(members[FLAG], bool):
        faults.append(ArgumentFault(("body", FLAG), "Input should be a valid boolean", "bool_type"))
    if faults:
        raise InvalidArgument(*faults)
    return {**members, **{name: _text(members[name]) for name in TEXTS}}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else dump(value).decode()


def read_page(query_params: Mapping[str, Any]) -> LogPage:
    """Raises InvalidArgument."""
    arguments = Arguments(query_params)
    limit = arguments.integer("limit", default=PAGE_SIZE, minimum=1, maximum=MOST_ON_A_PAGE)
    page = arguments.integer("page", default=1, minimum=1)
    form = arguments.choice("format", (JSON, HTML), default=JSON)
    level, text = arguments.text("level"), arguments.text("text")
    member, value = arguments.text("filter_key"), arguments.text("filter_value")
    start, end = arguments.text("from"), arguments.text("to")
    arguments.check()
    wanted = LogFilter(level, _moment("from", start), _end(end), text, member, value)
    return LogPage(wanted, form, page, limit)


def read_id(query_params: Mapping[str, Any]) -> int | None:
    """Return the number of an entry, or None without one. Raises MalformedRequest for what is no number."""
    wanted: str = query_params.get("id", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 20 and int(wanted) <= MAX_ID):
        raise MalformedRequest("Invalid log ID provided")
    return int(wanted)


def _end(text: str) -> datetime | None:
    """Return the first moment that is too late; a day is wanted to its end."""
    moment = _moment("to", text)
    if moment is None:
        return None
    is_day = len(text) == len("2026-01-31")
    try:
        return moment + (timedelta(days=1) if is_day else timedelta(microseconds=1))
    except OverflowError:
        return None


def _moment(name: str, text: str) -> datetime | None:
    """Read an ISO date or time; without a zone it is in UTC."""
    if not text:
        return None
    try:
        # In an address that was not encoded, the plus of an offset is a space.
        moment = datetime.fromisoformat(text.replace(" ", "+") if text[10:11] == "T" else text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        message = "Input should be a valid date or time"
        raise InvalidArgument(ArgumentFault(("query", name), message, "datetime_parsing")) from None
