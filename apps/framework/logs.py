"""Write, list and read log entries.

Entries go to the files of this node first, then to the framework database, which all nodes share. What is
written has no secrets (`liberty.masking`).
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from apps.framework import log_files
from apps.framework.models import LogEntry
from liberty.api.json_text import dump
from liberty.api.request_id import current_request_id
from liberty.errors import NotInstalled, Unavailable, UnknownLogEntry
from liberty.masking import mask, mask_text

logger = logging.getLogger("liberty.logs")

# Members that we write ourselves; a client's own under these names are kept under another.
OURS = ("timestamp", "id", "source", "request_id")
POSTED = "posted_"
# Old rows are deleted after so many new ones of a process.
PRUNE_EVERY = 1000
_LEVEL_LENGTH: int = LogEntry._meta.get_field("level").max_length or 0

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are wanted: `start` is the first moment, `end` the first one that is too late.

    `member` and `value` are a member of the entry and the text of its value.
    """

    level: str = ""
    start: datetime | None = None
    end: datetime | None = None
    text: str = ""
    member: str = ""
    value: str = ""


class _Place:
    """A place where entries are kept; that it takes none is told once, until it takes some again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._is_failing = False

    def failed(self) -> None:
        """Tell of the exception that is being handled, if this is news."""
        if self._turned(is_failing=True):
            logger.error(
                "log entries cannot be written to %s; not told again until they can",
                self._name,
                exc_info=True,
            )

    def worked(self) -> None:
        if self._turned(is_failing=False):
            logger.warning("log entries are written to %s again", self._name)

    def _turned(self, *, is_failing: bool) -> bool:
        with self._lock:
            is_news = self._is_failing != is_failing
            self._is_failing = is_failing
        return is_news


_files, _database = _Place("the files of this node"), _Place("the framework database")

_posting = threading.BoundedSemaphore(2)


def record_event(posted: Members) -> None:
    """Write an event of a client. Raises Unavailable if neither files nor database take it."""
    kept = {f"{POSTED}{name}" if name in OURS else name: value for name, value in posted.items()}
    entry = _entry(LogEntry.CLIENT, current_request_id(), mask(kept))
    in_files = _to_files([entry])
    in_database = 0
    # Anybody may post: a database that makes them wait must not hold the threads that others need.
    if _posting.acquire(timeout=0 if in_files else 1):
        try:
            in_database = _to_database([entry])
        finally:
            _posting.release()
    if not in_files + in_database:
        raise Unavailable("The log cannot be written now.")


def request_entry(members: Members, *, request_id: str, time: datetime) -> dict[str, Any]:
    """Return what is to be stored of a request that this server has answered."""
    # The names are ours: only texts, such as a path, may hold what a caller has written.
    masked = {name: mask_text(value) if isinstance(value, str) else value for name, value in members.items()}
    return _entry(LogEntry.SERVER, request_id, masked, time)


def store(entries: Sequence[Members]) -> int:
    """Write entries to the files, then to the database; return in how many of the two places they are.

    What goes wrong is logged, once until it works again: a log that cannot be written must not stop what it
    tells of, nor fill the server's own output.
    """
    return _to_files(entries) + _to_database(entries)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries, and whether more follow it.

    `is_local`: the framework database is away, and these are what the files of this node hold; they have no
    `id`, and nothing is known of other nodes.
    """

    entries: list[dict[str, Any]]
    has_more: bool
    is_local: bool = False


def find_entries(wanted: LogFilter, *, limit: int, offset: int) -> Found:
    """Return a page of entries, the newest first: of all nodes, or of this one while the database is away."""
    try:
        rows = list(_matching(wanted).order_by("-time", "-id")[offset : offset + limit + 1])
    except (InterfaceError, OperationalError):
        logger.warning("the framework database does not answer: the log is read from files", exc_info=True)
        matching = (entry for entry in log_files.newest_first() if _matches(entry, wanted))
        entries = [_local(entry) for entry in islice(matching, offset, offset + limit + 1)]
        return Found(entries[:limit], len(entries) > limit, is_local=True)
    return Found([_shown(row) for row in rows[:limit]], len(rows) > limit)


def entry_by_id(number: int) -> dict[str, Any]:
    """Return one entry. Raises UnknownLogEntry."""
    row = LogEntry.objects.filter(id=number).first()
    if row is None:
        raise UnknownLogEntry("Log entry not found")
    return _shown(row)


