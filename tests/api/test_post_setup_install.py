"""`POST /api/setup/install` on an installed server; before it is: `tests/setup/test_install_live.py`."""

import pytest
from rest_framework.test import APIClient

PATH = "/api/setup/install"
MEMBERS = {"host": "h", "port": 5432, "database": "d", "user": "u", "password": "secret"}
MISSING = {"msg": "Field required", "type": "missing"}
# Where LIBERTY_DATABASE_URL leads is no matter of set-up, so the tests' own database is another one.
OTHER = {
    "status": "failed",
    "message": "Another framework database is in use. `manage.py install --from-current` moves an embedded "
    "one to PostgreSQL.",
}

pytestmark = pytest.mark.django_db


def test_without_a_token_it_is_refused(anonymous_client: APIClient) -> None:
    response = anonymous_client.post(PATH, MEMBERS, format="json")
    assert (response.status_code, response.json()) == (
        401,
        {"status": "failed", "message": "Not authenticated"},
    )


def test_a_user_who_is_no_administrator_is_refused(reader_client: APIClient) -> None:
    response = reader_client.post(PATH, {}, format="json")
    assert (response.status_code, response.json()) == (
        403,
        {"status": "failed", "message": "This needs an administrator of the default catalogue."},
    )


def test_another_target_is_refused(admin_client: APIClient) -> None:
    response = admin_client.post(PATH, MEMBERS, format="json")
    assert (response.status_code, response.json()) == (409, OTHER)


def test_every_missing_member_is_named(admin_client: APIClient) -> None:
    response = admin_client.post(PATH, {}, format="json")
    assert (response.status_code, response.json()) == (
        422,
        {"detail": [{"loc": ["body", name], **MISSING} for name in MEMBERS]},
    )


@pytest.mark.parametrize(
    ("name", "value", "message", "kind"),
    [
        ("host", 1, "Input should be a valid string", "string_type"),
        ("host", "", "String should have at least 1 character", "string_too_short"),
        ("host", "h" * 256, "String should have at most 255 characters", "string_too_long"),
        ("host", "a\x00b", "Input should be a valid string", "string_type"),
        ("port", "x", "Input should be a valid integer", "int_type"),
        ("port", True, "Input should be a valid integer", "int_type"),
        ("port", 65536, "Input should be between 1 and 65535", "value_error"),
        ("database", "é" * 32, "String should have at most 63 bytes", "string_too_long"),
        ("user", None, "Input should be a valid string", "string_type"),
        ("password", [], "Input should be a valid string", "string_type"),
        ("password", "ENC:v1:x:y", "This text was not encrypted for transport", "value_error"),
        ("admin_password", "p" * 1025, "A password has 1 to 1024 bytes.", "value_error"),
        ("maintenance_user", 7, "Input should be a valid string", "string_type"),
    ],
)
def test_a_faulty_member_is_named_without_its_value(
    admin_client: APIClient, name: str, value: object, message: str, kind: str
) -> None:
    response = admin_client.post(PATH, MEMBERS | {name: value}, format="json")
    assert (response.status_code, response.json()) == (
        422,
        {"detail": [{"loc": ["body", name], "msg": message, "type": kind}]},
    )


@pytest.mark.parametrize("body", ["[1]", "null", '"text"'])
def test_a_body_that_is_no_object_is_refused(admin_client: APIClient, body: str) -> None:
    response = admin_client.post(PATH, body, content_type="application/json")
    assert (response.status_code, response.json()) == (
        422,
        {"detail": [{"loc": ["body"], "msg": "Input should be an object", "type": "dict_type"}]},
    )


def test_a_body_that_is_no_json_is_refused(admin_client: APIClient) -> None:
    response = admin_client.post(PATH, "{", content_type="application/json")
    assert (response.status_code, response.json()) == (
        400,
        {"status": "failed", "message": "Invalid JSON format in request body."},
    )


def test_the_page_of_an_installed_server_leads_to_the_admin_site(anonymous_client: APIClient) -> None:
    response = anonymous_client.get("/setup")
    assert response.status_code == 200
    assert b'href="/admin/"' in response.content
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "message"), [("/health", "alive"), ("/health?ready=1", "ready")])
def test_health_is_open_and_tells_nothing_else(anonymous_client: APIClient, path: str, message: str) -> None:
    response = anonymous_client.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "success", "message": message})
