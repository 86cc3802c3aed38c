"""Which framework database this process uses, and how it takes up another one without a restart.

Set-up writes the configuration file. Every process looks at the file before a request, at most each
LIBERTY_CATALOGUE_POLL_S, and changes over when it has changed; each thread drops its old connection before
its next request.
"""

import logging
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections

from apps.pools import catalogue, registry
from apps.pools.router import drop_outdated_connection
from liberty.configuration import ConfigurationRefused, Signature, signature_of
from liberty.settings.env import InstalledBy, configured_database
from liberty.uninstalled.base import ENGINE as UNINSTALLED

logger = logging.getLogger("liberty.setup")

_lock = threading.Lock()
_looked_at = float("-inf")
_seen: Signature | None = None


def is_installed() -> bool:
    """Whether this process has a framework database."""
    return bool(framework_settings()["ENGINE"] != UNINSTALLED)


def is_embedded() -> bool:
    """Whether the framework database is the SQLite file of `make run`, which `--from-current` moves."""
    return framework_settings()["ENGINE"].endswith("sqlite3") and not is_by_environment()


def is_by_environment() -> bool:
    """Whether LIBERTY_DATABASE_URL says where it is: then no file changes that."""
    return bool(settings.LIBERTY_INSTALLED_BY == InstalledBy.ENVIRONMENT)


def framework_settings() -> dict[str, Any]:
    """Return Django's settings of the framework database."""
    found: dict[str, Any] = connections.settings[DEFAULT_DB_ALIAS]
    return found


def configuration_file() -> Path:
    return Path(settings.LIBERTY_CONFIGURATION_FILE)


def follow(*, at_once: bool = False) -> None:
    """Take up a changed configuration file, and drop what this thread has open to another database.

    Without `at_once` the file is looked at only if the last look is too old.
    """
    if is_by_environment():
        return
    global _looked_at
    now = time.monotonic()
    if at_once or now - _looked_at >= settings.LIBERTY_CATALOGUE_POLL_S:
        _looked_at = now
        with _lock:
            _follow_file()
    drop_outdated_connection(DEFAULT_DB_ALIAS)


def _follow_file() -> None:
    global _seen
    file = configuration_file()
    signature = signature_of(file)
    if signature is None or signature == _seen:
        # A file that is gone changes nothing until a restart: data must not seem to be lost meanwhile.
        return
    try:
        database = configured_database(file, settings.LIBERTY_ENCRYPTION_KEY)
    except ConfigurationRefused as refusal:
        logger.error("the framework database stays as it is: %s", refusal)
        _seen = signature
        return
    if database is not None and not is_same_database(database, framework_settings()):
        _change_over(database)
    _seen = signature


def is_same_database(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two databases, in Django's settings, are one, with the same account and password."""
    names = ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD")
    return all(str(one.get(name, "")) == str(other.get(name, "")) for name in names)


def _change_over(database: dict[str, Any]) -> None:
    """Make `database` the framework database of this process."""
    former: Any = connections[DEFAULT_DB_ALIAS]
    connections.settings[DEFAULT_DB_ALIAS] = configured(database)
    # Requests of other threads that have begun end where they began; what they remember is forgotten.
    registry.close_all()
    catalogue.forget_all()
    ContentType.objects.clear_cache()
    with suppress(AttributeError):
        # Django keeps its connection pools by alias, whatever their settings.
        former.close_pool()
    logger.info("the framework database is `%s` now", database["NAME"])


def configured(database: dict[str, Any]) -> dict[str, Any]:
    """Return a database's settings with Django's defaults."""
    complete: dict[str, Any] = connections.configure_settings({DEFAULT_DB_ALIAS: database})[DEFAULT_DB_ALIAS]
    return complete
