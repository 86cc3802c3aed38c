"""The pages that document the API. They work without a network and ask nobody else for anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

# Both pages start themselves with a script in the page and style themselves as they run; ReDoc searches in
# a worker of its own, and has the logo of its makers at a foreign address, which is left out.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


View = Callable[..., HttpResponseBase]

_FOR_EVERYONE: dict[str, Any] = {
    "url_name": "schema",
    "permission_classes": [AllowAny],
    "authentication_classes": [],
}


def redoc() -> View:
    """Return the view of the reference."""
    return _offline(SpectacularRedocView.as_view(template_name="api/redoc.html", **_FOR_EVERYONE))


def swagger() -> View:
    """Return the view of the page that calls the API."""
    return _offline(SpectacularSwaggerView.as_view(**_FOR_EVERYONE))


def document() -> View:
    """Return the view of the OpenAPI document itself."""
    return SpectacularAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[])


def _offline(view: View) -> View:
    """Keep the browser from loading anything from elsewhere."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = view(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return answer
