"""Connections of their own, for work on a whole database: migrations, backups, locks."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from apps.pools import registry


@contextmanager
def maintenance(alias: str) -> Iterator[str]:
    """Yield the alias, in Django's `connections`, of a connection without limits on the time of statements.

    `alias` is one that `registry.resolve` has opened. For the framework database it is Django's own. Others
    are known to this thread alone: threads that go over all databases must not meet them.
    """
    if alias == DEFAULT_DB_ALIAS:
        yield alias
        return
    registry.opened(alias)
    name = f"{alias}:setup-{secrets.token_hex(4)}"
    connections[name] = new_connection(alias, name)
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name]


def new_connection(alias: str, name: str) -> Any:
    """Return a new, unopened connection of Django to the database behind `alias`, past all that are kept."""
    entry = connections.settings[alias]
    dialect = registry.dialect_for(alias)
    backend: Any = load_backend(entry["ENGINE"])
    return backend.DatabaseWrapper(dialect.without_limits(dict(entry)), name)
