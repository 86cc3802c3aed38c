"""Reading framework tables of any catalogue through Django's models."""

from collections.abc import Callable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from apps.pools import registry
from apps.pools.catalogue import reading_alias
from apps.pools.dialects import failures
from apps.pools.dialects.failures import Outage
from apps.pools.router import use_framework_pool
from apps.pools.statement import Statement
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


def run_within(alias: str, statement: Statement) -> None:
    """Run a statement that returns no rows on Django's own connection: in the transaction of the models."""
    with connections[alias].cursor() as cursor:
        cursor.execute(statement.sql, statement.params or None)


def has_table(alias: str, name: str) -> bool:
    """Whether there is a table, as the transaction of the models sees it."""
    return name in connections[alias].introspection.table_names()
