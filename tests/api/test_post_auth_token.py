"""POST /api/auth/token."""

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.tokens import read_token
from liberty import crypto
from tests.conftest import PASSWORD

PATH = "/api/auth/token"
SUCCESS = {"token_type": "bearer", "status": "success", "message": "Authentication successful"}
REFUSED = {"status": "failed", "message": "Authentication failed"}

pytestmark = pytest.mark.django_db


def post(body: Any, query: str = "", client: APIClient | None = None) -> Any:
    return (client or APIClient()).post(f"{PATH}{query}", body, format="json")


def post_text(text: Any, content_type: str = "application/json") -> Any:
    return APIClient().generic("POST", PATH, text, content_type)


def credentials(user: str = "admin", password: str = PASSWORD) -> dict[str, str]:
    return {"user": user, "password": password}


def check_token(response: Any, user_id: str, catalogue: str = "default") -> None:
    body = response.json()
    claims = read_token(body["access_token"])
    assert (response.status_code, body) == (200, {"access_token": body["access_token"], **SUCCESS})
    assert (claims.user_id, claims.catalogue) == (user_id, catalogue)


def check_refused(response: Any) -> None:
    assert (response.status_code, response.json()) == (401, REFUSED)
    assert response["WWW-Authenticate"] == "Bearer"


def check_faults(response: Any, *faults: tuple[list[str], str]) -> None:
    body = response.json()
    found = [(fault["loc"], fault["type"]) for fault in body["detail"]]
    assert (response.status_code, found) == (422, list(faults))
    assert set(body) == {"detail"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?pool=default&mode=session&type=database",
        "?pool=&mode=&type=",
        "?mode=framework",
        "?pool=default&unknown=1",
    ],
)
def test_the_right_password_gets_a_token(admin: User, query: str) -> None:
    check_token(post(credentials(), query), "admin")


def test_the_members_are_in_the_documented_order(admin: User) -> None:
    assert list(post(credentials()).json()) == ["access_token", "token_type", "status", "message"]


def test_a_token_is_not_kept_by_anything_between(admin: User) -> None:
    assert post(credentials())["Cache-Control"] == "no-store"


def test_the_token_opens_the_api(admin: User) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {post(credentials()).json()['access_token']}")
    assert client.get("/api/auth/user").status_code == 200


def test_a_password_encrypted_moments_ago_gets_a_token(admin: User) -> None:
    check_token(post(credentials(password=crypto.encrypt_transport(PASSWORD))), "admin")


def test_a_password_stored_under_our_own_key_gets_a_token_and_is_hashed() -> None:
    User.objects.create(usr_id="old", usr_status="Y", password=crypto.encrypt_stored(PASSWORD))
    check_token(post(credentials("old")), "old")
    assert str(User.objects.get().password).startswith("argon2$")
    check_token(post(credentials("old")), "old")


def test_other_members_of_the_body_are_ignored(admin: User) -> None:
    check_token(post(credentials() | {"remember": True}), "admin")


def test_a_body_is_json_whatever_its_content_type_says(admin: User) -> None:
    check_token(post_text(f'{{"user": "admin", "password": "{PASSWORD}"}}', "text/plain"), "admin")


def test_a_token_that_came_with_the_request_plays_no_part(admin: User) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    check_token(post(credentials(), client=client), "admin")


# Refusals: one answer for all of them


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("admin", "another one"),
        ("admin", ""),
        ("admin", "a\0b"),
        ("admin", "x" * 1024),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("ADMIN", PASSWORD),
        ("admin ", PASSWORD),
        ("ad\0min", PASSWORD),
        ("x" * 1024, PASSWORD),
        ("stranger", PASSWORD),
        ("passwordless", ""),
        ("passwordless", PASSWORD),
        ("admin", "ENC:********"),
        ("admin", "ENC:"),
    ],
)
def test_every_refusal_is_the_same(admin: User, stranger: User, user: str, password: str) -> None:
    User.objects.create(usr_id="passwordless", usr_status="Y")
    check_refused(post(credentials(user, password)))


def test_stored_texts_are_no_passwords() -> None:
    for number, stored in enumerate(
        [
            make_password(PASSWORD),
            crypto.encrypt_stored(PASSWORD),
            crypto.encrypt_original(PASSWORD, "master key"),
        ]
    ):
        User.objects.create(usr_id=f"user{number}", usr_status="Y", password=stored)
        check_refused(post(credentials(f"user{number}", stored)))


def test_a_text_of_the_original_signs_nobody_in_with_its_clear_text_either() -> None:
    User.objects.create(
        usr_id="imported", usr_status="Y", password=crypto.encrypt_original(PASSWORD, "master key")
    )
    check_refused(post(credentials("imported")))


