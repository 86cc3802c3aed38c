"""Headless Chromium, and a record of all that a page says and asks for, step by step."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebSocket, sync_playwright

from scripts.client.environment import Missing
from scripts.client.recording import Call, Step
from tests.servers.programs import chromium, chromium_arguments

SIZE = {"width": 1500, "height": 950}
# The longest that an element is waited for.
TIMEOUT_MS = 20_000


@contextmanager
def browser_context() -> Iterator[BrowserContext]:
    """Yield a context of a new browser, that of a visitor without cookies. Raises Missing."""
    executable = os.environ.get("LIBERTY_TEST_CHROMIUM") or chromium()
    if not executable:
        raise Missing(
            "Chromium is not found here; Debian's package `chromium` has it: apt-get install chromium"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium_arguments())
        context = browser.new_context(viewport=SIZE, locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        yield context
        browser.close()


class Recorder:
    """Notes what happens on a page in the step that is under way."""

    def __init__(self, page: Page, site: str) -> None:
        self._site = site
        self._responses: list[Response] = []
        self.step = Step("start")
        self.steps = [self.step]
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.step.messages.append(f"uncaught: {error}"))
        page.on("response", lambda response: self._responses.append(response))
        page.on("requestfailed", lambda request: self._failed(request.method, request.url, request.failure))
        page.on("websocket", self._websocket)

    def begin(self, name: str) -> Step:
        self.step = Step(name)
        self.steps.append(self.step)
        return self.step

    def collect(self) -> None:
        """Read the bodies of the step's answers; this waits for them, and cannot be done as they arrive."""
        responses, self._responses = self._responses, []
        for response in responses:
            call = self._call(response)
            if call is not None:
                self.step.calls.append(call)

    def _call(self, response: Response) -> Call | None:
        request = response.request
        path, arguments = split_address(request.url, self._site)
        if path.startswith("/assets/") and response.ok:
            return None
        is_api = path.startswith(("/api/", "/socket"))
        return Call(
            method=request.method,
            path=path,
            arguments=arguments,
            body=_parsed(request.post_data) if request.post_data else None,
            status=response.status,
            answer=_parsed(response.text()) if is_api else None,
        )

    def _failed(self, method: str, url: str, failure: str | None) -> None:
        path, arguments = split_address(url, self._site)
        self.step.calls.append(Call(method, path, arguments, None, 0, failure))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.step.messages.append(f"{message.type}: {message.text}".replace(self._site, "SITE"))

    def _websocket(self, socket: WebSocket) -> None:
        path, _ = split_address(socket.url.replace("ws://", "http://", 1), self._site)
        call = Call("WEBSOCKET", path, {}, None, 101, [])
        self.step.calls.append(call)
        socket.on("framesent", lambda frame: _note(call, ">", frame))
        socket.on("framereceived", lambda frame: _note(call, "<", frame))
        socket.on("socketerror", lambda error: _note(call, "!", str(error)))


def _note(call: Call, direction: str, frame: str | bytes) -> None:
    assert isinstance(call.answer, list)  # noqa: S101 (made so above)
    text = frame if isinstance(frame, str) else frame.decode(errors="replace")
    call.answer.append(f"{direction}{text}")


def split_address(url: str, site: str) -> tuple[str, dict[str, str]]:
    """Return path and arguments. The client escapes nothing itself, so `&` and `=` may be part of a value.

    A name is letters alone, and what follows a `&` without such a name and `=` belongs to the value before.
    """
    parts = urlsplit(url)
    path = parts.path if url.startswith(site) else f"{parts.scheme}://{parts.netloc}{parts.path}"
    arguments: dict[str, str] = {}
    name = ""
    for word in unquote(parts.query).split("&") if parts.query else []:
        start, equals, value = word.partition("=")
        if equals and start.isidentifier():
            name = start
            arguments[name] = value
        elif name:
            arguments[name] += f"&{word}"
    return path, arguments


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text[:500]
