"""The pages that document the API, and the document behind them."""

import re

import pytest
import yaml
from django.test import Client


@pytest.mark.parametrize("path", ["/api", "/api/test"])
def test_a_page_is_for_everyone_and_loads_from_here_alone(client: Client, path: str) -> None:
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Liberty API" in html
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", html) == []


def test_the_document_lists_what_is_there(client: Client) -> None:
    document = yaml.safe_load(client.get("/api/schema").content)
    operations = sorted((path, verb) for path, verbs in document["paths"].items() for verb in verbs)
    assert operations == [
        ("/api/ai/prompt", "post"),
        ("/api/ai/welcome", "post"),
        ("/api/auth/token", "post"),
        ("/api/auth/user", "get"),
        ("/api/db/audit/{table}/{user}", "post"),
        ("/api/db/check", "get"),
        ("/api/db/close", "get"),
        ("/api/db/create", "post"),
        ("/api/db/drop", "post"),
        ("/api/db/open", "get"),
        ("/api/db/query", "delete"),
        ("/api/db/query", "get"),
        ("/api/db/query", "post"),
        ("/api/db/query", "put"),
        ("/api/export/repository", "get"),
        ("/api/fmw/applications", "get"),
        ("/api/fmw/encrypt", "post"),
        ("/api/fmw/modules", "get"),
        ("/api/fmw/themes", "get"),
        ("/api/fmw/version", "get"),
        ("/api/logs", "get"),
        ("/api/logs", "post"),
        ("/api/logs/details", "get"),
        ("/api/rest", "post"),
        ("/api/setup/prepare", "post"),
        ("/api/setup/restore", "post"),
        ("/api/setup/update", "post"),
        ("/socket/applications", "get"),
    ]


@pytest.mark.parametrize(("path", "target"), [("/", "/api"), ("/admin", "/admin/")])
def test_short_addresses_lead_on(client: Client, path: str, target: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, target)
