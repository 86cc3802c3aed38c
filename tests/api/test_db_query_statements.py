"""How many statements a call costs, once it is warm."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from tests.api.calls import query, rows
from tests.definitions import define, label
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db


@contextmanager
def statements_sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Collect what every psycopg cursor and connection executes."""
    sent: list[Any] = []
    execute = psycopg.Cursor.execute

    def recorded(self: Any, statement: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(statement)
        return execute(self, statement, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", recorded)
        yield sent


@pytest.mark.parametrize(
    "arguments",
    [{}, {"q": {"CUS_ID": {">": 1}}, "order": "-CUS_NAME"}, {"language": "fr", "offset": 1}],
    ids=str,
)
def test_a_warm_read_costs_one_statement_and_none_on_the_framework_database(
    postgres_pool: ExternalPool,
    admin_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
    settings: Settings,
    arguments: dict[str, Any],
) -> None:
    settings.LIBERTY_CATALOGUE_POLL_S = 60
    postgres_pool.create_sample_schema()
    label("CUS_NAME", "Name", "Nom")
    define(1, "GET", "SELECT cus_id, cus_name FROM customers", pool=postgres_pool.name, order_by="cus_id")
    rows(query(admin_client, 1, **arguments))
    with django_assert_num_queries(0), statements_sent(monkeypatch) as sent:
        assert rows(query(admin_client, 1, **arguments))
    assert len(sent) == 1
    assert str(sent[0]).startswith("SELECT * FROM (")
