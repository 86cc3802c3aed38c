"""The pass that opens a WebSocket: a cookie, since clients of the original send no token there.

It is set at sign-in, goes to the socket's address alone, cannot be read by scripts, and opens nothing else.
"""

from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.core import signing
from django.http.response import HttpResponseBase

from apps.accounts.caller import Caller
from apps.accounts.selectors import find_caller

COOKIE = "liberty_socket"
PATH = "/socket.io/"

_SALT = "liberty.socket"


def give(response: HttpResponseBase, caller: Caller) -> None:
    """Set the cookie on the answer to a sign-in; it is good as long as the token."""
    response.set_cookie(
        COOKIE,
        signing.dumps([caller.catalogue, caller.user_id], salt=_SALT),
        max_age=settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"],
        path=PATH,
        secure=settings.LIBERTY_HTTPS,
        httponly=True,
        samesite="Strict",
    )


def holder(cookies: str) -> Caller | None:
    """Return the enabled user whose pass is in a `Cookie` header; None without a good one."""
    try:
        found = SimpleCookie(cookies).get(COOKIE)
        catalogue, user_id = signing.loads(
            found.value if found else "", salt=_SALT, max_age=settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
        )
    except (CookieError, signing.BadSignature, ValueError):
        return None
    return find_caller(user_id, catalogue=catalogue)
