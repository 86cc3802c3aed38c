"""Something slow that many threads need and one does."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from liberty.errors import LibertyError

T = TypeVar("T")


class Opening(Generic[T]):
    """Calls `make` once; threads that come meanwhile wait and share what came out of it, a failure too.

    After a failure the next to come tries again, so a database that is black-holed costs each waiting
    thread one connect timeout, not one per thread before it.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None
        self._failure: LibertyError | None = None
        self._failed_at = float("-inf")

    @property
    def is_done(self) -> bool:
        """Whether it was made."""
        return self._made is not None

    def result(self) -> T:
        """Return what was made, making it if needed. Raises what `make` raises."""
        if self._made is not None:
            return self._made
        asked_at = time.monotonic()
        with self._lock:
            if self._made is not None:
                return self._made
            if self._failure is not None and self._failed_at >= asked_at:
                raise type(self._failure)(self._failure.message)
            return self._try()

    def _try(self) -> T:
        try:
            self._made = self._make()
        except LibertyError as exc:
            self._failure, self._failed_at = exc, time.monotonic()
            raise
        return self._made
