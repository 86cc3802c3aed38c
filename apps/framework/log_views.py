"""`/api/logs`: what clients report, and what administrators read."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import (
    AdminSessionAuthentication,
    TokenAuthentication,
    caller_of,
    require_platform_admin,
)
from apps.framework import log_openapi, logs
from apps.framework.log_arguments import HTML, LogPage, read_event, read_id, read_page
from apps.framework.logs import Found
from liberty.api.throttling import AddressThrottle
from liberty.errors import UnknownLogEntry

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


SOURCE_HEADER = "X-Log-Source"
SHARED, LOCAL = "database", "local-files"


class LogThrottle(AddressThrottle):
    rate_setting = "LIBERTY_LOG_RATE"


class LogViewSet(ViewSet):
    """Everybody may report, administrators of the default catalogue may read."""

    # A link is opened by a browser, which has no token but may be signed in to the admin site.
    authentication_classes = (TokenAuthentication, AdminSessionAuthentication)

    @property
    def max_body_bytes(self) -> int:
        most: int = settings.LIBERTY_LOG_MAX_BYTES
        return most

    def get_authenticators(self) -> list[BaseAuthentication]:
        # What is reported may be that a token has expired.
        return [] if self._is_report() else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [AllowAny()] if self._is_report() else super().get_permissions()

    def get_throttles(self) -> list[BaseThrottle]:
        return [LogThrottle()] if self._is_report() else []

    def _is_report(self) -> bool:
        return getattr(self.request, "method", None) == "POST"

    @extend_schema(**log_openapi.WRITE)
    def create(self, request: Request) -> HttpResponse:
        logs.record_event(read_event(request.data))
        return HttpResponse(b"null", content_type="application/json")

    @extend_schema(**log_openapi.LIST)
    def list(self, request: Request) -> Response | HttpResponse:
        require_platform_admin(caller_of(request))
        wanted = read_page(request.query_params)
        found = logs.find_entries(wanted.filter, limit=wanted.limit, offset=wanted.offset)
        response = _page(request, wanted, found) if wanted.format == HTML else Response(found.entries)
        response[SOURCE_HEADER] = LOCAL if found.is_local else SHARED
        return response

    @extend_schema(**log_openapi.DETAILS)
    def retrieve(self, request: Request) -> Response:
        require_platform_admin(caller_of(request))
        number = read_id(request.query_params)
        if number is None:
            raise UnknownLogEntry("Log entry not found")
        return Response(logs.entry_by_id(number))


def _page(request: Request, wanted: LogPage, found: Found) -> HttpResponse:
    context: Mapping[str, Any] = {
        "entries": found.entries,
        "is_local": found.is_local,
        "arguments": request.query_params,
        "since": request.query_params.get("from", ""),
        "page": wanted.page,
        "older": _address(request, wanted.page + 1) if found.has_more else "",
        "newer": _address(request, wanted.page - 1) if wanted.page > 1 else "",
    }
    response = render(request._request, "api/logs.html", dict(context))
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "no-store"
    return response


def _address(request: Request, page: int) -> str:
    arguments = request.query_params.copy()
    arguments["page"] = str(page)
    return f"?{arguments.urlencode()}"
