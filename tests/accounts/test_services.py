"""Signing in, on the default catalogue."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts import passwords
from apps.accounts.caller import Caller
from apps.accounts.models import User, UserState
from apps.accounts.services import sign_in
from liberty import crypto
from liberty.errors import Unauthenticated, UnknownPool
from tests.hashers import QuickArgon2PasswordHasher

PASSWORD = "the right one"
# Statements of a refusal that is not the first: the lock, the user, two counts, and a savepoint around these.
REFUSAL = 6

pytestmark = pytest.mark.django_db


def user_with(stored: str | None, **columns: Any) -> User:
    columns = {"usr_id": "ada", "usr_status": "Y", "usr_admin": "N"} | columns
    return User.objects.create(password=stored, **columns)


def stored_of(user_id: str = "ada") -> str | None:
    return User.objects.values_list("password", flat=True).get(usr_id=user_id)


def refuse(password: str = PASSWORD, user_id: str = "ada", **options: Any) -> None:
    with pytest.raises(Unauthenticated, match=r"^Authentication failed$"):
        sign_in(user_id=user_id, password=password, **options)


def test_the_right_password_signs_in() -> None:
    user_with(make_password(PASSWORD), usr_language="fr", usr_readonly="Y")
    caller = sign_in(user_id="ada", password=PASSWORD)
    assert caller == Caller("ada", "default", is_admin=False, read_only=True, language="fr")


def test_a_hash_is_not_touched() -> None:
    user = user_with(make_password(PASSWORD))
    sign_in(user_id="ada", password=PASSWORD)
    assert stored_of() == user.password


@pytest.mark.parametrize(
    "password", ["", " ", "another one", f"{PASSWORD} ", PASSWORD.upper(), "\0", "\ud800"]
)
def test_a_wrong_password_does_not(password: str) -> None:
    user_with(make_password(PASSWORD))
    refuse(password)


@pytest.mark.parametrize(
    "user_id", ["", "ADA", "Ada", "ada ", " ada", "ada\x00", "\x00", "\ud800", "a" * 101, "a' OR '1'='1", "%"]
)
def test_a_user_id_is_taken_exactly(user_id: str) -> None:
    user_with(make_password(PASSWORD))
    refuse(user_id=user_id)


@pytest.mark.parametrize("status", ["N", None, "", "y", "A"])
def test_a_disabled_user_does_not_sign_in(status: str | None) -> None:
    user_with(make_password(PASSWORD), usr_status=status)
    refuse()


def test_in_framework_mode_only_administrators_sign_in() -> None:
    user_with(make_password(PASSWORD))
    user_with(make_password(PASSWORD), usr_id="root", usr_admin="Y")
    refuse(admin_only=True)
    assert sign_in(user_id="root", password=PASSWORD, admin_only=True) == Caller("root", is_admin=True)


def test_an_unknown_pool_is_named() -> None:
    with pytest.raises(UnknownPool, match="`nowhere`"):
        sign_in(user_id="ada", password=PASSWORD, catalogue="nowhere")


# What is stored as ENC:


def test_a_text_under_our_own_key_signs_in_and_becomes_a_hash() -> None:
    user_with(crypto.encrypt_stored(PASSWORD))
    sign_in(user_id="ada", password=PASSWORD)
    stored = stored_of() or ""
    assert stored.startswith("argon2$argon2id$")
    assert check_password(PASSWORD, stored)


def test_an_older_hash_is_renewed() -> None:
    class Older(QuickArgon2PasswordHasher):
        time_cost = 2

    user = user_with(Older().encode(PASSWORD, Older().salt()))
    sign_in(user_id="ada", password=PASSWORD)
    assert stored_of() != user.password
    assert check_password(PASSWORD, stored_of() or "")


@pytest.mark.parametrize("columns", [{"usr_status": "N"}, {}])
def test_a_refused_sign_in_changes_nothing(columns: dict[str, str]) -> None:
    user = user_with(crypto.encrypt_stored(PASSWORD), **columns)
    refuse("another one")
    refuse(admin_only=True)
    assert stored_of() == user.password
    assert not UserState.objects.exists()


@pytest.mark.parametrize(
    "encrypt",
    [crypto.encrypt_stored, lambda text: crypto.encrypt_original(text, "master key")],
    ids=["stored", "original"],
)
def test_a_stored_text_never_signs_in_by_being_posted(encrypt: Callable[[str], str]) -> None:
    user = user_with(encrypt(PASSWORD))
    refuse(user.password or "")


def test_a_text_of_the_original_signs_nobody_in() -> None:
    user_with(crypto.encrypt_original(PASSWORD, "master key"))
    refuse(PASSWORD)


def test_a_hash_never_signs_in_by_being_posted() -> None:
    refuse(user_with(make_password(PASSWORD)).password or "")


def test_a_password_encrypted_moments_ago_signs_in() -> None:
    user_with(make_password(PASSWORD))
    assert sign_in(user_id="ada", password=crypto.encrypt_transport(PASSWORD)) == Caller("ada")


def test_a_password_encrypted_long_ago_does_not() -> None:
    user_with(make_password(PASSWORD))
    refuse(crypto.encrypt_transport(PASSWORD, clock=lambda: timezone.now().timestamp() - 301))


def test_a_password_that_begins_like_an_encrypted_text_signs_in_when_encrypted() -> None:
    user_with(make_password("ENC:mine"))
    refuse("ENC:mine")
    assert sign_in(user_id="ada", password=crypto.encrypt_transport("ENC:mine")) == Caller("ada")


# Nothing is told by time


@pytest.mark.parametrize(
    ("stored", "columns", "user_id"),
    [
        (make_password, {}, "ada"),
        (make_password, {}, "nobody"),
        (make_password, {}, "no\x00body"),
        (make_password, {"usr_status": "N"}, "ada"),
        (crypto.encrypt_stored, {}, "ada"),
        (crypto.encrypt_stored, {"usr_status": "N"}, "ada"),
        (lambda text: crypto.encrypt_original(text, "master key"), {}, "ada"),
        (lambda text: None, {}, "ada"),
        (lambda text: "", {}, "ada"),
    ],
    ids=["known", "unknown", "NUL", "disabled", "ENC", "ENC disabled", "original", "NULL", "empty"],
)
@pytest.mark.parametrize("password", ["another one", "", "ENC:AAAA"])
def test_every_refusal_costs_one_hash(
    stored: Callable[[str], str | None],
    columns: dict[str, str],
    user_id: str,
    password: str,
    hashes: list[str],
) -> None:
    user_with(stored(PASSWORD), **columns)
    hashes.clear()
    refuse(password, user_id)
    assert hashes == ["verify"]


@pytest.mark.parametrize(("columns", "options"), [({"usr_status": "N"}, {}), ({}, {"admin_only": True})])
def test_the_right_password_of_who_may_not_sign_in_costs_the_same(
    columns: dict[str, str],
    options: dict[str, Any],
    hashes: list[str],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user_with(crypto.encrypt_stored(PASSWORD), **columns)
    refuse("another one")
    hashes.clear()
    with django_assert_num_queries(REFUSAL):
        refuse(**options)
    assert hashes == ["verify"]


@pytest.mark.parametrize("user_id", ["ada", "nobody"])
def test_known_and_unknown_users_cost_the_same_statements(
    user_id: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user_with(make_password(PASSWORD))
    refuse("another one", user_id)
    with django_assert_num_queries(REFUSAL):
        refuse("another one", user_id)


def test_a_sign_in_costs_one_statement_for_the_lock(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user_with(make_password(PASSWORD))
    # The lock, the user, and what records the sign-in in a transaction of its own.
    with django_assert_num_queries(2 + 3):
        sign_in(user_id="ada", password=PASSWORD)


# What is written


def test_the_last_sign_in_is_recorded_beside_the_table() -> None:
    before = timezone.now()
    user_with(make_password(PASSWORD))
    UserState.objects.create(usr_id="ada", must_change_password=True)
    for _ in range(2):
        sign_in(user_id="ada", password=PASSWORD)
    state = UserState.objects.get()
    assert state.last_sign_in is not None
    assert before <= state.last_sign_in <= timezone.now()
    assert state.must_change_password


def test_a_password_changed_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    user_with(crypto.encrypt_stored(PASSWORD))
    newer = make_password("a newer one")
    check = passwords.check

    def check_and_change(clear: str | None, stored: str | None) -> passwords.Verdict:
        User.objects.update(password=newer)
        return check(clear, stored)

    monkeypatch.setattr(passwords, "check", check_and_change)
    sign_in(user_id="ada", password=PASSWORD)
    assert stored_of() == newer


def test_a_write_that_fails_is_logged_and_refuses_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse_writes(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("read-only")

    user_with(crypto.encrypt_stored(PASSWORD))
    monkeypatch.setattr("django.db.models.query.QuerySet.update", refuse_writes)
    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", refuse_writes)
    with caplog.at_level(logging.WARNING, logger="liberty.accounts"):
        assert sign_in(user_id="ada", password=PASSWORD) == Caller("ada")
    assert [record.message for record in caplog.records] == [
        "the password of a user could not be hashed anew",
        "a sign-in could not be recorded",
    ]


def test_no_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    user_with(crypto.encrypt_stored(PASSWORD))
    with caplog.at_level(logging.DEBUG):
        sign_in(user_id="ada", password=PASSWORD)
        refuse("hunter2")
        refuse("ENC:hunter2")
    liberty = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    assert PASSWORD not in liberty
    assert "hunter2" not in liberty
