"""A browser for tests: Debian's Chromium, driven by Playwright, on a running site."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live_site import LiveSite
from tests.servers.programs import chromium_arguments


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser for the tests of a module."""
    executable = os.environ.get("LIBERTY_TEST_CHROMIUM")
    if not executable:
        raise RuntimeError("LIBERTY_TEST_CHROMIUM is not set: run `make test`")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, in which Django refuses to use a database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=chromium_arguments())
            yield browser
            browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor without cookies, that fails the test at an error in its scripts.

    It waits at most ten seconds for anything.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def admin_page(page: Page, live_site: LiveSite) -> Page:
    """A page on which the administrator has signed in."""
    page.goto(f"{live_site.url}/admin/")
    page.get_by_label("User id:").fill("admin")
    page.get_by_label("Password:").fill(live_site.admin_password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    return page
