"""Asking the identity provider, by a clock that the test sets."""

import pytest

from apps.accounts.oidc.configuration import Configuration
from apps.accounts.oidc.provider import INTERVAL_S, LIFETIME_S, Document, Provider
from liberty.errors import Unavailable
from tests import identity_provider
from tests.identity_provider import new_key


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def names(keys: list[Document]) -> list[str]:
    return [key["kid"] for key in keys]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked(provider: identity_provider.Provider, clock: Clock) -> Provider:
    return Provider(Configuration(issuer=provider.issuer, client_id="liberty"), clock=clock)


def test_keys_are_fetched_once_in_their_lifetime(
    provider: identity_provider.Provider, asked: Provider, clock: Clock
) -> None:
    first = asked.keys()
    clock.now += LIFETIME_S - 1
    assert asked.keys() is first
    provider.rotate(new_key(2, "two"))
    clock.now += 1
    assert names(asked.keys()) == ["two"]
    assert provider.calls == {"/.well-known/openid-configuration": 2, "/jwks": 2}


def test_newer_keys_are_fetched_once_in_an_interval(
    provider: identity_provider.Provider, asked: Provider, clock: Clock
) -> None:
    asked.keys()
    provider.rotate(new_key(2, "two"))
    clock.now += INTERVAL_S - 1
    assert names(asked.newer_keys()) == ["one"]
    clock.now += 1
    assert names(asked.newer_keys()) == ["two"]
    assert names(asked.newer_keys()) == ["two"]
    assert provider.calls["/jwks"] == 2


def test_keys_outlast_a_provider_that_is_away_for_a_moment(
    provider: identity_provider.Provider, asked: Provider, clock: Clock
) -> None:
    asked.keys()
    provider.broken["/jwks"] = 500
    clock.now += INTERVAL_S
    with pytest.raises(Unavailable):
        asked.newer_keys()
    assert names(asked.newer_keys()) == ["one"]
    assert names(asked.keys()) == ["one"]


def test_a_withdrawn_key_is_forgotten_even_if_the_provider_is_away(
    provider: identity_provider.Provider, asked: Provider, clock: Clock
) -> None:
    asked.keys()
    provider.broken["/jwks"] = 500
    clock.now += LIFETIME_S
    for _ in range(3):
        with pytest.raises(Unavailable):
            asked.keys()
    assert provider.calls["/jwks"] == 2
    del provider.broken["/jwks"]
    clock.now += INTERVAL_S
    assert names(asked.keys()) == ["one"]


@pytest.mark.parametrize(
    ("methods", "posts"),
    [
        (None, False),
        (["client_secret_basic", "client_secret_post"], True),
        (["client_secret_basic"], False),
        (["client_secret_post"], True),
    ],
    ids=["unsaid", "both", "basic", "post"],
)
def test_the_secret_travels_as_the_provider_wants_it(
    provider: identity_provider.Provider, asked: Provider, methods: list[str] | None, posts: bool
) -> None:
    if methods is not None:
        provider.discovery["token_endpoint_auth_methods_supported"] = methods
    assert asked.endpoints().posts_secret is posts
