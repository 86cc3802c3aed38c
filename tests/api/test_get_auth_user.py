"""GET /api/auth/user."""

import time
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.tokens import issue_token
from tests.conftest import PASSWORD, client_of

PATH = "/api/auth/user"
ADMIN = {
    "ROW_ID": 1,
    "USR_ID": "admin",
    "USR_PASSWORD": "ENC:********",
    "USR_NAME": "Ada Admin",
    "USR_EMAIL": None,
    "USR_STATUS": "Y",
    "USR_ADMIN": "Y",
    "USR_LANGUAGE": "en",
    "USR_MODE": None,
    "USR_READONLY": None,
    "USR_DASHBOARD": None,
    "USR_THEME": None,
}
DEMO = {
    "ROW_ID": 1,
    "USR_ID": "demo",
    "USR_PASSWORD": "ENC:********",
    "USR_NAME": "Demo User",
    "USR_EMAIL": "demo@liberty.fr",
    "USR_STATUS": "Y",
    "USR_ADMIN": "N",
    "USR_LANGUAGE": "fr",
    "USR_MODE": "light",
    "USR_READONLY": "Y",
    "USR_DASHBOARD": 1,
    "USR_THEME": "liberty",
}
ONLY_ADMINISTRATORS = {"status": "failed", "message": "Only an administrator may read other users."}

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> User:
    """The user that the document shows."""
    return User.objects.create_user(
        "demo",
        PASSWORD,
        usr_name="Demo User",
        usr_email="demo@liberty.fr",
        usr_language="fr",
        usr_mode="light",
        usr_readonly="Y",
        usr_dashboard=1,
        usr_theme="liberty",
    )


def check(response: Any, status: int, body: dict[str, Any]) -> None:
    assert (response.status_code, response.json()) == (status, body)


def items(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(rows), "status": "success"}


@pytest.mark.parametrize(
    "query", ["", "?user=demo", "?user=demo&pool=default&mode=session", "?mode=framework"]
)
def test_a_user_reads_himself(demo: User, query: str) -> None:
    response = client_of(demo).get(f"{PATH}{query}")
    check(response, 200, items(DEMO))
    assert list(response.json()["items"][0]) == list(DEMO)


@pytest.mark.parametrize("query", ["?user=demo", "?user=demo&pool=default&mode=framework"])
def test_an_administrator_reads_others(admin_client: APIClient, demo: User, query: str) -> None:
    check(admin_client.get(f"{PATH}{query}"), 200, items(DEMO))


def test_columns_may_be_null(admin_client: APIClient) -> None:
    check(admin_client.get(PATH), 200, items(ADMIN))


@pytest.mark.parametrize("stored", [None, "", "ENC:v1:x:y", "ENC:AAAA", "clear text"])
def test_the_password_is_the_stand_in_whatever_is_stored(admin: User, stored: str | None) -> None:
    User.objects.filter(usr_id="admin").update(password=stored)
    check(client_of(admin).get(PATH), 200, items(ADMIN))


def test_a_disabled_user_is_shown_to_administrators(admin_client: APIClient, stranger: User) -> None:
    row = admin_client.get(f"{PATH}?user=stranger").json()["items"][0]
    assert (row["USR_ID"], row["USR_STATUS"]) == ("stranger", "N")


@pytest.mark.parametrize("user", ["admin", "nobody", "READER", "reader "])
def test_others_are_not_shown_and_not_confirmed(reader_client: APIClient, admin: User, user: str) -> None:
    check(reader_client.get(PATH, {"user": user}), 403, ONLY_ADMINISTRATORS)


@pytest.mark.parametrize("pool", ["other", "nowhere"])
def test_another_catalogue_needs_an_administrator(reader_client: APIClient, pool: str) -> None:
    check(reader_client.get(PATH, {"user": "reader", "pool": pool}), 403, ONLY_ADMINISTRATORS)
    check(reader_client.get(PATH, {"pool": pool}), 403, ONLY_ADMINISTRATORS)


@pytest.mark.parametrize("user", ["nobody", "ADMIN", "admin ", "x" * 500])
def test_an_unknown_user_is_named(admin_client: APIClient, user: str) -> None:
    expected = {"status": "failed", "message": f"User `{user}` not found"}
    check(admin_client.get(PATH, {"user": user}), 404, expected)


