"""`/socket/applications`: who has a client open, and which records are reserved."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import (
    AdminSessionAuthentication,
    TokenAuthentication,
    caller_of,
    require_platform_admin,
)
from apps.framework import reservations, socket_openapi
from apps.framework.log_views import CONTENT_SECURITY_POLICY
from apps.framework.models import SocketConnection
from liberty.api import envelope
from liberty.api.arguments import Arguments

JSON, HTML = "json", "html"


class SocketViewSet(ViewSet):
    """For administrators of the default catalogue, by token or by being signed in to the admin site."""

    authentication_classes = (TokenAuthentication, AdminSessionAuthentication)

    @extend_schema(**socket_openapi.CONNECTIONS)
    def connections(self, request: Request) -> Response | HttpResponse:
        require_platform_admin(caller_of(request))
        arguments = Arguments(request.query_params)
        form = arguments.choice("format", (JSON, HTML), default=JSON)
        arguments.check()
        items = [
            _item(row_id, connection)
            for row_id, connection in enumerate(reservations.open_connections(), start=1)
        ]
        return _page(request, items) if form == HTML else Response(envelope.listed(items))


def _item(row_id: int, connection: SocketConnection) -> dict[str, Any]:
    return {
        "ROW_ID": row_id,
        "USR_ID": connection.user,
        "CATALOGUE": connection.catalogue,
        "APPS_ID": connection.application,
        "OPENED": connection.opened.isoformat(timespec="seconds"),
        "RECORDS": sorted(reservation.record for reservation in connection.reservations.all()),
    }


def _page(request: Request, items: list[dict[str, Any]]) -> HttpResponse:
    response = render(request._request, "api/connections.html", {"items": items})
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response["Cache-Control"] = "no-store"
    return response
