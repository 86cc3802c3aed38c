"""The pages of stored calls and of the services that they go to."""

import pytest
from django.test import Client

from apps.framework.models import Api, ApiConnection, ApiHeader, ApiParameter
from liberty.crypto import decrypt_stored, encrypt_stored
from tests.admin.pages import Page

APIS = "/admin/framework/api/"
CHANGE = f"{APIS}3/change/"
HEADERS = "apiheader"
CONNECTIONS = "/admin/framework/apiconnection/"
CONNECTION = f"{CONNECTIONS}2/change/"
MOVED = (
    "The address leads to another host, where the stored password would be sent: enter the password anew, or"
    " remove it."
)
UNREADABLE = "The address of the service is no plain http or https address."
NO_TLS = "The call would send a password without TLS: its address is no https one."
LEAVES = "With what the connection begins with, this leads to another host."
NO_JSON = "The body that is stored for the call is no JSON."


@pytest.fixture
def api(db: None) -> Api:
    return Api.objects.create(
        api_id=3,
        api_label="Order",
        api_source="EXTERNAL",
        api_method="POST",
        api_url="https://orders.example.com/new",
        api_user="shop",
        api_password=encrypt_stored("hunter2"),
        api_body='{"name": "$NAME"}',
    )


@pytest.fixture
def connection(db: None) -> ApiConnection:
    return ApiConnection.objects.create(
        conn_id=2,
        conn_label="Stock",
        conn_url="https://stock.example.com",
        conn_user="shop",
        conn_password=encrypt_stored("hunter2"),
    )


def password_of(number: int = 3) -> str | None:
    return Api.objects.get(api_id=number).api_password


def test_the_list_shows_calls(site: Client, api: Api) -> None:
    text = site.get(f"{APIS}?q=order&api_source=EXTERNAL").content.decode()
    assert '<td class="field-api_url">https://orders.example.com/new</td>' in text
    assert '<td class="field-password_state">set</td>' in text
    assert CHANGE not in site.get(f"{APIS}?api_method=GET").content.decode()


def test_a_call_is_added_with_its_headers(site: Client, connection: ApiConnection) -> None:
    page = Page.open(site, f"{APIS}add/")
    assert (page.values["api_source"], page.values["api_method"]) == ("EXTERNAL", "POST")
    page.add_row(HEADERS, hdr_key="X-Shop", hdr_value="7")
    page.save(
        api_label="Parts",
        api_method="GET",
        api_conn_id="2",
        api_url="/parts",
        api_body='{"a": "$A"}',
        new_secret="hunter2",
    )
    api = Api.objects.get()
    assert (api.api_id, api.api_source, api.api_method, api.api_conn_id) == (1, "EXTERNAL", "GET", 2)
    assert (api.api_url, api.api_body, api.api_audit_user) == ("/parts", '{"a": "$A"}', "admin")
    assert decrypt_stored(api.api_password or "") == "hunter2"
    header = ApiHeader.objects.get()
    assert (header.api_id, header.hdr_id, header.hdr_key, header.hdr_value) == (1, 1, "X-Shop", "7")


def test_an_internal_call_is_added(site: Client) -> None:
    page = Page.open(site, f"{APIS}add/")
    page.save(api_label="Users", api_source="INTERNAL", api_method="GET", api_url="/api/db/query?query=1")
    assert Api.objects.get().api_source == "INTERNAL"


def test_headers_are_changed_and_removed(site: Client, api: Api) -> None:
    for number in (1, 2):
        ApiHeader.objects.create(api_id=3, hdr_id=number, hdr_key=f"X-{number}", hdr_value="old")
    page = Page.open(site, CHANGE)
    page.set_row(HEADERS, 0, hdr_value="new")
    page.delete_row(HEADERS, 1)
    page.save()
    assert [(row.hdr_id, row.hdr_value) for row in ApiHeader.objects.all()] == [(1, "new")]


