"""Calls to services: which addresses are called, and how an answer may fail."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from liberty import outbound
from liberty.errors import InvalidDefinition, RemoteFailed, RemoteTimedOut
from liberty.outbound import AGENT, Call, call_json
from tests.services import Answer, Service, certificate, service

SECRET = {"Authorization": "Basic c2VjcmV0", "X-Key": "1"}


@pytest.fixture
def remote(settings: Settings) -> Iterator[Service]:
    """A service that may be called by the names `127.0.0.1` and `service.test`."""
    with service() as running:
        settings.LIBERTY_REST_ALLOWED_HOSTS = [running.host, f"service.test:{running.port}"]
        yield running


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of names, in the place of the system's; each look-up is written to `asked`."""
    known: dict[str, list[str]] = {"asked": []}
    system = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        known["asked"].append(host)
        addresses = known.get(host, [host])
        return [entry for address in addresses for entry in system(address, port, *args, **kwargs)]

    monkeypatch.setattr("liberty.outbound.socket.getaddrinfo", look_up)
    return known


def url(remote: Service, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
    return f"{scheme}://{host}:{remote.port}{path}"


def test_what_is_sent_arrives_and_comes_back(remote: Service) -> None:
    remote.answers["/a b"] = Answer(b"\xef\xbb\xbf" + b'{"n": 1.10, "big": 123456789012345678901234567890}')
    answer = call_json(Call("PUT", url(remote, "/x%20y?q=%C3%A9"), b'{"a":1}', {"X-Key": "1"}))
    assert answer == {}
    (received,) = remote.received
    assert (received.method, received.path, received.body) == ("PUT", "/x%20y?q=%C3%A9", '{"a":1}')
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert headers.pop("user-agent") == AGENT
    assert headers == {
        "host": remote.host,
        "accept-encoding": "identity",
        "content-length": "7",
        "x-key": "1",
    }


def test_numbers_keep_their_digits(remote: Service) -> None:
    remote.answers["/"] = Answer(b'{"n": 1.10, "big": 123456789012345678901234567890}')
    answer = call_json(Call("GET", url(remote)))
    assert (str(answer["n"]), answer["big"]) == ("1.10", 123456789012345678901234567890)


def test_an_answer_may_be_empty(remote: Service) -> None:
    remote.answers["/"] = Answer(b"", status=204)
    assert call_json(Call("DELETE", url(remote))) is None


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::7f00:1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "2001:0:7f00:1::",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_of_a_network_is_refused(names: dict[str, list[str]], address: str) -> None:
    names["service.test"] = [address]
    with pytest.raises(InvalidDefinition) as refused:
        call_json(Call("GET", "http://service.test/x"))
    assert refused.value.message == (
        "`service.test` is inside of a network. Who runs this server allows it by LIBERTY_REST_ALLOWED_HOSTS."
    )


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "LOCALHOST",
    ],
)
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(InvalidDefinition, match="inside of a network"):
        call_json(Call("GET", f"http://{host}/"))


def test_one_address_inside_is_enough(names: dict[str, list[str]]) -> None:
    names["service.test"] = ["93.184.216.34", "10.0.0.1"]
    with pytest.raises(InvalidDefinition, match="inside of a network"):
        call_json(Call("GET", "http://service.test/"))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_an_address_that_everybody_knows_is_called(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    names["service.test"] = [address]
    called: list[str] = []

    def request(call: Call, parts: Any, to: object, deadline: float) -> Any:
        called.append(str(to))
        raise RemoteFailed("enough")

    monkeypatch.setattr(outbound, "_request", request)
    with pytest.raises(RemoteFailed, match="enough"):
        call_json(Call("GET", "https://service.test/"))
    assert called == [address.removeprefix("::ffff:")]


def test_the_checked_address_is_the_one_that_is_called(
    remote: Service, names: dict[str, list[str]], settings: Settings
) -> None:
    """The name is looked up once: what it leads to later makes no difference."""
    names["service.test"] = ["127.0.0.1"]
    call_json(Call("GET", url(remote, host="service.test")))
    assert names["asked"].count("service.test") == 1
    assert remote.received[0].headers["Host"] == f"service.test:{remote.port}"


@pytest.mark.parametrize(
    "allowed", ["127.0.0.1:1", "127.0.0.2", "localhost", "0.0.1", "http://127.0.0.1", ".0.0.1"]
)
def test_only_the_listed_host_is_allowed(remote: Service, settings: Settings, allowed: str) -> None:
    settings.LIBERTY_REST_ALLOWED_HOSTS = [allowed]
    with pytest.raises(InvalidDefinition, match="inside of a network"):
        call_json(Call("GET", url(remote)))


def test_a_listed_host_may_be_without_port(remote: Service, settings: Settings) -> None:
    settings.LIBERTY_REST_ALLOWED_HOSTS = ["127.0.0.1"]
    assert call_json(Call("GET", url(remote))) == {}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/api/x",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "http:///x",
        "http://user:pw@example.com/",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://[::1/",
        "http://example.com/a b",
        "http://example.com/\r\nX: 1",
        "http://exämple.com/",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidDefinition, match="The address of the service"):
        call_json(Call("GET", address))


