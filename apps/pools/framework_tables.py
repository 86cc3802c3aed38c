"""Reading framework tables of any catalogue through Django's models."""

from collections.abc import Callable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from apps.pools import registry
from apps.pools.catalogue import reading_alias
from apps.pools.dialects import failures
from apps.pools.dialects.failures import Outage
from apps.pools.router import use_framework_pool
from liberty.errors import NotACatalogue

T = TypeVar("T")


def read_tables(catalogue: str, read: Callable[[], T]) -> T:
    """Return what `read` finds, while models are read from `catalogue`, an alias that `resolve` has opened.

    A connection that broke since it was last used is replaced, and `read` called once more. Raises
    NotACatalogue if the pool holds no framework tables, Unavailable if its database does not answer; what
    goes wrong with the framework database itself is Django's to tell.
    """
    alias = reading_alias(catalogue)
    with use_framework_pool(alias):
        try:
            return read()
        except DatabaseError:
            if catalogue == DEFAULT_DB_ALIAS:
                raise
        connections[alias].close()
        registry.opened(catalogue).reader.discard_idle()
        try:
            return read()
        except DatabaseError as exc:
            if registry.lacks_framework_tables(alias):
                raise NotACatalogue(catalogue) from exc
            raise failures.unavailable(Outage.DOWN) from exc
