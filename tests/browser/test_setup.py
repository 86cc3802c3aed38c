"""The set-up page in a browser, on a server that is not installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.databases import Server
from tests.setup.installations import Installation, Names, RunningServer, new_names

ADMIN_PASSWORD = "ada's password"


@pytest.fixture
def names(postgres_server: Server, worker: str) -> Iterator[Names]:
    with new_names(postgres_server, worker) as found:
        yield found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """Two workers without a framework database."""
    with Installation(tmp_path).serving() as running:
        yield running


def fill(page: Page, names: Names, token: str) -> None:
    page.get_by_label("Set-up token").fill(token)
    page.get_by_label("Host").fill(names.server.host)
    page.get_by_label("Port").fill(str(names.server.port))
    page.get_by_label("Database", exact=True).fill(names.database)
    page.get_by_label("User", exact=True).fill(names.user)
    page.get_by_label("Password", exact=True).first.fill(names.password)
    page.get_by_label("Password of user admin").fill(ADMIN_PASSWORD)
    page.get_by_label("The same again").fill(ADMIN_PASSWORD)


def test_from_nothing_to_the_admin_site(page: Page, server: RunningServer, names: Names) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    violations: list[str] = []
    page.on(
        "console", lambda message: violations.append(message.text) if "Security" in message.text else None
    )
    page.goto(f"{server.url}/admin/")
    expect(page).to_have_url(f"{server.url}/setup")

    # What is wrong is told beside its field, which is where the keyboard is then.
    page.get_by_role("button", name="Install").click()
    expect(page.get_by_label("Set-up token")).to_be_focused()
    expect(page.locator("#token-wrong")).to_have_text("This is needed.")
    fill(page, names, "wrong")
    page.get_by_label("The same again").fill("other")
    page.get_by_role("button", name="Install").click()
    expect(page.locator("#admin_again-wrong")).to_have_text("The two passwords differ.")
    fill(page, names, "wrong")
    page.get_by_role("button", name="Install").click()
    expect(page.locator("#token-wrong")).to_contain_text("This is not the set-up token")

    # A failure names its step.
    fill(page, names, server.token)
    page.get_by_role("button", name="Install").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Set-up failed at step `connect`: the database refuses its user or password. "
        "If its role or database is not there yet, name a maintenance account, which makes them."
    )

    page.get_by_text("Role or database are not there yet").click()
    page.get_by_label("User that may make them").fill(names.server.user)
    page.locator("#maintenance_password").fill(names.server.password)
    # By keyboard alone from here.
    page.locator("#maintenance_password").press("Enter")
    expect(page.locator("#message")).to_have_text(
        "Installation successful. Sign in as user `admin`.", timeout=60_000
    )
    page.get_by_role("link", name="Go to the admin site").click()
    page.get_by_label("User id:").fill("admin")
    page.get_by_label("Password:").fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()

    page.goto(f"{server.url}/setup")
    expect(page.get_by_text("This server is installed already.")).to_be_visible()
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert violations == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_not_wider_than_the_screen(page: Page, server: RunningServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server.url}/setup")
    page.get_by_text("Role or database are not there yet").click()
    page.get_by_role("button", name="Install").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for field in page.locator("input").all():
        box = field.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
