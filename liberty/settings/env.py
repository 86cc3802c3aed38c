"""The environment, read once. Every variable is listed in `.env.example`."""

from pathlib import Path
from typing import Any

import environ

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


def framework_database(default_url: str) -> dict[str, Any]:
    """Return Django's settings of the framework database in `LIBERTY_DATABASE_URL`.

    Connections are kept: on SQLite by each thread, on PostgreSQL in a connection pool.
    """
    database: dict[str, Any] = env.db_url("LIBERTY_DATABASE_URL", default=default_url)
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
