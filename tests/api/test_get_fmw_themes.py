"""GET /api/fmw/themes."""

import pytest
from rest_framework.test import APIClient

from apps.framework.models import Theme, ThemeColor
from apps.pools.catalogue import touch

pytestmark = pytest.mark.django_db

URL = "/api/fmw/themes"


@pytest.fixture(autouse=True)
def _stored_themes(db: None) -> None:
    Theme.objects.all().delete()
    for number, name in ((2, "day"), (1, "night")):
        Theme.objects.create(thm_id=number, thm_name=name)
        for position, key in enumerate(("primary", "border")):
            ThemeColor.objects.create(
                thm_id=number, tcl_id=position, tcl_key=key, tcl_light=f"#{number}{position}", tcl_dark="#000"
            )
    touch("default")


def test_themes_are_read_without_a_token(anonymous_client: APIClient) -> None:
    response = anonymous_client.get(URL)
    metadata = [
        {"name": "ROW_ID", "type": "int"},
        {"name": "THM_NAME", "type": "str"},
        {"name": "TCL_KEY", "type": "str"},
        {"name": "TCL_LIGHT", "type": "str"},
        {"name": "TCL_DARK", "type": "str"},
    ]
    rows = [
        ("day", "border", "#21"),
        ("day", "primary", "#20"),
        ("night", "border", "#11"),
        ("night", "primary", "#10"),
    ]
    assert (response.status_code, response.json()) == (
        200,
        {
            "status": "success",
            "pool": "default",
            "items": [
                {"ROW_ID": number, "THM_NAME": name, "TCL_KEY": key, "TCL_LIGHT": light, "TCL_DARK": "#000"}
                for number, (name, key, light) in enumerate(rows, start=1)
            ],
            "rowCount": 4,
            "meta_data": metadata,
            "metadata": metadata,
            "hasMore": False,
            "limit": 1000,
            "offset": 0,
            "count": 4,
        },
    )


def test_rows_are_numbered_after_filters(anonymous_client: APIClient) -> None:
    answer = anonymous_client.get(URL, {"pool": "default", "q": '{"THM_NAME":{"=":"night"}}'}).json()
    assert answer["items"] == [
        {"ROW_ID": 1, "THM_NAME": "night", "TCL_KEY": "border", "TCL_LIGHT": "#11", "TCL_DARK": "#000"},
        {"ROW_ID": 2, "THM_NAME": "night", "TCL_KEY": "primary", "TCL_LIGHT": "#10", "TCL_DARK": "#000"},
    ]


def test_no_match_is_an_empty_list(anonymous_client: APIClient) -> None:
    answer = anonymous_client.get(URL, {"q": '{"THM_NAME":{"=":"absent"}}'}).json()
    assert (answer["items"], answer["count"], {column["type"] for column in answer["metadata"]}) == (
        [],
        0,
        {"UNKNOWN"},
    )


def test_bad_filters_are_refused(anonymous_client: APIClient) -> None:
    response = anonymous_client.get(URL, {"q": "{"})
    assert (response.status_code, response.json()) == (
        400,
        {"status": "failed", "message": "Invalid JSON format in request query."},
    )
