"""System checks of what sign-in needs."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from apps.accounts.oidc.configuration import faults


@register
def identity_provider_is_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A provider that is configured by half is told at start, not by the first sign-in."""
    return [
        Error(
            f"Sign-in by OIDC is off: {fault}",
            hint="See docs/oidc.md. Without any LIBERTY_OIDC_ variable it is off without a word.",
            id="liberty.E020",
        )
        for fault in faults()
    ]
