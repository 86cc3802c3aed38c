"""Issuing access tokens and reading them back."""

import base64
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from pytest_django import Settings
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from apps.accounts import tokens
from apps.accounts.tokens import Claims, issue_token, read_token
from liberty.crypto import purpose_keys
from liberty.errors import Unauthenticated

YEAR_2100 = 4_102_444_800  # in seconds since the epoch


def signed(claims: dict[str, Any], *, key: bytes | None = None, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, purpose_keys("tokens")[0] if key is None else key, algorithm=algorithm)


def good_claims(**others: Any) -> dict[str, Any]:
    now = int(time.time())
    claims: dict[str, Any] = {
        "token_type": "access",
        "sub": "admin",
        "pool": "default",
        "jti": "1",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in (claims | others).items() if value is not None}


def refusal_of(token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        read_token(token)
    return caught.value.message


def part(token: str, number: int) -> Any:
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@pytest.mark.parametrize("user_id", ["admin", "o'brien", "Ünïcode 用户", "7", "a/b"])
@pytest.mark.parametrize("catalogue", ["default", "crm"])
def test_a_token_names_user_and_catalogue(user_id: str, catalogue: str) -> None:
    claims = read_token(issue_token(user_id=user_id, catalogue=catalogue))
    assert (claims.user_id, claims.catalogue) == (user_id, catalogue)


def test_a_token_says_nothing_else() -> None:
    token = issue_token(user_id="admin")
    payload = part(token, 1)
    assert part(token, 0) == {"alg": "HS256", "typ": "JWT"}
    assert set(payload) == {"token_type", "sub", "pool", "jti", "iat", "exp"}
    assert (payload["token_type"], payload["sub"], payload["pool"]) == ("access", "admin", "default")


def test_a_token_is_good_for_240_minutes() -> None:
    payload = part(issue_token(user_id="admin"), 1)
    assert payload["exp"] - payload["iat"] == timedelta(minutes=240).total_seconds()


def test_two_tokens_are_never_the_same() -> None:
    assert issue_token(user_id="admin") != issue_token(user_id="admin")


def test_a_token_made_by_hand_with_our_key_is_read() -> None:
    claims = good_claims()
    assert read_token(signed(claims)) == Claims("admin", "default", claims["exp"])


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": 7},
        {"pool": None},
        {"pool": ["default"]},
        {"jti": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"token_type": None},
        {"token_type": "refresh"},
        {"iat": YEAR_2100},
        {"nbf": YEAR_2100},
    ],
    ids=str,
)
def test_a_token_without_what_we_put_in_is_invalid(claims: dict[str, Any]) -> None:
    payload = good_claims(**claims)
    if claims == {"sub": 7}:  # PyJWT would not write it
        payload["sub"] = 7
        token = signed_by_hand(payload)
    else:
        token = signed(payload)
    assert refusal_of(token) == "Invalid token"


def signed_by_hand(payload: dict[str, Any]) -> str:
    return jwt.api_jws.encode(json.dumps(payload).encode(), purpose_keys("tokens")[0], algorithm="HS256")


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "..", "é.é.é", "\x00", "null", "e30.e30.", "[" * 5000, "a" * 100_000],
    ids=lambda token: token[:5],
)
def test_what_is_no_token_is_invalid(token: str) -> None:
    assert refusal_of(token) == "Invalid token"


def test_an_unsigned_token_is_invalid() -> None:
    assert refusal_of(jwt.encode(good_claims(), "", algorithm="none")) == "Invalid token"


def test_an_unsigned_token_with_our_signature_is_invalid() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    _, payload, signature = issue_token(user_id="admin").split(".")
    assert refusal_of(f"{header}.{payload}.{signature}") == "Invalid token"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_right_key_is_invalid(algorithm: str) -> None:
    key = purpose_keys("tokens")[0]
    assert refusal_of(jwt_without_warning(key, algorithm)) == "Invalid token"


def jwt_without_warning(key: bytes, algorithm: str) -> str:
    # PyJWT warns that the key is short for the algorithm; a forger would not care.
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        return signed(good_claims(), key=key, algorithm=algorithm)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_changed_token_is_invalid(index: int) -> None:
    parts = issue_token(user_id="admin").split(".")
    parts[index] = parts[index][:5] + ("A" if parts[index][5] != "A" else "B") + parts[index][6:]
    assert refusal_of(".".join(parts)) == "Invalid token"


def test_the_payload_of_another_token_is_invalid() -> None:
    head, _, signature = issue_token(user_id="reader").split(".")
    assert refusal_of(f"{head}.{issue_token(user_id='admin').split('.')[1]}.{signature}") == "Invalid token"


def test_tokens_signed_with_the_secret_key_itself_are_invalid(settings: Settings) -> None:
    assert refusal_of(signed(good_claims(), key=settings.SECRET_KEY.encode())) == "Invalid token"


@pytest.mark.parametrize("kind", [AccessToken, RefreshToken])
def test_tokens_of_the_library_are_invalid(kind: type[AccessToken | RefreshToken]) -> None:
    token = kind()
    token["sub"], token["pool"] = "admin", "default"
    assert refusal_of(str(token)) == "Invalid token"


# Time


@pytest.mark.parametrize("ahead_s", [0, 3, 4])
def test_a_token_of_a_node_whose_clock_is_ahead_is_good(ahead_s: int) -> None:
    assert read_token(signed(good_claims(iat=int(time.time()) + ahead_s))).user_id == "admin"


@pytest.mark.parametrize(("over_s", "is_good"), [(-1, True), (0, True), (3, True), (6, False), (3600, False)])
def test_the_leeway_is_five_seconds(over_s: int, is_good: bool) -> None:
    assert api_settings.LEEWAY == 5
    token = signed(good_claims(iat=None, exp=int(time.time()) - over_s))
    if is_good:
        assert read_token(token).user_id == "admin"
    else:
        assert refusal_of(token) == "Token has expired"


def test_a_remembered_token_expires_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue_token(user_id="admin")
    claims = read_token(token)
    for after_s, is_good in [(4, True), (6, False)]:
        monkeypatch.setattr(time, "time", lambda after_s=after_s: claims.expires_at + after_s)
        if is_good:
            assert read_token(token) == claims
        else:
            assert refusal_of(token) == "Token has expired"


def test_a_good_token_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue_token(user_id="admin")
    claims = read_token(token)
    monkeypatch.setattr(tokens, "_Token", None)
    assert read_token(token) == claims


# Rotation of the key


def test_a_changed_secret_key_ends_tokens(settings: Settings) -> None:
    token = issue_token(user_id="admin")
    read_token(token)
    settings.SECRET_KEY = "another secret key"
    assert refusal_of(token) == "Invalid token"


def test_an_overlap_keeps_tokens_until_the_old_key_is_removed(settings: Settings) -> None:
    token = issue_token(user_id="admin")
    settings.SECRET_KEY_FALLBACKS = ["a third one", settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"
    assert read_token(token).user_id == "admin"
    newer = issue_token(user_id="admin")
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal_of(token) == "Invalid token"
    assert read_token(newer).user_id == "admin"


def test_an_expired_token_of_an_older_key_has_expired(settings: Settings) -> None:
    token = signed(good_claims(iat=None, exp=int(time.time()) - 60))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"
    assert refusal_of(token) == "Token has expired"
