"""GET /socket/applications."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.caller import Caller
from apps.accounts.models import User
from apps.framework import reservations
from apps.framework.models import SocketConnection

PATH = "/socket/applications"
SCRIPT = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened() -> str:
    reservations.connect("s1", Caller("demo"), node="n", application=1)
    reservations.reserve("s1", "APPS|1|QRY|2|b")
    reservations.reserve("s1", f"APPS|1|QRY|2|{SCRIPT}")
    return SocketConnection.objects.get().opened.isoformat(timespec="seconds")


def test_connections_are_listed_with_their_records(admin_client: APIClient, opened: str) -> None:
    response = admin_client.get(PATH)
    item = {
        "ROW_ID": 1,
        "USR_ID": "demo",
        "CATALOGUE": "default",
        "APPS_ID": 1,
        "OPENED": opened,
        "RECORDS": [f"APPS|1|QRY|2|{SCRIPT}", "APPS|1|QRY|2|b"],
    }
    assert (response.status_code, response.json()) == (
        200,
        {"items": [item], "status": "success", "count": 1},
    )


def test_nobody_is_an_empty_list(admin_client: APIClient) -> None:
    assert admin_client.get(PATH).json() == {"items": [], "status": "success", "count": 0}
    assert "Nobody is connected." in admin_client.get(PATH, {"format": "html"}).content.decode()


def test_a_browser_that_is_signed_in_to_the_admin_site_sees_a_page(
    client: Client, admin: User, opened: str
) -> None:
    client.force_login(admin)
    response = client.get("/socket/?format=html", follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert "APPS|1|QRY|2|b" in html
    assert SCRIPT not in html
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_an_unknown_form_is_refused(admin_client: APIClient) -> None:
    response = admin_client.get(PATH, {"format": "xml"})
    fault = {"loc": ["query", "format"], "msg": "Input should be 'json' or 'html'", "type": "enum"}
    assert (response.status_code, response.json()) == (422, {"detail": [fault]})


def test_others_see_nothing(reader_client: APIClient, anonymous_client: APIClient, opened: str) -> None:
    assert reader_client.get(PATH).status_code == 403
    assert anonymous_client.get(PATH).status_code == 401
