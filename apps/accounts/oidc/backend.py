"""The library's backend, with our own checks in place of its own.

mozilla-django-oidc finds users by e-mail and checks neither the issuer nor the audience of a token. What
remains of it is the flow: it takes the code to the provider and hands us what comes back.
"""

import base64
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from apps.accounts.backends import PasswordBackend
from apps.accounts.models import User
from apps.accounts.oidc.provider import Document, Provider, provider_of
from apps.accounts.oidc.services import configured, refusals_logged, sign_in_to_admin
from apps.accounts.oidc.tokens import MAX_TOKEN_CHARACTERS, IdentityRefused
from apps.accounts.oidc.transport import call, within


class OidcBackend(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """Signs in whoever comes back from the provider with a code.

    Django asks every backend at every sign-in, by the names of the arguments: only our callback has these.
    """

    provider: Provider

    def __init__(self) -> None:
        """Ask for no settings: Django makes a backend for each request of a signed-in user."""

    def authenticate(self, request: HttpRequest, *, nonce: str, code_verifier: str) -> User | None:
        """Raises IdentityRefused, Forbidden or Unavailable; returns None without a code."""
        self.provider = provider_of(configured())
        self.OIDC_RP_CLIENT_ID = self.provider.configuration.client_id
        self.OIDC_RP_CLIENT_SECRET = self.provider.configuration.client_secret
        self._nonce = nonce
        with within(self.provider.configuration.timeout_s):
            user: User | None = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        return user

    def get_token(self, payload: dict[str, str]) -> Document:
        """Exchange the code. Raises IdentityRefused where the provider does not take it."""
        endpoints = self.provider.endpoints()
        form, headers = dict(payload), {}
        secret = form.pop("client_secret")
        if secret and endpoints.posts_secret:
            form["client_secret"] = secret
        elif secret:
            headers["Authorization"] = _basic(form["client_id"], secret)
        timeout_s = self.provider.configuration.timeout_s
        status, answer = call("POST", endpoints.token, timeout_s=timeout_s, form=form, headers=headers)
        with refusals_logged():
            if status != 200:
                raise IdentityRefused(f"the provider refuses the code: {_shortened(answer.get('error'))}")
            if not isinstance(answer.get("id_token"), str):
                raise IdentityRefused("the provider gives no ID token for the code")
        return answer

    def verify_token(self, token: str, **kwargs: Any) -> Document:
        """Put off: the token is verified, and spent, together with what is built on it."""
        return {"id_token": token}

    def get_or_create_user(self, access_token: str | None, id_token: str, payload: Document) -> User:
        userinfo = self.get_userinfo(access_token, id_token, payload)
        return sign_in_to_admin(id_token, userinfo, provider=self.provider, nonce=self._nonce)

    def get_userinfo(self, access_token: str | None, id_token: str, payload: Document) -> Document:
        """Return what the provider says besides; empty where it has no such endpoint."""
        url = self.provider.endpoints().userinfo
        if not url:
            return {}
        with refusals_logged():
            if not isinstance(access_token, str) or len(access_token) > MAX_TOKEN_CHARACTERS:
                raise IdentityRefused("the provider gives no access token for the code")
            headers = {"Authorization": f"Bearer {access_token}"}
            status, answer = call(
                "GET", url, timeout_s=self.provider.configuration.timeout_s, headers=headers
            )
            if status != 200 or not answer:
                raise IdentityRefused(f"the provider tells nothing of the user: status {status}")
        return answer

    def get_user(self, user_id: str) -> User | None:
        return PasswordBackend().get_user(user_id)


def _basic(client_id: str, secret: str) -> str:
    """Return the client's credentials as a header; RFC 6749, 2.3.1, has both encoded first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _shortened(value: Any) -> str:
    """Return a text of the provider as it may stand in a log."""
    return repr(value)[:100]
