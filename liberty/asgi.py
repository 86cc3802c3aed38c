"""The ASGI applications, for a server with LIBERTY_SOCKETS on.

`application` serves everything on one port. `sockets` serves /socket.io/ alone: a process of its own behind a
proxy, beside the processes of `liberty.wsgi`.
"""

from typing import Any

import socketio
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from liberty.settings.env import env
from liberty.wsgi import application as _pages

# Models can be imported only now.
from apps.framework.sockets import ReservationServer  # isort: skip
from apps.setup.installing.state import follow  # isort: skip

if not settings.LIBERTY_SOCKETS:
    raise ImproperlyConfigured("liberty.asgi is for LIBERTY_SOCKETS=true; without it, serve liberty.wsgi")

_reservations = ReservationServer(follow)
_pages_in_threads = WSGIMiddleware(_pages, workers=env.int("THREADS", default=8))


async def _serve_pages(scope: Any, receive: Any, send: Any) -> None:
    async def received() -> Any:
        # Granian's own returns a future, and a coroutine is wanted.
        return await receive()

    await _pages_in_threads(scope, received, send)


application = socketio.ASGIApp(
    _reservations.server, other_asgi_app=_serve_pages, on_shutdown=_reservations.shut
)
sockets = socketio.ASGIApp(_reservations.server, on_shutdown=_reservations.shut)
