"""Each documented operation: what it answers when all is well, and each failure that the document names.

An operation whose document names a failure that its arguments cannot cause (422 of a list without arguments,
500 of one that asks no pool) is shown with one that nobody foresaw, or is described in OpenAPI alone.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework import logs
from apps.framework.models import Enumeration, LogEntry, Module, Theme, ThemeColor
from apps.pools.catalogue import touch
from apps.pools.models import Pool
from apps.queries.serializers import EMPTY_BODY
from liberty.crypto import decrypt_transport
from liberty.secrets import STAND_IN
from tests.conftest import PASSWORD, client_of
from tests.contract.conftest import Unforeseen, call, check, failed, invalid
from tests.definitions import define, label
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

NOWHERE = failed("Requested pool `nowhere` not found")
WRONG_MODE = invalid("query", "mode", "Input should be 'framework' or 'session'", "enum")
BROKEN_JSON = failed("Invalid JSON format in request query.")


def columns(**types: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]


def framework_list(items: list[dict[str, Any]], **types: str) -> dict[str, Any]:
    """The union of the document's envelope and the original's."""
    return {
        "status": "success",
        "pool": "default",
        "items": items,
        "rowCount": len(items),
        "meta_data": columns(ROW_ID="int", **types),
        "metadata": columns(ROW_ID="int", **types),
        "hasMore": False,
        "limit": 1000,
        "offset": 0,
        "count": len(items),
    }


# -- sign-in ----------------------------------------------------------------------------------------------


def test_auth_user() -> None:
    demo = User.objects.create_user(
        "demo",
        PASSWORD,
        usr_name="Demo User",
        usr_email="demo@liberty.fr",
        usr_language="fr",
        usr_mode="light",
        usr_readonly="Y",
        usr_dashboard=1,
        usr_theme="liberty",
    )
    client = client_of(demo)
    row = {
        "ROW_ID": 1,
        "USR_ID": "demo",
        "USR_PASSWORD": STAND_IN,
        "USR_NAME": "Demo User",
        "USR_EMAIL": "demo@liberty.fr",
        "USR_STATUS": "Y",
        "USR_ADMIN": "N",
        "USR_LANGUAGE": "fr",
        "USR_MODE": "light",
        "USR_READONLY": "Y",
        "USR_DASHBOARD": 1,
        "USR_THEME": "liberty",
    }
    path = "/api/auth/user"
    asked = {"user": "demo", "pool": "default", "mode": "framework"}
    check(call(client, "GET", path, **asked), 200, {"items": [row], "status": "success"})
    check(call(client, "GET", path, mode="other"), 422, WRONG_MODE)


def test_auth_user_of_an_unknown_pool(admin_client: APIClient) -> None:
    check(call(admin_client, "GET", "/api/auth/user", user="demo", pool="nowhere"), 500, NOWHERE)


def test_auth_token(admin: User, anonymous_client: APIClient) -> None:
    path, body = "/api/auth/token", {"user": "admin", "password": PASSWORD}
    asked = {"pool": "default", "mode": "framework", "type": "database"}
    response = call(anonymous_client, "POST", path, body, **asked)
    token = response.json()["access_token"]
    expected = {
        "access_token": token,
        "token_type": "bearer",
        "status": "success",
        "message": "Authentication successful",
    }
    check(response, 200, expected)
    assert token.count(".") == 2
    wrong_type = invalid("query", "type", "Input should be 'database' or 'oidc'", "enum")
    check(call(anonymous_client, "POST", path, body, type="ldap"), 422, wrong_type)
    check(
        call(anonymous_client, "POST", path, {"user": "admin"}),
        422,
        invalid("body", "password", "Field required", "missing"),
    )
    check(call(anonymous_client, "POST", path, body, pool="nowhere"), 500, NOWHERE)
    wrong = call(anonymous_client, "POST", path, {**body, "password": "wrong"})
    check(wrong, 401, failed("Authentication failed"))


# -- framework --------------------------------------------------------------------------------------------


def test_fmw_applications(anonymous_client: APIClient, unforeseen: Unforeseen) -> None:
    Pool.objects.all().delete()
    Pool.objects.create(
        apps_id=1,
        apps_name="LIBERTY",
        apps_description="Framework",
        apps_pool="default",
        apps_offset=5000,
        apps_limit=10000,
        apps_version=500,
        apps_dashboard=1,
        apps_theme="liberty",
    )
    touch("default")
    row = {
        "ROW_ID": 1,
        "APPS_ID": 1,
        "APPS_NAME": "LIBERTY",
        "APPS_DESCRIPTION": "Framework",
        "APPS_POOL": "default",
        "APPS_OFFSET": 5000,
        "APPS_LIMIT": 10000,
        "APPS_VERSION": 500,
        "APPS_DASHBOARD": 1,
        "APPS_THEME": "liberty",
    }
    types = {name: type(value).__name__ for name, value in row.items() if name != "ROW_ID"}
    path = "/api/fmw/applications"
    check(call(anonymous_client, "GET", path), 200, framework_list([row], **types))
    unforeseen("apps.framework.selectors.applications", lambda: call(anonymous_client, "GET", path))


def test_fmw_modules(anonymous_client: APIClient, unforeseen: Unforeseen) -> None:
    Module.objects.all().delete()
    Module.objects.create(
        module_id="menus", module_description="Menus", module_enabled="Y", module_params='{"open":true}'
    )
    touch("default")
    row = {
        "ROW_ID": 1,
        "MODULE_ID": "menus",
        "MODULE_DESCRIPTION": "Menus",
        "MODULE_ENABLED": "Y",
        "MODULE_PARAMS": '{"open":true}',
    }
    types = {name: "str" for name in row if name != "ROW_ID"}
    path = "/api/fmw/modules"
    check(call(anonymous_client, "GET", path), 200, framework_list([row], **types))
    unforeseen("apps.framework.selectors.modules", lambda: call(anonymous_client, "GET", path))


def test_fmw_themes(anonymous_client: APIClient, unforeseen: Unforeseen) -> None:
    Theme.objects.all().delete()
    Theme.objects.create(thm_id=1, thm_name="liberty")
    ThemeColor.objects.create(
        thm_id=1, tcl_id=1, tcl_key="primary", tcl_light="#3f51b5", tcl_dark="rgb(1, 2, 3)"
    )
    touch("default")
    row = {
        "ROW_ID": 1,
        "THM_NAME": "liberty",
        "TCL_KEY": "primary",
        "TCL_LIGHT": "#3f51b5",
        "TCL_DARK": "rgb(1, 2, 3)",
    }
    types = {name: "str" for name in row if name != "ROW_ID"}
    path = "/api/fmw/themes"
    check(call(anonymous_client, "GET", path), 200, framework_list([row], **types))
    unforeseen("apps.framework.selectors.themes", lambda: call(anonymous_client, "GET", path))


def test_fmw_encrypt(anonymous_client: APIClient, unforeseen: Unforeseen) -> None:
    path = "/api/fmw/encrypt"
    response = call(anonymous_client, "POST", path, plain_text="pässword & more")
    encrypted = response.json()["encrypted"]
    check(response, 200, {"encrypted": encrypted})
    assert decrypt_transport(encrypted) == "pässword & more"
    check(
        call(anonymous_client, "POST", path),
        422,
        invalid("query", "plain_text", "Field required", "missing"),
    )
    unforeseen(
        "apps.framework.views.encrypt_text", lambda: call(anonymous_client, "POST", path, plain_text="x")
    )


# -- logs -------------------------------------------------------------------------------------------------


@pytest.fixture
def stored_event(settings: Settings, tmp_path: Path) -> dict[str, Any]:
    settings.LIBERTY_LOG_DIR = str(tmp_path)
    base = {"level": "INFO", "method": "GET", "url": "/api/x", "message": "It works"}
    stored = logs.request_entry(base, request_id="r", time=datetime(2026, 1, 31, 10, tzinfo=UTC))
    logs.store([stored])
    return {"timestamp": stored["timestamp"], "id": LogEntry.objects.get().pk, **stored}


def test_logs(admin_client: APIClient, stored_event: dict[str, Any]) -> None:
    check(call(admin_client, "GET", "/api/logs"), 200, [stored_event])


def test_logs_details(admin_client: APIClient, stored_event: dict[str, Any]) -> None:
    number = str(stored_event["id"])
    check(call(admin_client, "GET", "/api/logs/details", id=number), 200, stored_event)


def test_logs_are_taken(anonymous_client: APIClient, settings: Settings, tmp_path: Path) -> None:
    settings.LIBERTY_LOG_DIR = str(tmp_path)
    event = {
        "transactionName": "query",
        "level": "error",
        "method": "GET",
        "url": "/api/db/query?query=7",
        "message": "It failed",
        "category": "API",
        "feature": "grid",
        "isException": True,
    }
    check(call(anonymous_client, "POST", "/api/logs", event), 200, None)
    assert LogEntry.objects.get().members["message"] == "It failed"


# -- pools ------------------------------------------------------------------------------------------------


def test_db_check(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    path = "/api/db/check"
    response = call(admin_client, "GET", path, framework_pool="default", target_pool="sqlite")
    now = response.json()["rows"][0]["CURRENT_DATE"]
    expected = {
        "status": "success",
        "pool": "sqlite",
        "rows": [{"ROW_ID": 1, "CURRENT_DATE": now}],
        "rowCount": 1,
        "meta_data": columns(ROW_ID="int", CURRENT_DATE="datetime"),
    }
    check(response, 200, expected)
    check(call(admin_client, "GET", path, target_pool="nowhere"), 500, NOWHERE)


def test_db_open_and_close(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    opened = call(admin_client, "GET", "/api/db/open", framework_pool="default", target_pool="sqlite")
    check(opened, 200, {"status": "success", "message": "connected"})
    closed = call(admin_client, "GET", "/api/db/close", pool="sqlite")
    check(closed, 200, {"status": "success", "message": "disconnected"})


@pytest.mark.parametrize(
    ("path", "name"),
    [("/api/db/check", "target_pool"), ("/api/db/open", "target_pool"), ("/api/db/close", "pool")],
    ids=["check", "open", "close"],
)
def test_db_pool_arguments(admin_client: APIClient, path: str, name: str) -> None:
    blank = invalid("query", name, "Input should not be blank", "string_blank")
    check(call(admin_client, "GET", path, **{name: " "}), 422, blank)
    check(call(admin_client, "GET", path, **{name: "nowhere"}), 500, NOWHERE)


# -- queries ----------------------------------------------------------------------------------------------

LINE = {"CUS_ID": 5, "CUS_NAME": "Dupont", "CUS_SINCE": "2026-01-31", "CUS_BALANCE": 1}
REFUSED_LINE = {**LINE, "CUS_NAME": None}


@pytest.fixture
def customers(sample_pool: ExternalPool) -> ExternalPool:
    """Query 1 on the customers, for all verbs; query 2 fails in the database."""
    name = sample_pool.name
    define(1, "GET", "SELECT cus_id, cus_name FROM customers", pool=name, order_by="cus_id")
    define(
        1,
        "POST",
        "INSERT INTO customers VALUES (:CUS_ID, :CUS_NAME, NULL, :CUS_SINCE, :CUS_BALANCE)",
        pool=name,
    )
    define(1, "PUT", "UPDATE customers SET cus_name = :CUS_NAME WHERE cus_id = :CUS_ID", pool=name)
    define(1, "DELETE", "DELETE FROM customers WHERE cus_id = :CUS_ID", pool=name)
    define(2, "GET", "SELECT no_such_column FROM customers", pool=name)
    define(2, "DELETE", "DELETE FROM customers WHERE no_such_column = :CUS_ID", pool=name)
    label("CUS_NAME", "Customer", "Client")
    return sample_pool


def metadata(name: str, header: str, *, data_type: str) -> dict[str, Any]:
    """A column without rules; one that the dictionary does not know is a text by its header."""
    return {
        "name": name,
        "headerName": header,
        "field": name,
        "type": "text",
        "operator": "like",
        "rules": None,
        "rules_values": None,
        "default": None,
        "dataType": data_type,
    }


def test_db_query_select(customers: ExternalPool, admin_client: APIClient) -> None:
    response = call(
        admin_client,
        "GET",
        "/api/db/query",
        source="query",
        type="table",
        pool="default",
        mode="session",
        query="1",
        override_pool=customers.name,
        q="[{'CUS_ID':{'>':1}, 'CUS_NAME':{'like':'%'} }]",
        language="fr",
        offset="0",
        limit="2",
        params="[{'APPS_ID': 10}]",
    )
    key_type = "bigint" if customers.dbtype == "sqlite" else "integer"
    described = [
        metadata("ROW_ID", "ROW_ID", data_type="bigint"),
        metadata("CUS_ID", "CUS_ID", data_type=key_type),
        metadata("CUS_NAME", "Client", data_type="text"),
    ]
    expected = {
        "items": [
            {"ROW_ID": 1, "CUS_ID": 2, "CUS_NAME": "Müller & Söhne"},
            {"ROW_ID": 2, "CUS_ID": 3, "CUS_NAME": "O'Brien Ltd"},
        ],
        "status": "success",
        "metadata": described,
        "hasMore": True,
        "limit": 2,
        "offset": 0,
        "count": 2,
    }
    check(response, 200, expected)
    assert list(response.json()) == list(expected)


def test_db_query_select_columns(customers: ExternalPool, admin_client: APIClient) -> None:
    page = call(admin_client, "GET", "/api/db/query", query="1").json()
    response = call(admin_client, "GET", "/api/db/query", query="1", type="columns")
    expected = {
        **page,
        "items": page["metadata"],
        "metadata": page["metadata"],
        "hasMore": False,
        "count": len(page["metadata"]),
    }
    check(response, 200, expected)


def test_db_query_select_failures(customers: ExternalPool, admin_client: APIClient) -> None:
    path = "/api/db/query"
    check(call(admin_client, "GET", path, query="1", q="{"), 400, BROKEN_JSON)
    wrong_type = invalid("query", "type", "Input should be 'table' or 'columns'", "enum")
    check(call(admin_client, "GET", path, query="1", type="rows"), 422, wrong_type)
    refused = call(admin_client, "GET", path, query="2", limit="100")
    said = refused.json()["message"]
    expected = {
        "items": [{"message": said["items"][0]["message"]}],
        "status": "error",
        "hasMore": False,
        "limit": 100,
        "offset": 0,
        "count": 0,
        "query": said["query"],
        "database_message": said["database_message"],
    }
    check(refused, 500, failed(expected))
    assert said["items"][0]["message"].startswith("Error: ")
    assert "no_such_column" in said["query"]
    assert "no_such_column" in said["database_message"]


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_db_query_write(customers: ExternalPool, admin_client: APIClient, verb: str) -> None:
    path = "/api/db/query"
    body = LINE if verb == "POST" else {**LINE, "CUS_ID": 3}
    arguments = {"source": "query", "type": "table", "pool": "default", "mode": "session", "query": "1"}
    response = call(admin_client, verb, path, body, override_pool=customers.name, **arguments)
    check(response, 200, {"items": [], "status": "success", "count": 1})
    check(call(admin_client, verb, path, {}, query="1"), 400, failed(EMPTY_BODY))
    check(call(admin_client, verb, path, LINE, query="1", mode="other"), 422, WRONG_MODE)


@pytest.mark.parametrize(
    ("verb", "number", "line"),
    [
        ("POST", "1", REFUSED_LINE),
        ("PUT", "1", {**REFUSED_LINE, "CUS_ID": 3}),
        ("DELETE", "2", {"CUS_ID": 3}),
    ],
    ids=["POST", "PUT", "DELETE"],
)
def test_db_query_write_refused_by_the_database(
    customers: ExternalPool, admin_client: APIClient, verb: str, number: str, line: dict[str, Any]
) -> None:
    response = call(admin_client, verb, "/api/db/query", line, query=number)
    said = response.json()["message"]
    expected = {
        "items": [{"message": said["items"][0]["message"], "line": line}],
        "status": "error",
        "count": 0,
        "query": said["query"],
        "database_message": said["database_message"],
    }
    check(response, 500, failed(expected))
    assert said["items"][0]["message"].startswith("Error: ")


def test_a_refused_statement_is_shown_to_administrators_alone(
    customers: ExternalPool, reader_client: APIClient
) -> None:
    define(3, "GET", "SELECT no_such_column FROM customers", pool=customers.name, public=True)
    response = call(reader_client, "GET", "/api/db/query", query="3", limit="10")
    said = response.json()["message"]
    expected = {
        "items": [{"message": said["items"][0]["message"]}],
        "status": "error",
        "hasMore": False,
        "limit": 10,
        "offset": 0,
        "count": 0,
    }
    check(response, 500, failed(expected))
    assert "no_such_column" not in said["items"][0]["message"]


# -- audit ------------------------------------------------------------------------------------------------


def test_db_audit(customers: ExternalPool, admin_client: APIClient) -> None:
    path = "/api/db/audit/customers/admin"
    check(
        call(admin_client, "POST", path, {"CUS_ID": 3}, query="1"),
        200,
        {"items": [], "status": "success", "count": 1},
    )
    check(call(admin_client, "POST", path, {}, query="1"), 400, failed(EMPTY_BODY))
    check(call(admin_client, "POST", path, {"CUS_ID": 3}, query="1", mode="other"), 422, WRONG_MODE)


def test_db_audit_refused_by_the_database(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    sqlite_pool.create_sample_schema()
    sqlite_pool.execute(
        'CREATE TABLE "aud$_customers"'
        ' (cus_id integer, "aud$_user" text, "aud$_date" text, needed text NOT NULL)'
    )
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :ID", pool=sqlite_pool.name)
    response = call(admin_client, "POST", "/api/db/audit/customers/admin", {"CUS_ID": 3}, query="1")
    said = response.json()["message"]
    expected = {
        "items": [{"message": said["items"][0]["message"], "line": {"CUS_ID": 3}}],
        "status": "error",
        "count": 0,
        "query": said["query"],
        "database_message": said["database_message"],
    }
    check(response, 500, failed(expected))


# -- export -----------------------------------------------------------------------------------------------


def test_export_repository(
    transactional_db: None, django_db_blocker: DjangoDbBlocker, admin_client: APIClient
) -> None:
    path = "/api/export/repository"
    Enumeration.objects.create(enum_id=1, enum_label="Status")
    listed = {
        "items": [{"ROW_ID": 1, "TABLE_NAME": "ly_enum", "ROW_COUNT": 1}],
        "status": "success",
        "count": 1,
    }
    with django_db_blocker.unblock():  # an export reads through a snapshot of its own
        check(call(admin_client, "GET", path, tables="ly_enum"), 200, listed)
    wrong_format = invalid("query", "format", "Input should be 'json' or 'zip'", "enum")
    check(call(admin_client, "GET", path, format="tar"), 422, wrong_format)
    check(call(admin_client, "GET", path, pool="nowhere"), 500, NOWHERE)
