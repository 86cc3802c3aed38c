"""The environment, read once. Every variable is listed in `.env.example`."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import environ

from liberty.configuration import clear_password, read_configuration

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env", overwrite=False)


def secret(name: str, file: Path) -> str:
    """Return the secret in variable `name`, or the content of the file in `NAME_FILE`, or of `file`.

    Empty where none of them is there: a secret has no default. Django and our system checks say so.
    """
    value: str = env.str(name, default="")
    if value:
        return value
    path = Path(env.str(f"{name}_FILE", default=str(file)))
    return path.read_text().strip() if path.is_file() else ""


def original_database_url() -> str:
    """Return the address of the installation of the original that is moved here, or an empty text."""
    url: str = env.str("LIBERTY_ORIGINAL_DATABASE_URL", default="")
    return url


def original_master_key() -> str:
    """Return the master key of the installation that is moved here, or an empty text."""
    key: str = env.str("LIBERTY_ORIGINAL_MASTER_KEY", default="")
    return key


class InstalledBy(StrEnum):
    """What says where the framework database is; without any, there is none yet."""

    ENVIRONMENT = "environment"
    FILE = "file"
    EMBEDDED = "embedded"
    NOTHING = ""


def framework_database(
    *, configuration_file: Path, embedded_file: Path, keys: str
) -> tuple[dict[str, Any], InstalledBy]:
    """Return Django's settings of the framework database, and what they come from.

    `LIBERTY_DATABASE_URL` comes first, then the configuration file, then the embedded SQLite database, which
    is made only where LIBERTY_EMBEDDED asks for it. `keys` are those of stored secrets. Raises
    ConfigurationRefused.
    """
    url = env.str("LIBERTY_DATABASE_URL", default="")
    if url:
        return _with_options(env.db_url_config(url)), InstalledBy.ENVIRONMENT
    configured = configured_database(configuration_file, keys)
    if configured is not None:
        return configured, InstalledBy.FILE
    if embedded_file.exists() or env.bool("LIBERTY_EMBEDDED", default=False):
        return embedded_database(embedded_file), InstalledBy.EMBEDDED
    return {"ENGINE": "liberty.uninstalled"}, InstalledBy.NOTHING


def configured_database(file: Path, keys: str) -> dict[str, Any] | None:
    """Return the settings that the configuration file leads to, None without a file.

    Raises ConfigurationRefused.
    """
    found = read_configuration(file)
    if found is None:
        return None
    return postgresql_database(
        host=found.host,
        port=found.port,
        database=found.database,
        user=found.user,
        password=clear_password(file, found, keys),
    )


def postgresql_database(*, host: str, port: int, database: str, user: str, password: str) -> dict[str, Any]:
    """Return the settings of a framework database on PostgreSQL, with a connection pool."""
    return _with_options(
        {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": host,
            "PORT": port,
            "NAME": database,
            "USER": user,
            "PASSWORD": password,
        }
    )


def embedded_database(file: Path) -> dict[str, Any]:
    """Return the settings of a framework database in a file of SQLite."""
    return _with_options({"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)})


def _with_options(database: dict[str, Any]) -> dict[str, Any]:
    """Keep connections: on SQLite by each thread, on PostgreSQL in a connection pool."""
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        database["CONN_MAX_AGE"] = None
        # Writers wait for each other instead of failing, and readers never wait.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        options.setdefault("init_command", "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
    elif database["ENGINE"].endswith("postgresql"):
        # A framework database that is away must not hold every thread for long.
        options.setdefault("connect_timeout", env.int("LIBERTY_CONNECT_TIMEOUT_S", default=5))
        options.setdefault(
            "pool",
            {
                "min_size": 1,
                "max_size": env.int("LIBERTY_DATABASE_POOL_MAX", default=10),
                "timeout": env.float("LIBERTY_CHECKOUT_TIMEOUT_S", default=5.0),
            },
        )
    return database
