"""Who may make a stored call to a service."""

import pytest
from pytest_django import Settings

from apps.accounts.caller import Caller
from apps.queries.permissions import check_call
from liberty.errors import Forbidden

PLATFORM = Caller("ada", is_admin=True)
READING = Caller("ann", is_admin=True, read_only=True)
CRM_ADMIN = Caller("bob", catalogue="crm", is_admin=True)
CRM_USER = Caller("cid", catalogue="crm")
CRM_READER = Caller("dot", catalogue="crm", read_only=True)

ELSEWHERE = "Your sign-in does not reach this catalogue."
ADMIN = "This needs an administrator."
PLATFORM_ADMIN = "This needs an administrator of the default catalogue."
BORROWED = "This call of another catalogue would be made with your rights on this server."
READ_ONLY = "A read-only user cannot write."

# Caller, catalogue, number, internal, reading, and the refusal; call 7 of `crm` is open to its users.
CASES = [
    (PLATFORM, "default", 1, False, False, ""),
    (PLATFORM, "default", 1, True, False, ""),
    (PLATFORM, "crm", 1, False, False, ""),
    (PLATFORM, "crm", 1, True, True, ""),
    (PLATFORM, "crm", 1, True, False, BORROWED),
    (PLATFORM, "crm", 7, True, False, ""),
    (READING, "crm", 1, False, False, READ_ONLY),
    (READING, "crm", 1, False, True, ""),
    (CRM_ADMIN, "default", 1, True, True, ELSEWHERE),
    (CRM_ADMIN, "crm", 1, True, False, ""),
    (CRM_ADMIN, "crm", 1, False, False, PLATFORM_ADMIN),
    (CRM_ADMIN, "crm", 7, False, False, ""),
    (CRM_USER, "crm", 1, True, True, ADMIN),
    (CRM_USER, "crm", 1, False, True, ADMIN),
    (CRM_USER, "crm", 7, False, False, ""),
    (CRM_USER, "default", 7, False, False, ELSEWHERE),
    (CRM_READER, "crm", 7, False, False, READ_ONLY),
    (CRM_READER, "crm", 7, False, True, ""),
]


def refusal(caller: Caller, catalogue: str, number: int, *, is_internal: bool, is_read: bool) -> str:
    try:
        check_call(caller, catalogue=catalogue, number=number, is_internal=is_internal, is_read=is_read)
    except Forbidden as exc:
        return exc.message
    return ""


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_call_is_for_those_who_may(
    settings: Settings, case: tuple[Caller, str, int, bool, bool, str]
) -> None:
    settings.LIBERTY_REST_PUBLIC_APIS = ["crm/7"]
    caller, catalogue, number, is_internal, is_read, expected = case
    assert refusal(caller, catalogue, number, is_internal=is_internal, is_read=is_read) == expected
