"""The steps that a user takes through the client, the same on every server."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from scripts.client import data
from scripts.client.browser import Recorder, browser_context
from scripts.client.recording import Step
from scripts.client.web_client import WebClient


@dataclass(frozen=True)
class Subject:
    """A server with the client on it: how to sign in, and its framework database."""

    name: str
    site: str
    user: str
    password: str
    database: str


class Drive:
    """Takes the steps one after the other; one that fails does not keep the others from being tried."""

    def __init__(self, client: WebClient, recorder: Recorder, subject: Subject, folder: Path) -> None:
        self.client = client
        self.subject = subject
        self._recorder = recorder
        self._folder = folder

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Record a step; yields the object for what it sees. A picture of its end is kept."""
        step = self._recorder.begin(name)
        print(f"  {self.subject.name}: {name}", flush=True)
        try:
            yield step.shown
            self.client.settle()
        except (PlaywrightError, TimeoutError, LookupError) as failure:
            step.failure = str(failure).split("\nCall log")[0]
            print(f"    failed: {step.failure.splitlines()[0]}", flush=True)
        step.shown["said"] = self.client.alerts()
        self._recorder.collect()
        self.look()
        if step.failure:
            self._start_again()

    def look(self, detail: str = "") -> None:
        """Keep a picture of the page as it is now."""
        number = len(self._recorder.steps) - 1
        label = re.sub(r"\W+", "-", f"{self._recorder.step.name} {detail}".strip())
        self.client.page.screenshot(path=self._folder / f"{number:02}-{label}.png")

    def _start_again(self) -> None:
        """Leave whatever a failed step has left open."""
        self.client.open()
        if not self.client.is_signed_in():
            self.client.sign_in(self.subject.user, self.subject.password)
        self._recorder.collect()


