"""Identity providers for tests: one of our own that can do everything wrong, and one made by others.

Both are asked by HTTP, as in production.
"""

import base64
import hashlib
import json
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from jwt.algorithms import get_default_algorithms

from tests.servers.process import clean_environment, serving

CLIENT_ID = "liberty"
CLIENT_SECRET = "secret of the client: 100%"
SUBJECT = "7f3c-ada"


@dataclass(frozen=True)
class Key:
    """A private key and the name that it is published under, if any."""

    private: Any
    kid: str | None = None
    algorithm: str = "RS256"

    @property
    def jwk(self) -> dict[str, Any]:
        """What is published of it."""
        public = get_default_algorithms()[self.algorithm].to_jwk(self.private.public_key(), as_dict=True)
        return public | {"use": "sig"} | ({"kid": self.kid} if self.kid else {})


@lru_cache
def _private_key(number: int, kind: str) -> PrivateKeyTypes:
    """Return the key of that number, made once: RSA keys take their time."""
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_key(number: int, kid: str | None = None, algorithm: str = "RS256") -> Key:
    return Key(_private_key(number, "EC" if algorithm.startswith("ES") else "RSA"), kid, algorithm)


@dataclass
class Provider:
    """A provider that signs what it is told, and answers what it is told.

    `claims` go into each ID token, `userinfo` is what it answers besides, `published` its key set, and
    `discovery` replaces members of its discovery document. `broken` has a status by path, and `delay_s` is
    how long each answer takes. `calls` counts requests by path.
    """

    issuer: str = ""
    key: Key = field(default_factory=lambda: new_key(1, "one"))
    published: list[dict[str, Any]] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": SUBJECT})
    discovery: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    delay_s: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self, key: Key) -> None:
        """Sign with another key, and publish no other."""
        self.key, self.published = key, [key.jwk]

    def payload(self, **claims: Any) -> dict[str, Any]:
        """Return the claims of a good ID token, changed by `claims`; None takes one away."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 3600,
            "jti": secrets.token_hex(8),
        }
        changed = good | self.claims | claims
        return {name: value for name, value in changed.items() if value is not None}

    def id_token(
        self, *, key: Key | None = None, headers: Mapping[str, Any] | None = None, **claims: Any
    ) -> str:
        signing = key or self.key
        named = ({"kid": signing.kid} if signing.kid else {}) | dict(headers or {})
        return jwt.encode(self.payload(**claims), signing.private, signing.algorithm, named)

    def answer(self, method: str, url: str, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        """Return a status and what is sent with it: a JSON object, or the address that is gone to."""
        parts = urlsplit(url)
        self.calls[parts.path] += 1
        time.sleep(self.delay_s)
        if parts.path in self.broken:
            return self.broken[parts.path], {}
        query = dict(parse_qsl(parts.query))
        match method, parts.path:
            case "GET", "/.well-known/openid-configuration":
                return 200, self._document()
            case "GET", "/jwks":
                return 200, {"keys": self.published}
            case "GET", "/authorize":
                return 302, self._authorize(query)
            case "POST", "/token":
                return self._token(form, authorization)
            case "GET", "/userinfo":
                return (200, self.userinfo) if authorization == "Bearer access" else (401, {})
        return 404, {}

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
        } | self.discovery

    def _authorize(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe()
        self.grants[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _token(self, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        """Check what RFC 6749 and RFC 7636 have a provider check, and use the code up."""
        grant = self.grants.pop(form.get("code", ""), None)
        if grant is None or grant["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if grant["code_challenge_method"] != "S256" or grant["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        pair = f"{quote(CLIENT_ID, safe='')}:{quote(CLIENT_SECRET, safe='')}"
        is_known = authorization == f"Basic {base64.b64encode(pair.encode()).decode()}"
        if not is_known and form.get("client_secret") != CLIENT_SECRET:
            return 401, {"error": "invalid_client"}
        token = self.id_token(**{"nonce": grant["nonce"]} | self.claims)
        return 200, {"token_type": "Bearer", "access_token": "access", "id_token": token}


@contextmanager
def provider_running() -> Iterator[Provider]:
    """Run a provider of our own on a free port of this machine, in a thread."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(dict(parse_qsl(body.decode())))

        def _answer(self, form: dict[str, str]) -> None:
            authorization = self.headers.get("Authorization", "")
            status, value = provider.answer(self.command, self.path, form, authorization)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", value)
            body = b"" if status == 302 else value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Keep the output of the tests clean."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            """Callers that have given up are what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        provider.published = [provider.key.jwk]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mock_running(folder: Path, users: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Run `oidc-provider-mock` as a process with these claims by subject; yield its issuer."""
    with serving(
        lambda port: [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port)],
        is_ready=_answers,
        log=folder / "provider.log",
        environment=clean_environment(),
    ) as port:
        issuer = f"http://127.0.0.1:{port}"
        for subject, claims in users.items():
            put_user(issuer, subject, claims)
        yield issuer


def put_user(issuer: str, subject: str, claims: Mapping[str, Any]) -> None:
    """Tell the mock what to say of a subject."""
    requests.put(f"{issuer}/users/{quote(subject, safe='')}", json=claims, timeout=10).raise_for_status()


def _answers(port: int) -> bool:
    try:
        requests.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5)
    except requests.RequestException:
        return False
    return True
