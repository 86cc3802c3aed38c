"""`/api/auth/token`, `/api/auth/user`."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from apps.accounts import openapi, selectors, services, socket_pass
from apps.accounts.authentication import caller_of
from apps.accounts.serializers import OIDC, read_sign_in, read_user_lookup, user_item
from apps.accounts.tokens import issue_token
from liberty.api import envelope
from liberty.errors import Unauthenticated


class TokenViewSet(ViewSet):
    """Signing in. A token that came with the request plays no part."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    # The original's web client reads refusals here in words of their own.
    signs_in = True

    @extend_schema(**openapi.TOKEN)
    def create(self, request: Request) -> Response:
        asked = read_sign_in(request.query_params, request.data)
        if asked.kind == OIDC:
            raise Unauthenticated("OIDC sign-in is not configured")
        caller = services.sign_in(
            user_id=asked.user_id,
            password=asked.password,
            catalogue=asked.catalogue,
            admin_only=asked.admin_only,
        )
        token = issue_token(user_id=caller.user_id, catalogue=caller.catalogue)
        response = Response(envelope.token(token), headers={"Cache-Control": "no-store"})
        if settings.LIBERTY_SOCKETS:
            socket_pass.give(response, caller)
        return response


class UserViewSet(ViewSet):
    """Reading users: oneself, or whoever is in a catalogue that one administers."""

    @extend_schema(**openapi.USER)
    def retrieve(self, request: Request) -> Response:
        caller = caller_of(request)
        asked = read_user_lookup(request.query_params, caller)
        user = selectors.visible_user(caller, user_id=asked.user_id, catalogue=asked.catalogue)
        return Response(envelope.user([user_item(user)]))
