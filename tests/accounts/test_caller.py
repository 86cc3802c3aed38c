"""What a caller may reach."""

import dataclasses

import pytest

from apps.accounts.caller import Caller
from apps.accounts.models import User


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"usr_admin": "Y"}, Caller("x", "crm", is_admin=True)),
        ({"usr_admin": "N", "usr_readonly": "Y"}, Caller("x", "crm", read_only=True)),
        ({"usr_admin": "y", "usr_readonly": "y"}, Caller("x", "crm")),
        ({"usr_admin": None, "usr_readonly": None, "usr_language": "fr"}, Caller("x", "crm", language="fr")),
    ],
)
def test_a_caller_is_made_of_the_columns_of_a_user(columns: dict[str, str], expected: Caller) -> None:
    assert Caller.of(User(usr_id="x", **columns), catalogue="crm") == expected


@pytest.mark.parametrize(
    ("caller", "administers", "is_platform_admin"),
    [
        (Caller("x", "default", is_admin=True), {"default", "crm", "hr"}, True),
        (Caller("x", "crm", is_admin=True), {"crm"}, False),
        (Caller("x", "default"), set(), False),
        (Caller("x", "crm"), set(), False),
    ],
)
def test_rights_hold_inside_the_catalogue(
    caller: Caller, administers: set[str], is_platform_admin: bool
) -> None:
    assert {name for name in ("default", "crm", "hr") if caller.administers(name)} == administers
    assert caller.is_platform_admin is is_platform_admin


def test_a_caller_holds_no_password() -> None:
    names = {field.name for field in dataclasses.fields(Caller)}
    assert names == {"user_id", "catalogue", "is_admin", "read_only", "language"}


def test_users_of_two_catalogues_are_told_apart() -> None:
    assert Caller("x").pk != Caller("x", "crm").pk


def test_a_caller_is_someone_who_is_signed_in() -> None:
    assert Caller("x").is_authenticated
    assert Caller("x").is_active
