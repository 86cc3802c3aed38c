"""System checks of an installation."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS
from django.db import Error as DatabaseFailure

from apps.accounts.models import User
from apps.setup.demo.services import READER
from apps.setup.stored_secrets import KEY_HINT, find_catalogues, lost_keys, without_key
from liberty.errors import NotInstalled


@register("security", deploy=True)
def check_demo_user(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Fail `check --deploy` while the demo's user, whose password everybody knows, can sign in."""
    try:
        exists = User.objects.filter(usr_id=READER).exists()
    except (DatabaseFailure, NotInstalled):
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


@register(Tags.database)
def check_keys(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Fail where the framework database holds secrets under a key that is not there (`require_keys`)."""
    return _lost_keys(DEFAULT_DB_ALIAS) if DEFAULT_DB_ALIAS in (databases or ()) else []


@register(Tags.database, deploy=True)
def check_keys_of_catalogues(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The same of every other catalogue that answers: `check --deploy --database default`."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        catalogues = find_catalogues()
    except (DatabaseFailure, NotInstalled):
        return []
    return [message for alias in catalogues.reached[1:] for message in _lost_keys(alias)]


def _lost_keys(alias: str) -> list[CheckMessage]:
    try:
        lost = without_key(alias)
    except (DatabaseFailure, NotInstalled):
        return []
    return [Error(lost_keys(lost), hint=KEY_HINT, id="liberty.E011")] if lost else []