def _entry(source: str, request_id: str, members: Members, time: datetime | None = None) -> dict[str, Any]:
    moment = (time or datetime.now(UTC)).isoformat(timespec="milliseconds")
    return {"timestamp": moment, "source": source, "request_id": request_id, **members}


def _to_files(entries: Sequence[Members]) -> int:
    try:
        log_files.append(entries)
    except OSError:
        _files.failed()
        return 0
    _files.worked()
    return 1


def _to_database(entries: Sequence[Members]) -> int:
    rows = [_row(entry) for entry in entries]
    try:
        with transaction.atomic():
            LogEntry.objects.bulk_create(rows, batch_size=500)
        _prune_sometimes(len(rows))
    except NotInstalled:
        return 0
    except Error:
        _database.failed()
        return 0
    _database.worked()
    return 1


def _row(entry: Members) -> LogEntry:
    return LogEntry(
        time=datetime.fromisoformat(entry["timestamp"]),
        source=entry["source"],
        level=str(entry["level"]).upper()[:_LEVEL_LENGTH],
        url=str(entry["url"])[:MAX_URL],
        message=str(entry["message"])[:MAX_MESSAGE],
        members=dict(entry),
    )


# The whole texts are among the members; these are the columns that are searched.
MAX_URL = 2_000
MAX_MESSAGE = 4_000

_since_pruned = 0
_counting = threading.Lock()


def _prune_sometimes(added: int) -> None:
    global _since_pruned
    with _counting:
        _since_pruned += added
        if _since_pruned < PRUNE_EVERY:
            return
        _since_pruned = 0
    prune()


def prune() -> None:
    """Delete all but the newest LIBERTY_LOG_KEEP_ROWS entries of clients, and of the server.

    They are counted apart, so that neither drives the other out.
    """
    keep: int = settings.LIBERTY_LOG_KEEP_ROWS
    for source in (LogEntry.CLIENT, LogEntry.SERVER):
        rows = LogEntry.objects.filter(source=source)
        newest_too_old = rows.order_by("-id").values_list("id", flat=True)[keep : keep + 1].first()
        if newest_too_old is not None:
            rows.filter(id__lte=newest_too_old).delete()


def _matching(wanted: LogFilter) -> QuerySet[LogEntry]:
    rows = LogEntry.objects.all()
    if wanted.level:
        rows = rows.filter(level=wanted.level.upper())
    if wanted.start:
        rows = rows.filter(time__gte=wanted.start)
    if wanted.end:
        rows = rows.filter(time__lt=wanted.end)
    if wanted.text:
        rows = rows.filter(Q(message__icontains=wanted.text) | Q(url__icontains=wanted.text))
    if wanted.member.lstrip("-").isdigit():
        # A number would be taken for a place in a list, and members have names.
        return rows.none()
    if wanted.member:
        # JSON's words for yes and no, whatever a caller's language writes.
        is_flag = wanted.value.lower() in ("true", "false")
        value = wanted.value.lower() if is_flag else wanted.value
        member = Cast(KeyTextTransform(wanted.member, "members"), TextField())
        rows = rows.annotate(member=member).filter(member=value)
    return rows


def _matches(entry: Members, wanted: LogFilter) -> bool:
    """Whether an entry of a file is what `_matching` would find in the database."""
    try:
        time = datetime.fromisoformat(entry["timestamp"])
    except ValueError:
        return False
    texts = (str(entry.get(name, "")).lower() for name in ("message", "url"))
    return (
        (not wanted.level or str(entry.get("level", "")).upper()[:_LEVEL_LENGTH] == wanted.level.upper())
        and (wanted.start is None or time >= wanted.start)
        and (wanted.end is None or time < wanted.end)
        and (not wanted.text or any(wanted.text.lower() in text for text in texts))
        and (not wanted.member or _has_member(entry, wanted.member, wanted.value))
    )


def _has_member(entry: Members, name: str, wanted: str) -> bool:
    if name not in entry:
        return False
    value = entry[name]
    if isinstance(value, bool):
        return str(value).lower() == wanted.lower()
    return (value if isinstance(value, str) else dump(value).decode()) == wanted


def _local(entry: Members) -> dict[str, Any]:
    return {"timestamp": entry["timestamp"], "id": None, **entry}


def _shown(row: LogEntry) -> dict[str, Any]:
    members: dict[str, Any] = row.members
    return {"timestamp": members["timestamp"], "id": row.pk, **members}
