"""`/api/setup/install`, the set-up page, and `/health`."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import platform_admin_of
from apps.setup.installing import openapi
from apps.setup.installing.health import is_ready
from apps.setup.installing.progress import current_stage
from apps.setup.installing.service import install
from apps.setup.installing.state import is_installed
from apps.setup.installing.token import is_token
from apps.setup.installing.wish import read_wish
from liberty.api import envelope
from liberty.api.json_text import dump
from liberty.api.throttling import AddressThrottle
from liberty.errors import Unauthenticated

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


class WrongTokenThrottle(AddressThrottle):
    """Counts the wrong set-up tokens of an address, not its calls."""

    def get_rate(self) -> str:
        return "10/minute"

    rate_setting = "setup-token"

    def throttle_success(self) -> bool:
        return True

    def count(self) -> None:
        self.history.insert(0, self.now)
        self.cache.set(self.key, self.history, self.duration)  # type: ignore[attr-defined]  # not in the stubs


class InstallViewSet(ViewSet):
    """The first installation: with the set-up token before it, for an administrator after it."""

    # There may be no users yet whose tokens could be looked at.
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(**openapi.INSTALL)
    def install(self, request: Request) -> Response:
        if is_installed():
            platform_admin_of(request)
        else:
            require_setup_token(request)
        installed = install(read_wish(request.data))
        return Response(envelope.carried_out(installed.message), headers={"Cache-Control": "no-store"})

    @extend_schema(exclude=True)
    def progress(self, request: Request) -> Response:
        """Tell how far the installation is; for the set-up page."""
        require_setup_token(request)
        stage = current_stage()
        items = [] if stage is None else [asdict(stage)]
        return Response(envelope.listed(items), headers={"Cache-Control": "no-store"})


def require_setup_token(request: Request) -> None:
    """Raise Unauthenticated for whoever does not send the set-up token as bearer token.

    Raises Throttled for an address that has sent too many wrong ones.
    """
    throttle = WrongTokenThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # the view plays no part
        raise Throttled(throttle.wait())
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if not given:
        raise Unauthenticated("The set-up token is missing: send it as bearer token.")
    if scheme.lower() != "bearer" or not is_token(given.strip()):
        throttle.count()
        raise Unauthenticated("This is not the set-up token; the server shows it at its start.")


@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """Return the set-up page, or once installed a page that leads to the admin site."""
    response = render(request, "setup/installed.html" if is_installed() else "setup/install.html")
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Tell that this process lives, and with `ready` whether it can work: 503 if it cannot."""
    if "ready" not in request.GET:
        return _health({"status": "success", "message": "alive"}, 200)
    if not is_installed():
        return _health(envelope.failed("not installed"), 503)
    if not is_ready():
        return _health(envelope.failed("the framework database does not answer"), 503)
    return _health({"status": "success", "message": "ready"}, 200)


def _health(body: dict[str, Any], status: int) -> HttpResponse:
    response = HttpResponse(dump(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
