"""Exchanges of ID tokens at the same moment, as in several workers."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings

from apps.accounts.models import Identity, User
from apps.accounts.oidc.services import exchange
from liberty.errors import Unauthenticated
from tests.identity_provider import SUBJECT, Provider

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def at_once(tokens: list[str]) -> Counter[str]:
    """Exchange the tokens at the same moment; count the users that come of it, and the refusals."""
    barrier = Barrier(len(tokens))

    def run(token: str) -> str:
        barrier.wait(timeout=30)
        try:
            return exchange(token).user_id
        except Unauthenticated:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tokens)) as threads:
        return Counter(threads.map(run, tokens))


def test_a_token_is_taken_once_by_whoever_is_first(provider: Provider, admin: User) -> None:
    Identity.objects.create(usr=admin, issuer=provider.issuer, subject=SUBJECT)
    assert at_once([provider.id_token()] * AT_ONCE) == {"admin": 1, "refused": AT_ONCE - 1}


def test_first_sign_ins_of_one_person_make_one_user(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    tokens = [provider.id_token(preferred_username="ada") for _ in range(AT_ONCE)]
    assert at_once(tokens) == {"ada": AT_ONCE}
    assert (User.objects.count(), Identity.objects.count()) == (1, 1)


def test_two_people_of_one_name_do_not_become_one_user(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    tokens = [provider.id_token(preferred_username="ada", sub=f"subject {n}") for n in range(AT_ONCE)]
    assert at_once(tokens) == {"ada": 1, "refused": AT_ONCE - 1}
    assert (User.objects.count(), Identity.objects.count()) == (1, 1)
