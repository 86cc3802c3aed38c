"""Working on the target of an installation as if it were the framework database already."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from apps.setup.installing.state import configured
from apps.setup.installing.wish import Target
from liberty.settings.env import postgresql_database


def target_settings(target: Target) -> dict[str, Any]:
    """Return Django's settings of the target."""
    return postgresql_database(
        host=target.host,
        port=target.port,
        database=target.database,
        user=target.user,
        password=target.password,
    )


@contextmanager
def as_framework_database(target: Target) -> Iterator[None]:
    """Make the target this thread's framework database, and no other thread's.

    Migrations, fixtures and signals all mean `default`. Nothing in the block may pin a framework pool, which
    would bring the former database back.
    """
    settings = configured(target_settings(target))
    # A connection of its own: Django keeps connection pools by alias, past the block.
    del settings["OPTIONS"]["pool"]
    stand_in = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    former = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = stand_in
    try:
        yield
    finally:
        stand_in.close()
        connections[DEFAULT_DB_ALIAS] = former
