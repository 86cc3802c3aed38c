"""What the contract's tests share: the answer as a whole, and failures that nobody foresaw."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from liberty.api.json_text import dump

Unforeseen = Callable[[str, Any], None]


def call(client: APIClient, verb: str, path: str, body: Any = None, **arguments: str) -> Any:
    """Send a request as it would come over the wire: arguments in the address, the body as JSON."""
    content = {} if body is None else {"data": dump(body), "content_type": "application/json"}
    return client.generic(verb, path, query_params=arguments or None, **content)  # type: ignore[arg-type]


def check(response: Any, status: int, body: Any) -> None:
    """The whole answer, and that it is JSON."""
    assert response.headers["Content-Type"] == "application/json"
    assert (response.status_code, response.json()) == (status, body)


def failed(message: Any) -> dict[str, Any]:
    return {"status": "failed", "message": message}


def invalid(place: str, name: str, message: str, kind: str) -> dict[str, Any]:
    return {"detail": [{"loc": [place, name], "msg": message, "type": kind}]}


@pytest.fixture
def unforeseen(monkeypatch: pytest.MonkeyPatch) -> Unforeseen:
    """Let a function fail as nobody foresaw, call, and check that the documented envelope tells nothing."""

    def check_unforeseen(target: str, send: Callable[[], Any]) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError("words of the driver")

        with monkeypatch.context() as patch:
            patch.setattr(target, fail)
            response = send()
        number = response.headers["X-Request-ID"]
        check(response, 500, failed(f"Internal server error (request {number})."))

    return check_unforeseen
