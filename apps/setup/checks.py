"""System checks of an installation."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from apps.accounts.models import User
from apps.setup.demo.services import READER


@register("security", deploy=True)
def check_demo_user(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Fail `check --deploy` while the demo's user, whose password everybody knows, can sign in."""
    try:
        exists = User.objects.filter(usr_id=READER).exists()
    except DatabaseError:
        # Not migrated yet, or away: other checks and commands say so, and there is no user to sign in as.
        return []
    if not exists:
        return []
    return [
        Error(
            f"The user `{READER}` of the demo exists, and everybody knows the password.",
            hint=f"Delete the user `{READER}` before others reach this server.",
            id="liberty.E010",
        )
    ]
