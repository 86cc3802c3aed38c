"""The set-up token: who has it may install, as long as nothing is installed.

LIBERTY_SETUP_TOKEN is one. Without it the server makes one at each start, shows it on its console, and keeps
it in a file that its workers share until the installation is done.
"""

import secrets
from pathlib import Path

from django.conf import settings
from django.utils.crypto import constant_time_compare

from liberty.configuration import write_private

FILE_NAME = "setup_token"
TOKEN_BYTES = 24


def make_token() -> str | None:
    """Make the token of this start and return it; None where the environment has one. Raises OSError."""
    if settings.LIBERTY_SETUP_TOKEN:
        remove_token()
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    write_private(_file(), token + "\n")
    return token


def remove_token() -> None:
    """Remove the file, which nobody needs after the installation."""
    _file().unlink(missing_ok=True)


def is_token(given: str) -> bool:
    """Whether `given` is the token. False where there is none."""
    known = settings.LIBERTY_SETUP_TOKEN or _kept()
    # Compared even if there is none, so that the time does not tell.
    return constant_time_compare(given, known or secrets.token_urlsafe(TOKEN_BYTES)) and bool(known)


def _kept() -> str:
    try:
        return _file().read_text().strip()
    except OSError:
        return ""


def _file() -> Path:
    return Path(settings.VAR_DIR) / FILE_NAME
