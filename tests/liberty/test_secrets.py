"""Secret columns: what is recognised, taken and stored."""

import base64
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import check_password, make_password
from pytest_django import Settings

from liberty import crypto, secrets
from liberty.errors import MalformedRequest

PASSWORD_COLUMNS = ["APPS_PASSWORD", "apps_password", "API_PASSWORD", "CONN_PASSWORD"]


@pytest.fixture(autouse=True)
def encryption_key(settings: Settings) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


def stored(column: str, value: object) -> str:
    prepared = secrets.prepare_written(column, value)
    assert isinstance(prepared, str)
    return prepared


@pytest.mark.parametrize(
    ("name", "origin", "expected"),
    [
        ("USR_PASSWORD", None, True),
        ("usr_password", None, True),
        ("Apps_Password", None, True),
        ("API_PASSWORD", None, True),
        ("CONN_PASSWORD", None, True),
        ("X", ("ly_users", "usr_password"), True),
        ("X", ("LY_API", "API_PASSWORD"), True),
        ("usr_password", ("my_view", "usr_password"), True),
        ("X", ("customers", "usr_password"), False),
        ("USR_NAME", ("ly_users", "usr_name"), False),
        ("PASSWORD", None, False),
        ("USR_PASSWORD_DATE", None, False),
        ("", None, False),
    ],
)
def test_secrets_are_known_by_name_and_by_origin(
    name: str, origin: tuple[str, str] | None, expected: bool
) -> None:
    assert secrets.is_secret(name, origin) is expected


def test_the_stand_in_is_no_secret_in_any_form() -> None:
    assert crypto.is_encrypted(secrets.STAND_IN)
    assert not crypto.reads_stored(secrets.STAND_IN)


@pytest.mark.parametrize("column", [*PASSWORD_COLUMNS, "USR_PASSWORD"])
def test_the_stand_in_leaves_a_secret_as_it_is(column: str) -> None:
    assert secrets.prepare_written(column, "ENC:********") is secrets.KEEP


@pytest.mark.parametrize("column", [*PASSWORD_COLUMNS, "USR_PASSWORD"])
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_removes_a_secret(column: str, value: str | None) -> None:
    assert secrets.prepare_written(column, value) is None


@pytest.mark.parametrize("column", PASSWORD_COLUMNS)
@pytest.mark.parametrize("clear", ["secret", "p@ss:w/rd#%$&?é '", "argon2$argon2id$v=19$m=1,t=1,p=1$YQ$YQ"])
def test_credentials_are_encrypted_under_our_own_key(column: str, clear: str) -> None:
    written = stored(column, clear)
    assert crypto.reads_stored(written)
    assert crypto.decrypt_stored(written) == clear


@pytest.mark.parametrize("column", ["USR_PASSWORD", "usr_password"])
def test_a_users_password_is_hashed(column: str) -> None:
    written = stored(column, "a secret")
    assert not crypto.is_encrypted(written)
    assert check_password("a secret", written)


def test_a_posted_hash_is_a_password_like_another() -> None:
    posted = make_password("secret")
    written = stored("USR_PASSWORD", posted)
    assert not check_password("secret", written)
    assert check_password(posted, written)


def test_a_text_fresh_from_encrypt_is_taken_for_its_clear_text() -> None:
    transport = crypto.encrypt_transport("a secret")
    assert check_password("a secret", stored("USR_PASSWORD", transport))
    assert crypto.decrypt_stored(stored("APPS_PASSWORD", transport)) == "a secret"


def test_a_password_that_begins_like_an_encrypted_text_can_be_stored() -> None:
    transport = crypto.encrypt_transport("ENC:real")
    assert check_password("ENC:real", stored("USR_PASSWORD", transport))
    assert crypto.decrypt_stored(stored("APPS_PASSWORD", transport)) == "ENC:real"


@pytest.mark.parametrize("column", ["APPS_PASSWORD", "USR_PASSWORD"])
@pytest.mark.parametrize(
    "make",
    [
        crypto.encrypt_stored,
        lambda text: crypto.encrypt_original(text, "master key"),
        lambda text: crypto.encrypt_transport(text, clock=lambda: 0),
        lambda text: f"ENC:{text}",
        lambda text: "ENC:",
        lambda text: "ENC:*********",
    ],
    ids=["stored", "original", "old", "clear", "empty", "nearly the stand-in"],
)
def test_other_encrypted_texts_are_refused_without_being_shown(
    column: str, make: Callable[[str], str]
) -> None:
    posted = make("hunter2")
    with pytest.raises(MalformedRequest) as caught:
        secrets.prepare_written(column, posted)
    assert str(caught.value).startswith(f"{column}: ")
    assert "hunter2" not in str(caught.value)
    assert posted[4:] == "" or posted not in str(caught.value)


@pytest.mark.parametrize("value", [1, 1.5, True, ["secret"], {"a": "secret"}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(MalformedRequest, match="USR_PASSWORD: a secret is a text"):
        secrets.prepare_written("usr_password", value)


@pytest.mark.parametrize("password", ["x" * 1025, "é" * 513, "\ud800"])
def test_a_password_that_nobody_could_sign_in_with_is_refused(password: str) -> None:
    with pytest.raises(MalformedRequest, match="1 to 1024 bytes"):
        secrets.prepare_written("USR_PASSWORD", password)


def test_a_short_password_is_refused_for_users_alone() -> None:
    for short in ("x", "1234567", crypto.encrypt_transport("1234567")):
        with pytest.raises(MalformedRequest) as caught:
            secrets.prepare_written("usr_password", short)
        expected = "USR_PASSWORD: This password is too short. It must contain at least 8 characters."
        assert str(caught.value) == expected
    assert crypto.decrypt_stored(stored("APPS_PASSWORD", "x")) == "x"


def test_the_longest_password_is_hashed() -> None:
    assert check_password("é" * 512, stored("USR_PASSWORD", "é" * 512))
