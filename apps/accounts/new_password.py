"""A one-time password: whoever has one does nothing but choose another.

The token endpoint refuses to issue a token, and the admin site leads to its form for a new password.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User, UserState
from liberty.errors import Forbidden

REFUSED = "The password must be changed before it is of use: sign in at /admin/ and choose another."
# Pages of the admin site that lead to the form or away.
_ALWAYS = frozenset({"login", "logout", "password_change", "password_change_done", "jsi18n"})


def must_change(user_id: str) -> bool:
    """Whether a user of the default catalogue has to choose another password."""
    return UserState.objects.filter(usr_id=user_id, must_change_password=True).exists()


def require_own_password(caller: Caller) -> None:
    """Raise Forbidden for whoever has signed in with a one-time password."""
    if caller.catalogue == DEFAULT_CATALOGUE and must_change(caller.user_id):
        raise Forbidden(REFUSED)


def note_own_password(user: User) -> None:
    """Note that a user of the default catalogue has a password of his own."""
    UserState.objects.filter(usr_id=user.usr_id).update(must_change_password=False)


class NewPasswordMiddleware:
    """Leads whoever is signed in to the admin site with a one-time password to the form for another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "admin" or match.url_name in _ALWAYS:
            return None
        if request.user.is_authenticated and must_change(str(request.user.pk)):
            return HttpResponseRedirect(reverse("admin:password_change"))
        return None
