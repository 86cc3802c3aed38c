"""`/api/export/repository`."""

import re
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.setup import export, openapi
from apps.setup.export import TableCount
from apps.setup.serializers import JSON, ZIP_TYPE, ExportRequest, read_export_request
from liberty.api import envelope
from liberty.errors import Forbidden
from liberty.passphrase import new_key


class ExportViewSet(ViewSet):
    """A catalogue as an archive for another installation."""

    @extend_schema(**openapi.REPOSITORY)
    def repository(self, request: Request) -> HttpResponseBase:
        _require_platform_admin(request.user)
        wish = read_export_request(request._request)
        response = _listing(wish) if wish.format == JSON else _archive(wish)
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept", "Authorization"])
        return response


def _listing(wish: ExportRequest) -> Response:
    counts = export.count_rows(pool=wish.pool, selection=wish.selection)
    return Response(envelope.listed([_item(*numbered) for numbered in enumerate(counts, start=1)]))


def _item(number: int, count: TableCount) -> dict[str, int | str]:
    return {"ROW_ID": number, "TABLE_NAME": count.table, "ROW_COUNT": count.rows}


def _archive(wish: ExportRequest) -> StreamingHttpResponse:
    key = None if wish.passphrase is None else new_key(wish.passphrase)
    pieces = export.archive(pool=wish.pool, selection=wish.selection, key=key)
    # Whatever keeps it from being read is told now, while there is a status to tell it by.
    next(pieces)
    response = StreamingHttpResponse(pieces, content_type=ZIP_TYPE)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", wish.pool)
    response["Content-Disposition"] = f'attachment; filename="repository-{name}.zip"'
    return response


def _require_platform_admin(caller: Any) -> None:
    if not caller.is_platform_admin:
        raise Forbidden("A repository is exported by administrators of the default catalogue.")
