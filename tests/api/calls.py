"""Calling `/api/db/query` in tests."""

from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

from liberty.api.json_text import dump

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Response

PATH = "/api/db/query"


def query(client: APIClient, number: int | str, **arguments: Any) -> "Response":
    """GET a stored query; `q` and `params` may be given as values, everything else as it is sent."""
    for name in ("q", "params"):
        if name in arguments and not isinstance(arguments[name], str):
            arguments[name] = dump(arguments[name]).decode()
    return client.get(PATH, {"query": number, **arguments})


def write(client: APIClient, verb: str, number: int, body: Any, **arguments: Any) -> "Response":
    """Call a writing query with `body` as JSON, or as the bytes that it is."""
    text = body if isinstance(body, bytes) else dump(body)
    path = f"{PATH}?" + "&".join(f"{name}={value}" for name, value in {"query": number, **arguments}.items())
    # The stubs want a text; the client sends bytes as they are.
    return client.generic(verb, path, text, content_type="application/json")  # type: ignore[arg-type]


def rows(response: "Response") -> list[dict[str, Any]]:
    """Return the items of a page that must have come."""
    answer = response.json()
    assert response.status_code == 200, answer
    items: list[dict[str, Any]] = answer["items"]
    return items


def message_of(response: "Response") -> str:
    """Return the text of a failure, wherever the envelope has it."""
    message = response.json()["message"]
    text: str = message if isinstance(message, str) else message["items"][0]["message"]
    return text
