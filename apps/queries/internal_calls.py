"""Calls to this server's own API from inside: the same routes, the caller's own token, no network.

A worker that called itself over the network would wait for a thread that waits for it.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from rest_framework.response import Response

from liberty.api.json_text import parse_json
from liberty.api.outcome import outcome_of
from liberty.errors import InvalidDefinition, MalformedRequest, RemoteFailed
from liberty.outbound import Call

API = "/api/"
# What the inner request knows of the outer one: who calls, from where, and by which name of the server.
_TAKEN_OVER = (
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "REMOTE_ADDR",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)


def sender_for(request: HttpRequest) -> Callable[[Call], Any]:
    """Return what makes calls for the one who sent `request`.

    It returns the answer's JSON. It raises InvalidDefinition for an address that is no path of the API, and
    RemoteFailed with the reason where the answer is a failure.
    """
    return lambda call: _send(call, request)


def checked_path(text: str) -> tuple[str, str]:
    """Return the path and the arguments of an internal call's address. Raises InvalidDefinition."""
    try:
        url = urlsplit(text)
    except ValueError:
        raise InvalidDefinition("The address of the internal call cannot be read.") from None
    path = url.path if url.path.startswith("/") else f"/{url.path}"
    if url.scheme or url.netloc or not path.startswith(API) or ".." in path:
        raise InvalidDefinition("An internal call leads to a path below `/api/`.")
    return path, url.query


def _send(call: Call, outer: HttpRequest) -> Any:
    inner = _request_of(call, outer)
    try:
        match = resolve(inner.path_info)
        response = match.func(inner, *match.args, **match.kwargs)
    except Http404:
        raise InvalidDefinition(f"`{inner.path_info}` is no path of the API.") from None
    return _answer_of(response, inner.path_info)


def _request_of(call: Call, outer: HttpRequest) -> WSGIRequest:
    path, arguments = checked_path(call.url)
    body = call.body or b""
    return WSGIRequest(
        {
            **{name: outer.META[name] for name in _TAKEN_OVER if name in outer.META},
            "REQUEST_METHOD": call.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, encoding="latin-1"),
            "QUERY_STRING": arguments,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
    )


def _answer_of(response: HttpResponseBase, path: str) -> Any:
    status = outcome_of(response)
    if not isinstance(response, Response):
        raise RemoteFailed(f"`{path}` answers with something that is no JSON.")
    if status >= 400:
        raise RemoteFailed(f"`{path}` answered with status {status}: {_reason(response.data)}")
    response.render()
    if not response.content:
        return None
    try:
        return parse_json(response.content.decode(), failure="")
    except MalformedRequest as exc:
        raise RemoteFailed(f"`{path}` answers with something that is no JSON.") from exc


def _reason(failure: Any) -> str:
    """Return the text of a failure, in whichever style it is."""
    message = failure.get("message", failure.get("detail")) if isinstance(failure, dict) else None
    if isinstance(message, dict):
        message = message["items"][0]["message"]
    if isinstance(message, list):
        message = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in message)
    return str(message or "")
