"""The Socket.IO server: clients reserve and release records while they change them.

Events are `reserve` and `release` with a record's name, and `signout`. State is in `reservations`; a process
keeps no more than which connections are its own.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import socketio
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from socketio.exceptions import ConnectionRefusedError

from apps.accounts import socket_pass
from apps.accounts.caller import Caller
from apps.accounts.selectors import find_caller
from apps.framework import reservations
from liberty.errors import LibertyError

logger = logging.getLogger("liberty.sockets")

T = TypeVar("T")

# Threads of a process that read and write reservations.
_THREADS = 4
# Longest message of a client, in bytes.
_MAX_MESSAGE = 16 * 1024
_PING_INTERVAL_S, _PING_TIMEOUT_S = 25, 20
# How often a process renews its connections, as a part of the time after which they expire.
_RENEWALS = 4


class ReservationServer:
    """The connections of one process. `server` is what an ASGI application is made of.

    `follow` is called in a thread before it asks the framework database, to take up another one.
    """

    def __init__(self, follow: Callable[[], None]) -> None:
        # A page of another origin is refused: the default of the library. Events of a connection are handled
        # one after the other: a record that is released right after it was reserved must be free, and who
        # sends faster than the database answers waits instead of filling our memory.
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            transports=["websocket"],
            max_http_buffer_size=_MAX_MESSAGE,
            ping_interval=_PING_INTERVAL_S,
            ping_timeout=_PING_TIMEOUT_S,
        )
        self._follow = follow
        self._node = uuid.uuid4().hex
        self._callers: dict[str, Caller] = {}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sockets")
        self._renewing: asyncio.Task[None] | None = None
        for event in (self.connect, self.disconnect, self.reserve, self.release, self.signout):
            self.server.on(event.__name__, event)

    async def connect(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        caller = await self._in_thread(lambda: socket_pass.holder(environ.get("HTTP_COOKIE", "")))
        claimed = auth if isinstance(auth, Mapping) else {}
        if caller is None or claimed.get("user", caller.user_id) != caller.user_id:
            raise ConnectionRefusedError("Not authenticated")
        application = _number(claimed.get("app"))
        await self._in_thread(
            lambda: reservations.connect(sid, caller, node=self._node, application=application)
        )
        self._callers[sid] = caller
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())

    async def disconnect(self, sid: str, reason: str = "") -> None:
        if self._callers.pop(sid, None) is not None:
            await self._in_thread(lambda: reservations.disconnect(sid))

    async def reserve(self, sid: str, record: Any = None, *_: Any) -> dict[str, Any]:
        is_reserved = isinstance(record, str) and await self._in_thread(lambda: self._reserve(sid, record))
        return {"status": "OK" if is_reserved else "KO", "record": record}

    async def release(self, sid: str, record: Any = None, *_: Any) -> None:
        if isinstance(record, str):
            await self._in_thread(lambda: reservations.release(sid, record))

    async def signout(self, sid: str, *_: Any) -> None:
        await self._in_thread(lambda: reservations.release_all(sid))

    async def shut(self) -> None:
        """Forget this process's connections: it ends."""
        if self._renewing is not None:
            self._renewing.cancel()
        await self._in_thread(lambda: reservations.disconnect_all(self._node))

    def _reserve(self, sid: str, record: str) -> bool:
        caller = self._callers.get(sid)
        # Who was disabled since may not keep others from their work.
        if caller is None or find_caller(caller.user_id, catalogue=caller.catalogue) is None:
            return False
        return reservations.reserve(sid, record)

    def _expired(self) -> set[str]:
        return reservations.keep(list(self._callers))

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(settings.LIBERTY_SOCKET_EXPIRY_S / _RENEWALS)
            for sid in await self._in_thread(self._expired) or ():
                # It has lost its records without knowing: it has to come back.
                await self.server.disconnect(sid)

    async def _in_thread(self, work: Callable[[], T]) -> T | None:
        """Run what asks the database in a thread; None where it fails, for the log to tell."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _answered, self._follow, work)


def _answered(follow: Callable[[], None], work: Callable[[], T]) -> T | None:
    try:
        follow()
        return work()
    except (DatabaseError, LibertyError):
        logger.exception("reservations: the framework database does not answer")
        return None
    except Exception:
        # The library's own words of it are not logged: see LOGGING.
        logger.exception("reservations: unforeseen failure")
        return None
    finally:
        close_old_connections()


def _number(value: Any) -> int | None:
    """Return an application's number as the client sends it: a number, or a text of digits."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
