"""Bearer tokens on requests."""

from typing import cast

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from apps.accounts.new_password import require_own_password
from apps.accounts.selectors import find_caller
from apps.accounts.tokens import INVALID, read_token
from liberty.errors import Forbidden, Unauthenticated

SCHEME = "Bearer"


def caller_of(request: Request) -> Caller:
    """Return who is calling, in a view that needs a token."""
    return cast(Caller, request.user)


def platform_admin_of(request: Request) -> Caller:
    """Return who is calling, in a view that asks for a token only sometimes.

    Raises Unauthenticated without a good token, Forbidden for everyone but administrators of the default
    catalogue.
    """
    proven = TokenAuthentication().authenticate(request)
    if proven is None:
        raise Unauthenticated("Not authenticated")
    return require_platform_admin(proven[0])


def require_platform_admin(caller: Caller) -> Caller:
    """Return the caller if he administers the default catalogue; raises Forbidden for others."""
    if not caller.is_platform_admin:
        raise Forbidden("This needs an administrator of the default catalogue.")
    return caller


class TokenAuthentication(BaseAuthentication):
    """Makes `request.user` the Caller that the token names.

    The token is good only as long as its user exists and is enabled: that is looked up in what this process
    remembers of the catalogue, without a statement. A request without the header stays anonymous; whether
    it may is the permission's matter.
    """

    def authenticate(self, request: Request) -> tuple[Caller, str] | None:
        header: str = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != SCHEME.lower():
            raise Unauthenticated("Invalid authentication credentials")
        claims = read_token(token.strip())
        caller = find_caller(claims.user_id, catalogue=claims.catalogue)
        if caller is None:
            raise Unauthenticated(INVALID)
        return caller, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class AdminSessionAuthentication(SessionAuthentication):
    """Makes whoever is signed in to the admin site the caller: for pages that a browser opens by a link."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        signed_in = super().authenticate(request)
        user = signed_in[0] if signed_in else None
        if not isinstance(user, User) or not user.is_staff:
            return None
        caller = Caller.of(user, catalogue=DEFAULT_CATALOGUE)
        require_own_password(caller)
        return caller, None


class AdminSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the cookie of the admin site in the OpenAPI document."""

    target_class = AdminSessionAuthentication
    name = "adminSession"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the OpenAPI document."""

    target_class = TokenAuthentication
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