def test_a_name_without_address_is_told(names: dict[str, list[str]]) -> None:
    names["service.test"] = ["nothing.invalid"]
    with pytest.raises(RemoteFailed, match=r"`service\.test` has no address"):
        call_json(Call("GET", "http://service.test/"))


def test_the_next_address_is_tried_where_one_does_not_answer(
    remote: Service, names: dict[str, list[str]]
) -> None:
    names["service.test"] = ["127.0.0.9", "127.0.0.1"]
    assert call_json(Call("GET", url(remote, host="service.test"))) == {}


def test_nobody_there_says_no_address(settings: Settings) -> None:
    settings.LIBERTY_REST_ALLOWED_HOSTS = ["127.0.0.1"]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(RemoteFailed) as failed:
        call_json(Call("GET", f"http://127.0.0.1:{port}/secret"))
    assert failed.value.message == "The service `127.0.0.1` cannot be called."


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_a_status_that_is_no_success_is_told(remote: Service, status: int) -> None:
    remote.answers["/"] = Answer(b'{"secret": 1}', status=status)
    with pytest.raises(RemoteFailed) as failed:
        call_json(Call("GET", url(remote)))
    assert failed.value.message == f"The service `127.0.0.1` answered with status {status}."


@pytest.mark.parametrize("body", [b"<html>", b"{", b"\xff", b"NaN", b"[" * 100])
def test_an_answer_that_is_no_json_is_told(remote: Service, body: bytes) -> None:
    remote.answers["/"] = Answer(body)
    with pytest.raises(RemoteFailed, match="something that is no JSON"):
        call_json(Call("GET", url(remote)))


def test_an_answer_that_is_too_large_is_told(remote: Service, settings: Settings) -> None:
    settings.LIBERTY_REST_MAX_BYTES = 10
    remote.answers["/"] = Answer(b'"12345678"')
    assert call_json(Call("GET", url(remote))) == "12345678"
    remote.answers["/"] = Answer(b'"123456789"')
    with pytest.raises(RemoteFailed, match="more than 10 bytes"):
        call_json(Call("GET", url(remote)))