def test_in_framework_mode_who_is_no_administrator_is_refused(reader: User) -> None:
    check_refused(post(credentials("reader"), "?mode=framework"))
    check_token(post(credentials("reader"), "?mode=session"), "reader")


@pytest.mark.parametrize(
    "body", [credentials(), credentials("nobody", ""), {"user": "admin", "password": ""}]
)
def test_nobody_gets_a_token_by_oidc_as_long_as_it_is_not_configured(
    admin: User, body: dict[str, str]
) -> None:
    response = post(body, "?type=oidc")
    expected = {"status": "failed", "message": "OIDC sign-in is not configured"}
    assert (response.status_code, response.json()) == (401, expected)


def test_an_unknown_pool_is_named(admin: User) -> None:
    response = post(credentials(), "?pool=libnsx1")
    expected = {"status": "failed", "message": "Requested pool `libnsx1` not found"}
    assert (response.status_code, response.json()) == (500, expected)


# Requests that cannot be understood


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?mode=other", [(["query", "mode"], "enum")]),
        ("?type=ldap", [(["query", "type"], "enum")]),
        ("?mode=SESSION&type=x", [(["query", "mode"], "enum"), (["query", "type"], "enum")]),
        ("?pool=a%00b", [(["query", "pool"], "string_unicode")]),
    ],
)
def test_arguments_that_are_not_listed_are_refused(query: str, faults: list[tuple[list[str], str]]) -> None:
    check_faults(post(credentials(), query), *faults)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [(["body", "user"], "missing"), (["body", "password"], "missing")]),
        ({"user": "admin"}, [(["body", "password"], "missing")]),
        ({"USER": "admin", "password": "x"}, [(["body", "user"], "missing")]),
        ({"user": "admin", "password": None}, [(["body", "password"], "string_type")]),
        ({"user": None, "password": "x"}, [(["body", "user"], "string_type")]),
        (
            {"user": 1, "password": 2},
            [(["body", "user"], "string_type"), (["body", "password"], "string_type")],
        ),
        ({"user": {"=": "admin"}, "password": "x"}, [(["body", "user"], "string_type")]),
        ({"user": "admin", "password": ["x"]}, [(["body", "password"], "string_type")]),
        ({"user": "admin", "password": "x" * 1025}, [(["body", "password"], "string_too_long")]),
        ({"user": "admin", "password": "é" * 513}, [(["body", "password"], "string_too_long")]),
        ({"user": "x" * 1025, "password": "x"}, [(["body", "user"], "string_too_long")]),
        ({"user": "admin", "password": "ENC:" + "x" * 5000}, [(["body", "password"], "string_too_long")]),
        ([], [(["body"], "dict_type")]),
        ([credentials()], [(["body"], "dict_type")]),
        ("admin", [(["body"], "dict_type")]),
        (7, [(["body"], "dict_type")]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_without_user_and_password_is_refused(body: Any, faults: list[tuple[list[str], str]]) -> None:
    check_faults(post(body), *faults)


@pytest.mark.parametrize("text", [b"", b" \n"])
def test_no_body_is_refused(text: bytes) -> None:
    check_faults(post_text(text), (["body", "user"], "missing"), (["body", "password"], "missing"))


def test_a_fault_does_not_show_what_was_sent(admin: User) -> None:
    response = post({"user": "hunter2" * 200, "password": ["hunter2"]}, "?mode=session")
    assert response.status_code == 422
    assert b"hunter2" not in response.content


def test_user_and_password_in_the_query_string_are_not_taken(admin: User) -> None:
    response = post({}, f"?user=admin&password={PASSWORD}")
    check_faults(response, (["body", "user"], "missing"), (["body", "password"], "missing"))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "user=admin&password=x",
        "{'user': 'admin', 'password': 'x'}",
        '{"user": "admin", "password": "\\ud800"}',
        b'{"user": "admin", "password": "\xff"}',
        '{"user": "admin", "password": NaN}',
        '{"user": ' + "[" * 20_000,
    ],
    ids=lambda text: str(text[:20]),
)
def test_a_body_that_is_no_json_is_refused(text: str | bytes) -> None:
    response = post_text(text)
    expected = {"status": "failed", "message": "Invalid JSON format in request body."}
    assert (response.status_code, response.json()) == (400, expected)


def test_a_body_over_the_limit_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post({"user": "admin", "password": "x" * 2000})
    expected = {"status": "failed", "message": "The request body is too large."}
    assert (response.status_code, response.json()) == (413, expected)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_signs_in(method: str) -> None:
    response: Any = getattr(APIClient(), method)(PATH)
    expected = {"detail": f'Method "{method.upper()}" not allowed.'}
    assert (response.status_code, response.json()) == (405, expected)
