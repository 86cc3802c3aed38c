"""System checks of what the project itself serves."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from liberty.frontend import INDEX, require_frontend


@register
def frontend_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A front end that cannot be served is told before the server starts."""
    try:
        require_frontend()
    except ImproperlyConfigured as exc:
        hint = f"Name the folder that holds {INDEX}, or leave the setting empty."
        return [Error(str(exc), hint=hint, id="liberty.E020")]
    return []
