"""`/api/rest`: calls to services that are stored under a number."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import caller_of
from apps.queries import rest_openapi
from apps.queries.internal_calls import sender_for
from apps.queries.outbound import call_api
from apps.queries.serializers import read_call, read_values
from liberty.api import envelope


class RestViewSet(ViewSet):
    """A call is always POST: what is stored says which method the service gets."""

    @extend_schema(**rest_openapi.REST)
    def create(self, request: Request) -> Response:
        answer = call_api(
            read_call(request.query_params),
            caller_of(request),
            read_values(request.data),
            send_internal=sender_for(request._request),
        )
        return Response(envelope.called(answer))