@pytest.mark.parametrize(("name", "value"), [("Host", "x"), ("X:Y", "x"), ("X-Word", "Érable")])
def test_a_header_that_cannot_be_sent_is_told(site: Client, api: Api, name: str, value: str) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(HEADERS, hdr_key=name, hdr_value=value)
    assert page.refused() == ["A header that is stored for the call cannot be sent."]
    assert ApiHeader.objects.count() == 0


def test_the_password_is_never_shown_kept_changed_and_removed(site: Client, api: Api) -> None:
    before = password_of()
    page = Page.open(site, CHANGE)
    assert "set: encrypted under this installation" in page.text
    assert "ENC:" not in page.text
    page.save(api_label="Renamed")
    assert password_of() == before
    Page.open(site, CHANGE).save(new_secret="swordfish")
    assert decrypt_stored(password_of() or "") == "swordfish"
    Page.open(site, CHANGE).save(remove_secret="on")
    assert password_of() is None
    assert "none: the service is called without one." in Page.open(site, CHANGE).text


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"api_source": "NOWHERE"}, "Select a valid choice. NOWHERE is not one of the available choices."),
        ({"api_method": "HEAD"}, "Select a valid choice. HEAD is not one of the available choices."),
        ({"api_conn_id": "9"}, "Select a valid choice. 9 is not one of the available choices."),
        ({"api_url": ""}, "This field is required."),
        ({"api_url": "/new"}, UNREADABLE),
        ({"api_url": "ftp://orders.example.com/"}, UNREADABLE),
        ({"api_url": "https://shop:word@orders.example.com/"}, UNREADABLE),
        ({"api_url": "https://[x/"}, "The address of the service cannot be read."),
        ({"api_url": "http://orders.example.com/", "new_secret": "x"}, NO_TLS),
        ({"api_url": "https://other.example.com/new"}, MOVED),
        ({"api_url": "https://orders.example.com:8443/new"}, MOVED),
        ({"api_url": "https://other.example.com/new", "new_secret": "ENC:********"}, MOVED),
        ({"api_url": "/parts", "api_conn_id": "2"}, MOVED),
        ({"api_url": ".evil.com/", "api_conn_id": "2", "new_secret": "x"}, LEAVES),
        ({"api_url": ":8443/", "api_conn_id": "2", "new_secret": "x"}, LEAVES),
        ({"api_source": "INTERNAL"}, "An internal call leads to a path below `/api/`."),
        (
            {"api_source": "INTERNAL", "api_url": "https://[x/"},
            "The address of the internal call cannot be read.",
        ),
        (
            {"api_source": "INTERNAL", "api_url": "/api/../admin/"},
            "An internal call leads to a path below `/api/`.",
        ),
        ({"api_body": '{"name": $NAME}'}, NO_JSON),
        (
            {"api_method": "GET", "api_body": '["$NAME"]'},
            "The body of a call by GET or DELETE is a JSON object.",
        ),
    ],
)
def test_a_call_that_would_be_refused_is_told_at_its_field(
    site: Client, api: Api, connection: ApiConnection, values: dict[str, str], complaint: str
) -> None:
    before = Api.objects.values().get()
    assert Page.open(site, CHANGE).refused(**values) == [complaint]
    assert Api.objects.values().get() == before


@pytest.mark.parametrize(
    ("values", "password"),
    [
        ({"api_url": "https://other.example.com/new", "new_secret": "swordfish"}, "swordfish"),
        ({"api_url": "https://other.example.com/new", "remove_secret": "on"}, None),
        ({"api_url": "https://ORDERS.example.com:443/other"}, "hunter2"),
        ({"api_source": "INTERNAL", "api_url": "/api/db/query"}, "hunter2"),
        ({"api_method": "GET", "api_body": '"$ALL"'}, "hunter2"),
        ({"api_body": ""}, "hunter2"),
    ],
)
def test_a_password_goes_along_where_it_is_sent_to_nobody_else(
    site: Client, api: Api, values: dict[str, str], password: str | None
) -> None:
    Page.open(site, CHANGE).save(**values)
    stored = password_of()
    assert (decrypt_stored(stored) if stored else None) == password


