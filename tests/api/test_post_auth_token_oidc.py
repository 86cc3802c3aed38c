"""POST /api/auth/token?type=oidc."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import Identity, Membership, Role, SpentToken, User, UserState
from apps.accounts.tokens import read_token
from apps.pools.models import Pool
from tests.identity_provider import CLIENT_ID, SUBJECT, Provider, new_key

PATH = "/api/auth/token?type=oidc"
SUCCESS = {"token_type": "bearer", "status": "success", "message": "Authentication successful"}
REFUSED = {"status": "failed", "message": "Authentication failed"}
SILENT = {"status": "failed", "message": "The identity provider does not answer."}

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

pytestmark = pytest.mark.django_db


def post(body: Any, query: str = "") -> Any:
    return APIClient().post(f"{PATH}{query}", body, format="json")


def exchange(token: str, query: str = "") -> Any:
    return post({"id_token": token}, query)


def link(user: User, provider: Provider, subject: str = SUBJECT) -> Identity:
    return Identity.objects.create(usr=user, issuer=provider.issuer, subject=subject)


def check_signed_in(response: Any, user_id: str) -> None:
    body = response.json()
    assert (response.status_code, body) == (200, {"access_token": body.get("access_token"), **SUCCESS})
    claims = read_token(body["access_token"])
    assert (claims.user_id, claims.catalogue) == (user_id, "default")


def check_refused(response: Any, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    assert (response.status_code, response.json()) == (401, REFUSED)
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert f"OIDC: sign-in refused: {reason}" in caplog.text


# Signing in


def test_a_linked_user_gets_a_token(provider: Provider, reader: User) -> None:
    link(reader, provider)
    response = exchange(provider.id_token())
    check_signed_in(response, "reader")
    assert response.headers["Cache-Control"] == "no-store"
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access_token']}")
    assert client.get("/api/auth/user").json()["items"][0]["USR_ID"] == "reader"
    assert UserState.objects.get().usr_id == "reader"
    assert Identity.objects.get().last_sign_in is not None


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
        {"azp": CLIENT_ID},
        {"nonce": "of somebody else's request"},
    ],
    ids=["audiences", "several", "own party", "nonce"],
)
def test_a_token_for_us_is_taken(provider: Provider, reader: User, claims: dict[str, Any]) -> None:
    link(reader, provider)
    check_signed_in(exchange(provider.id_token(**claims)), "reader")


@pytest.mark.parametrize(
    ("claim", "from_now_s"), [("iat", -299), ("iat", 20), ("exp", -20), ("nbf", 20)], ids=str
)
def test_clocks_may_differ_by_half_a_minute(
    provider: Provider, reader: User, claim: str, from_now_s: int
) -> None:
    link(reader, provider)
    moved: dict[str, Any] = {claim: int(time.time()) + from_now_s}
    check_signed_in(exchange(provider.id_token(**moved)), "reader")


@pytest.mark.parametrize("algorithm", ["RS512", "PS256", "ES256"])
def test_the_configured_algorithm_is_taken(
    provider: Provider, reader: User, settings: Settings, algorithm: str
) -> None:
    settings.LIBERTY_OIDC_ALGORITHM = algorithm
    provider.rotate(new_key(1, "one", algorithm))
    link(reader, provider)
    check_signed_in(exchange(provider.id_token()), "reader")


def test_in_framework_mode_only_administrators_sign_in(
    provider: Provider, admin: User, reader: User, caplog: pytest.LogCaptureFixture
) -> None:
    link(admin, provider, "a")
    link(reader, provider, "r")
    check_signed_in(exchange(provider.id_token(sub="a"), "&mode=framework"), "admin")
    refused = exchange(provider.id_token(sub="r"), "&mode=framework")
    check_refused(refused, "user 'reader' is no administrator", caplog)


# Bad tokens


def unsigned(provider: Provider) -> str:
    return jwt.encode(provider.payload(), "", "none")


def signed_with_the_public_key(provider: Provider) -> str:
    """The classic: a shared-secret signature whose secret everybody can fetch."""
    pem = provider.key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "kid": "one"}, provider.payload()]
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_encoded(hmac.digest(pem, signed.encode(), 'sha256'))}"


def signed_by_somebody_else(provider: Provider) -> str:
    return provider.id_token(key=new_key(9, "one"))


def with_a_key_of_its_own(provider: Provider) -> str:
    stranger = new_key(9, "nine")
    return provider.id_token(key=stranger, headers={"jwk": stranger.jwk, "jku": "https://example.com/jwks"})


def changed_after_signing(provider: Provider) -> str:
    header, _, signature = provider.id_token().split(".")
    payload = _encoded(json.dumps(provider.payload(sub="admin")).encode())
    return f"{header}.{payload}.{signature}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


NO_KEY = "no key of the provider has signed the ID token"
ALGORITHM = "the ID token is signed with another algorithm than the configured one"

BAD: dict[str, tuple[Callable[[Provider], str], str]] = {
    "no token": (lambda p: "nonsense", "the ID token is no JWT"),
    "empty": (lambda p: "", "the ID token is no JWT"),
    "three dots": (lambda p: "a.b.c", "the ID token is no JWT"),
    "deep header": (lambda p: f"{_encoded(b'[' * 12_000)}.e30.x", "the ID token is no JWT"),
    "not ASCII": (lambda p: "é.é.é", "the ID token is no JWT"),
    "unsigned": (unsigned, ALGORITHM),
    "public key as secret": (signed_with_the_public_key, ALGORITHM),
    "another algorithm": (lambda p: p.id_token(key=new_key(1, "one", "RS384")), ALGORITHM),
    "another key": (signed_by_somebody_else, NO_KEY),
    "own key": (with_a_key_of_its_own, NO_KEY),
    "changed": (changed_after_signing, NO_KEY),
    "cut off": (lambda p: p.id_token()[:-22], NO_KEY),
    "no signature": (lambda p: p.id_token().rpartition(".")[0] + ".", NO_KEY),
    "access token": (lambda p: p.id_token(headers={"typ": "at+jwt"}), "the token is no ID token"),
    "critical header": (lambda p: p.id_token(headers={"crit": ["x"], "x": 1}), "the ID token is no JWT"),
    "issuer": (lambda p: p.id_token(iss="https://example.com"), "the ID token is refused: InvalidIssuer"),
    "issuer with slash": (
        lambda p: p.id_token(iss=f"{p.issuer}/"),
        "the ID token is refused: InvalidIssuer",
    ),
    "no issuer": (lambda p: p.id_token(iss=None), "the ID token is refused: MissingRequiredClaim"),
    "audience": (lambda p: p.id_token(aud="another"), "the ID token is refused: InvalidAudience"),
    "audiences": (lambda p: p.id_token(aud=["another"]), "the ID token is refused: InvalidAudience"),
    "audience object": (lambda p: p.id_token(aud={CLIENT_ID: 1}), "the ID token is refused: InvalidAudience"),
    "no audience": (lambda p: p.id_token(aud=None), "the ID token is refused: MissingRequiredClaim"),
    "no party": (
        lambda p: p.id_token(aud=[CLIENT_ID, "another"]),
        "the ID token was issued to another client",
    ),
    "another party": (lambda p: p.id_token(azp="another"), "the ID token was issued to another client"),
    "expired": (lambda p: p.id_token(exp=int(time.time()) - 40), "the ID token is refused: ExpiredSignature"),
    "no expiry": (lambda p: p.id_token(exp=None), "the ID token is refused: MissingRequiredClaim"),
    "expiry as text": (lambda p: p.id_token(exp="soon"), "the ID token is refused: Decode"),
    "not yet": (
        lambda p: p.id_token(nbf=int(time.time()) + 60),
        "the ID token is refused: ImmatureSignature",
    ),
    "from tomorrow": (
        lambda p: p.id_token(iat=int(time.time()) + 60),
        "the ID token is refused: ImmatureSignature",
    ),
    "old": (
        lambda p: p.id_token(iat=int(time.time()) - 340),
        "the ID token was issued more than 300 seconds",
    ),
    "no moment": (lambda p: p.id_token(iat=None), "the ID token is refused: MissingRequiredClaim"),
    "moment as truth": (lambda p: p.id_token(iat=True), "the ID token does not say when it was issued"),
    "no subject": (lambda p: p.id_token(sub=None), "the ID token is refused: MissingRequiredClaim"),
    "empty subject": (lambda p: p.id_token(sub=""), "the ID token has no subject that can be stored"),
    "long subject": (lambda p: p.id_token(sub="x" * 256), "the ID token has no subject that can be stored"),
    "NUL in subject": (lambda p: p.id_token(sub="a\0b"), "the ID token has no subject that can be stored"),
    "another subject": (lambda p: p.id_token(sub="another"), "no user is linked to subject 'another'"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_refused_like_every_other(
    provider: Provider, reader: User, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    link(reader, provider)
    make, reason = BAD[kind]
    check_refused(exchange(make(provider)), reason, caplog)


def test_a_token_is_taken_once(provider: Provider, reader: User, caplog: pytest.LogCaptureFixture) -> None:
    link(reader, provider)
    token = provider.id_token()
    check_signed_in(exchange(token), "reader")
    check_refused(exchange(token), "the ID token was used before", caplog)


def test_another_signature_of_a_spent_token_is_spent(
    provider: Provider, reader: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever has one ECDSA signature can write down a second one for the same text."""
    settings.LIBERTY_OIDC_ALGORITHM = "ES256"
    provider.rotate(new_key(1, "one", "ES256"))
    link(reader, provider)
    token = provider.id_token()
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    second_half = P256_ORDER - int.from_bytes(raw[32:])
    twin = f"{signed}.{_encoded(raw[:32] + second_half.to_bytes(32))}"
    check_signed_in(exchange(token), "reader")
    check_refused(exchange(twin), "the ID token was used before", caplog)


