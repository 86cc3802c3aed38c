"""What a process remembers of the framework tables, and how it learns that they have changed.

A catalogue is a pool that holds framework tables: `default`, or an application's own database. Reading
definitions, labels, pools and users for every request would cost more than the request itself, so each
process keeps them, per catalogue, until the catalogue's stamp moves. Whoever changes framework tables calls
`touch`: the change is seen by the next request of this process, and by every other process at its next look
at the stamps (`LIBERTY_CATALOGUE_POLL_S`). Catalogues changed behind our back are read anew after
`LIFETIME_S`.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F

from apps.pools.models import CatalogueStamp

logger = logging.getLogger("liberty.pools")

LIFETIME_S = 30.0

T = TypeVar("T")


@dataclass(slots=True)
class _Memory:
    """What is remembered of one catalogue since `born` (monotonic seconds), true for `stamp`."""

    stamp: int
    born: float
    values: dict[Hashable, Any] = field(default_factory=dict)


Watcher = Callable[[str], None]

_watchers: list[Watcher] = []
_memories: dict[str, _Memory] = {}
_stamps: dict[str, int] = {}
_looked_at = float("-inf")
_lock = threading.Lock()


def remembered(catalogue: str, key: Hashable, load: Callable[[], T]) -> T:
    """Return what `load` returned for `key` since the catalogue last changed.

    `catalogue` is the alias of a pool. `load` must be safe to call from two threads at once; what it
    returns is shared between requests and must not be changed.
    """
    memory = _memory_of(catalogue)
    try:
        value: T = memory.values[key]
    except KeyError:
        value = memory.values[key] = load()
    return value


def reading_alias(catalogue: str) -> str:
    """Return the alias that framework tables of `catalogue` are read through."""
    return catalogue if catalogue == "default" else f"{catalogue}:read"


def watch(watcher: Watcher) -> None:
    """Call `watcher` with each name that another process has raised the stamp of."""
    _watchers.append(watcher)


def touch(catalogue: str) -> None:
    """Tell every process that framework tables of `catalogue` have changed.

    Inside a transaction on the framework database, other processes see it when that commits.
    """
    raise_stamp(catalogue)
    _forget(catalogue)
    # What another thread loads before the commit is the old state: drop that as well.
    transaction.on_commit(lambda: _forget(catalogue))


def forget_all() -> None:
    """Remember nothing, in this process alone."""
    global _looked_at
    with _lock:
        _memories.clear()
        _stamps.clear()
        _looked_at = float("-inf")


def _memory_of(catalogue: str) -> _Memory:
    _look_at_stamps()
    now = time.monotonic()
    stamp = _stamps.get(catalogue, 0)
    memory = _memories.get(catalogue)
    if memory is None or memory.stamp != stamp or now - memory.born > LIFETIME_S:
        memory = _memories[catalogue] = _Memory(stamp, now)
    return memory


def _look_at_stamps() -> None:
    """Read the stamps if the last look is too old; one thread looks, the others go on with what is known."""
    global _looked_at
    is_first = _looked_at == float("-inf")
    if time.monotonic() - _looked_at < settings.LIBERTY_CATALOGUE_POLL_S:
        return
    if not _lock.acquire(blocking=is_first):
        return
    try:
        _looked_at = time.monotonic()
        stamps = dict(CatalogueStamp.objects.values_list("catalogue", "stamp"))
        raised = [] if is_first else [name for name, stamp in stamps.items() if _stamps.get(name) != stamp]
        _stamps.update(stamps)
    except DatabaseError:
        # A framework database that is away for a moment must not stop pools that are well: what is
        # remembered stays good until LIFETIME_S.
        logger.warning("the framework database cannot be asked for changes", exc_info=True)
        return
    finally:
        _lock.release()
    for name in raised:
        for watcher in _watchers:
            watcher(name)


def raise_stamp(name: str) -> None:
    """Count a change of `name`; this process takes the new stamp for known, and is told nothing of it."""
    rows = CatalogueStamp.objects.filter(catalogue=name)
    if not rows.update(stamp=F("stamp") + 1):
        CatalogueStamp.objects.bulk_create([CatalogueStamp(catalogue=name, stamp=1)], ignore_conflicts=True)
    _stamps[name] = rows.values_list("stamp", flat=True).get()


def _forget(catalogue: str) -> None:
    _memories.pop(catalogue, None)
