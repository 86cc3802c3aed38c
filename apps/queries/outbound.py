"""Stored calls to services (`ly_api`): from a number and values to the JSON that the service answers with."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from apps.accounts.caller import Caller
from apps.framework.models import Api, ApiConnection, ApiHeader
from apps.pools.framework_tables import read_tables
from apps.queries.body_templates import fill_template, may_be_object, read_template
from apps.queries.permissions import check_call
from apps.queries.services import reach_catalogue
from apps.queries.spec import QuerySpec
from liberty.api.json_text import dump
from liberty.crypto import decrypt_stored
from liberty.errors import InvalidDefinition, UnknownApi
from liberty.outbound import Call, call_json

INTERNAL, EXTERNAL = "INTERNAL", "EXTERNAL"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Methods whose values go into the address.
BODILESS = ("GET", "DELETE")
NO_OBJECT = "The body of a call by GET or DELETE is a JSON object."
# How many stored calls may lead to each other.
MAX_DEPTH = 3

Send = Callable[[Call], Any]

_depth: ContextVar[int] = ContextVar("depth of stored calls", default=0)
_header_name = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_header_value = re.compile(r"[\x20-\x7e]{0,1000}")
# Headers that the call itself sets.
_OWN_HEADERS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A row of `ly_api` with its connection; the password is as stored."""

    number: int
    is_internal: bool
    method: str
    url: str
    user: str
    password: str = field(repr=False)
    body: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def call_api(spec: QuerySpec, caller: Caller, values: Mapping[str, Any], *, send_internal: Send) -> Any:
    """Make the stored call that `spec` names (`number`, `pool`) with `values` and return the answer's JSON.

    `send_internal` makes a call to this server itself, as the caller. Raises Forbidden, UnknownPool,
    UnknownApi, InvalidDefinition, MalformedRequest; RemoteFailed and RemoteTimedOut for the service.
    """
    catalogue = reach_catalogue(spec, caller)
    stored = read_tables(catalogue, lambda: _load(spec.number))
    check_call(
        caller,
        catalogue=catalogue,
        number=stored.number,
        is_internal=stored.is_internal,
        is_read=stored.method == "GET",
    )
    call = _call_of(stored, fill_template(stored.body, values))
    if not stored.is_internal:
        return call_json(call)
    with _deeper():
        return send_internal(call)


def _load(number: int) -> StoredCall:
    api = Api.objects.filter(api_id=number).first()
    if api is None:
        raise UnknownApi(f"API {number} is not defined.")
    connection = None
    if api.api_conn_id is not None:
        connection = ApiConnection.objects.filter(conn_id=api.api_conn_id).first()
    headers = ApiHeader.objects.filter(api_id=number).order_by("hdr_id").values_list("hdr_key", "hdr_value")
    base, user, password = (
        (connection.conn_url, connection.conn_user, connection.conn_password)
        if connection is not None
        else ("", None, None)
    )
    return StoredCall(
        number=number,
        is_internal=_is_internal(api),
        method=_method_of(api),
        url=base + api.api_url.strip(),
        user=user or api.api_user or "",
        password=password or api.api_password or "",
        body=api.api_body or "",
        headers=_checked_headers(dict(headers)),
    )


def _is_internal(api: Api) -> bool:
    source = (api.api_source or EXTERNAL).upper()
    if source not in (INTERNAL, EXTERNAL):
        raise InvalidDefinition(f"API {api.pk} is neither {INTERNAL} nor {EXTERNAL}.")
    return source == INTERNAL


def _method_of(api: Api) -> str:
    method = (api.api_method or "POST").upper()
    if method not in METHODS:
        raise InvalidDefinition(f"API {api.pk} has a method that is not among {', '.join(METHODS)}.")
    return method


def _checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        check_header(name, value)
    return headers


def check_header(name: str, value: str) -> None:
    is_own = name.lower() in _OWN_HEADERS
    if is_own or not _header_name.fullmatch(name) or not _header_value.fullmatch(value):
        raise InvalidDefinition("A header that is stored for the call cannot be sent.")


def check_body(template: str, method: str) -> None:
    body = read_template(template)
    if method in BODILESS and not may_be_object(body):
        raise InvalidDefinition(NO_OBJECT)


def check_tls(url: str) -> None:
    """Refuse an address that a password would reach in clear text."""
    if url.lower().startswith("http:"):
        raise InvalidDefinition("The call would send a password without TLS: its address is no https one.")


def _call_of(stored: StoredCall, body: Any) -> Call:
    headers = {"Accept": "application/json", **stored.headers}
    if stored.user and not stored.is_internal:
        check_tls(stored.url)
        secret = f"{stored.user}:{decrypt_stored(stored.password)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(secret).decode()}"
    if stored.method in BODILESS:
        return Call(stored.method, _with_arguments(stored.url, body), None, headers)
    return Call(stored.method, stored.url, dump(body), {**headers, "Content-Type": "application/json"})


def _with_arguments(url: str, body: Any) -> str:
    """Return `url` with the members of the body as arguments; what is no text is written as JSON."""
    if not isinstance(body, dict):
        raise InvalidDefinition(NO_OBJECT)
    arguments = {
        name: value if isinstance(value, str) else dump(value).decode()
        for name, value in body.items()
        if value is not None
    }
    if not arguments:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(arguments)


@contextmanager
def _deeper() -> Iterator[None]:
    depth = _depth.get()
    if depth >= MAX_DEPTH:
        raise InvalidDefinition("The call leads to itself, or through too many others.")
    token = _depth.set(depth + 1)
    try:
        yield
    finally:
        _depth.reset(token)
