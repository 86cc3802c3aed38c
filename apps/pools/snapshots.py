"""Reading many framework tables of a catalogue as they are at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connections, transaction

from apps.pools import registry
from apps.pools.dialects import failures
from apps.pools.dialects.failures import Outage
from apps.pools.router import drop_outdated_connection


@contextmanager
def snapshot(catalogue: str) -> Iterator[str]:
    """Yield the alias that models of `catalogue`, an alias that `resolve` has opened, are read through.

    Everything is read in one transaction that cannot write and keeps nobody from writing, on a connection of
    the pool's readers, which is given back at the end. Raises Unavailable if the database does not answer.
    """
    dialect = registry.dialect_for(catalogue)
    alias = catalogue + registry.READ
    drop_outdated_connection(alias)
    connection = connections[alias]
    try:
        with transaction.atomic(using=alias):
            if dialect.begin_snapshot:
                with connection.cursor() as cursor:
                    cursor.execute(dialect.begin_snapshot)
            yield alias
    except (OperationalError, InterfaceError) as exc:
        raise failures.unavailable(Outage.DOWN) from exc
    finally:
        connection.close()
