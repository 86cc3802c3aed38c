"""Settings of the tests: nothing of the developer's own installation is read or written.

LIBERTY_TEST_FRAMEWORK says where the framework database is: `sqlite` (a file, since readers and other threads
use connections of their own), or `postgres` (on the server of LIBERTY_TEST_POSTGRES_URL). The workers of one
run share the run's folder and keys; each has its own databases.
"""

import base64
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _run_folder() -> Path:
    """Return the folder of this run, the same in all its processes; `tests/conftest.py` makes and removes it.

    A process that only reads the settings, as the type checker does, leaves nothing behind.
    """
    new = Path(tempfile.gettempdir()) / f"liberty-test-{secrets.token_hex(8)}"
    return Path(os.environ.setdefault("LIBERTY_TEST_DIR", str(new)))


def _key(purpose: str) -> str:
    """Return a key of this run: the folder's random name makes it, so every worker has the same."""
    digest = hashlib.sha256(f"{purpose} of {RUN_DIR}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _framework_url() -> str:
    if FRAMEWORK == "sqlite":
        return f"sqlite:///{RUN_DIR / 'unused.sqlite3'}"
    if FRAMEWORK == "postgres" and "LIBERTY_TEST_POSTGRES_URL" in os.environ:
        return os.environ["LIBERTY_TEST_POSTGRES_URL"]
    raise ImproperlyConfigured(
        "LIBERTY_TEST_FRAMEWORK is sqlite, or postgres below `python -m tests.servers`"
    )


RUN_DIR = _run_folder()
FRAMEWORK = os.environ.get("LIBERTY_TEST_FRAMEWORK", "sqlite")

os.environ.update(
    # PyMySQL makes a TLS context for each connection; to read the system's certificates for it takes longer
    # than most tests, and no test talks to anyone who has one.
    SSL_CERT_FILE=os.devnull,
    LIBERTY_VAR_DIR=str(RUN_DIR),
    LIBERTY_SECRET_KEY=_key("secret key"),
    LIBERTY_ENCRYPTION_KEY=_key("encryption key"),
    LIBERTY_DATABASE_URL=_framework_url(),
)

from liberty.settings.base import *  # noqa: E402, F403
from liberty.settings.base import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {
    "NAME": str(RUN_DIR / "framework.sqlite3") if FRAMEWORK == "sqlite" else RUN_DIR.name,
}

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Argon2 as in production, at the least cost it takes: three users a test would cost more than the test.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2PasswordHasher"]

# Tests of a slow database wait this long, in seconds; nothing else comes near it.
LIBERTY_STATEMENT_TIMEOUT_S = 5.0
LIBERTY_CONNECT_TIMEOUT_S = 2
LIBERTY_CHECKOUT_TIMEOUT_S = 2.0

# A thread of its own writes the lines of requests, past the test's transaction: tests of them turn it on.
LIBERTY_REQUEST_LOG = False

# pytest shows what a failed test has logged.
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "INFO"}}
