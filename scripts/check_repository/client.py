"""An administrator's client of the running site."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

QUERY_PATH = "/api/db/query"


class Client:
    """Keeps one connection and a token; `site` is the address without a path."""

    def __init__(self, site: str, *, user: str, password: str) -> None:
        self._connection = HTTPConnection(urlsplit(site).netloc, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        status, body = self._call("POST", "/api/auth/token", {"user": user, "password": password})
        if status != 200:
            raise RuntimeError(f"the administrator cannot sign in: {status} {body}")
        self._headers["Authorization"] = f"Bearer {body['access_token']}"

    def query(
        self, verb: str, arguments: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Call a stored query and return the status and the JSON of the answer."""
        return self._call(verb, f"{QUERY_PATH}?{urlencode(arguments)}", body)

    def _call(self, verb: str, path: str, body: Mapping[str, Any] | None) -> tuple[int, Any]:
        content = None if body is None else json.dumps(body)
        self._connection.request(verb, path, body=content, headers=self._headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())
