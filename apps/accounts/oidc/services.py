"""Signing in with what an identity provider says."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import SpentToken, User
from apps.accounts.oidc.configuration import Configuration, configuration
from apps.accounts.oidc.identities import signed_in_user
from apps.accounts.oidc.provider import Document, Provider, provider_of
from apps.accounts.oidc.tokens import IdentityRefused, IdToken, verify
from apps.accounts.oidc.transport import within
from apps.accounts.services import record_sign_in
from liberty.errors import Forbidden, Unauthenticated

logger = logging.getLogger("liberty.accounts")

NOT_CONFIGURED = "OIDC sign-in is not configured"
NO_ADMINISTRATOR = "This site is for administrators. You are signed in at the identity provider, not here."


def configured() -> Configuration:
    """Return the provider's configuration. Raises Unauthenticated where there is none."""
    found = configuration()
    if found is None:
        raise Unauthenticated(NOT_CONFIGURED)
    return found


def exchange(id_token: str, *, admin_only: bool = False) -> Caller:
    """Return the user of the default catalogue whom a fresh ID token of our client names, once.

    Raises Unauthenticated, with one message for every reason, or Unavailable where the provider's keys are
    wanted and it does not answer.
    """
    provider = provider_of(configured())
    with refusals_logged():
        with within(provider.configuration.timeout_s):
            token = verify(id_token, provider)
        spend(token)
        user = signed_in_user(token.issuer, token.subject, token.claims, provider.configuration)
        if admin_only and not user.is_superuser:
            raise IdentityRefused(f"user {user.usr_id!r} is no administrator")
    record_sign_in(user)
    return Caller.of(user, catalogue=DEFAULT_CATALOGUE)


def sign_in_to_admin(id_token: str, userinfo: Document, *, provider: Provider, nonce: str) -> User:
    """Return the administrator who comes back from the provider to the browser that sent him there.

    `userinfo` is what the provider says besides the token; empty where it has no such endpoint.
    Raises IdentityRefused, Forbidden for whoever is no administrator, Unavailable.
    """
    with refusals_logged():
        token = verify(id_token, provider, nonce=nonce)
        spend(token)
        claims = _with_userinfo(token, userinfo)
        user = signed_in_user(token.issuer, token.subject, claims, provider.configuration)
    if not user.is_staff:
        logger.warning("OIDC: user %r is no administrator", user.usr_id)
        raise Forbidden(NO_ADMINISTRATOR)
    record_sign_in(user)
    return user


def spend(token: IdToken) -> None:
    """Raise IdentityRefused if the token was spent before, here or in another process."""
    SpentToken.objects.filter(expires_at__lt=timezone.now()).delete()
    try:
        with transaction.atomic():
            SpentToken(digest=token.digest, expires_at=token.spent_until).save(force_insert=True)
    except IntegrityError as exc:
        raise IdentityRefused("the ID token was used before") from exc


@contextmanager
def refusals_logged() -> Iterator[None]:
    try:
        yield
    except IdentityRefused as exc:
        logger.warning("OIDC: sign-in refused: %s", exc.reason)
        raise


def _with_userinfo(token: IdToken, userinfo: Document) -> Document:
    """Return the claims of the token, and those that the provider adds.

    `sub` must be the same (OpenID Connect Core, 5.3.2). An e-mail counts with what is said of it in the
    same place.
    """
    if not userinfo:
        return token.claims
    if userinfo.get("sub") != token.subject:
        raise IdentityRefused("userinfo is about another subject than the ID token")
    own = {name: value for name, value in token.claims.items() if name != "email_verified"}
    return (own if "email" in userinfo else token.claims) | userinfo
