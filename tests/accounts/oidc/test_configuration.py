"""The settings of sign-in by OIDC, and the system check of them."""

from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from apps.accounts.oidc.configuration import configuration, is_safe_url

GOOD = {"ISSUER": "https://id.example.com", "CLIENT_ID": "liberty"}


def configure(settings: Settings, **values: Any) -> None:
    for name, value in values.items():
        setattr(settings, f"LIBERTY_OIDC_{name}", value)


def found() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "liberty.E021"]


def test_without_any_setting_it_is_off_without_a_word() -> None:
    assert configuration() is None
    assert found() == []


def test_issuer_and_client_are_enough(settings: Settings) -> None:
    configure(settings, **GOOD)
    known = configuration()
    assert known is not None
    assert (known.shown_name, known.algorithm, known.creates_users) == ("id.example.com", "RS256", False)
    assert found() == []


def test_the_secret_is_not_shown(settings: Settings) -> None:
    configure(settings, **GOOD, CLIENT_SECRET="hunter2")
    assert "hunter2" not in repr(configuration())


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"ISSUER": ""}, "LIBERTY_OIDC_ISSUER is not set."),
        ({"CLIENT_ID": ""}, "LIBERTY_OIDC_CLIENT_ID is not set."),
        ({"ISSUER": "http://id.example.com"}, "LIBERTY_OIDC_ISSUER is no https:// address."),
        ({"ISSUER": "https://id.example.com?a=b"}, "LIBERTY_OIDC_ISSUER is no https:// address."),
        ({"ISSUER": "id.example.com"}, "LIBERTY_OIDC_ISSUER is no https:// address."),
        ({"ALGORITHM": "HS256"}, "LIBERTY_OIDC_ALGORITHM is none of RS256, "),
        ({"ALGORITHM": "none"}, "LIBERTY_OIDC_ALGORITHM is none of RS256, "),
        ({"ALGORITHM": ""}, "LIBERTY_OIDC_ALGORITHM is none of RS256, "),
        ({"SCOPES": "profile"}, "LIBERTY_OIDC_SCOPES does not name `openid`."),
        ({"TOKEN_URL": "http://id.example.com/t"}, "LIBERTY_OIDC_TOKEN_URL is no https:// address."),
        ({"ROLES": "{"}, "LIBERTY_OIDC_ROLES is no JSON object"),
        ({"ROLES": '["a"]'}, "LIBERTY_OIDC_ROLES is no JSON object"),
        ({"ROLES": '{"a": 1}'}, "LIBERTY_OIDC_ROLES is no JSON object"),
        ({"ROLES": '{"a": "B"}'}, "LIBERTY_OIDC_ROLES_CLAIM is not set"),
        ({"ADMIN_GROUPS": ["a"]}, "LIBERTY_OIDC_ROLES_CLAIM is not set"),
        ({"CREATE_USERS": True, "USER_CLAIM": ""}, "LIBERTY_OIDC_USER_CLAIM is not set"),
        ({"TIMEOUT_S": 0.0}, "LIBERTY_OIDC_TIMEOUT_S is not above 0."),
        ({"LEEWAY_S": 3600}, "LIBERTY_OIDC_LEEWAY_S is not between 0 and 300."),
    ],
    ids=str,
)
def test_a_fault_is_named_and_turns_it_off(settings: Settings, values: dict[str, Any], fault: str) -> None:
    configure(settings, **GOOD | values)
    assert configuration() is None
    assert [message.startswith(f"Sign-in by OIDC is off: {fault}") for message in found()] == [True]


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://id.example.com/realms/a", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://id.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("https://user:secret@id.example.com", False),
        ("ftp://localhost", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_addresses_that_nobody_listens_at_are_safe(url: str, is_safe: bool) -> None:
    assert is_safe_url(url) is is_safe
