"""A browser's way to the identity provider and back, with Django's client as the browser."""

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Identity, User
from apps.accounts.oidc import transport
from tests.conftest import PASSWORD
from tests.identity_provider import SUBJECT, Provider, new_key

pytestmark = pytest.mark.django_db

START = "/oidc/sign-in"
CALLBACK = "/oidc/callback"
NOT_BEGUN = "This sign-in was not begun in this browser"


@pytest.fixture
def linked(provider: Provider, admin: User) -> Identity:
    """The administrator, linked to the subject that the provider sends."""
    return Identity.objects.create(usr=admin, issuer=provider.issuer, subject=SUBJECT)


def begin(client: Client, query: str = "") -> str:
    """Return the address at the provider that the browser is sent to."""
    response = client.get(f"{START}{query}")
    assert response.status_code == 302
    return str(response.headers["Location"])


def at_provider(address: str) -> str:
    """Return the address, with code and state, that the provider sends the browser back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def check_failure(client: Client, response: Any, status: int, text: str) -> None:
    assert response.status_code == status
    assert text in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert "no-store" in response.headers["Cache-Control"]


def check_signed_in(client: Client, response: Any, target: str = "/admin/") -> None:
    assert (response.status_code, response.headers["Location"]) == (302, target)
    assert client.session["_auth_user_id"] == "admin"
    assert client.get("/admin/").status_code == 200


def sign_in(client: Client) -> Any:
    return client.get(at_provider(begin(client)))


# The good way


def test_the_browser_is_sent_with_state_nonce_and_challenge(client: Client, provider: Provider) -> None:
    address = begin(client)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    [(state, kept)] = client.session["oidc_states"].items()
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert query == {
        "response_type": "code",
        "scope": "openid profile email",
        "client_id": "liberty",
        "redirect_uri": "http://testserver/oidc/callback",
        "state": state,
        "nonce": kept["nonce"],
        "code_challenge": query["code_challenge"],
        "code_challenge_method": "S256",
    }


def test_an_address_with_a_query_keeps_it(client: Client, provider: Provider) -> None:
    provider.discovery["authorization_endpoint"] = f"{provider.issuer}/authorize?policy=a"
    assert begin(client).startswith(f"{provider.issuer}/authorize?policy=a&response_type=code&")


def test_a_linked_administrator_is_signed_in(client: Client, provider: Provider, linked: Identity) -> None:
    response = sign_in(client)
    check_signed_in(client, response)
    assert client.session["_auth_user_backend"] == "apps.accounts.oidc.backend.OidcBackend"
    linked.refresh_from_db()
    assert linked.last_sign_in is not None


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic"]], ids=["post", "basic"])
def test_the_client_proves_itself(
    client: Client, provider: Provider, linked: Identity, methods: list[str]
) -> None:
    provider.discovery["token_endpoint_auth_methods_supported"] = methods
    check_signed_in(client, sign_in(client))


def test_the_session_gets_a_new_key(client: Client, provider: Provider, linked: Identity) -> None:
    back = at_provider(begin(client))
    planted = client.session.session_key
    check_signed_in(client, client.get(back))
    first = client.session.session_key
    check_signed_in(client, sign_in(client))
    assert len({planted, first, client.session.session_key}) == 3


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/admin/accounts/user/", "/admin/accounts/user/"),
        ("https://example.com/", "/admin/"),
        ("//example.com/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_the_next_page_is_one_of_ours(
    client: Client, provider: Provider, linked: Identity, asked: str, target: str
) -> None:
    back = at_provider(begin(client, f"?next={asked}"))
    check_signed_in(client, client.get(back), target)


def test_claims_of_userinfo_count(client: Client, provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_CREATE_USERS = True
    settings.LIBERTY_OIDC_ROLES_CLAIM = "groups"
    settings.LIBERTY_OIDC_ADMIN_GROUPS = ["admins"]
    provider.userinfo |= {"preferred_username": "admin", "groups": ["admins"], "email": "a@x.org"}
    provider.claims["email_verified"] = True
    check_signed_in(client, sign_in(client))
    user = User.objects.get()
    assert (user.usr_id, user.is_superuser, user.usr_email) == ("admin", True, None)


def test_a_provider_without_userinfo_will_do(client: Client, provider: Provider, linked: Identity) -> None:
    provider.discovery["userinfo_endpoint"] = None
    check_signed_in(client, sign_in(client))


# The state


def test_a_callback_without_state_is_refused(client: Client, provider: Provider) -> None:
    code = at_provider(begin(client)).split("&state=")[0]
    for path in (CALLBACK, code, f"{code}&state=", f"{CALLBACK}?state=", f"{CALLBACK}?error=access_denied"):
        check_failure(client, client.get(path), 400, NOT_BEGUN)


def test_a_state_is_good_once_and_a_second_try_works(
    client: Client, provider: Provider, linked: Identity
) -> None:
    back = at_provider(begin(client))
    check_signed_in(client, client.get(back))
    client.post("/admin/logout/")
    check_failure(client, client.get(back), 400, NOT_BEGUN)
    check_signed_in(client, sign_in(client))


def test_a_state_of_another_browser_is_refused(client: Client, provider: Provider, linked: Identity) -> None:
    back = at_provider(begin(Client()))
    check_failure(client, client.get(back), 400, NOT_BEGUN)
    begin(client)
    check_failure(client, client.get(back), 400, NOT_BEGUN)
    check_signed_in(client, sign_in(client))


def test_an_old_state_is_refused(
    client: Client, provider: Provider, linked: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = at_provider(begin(client))
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr("apps.accounts.oidc.views.time.time", lambda: now + 601)
        check_failure(client, client.get(back), 400, NOT_BEGUN)
    check_failure(client, client.get(back), 400, NOT_BEGUN)


def test_an_answer_of_another_issuer_is_refused(client: Client, provider: Provider, linked: Identity) -> None:
    """RFC 9207: providers may say in the callback who they are."""
    back = at_provider(begin(client))
    check_failure(client, client.get(f"{back}&iss=https://example.com"), 400, NOT_BEGUN)
    check_signed_in(client, client.get(f"{back}&iss={provider.issuer}"))


def test_a_signed_in_administrator_cannot_be_signed_out_by_a_link(client: Client, provider: Provider) -> None:
    User.objects.create_superuser("admin", PASSWORD)
    client.login(username="admin", password=PASSWORD)
    client.get(f"{CALLBACK}?error=access_denied&state=x")
    assert client.session["_auth_user_id"] == "admin"


# What the provider says


def test_a_sign_in_that_the_provider_refuses_is_told(
    client: Client, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    path = f"{CALLBACK}?state={state}&error=access_denied&error_description=%3Cscript%3E"
    response = client.get(path)
    check_failure(client, response, 401, "The identity provider has refused or broken off the sign-in.")
    assert "script>" not in response.content.decode().split("errornote")[1].split("</p>")[0]
    assert "OIDC: sign-in refused: the provider answers 'access_denied'" in caplog.text
    check_failure(client, client.get(path), 400, NOT_BEGUN)


def test_a_replayed_code_is_refused(
    client: Client, provider: Provider, linked: Identity, caplog: pytest.LogCaptureFixture
) -> None:
    code = at_provider(begin(client)).split("&state=")[0]
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    check_failure(client, client.get(f"{code}&state={state}"), 401, "The sign-in was refused.")
    assert "the provider refuses the code: 'invalid_grant'" in caplog.text
    check_signed_in(client, sign_in(client))


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "nonce": ({"nonce": "another"}, "the ID token has another nonce than the request"),
    "no nonce": ({"nonce": None}, "the ID token has another nonce than the request"),
    "issuer": ({"iss": "https://example.com"}, "the ID token is refused: InvalidIssuerError"),
    "audience": ({"aud": "another client"}, "the ID token is refused: InvalidAudienceError"),
    "expired": ({"exp": 1}, "the ID token is refused: ExpiredSignatureError"),
    "subject": ({"sub": "another"}, "userinfo is about another subject than the ID token"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_token_that_is_wrong_signs_nobody_in(
    client: Client, provider: Provider, linked: Identity, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims, reason = REFUSALS[kind]
    check_failure(client, sign_in(client), 401, "The sign-in was refused.")
    assert f"OIDC: sign-in refused: {reason}" in caplog.text
    provider.claims = {}
    check_signed_in(client, sign_in(client))


def test_a_token_of_another_key_signs_nobody_in(client: Client, provider: Provider, linked: Identity) -> None:
    provider.key = new_key(9, "one")
    check_failure(client, sign_in(client), 401, "The sign-in was refused.")


@pytest.mark.parametrize("userinfo", [{"sub": "another"}, {"name": "Ada"}, {"sub": [SUBJECT]}, {}], ids=str)
def test_userinfo_of_another_subject_is_refused(
    client: Client, provider: Provider, linked: Identity, userinfo: dict[str, Any]
) -> None:
    provider.userinfo = userinfo
    check_failure(client, sign_in(client), 401, "The sign-in was refused.")


@pytest.mark.parametrize("email_verified", [False, "false", None])
def test_a_person_with_the_email_of_an_administrator_is_nobody(
    client: Client, provider: Provider, admin: User, email_verified: Any
) -> None:
    User.objects.filter(pk="admin").update(usr_email="admin@example.com")
    provider.userinfo |= {"email": "admin@example.com", "email_verified": email_verified}
    provider.userinfo |= {"preferred_username": "admin"}
    check_failure(client, sign_in(client), 401, f"the provider knows you as {SUBJECT}.")
    assert not Identity.objects.exists()


def test_a_user_without_rights_is_told_so(client: Client, provider: Provider, reader: User) -> None:
    Identity.objects.create(usr=reader, issuer=provider.issuer, subject=SUBJECT)
    check_failure(client, sign_in(client), 403, "This site is for administrators.")


def test_a_disabled_user_is_refused(client: Client, provider: Provider, stranger: User) -> None:
    Identity.objects.create(usr=stranger, issuer=provider.issuer, subject=SUBJECT)
    check_failure(client, sign_in(client), 401, "no enabled user of this server is linked")


def test_a_disabled_users_session_ends(client: Client, provider: Provider, linked: Identity) -> None:
    check_signed_in(client, sign_in(client))
    User.objects.filter(pk="admin").update(usr_status="N")
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo", "/jwks"])
def test_a_provider_that_fails_is_told_on_a_page(
    client: Client, provider: Provider, linked: Identity, path: str
) -> None:
    provider.broken[path] = 500
    response = client.get(START)
    if path != "/.well-known/openid-configuration":
        response = client.get(at_provider(response.headers["Location"]))
    check_failure(client, response, 503, "The identity provider does not answer.")
    assert response.headers["Retry-After"] == "5"


def test_passwords_work_while_the_provider_is_down(client: Client, admin: User, settings: Settings) -> None:
    settings.LIBERTY_OIDC_ISSUER, settings.LIBERTY_OIDC_CLIENT_ID = "http://127.0.0.1:9", "liberty"
    check_failure(client, client.get(START), 503, "The identity provider does not answer.")
    assert "Sign in with 127.0.0.1" in client.get("/admin/login/").content.decode()
    response = client.post("/admin/login/?next=/admin/", {"username": "admin", "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == "admin"


# Pages around it


def test_the_sign_in_page_leads_to_the_provider(
    client: Client, provider: Provider, settings: Settings
) -> None:
    settings.LIBERTY_OIDC_NAME = "The <Company>"
    html = client.get("/admin/login/?next=/admin/pools/%3Fa=b%26c").content.decode()
    assert "Sign in with The &lt;Company&gt;</a>" in html
    assert 'href="/oidc/sign-in?next=%2Fadmin%2Fpools%2F%3Fa%3Db%26c"' in html


@pytest.mark.parametrize("path", [START, f"{CALLBACK}?code=x&state=y", "/oidc/sign-out"])
def test_without_a_provider_it_is_off(client: Client, db: None, path: str) -> None:
    assert "oidc" not in client.get("/admin/login/").content.decode().split("</style>")[-1]
    check_failure(client, client.get(path), 401, "OIDC sign-in is not configured")


def test_signing_out_ends_the_session_and_offers_to_end_the_providers(
    client: Client, provider: Provider, linked: Identity
) -> None:
    check_signed_in(client, sign_in(client))
    html = client.post("/admin/logout/").content.decode()
    assert "_auth_user_id" not in client.session
    assert 'href="/oidc/sign-out"' in html
    assert client.get("/oidc/sign-out").headers["Location"] == (
        f"{provider.issuer}/end?client_id=liberty"
        "&post_logout_redirect_uri=http%3A%2F%2Ftestserver%2Fadmin%2Flogin%2F"
    )


def test_a_provider_without_sign_out_leads_back(client: Client, provider: Provider) -> None:
    provider.discovery["end_session_endpoint"] = None
    assert client.get("/oidc/sign-out").headers["Location"] == "http://testserver/admin/login/"


# Linking


def test_an_administrator_links_an_identity(client: Client, provider: Provider, admin: User) -> None:
    User.objects.create_user("ada", PASSWORD)
    client.force_login(admin, "apps.accounts.backends.PasswordBackend")
    assert (
        "/admin/accounts/identity/add/?usr=ada"
        in client.get("/admin/accounts/user/ada/change/").content.decode()
    )
    page = client.get("/admin/accounts/identity/add/?usr=ada").content.decode()
    assert f'value="{provider.issuer}"' in page
    form = {"usr": "ada", "issuer": provider.issuer, "subject": SUBJECT}
    assert client.post("/admin/accounts/identity/add/", form).status_code == 302
    identity = Identity.objects.get()
    assert (identity.usr_id, identity.issuer, identity.subject) == ("ada", provider.issuer, SUBJECT)
    assert LogEntry.objects.get().object_id == str(identity.pk)
    again = client.post("/admin/accounts/identity/add/", form | {"usr": "admin"})
    assert "This identity is linked to a user already." in again.content.decode()
    assert Identity.objects.get().usr_id == "ada"
    assert f"{SUBJECT} at " in client.get("/admin/accounts/user/ada/change/").content.decode()


def test_an_identity_is_linked_to_another_user_and_unlinked(
    client: Client, linked: Identity, reader: User, admin: User
) -> None:
    client.force_login(admin, "apps.accounts.backends.PasswordBackend")
    path = f"/admin/accounts/identity/{linked.pk}"
    client.post(f"{path}/change/", {"usr": "reader", "subject": "another"})
    linked.refresh_from_db()
    assert (linked.usr_id, linked.subject) == ("reader", SUBJECT)
    client.post(f"{path}/delete/", {"post": "yes"})
    assert not Identity.objects.exists()


def test_an_administrator_who_may_only_read_links_nobody(client: Client, linked: Identity) -> None:
    User.objects.create_superuser("auditor", PASSWORD, usr_readonly="Y")
    client.login(username="auditor", password=PASSWORD)
    assert client.get("/admin/accounts/identity/").status_code == 200
    assert client.get("/admin/accounts/identity/add/").status_code == 403
    assert client.post(f"/admin/accounts/identity/{linked.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_address_begins_only_so_many(client: Client, provider: Provider, settings: Settings) -> None:
    settings.LIBERTY_OIDC_RATE = "2/minute"
    for _ in range(2):
        begin(client)
    other = Client()
    response = other.get(START)
    assert Session.objects.count() == 1
    check_failure(other, response, 429, "Too many sign-ins. Please try again in ")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert other.get(START, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_whoever_tries_again_chooses_his_account(client: Client, provider: Provider, reader: User) -> None:
    """The provider would sign him in again as the one who was refused."""
    text = sign_in(client).content.decode()
    [again] = re.findall(r'href="(/oidc/sign-in[^"]*)"', text)
    assert "prompt=select_account" in begin(client, again.removeprefix(START))
    assert "prompt" not in begin(client)


def test_the_provider_has_one_time_for_all_its_answers(
    client: Client, provider: Provider, linked: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = at_provider(begin(client))
    given: list[float] = []
    answers = transport._call

    def slow(method: str, url: str, timeout_s: float, *rest: Any) -> Any:
        """Let three seconds go by with each call."""
        given.append(timeout_s)
        monkeypatch.setattr(transport, "_clock", lambda: 1000.0 + 3.0 * len(given))
        return answers(method, url, timeout_s, *rest)

    monkeypatch.setattr(transport, "_clock", lambda: 1000.0)
    monkeypatch.setattr(transport, "_call", slow)
    check_failure(client, client.get(back), 503, "The identity provider does not answer.")
    assert given == [5.0, 2.0]
