"""What the identity provider publishes: where it is asked for what, and the keys that it signs with."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from apps.accounts.oidc.configuration import Configuration, is_safe_url
from apps.accounts.oidc.transport import SILENT, call, unavailable
from liberty.errors import Unavailable

# What was fetched is fetched anew after this long, in seconds: a key that the provider has withdrawn is then
# good no longer.
LIFETIME_S: Final = 300.0
# An unknown key makes us look at most this often, in seconds: whoever sends invented ones cannot make us
# trouble the provider. After a failure, callers are refused at once for as long.
INTERVAL_S: Final = 10.0

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider is asked for what; the last two are empty where it has none.

    `posts_secret` says that our client's secret travels in the form, not in a header.
    """

    authorization: str
    token: str
    jwks: str
    userinfo: str = ""
    end_session: str = ""
    posts_secret: bool = False


class Provider:
    """One provider, as far as this process has asked it. Any thread may use it."""

    def __init__(self, configuration: Configuration, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.configuration = configuration
        self._discovery = _Fetched(self._discover, clock)
        self._keys = _Fetched(self._fetch_keys, clock)

    def endpoints(self) -> Endpoints:
        """Raises Unavailable where they must be asked for and the provider does not answer as it should."""
        known = self.configuration
        if known.authorization_url and known.token_url and known.jwks_url:
            return self._endpoints({})
        return self._endpoints(self._discovery.value())

    def keys(self) -> list[Document]:
        """Return the published keys (JWK). Raises Unavailable as `endpoints` does."""
        keys: list[Document] = self._keys.value()["keys"]
        return keys

    def newer_keys(self) -> list[Document]:
        """Return the published keys, asked for anew unless that was done moments ago."""
        keys: list[Document] = self._keys.newer()["keys"]
        return keys

    def _endpoints(self, published: Document) -> Endpoints:
        known = self.configuration
        # The default is that of OpenID Connect Discovery, 3.
        methods = published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        endpoints = Endpoints(
            authorization=known.authorization_url or _url(published, "authorization_endpoint"),
            token=known.token_url or _url(published, "token_endpoint"),
            jwks=known.jwks_url or _url(published, "jwks_uri"),
            userinfo=known.userinfo_url or _url(published, "userinfo_endpoint"),
            end_session=known.end_session_url or _url(published, "end_session_endpoint"),
            posts_secret="client_secret_post" in methods,
        )
        if not (endpoints.authorization and endpoints.token and endpoints.jwks):
            raise unavailable(known.issuer, "its discovery document names no endpoints that can be used")
        return endpoints

    def _discover(self) -> Document:
        known = self.configuration
        url = f"{known.issuer.rstrip('/')}/.well-known/openid-configuration"
        status, document = call("GET", url, timeout_s=known.timeout_s)
        if status != 200:
            raise unavailable(url, f"status {status}")
        if document.get("issuer") != known.issuer:
            raise unavailable(url, "it describes another issuer than LIBERTY_OIDC_ISSUER")
        return document

    def _fetch_keys(self) -> Document:
        url = self.endpoints().jwks
        status, document = call("GET", url, timeout_s=self.configuration.timeout_s)
        keys = document.get("keys")
        if status != 200 or not isinstance(keys, list):
            raise unavailable(url, f"status {status}, no key set")
        return {"keys": [key for key in keys if isinstance(key, dict)]}


@lru_cache(maxsize=4)
def provider_of(configuration: Configuration) -> Provider:
    """Return the provider with what this process knows of it."""
    return Provider(configuration)


def _url(published: Document, name: str) -> str:
    url = published.get(name)
    return url if isinstance(url, str) and is_safe_url(url) else ""


class _Fetched:
    """A document that is fetched when it is wanted, by one thread at a time, and remembered for a while."""

    def __init__(self, fetch: Callable[[], Document], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._document: Document | None = None
        self._fetched_at = self._tried_at = float("-inf")

    def value(self) -> Document:
        return self._younger_than(LIFETIME_S)

    def newer(self) -> Document:
        return self._younger_than(INTERVAL_S)

    def _younger_than(self, age_s: float) -> Document:
        with self._lock:
            if not self._is_younger(age_s) and not self._failed_moments_ago():
                self._renew()
            if self._document is None or not self._is_younger(LIFETIME_S):
                raise Unavailable(SILENT)
            return self._document

    def _is_younger(self, age_s: float) -> bool:
        return self._clock() - self._fetched_at < age_s

    def _failed_moments_ago(self) -> bool:
        return self._fetched_at < self._tried_at and self._clock() - self._tried_at < INTERVAL_S

    def _renew(self) -> None:
        self._tried_at = self._clock()
        self._document = self._fetch()
        self._fetched_at = self._tried_at
