"""The history of a row and the log of the servers in a browser, with real entries, at two widths."""

import pytest
from playwright.sync_api import Page, expect

from tests.live_site import LiveSite

SCRIPT = "<script>document.title = 'broken'</script>"


def assert_fits(page: Page, width: int) -> None:
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.url} needs {needed} pixels"


def report(page: Page, site: LiveSite, message: str, **members: object) -> None:
    """Post an event as a client does."""
    event = {
        "transactionName": "save",
        "level": "ERROR",
        "method": "PUT",
        "url": "/api/db/query?source=query&type=table&pool=default&mode=session&query=12&language=en",
        "message": message,
        "category": "API",
        "feature": "grid",
        "isException": True,
        **members,
    }
    assert page.request.post(f"{site.url}/api/logs", data=event).ok


@pytest.mark.parametrize("width", [1280, 390])
def test_the_history_of_a_row_is_reached_from_its_page(
    admin_page: Page, live_site: LiveSite, width: int
) -> None:
    admin = f"{live_site.url}/admin"
    admin_page.set_viewport_size({"width": width, "height": 800})
    admin_page.goto(f"{admin}/audit/auditedtable/add/")
    admin_page.get_by_label("Pool:").fill("default")
    admin_page.get_by_label("Table:").fill("ly_nothing")
    admin_page.get_by_role("button", name="Save", exact=True).click()
    expect(admin_page.get_by_text("Unknown table `ly_nothing`.")).to_be_visible()
    assert_fits(admin_page, width)
    admin_page.get_by_label("Table:").fill("LY_LANGUAGE")
    admin_page.get_by_role("button", name="Save", exact=True).click()

    language = f"x{width}"
    admin_page.goto(f"{admin}/framework/language/add/")
    admin_page.locator("#id_lng_id").fill(language)
    admin_page.locator("#id_lng_name").fill("Before <b>")
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.get_by_text("was added successfully")).to_be_visible()
    admin_page.locator("#id_lng_name").fill("After <b>")
    admin_page.get_by_role("button", name="Save and continue editing").click()
    expect(admin_page.get_by_text("was changed successfully")).to_be_visible()

    admin_page.get_by_role("link", name="Audit history").click()
    expect(
        admin_page.get_by_role("heading", name=f"History of ly_language lng_id {language}")
    ).to_be_visible()
    changes = admin_page.locator(".history .module h2")
    expect(changes.nth(0)).to_contain_text("Update, ")
    expect(changes.nth(1)).to_contain_text("Insert, ")
    name = admin_page.get_by_role("row", name="lng_name").first
    expect(name.locator(".before")).to_have_text('"Before <b>"')
    expect(name.locator(".after")).to_have_text('"After <b>"')
    expect(admin_page.get_by_text("By default/admin, admin site, request").first).to_be_visible()
    assert_fits(admin_page, width)

    admin_page.goto(f"{admin}/framework/language/{language}/delete/")
    admin_page.get_by_role("button", name="Yes, I").click()
    admin_page.goto(f"{admin}/audit/auditedtable/")
    admin_page.get_by_role("link", name="ly_language").click()
    admin_page.get_by_role("link", name="Delete", exact=True).click()
    admin_page.get_by_role("button", name="Yes, I").click()
    expect(admin_page.get_by_text("was deleted successfully")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_log_is_searched_and_an_entry_opened(admin_page: Page, live_site: LiveSite, width: int) -> None:
    mark = f"at {width}"
    for number in range(3):
        report(admin_page, live_site, f"Row {number} was not saved {mark} {SCRIPT}", data={"rows": [1, None]})
    report(admin_page, live_site, f"Slow {mark}", level="WARNING", isException=False)
    admin_page.set_viewport_size({"width": width, "height": 800})
    admin_page.goto(f"{live_site.url}/admin/")
    admin_page.get_by_role("link", name="Logs", exact=True).last.click()
    expect(admin_page.get_by_role("heading", name="Logs")).to_be_visible()
    assert_fits(admin_page, width)

    admin_page.get_by_label("Text in message or address").fill(mark)
    admin_page.get_by_label("Level").fill("error")
    admin_page.get_by_role("button", name="Search").click()
    rows = admin_page.locator("#result_list tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text(f"Row 2 was not saved {mark} {SCRIPT}")
    assert_fits(admin_page, width)

    rows.first.get_by_role("link").click()
    expect(admin_page.get_by_role("row", name="message")).to_contain_text(SCRIPT)
    expect(admin_page.get_by_role("row", name="data")).to_contain_text("null")
    assert "broken" not in admin_page.title()
    assert_fits(admin_page, width)

    admin_page.goto(f"{live_site.url}/admin/framework/logentry/?limit=2&text={mark}")
    expect(rows).to_have_count(2)
    admin_page.get_by_role("link", name="Older").click()
    expect(rows).to_have_count(2)
    expect(admin_page.get_by_role("link", name="Older")).to_have_count(0)
    admin_page.get_by_label("From (UTC)").fill("yesterday")
    admin_page.get_by_role("button", name="Search").click()
    expect(admin_page.get_by_text("from: Input should be a valid date or time")).to_be_visible()
