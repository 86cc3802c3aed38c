"""A client that goes away while its query runs, at the production server."""

import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from liberty.settings.env import BASE_DIR
from tests.databases import Database
from tests.live_site import LiveSite, environment_of, live_site_in

# Pool and query of a product have one number; the demo leaves these free.
NUMBERS = {"postgres": 99_001, "mariadb": 99_002}

# What is run beside the server: a pool of one connection, and a query that takes as long as it is told.
_DEFINE = """
import json, sys, django
django.setup()
from apps.pools.models import Pool
from liberty.crypto import encrypt_stored
from tests.definitions import define
told = json.loads(sys.stdin.read())
columns = told["columns"] | {"apps_password": encrypt_stored(told["password"])}
Pool.objects.create(apps_pool_min=0, apps_pool_max=1, **columns)
define(told["query"], "GET", told["sql"], pool=columns["apps_pool"])
"""

# By the product: the slow statement, and how many of it run.
SLOW = {
    "postgres": (
        "SELECT pg_sleep(:n) IS NULL AS slept",
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = '{name}' AND state = 'active' AND query LIKE '%pg_sleep%'",
    ),
    "mariadb": (
        "SELECT SLEEP(:n) AS slept",
        "SELECT count(*) FROM information_schema.processlist"
        " WHERE db = '{name}' AND info LIKE '%SLEEP(%' AND id <> connection_id()",
    ),
}


@dataclass
class SlowSite:
    """A running site, a signed-in administrator's header, and a look at the database of its slow query."""

    site: LiveSite
    query: int
    authorization: dict[str, str]
    running: Callable[[], int]

    def address(self, seconds: int) -> str:
        params = quote(json.dumps({"n": seconds}))
        return f"{self.site.url}/api/db/query?query={self.query}&params={params}"

    def call(self, seconds: int) -> requests.Response:
        return requests.get(self.address(seconds), headers=self.authorization, timeout=30)

    def call_and_leave(self, seconds: int) -> None:
        """Send a call, and break the connection off once its statement runs."""
        parts = urlsplit(self.address(seconds))
        head = [f"GET {parts.path}?{parts.query} HTTP/1.1", f"Host: {parts.netloc}"]
        head += [f"{name}: {value}" for name, value in self.authorization.items()]
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as client:
            client.sendall("\r\n".join([*head, "", ""]).encode())
            wait_until(lambda: self.running() == 1)
            # Reset, not closed: nobody is left to read the answer.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slow")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[LiveSite]:
    with live_site_in(folder, LIBERTY_STATEMENT_TIMEOUT_S="2") as site:
        yield site


@pytest.fixture(params=list(NUMBERS))
def slow_site(request: pytest.FixtureRequest, folder: Path, site: LiveSite) -> SlowSite:
    dbtype: str = request.param
    database: Database = request.getfixturevalue(f"worker_{dbtype}")
    sql, count = SLOW[dbtype]
    define_slow_query(folder, database, dbtype, sql)
    body = {"user": "admin", "password": site.admin_password}
    token = requests.post(f"{site.url}/api/auth/token", json=body, timeout=30).json()["access_token"]
    return SlowSite(
        site,
        NUMBERS[dbtype],
        {"Authorization": f"Bearer {token}"},
        lambda: int(database.server.execute(count.format(name=database.name))[0][0]),
    )


def define_slow_query(folder: Path, database: Database, dbtype: str, sql: str) -> None:
    columns = {
        "apps_id": NUMBERS[dbtype],
        "apps_name": dbtype,
        "apps_pool": dbtype,
        "apps_dbtype": dbtype,
        "apps_host": database.server.host,
        "apps_port": database.server.port,
        "apps_user": database.user,
        "apps_database": database.name,
    }
    told = {"columns": columns, "password": database.password, "query": NUMBERS[dbtype], "sql": sql}
    subprocess.run(
        [sys.executable, "-c", _DEFINE],
        cwd=BASE_DIR,
        env=environment_of(folder),
        input=json.dumps(told),
        text=True,
        check=True,
    )


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)


def test_the_statement_of_a_client_that_has_gone_ends_and_its_connection_serves_the_next(
    slow_site: SlowSite,
) -> None:
    slow_site.call_and_leave(seconds=300)
    # Someone who comes while it still runs waits for the pool's one connection.
    assert slow_site.call(seconds=0).status_code == 200
    slow_site.call_and_leave(seconds=300)
    wait_until(lambda: slow_site.running() == 0)
    answer = slow_site.call(seconds=0)
    assert (answer.status_code, answer.json()["count"]) == (200, 1)
