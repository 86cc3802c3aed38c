"""GET /api/fmw/modules."""

import pytest
from django.test import TestCase
from rest_framework.test import APIClient

from apps.framework.models import Module
from apps.pools.catalogue import touch

pytestmark = pytest.mark.django_db

URL = "/api/fmw/modules"


@pytest.fixture
def stored_modules(db: None) -> None:
    Module.objects.all().delete()
    Module.objects.create(module_id="menus", module_description="Menus", module_enabled="Y")
    Module.objects.create(
        module_id="sentry",
        module_description="Sentry",
        module_enabled="N",
        module_params='{"url":"https://sentry.example","dsn":"https://key@sentry.example/1"}',
    )
    touch("default")


def test_modules_are_read_without_a_token(stored_modules: None, anonymous_client: APIClient) -> None:
    response = anonymous_client.get(URL)
    metadata = [
        {"name": "ROW_ID", "type": "int"},
        {"name": "MODULE_ID", "type": "str"},
        {"name": "MODULE_DESCRIPTION", "type": "str"},
        {"name": "MODULE_ENABLED", "type": "str"},
        {"name": "MODULE_PARAMS", "type": "UNKNOWN"},
    ]
    assert (response.status_code, response.json()) == (
        200,
        {
            "status": "success",
            "pool": "default",
            "items": [
                {
                    "ROW_ID": 1,
                    "MODULE_ID": "menus",
                    "MODULE_DESCRIPTION": "Menus",
                    "MODULE_ENABLED": "Y",
                    "MODULE_PARAMS": None,
                },
                {
                    "ROW_ID": 2,
                    "MODULE_ID": "sentry",
                    "MODULE_DESCRIPTION": "Sentry",
                    "MODULE_ENABLED": "N",
                    "MODULE_PARAMS": '{"url":"https://sentry.example"}',
                },
            ],
            "rowCount": 2,
            "meta_data": metadata,
            "metadata": metadata,
            "hasMore": False,
            "limit": 1000,
            "offset": 0,
            "count": 2,
        },
    )


def test_a_bad_token_does_not_close_the_list(stored_modules: None, anonymous_client: APIClient) -> None:
    response = anonymous_client.get(URL, headers={"Authorization": "Bearer nonsense"})
    assert (response.status_code, response.json()["count"]) == (200, 2)


def test_without_modules_the_types_are_unknown(stored_modules: None, anonymous_client: APIClient) -> None:
    Module.objects.all().delete()
    touch("default")
    answer = anonymous_client.get(URL).json()
    assert (answer["items"], {column["type"] for column in answer["metadata"]}) == ([], {"UNKNOWN"})


class WarmList(TestCase):
    """Statements are counted by Django's own test case."""

    def test_a_second_call_makes_no_statement(self) -> None:
        APIClient().get(URL)
        with self.assertNumQueries(0):
            APIClient().get(URL)
