"""One run of set-up at a time, over all workers and nodes of an installation."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from apps.pools.dialects import dialect_of_engine
from apps.pools.maintenance import new_connection
from liberty.errors import Unavailable

# Any number; other programs that lock in the same database must have another one.
LOCK_NUMBER = 0x11BE4717
RETRY_AFTER_S = 30


@contextmanager
def exclusive_run() -> Iterator[None]:
    """Hold the installation's lock, which goes with the process. Raises Unavailable where it is taken."""
    dialect = dialect_of_engine(connections.settings[DEFAULT_DB_ALIAS]["ENGINE"])
    with _locked_database(dialect.lock_sql) if dialect.lock_sql else _locked_file():
        yield


@contextmanager
def _locked_database(lock_sql: str) -> Iterator[None]:
    """Hold the lock in a transaction of its own connection: so it holds behind a transaction pooler too."""
    connection = new_connection(DEFAULT_DB_ALIAS, "default:lock")
    try:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            # It waits for as long as the migrations take.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute(lock_sql, [LOCK_NUMBER])
            if not cursor.fetchone()[0]:
                raise _busy()
        yield
    finally:
        connection.close()


@contextmanager
def _locked_file() -> Iterator[None]:
    """Hold a lock on a file beside the database's, which one node alone can use."""
    database = Path(str(connections.settings[DEFAULT_DB_ALIAS]["NAME"]))
    handle = os.open(database.with_name(f"{database.name}.setup-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy() from None
        yield
    finally:
        os.close(handle)


def _busy() -> Unavailable:
    return Unavailable(
        "Another upgrade, downgrade, revision or restore is under way; try again when it has ended.",
        retry_after_s=RETRY_AFTER_S,
    )