def test_a_refused_token_is_spent_as_well(provider: Provider, reader: User) -> None:
    token = provider.id_token()
    assert exchange(token).status_code == 401
    link(reader, provider)
    assert exchange(token).status_code == 401


def test_spent_tokens_are_forgotten_when_they_are_too_old(provider: Provider, reader: User) -> None:
    link(reader, provider)
    now = timezone.now()
    SpentToken.objects.create(digest="old", expires_at=now - timedelta(seconds=1))
    SpentToken.objects.create(digest="young", expires_at=now + timedelta(minutes=1))
    exchange(provider.id_token())
    kept = SpentToken.objects.exclude(digest="young").get()
    assert len(kept.digest) == 64
    assert now + timedelta(seconds=330) < kept.expires_at < now + timedelta(seconds=700)


def test_a_disabled_user_is_refused(
    provider: Provider, stranger: User, caplog: pytest.LogCaptureFixture
) -> None:
    link(stranger, provider)
    check_refused(exchange(provider.id_token()), "user 'stranger' is disabled", caplog)


def test_an_identity_of_another_issuer_is_another_one(
    provider: Provider, reader: User, caplog: pytest.LogCaptureFixture
) -> None:
    Identity.objects.create(usr=reader, issuer="https://example.com", subject=SUBJECT)
    check_refused(exchange(provider.id_token()), "no user is linked", caplog)


