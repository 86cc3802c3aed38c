"""The original's web client as its user sees it: what can be read on its pages, and done.

Elements are found by what a user sees: labels, texts, and the start of the icon's path for buttons without a
text. Names of classes are those of one build.
"""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Request

# Nothing has been under way for this long: the client has what it wants. Its calls come in waves.
QUIET_MS = 500
SETTLE_TIMEOUT_MS = 60_000
_STEP_MS = 50
# A grid is looked at until two looks are the same.
_GRID_LOOKS = 10
_GRID_LOOK_MS = 300

ICONS = {
    "menu": "M3 18h18v-2H3",
    "close menu": "M3 18h13v-2H3",
    "dark mode": "M12 3a9 9 0",
    "light mode": "M12 7c-2.76",
    "account": "M12 2C6.48",
    "sign out": "m17 7-1.41",
    "add": "M19 13h-6v6",
    "refresh": "M17.65 6.35",
    "to the end": "M256 0a256",
}
PANEL = "[role=tabpanel]:not([hidden])"


class WebClient:
    """One page with the client on it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self._pending: set[Request] = set()
        page.on("request", lambda request: self._pending.add(request))
        page.on("requestfinished", lambda request: self._pending.discard(request))
        page.on("requestfailed", lambda request: self._pending.discard(request))
        page.add_init_script(_NOTE_ALERTS)

    def settle(self) -> None:
        """Wait until the client has asked for nothing for QUIET_MS. Raises TimeoutError."""
        quiet_ms = waited_ms = 0
        while quiet_ms < QUIET_MS:
            self.page.wait_for_timeout(_STEP_MS)
            quiet_ms = quiet_ms + _STEP_MS if not self._pending else 0
            waited_ms += _STEP_MS
            if waited_ms > SETTLE_TIMEOUT_MS:
                raise TimeoutError(f"the client still waits for {len(self._pending)} answers")

    # Any page

    def open(self) -> None:
        self._pending.clear()  # what the page that is left had asked for
        self.page.goto(self.site)
        self.settle()

    def press(self, label: str) -> None:
        """Press the visible button of that text that was shown last: that of the dialog on top."""
        self.page.locator("button:visible").filter(has_text=_exactly(label)).last.click()
        self.settle()

    def press_icon(self, name: str, within: str = "#root") -> None:
        self.page.locator(f'{within} button:visible:has(path[d^="{ICONS[name]}"])').first.click()
        self.settle()

    def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in self.page.locator(selector).all_inner_texts() if text.strip()]

    # Signing in

    def sign_in(self, user: str, password: str, application: str = "LIBERTY") -> None:
        self.page.fill("#userid", user)
        self.page.fill("#password", password)
        self.page.locator("form button").filter(has_text=re.compile(rf"^\s*{application}\b")).first.click()
        self.press("Sign in")

    def is_signed_in(self) -> bool:
        return self.page.locator("#userid").count() == 0

    def sign_out(self) -> None:
        self.press_icon("sign out")

    # Menus

    def menu_texts(self, look: Callable[[], None]) -> list[str]:
        """Return all entries of the drawer; `look` is called while it is open."""
        self.press_icon("menu")
        texts = self.texts("#root main li")
        look()
        self.press_icon("close menu")
        return texts

    def open_menu(self, group: str, entry: str) -> None:
        """Open an entry of the drawer; groups stay open once they were."""
        self.press_icon("menu")
        item = self._menu(entry)
        if not self._is_in_view(item):
            self._menu(group).click()
            self.page.wait_for_timeout(500)
        item.click()
        self.settle()

    def _menu(self, text: str) -> Locator:
        return self.page.locator("#root main li > button").filter(has_text=_exactly(text)).first

    @staticmethod
    def _is_in_view(item: Locator) -> bool:
        """Tell whether it is shown: closed groups have their entries, folded to nothing."""
        height = "e => e.closest('ul').parentElement.parentElement.getBoundingClientRect().height"
        return bool(item.evaluate(height) > 10)

    def close_tab(self) -> None:
        self.page.locator("[role=tab] button:visible").last.click()
        self.settle()

    # Grids

    @property
    def panel(self) -> Locator:
        return self.page.locator(PANEL).last

    def grid(self) -> dict[str, Any]:
        """Return what is seen of the grid, once it stays so: columns, rows in view and the number of all."""
        seen: dict[str, Any] = {}
        for _ in range(_GRID_LOOKS):
            before, seen = seen, self._grid()
            if seen == before:
                break
            self.page.wait_for_timeout(_GRID_LOOK_MS)
        return seen

    def _grid(self) -> dict[str, Any]:
        footer = re.search(r"Rows:\s*(\d+)", self.panel.inner_text())
        return {
            "columns": self.texts(f"{PANEL} table >> nth=-1 >> thead button"),
            "rows": self.panel.evaluate(_READ_ROWS),
            "count": int(footer.group(1)) if footer else None,
        }

    def sort_by(self, column: str) -> None:
        self.panel.locator("thead button").filter(has_text=_exactly(column)).click()
        self.settle()

    def filter(self, column: str, value: str) -> None:
        self.panel.get_by_role("button", name="Filters").click()
        self.page.locator("#select-0").click()
        self.page.get_by_text(column, exact=True).last.click()
        self.page.locator("input[id^=input-0-]").fill(value)
        self.page.wait_for_timeout(500)
        self._leave_menu()

    def remove_filters(self) -> None:
        self.panel.get_by_role("button", name="Filters").click()
        self.press("Remove All")
        self._leave_menu()

    def _leave_menu(self) -> None:
        self.page.mouse.click(1300, 30)
        self.settle()

    def search(self, text: str) -> None:
        self.panel.locator("input[placeholder='Search...']").fill(text)
        self.settle()

    def to_the_end(self) -> None:
        self.press_icon("to the end", PANEL)

    def row(self, column: str, value: str) -> Locator:
        cell = self.page.locator(f'td[id$="-{column}"]').filter(has_text=_exactly(value))
        return self.panel.locator("tbody tr").filter(has=cell).first

    def edit(self, column: str, value: str) -> None:
        self.row(column, value).locator("button").nth(0).click()
        self.settle()

    def add(self) -> None:
        self.press_icon("add", PANEL)

    def delete(self, column: str, value: str) -> None:
        self.row(column, value).locator("button").nth(2).click()
        self.page.wait_for_timeout(300)
        self.press("Yes")

    # Dialogs

    def fill(self, column: str, value: str) -> None:
        self.page.locator(f"input#{column}, textarea#{column}").last.fill(value)

    def choose(self, column: str, value: str) -> None:
        """Choose a row of the list that opens below a field."""
        self.page.locator(f"input#{column}").last.click()
        cell = self.page.locator("td").filter(has_text=_exactly(value))
        self.page.locator(f"tr#{column}").filter(has=cell).first.click()
        self.settle()

    def fields(self) -> dict[str, str]:
        """Return the fields of the dialog on top, by column; passwords by whether there is one."""
        found: dict[str, str] = self.page.locator("body").evaluate(_READ_FIELDS)
        return found

    def tab(self, label: str) -> None:
        self.page.locator("[role=tab]:visible").filter(has_text=_exactly(label)).last.click()
        self.settle()

    def alerts(self) -> list[str]:
        """Return what the client has said in boxes since the last call; some are gone after seconds."""
        said: list[str] = self.page.evaluate(
            "() => { const said = window.saidInAlerts; return said.splice(0); }"
        )
        return sorted(set(said))

    def theme(self) -> dict[str, str]:
        """Return the colours of the page, by which one theme and mode is told from another."""
        colours: dict[str, str] = self.page.locator("#root").evaluate(_READ_COLOURS)
        return colours


def _exactly(text: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(text)}\s*$", re.IGNORECASE)


# Cells are found by their ids, `cell-<row>-<column>`; a flag is an icon, told by its path.
_READ_ROWS = """panel => [...panel.querySelectorAll('tbody tr')]
    .map(row => Object.fromEntries([...row.querySelectorAll('td[id^=cell-]')]
        .map(cell => [cell.id.replace(/^cell-[^-]*-/, ''), cell])
        .filter(([column]) => column !== 'actions')
        .map(([column, cell]) => [column,
            cell.innerText.trim() || cell.querySelector('span')?.getAttribute('color') || ''])))
    .filter(row => Object.keys(row).length)"""
_READ_FIELDS = """body => Object.fromEntries([...body.querySelectorAll('input[id], textarea[id]')]
    .filter(field => /^[A-Z][A-Z0-9_]*$/.test(field.id) && field.offsetParent !== null)
    .map(field => [field.id, field.type === 'checkbox' ? String(field.checked)
        : field.type === 'password' ? (field.value ? 'a password' : '') : field.value]))"""
_NOTE_ALERTS = """
    window.saidInAlerts = [];
    const look = () => document.querySelectorAll('button[aria-label="Close alert"]').forEach(button => {
        const text = button.parentElement.innerText.trim();
        if (text && !window.saidInAlerts.includes(text)) window.saidInAlerts.push(text);
    });
    new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
"""
_READ_COLOURS = """root => {
    const colours = element => element ? getComputedStyle(element) : null;
    const bar = root.firstElementChild?.querySelector('div > div');
    return {background: colours(document.body).backgroundColor, text: colours(root.firstElementChild).color,
        bar: [...root.querySelectorAll('div')].map(e => getComputedStyle(e).backgroundImage)
            .find(image => image.includes('gradient')) || ''};
}"""
