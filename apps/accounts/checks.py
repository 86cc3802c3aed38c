"""System checks of what sign-in needs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from apps.accounts.oidc.configuration import faults


@register
def identity_provider_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A provider that is configured by half is told at start, not by the first sign-in."""
    return [
        Error(
            f"Sign-in by OIDC is off: {fault}",
            hint="See docs/oidc.md. Without any LIBERTY_OIDC_ variable it is off without a word.",
            id="liberty.E021",
        )
        for fault in faults()
    ]


@register
def sign_in_limits_hold(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A limit of 0 would lock everybody out, or nobody: neither is what it looks like."""
    names = [
        f"LIBERTY_SIGN_IN_{part}" for part in ("ATTEMPTS", "USER_ATTEMPTS", "ADDRESS_ATTEMPTS", "WINDOW_S")
    ]
    return [
        Error(f"{name} is not above 0.", hint="See docs/sign-in.md.", id="liberty.E022")
        for name in names
        if getattr(settings, name) <= 0
    ]
