"""What the original has and this server has not."""

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

AI = "This server has no language model."
CALLS = {
    "/api/ai/prompt": AI,
    "/api/ai/welcome": AI,
    "/api/setup/prepare": "Set-up by this call is not offered: "
    "`POST /api/setup/install` prepares the framework database itself.",
    "/api/setup/restore": "Set-up by this call is not offered: "
    "`manage.py import_repository` loads an exported repository.",
    "/api/setup/update": "Set-up by this call is not offered: "
    "`POST /api/setup/upgrade` moves the framework tables on.",
}


@pytest.mark.parametrize("path", CALLS)
def test_a_call_is_told_what_to_do_in_its_place(anonymous_client: APIClient, path: str) -> None:
    response = anonymous_client.post(path, {"history": []}, format="json")
    assert (response.status_code, response.json()) == (501, {"status": "failed", "message": CALLS[path]})


def test_the_original_client_gets_the_status_too(anonymous_client: APIClient, settings: Settings) -> None:
    settings.LIBERTY_ORIGINAL_CLIENT = True
    response = anonymous_client.post("/api/ai/prompt", {"history": []}, format="json")
    assert (response.status_code, response.json()) == (
        501,
        {"items": [{"message": AI}], "status": "error", "count": 0, "message": AI},
    )
