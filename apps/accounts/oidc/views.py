"""The way of a browser to the identity provider and back."""

import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin, auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from apps.accounts.oidc.provider import Provider, provider_of
from apps.accounts.oidc.services import configured, refusals_logged
from apps.accounts.oidc.tokens import IdentityRefused
from apps.accounts.throttling import require_few
from liberty.api.failure_pages import FailurePages
from liberty.errors import LibertyError, MalformedRequest

if TYPE_CHECKING:
    _View = View
else:
    _View = object

logger = logging.getLogger("liberty.accounts")

# Someone who takes longer at the provider begins again, in seconds.
STATE_LIFETIME_S = 600.0
NOT_BEGUN_HERE = (
    "This sign-in was not begun in this browser, was finished already, or took too long. Please begin again."
)


@method_decorator(never_cache, name="dispatch")
class _Page(FailurePages, _View):
    """A view of the flow: failures are pages of the admin site's looks."""

    failure_template = "admin/oidc/failure.html"

    @property
    def provider(self) -> Provider:
        return provider_of(configured())

    def failure_context(self, request: HttpRequest, exc: LibertyError) -> dict[str, Any]:
        message = exc.explanation if isinstance(exc, IdentityRefused) else exc.message
        return admin.site.each_context(request) | {"title": "Not signed in", "message": message}


class SignInView(_Page, OIDCAuthenticationRequestView):  # type: ignore[misc]  # the library has no types
    """Sends the browser to the provider with a new state, nonce and PKCE challenge."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask for no endpoint yet: outside of `dispatch` a failure would be no page."""
        View.__init__(self, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        require_few(request)
        endpoint = self.provider.endpoints().authorization
        self.OIDC_OP_AUTH_ENDPOINT = endpoint
        self.OIDC_RP_CLIENT_ID = self.provider.configuration.client_id
        response: HttpResponseRedirect = super().get(request)
        if "?" in endpoint:
            # The library takes the address for one without a query.
            response["Location"] = response["Location"].replace(f"{endpoint}?", f"{endpoint}&", 1)
        return response

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """Have the provider ask for the account of whoever tries again: it would take the same one."""
        return {"prompt": "select_account"} if "again" in request.GET else {}

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Answer what the library asks of the settings; its defaults stand for the rest."""
        ours = {"OIDC_RP_SCOPES": configured().scopes, "OIDC_USE_PKCE": True}
        return ours.get(attr, *args)


class CallbackView(_Page, OIDCAuthenticationCallbackView):  # type: ignore[misc]  # the library has no types
    """Takes the code that the browser brings back, once, if the sign-in was begun in it."""

    user: Any

    def get(self, request: HttpRequest) -> HttpResponse:
        self._check_state(request)
        if "error" in request.GET:
            # Before the library looks: it would end the session of whoever is lured here.
            with refusals_logged():
                raise IdentityRefused(
                    f"the provider answers {request.GET['error'][:100]!r}",
                    explanation="The identity provider has refused or broken off the sign-in.",
                )
        response: HttpResponse = super().get(request)
        return response

    def login_success(self) -> HttpResponse:
        target = self.success_url
        auth.login(self.request, self.user)
        # Django keeps the session key of someone who signs in once more.
        self.request.session.cycle_key()
        self.request.session.pop("oidc_login_next", None)
        return HttpResponseRedirect(target)

    def login_failure(self) -> HttpResponse:
        raise MalformedRequest(NOT_BEGUN_HERE)

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        return {"LOGIN_REDIRECT_URL": reverse("admin:index")}.get(attr, *args)

    def _check_state(self, request: HttpRequest) -> None:
        """Raise MalformedRequest unless the state is one that this browser was sent with, and a fresh one.

        With an error, it is used up here; with a code, by the library.
        """
        issuer = self.provider.configuration.issuer
        states = request.session.get("oidc_states", {})
        state = request.GET.get("state", "")
        if state not in states or request.GET.get("iss", issuer) != issuer:
            raise MalformedRequest(NOT_BEGUN_HERE)
        is_old = time.time() - states[state]["added_on"] > STATE_LIFETIME_S
        if is_old or "error" in request.GET:
            del states[state]
            request.session.modified = True
        if is_old:
            raise MalformedRequest(NOT_BEGUN_HERE)


class SignOutView(_Page, View):
    """Sends a browser that is signed out here to the provider, to sign out there as well."""

    def get(self, request: HttpRequest) -> HttpResponse:
        back = request.build_absolute_uri(reverse("admin:login"))
        endpoint = self.provider.endpoints().end_session
        if not endpoint:
            return HttpResponseRedirect(back)
        query = {"client_id": self.provider.configuration.client_id, "post_logout_redirect_uri": back}
        return HttpResponseRedirect(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}")