def test_an_answer_in_another_encoding_is_told(remote: Service) -> None:
    remote.answers["/"] = Answer(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    with pytest.raises(RemoteFailed, match="encoding that was not asked for"):
        call_json(Call("GET", url(remote)))


def test_an_answer_that_breaks_off_is_told(remote: Service) -> None:
    remote.answers["/"] = Answer(b"{}", headers={"Content-Length": "10", "Connection": "close"})
    with pytest.raises(RemoteFailed, match="cannot be called"):
        call_json(Call("GET", url(remote)))


def test_an_answer_that_does_not_end_is_told(remote: Service, settings: Settings) -> None:
    settings.LIBERTY_REST_TIMEOUT_S = 0.3
    told = threading.Event()
    remote.answers["/"] = Answer(b'"1234"', stall=told.wait)
    with pytest.raises(RemoteTimedOut, match="did not answer in time"):
        call_json(Call("GET", url(remote)))
    told.set()


def in_drops(start: bytes, closed: threading.Event) -> int:
    """Serve one connection: `start`, then a letter again and again until it is cut off; return the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with listening, connection, suppress(OSError):
            connection.sendall(start)
            while not closed.wait(0.05):
                connection.sendall(b"0")
        closed.set()

    threading.Thread(target=serve, daemon=True).start()
    port: int = listening.getsockname()[1]
    return port


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"",
    ],
    ids=["a header", "the size of a chunk", "a body without end", "the status"],
)
def test_an_answer_in_drops_is_cut_off(settings: Settings, start: bytes) -> None:
    settings.LIBERTY_REST_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.LIBERTY_REST_TIMEOUT_S = 0.5
    closed = threading.Event()
    port = in_drops(start, closed)
    with pytest.raises(RemoteTimedOut, match=r"The service `127\.0\.0\.1` did not answer in time\."):
        call_json(Call("GET", f"http://127.0.0.1:{port}/"))
    assert closed.wait(20), "the connection is still open"


def redirect(remote: Service, target: str, status: int = 302) -> None:
    remote.answers["/from"] = Answer(b"", status=status, headers={"Location": target})


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", ""), (302, "GET", ""), (303, "GET", ""), (307, "POST", "{}"), (308, "POST", "{}")],
)
def test_a_redirect_on_the_same_host_is_followed(
    remote: Service, status: int, method: str, body: str
) -> None:
    redirect(remote, "/to", status)
    remote.answers["/to"] = Answer(b"1")
    assert call_json(Call("POST", url(remote, "/from"), b"{}", SECRET)) == 1
    last = remote.received[-1]
    assert (last.method, last.path, last.body) == (method, "/to", body)
    assert last.headers["Authorization"] == "Basic c2VjcmV0"


def test_another_host_does_not_get_the_headers(remote: Service, names: dict[str, list[str]]) -> None:
    names["service.test"] = ["127.0.0.1"]
    redirect(remote, url(remote, "/to", host="service.test"))
    assert call_json(Call("GET", url(remote, "/from"), None, SECRET)) == {}
    last = remote.received[-1]
    assert last.path == "/to"
    assert not {"Authorization", "X-Key"} & set(last.headers)


def test_another_host_does_not_get_what_was_sent(remote: Service, names: dict[str, list[str]]) -> None:
    names["service.test"] = ["127.0.0.1"]
    redirect(remote, url(remote, "/to", host="service.test"), 307)
    with pytest.raises(RemoteFailed, match="redirects what is sent to another host"):
        call_json(Call("POST", url(remote, "/from"), b"{}"))


def test_a_redirect_into_a_network_is_refused(remote: Service, names: dict[str, list[str]]) -> None:
    names["inside.test"] = ["10.0.0.1"]
    redirect(remote, "http://inside.test/")
    with pytest.raises(InvalidDefinition, match=r"`inside\.test` is inside of a network"):
        call_json(Call("GET", url(remote, "/from")))


def test_a_service_outside_leads_to_no_listed_host(
    remote: Service, names: dict[str, list[str]], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    names["service.test"] = ["127.0.0.1"]
    settings.LIBERTY_REST_ALLOWED_HOSTS = [f"service.test:{remote.port}"]
    monkeypatch.setattr(outbound, "_is_outside", lambda address: True)
    redirect(remote, url(remote, "/to", host="service.test"))
    with pytest.raises(RemoteFailed, match=r"The service `127\.0\.0\.1` redirects into a network\."):
        call_json(Call("GET", url(remote, "/from")))
    assert [received.path for received in remote.received] == ["/from"]


@pytest.mark.parametrize("target", ["http://[::1", "//[", "http://[x]/"])
def test_a_redirect_to_what_is_no_address_is_told(remote: Service, target: str) -> None:
    redirect(remote, target)
    with pytest.raises(RemoteFailed, match="redirects to an address that cannot be read"):
        call_json(Call("GET", url(remote, "/from")))


def test_a_redirect_to_a_file_is_refused(remote: Service) -> None:
    redirect(remote, "file:///etc/passwd")
    with pytest.raises(InvalidDefinition, match="no plain http or https address"):
        call_json(Call("GET", url(remote, "/from")))


def test_redirects_end(remote: Service) -> None:
    redirect(remote, "/from")
    with pytest.raises(RemoteFailed, match="redirects too often"):
        call_json(Call("GET", url(remote, "/from")))
    assert len(remote.received) == 4


def test_a_service_by_tls_is_verified(
    names: dict[str, list[str]], settings: Settings, tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path, "service.test")
    with service(context) as remote:
        names |= {"service.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}
        settings.LIBERTY_REST_ALLOWED_HOSTS = ["service.test", "other.test"]
        with pytest.raises(RemoteFailed, match="cannot be called"):
            call_json(Call("GET", url(remote, host="service.test", scheme="https")))
        settings.LIBERTY_REST_CA_FILE = str(authority)
        assert call_json(Call("GET", url(remote, host="service.test", scheme="https"))) == {}
        with pytest.raises(RemoteFailed, match="cannot be called"):
            call_json(Call("GET", url(remote, host="other.test", scheme="https")))
        assert len(remote.received) == 1


def test_a_redirect_away_from_tls_is_refused(
    names: dict[str, list[str]], settings: Settings, tmp_path: Path
) -> None:
    context, authority = certificate(tmp_path, "service.test")
    with service(context) as remote:
        names["service.test"] = ["127.0.0.1"]
        settings.LIBERTY_REST_ALLOWED_HOSTS = ["service.test"]
        settings.LIBERTY_REST_CA_FILE = str(authority)
        redirect(remote, url(remote, host="service.test"))
        with pytest.raises(RemoteFailed, match="without TLS"):
            call_json(Call("GET", url(remote, "/from", host="service.test", scheme="https")))


def test_a_call_does_not_show_its_headers() -> None:
    assert "c2VjcmV0" not in repr(Call("GET", "http://example.com/", None, SECRET))


def test_an_answer_in_pieces_is_put_together(remote: Service) -> None:
    pieces = b'4\r\n"123\r\n3\r\n45"\r\n0\r\n\r\n'
    headers = {"Transfer-Encoding": "chunked", "Content-Length": ""}
    remote.answers["/"] = Answer(pieces, headers=headers)
    assert call_json(Call("GET", url(remote))) == "12345"
