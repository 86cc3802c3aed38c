"""GET /api/fmw/applications."""

import pytest
from rest_framework.test import APIClient

from apps.pools.catalogue import touch
from apps.pools.models import Pool

pytestmark = pytest.mark.django_db

URL = "/api/fmw/applications"
UNTOLD = {"APPS_DESCRIPTION": None, "APPS_VERSION": None, "APPS_DASHBOARD": None, "APPS_THEME": None}


def application(number: int, **columns: object) -> None:
    Pool.objects.create(apps_id=number, apps_name=f"APP{number}", apps_pool=f"pool{number}", **columns)
    touch("default")


def test_applications_are_read_without_a_token(anonymous_client: APIClient) -> None:
    Pool.objects.all().delete()
    application(
        7,
        apps_description="Seven",
        apps_offset=500,
        apps_limit=2000,
        apps_version=600,
        apps_dashboard=1,
        apps_theme="liberty",
        apps_user="secret user",
        apps_password="secret password",
        apps_host="secret host",
    )
    response = anonymous_client.get(URL)
    assert (response.status_code, response.json()["items"], response.json()["metadata"]) == (
        200,
        [
            {
                "ROW_ID": 1,
                "APPS_ID": 7,
                "APPS_NAME": "APP7",
                "APPS_DESCRIPTION": "Seven",
                "APPS_POOL": "pool7",
                "APPS_OFFSET": 500,
                "APPS_LIMIT": 2000,
                "APPS_VERSION": 600,
                "APPS_DASHBOARD": 1,
                "APPS_THEME": "liberty",
            }
        ],
        [
            {"name": "ROW_ID", "type": "int"},
            {"name": "APPS_ID", "type": "int"},
            {"name": "APPS_NAME", "type": "str"},
            {"name": "APPS_DESCRIPTION", "type": "str"},
            {"name": "APPS_POOL", "type": "str"},
            {"name": "APPS_OFFSET", "type": "int"},
            {"name": "APPS_LIMIT", "type": "int"},
            {"name": "APPS_VERSION", "type": "int"},
            {"name": "APPS_DASHBOARD", "type": "int"},
            {"name": "APPS_THEME", "type": "str"},
        ],
    )


def test_page_size_and_ceiling_are_positive_and_rows_go_by_number(anonymous_client: APIClient) -> None:
    Pool.objects.all().delete()
    application(30, apps_offset=None, apps_limit=None)
    application(4, apps_offset=0, apps_limit=-1)
    assert anonymous_client.get(URL).json()["items"] == [
        {
            "ROW_ID": row_id,
            "APPS_ID": number,
            "APPS_NAME": f"APP{number}",
            "APPS_POOL": f"pool{number}",
            "APPS_OFFSET": 1000,
            "APPS_LIMIT": 10000,
            **UNTOLD,
        }
        for row_id, number in ((1, 4), (2, 30))
    ]


def test_a_changed_application_shows_at_once(anonymous_client: APIClient) -> None:
    Pool.objects.all().delete()
    application(1)
    anonymous_client.get(URL)
    application(2)
    assert [item["APPS_ID"] for item in anonymous_client.get(URL).json()["items"]] == [1, 2]


@pytest.mark.parametrize("verb", ["post", "put", "delete"])
def test_other_verbs_are_refused(verb: str, anonymous_client: APIClient) -> None:
    assert getattr(anonymous_client, verb)(URL).status_code == 405
