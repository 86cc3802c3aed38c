"""`manage.py preflight`: what the server looks at once before it starts its workers."""

import os
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from apps.setup.installing import token
from apps.setup.installing.database import remove_mark
from apps.setup.installing.state import is_installed
from apps.setup.stored_secrets import require_keys
from liberty.settings.env import InstalledBy


class Command(BaseCommand):
    help = "Say what keeps the server from starting; before the installation, make and show the set-up token."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not settings.LIBERTY_ENCRYPTION_KEY:
                raise ImproperlyConfigured(
                    "LIBERTY_ENCRYPTION_KEY is not set. `python -m liberty.keys` makes a key."
                )
            require_keys()
            _close_set_up()
            self._show_token()
        except ImproperlyConfigured as exc:
            raise CommandError(str(exc)) from exc
        except OSError as exc:
            raise CommandError(f"{exc.filename} cannot be written: {exc.strerror}") from exc

    def _show_token(self) -> None:
        if is_installed():
            token.remove_token()
            return
        made = token.make_token()
        port = os.environ.get("PORT", "8000")
        self.stdout.write(f"Not installed yet: open http://127.0.0.1:{port}/setup, or run manage.py install.")
        shown = "is in LIBERTY_SETUP_TOKEN" if made is None else f"of this start: {made}"
        self.stdout.write(f"The set-up token {shown}")
        self.stdout.flush()


def _close_set_up() -> None:
    """See to it that no later set-up takes the database in use for a half-done one of its own."""
    if settings.LIBERTY_INSTALLED_BY == InstalledBy.FILE:
        with suppress(Error):
            remove_mark()
