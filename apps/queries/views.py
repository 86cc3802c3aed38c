"""`/api/db/query`: reading and writing through stored queries."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import caller_of
from apps.queries import openapi
from apps.queries.serializers import read_lines, read_spec
from apps.queries.services import select_rows, write_rows
from liberty.api import envelope


class QueryViewSet(ViewSet):
    """Rows of a stored query; the path is fixed, the query is named by its number."""

    @extend_schema(**openapi.SELECT)
    def select(self, request: Request) -> Response:
        page = select_rows(read_spec(request.query_params, verb="GET"), caller_of(request))
        return Response(
            envelope.query_page(
                page.items, page.metadata, has_more=page.has_more, limit=page.limit, offset=page.offset
            )
        )

    @extend_schema(**openapi.INSERT)
    def insert(self, request: Request) -> Response:
        return self._write(request, "POST")

    @extend_schema(**openapi.UPDATE)
    def update(self, request: Request) -> Response:
        return self._write(request, "PUT")

    @extend_schema(**openapi.DELETE)
    def delete(self, request: Request) -> Response:
        return self._write(request, "DELETE")

    def _write(self, request: Request, verb: str) -> Response:
        spec = read_spec(request.query_params, verb=verb)
        body: Any = request.data
        written = write_rows(spec, caller_of(request), read_lines(body))
        return Response(envelope.written(written.count, written.items))
