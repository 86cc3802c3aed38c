"""Signing in to the admin site at a provider made by others, through the production server, in a browser."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.identity_provider import mock_running, put_user
from tests.live_site import LiveSite, live_site_in


@dataclass(frozen=True)
class Site:
    """A running site and its identity provider."""

    live: LiveSite
    issuer: str

    def sign_in_at_provider(self, page: Page, subject: str) -> None:
        page.get_by_role("link", name="Sign in with Example Id").click()
        page.get_by_placeholder("sub").fill(subject)
        page.get_by_role("button", name="Authorize").click()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that makes users of members, and administrators of those in the group `admins`."""
    folder = tmp_path_factory.mktemp("oidc")
    users = {
        "1f-ada": {"preferred_username": "ada", "name": "Ada Admin", "groups": ["admins"]},
        "2e-rita": {"preferred_username": "rita", "groups": []},
        "3d-eve": {"preferred_username": "admin", "email": "admin@example.com", "groups": ["admins"]},
    }
    with mock_running(folder, users) as issuer:
        settings = {
            "LIBERTY_OIDC_ISSUER": issuer,
            "LIBERTY_OIDC_CLIENT_ID": "liberty",
            "LIBERTY_OIDC_CLIENT_SECRET": "secret",
            "LIBERTY_OIDC_NAME": "Example Id",
            "LIBERTY_OIDC_CREATE_USERS": "true",
            "LIBERTY_OIDC_ROLES_CLAIM": "groups",
            "LIBERTY_OIDC_ADMIN_GROUPS": "admins",
        }
        with live_site_in(folder, **settings) as live:
            yield Site(live, issuer)


def photograph(page: Page, name: str) -> None:
    """Keep a picture where LIBERTY_TEST_PICTURES says, for people to look at."""
    if folder := os.environ.get("LIBERTY_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_an_administrator_signs_in_and_out(page: Page, site: Site) -> None:
    page.goto(f"{site.live.url}/admin/accounts/user/")
    photograph(page, "sign-in")
    site.sign_in_at_provider(page, "1f-ada")
    expect(page).to_have_url(f"{site.live.url}/admin/accounts/user/")
    expect(page.get_by_role("link", name="ada", exact=True)).to_be_visible()
    page.goto(f"{site.live.url}/admin/accounts/user/ada/change/")
    expect(page.get_by_role("link", name=f"1f-ada at {site.issuer}")).to_be_visible()
    photograph(page, "user")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="sign out there as well")).to_be_visible()
    photograph(page, "signed-out")
    page.get_by_role("link", name="sign out there as well").click()
    assert page.url.startswith(f"{site.issuer}/oauth2/end_session")
    page.goto(f"{site.live.url}/admin/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_who_is_no_administrator_is_told_so_and_can_try_again(page: Page, site: Site) -> None:
    page.goto(f"{site.live.url}/admin/")
    site.sign_in_at_provider(page, "2e-rita")
    expect(page.get_by_text("This site is for administrators.")).to_be_visible()
    photograph(page, "no-administrator")
    page.get_by_role("link", name="Try again").click()
    page.get_by_placeholder("sub").fill("1f-ada")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()


def test_nobody_takes_over_the_administrator_by_name_or_email(page: Page, site: Site) -> None:
    page.goto(f"{site.live.url}/admin/")
    site.sign_in_at_provider(page, "3d-eve")
    expect(page.get_by_text("the provider knows you as 3d-eve")).to_be_visible()
    page.goto(f"{site.live.url}/admin/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_a_refusal_at_the_provider_is_told(page: Page, site: Site) -> None:
    page.goto(f"{site.live.url}/admin/")
    page.get_by_role("link", name="Sign in with Example Id").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.locator(".errornote")).to_be_visible()
    photograph(page, "refused")


def test_a_token_of_the_provider_is_exchanged_once(site: Site) -> None:
    """As a client of the API does that signs its users in at the same provider."""
    put_user(site.issuer, "4c-lin", {"preferred_username": "lin", "groups": []})
    client = {"client_id": "liberty", "redirect_uri": "http://localhost/back"}
    asked = requests.post(
        f"{site.issuer}/oauth2/authorize",
        params=client | {"response_type": "code", "scope": "openid profile", "state": "s"},
        data={"sub": "4c-lin"},
        allow_redirects=False,
        timeout=10,
    )
    code = asked.headers["Location"].split("code=")[1].split("&")[0]
    tokens = requests.post(
        f"{site.issuer}/oauth2/token",
        data=client | {"grant_type": "authorization_code", "code": code, "client_secret": "secret"},
        timeout=10,
    ).json()
    address = f"{site.live.url}/api/auth/token?type=oidc"
    first = requests.post(address, json={"id_token": tokens["id_token"]}, timeout=10)
    assert first.status_code == 200, first.text
    headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
    user = requests.get(f"{site.live.url}/api/auth/user", headers=headers, timeout=10).json()
    assert (user["items"][0]["USR_ID"], user["items"][0]["USR_ADMIN"]) == ("lin", "N")
    again = requests.post(address, json={"id_token": tokens["id_token"]}, timeout=10)
    assert (again.status_code, again.json()["message"]) == (401, "Authentication failed")
