"""Tokens on requests: from the header to the caller."""

from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.request import Request

from apps.accounts.authentication import TokenAuthentication
from apps.accounts.caller import Caller
from apps.accounts.models import User
from apps.accounts.tokens import issue_token
from apps.pools import catalogue
from apps.pools.models import CatalogueStamp
from liberty.errors import Unauthenticated

pytestmark = pytest.mark.django_db


def authenticate(header: str | None) -> tuple[Caller, str] | None:
    headers: dict[str, Any] = {} if header is None else {"Authorization": header}
    request = Request(RequestFactory().get("/", headers=headers))
    return TokenAuthentication().authenticate(request)


def caller_with(token: str) -> Caller:
    found = authenticate(f"Bearer {token}")
    assert found is not None
    return found[0]


def test_the_token_makes_the_caller(admin: User, reader: User) -> None:
    assert caller_with(issue_token(user_id="admin")) == Caller("admin", is_admin=True, language="en")
    assert caller_with(issue_token(user_id="reader")) == Caller("reader", read_only=True, language="fr")


@pytest.mark.parametrize("header", [None, ""])
def test_without_the_header_nobody_is_calling(header: str | None) -> None:
    assert authenticate(header) is None


@pytest.mark.parametrize("user_id", ["nobody", "ADMIN", "admin ", "", "stranger"])
def test_a_token_of_nobody_who_may_sign_in_is_invalid(admin: User, stranger: User, user_id: str) -> None:
    with pytest.raises(Unauthenticated, match=r"^Invalid token$"):
        caller_with(issue_token(user_id=user_id))


def test_a_warm_token_costs_no_statement(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = issue_token(user_id="admin")
    caller = caller_with(token)
    with django_assert_num_queries(0):
        assert caller_with(token) is caller


def test_another_token_of_the_user_costs_no_statement_either(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller_with(issue_token(user_id="admin"))
    with django_assert_num_queries(0):
        caller_with(issue_token(user_id="admin"))


def test_a_user_made_after_his_token_was_tried_is_let_in() -> None:
    token = issue_token(user_id="late")
    with pytest.raises(Unauthenticated):
        caller_with(token)
    User.objects.create_user("late", "x")
    assert caller_with(token) == Caller("late")


@pytest.mark.parametrize("change", [{"usr_status": "N"}, {"usr_admin": "N"}, {"usr_readonly": "Y"}])
def test_a_changed_user_is_seen_by_the_next_request(admin: User, change: dict[str, str]) -> None:
    token = issue_token(user_id="admin")
    before = caller_with(token)
    for name, value in change.items():
        setattr(admin, name, value)
    admin.save()
    if admin.is_active:
        after = caller_with(token)
        assert after != before
        assert after == Caller.of(admin, catalogue="default")
    else:
        with pytest.raises(Unauthenticated):
            caller_with(token)


def test_a_change_by_another_process_is_seen_at_the_next_look(admin: User, settings: Settings) -> None:
    token = issue_token(user_id="admin")
    assert caller_with(token).is_admin
    # What another process does: rows and stamp change, nothing in this process is told.
    User.objects.filter(usr_id="admin").update(usr_admin="N")
    CatalogueStamp.objects.update_or_create(catalogue="default", defaults={"stamp": 7_000_000})
    assert settings.LIBERTY_CATALOGUE_POLL_S < 1
    settings.LIBERTY_CATALOGUE_POLL_S = 0
    assert not caller_with(token).is_admin


def test_nothing_secret_is_remembered(admin: User) -> None:
    caller_with(issue_token(user_id="admin"))
    remembered = repr(catalogue._memories)
    assert "admin" in remembered
    assert str(admin.password) not in remembered
    assert "argon2" not in remembered


def test_the_challenge_is_bearer() -> None:
    assert TokenAuthentication().authenticate_header(Request(RequestFactory().get("/"))) == "Bearer"