def test_an_identity_goes_with_its_user(provider: Provider, reader: User) -> None:
    """A later user of the same id is somebody else, also where a stored DELETE removes the first."""
    link(reader, provider)
    rows = User.objects.filter(pk="reader")
    rows._raw_delete(rows.db)
    User.objects.create_user("reader", "another person's password")
    assert exchange(provider.id_token()).status_code == 401
    assert not Identity.objects.exists()


# Who someone is: never by e-mail or user name


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "admin@example.com"},
        {"email": "admin@example.com", "email_verified": True},
        {"email": "admin@example.com", "email_verified": "false"},
        {"preferred_username": "admin"},
        {"sub": "admin"},
        {"preferred_username": "ADMIN"},
        {"preferred_username": "admin "},
        {"preferred_username": "\u200badmin"},
    ],
)
@pytest.mark.parametrize("creates", [False, True])
def test_nobody_becomes_a_user_by_what_he_calls_himself(
    provider: Provider, admin: User, settings: Settings, claims: dict[str, Any], creates: bool
) -> None:
    User.objects.filter(pk="admin").update(usr_email="admin@example.com")
    settings.LIBERTY_OIDC_CREATE_USERS = creates
    response = exchange(provider.id_token(**claims))
    assert (response.status_code, response.json()) == (401, REFUSED)
    assert (User.objects.count(), Identity.objects.count()) == (1, 0)


