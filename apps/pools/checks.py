"""System checks of what pools need: a key for their passwords, drivers for their databases."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

# Module to look for, and the package that brings it.
_DRIVERS = {"psycopg_pool": "psycopg[binary,pool]", "pymysql": "PyMySQL", "oracledb": "oracledb"}


@register
def encryption_key_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Stored passwords need a key that survives a restart; a new one at each start would lose them."""
    if settings.LIBERTY_ENCRYPTION_KEY:
        return []
    return [
        Error(
            "LIBERTY_ENCRYPTION_KEY is not set: passwords of pools can be neither stored nor read.",
            hint="Set it, or LIBERTY_ENCRYPTION_KEY_FILE. `python -m liberty.keys` makes a key.",
            id="liberty.E001",
        )
    ]


@register
def drivers_are_installed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A missing driver is told at start, not by the first request to a pool."""
    return [
        Error(
            f"The database driver `{module}` is not installed.",
            hint=f"pip install {package}",
            id="liberty.E002",
        )
        for module, package in _DRIVERS.items()
        if find_spec(module) is None
    ]
