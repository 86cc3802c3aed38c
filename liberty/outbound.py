"""Calls to services over HTTP whose address somebody stored: checked, bounded, and answered with JSON.

An address is resolved once, every result is checked, and the connection goes to the checked one: a name that
resolves to something else a moment later leads nowhere. Addresses inside of networks are refused unless the
host is in LIBERTY_REST_ALLOWED_HOSTS. Certificates are verified against the name. Redirects pass the same
checks.
"""

import logging
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Lock, Timer
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, TimeoutError

from liberty.api.json_text import parse_json
from liberty.errors import InvalidDefinition, MalformedRequest, RemoteFailed, RemoteTimedOut
from liberty.version import PRODUCT_VERSION

logger = logging.getLogger("liberty.outbound")

MAX_REDIRECTS = 3
CHUNK_BYTES = 64 * 1024
AGENT = f"Liberty-API/{PRODUCT_VERSION}"

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
# Redirects that send the same once more; the others go on with GET.
_SAME_AGAIN = (307, 308)
# Networks that carry an IPv4 address in an IPv6 one: where they lead depends on who translates.
_TRANSLATED = [ip_network(name) for name in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48")]
# What looks like an address of the Internet, and is a service of the machine's own host (Azure).
_OF_THE_HOST = ip_address("168.63.129.16")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what is sent where. `headers` are the call's own; none of a caller's are ever among them."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def call_json(call: Call) -> Any:
    """Return the JSON that a service answers with; None where it answers with nothing.

    Raises InvalidDefinition for an address that is not called from here, RemoteTimedOut where the answer is
    not there after LIBERTY_REST_TIMEOUT_S, RemoteFailed for every other failure: no connection, a bad
    certificate, a status that is no success, too many redirects, more than LIBERTY_REST_MAX_BYTES, no JSON.
    """
    with _limited(settings.LIBERTY_REST_TIMEOUT_S) as limit:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _send(call, limit)
            if isinstance(answer, bytes):
                return _parsed(answer, call)
            call = answer
    raise RemoteFailed(f"{_host_of(call)} redirects too often.")


class _Limit:
    """The time that a call has. After it, its connections are cut off.

    The timeout of a socket is no such limit: it starts anew with every byte, and a service may send a header
    for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._is_over = False

    def left_s(self) -> float:
        """Return the seconds that are left; 0 or less where there are none."""
        return self._deadline - time.monotonic()

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connection)
            is_over = self._is_over
        if is_over:
            self.cut_off()

    def cut_off(self) -> None:
        with self._lock:
            self._is_over = True
            sockets, self._sockets = self._sockets, []
        for connection in sockets:
            with suppress(OSError):
                # Of the socket itself: the TLS object is in the hands of the thread that reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


@contextmanager
def _limited(seconds: float) -> Iterator[_Limit]:
    limit = _Limit(seconds)
    timer = Timer(seconds, limit.cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield limit
    finally:
        timer.cancel()


def _send(call: Call, limit: _Limit) -> bytes | Call:
    """Return the body of the answer, or the call that a redirect asks for."""
    url = checked_url(call.url)
    try:
        response = _response(call, url, limit)
        try:
            if response.status in _REDIRECTS:
                return _redirected(call, response)
            if not 200 <= response.status < 300:
                raise RemoteFailed(f"{_host_of(call)} answered with status {response.status}.")
            return _read(response, call, limit)
        finally:
            response.close()
    except HTTPError as exc:
        # To the package a refused connection is a kind of timeout.
        is_timeout = isinstance(exc, TimeoutError) and not isinstance(exc, NewConnectionError)
        if is_timeout or limit.left_s() <= 0:
            raise _too_late(call) from exc
        logger.warning("a service cannot be called: %s", exc)
        raise RemoteFailed(f"{_host_of(call)} cannot be called.") from exc


def _response(call: Call, url: SplitResult, limit: _Limit) -> urllib3.BaseHTTPResponse:
    """Try the addresses of the host in turn until one takes the connection."""
    addresses = _checked_addresses(url)
    for position, address in enumerate(addresses):
        try:
            return _request(call, url, address, limit)
        except (NewConnectionError, ConnectTimeoutError):
            if position == len(addresses) - 1:
                raise
    raise AssertionError("a host without address is refused before")


def _request(call: Call, url: SplitResult, address: Address, limit: _Limit) -> urllib3.BaseHTTPResponse:
    left_s = _left(call, limit)
    connect_s = min(left_s, settings.LIBERTY_CONNECT_TIMEOUT_S)
    target = quote(url.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{url.query}" if url.query else "")
    pool = _pool(url, address)
    pool.ConnectionCls = _watched(pool.ConnectionCls, limit.watch)
    return pool.urlopen(
        call.method,
        target,
        body=call.body,
        headers={"User-Agent": AGENT, **call.headers, "Host": url.netloc, "Accept-Encoding": "identity"},
        redirect=False,
        retries=False,
        timeout=urllib3.Timeout(connect=connect_s, read=left_s),
        preload_content=False,
        decode_content=False,
    )


def _pool(url: SplitResult, address: Address) -> urllib3.HTTPConnectionPool:
    host, port = url.hostname or "", _port_of(url)
    if url.scheme == "http":
        return urllib3.HTTPConnectionPool(str(address), port)
    return urllib3.HTTPSConnectionPool(
        str(address),
        port,
        cert_reqs="CERT_REQUIRED",
        ca_certs=settings.LIBERTY_REST_CA_FILE or certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )


def _watched(kind: Any, watch: Callable[[socket.socket], None]) -> Any:
    """Return a kind of connection that hands its socket over as soon as it is open."""

    class Watched(kind):  # type: ignore[misc]  # one of two kinds
        def connect(self) -> None:
            super().connect()
            watch(self.sock)

    return Watched


def _read(response: urllib3.BaseHTTPResponse, call: Call, limit: _Limit) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RemoteFailed(f"{_host_of(call)} answered in an encoding that was not asked for.")
    parts, size = [], 0
    while part := response.read1(CHUNK_BYTES):
        parts.append(part)
        size += len(part)
        if size > settings.LIBERTY_REST_MAX_BYTES:
            most = settings.LIBERTY_REST_MAX_BYTES
            raise RemoteFailed(f"{_host_of(call)} answered with more than {most} bytes.")
    # One that was cut off may look like one that has ended.
    _left(call, limit)
    return b"".join(parts)


def _redirected(call: Call, response: urllib3.BaseHTTPResponse) -> Call:
    """Return the call that a redirect asks for; what is secret stays with the host that it is for."""
    try:
        target = urljoin(call.url, response.headers.get("Location", ""))
    except ValueError:
        raise RemoteFailed(f"{_host_of(call)} redirects to an address that cannot be read.") from None
    before, after = urlsplit(call.url), checked_url(target)
    is_same = (before.scheme, before.netloc) == (after.scheme, after.netloc)
    if before.scheme == "https" and after.scheme != "https":
        raise RemoteFailed(f"{_host_of(call)} redirects to an address without TLS.")
    if _is_listed(after) and not _is_listed(before):
        # The list is for what is stored here, not for what a service elsewhere says.
        raise RemoteFailed(f"{_host_of(call)} redirects into a network.")
    if response.status in _SAME_AGAIN and not is_same and call.body is not None:
        raise RemoteFailed(f"{_host_of(call)} redirects what is sent to another host.")
    next_call = replace(call, url=target, headers=call.headers if is_same else {})
    if response.status in _SAME_AGAIN or call.method == "GET":
        return next_call
    return replace(next_call, method="GET", body=None)


def checked_url(text: str) -> SplitResult:
    """Return the parts of an address that may be called. Raises InvalidDefinition."""
    try:
        url = urlsplit(text)
        has_port = url.port is None or url.port > 0
    except ValueError:
        raise InvalidDefinition("The address of the service cannot be read.") from None
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if url.scheme not in _PORTS or not url.hostname or "@" in url.netloc or not (has_port and is_plain):
        raise InvalidDefinition("The address of the service is no plain http or https address.")
    return url


def site_of(url: SplitResult) -> tuple[str, str, int]:
    """Return what must stay the same for a secret to reach the same service: scheme, host and port."""
    return url.scheme, url.hostname or "", _port_of(url)


def _checked_addresses(url: SplitResult) -> Sequence[Address]:
    host = url.hostname or ""
    addresses = _resolved(host, _port_of(url))
    if not _is_listed(url) and not all(_is_outside(address) for address in addresses):
        raise InvalidDefinition(
            f"`{host}` is inside of a network. Who runs this server allows it by LIBERTY_REST_ALLOWED_HOSTS."
        )
    return addresses


def _resolved(host: str, port: int) -> Sequence[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise RemoteFailed(f"`{host}` has no address.") from exc
    # A zone (`fe80::1%eth0`) belongs to addresses that are refused anyway.
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return [_unmapped(ip_address(text)) for text in texts]


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_outside(address: Address) -> bool:
    """Whether an address is one that the whole Internet knows."""
    if address == _OF_THE_HOST:
        return False
    if isinstance(address, IPv6Address) and (
        address.is_site_local or any(address in network for network in _TRANSLATED)
    ):
        return False
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_special


def _is_listed(url: SplitResult) -> bool:
    """Whether the host is allowed by the setting: `host` with any port, `host:port` with this one."""
    host = (url.hostname or "").lower()
    allowed = {name.lower() for name in settings.LIBERTY_REST_ALLOWED_HOSTS}
    shown = f"[{host}]" if ":" in host else host
    return not allowed.isdisjoint({host, shown, f"{shown}:{_port_of(url)}"})


def _parsed(body: bytes, call: Call) -> Any:
    if not body.strip():
        return None
    failure = f"{_host_of(call)} answered with something that is no JSON."
    try:
        return parse_json(body.decode("utf-8-sig"), failure=failure)
    except (UnicodeDecodeError, MalformedRequest) as exc:
        raise RemoteFailed(failure) from exc


def _left(call: Call, limit: _Limit) -> float:
    left_s = limit.left_s()
    if left_s <= 0:
        raise _too_late(call)
    return left_s


def _too_late(call: Call) -> RemoteTimedOut:
    return RemoteTimedOut(f"{_host_of(call)} did not answer in time.")


def _host_of(call: Call) -> str:
    """Return how the service is called in messages; the rest of its address may hold secrets."""
    return f"The service `{urlsplit(call.url).hostname}`"


def _port_of(url: SplitResult) -> int:
    return url.port or _PORTS[url.scheme]
