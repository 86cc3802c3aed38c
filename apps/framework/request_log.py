"""A line of the log for every request, written behind the answer's back.

The request only puts what is known in a queue; a thread of the process writes batches, files first. A
queue that is full drops lines and tells how many: the log must not slow down what it tells of.
"""

import atexit
import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.http import HttpRequest, HttpResponse

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from apps.framework.logs import request_entry, store
from apps.pools.router import drop_outdated_connection
from liberty.api.outcome import outcome_of
from liberty.api.request_id import current_request_id
from liberty.text import counted

logger = logging.getLogger("liberty.framework")

QUEUE_LENGTH = 10_000
BATCH = 500
# How long lines are collected, in seconds.
COLLECT_S = 0.5
# Asked every few seconds by whatever keeps the server running.
PROBE = "/health"
# Letters of a path or name of the caller's.
SHOWN = 500

_number = re.compile(r"[0-9]{1,10}")


class Writer:
    """The queue of a process and the thread that empties it."""

    def __init__(self) -> None:
        self._queue: Queue[dict[str, Any]] = Queue(QUEUE_LENGTH)
        self._starting = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._dropped = 0

    def put(self, members: dict[str, Any]) -> None:
        try:
            self._queue.put_nowait(members)
        except Full:
            self._dropped += 1
        if self._thread is None:
            self._start()

    def flush(self, first: Sequence[dict[str, Any]] = ()) -> None:
        """Write `first` and everything that is in the queue now, in the calling thread."""
        drop_outdated_connection(DEFAULT_DB_ALIAS)
        with self._writing:
            batch = [*first, *self._taken()]
            while batch:
                self._store(batch)
                batch = self._taken()

    def _start(self) -> None:
        # With the first line and not at import: threads do not survive a fork of the server.
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="request-log", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            time.sleep(COLLECT_S)
            try:
                self.flush([first])
            except Exception:
                # The thread must live on: without it nothing would be noted until the server starts anew.
                logger.exception("requests could not be noted")
            finally:
                # A connection that nobody uses until the next batch is one less for requests.
                connection.close()

    def _taken(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        while len(batch) < BATCH:
            try:
                batch.append(self._queue.get_nowait())
            except Empty:
                break
        return batch

    def _store(self, batch: list[dict[str, Any]]) -> None:
        entries = [
            request_entry(members, request_id=members.pop("request_id"), time=members.pop("time"))
            for members in batch
        ]
        dropped, self._dropped = self._dropped, 0
        if dropped:
            message = f"{counted(dropped, 'request is', 'requests are')} missing here: the log was too slow"
            missing = {"level": "WARNING", "method": "", "url": "", "message": message}
            entries.append(request_entry(missing, request_id="-", time=datetime.now(UTC)))
        store(entries)


writer = Writer()


class RequestLogMiddleware:
    """Notes each request: who, what, how many rows, how long, how it ended; no arguments and no bodies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.LIBERTY_REQUEST_LOG or request.path == PROBE:
            return self.get_response(request)
        started = time.perf_counter()
        response = self.get_response(request)
        writer.put(_members(request, response, (time.perf_counter() - started) * 1000))
        return response


def _members(request: HttpRequest, response: HttpResponse, duration_ms: float) -> dict[str, Any]:
    path, status = request.path[:SHOWN], outcome_of(response)
    return {
        "time": datetime.now(UTC),
        "request_id": current_request_id(),
        "level": _level(status),
        "method": request.method,
        "url": path,
        "message": f"{request.method} {path} {status}",
        "user": _user(request),
        "pool": request.GET.get("pool", "")[:SHOWN] or None,
        "query": _query(request),
        "rows": _rows(response) if status < 400 else None,
        "duration_ms": round(duration_ms, 2),
        "status": status,
    }


def _level(status: int) -> str:
    if status >= 500:
        return "ERROR"
    return "WARNING" if status >= 400 else "INFO"


def _user(request: HttpRequest) -> str | None:
    """Return who was found out to be calling, as `catalogue/user`, without asking any database."""
    # The exact type: Django's own `user` is an object that reads the session when it is looked at.
    known: object = request.__dict__.get("user")
    if type(known) is Caller:
        return known.pk
    signed_in: object = getattr(request, "_cached_user", None)
    return f"{DEFAULT_CATALOGUE}/{signed_in.usr_id}" if type(signed_in) is User else None


def _query(request: HttpRequest) -> int | None:
    number = request.GET.get("query", "")
    return int(number) if _number.fullmatch(number) else None


def _rows(response: HttpResponse) -> int | None:
    data = getattr(response, "data", None)
    count = data.get("count") if isinstance(data, dict) else None
    return count if isinstance(count, int) else None
