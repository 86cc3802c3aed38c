"""GET /api/fmw/version."""

from rest_framework.test import APIClient

from liberty.version import PRODUCT_VERSION


def test_the_version_is_open_to_everybody(anonymous_client: APIClient) -> None:
    response = anonymous_client.get("/api/fmw/version", HTTP_AUTHORIZATION="Bearer expired")
    assert (response.status_code, response.json()) == (200, {"version": PRODUCT_VERSION})