def drive(subject: Subject, folder: Path) -> list[Step]:
    """Take all steps on a server and return what was seen; pictures are left in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with browser_context() as context:
        page = context.new_page()
        recorder = Recorder(page, subject.site)
        steps = Drive(WebClient(page, subject.site), recorder, subject, folder)
        for part in (_sign_in, _grids, _work_in_a_grid, _users, _enums, _actions, _settings, _leave, _reader):
            part(steps)
    return recorder.steps[1:]


def _sign_in(drive: Drive) -> None:
    client, subject = drive.client, drive.subject
    with drive.step("open the page") as shown:
        client.open()
        shown["applications"] = client.texts("form button")
    with drive.step("wrong password"):
        client.sign_in(subject.user, "not the password")
    with drive.step("unknown user"):
        client.sign_in("nobody-of-this-name", "not the password")
    with drive.step("sign in") as shown:
        client.sign_in(subject.user, subject.password)
        shown["signed in"] = client.is_signed_in()
        shown["tabs"] = client.texts("[role=tab]")
    with drive.step("menus in English") as shown:
        shown["menus"] = client.menu_texts(lambda: drive.look("open"))


# Group and entry of the menu.
GRIDS = (
    ("Settings", "Applications"),
    ("Settings", "Users"),
    ("Settings", "Roles"),
    ("Framework", "Menus"),
    ("Framework", "Queries"),
    ("Framework", "Dictionary"),
    ("Development", "Queries Builder"),
    ("Development", "Tables Builder"),
    ("Development", "Actions Builder"),
)


def _grids(drive: Drive) -> None:
    for group, entry in GRIDS:
        with drive.step(f"grid {entry}") as shown:
            drive.client.open_menu(group, entry)
            shown["grid"] = drive.client.grid()


def _work_in_a_grid(drive: Drive) -> None:
    client = drive.client
    with drive.step("page through") as shown:
        client.open_menu("Framework", "Dictionary")
        client.to_the_end()
        shown["grid"] = client.grid()
    with drive.step("filter a column") as shown:
        client.filter("Dictionary ID", "API_")
        shown["grid"] = client.grid()
    with drive.step("sort") as shown:
        client.sort_by("Dictionary ID")
        client.sort_by("Dictionary ID")
        shown["grid"] = client.grid()
    with drive.step("remove filters") as shown:
        client.remove_filters()
        client.search("language")
        shown["grid"] = client.grid()
        client.search("")
    with drive.step("open a dialog") as shown:
        client.search("API_URL")
        client.edit("DD_ID", "API_URL")
        drive.look("dialog")
        shown["fields"] = client.fields()
        client.press("Cancel")


def _users(drive: Drive) -> None:
    client = drive.client
    user = "USR_ID", "client-test"
    with drive.step("add a user") as shown:
        client.open_menu("Settings", "Users")
        client.add()
        client.fill("USR_ID", user[1])
        client.fill("USR_PASSWORD", "Quartz-7-lantern")
        client.fill("USR_NAME", "Client Test")
        client.fill("USR_EMAIL", "client@example.com")
        client.press("Save")
        shown["fields"] = client.fields()
        drive.look("dialog")
        client.press("Cancel")
        shown["grid"] = client.grid()
    with drive.step("change a user") as shown:
        client.edit(*user)
        client.fill("USR_NAME", "Client O'Test")
        client.press("Save")
        client.press("Cancel")
        shown["grid"] = client.grid()
    with drive.step("delete a user") as shown:
        client.delete(*user)
        shown["grid"] = client.grid()


def _enums(drive: Drive) -> None:
    """In a grid that is audited, with a key from a sequence."""
    client = drive.client
    with drive.step("add a row") as shown:
        client.open_menu("Framework", "Enums")
        client.add()
        client.fill("ENUM_LABEL", "Client test")
        client.press("Save")
        shown["fields"] = client.fields()
        client.press("Cancel")
        client.search("Client test")
        shown["grid"] = client.grid()
    with drive.step("change a row") as shown:
        client.edit("ENUM_LABEL", "Client test")
        client.fill("ENUM_LABEL", "Client test, changed")
        client.press("Save")
        client.press("Cancel")
        client.search("Client test")
        shown["grid"] = client.grid()
        shown["audit"] = data.audit_rows(drive.subject.database, "ly_enum")
    with drive.step("delete a row") as shown:
        client.delete("ENUM_LABEL", "Client test, changed")
        client.search("Client test")
        shown["grid"] = client.grid()
        shown["audit"] = data.audit_rows(drive.subject.database, "ly_enum")


def _actions(drive: Drive) -> None:
    """Tasks of the types IF, QUERY, RETURN, COMPONENT and API."""
    client = drive.client
    with drive.step("action: generate queries") as shown:
        client.open_menu("Development", "Tables Builder")
        client.search("LY_LANGUAGE")
        client.edit("TBL_DB_NAME", "LY_LANGUAGE")
        client.press("Generate Query")
        client.choose("QUERY_POOL", "default")
        shown["parameters"] = client.fields()
        client.press("Run")
        shown["fields"] = client.fields()
    with drive.step("action: reverse a table") as shown:
        client.press("Reverse Table")
        client.choose("APPS_TYPE", "LIBERTY")
        client.choose("QUERY_POOL", "default")
        client.choose("TBL_SCHEMA", "liberty")
        shown["parameters"] = client.fields()
        client.press("Run")
        shown["grid"] = client.grid()
        drive.look("component")
        client.press("Cancel")
        shown["fields"] = client.fields()
        client.press("Cancel")
    for action in ("Create Database", "Drop Database"):
        with drive.step(f"action: {action.lower()}") as shown:
            client.open_menu("Settings", "Applications")
            client.edit("APPS_NAME", "CLIENT")
            client.press(action)
            client.press("Yes")
            drive.look("dialog")
            shown["database"] = data.has_database(drive.subject.database, "client_test")
            client.press("Cancel")


def _settings(drive: Drive) -> None:
    client, subject = drive.client, drive.subject
    with drive.step("dark mode") as shown:
        client.press_icon("dark mode")
        shown["theme"] = client.theme()
    with drive.step("settings: language, theme") as shown:
        client.press_icon("account")
        client.fill("USR_NAME", "Client's Administrator")
        client.tab("UI Settings")
        client.choose("USR_LANGUAGE", "fr")
        client.choose("USR_THEME", "natureGreen")
        drive.look("dialog")
        client.press("Save")
        client.press("Cancel")
        shown["theme"] = client.theme()
    with drive.step("menus in French") as shown:
        shown["menus"] = client.menu_texts(lambda: drive.look("open"))
    with drive.step("sign out"):
        client.sign_out()
    with drive.step("sign in again") as shown:
        client.sign_in(subject.user, subject.password)
        shown["signed in"] = client.is_signed_in()
        shown["menus"] = client.menu_texts(lambda: drive.look("open"))
        shown["theme"] = client.theme()


def _leave(drive: Drive) -> None:
    client = drive.client
    with drive.step("sign out at the end") as shown:
        client.sign_out()
        shown["signed in"] = client.is_signed_in()
    with drive.step("disabled user"):
        client.sign_in("former", drive.subject.password)


def _reader(drive: Drive) -> None:
    """Somebody who is no administrator, has a role, and may change nothing."""
    client = drive.client
    with drive.step("user: sign in") as shown:
        client.sign_in("reader", drive.subject.password)
        shown["signed in"] = client.is_signed_in()
        shown["tabs"] = client.texts("[role=tab]")
        shown["menus"] = client.menu_texts(lambda: drive.look("open"))
    with drive.step("user: grid") as shown:
        client.open_menu("Paramètres", "Langues")
        # A grid that may not be changed is a list.
        shown["list"] = client.panel.inner_text()
    with drive.step("user: sign out"):
        client.sign_out()
