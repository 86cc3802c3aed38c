"""Calls in exactly the form that the original's web client sends them, as its browser encodes them."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.framework.models import Enumeration, EnumerationValue, Language, Menu
from apps.pools.catalogue import touch
from apps.queries.models import FrameworkQuery, FrameworkSwitch
from tests.api.calls import rows
from tests.conftest import PASSWORD, client_of
from tests.definitions import define
from tests.external import ExternalPool

# Pools read the framework database through connections of their own, so the rows must be committed.
pytestmark = pytest.mark.django_db(transaction=True)

# What a browser leaves as it is in the query of an address.
BROWSER_SAFE = "!$&'()*+,/:;=?@[\\]^`{|}~"
STORED = "source=query&type=table&pool=default&mode=session"
FRAMEWORK = "source=framework&type=table&pool=default&mode=session"


def get(client: APIClient, query: str) -> Any:
    """GET a query string that the client wrote unencoded."""
    path = "/api/db/query?" + quote(query, safe=BROWSER_SAFE)
    return client.generic("GET", path, content_type="application/json")


def test_a_key_that_comes_twice_counts_once(admin: User) -> None:
    for number in (1, 2):
        Enumeration.objects.create(enum_id=number, enum_label=f"E{number}")
        EnumerationValue.objects.create(enum_id=number, val_enum="A", val_label=f"A{number}")
    Language.objects.create(lng_id="en", lng_name="English")
    touch("default")
    conditions = '{"ENUM_ID":{"=":1},"ENUM_ID":{"=":"2"},"LNG_ID":{"=":"en"}}'
    query = f"{FRAMEWORK}&query=14&q={conditions}&language=en"
    shown = [(row["ENUM_ID"], row["VAL_LABEL"]) for row in rows(get(client_of(admin), query))]
    assert shown == [(2, "A2")]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('{"CUS_NAME":{"like":"%üller & S%"}}', None),
        ('{"CUS_NAME":{"=":"O\'Brien Ltd"}}', [3]),
        ('{"cus_name":{"like":"%rasserie d%"}}', []),
        ('{"cus_name":{"like":"%rasserie D%"}}', [1]),
        ('{"CUS_ID":{">":"1","<":"4"}}', [2, 3]),
        ('{"CUS_ID":{"<":3}}', [1, 2]),
        ('{"CUS_CITY":{"=":null}}', [3]),
        ('{"CUS_CITY":{"!=":"Lyon"}}', [2]),
        ("", [1, 2, 3, 4]),
    ],
)
def test_conditions_come_through(
    admin: User, sqlite_pool: ExternalPool, condition: str, found: list[int] | None
) -> None:
    sqlite_pool.create_sample_schema()
    define(1, "GET", "SELECT * FROM customers", pool=sqlite_pool.name, order_by="cus_id")
    query = f"{STORED}&query=1&q={condition}&language=en&offset=0&limit=50"
    response = get(client_of(admin), query)
    if found is None:
        # An ampersand ends the argument: the client does not escape it, so the condition is cut off.
        assert response.status_code == 400
        return
    assert [row["CUS_ID"] for row in rows(response)] == found


def test_the_pool_of_the_caller_replaces_the_stored_one(admin: User, sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE here (a integer)", "INSERT INTO here VALUES (1)")
    define(1, "GET", "SELECT a FROM here", pool="default")
    query = f"{STORED}&query=1&overridePool={sqlite_pool.name}&language=en"
    assert rows(get(client_of(admin), query)) == [{"ROW_ID": 1, "A": 1}]


def test_signing_in_goes_through_encryption(admin: User) -> None:
    client = APIClient()
    encrypted = client.post("/api/fmw/encrypt", {"plain_text": PASSWORD}, format="json").json()["encrypted"]
    again = client.post("/api/fmw/encrypt", {"plain_text": encrypted}, format="json").json()["encrypted"]
    assert again == encrypted
    answer = client.post(
        "/api/auth/token?pool=default&mode=session&type=database",
        {"user": "admin", "password": encrypted},
        format="json",
    )
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
    user = client.get("/api/auth/user?user=admin&pool=default&mode=session").json()
    assert (user["status"], user["items"][0]["USR_ID"]) == ("success", "admin")


def test_an_audit_call_with_every_argument(admin: User, sqlite_pool: ExternalPool) -> None:
    sqlite_pool.create_sample_schema()
    define(1, "PUT", "UPDATE customers SET cus_name = :N WHERE cus_id = :CUS_ID", pool=sqlite_pool.name)
    arguments = STORED + '&query=1&q={"CUS_ID":{"=":"2"}}'
    path = "/api/db/audit/CUSTOMERS/admin?" + quote(arguments, safe=BROWSER_SAFE)
    response = client_of(admin).post(path, {"CUS_ID": 2}, format="json")
    answer = response.json()
    assert (response.status_code, answer) == (200, {"items": [], "status": "success", "count": 1})


def test_a_counter_is_made_and_advanced_as_the_client_does(admin: User) -> None:
    client = client_of(admin)
    query = f'{FRAMEWORK}&query=13&q={{"NN_ID":{{"=":"CUS"}}}}'
    path = f"/api/db/query?{FRAMEWORK}&query=13"
    assert rows(get(client, query)) == []
    body: dict[str, Any] = {
        "NN_ID": "CUS",
        "NN_CURRENT": 1,
        "NN_AUDIT_USER": "admin",
        "NN_AUDIT_DATE": "2026-01-31T10:11:12.345Z",
    }
    assert client.post(path, body, format="json").json() == {"items": [], "status": "success", "count": 1}
    assert rows(get(client, query)) == [{"ROW_ID": 1, "NN_ID": "CUS", "NN_CURRENT": 1}]
    advanced = client.put(path, {**body, "NN_CURRENT": 2}, format="json")
    assert advanced.json() == {"items": [], "status": "success", "count": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT nn_current, nn_audit_user FROM ly_nextnum")
        assert cursor.fetchall() == [(2, "admin")]


def test_a_theme_is_asked_for_before_signing_in() -> None:
    path = "/api/fmw/themes?pool=default" + quote('&q={"THM_NAME":{"=":"liberty"}}', safe=BROWSER_SAFE)
    assert APIClient().get(path).json()["status"] == "success"


# What users who are no administrators may read where the client is set

SHOWN = [5, 6, 8, 9, 10, 11, 12, 14, 16, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33]
OWN_MENUS = 'query=7&q={"USR_ID":{"=":"reader"}}&language=fr'
REFUSED = {"status": "failed", "message": "This needs an administrator."}


@pytest.fixture
def original(settings: Settings) -> None:
    settings.LIBERTY_ORIGINAL_CLIENT = True


def refusal(response: Any) -> str | None:
    """Return why a call was refused, as the client reads it; None where it was not."""
    body = response.json()
    return body["items"][0]["message"] if body["status"] == "error" else None


@pytest.mark.parametrize("number", SHOWN)
def test_everybody_reads_what_the_client_shows(original: None, reader: User, number: int) -> None:
    answer = get(client_of(reader), f"{FRAMEWORK}&query={number}&language=fr")
    assert (answer.status_code, refusal(answer)) == (200, None)


def test_a_user_reads_the_menus_that_are_his(original: None, reader: User, admin: User) -> None:
    Menu.objects.create(menu_seq_ukid="1.", menu_child_id="1.", menu_parent_id="0", menu_label="Sales")
    touch("default")
    shown = rows(get(client_of(reader), f"{FRAMEWORK}&{OWN_MENUS}"))
    assert [(row["USR_ID"], row["MENU_LABEL"], row["AUT_RUN"]) for row in shown] == [("reader", "Sales", "N")]


@pytest.mark.parametrize(
    "query",
    [
        "query=7",
        'query=7&q={"USR_ID":{"=":"admin"}}',
        'query=7&q={"USR_ID":{"!=":"reader"}}',
        'query=7&q={"USR_ID":{"like":"reader"}}',
        "query=1",
        "query=2&params={\"APPS_POOL\":\"default\"}",
        "query=4&params={\"USR_ID\":\"admin\",\"USR_ADMIN\":\"N\"}",
        "query=13",
        "query=34&params={\"API_ID\":1}",
        "query=8&overridePool=default",
    ],
    ids=["all menus", "another's", "the others'", "like", "dictionary", "pools", "users", "counters",
         "services", "another pool"],
)  # fmt: skip
def test_the_rest_stays_with_administrators(original: None, reader: User, query: str) -> None:
    answer = get(client_of(reader), f"{FRAMEWORK}&{query}&language=fr")
    assert refusal(answer) == "This needs an administrator."


def test_a_switched_definition_stays_with_administrators(original: None, reader: User) -> None:
    FrameworkQuery.objects.create(
        fmw_id=8, fmw_dbtype="generic", fmw_crud="GET", fmw_sqlquery="SELECT 1 AS A", fmw_pool="default"
    )
    FrameworkSwitch.objects.create(fmw_id=8)
    touch("default")
    assert refusal(get(client_of(reader), f"{FRAMEWORK}&query=8")) == "This needs an administrator."


def test_counters_are_not_written_by_everybody(original: None, reader: User) -> None:
    path = f"/api/db/query?{FRAMEWORK}&query=13"
    answer = client_of(reader).post(path, {"NN_ID": "X", "NN_CURRENT": 1}, format="json")
    assert refusal(answer) == "A read-only user cannot write."


def test_without_the_setting_framework_queries_need_an_administrator(reader: User) -> None:
    for query in (OWN_MENUS, "query=8"):
        answer = get(client_of(reader), f"{FRAMEWORK}&{query}")
        assert (answer.status_code, answer.json()) == (403, REFUSED)
