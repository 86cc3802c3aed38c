"""Forms of the admin site as a browser sees and sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

Values = dict[str, Any]

UNSENT = ("submit", "button", "image", "reset", "file")


@dataclass
class Page:
    """The form of an admin page: `values` is what a browser would send for it."""

    client: Client
    path: str
    values: Values
    text: str

    @classmethod
    def open(cls, client: Client, path: str) -> "Page":
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        text = response.content.decode()
        return cls(client, path, form_values(text), text)

    def rows(self, prefix: str) -> list[Values]:
        """Return the rows of one kind, with the fields under their own names."""
        number = int(self.values[f"{prefix}-TOTAL_FORMS"])
        heads = [f"{prefix}-{index}-" for index in range(number)]
        return [
            {name.removeprefix(head): value for name, value in self.values.items() if name.startswith(head)}
            for head in heads
        ]

    def add_row(self, prefix: str, **values: Any) -> None:
        """Fill in one more row, as the button below the rows does."""
        index = int(self.values[f"{prefix}-TOTAL_FORMS"])
        self.values[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
        self.set_row(prefix, index, **values)

    def set_row(self, prefix: str, index: int, **values: Any) -> None:
        self.values |= {f"{prefix}-{index}-{name}": value for name, value in values.items()}

    def delete_row(self, prefix: str, index: int) -> None:
        self.set_row(prefix, index, DELETE="on")

    def send(self, **values: Any) -> HttpResponse:
        """Press "Save", with `values` filled in; None empties a box."""
        posted = {name: value for name, value in (self.values | values).items() if value is not None}
        return self.client.post(self.path, posted)  # type: ignore[return-value]

    def save(self, **values: Any) -> None:
        """Press "Save" and expect that it is saved."""
        response = self.send(**values)
        assert response.status_code == 302, errors_in(response)

    def refused(self, **values: Any) -> list[str]:
        """Press "Save", expect that the page comes back, and return the complaints on it."""
        response = self.send(**values)
        assert response.status_code == 200
        return errors_in(response)


def errors_in(response: HttpResponse) -> list[str]:
    """Return the complaints on a page, from top to bottom, without the one that says there are some."""
    parser = _ErrorParser()
    parser.feed(response.content.decode())
    return parser.errors


def form_values(text: str) -> Values:
    parser = _FormParser()
    parser.feed(text)
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


@dataclass
class _Open:
    """A control that is being read: a text area, or a select with its chosen options."""

    name: str
    is_multiple: bool = False
    chosen: list[str] = field(default_factory=list)
    first: str | None = None
    text: str = ""


class _FormParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: Values = {}
        self._is_inside = False
        self._open: _Open | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_inside = (given.get("id") or "").endswith("_form")
        if not self._is_inside or "disabled" in given:
            return
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in UNSENT:
            self._input(name, given)
        elif tag in ("textarea", "select"):
            self._open = _Open(name, "multiple" in given)
        elif tag == "option" and self._open:
            value = given.get("value") or ""
            self._open.first = value if self._open.first is None else self._open.first
            self._open.chosen += [value] if "selected" in given else []

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        if tag not in ("textarea", "select") or not self._open:
            return
        control, self._open = self._open, None
        if tag == "textarea":
            # HTML drops the line end that opens a text area, and sends those within as CRLF.
            text = control.text.replace("\r\n", "\n").removeprefix("\n")
            self.values[control.name] = text.replace("\n", "\r\n")
        elif control.is_multiple:
            self.values[control.name] = control.chosen
        else:
            self.values[control.name] = control.chosen[0] if control.chosen else control.first or ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        if given.get("type") not in ("checkbox", "radio"):
            self.values[name] = given.get("value") or ""
        elif "checked" in given:
            value = given.get("value") or "on"
            earlier = self.values.get(name)
            self.values[name] = [*earlier, value] if isinstance(earlier, list) else [value]


class _ErrorParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "ul" and "errorlist" in (dict(attrs).get("class") or ""):
            self._depth += 1
        elif tag == "li" and self._depth:
            self.errors.append("")

    def handle_data(self, data: str) -> None:
        if self._depth and self.errors:
            self.errors[-1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul" and self._depth:
            self._depth -= 1
