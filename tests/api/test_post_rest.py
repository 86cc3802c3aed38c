"""POST /api/rest: stored calls, to this server and to services."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework.models import Api, ApiConnection, ApiHeader
from liberty.crypto import encrypt_stored
from tests.conftest import client_of
from tests.definitions import define
from tests.external import ExternalPool
from tests.services import Answer, Service, service

pytestmark = pytest.mark.django_db

NOT_ADMIN = {"status": "failed", "message": "This needs an administrator."}


@pytest.fixture
def remote(settings: Settings) -> Iterator[Service]:
    with service() as running:
        settings.LIBERTY_REST_ALLOWED_HOSTS = [running.host]
        yield running


@pytest.fixture
def writer(db: None) -> User:
    """A user who may write and is no administrator."""
    return User.objects.create_user("writer", "correct horse", usr_name="Willy Writer")


def store(number: int = 1, **columns: Any) -> None:
    row = {"api_label": "Call", "api_source": "EXTERNAL", "api_method": "POST", "api_body": "{}"}
    Api.objects.create(api_id=number, **(row | columns))


def call(client: APIClient, body: Any = None, *, number: int = 1, query: str = "") -> Any:
    path = f"/api/rest?pool=default&mode=session&api={number}{query}"
    return client.post(path, {} if body is None else body, format="json")


def succeeded(items: Any) -> dict[str, Any]:
    return {"items": items, "status": "success", "count": 0}


def failed(message: str) -> dict[str, Any]:
    return {"status": "failed", "message": message}


def answer_of(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json()


def test_a_service_gets_the_filled_body(admin_client: APIClient, remote: Service) -> None:
    store(api_url=f"http://{remote.host}/orders", api_body='{"name": "$NAME", "n": 1}')
    remote.answers["/orders"] = Answer(b'{"id": 7, "total": 1.10}')
    response = call(admin_client, {"name": '", "n": 2', "UNUSED": 1})
    assert response.status_code == 200
    assert response.content == b'{"items":{"id":7,"total":1.10},"status":"success","count":0}'
    (received,) = remote.received
    assert (received.method, received.path) == ("POST", "/orders")
    assert json.loads(received.body) == {"name": '", "n": 2', "n": 1}
    assert received.headers["Content-Type"] == "application/json"


def test_nothing_of_the_caller_goes_out(admin_client: APIClient, remote: Service) -> None:
    store(api_url=f"http://{remote.host}/")
    admin_client.cookies["sessionid"] = "secret"
    call(admin_client)
    assert set(remote.received[0].headers) == {
        "User-Agent",
        "Accept",
        "Content-Type",
        "Host",
        "Accept-Encoding",
        "Content-Length",
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH", "put"])
def test_the_stored_method_is_used(admin_client: APIClient, remote: Service, method: str) -> None:
    store(api_url=f"http://{remote.host}/", api_method=method)
    assert answer_of(call(admin_client)) == (200, succeeded({}))
    assert remote.received[0].method == method.upper()


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_values_of_a_method_without_body_go_into_the_address(
    admin_client: APIClient, remote: Service, method: str
) -> None:
    body = '{"a": "$A", "b": 2, "c": null, "q": {"X": 1}}'
    store(api_url=f"http://{remote.host}/x?y=1", api_method=method, api_body=body)
    call(admin_client, {"A": "é&b"})
    assert remote.received[0].path == "/x?y=1&a=%C3%A9%26b&b=2&q=%7B%22X%22%3A1%7D"
    assert remote.received[0].body == ""


def test_headers_of_the_call_are_sent(admin_client: APIClient, remote: Service) -> None:
    store(api_url=f"http://{remote.host}/")
    ApiHeader.objects.create(api_id=1, hdr_id=1, hdr_key="X-Key", hdr_value="k")
    call(admin_client)
    assert remote.received[0].headers["X-Key"] == "k"


@pytest.mark.parametrize(
    ("name", "value"),
    [("X", "a\r\nY: b"), ("X\r\nY", "1"), ("Host", "x"), ("Content-Length", "1"), ("", "1")],
)
def test_a_header_that_would_be_another_is_refused(admin_client: APIClient, name: str, value: str) -> None:
    store(api_url="https://example.com/")
    ApiHeader.objects.create(api_id=1, hdr_id=1, hdr_key=name, hdr_value=value)
    message = "A header that is stored for the call cannot be sent."
    assert answer_of(call(admin_client)) == (400, failed(message))


def test_credentials_are_decrypted_for_the_service_alone(
    admin_client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("apps.queries.outbound.call_json", sent.append)
    ApiConnection.objects.create(
        conn_id=5,
        conn_label="Shop",
        conn_url="https://example.com",
        conn_user="ada",
        conn_password=encrypt_stored("pw:é"),
    )
    store(api_url="/orders", api_conn_id=5, api_user="other", api_password=encrypt_stored("no"))
    assert answer_of(call(admin_client)) == (200, succeeded(None))
    assert (sent[0].url, sent[0].headers["Authorization"]) == (
        "https://example.com/orders",
        "Basic YWRhOnB3OsOp",
    )


def test_credentials_do_not_go_without_tls(admin_client: APIClient, remote: Service) -> None:
    store(api_url=f"http://{remote.host}/", api_user="ada", api_password=encrypt_stored("pw"))
    message = "The call would send a password without TLS: its address is no https one."
    assert answer_of(call(admin_client)) == (400, failed(message))
    assert remote.received == []


def test_an_address_inside_of_the_network_is_refused(admin_client: APIClient) -> None:
    store(api_url="http://169.254.169.254/latest/meta-data")
    message = (
        "`169.254.169.254` is inside of a network. Who runs this server allows it by "
        "LIBERTY_REST_ALLOWED_HOSTS."
    )
    assert answer_of(call(admin_client)) == (400, failed(message))


def test_a_service_that_fails_is_told(admin_client: APIClient, remote: Service, settings: Settings) -> None:
    store(api_url=f"http://{remote.host}/")
    remote.answers["/"] = Answer(b"secret", status=500)
    message = "The service `127.0.0.1` answered with status 500."
    assert answer_of(call(admin_client)) == (502, failed(message))
    settings.LIBERTY_ORIGINAL_CLIENT = True
    original = {"items": [{"message": message}], "status": "error", "count": 0, "message": message}
    assert answer_of(call(admin_client)) == (200, original)


def test_a_service_that_is_slow_is_told(admin_client: APIClient, remote: Service, settings: Settings) -> None:
    settings.LIBERTY_REST_TIMEOUT_S = -1.0
    store(api_url=f"http://{remote.host}/")
    message = "The service `127.0.0.1` did not answer in time."
    assert answer_of(call(admin_client)) == (504, failed(message))


# Calls to this server


def internal(number: int = 1, url: str = "/api/db/query?query=7&pool=default", **columns: Any) -> None:
    store(number, api_source="INTERNAL", api_url=url, **columns)


def test_this_server_answers_the_caller_himself(admin_client: APIClient, sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE t (a text)")
    define(7, "POST", "INSERT INTO t VALUES (:A)", pool=sqlite_pool.name)
    internal(api_body='{"A": "$VALUE"}')
    written = {"items": [], "status": "success", "count": 1}
    assert answer_of(call(admin_client, {"VALUE": "x'y"})) == (200, succeeded(written))
    assert [tuple(row) for row in sqlite_pool.execute("SELECT a FROM t")] == [("x'y",)]


def test_a_read_of_this_server_gets_its_arguments(admin_client: APIClient) -> None:
    define(7, "GET", "SELECT 'ada' AS usr_id UNION ALL SELECT 'bob'", pool="default")
    body = '{"query": 7, "limit": "$LIMIT", "q": {"USR_ID": {"=": "$USER"}}}'
    internal(url="api/db/query", api_method="GET", api_body=body)
    response = call(admin_client, {"LIMIT": 5, "USER": "bob"})
    items = response.json()["items"]
    assert (items["items"], items["limit"]) == ([{"ROW_ID": 1, "USR_ID": "bob"}], 5)


def test_the_inner_call_has_the_callers_rights_alone(
    writer: User, settings: Settings, sqlite_pool: ExternalPool
) -> None:
    settings.LIBERTY_REST_PUBLIC_APIS = ["default/1"]
    define(7, "POST", "INSERT INTO t VALUES (1)", pool=sqlite_pool.name)
    internal(api_body='{"A": 1}')
    message = "`/api/db/query` answered with status 403: This needs an administrator."
    assert answer_of(call(client_of(writer))) == (502, failed(message))


def test_the_inner_failure_is_seen_in_both_styles(admin_client: APIClient, settings: Settings) -> None:
    internal(api_body='{"A": 1}')
    message = "`/api/db/query` answered with status 404: Query 7 is not defined for POST."
    assert answer_of(call(admin_client)) == (502, failed(message))
    settings.LIBERTY_ORIGINAL_CLIENT = True
    original = {"items": [{"message": message}], "status": "error", "count": 0, "message": message}
    assert answer_of(call(admin_client)) == (200, original)


def test_the_inner_faults_are_named(admin_client: APIClient) -> None:
    internal(url="/api/db/query", api_method="GET")
    message = "`/api/db/query` answered with status 422: query: Field required"
    assert answer_of(call(admin_client)) == (502, failed(message))


@pytest.mark.parametrize(
    "url",
    ["/admin/", "/", "http://localhost/api/db/check", "//localhost/api/db/check", "/api/../admin/", "/apix"],
)
def test_an_internal_call_stays_below_the_api(admin_client: APIClient, url: str) -> None:
    internal(url=url)
    message = "An internal call leads to a path below `/api/`."
    assert answer_of(call(admin_client)) == (400, failed(message))


def test_an_internal_path_that_is_not_there_is_told(admin_client: APIClient) -> None:
    internal(url="/api/nothing")
    status, body = answer_of(call(admin_client))
    assert (status, body) == (400, failed("`/api/nothing` is no path of the API."))


def test_a_call_that_leads_to_itself_ends(admin_client: APIClient) -> None:
    internal(url="/api/rest?api=1")
    status, body = answer_of(call(admin_client))
    assert status == 502
    assert body["message"].endswith(
        "answered with status 400: The call leads to itself, or through too many others."
    )


# Rights


def test_nobody_but_administrators_calls(reader_client: APIClient, writer: User) -> None:
    internal(url="/api/db/check", api_method="GET")
    assert answer_of(call(reader_client)) == (403, NOT_ADMIN)
    assert answer_of(call(client_of(writer))) == (403, NOT_ADMIN)


def test_an_opened_call_is_for_every_user(
    reader_client: APIClient, writer: User, remote: Service, settings: Settings
) -> None:
    settings.LIBERTY_REST_PUBLIC_APIS = ["default/1", "default/2"]
    store(1, api_url=f"http://{remote.host}/")
    store(2, api_url=f"http://{remote.host}/", api_method="GET")
    store(3, api_url=f"http://{remote.host}/")
    assert answer_of(call(client_of(writer))) == (200, succeeded({}))
    assert answer_of(call(client_of(writer), number=3)) == (403, NOT_ADMIN)
    assert answer_of(call(reader_client)) == (403, failed("A read-only user cannot write."))
    assert answer_of(call(reader_client, number=2)) == (200, succeeded({}))


# What is asked


def test_an_unknown_api_is_told(admin_client: APIClient) -> None:
    assert answer_of(call(admin_client, number=9)) == (404, failed("API 9 is not defined."))


def test_a_value_that_is_missing_is_named(admin_client: APIClient) -> None:
    store(api_url="https://example.com/", api_body='{"a": "$NAME"}')
    assert answer_of(call(admin_client)) == (400, failed("There is no value for `$NAME`."))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"api_body": "{"}, "The body that is stored for the call is no JSON."),
        ({"api_method": "TRACE"}, "API 1 has a method that is not among GET, POST, PUT, PATCH, DELETE."),
        ({"api_source": "OTHER"}, "API 1 is neither INTERNAL nor EXTERNAL."),
        (
            {"api_method": "GET", "api_body": "[1]"},
            "The body of a call by GET or DELETE is a JSON object.",
        ),
        ({"api_url": "orders"}, "The address of the service is no plain http or https address."),
    ],
)
def test_a_call_that_is_stored_wrongly_is_told(
    admin_client: APIClient, columns: dict[str, Any], message: str
) -> None:
    store(**({"api_url": "https://example.com/"} | columns))
    assert answer_of(call(admin_client)) == (400, failed(message))


def test_wrong_arguments_are_named(admin_client: APIClient) -> None:
    response = admin_client.post("/api/rest?mode=x", {}, format="json")
    assert answer_of(response) == (
        422,
        {
            "detail": [
                {
                    "loc": ["query", "mode"],
                    "msg": "Input should be 'framework' or 'session'",
                    "type": "enum",
                },
                {"loc": ["query", "api"], "msg": "Field required", "type": "missing"},
            ]
        },
    )


def test_the_values_are_an_object(admin_client: APIClient) -> None:
    store(api_url="https://example.com/")
    fault = {"loc": ["body"], "msg": "Input should be a valid dictionary", "type": "dict_type"}
    assert answer_of(call(admin_client, [1])) == (422, {"detail": [fault]})


def test_reading_is_no_method_of_it(admin_client: APIClient) -> None:
    response = admin_client.get("/api/rest?api=1")
    assert answer_of(response) == (405, {"detail": 'Method "GET" not allowed.'})
