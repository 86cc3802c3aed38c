"""Which database Django's models live in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

# Apps whose tables a catalogue has; everything else (sessions, permissions) is in the framework database.
CATALOGUE_APPS = frozenset({"pools", "accounts", "framework", "queries", "audit", "setup"})
# Tables of our own: what they say of every catalogue stands in one place.
_FRAMEWORK_ONLY = frozenset(
    {
        "pools.cataloguestamp",
        "accounts.userstate",
        "framework.logentry",
        "framework.reservation",
        "framework.socketconnection",
        "queries.definitionpolicy",
        "queries.frameworkswitch",
        "audit.auditedtable",
        "audit.auditentry",
    }
)

_framework_pool: ContextVar[str | None] = ContextVar("framework_pool", default=None)
_migrated_pool: ContextVar[str | None] = ContextVar("migrated_pool", default=None)


@contextmanager
def use_framework_pool(alias: str) -> Iterator[None]:
    """Read and write framework tables in the pool `alias`, which `registry.resolve` has opened."""
    drop_outdated_connection(alias)
    token = _framework_pool.set(alias)
    try:
        yield
    finally:
        _framework_pool.reset(token)


@contextmanager
def allow_migrations(alias: str) -> Iterator[None]:
    """Let migrations of the framework's apps run on the pool `alias`: for set-up services only."""
    drop_outdated_connection(alias)
    token = _migrated_pool.set(alias)
    try:
        yield
    finally:
        _migrated_pool.reset(token)


class PoolRouter:
    """Sends framework tables to the pinned framework pool, and keeps migrations off all other pools."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        if model._meta.app_label not in CATALOGUE_APPS or model._meta.label_lower in _FRAMEWORK_ONLY:
            return DEFAULT_DB_ALIAS
        # None: where the related instance came from, else the framework database.
        return _framework_pool.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        return self.db_for_read(model, **hints)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if db == DEFAULT_DB_ALIAS:
            return True
        return db == _migrated_pool.get() and app_label in CATALOGUE_APPS


def drop_outdated_connection(alias: str) -> None:
    """Forget this thread's connection to a pool that another thread has opened with new settings since."""
    wrapper = connections[alias]
    if wrapper.settings_dict is not connections.settings[alias]:
        wrapper.close()
        del connections[alias]
