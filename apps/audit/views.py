"""`/api/db/audit/{table}/{user}`: copies of rows, made before they change."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import caller_of
from apps.audit import openapi
from apps.audit.serializers import read_audit_spec
from apps.audit.services import copy_rows
from apps.queries.serializers import read_lines
from liberty.api import envelope


class AuditViewSet(ViewSet):
    """The audit table of a table; the path names the table and who changes it."""

    @extend_schema(**openapi.AUDIT)
    def create(self, request: Request, table: str, user: str) -> Response:
        count = copy_rows(
            read_audit_spec(request.query_params),
            caller_of(request),
            table=table,
            user=user,
            lines=read_lines(request.data),
        )
        return Response(envelope.written(count))
