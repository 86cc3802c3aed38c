"""Our framework queries through the whole pipeline, on the framework database itself."""

import json
from typing import Any

import pytest
from django.db import connection
from django.utils.http import urlencode
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.pools.catalogue import touch
from liberty.secrets import STAND_IN, is_secret
from tests.conftest import client_of
from tests.queries.framework_catalogue import PARAMETERS, ROWS
from tests.queries.framework_results import RESULTS
from tests.queries.test_framework_definitions import CONTRACT

# Pools read the framework database through connections of their own, so the rows must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(db: None) -> APIClient:
    """The administrator among the rows of ROWS, which are in the framework database."""
    with connection.cursor() as cursor:
        for table, rows in ROWS.items():
            for row in rows:
                marks = ", ".join(["%s"] * len(row))
                cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    touch("default")
    return client_of(User.objects.get(usr_id="ada"))


def answer_of(client: APIClient, number: int, **arguments: str) -> dict[str, Any]:
    query = {"query": str(number), "source": "framework", "language": "fr", "params": json.dumps(PARAMETERS)}
    answer: dict[str, Any] = client.get(f"/api/db/query?{urlencode(query | arguments)}").json()
    return answer


def expected_items(number: int) -> list[dict[str, Any]]:
    names = CONTRACT[str(number)]["columns"]
    rows = [
        dict(zip(names, (row_id, *row), strict=True)) for row_id, row in enumerate(RESULTS[number], start=1)
    ]
    return [
        {name: STAND_IN if is_secret(name) and value is not None else value for name, value in row.items()}
        for row in rows
    ]


def test_every_query_answers_the_expected_rows_in_order(ada: APIClient) -> None:
    answers = {number: answer_of(ada, number)["items"] for number in RESULTS}
    assert answers == {number: expected_items(number) for number in RESULTS}


def test_every_query_describes_the_columns_of_the_contract(ada: APIClient) -> None:
    answers = {number: answer_of(ada, number, type="columns")["metadata"] for number in RESULTS}
    assert {str(number): [column["name"] for column in columns] for number, columns in answers.items()} == {
        number: query["columns"] for number, query in CONTRACT.items()
    }


def test_a_form_is_read_with_the_filters_of_the_client(ada: APIClient) -> None:
    filters = json.dumps({"LNG_ID": {"=": "fr"}, "FRM_ID": {"=": "30"}})
    assert answer_of(ada, 21, q=filters)["items"] == expected_items(21)


def test_the_menu_of_one_user_is_filtered_by_user(ada: APIClient) -> None:
    items = answer_of(ada, 7, q='{"USR_ID":{"=":"rob"}}')["items"]
    assert [(item["ROW_ID"], item["KEY_ATTRIBUTES"], item["AUT_RUN"]) for item in items] == [
        (1, "1.", "Y"),
        (2, "1.1.", "Y"),
        (3, "1.2.", "N"),
        (4, "1.2.3.", "Y"),
        (5, "8.", "N"),
        (6, "9.", "N"),
    ]