def test_an_unknown_person_becomes_a_user_where_that_is_allowed(
    provider: Provider, settings: Settings
) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    claims: Any = {
        "preferred_username": "ada",
        "name": "Ada L.",
        "email": "ada@x.org",
        "email_verified": True,
    }
    check_signed_in(exchange(provider.id_token(**claims)), "ada")
    user = User.objects.get()
    assert (user.usr_id, user.usr_name, user.usr_email) == ("ada", "Ada L.", "ada@x.org")
    assert (user.usr_status, user.usr_admin, user.usr_audit_user) == ("Y", "N", "oidc")
    assert not user.has_usable_password()
    check_signed_in(exchange(provider.id_token(preferred_username="renamed")), "ada")
    assert User.objects.count() == 1


@pytest.mark.parametrize("verified", ["false", "true", 1, None, False])
def test_an_email_that_is_not_verified_is_not_stored(
    provider: Provider, settings: Settings, verified: Any
) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    token = provider.id_token(preferred_username="ada", email="ada@x.org", email_verified=verified)
    check_signed_in(exchange(token), "ada")
    assert User.objects.get().usr_email is None


@pytest.mark.parametrize(
    "user_id",
    ["", "x" * 101, 7, ["ada"], None, " ada", "a\nb", "a\0b", "\u200bada", "\ufb01ne"],
    ids=["empty", "long", "number", "list", "none", "space", "line", "NUL", "invisible", "ligature"],
)
def test_a_claim_that_is_no_user_id_makes_no_user(
    provider: Provider, settings: Settings, user_id: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    token = provider.id_token(preferred_username=user_id)
    check_refused(exchange(token), f"subject '{SUBJECT}': claim 'preferred_username' is no user id", caplog)
    assert not User.objects.exists()


def test_the_claim_of_the_user_id_is_configurable(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    settings.LIBERTY_OIDC_USER_CLAIM = "upn"
    check_signed_in(exchange(provider.id_token(upn="ada@corp", preferred_username="x")), "ada@corp")


# Roles


def test_roles_follow_the_groups_at_each_sign_in(
    provider: Provider, reader: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LIBERTY_OIDC_ROLES_CLAIM = "realm.groups"
    settings.LIBERTY_OIDC_ROLES = '{"/sales": "SALES", "/it": "IT", "/x": "MISSING"}'
    for role in ("SALES", "IT", "OTHER"):
        Role.objects.create(rol_id=role)
    Membership.objects.create(usr=reader, rol_id="OTHER")
    link(reader, provider)
    for groups, roles in [
        (["/sales", "/x", 7], ["OTHER", "SALES"]),
        (["/it", "/sales"], ["IT", "OTHER", "SALES"]),
        ("/it", ["IT", "OTHER"]),
        (None, ["OTHER"]),
        ({"/it": 1}, ["OTHER"]),
    ]:
        check_signed_in(exchange(provider.id_token(realm={"groups": groups})), "reader")
        held = Membership.objects.filter(usr=reader).values_list("rol_id", flat=True)
        assert sorted(held) == roles
    assert "role 'MISSING' of LIBERTY_OIDC_ROLES does not exist" in caplog.text


def test_administrator_rights_come_from_a_mapping_alone(
    provider: Provider, reader: User, settings: Settings
) -> None:
    link(reader, provider)
    boast: Any = {"is_admin": True, "usr_admin": "Y", "groups": ["admin"], "roles": ["admin"]}
    check_signed_in(exchange(provider.id_token(**boast)), "reader")
    assert not User.objects.get().is_superuser
    settings.LIBERTY_OIDC_ROLES_CLAIM = "groups"
    settings.LIBERTY_OIDC_ADMIN_GROUPS = ["admin"]
    check_signed_in(exchange(provider.id_token(**boast), "&mode=framework"), "reader")
    assert User.objects.get().is_superuser
    check_signed_in(exchange(provider.id_token(groups=[])), "reader")
    assert not User.objects.get().is_superuser


# Keys


def test_a_rotated_key_is_found_without_a_restart(
    provider: Provider, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(reader, provider)
    check_signed_in(exchange(provider.id_token()), "reader")
    provider.rotate(new_key(2, "two"))
    monkeypatch.setattr("apps.accounts.oidc.provider.INTERVAL_S", 0.0)
    check_signed_in(exchange(provider.id_token()), "reader")
    assert provider.calls["/jwks"] == 2


def test_unknown_keys_make_us_ask_once_in_an_interval(provider: Provider, reader: User) -> None:
    link(reader, provider)
    check_signed_in(exchange(provider.id_token()), "reader")
    for number in range(5):
        assert exchange(provider.id_token(key=new_key(9, f"invented {number}"))).status_code == 401
    assert provider.calls["/jwks"] == 1


@pytest.mark.parametrize(("published", "sent"), [(None, None), (None, "one"), ("one", None)])
def test_keys_without_names_work(
    provider: Provider, reader: User, published: str | None, sent: str | None
) -> None:
    link(reader, provider)
    provider.published = [new_key(3).jwk, new_key(1, published).jwk]
    check_signed_in(exchange(provider.id_token(key=new_key(1, sent))), "reader")


def test_keys_that_are_for_something_else_are_passed_over(provider: Provider, reader: User) -> None:
    link(reader, provider)
    good = provider.key.jwk
    provider.published = [
        good | {"use": "enc"},
        good | {"kty": "oct", "k": "c2VjcmV0"},
        good | {"n": "!"},
        good | {"alg": "RS384"},
        good | {"key_ops": ["encrypt"]},
        new_key(1, "one", "ES256").jwk,
        "nonsense",  # type: ignore[list-item]
    ]
    assert exchange(provider.id_token()).status_code == 401


# The provider


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
@pytest.mark.parametrize("status", [404, 429, 500, 302])
def test_a_provider_that_fails_is_told(provider: Provider, path: str, status: int) -> None:
    provider.broken[path] = status
    token = provider.id_token()
    for _ in range(2):
        response = exchange(token)
        assert (response.status_code, response.json()) == (503, SILENT)
        assert response.headers["Retry-After"] == "5"
    assert provider.calls[path] == 1


def test_a_provider_that_is_down_is_told(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_ISSUER = "http://127.0.0.1:9"
    response = exchange(provider.id_token())
    assert (response.status_code, response.json()) == (503, SILENT)


def test_a_provider_that_is_slow_is_told(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_TIMEOUT_S = 0.2
    provider.delay_s = 1.0
    response = exchange(provider.id_token())
    assert (response.status_code, response.json()) == (503, SILENT)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://example.com"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": "http://example.com/jwks"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": 7},
    ],
    ids=str,
)
def test_a_discovery_document_that_is_wrong_is_not_used(provider: Provider, document: dict[str, Any]) -> None:
    provider.discovery = document
    response = exchange(provider.id_token())
    assert (response.status_code, response.json()) == (503, SILENT)


@pytest.mark.parametrize("keys", ["x" * 600_000, None], ids=["large", "none"])
def test_a_key_set_that_is_none_is_not_used(provider: Provider, keys: Any) -> None:
    provider.published = keys
    response = exchange(provider.id_token())
    assert (response.status_code, response.json()) == (503, SILENT)


def test_addresses_can_be_set(provider: Provider, reader: User, settings: Settings) -> None:
    link(reader, provider)
    settings.LIBERTY_OIDC_AUTHORIZATION_URL = f"{provider.issuer}/authorize"
    settings.LIBERTY_OIDC_TOKEN_URL = f"{provider.issuer}/token"
    settings.LIBERTY_OIDC_JWKS_URL = f"{provider.issuer}/jwks"
    check_signed_in(exchange(provider.id_token()), "reader")
    assert provider.calls == {"/jwks": 1}


# Requests


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, (["body", "id_token"], "missing")),
        (None, (["body", "id_token"], "missing")),
        ({"user": "admin", "password": "x"}, (["body", "id_token"], "missing")),
        ({"id_token": None}, (["body", "id_token"], "string_type")),
        ({"id_token": ["x"]}, (["body", "id_token"], "string_type")),
        ({"id_token": "x" * 16_385}, (["body", "id_token"], "string_too_long")),
        (["x"], (["body"], "dict_type")),
    ],
    ids=["empty", "none", "password", "null", "list", "long", "body list"],
)
def test_a_body_without_a_token_is_refused(provider: Provider, body: Any, fault: Any) -> None:
    response = post(body)
    assert response.status_code == 422
    assert [(entry["loc"], entry["type"]) for entry in response.json()["detail"]] == [fault]


def test_users_of_other_pools_do_not_sign_in_like_this(provider: Provider, admin: User) -> None:
    Pool.objects.create(apps_id=7, apps_pool="other", apps_dbtype="sqlite")
    response = exchange(provider.id_token(), "&pool=other")
    fault = {
        "loc": ["query", "pool"],
        "msg": "Users sign in by OIDC to the pool 'default' only",
        "type": "value_error",
    }
    assert (response.status_code, response.json()) == (422, {"detail": [fault]})


@pytest.mark.parametrize("missing", ["LIBERTY_OIDC_ISSUER", "LIBERTY_OIDC_CLIENT_ID"])
def test_a_provider_that_is_configured_by_half_is_off(
    provider: Provider, settings: Settings, missing: str
) -> None:
    token = provider.id_token()
    setattr(settings, missing, "")
    response = exchange(token)
    expected = {"status": "failed", "message": "OIDC sign-in is not configured"}
    assert (response.status_code, response.json()) == (401, expected)


@pytest.mark.parametrize("kind", ["oidc", "database"])
def test_a_large_body_is_refused_before_it_is_read(provider: Provider, kind: str) -> None:
    body = {"id_token": "x" * 65_536}
    response = APIClient().post(f"/api/auth/token?type={kind}", body, format="json")
    expected = {"status": "failed", "message": "The request body is too large."}
    assert (response.status_code, response.json()) == (413, expected)


def test_an_address_exchanges_only_so_many(provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_RATE = "2/minute"
    answers = [exchange("x") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    seconds = answers[2]["Retry-After"]
    message = f"Request was throttled. Expected available in {seconds} seconds."
    assert answers[2].json() == {"status": "failed", "message": message}
    by_password = post({"user": "x", "password": "x"}, "&type=database")
    assert by_password.status_code == 401