def test_an_unknown_pool_is_named(admin_client: APIClient) -> None:
    expected = {"status": "failed", "message": "Requested pool `libnsx1` not found"}
    check(admin_client.get(f"{PATH}?user=admin&pool=libnsx1"), 500, expected)


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("mode=other", "mode", "enum"),
        ("user=a%00b", "user", "string_unicode"),
        ("pool=%00", "pool", "string_unicode"),
    ],
)
def test_a_wrong_argument_is_named(admin_client: APIClient, query: str, name: str, kind: str) -> None:
    response = admin_client.get(f"{PATH}?{query}")
    faults = [(fault["loc"], fault["type"]) for fault in response.json()["detail"]]
    assert (response.status_code, faults) == (422, [(["query", name], kind)])


# Tokens


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Not authenticated"),
        ("Basic YWRtaW46YWRtaW4=", "Invalid authentication credentials"),
        ("Token abc", "Invalid authentication credentials"),
        ("Bearer", "Invalid token"),
        ("Bearer ", "Invalid token"),
        ("Bearer nonsense", "Invalid token"),
        ("Bearer a.b.c", "Invalid token"),
        ("Bearer é", "Invalid token"),
        ("bearer a b", "Invalid token"),
    ],
)
def test_without_a_good_token_nothing_is_shown(header: str, message: str) -> None:
    client = APIClient()
    if header:
        client.credentials(HTTP_AUTHORIZATION=header)
    response = client.get(f"{PATH}?user=admin")
    check(response, 401, {"status": "failed", "message": message})
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_the_scheme_is_known_in_any_case(admin: User, scheme: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=scheme + issue_token(user_id="admin"))
    check(client.get(PATH), 200, items(ADMIN))


def test_an_expired_token_is_named(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(admin)
    assert client.get(PATH).status_code == 200
    later = time.time() + 240 * 60 + 10
    monkeypatch.setattr(time, "time", lambda: later)
    check(client.get(PATH), 401, {"status": "failed", "message": "Token has expired"})


def test_a_token_in_the_query_string_is_not_taken(admin: User) -> None:
    token = issue_token(user_id="admin")
    response = APIClient().get(PATH, {"token": token, "access_token": token})
    check(response, 401, {"status": "failed", "message": "Not authenticated"})


@pytest.mark.parametrize("change", ["disabled", "deleted", "renamed"])
def test_a_token_ends_with_its_user_at_once(admin: User, demo: User, change: str) -> None:
    client = client_of(demo)
    assert client.get(PATH).status_code == 200
    if change == "disabled":
        demo.usr_status = "N"
        demo.save()
    elif change == "deleted":
        demo.delete()
    else:
        User.objects.get(usr_id="demo").delete()
        User.objects.create_user("demo2", PASSWORD)
    check(client.get(PATH), 401, {"status": "failed", "message": "Invalid token"})


def test_an_administrator_who_is_none_any_more_is_none_at_once(admin: User, demo: User) -> None:
    client = client_of(admin)
    assert client.get(f"{PATH}?user=demo").status_code == 200
    admin.usr_admin = "N"
    admin.save()
    check(client.get(f"{PATH}?user=demo"), 403, ONLY_ADMINISTRATORS)


def test_a_warm_request_costs_the_one_statement_that_it_is_for(
    admin_client: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin_client.get(PATH)
    with django_assert_num_queries(1):
        admin_client.get(PATH)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_get_reads(admin_client: APIClient, method: str) -> None:
    response: Any = getattr(admin_client, method)(PATH)
    check(response, 405, {"detail": f'Method "{method.upper()}" not allowed.'})


@pytest.mark.parametrize(("late_s", "status"), [(3, 200), (8, 401)])
def test_clocks_may_differ_by_some_seconds(
    admin: User, monkeypatch: pytest.MonkeyPatch, late_s: int, status: int
) -> None:
    client = client_of(admin)
    assert client.get(PATH).status_code == 200
    later = time.time() + 240 * 60 + late_s
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(PATH).status_code == status


def test_a_token_lives_as_long_as_the_key_that_signed_it(admin: User, settings: Settings) -> None:
    client = client_of(admin)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"
    assert client.get(PATH).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    response = client.get(PATH)
    assert (response.status_code, response.json()["message"]) == (401, "Invalid token")
