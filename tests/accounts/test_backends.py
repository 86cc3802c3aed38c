"""Signing in to the admin site."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.test import Client

from apps.accounts.backends import PasswordBackend
from apps.accounts.models import User, UserState
from liberty import crypto
from tests.conftest import PASSWORD

LOGIN = "/admin/login/?next=/admin/"

pytestmark = pytest.mark.django_db


def sign_in(username: str, password: str) -> Client:
    client = Client()
    client.post(LOGIN, {"username": username, "password": password})
    return client


def is_let_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_an_administrator_is_let_in(admin: User) -> None:
    assert is_let_in(sign_in("admin", PASSWORD))
    assert UserState.objects.get().usr_id == "admin"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("admin", "another one"),
        ("admin", ""),
        ("admin", "ENC:********"),
        ("ADMIN", PASSWORD),
        ("nobody", PASSWORD),
        ("reader", PASSWORD),
        ("stranger", PASSWORD),
    ],
)
def test_nobody_else_is(admin: User, reader: User, stranger: User, username: str, password: str) -> None:
    assert not is_let_in(sign_in(username, password))


def test_a_text_under_our_own_key_lets_in_and_becomes_a_hash() -> None:
    User.objects.create(usr_id="old", usr_status="Y", usr_admin="Y", password=crypto.encrypt_stored(PASSWORD))
    client = sign_in("old", PASSWORD)
    assert is_let_in(client)
    assert str(User.objects.get().password).startswith("argon2$")


def test_a_stored_text_lets_nobody_in_by_being_typed() -> None:
    for number, stored in enumerate([make_password(PASSWORD), crypto.encrypt_stored(PASSWORD)]):
        User.objects.create(usr_id=f"u{number}", usr_status="Y", usr_admin="Y", password=stored)
        assert not is_let_in(sign_in(f"u{number}", stored))


@pytest.mark.parametrize("change", [{"usr_status": "N"}, {"usr_admin": "N"}])
def test_a_session_ends_with_the_rights(admin: User, change: dict[str, str]) -> None:
    client = sign_in("admin", PASSWORD)
    assert is_let_in(client)
    User.objects.update(**change)
    assert not is_let_in(client)


def test_a_session_ends_with_the_password(admin: User) -> None:
    client = sign_in("admin", PASSWORD)
    User.objects.update(password=make_password("another one"))
    assert not is_let_in(client)


def test_a_session_ends_with_the_user(admin: User) -> None:
    client = sign_in("admin", PASSWORD)
    User.objects.all().delete()
    assert not is_let_in(client)


def test_the_user_may_be_named_as_the_model_names_him(admin: User) -> None:
    assert authenticate(None, usr_id="admin", password=PASSWORD) == admin


def test_without_user_or_password_nobody_is_looked_for() -> None:
    assert PasswordBackend().authenticate(None) is None
    assert PasswordBackend().authenticate(None, username="admin") is None


def test_an_administrator_may_everything(admin: User, reader: User) -> None:
    assert admin.has_perm("accounts.change_user")
    assert not reader.has_perm("accounts.change_user")
