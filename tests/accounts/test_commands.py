"""Django's own commands about users, on our table."""

import getpass
from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command

from apps.accounts.caller import Caller
from apps.accounts.models import User
from apps.accounts.services import sign_in
from liberty import crypto
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def change_password(monkeypatch: pytest.MonkeyPatch, user_id: str, password: str) -> str:
    out = StringIO()
    monkeypatch.setattr(getpass, "getpass", lambda prompt="": password)
    call_command("changepassword", user_id, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("stored", [None, "", "a password that is long gone"])
def test_changepassword_sets_a_hash(monkeypatch: pytest.MonkeyPatch, stored: str | None) -> None:
    User.objects.create(usr_id="ada", usr_status="Y", password=stored)
    assert "Password changed successfully" in change_password(monkeypatch, "ada", "a new one")
    assert check_password("a new one", str(User.objects.get().password))
    assert sign_in(user_id="ada", password="a new one") == Caller("ada")


def test_changepassword_lets_in_whom_an_import_has_shut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = crypto.encrypt_original("the old one", "master key")
    User.objects.create(usr_id="ada", usr_status="Y", password=imported)
    change_password(monkeypatch, "ada", "a new one")
    assert sign_in(user_id="ada", password="a new one") == Caller("ada")


def test_changepassword_of_nobody_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="nobody"):
        change_password(monkeypatch, "nobody", "a new one")


def test_createsuperuser_makes_an_administrator_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a good one")
    call_command("createsuperuser", "--noinput", "--usr_id=root", stdout=StringIO())
    caller = sign_in(user_id="root", password="a good one", admin_only=True)
    assert caller == Caller("root", is_admin=True)


def test_a_short_password_is_refused_everywhere(monkeypatch: pytest.MonkeyPatch, admin: User) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "1234567")
    with pytest.raises(CommandError, match="at least 8 characters"):
        call_command("createsuperuser", "--noinput", "--usr_id=root", stdout=StringIO())
    with pytest.raises(CommandError, match="Aborting"):
        change_password(monkeypatch, "admin", "1234567")
    assert sign_in(user_id="admin", password=PASSWORD) == Caller("admin", is_admin=True, language="en")
    assert User.objects.count() == 1


def test_createsuperuser_without_a_password_lets_nobody_in() -> None:
    call_command("createsuperuser", "--noinput", "--usr_id=root", stdout=StringIO())
    user = User.objects.get()
    assert (user.is_superuser, user.is_active, user.has_usable_password()) == (True, True, False)


def test_createsuperuser_does_not_replace_a_user(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a good one")
    with pytest.raises(CommandError, match="already"):
        call_command("createsuperuser", "--noinput", "--usr_id=admin", stdout=StringIO())
