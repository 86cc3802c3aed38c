"""A bounded pool of Django connections, for products whose driver brings none."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import connections

from apps.pools.dialects import failures
from apps.pools.dialects.driver import Driver, PoolGoneError
from apps.pools.dialects.failures import Outage
from liberty.errors import LibertyError


class BoundedConnections:
    """Up to `max_size` connections of a Django alias, lent to one thread at a time, the last used first."""

    def __init__(self, alias: str, driver: Driver, *, reading: bool, max_size: int) -> None:
        self._alias = alias
        self._driver = driver
        self._reading = reading
        self._max_size = max_size
        self._idle: list[Any] = []
        self._size = 0
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def connection(self) -> Iterator[Any]:
        wrapper = self._check_out()
        try:
            yield wrapper.connection
        except BaseException as exc:
            self._clean(wrapper, exc)
            raise
        finally:
            self._check_in(wrapper)

    def probe(self) -> None:
        self._close(self._connect())

    def discard_idle(self) -> None:
        with self._changed:
            idle, self._idle = self._idle, []
            self._size -= len(idle)
            self._changed.notify_all()
        for wrapper in idle:
            self._close(wrapper)

    def close(self) -> None:
        self._closed = True
        self.discard_idle()

    def _check_out(self) -> Any:
        deadline = time.monotonic() + settings.LIBERTY_CHECKOUT_TIMEOUT_S
        with self._changed:
            while not self._idle and self._size >= self._max_size:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise failures.unavailable(Outage.BUSY)
            if self._idle:
                return self._idle.pop()
            self._size += 1
        try:
            return self._connect()
        except BaseException:
            self._leave()
            raise

    def _check_in(self, wrapper: Any) -> None:
        if self._closed or not self._driver.is_open(wrapper.connection):
            self._close(wrapper)
            self._leave()
            return
        with self._changed:
            self._idle.append(wrapper)
            self._changed.notify()

    def _leave(self) -> None:
        with self._changed:
            self._size -= 1
            self._changed.notify()

    def _connect(self) -> Any:
        if self._closed:
            # Its settings are gone as well.
            raise PoolGoneError
        wrapper: Any = connections.create_connection(self._alias)
        try:
            # Not wrapper.connect(): that refuses servers too old for Django's ORM, which pools do not use.
            wrapper.connection = wrapper.get_new_connection(wrapper.get_connection_params())
            self._driver.prepare(wrapper.connection, reading=self._reading)
        except LibertyError:
            raise
        except Exception as exc:
            self._close(wrapper)
            raise self._driver.connect_failure(exc) from exc
        return wrapper

    def _clean(self, wrapper: Any, exc: BaseException) -> None:
        """Leave no transaction behind; a connection in doubt is closed."""
        if not self._driver.is_lost(exc) and isinstance(exc, Exception):
            with suppress(*self._driver.errors):
                self._driver.rollback(wrapper.connection)
                return
        self._driver.discard(wrapper.connection)

    def _close(self, wrapper: Any) -> None:
        if wrapper.connection is not None:
            self._driver.discard(wrapper.connection)
            wrapper.connection = None
