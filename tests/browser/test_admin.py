"""The admin site in a browser: what its scripts add to the pages, and how they look at two widths."""

import pytest
from playwright.sync_api import Page, expect

from tests.live_site import LiveSite

PAGES = [
    "",
    "accounts/user/",
    "accounts/user/demo/change/",
    "accounts/role/add/",
    "pools/pool/",
    "pools/pool/add/",
    "pools/schemaname/",
    "queries/query/",
    "queries/query/add/",
    "queries/frameworkswitch/",
    "audit/auditedtable/",
    "audit/auditedtable/add/",
    "audit/auditentry/",
    "framework/logentry/",
    "framework/api/",
    "framework/api/add/",
    "framework/apiconnection/",
    "framework/apiconnection/add/",
    "framework/dictionary/",
    "framework/language/",
    "framework/module/",
    "framework/theme/",
    "framework/theme/1/change/",
]


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen(admin_page: Page, live_site: LiveSite, width: int) -> None:
    """One test for all pages: a sign-in for each would take longer than the pages."""
    admin_page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for path in PAGES:
        response = admin_page.goto(f"{live_site.url}/admin/{path}")
        assert response is not None
        needed = admin_page.evaluate("document.documentElement.scrollWidth")
        used = admin_page.locator("#content").bounding_box()
        assert used is not None
        found[path] = (response.status, needed <= width, used["width"] > width / 2)
    assert found == dict.fromkeys(PAGES, (200, True, True))


def test_styles_and_scripts_are_served(page: Page, live_site: LiveSite) -> None:
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{live_site.url}/admin/login/")
    assert failed == []
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#header')).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )


def test_a_query_is_written_changed_and_deleted(admin_page: Page, live_site: LiveSite) -> None:
    admin_page.goto(f"{live_site.url}/admin/queries/query/add/")
    admin_page.get_by_label("Number:").fill("990")
    admin_page.get_by_label("Label:").fill("Written in a browser")
    admin_page.get_by_label("Type:", exact=True).select_option("LOOKUP")
    for row, (verb, sql) in enumerate(
        [("GET", "SELECT 1 AS A"), ("PUT", "UPDATE T SET A = :A WHERE B = :B")]
    ):
        admin_page.get_by_role("button", name="Add another SQL").click()
        admin_page.locator(f"#id_querysql-{row}-query_crud").select_option(verb)
        admin_page.locator(f"#id_querysql-{row}-query_dbtype").select_option("generic")
        admin_page.locator(f"#id_querysql-{row}-query_pool").select_option("SESSION")
        admin_page.locator(f"#id_querysql-{row}-query_sqlquery").fill(sql)
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.get_by_text("was added successfully")).to_be_visible()

    expect(admin_page.locator("#id_querysql-0-query_sqlquery")).to_have_value("SELECT 1 AS A")
    expect(admin_page.get_by_text("PUT · Every database (generic)")).to_be_visible()
    admin_page.locator("#id_querysql-1-DELETE").check()
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.get_by_text("PUT · Every database (generic)")).to_have_count(0)

    admin_page.get_by_role("link", name="Delete", exact=True).click()
    admin_page.get_by_role("button", name="Yes, I").click()
    expect(admin_page.get_by_text("was deleted successfully")).to_be_visible()


def test_a_duplicate_is_told_beside_its_key(admin_page: Page, live_site: LiveSite) -> None:
    admin_page.goto(f"{live_site.url}/admin/framework/theme/1/change/")
    admin_page.get_by_role("button", name="Add another Colour").click()
    row = admin_page.locator("tr.dynamic-themecolor").last
    number = admin_page.locator("tr.has_original .readonly").first.inner_text()
    row.locator("input[name$=tcl_id]").fill(number)
    for field in ("tcl_key", "tcl_light", "tcl_dark"):
        row.locator(f"input[name$={field}]").fill("red")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text(f"There is a row for {number} already.")).to_be_visible()


def test_a_role_is_found_by_typing(admin_page: Page, live_site: LiveSite) -> None:
    admin_page.goto(f"{live_site.url}/admin/accounts/role/add/")
    admin_page.get_by_label("Role:").fill("SELLERS")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    admin_page.goto(f"{live_site.url}/admin/accounts/user/demo/change/")
    admin_page.get_by_role("button", name="Add another Role").click()
    admin_page.locator("tr.dynamic-membership .select2-selection").last.click()
    admin_page.locator(".select2-search__field").fill("SELL")
    admin_page.get_by_role("option", name="SELLERS").click()
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.locator("tr.has_original", has_text="SELLERS")).to_be_visible()
