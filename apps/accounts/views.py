"""`/api/auth/token`, `/api/auth/user`."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import ViewSet

from apps.accounts import openapi, selectors, services, socket_pass
from apps.accounts.authentication import caller_of
from apps.accounts.caller import Caller
from apps.accounts.new_password import require_own_password
from apps.accounts.oidc import services as oidc
from apps.accounts.serializers import (
    OIDC,
    SignIn,
    read_credentials,
    read_id_token,
    read_sign_in,
    read_user_lookup,
    user_item,
)
from apps.accounts.throttling import OidcThrottle
from apps.accounts.tokens import issue_token
from liberty.api import envelope
from liberty.api.throttling import address_of


class TokenViewSet(ViewSet):
    """Signing in. A token that came with the request plays no part."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    # Nobody is proven yet: an identity provider's token is the largest that can come.
    max_body_bytes = 64 * 1024
    # The original's web client reads refusals here in words of their own.
    signs_in = True

    def get_throttles(self) -> list[BaseThrottle]:
        """Wrong passwords are counted where they are checked; here it is the work of checking ID tokens."""
        is_oidc = self.request.query_params.get("type") == OIDC
        return [OidcThrottle()] if is_oidc else []

    @extend_schema(**openapi.TOKEN)
    def create(self, request: Request) -> Response:
        asked = read_sign_in(request.query_params)
        caller = _by_oidc(asked, request) if asked.kind == OIDC else _by_password(asked, request)
        token = issue_token(user_id=caller.user_id, catalogue=caller.catalogue)
        response = Response(envelope.token(token), headers={"Cache-Control": "no-store"})
        if settings.LIBERTY_SOCKETS:
            socket_pass.give(response, caller)
        return response


def _by_password(asked: SignIn, request: Request) -> Caller:
    given = read_credentials(request.data)
    caller = services.sign_in(
        user_id=given.user_id,
        password=given.password,
        catalogue=asked.catalogue,
        admin_only=asked.admin_only,
        address=address_of(request),
    )
    require_own_password(caller)
    return caller


def _by_oidc(asked: SignIn, request: Request) -> Caller:
    oidc.configured()
    return oidc.exchange(read_id_token(asked, request.data), admin_only=asked.admin_only)


class UserViewSet(ViewSet):
    """Reading users: oneself, or whoever is in a catalogue that one administers."""

    @extend_schema(**openapi.USER)
    def retrieve(self, request: Request) -> Response:
        caller = caller_of(request)
        asked = read_user_lookup(request.query_params, caller)
        user = selectors.visible_user(caller, user_id=asked.user_id, catalogue=asked.catalogue)
        return Response(envelope.user([user_item(user)]))
