"""The lists that the sign-in page reads without a token: `/api/fmw/modules`, `applications`, `themes`."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.framework import openapi, selectors
from apps.framework.serializers import read_theme_filters
from liberty.api import envelope


class SignInPageViewSet(ViewSet):
    """Lists that are open to everybody, each with a fixed set of columns."""

    # Without authentication: a token that has expired must not close the page that gets a new one.
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(**openapi.MODULES)
    def modules(self, request: Request) -> Response:
        return _answer(selectors.modules())

    @extend_schema(**openapi.APPLICATIONS)
    def applications(self, request: Request) -> Response:
        return _answer(selectors.applications())

    @extend_schema(**openapi.THEMES)
    def themes(self, request: Request) -> Response:
        return _answer(selectors.themes(read_theme_filters(request.query_params)))


def _answer(rows: selectors.FrameworkList) -> Response:
    return Response(envelope.framework_rows(rows.items, rows.metadata))
