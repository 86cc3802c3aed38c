"""The demo's stored queries, called as the README shows it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils.http import urlencode
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.setup.demo.business import write_business
from apps.setup.demo.queries import QUERIES
from apps.setup.demo.services import load_demo
from tests.conftest import client_of

PATH = "/api/db/query"
PARAMETERS: dict[int, dict[str, Any]] = {
    9002: {"CUS_ID": 3},
    9005: {"ORDER_ID": 10},
    9008: {"DATE_FROM": "2024-01-01", "DATE_TO": "2024-12-31"},
}
PUBLIC = [query.number for query in QUERIES if query.public]
CUSTOMER: dict[str, Any] = {
    "CUS_NAME": "Érable & Co",
    "CUS_EMAIL": None,
    "CUS_CITY": "Lyon",
    "CUS_COUNTRY": "FR",
    "CUS_LANGUAGE": "fr",
    "CUS_SINCE": "2025-01-31",
    "CUS_CREDIT": "1000.50",
    "CUS_ACTIVE": "Y",
    "CUS_NOTE": None,
}
ORDER: dict[str, Any] = {
    "CUS_ID": 1,
    "ORD_DATE": "2025-02-01",
    "ORD_SHIPPED": None,
    "ORD_STATUS": "OPEN",
    "ORD_TOTAL": "10.25",
    "ORD_NOTE": "50% now",
}


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "demo.sqlite3"
    write_business(file)
    return file


@pytest.fixture(autouse=True)
def _loaded(db: None, settings: Settings, tmp_path: Path, business: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.LIBERTY_DEMO = True
    shutil.copy(business, tmp_path / "demo.sqlite3")
    load_demo()


@pytest.fixture
def demo_client() -> APIClient:
    return client_of(User.objects.get(usr_id="demo"))


@pytest.fixture
def demo_admin() -> APIClient:
    return client_of(User.objects.get(usr_id="admin"))


def get(client: APIClient, number: int, **arguments: Any) -> Any:
    params = arguments.pop("params", PARAMETERS.get(number, {}))
    return client.get(f"{PATH}?{urlencode({'query': number, 'params': json.dumps(params), **arguments})}")


@pytest.mark.parametrize("number", PUBLIC)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_demos_user_reads_public_queries_with_labels(
    number: int, language: str, demo_client: APIClient
) -> None:
    response = get(demo_client, number, language=language, limit=3)
    answer = response.json()
    unlabelled = [column["name"] for column in answer["metadata"] if column["headerName"] == column["name"]]
    assert (response.status_code, answer["count"] > 0, unlabelled) == (200, True, [])


def test_labels_and_product_names_are_in_the_language(demo_client: APIClient) -> None:
    answer = get(demo_client, 9003, language="fr", limit=1).json()
    labels = [column["headerName"] for column in answer["metadata"]][:4]
    assert (answer["items"][0]["PRD_NAME"], labels) == (
        "Vase en chêne",
        ["Ligne", "Produit", "Code du produit", "Nom du produit"],
    )


def test_the_lines_of_an_order_add_up_to_its_total(demo_client: APIClient) -> None:
    lines = get(demo_client, 9005).json()["items"]
    (order,) = get(demo_client, 9004, q='{"ORD_ID":{"=":10}}').json()["items"]
    assert sum(line["LIN_TOTAL"] for line in lines) == pytest.approx(order["ORD_TOTAL"])


def test_sales_are_by_month(demo_client: APIClient) -> None:
    answer = get(demo_client, 9006).json()
    months = [item["SAL_MONTH"] for item in answer["items"]]
    assert (len(months), months[0], months[-1]) == (36, "2023-01", "2025-12")


@pytest.mark.parametrize(
    "number", [query.number for query in QUERIES if not query.public and "GET" in query.statements]
)
def test_what_is_not_public_is_for_administrators(
    number: int, demo_client: APIClient, demo_admin: APIClient
) -> None:
    assert (get(demo_client, number).status_code, get(demo_admin, number).status_code) == (403, 200)


def test_the_demos_user_writes_nothing(demo_client: APIClient) -> None:
    refused = {
        (query.number, verb): getattr(demo_client, verb.lower())(
            f"{PATH}?query={query.number}", CUSTOMER | ORDER | {"CUS_ID": 1, "ORD_ID": 1}, format="json"
        ).status_code
        for query in QUERIES
        for verb in query.statements
        if verb != "GET"
    }
    assert set(refused.values()) == {403}


@pytest.mark.parametrize(
    ("number", "key", "row", "change"),
    [(9001, "CUS_ID", CUSTOMER, {"CUS_CITY": "Nice"}), (9004, "ORD_ID", ORDER, {"ORD_STATUS": "PAID"})],
)
def test_a_row_is_created_read_changed_and_deleted(
    number: int, key: str, row: dict[str, Any], change: dict[str, Any], demo_admin: APIClient
) -> None:
    url = f"{PATH}?query={number}"
    created = demo_admin.post(url, row, format="json").json()
    (key_value,) = (item[key] for item in created["items"])
    found = json.dumps({key: {"=": key_value}})
    assert shown(get(demo_admin, number, q=found), row) == [as_read(row)]
    demo_admin.put(url, row | change | {key: key_value}, format="json")
    assert shown(get(demo_admin, number, q=found), row) == [as_read(row | change)]
    assert demo_admin.delete(url, {key: key_value}, format="json").json()["count"] == 1
    assert get(demo_admin, number, q=found).json()["items"] == []


def test_many_customers_are_written_at_once(demo_admin: APIClient) -> None:
    names = ("CUS_NAME", "CUS_CITY", "CUS_COUNTRY", "CUS_LANGUAGE", "CUS_SINCE")
    rows = [
        {name: CUSTOMER[name] for name in names} | {"CUS_NAME": f"Nouveau {number}"} for number in range(3)
    ]
    response = demo_admin.post(f"{PATH}?query=9007", {"ROWS": rows}, format="json")
    assert (response.status_code, response.json()["count"]) == (200, 3)
    assert shown(get(demo_admin, 9001, q='{"CUS_NAME":{"starts":"Nouveau"}}'), rows[0]) == rows


def test_a_customer_with_orders_is_not_deleted(demo_admin: APIClient) -> None:
    (order,) = get(demo_admin, 9004, limit=1).json()["items"]
    response = demo_admin.delete(f"{PATH}?query=9001", {"CUS_ID": order["CUS_ID"]}, format="json")
    assert response.status_code == 500
    assert get(demo_admin, 9002, params={"CUS_ID": order["CUS_ID"]}).json()["count"] == 1


def shown(response: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the members of `row` in each item of the answer."""
    return [{name: item[name] for name in row} for item in response.json()["items"]]


def as_read(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it was written as it is read: decimals, written as texts, are numbers."""
    return {
        name: float(value) if name in ("CUS_CREDIT", "ORD_TOTAL") else value for name, value in row.items()
    }
