"""`/api/fmw`: the lists that the sign-in page reads without a token, and encryption."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import ViewSet

from apps.accounts.authentication import platform_admin_of
from apps.framework import encryption_openapi, openapi, selectors
from apps.framework.encryption import Form, encrypt_text
from apps.framework.encryption_arguments import read_encryption, read_form
from apps.framework.serializers import read_theme_filters
from liberty.api import envelope
from liberty.api.throttling import AddressThrottle
from liberty.version import PRODUCT_VERSION


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


class VersionViewSet(ViewSet):
    """The version of the product, open to everybody, as the original tells it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(**openapi.VERSION)
    def retrieve(self, request: Request) -> Response:
        return Response(envelope.version(PRODUCT_VERSION))


class EncryptThrottle(AddressThrottle):
    rate_setting = "LIBERTY_ENCRYPT_RATE"


class EncryptViewSet(ViewSet):
    """Encryption: for transport open to everybody, in the other forms to administrators.

    For transport a token plays no part, since one that has expired must not keep anybody from signing in.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_throttles(self) -> list[BaseThrottle]:
        is_open = read_form(self.request.query_params) is Form.TRANSPORT
        return [EncryptThrottle()] if is_open else []

    @extend_schema(**encryption_openapi.ENCRYPT)
    def create(self, request: Request) -> Response:
        if read_form(request.query_params) is not Form.TRANSPORT:
            platform_admin_of(request)
        asked = read_encryption(request.query_params, request.data)
        encrypted = encrypt_text(
            asked.text, form=asked.form, master_key=asked.master_key, is_literal=asked.is_literal
        )
        return Response(envelope.encrypted(encrypted), headers={"Cache-Control": "no-store"})