def test_a_password_of_an_internal_call_is_not_led_outside_later(site: Client, api: Api) -> None:
    Api.objects.update(api_source="INTERNAL", api_url="/api/db/query")
    page = Page.open(site, CHANGE)
    assert page.refused(api_source="EXTERNAL", api_url="https://other.example.com/") == [MOVED]


def test_what_was_imported_is_left_alone_until_it_is_edited(site: Client, api: Api) -> None:
    Api.objects.update(
        api_source="external", api_method="HEAD", api_url="nowhere", api_body="{", api_conn_id=9
    )
    Page.open(site, CHANGE).save(api_label="Renamed")
    stored = Api.objects.get()
    assert (stored.api_label, stored.api_source, stored.api_method) == ("Renamed", "external", "HEAD")
    assert (stored.api_url, stored.api_body, stored.api_conn_id) == ("nowhere", "{", 9)


def test_a_call_is_deleted_with_its_rows(site: Client, api: Api) -> None:
    for number in (3, 4):
        ApiHeader.objects.create(api_id=number, hdr_id=1, hdr_key="X-1", hdr_value="v")
        ApiParameter.objects.create(api_id=number, map_id=1, map_var="A", map_value="v")
    assert site.post(f"{APIS}3/delete/", {"post": "yes"}).status_code == 302
    assert Api.objects.count() == 0
    assert list(ApiHeader.objects.values_list("api_id", flat=True)) == [4]
    assert list(ApiParameter.objects.values_list("api_id", flat=True)) == [4]


def test_a_connection_is_added_and_changed(site: Client) -> None:
    Page.open(site, f"{CONNECTIONS}add/").save(
        conn_label="Stock", conn_url="https://stock.example.com", conn_user="shop", new_secret="hunter2"
    )
    Page.open(site, f"{CONNECTIONS}1/change/").save(conn_url="https://stock.example.com/v2")
    stored = ApiConnection.objects.get()
    assert (stored.conn_id, stored.conn_url, stored.conn_user) == (1, "https://stock.example.com/v2", "shop")
    assert (stored.conn_audit_user, decrypt_stored(stored.conn_password or "")) == ("admin", "hunter2")


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"conn_url": "stock.example.com"}, UNREADABLE),
        ({"conn_url": "/admin"}, "An internal call leads to a path below `/api/`."),
        ({"conn_url": "http://stock.example.com", "new_secret": "x"}, NO_TLS),
        ({"conn_url": "https://other.example.com"}, MOVED),
    ],
)
def test_a_connection_that_leads_elsewhere_is_told(
    site: Client, connection: ApiConnection, values: dict[str, str], complaint: str
) -> None:
    before = ApiConnection.objects.values().get()
    assert Page.open(site, CONNECTION).refused(**values) == [complaint]
    assert ApiConnection.objects.values().get() == before


def test_a_connection_moves_with_a_new_password(site: Client, connection: ApiConnection) -> None:
    Page.open(site, CONNECTION).save(conn_url="https://other.example.com", new_secret="swordfish")
    stored = ApiConnection.objects.get()
    assert (stored.conn_url, decrypt_stored(stored.conn_password or "")) == (
        "https://other.example.com",
        "swordfish",
    )


def test_a_connection_does_not_lead_passwords_of_its_calls_elsewhere(
    site: Client, api: Api, connection: ApiConnection
) -> None:
    Api.objects.update(api_conn_id=2, api_url="/new")
    page = Page.open(site, CONNECTION)
    assert page.refused(conn_url="https://other.example.com", new_secret="x") == [
        "The passwords that APIs of this connection have of their own (3) would be sent to another host:"
        " remove them first."
    ]
    Api.objects.update(api_password=None)
    page.save(conn_url="https://other.example.com", new_secret="x")


def test_a_reader_sees_no_fields_for_the_password(
    auditor_site: Client, api: Api, connection: ApiConnection
) -> None:
    for path in (CHANGE, CONNECTION):
        text = auditor_site.get(path).content.decode()
        assert "set: encrypted under this installation" in text
        assert "New password" not in text
