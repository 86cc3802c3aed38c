"""A connection for work on a whole database: migrations, backups."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from apps.pools import registry


@contextmanager
def maintenance(alias: str) -> Iterator[str]:
    """Yield the alias, in Django's `connections`, of a connection without limits on the time of statements.

    `alias` is one that `registry.resolve` has opened. For the framework database it is Django's own.
    """
    if alias == DEFAULT_DB_ALIAS:
        yield alias
        return
    pool = registry.opened(alias)
    name = f"{alias}:setup-{secrets.token_hex(4)}"
    connections.settings[name] = pool.dialect.without_limits(dict(connections.settings[alias]))
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name]
        del connections.settings[name]
