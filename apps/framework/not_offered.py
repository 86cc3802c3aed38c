"""Calls that the original has and this server has not: each says what to do in its place."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from liberty.api.schema import failure
from liberty.errors import NotOffered

_NO_AI = "This server has no language model."
_NO_SETUP = "Set-up by this call is not offered: "

NOT_OFFERED: Mapping[str, str] = {
    "api/ai/prompt": _NO_AI,
    "api/ai/welcome": _NO_AI,
    "api/setup/prepare": _NO_SETUP + "`POST /api/setup/install` prepares the framework database itself.",
    "api/setup/restore": _NO_SETUP + "`manage.py import_repository` loads an exported repository.",
    "api/setup/update": _NO_SETUP + "`POST /api/setup/upgrade` moves the framework tables on.",
}
"""What is said, by path."""


def refusing_view(path: str) -> Any:
    """Return the view that answers `path`, one of NOT_OFFERED, with 501; it is open to everybody."""
    message = NOT_OFFERED[path]
    tag = "AI" if path.startswith("api/ai") else "Setup"

    class NotOfferedViewSet(ViewSet):
        authentication_classes = ()
        permission_classes = (AllowAny,)

        @extend_schema(
            operation_id=path.removeprefix("api/").replace("/", "_"),
            tags=[tag],
            summary=f"{tag.upper()} - {path.rpartition('/')[2].capitalize()}",
            description="Not offered by this server.",
            auth=[],
            request=None,
            responses={501: failure("Not Implemented", message, status="501")},
        )
        def create(self, request: Request) -> Response:
            raise NotOffered(message)

    return NotOfferedViewSet.as_view({"post": "create"})
