"""Measure a server with one worker on a PostgreSQL pool: requests per second, and memory of a page.

Rates depend on the machine, so compare lines of one run only. Options: `--seconds N` for each
measurement (3), `--rounds N` (3): rounds are interleaved, and the median is shown.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.fill import SMALL, WIDE
from bench.load import Rate, measure
from bench.memory import own_children, peak_mib, reset_peak, resident_mib
from tests.live_site import LiveSite, environment_of, live_site_in
from tests.servers import postgres
from tests.servers.programs import POSTGRES, ensure


@dataclass(frozen=True, slots=True)
class Workload:
    """A page of one of the bench's queries."""

    name: str
    query: int
    rows: int
    callers: int

    def url(self, site: LiveSite) -> str:
        return f"{site.url}/api/db/query?query={900_000 + self.query}&limit={self.rows}"


WORKLOADS = (
    Workload("10 rows x 6", SMALL, 10, 1),
    Workload("10 rows x 6", SMALL, 10, 16),
    Workload("1,000 rows x 10", WIDE, 1_000, 1),
    Workload("1,000 rows x 10", WIDE, 1_000, 16),
    Workload("100,000 rows x 10", WIDE, 100_000, 1),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with _site() as site:
        token = _sign_in(site)
        for workload in WORKLOADS:
            measure(workload.url(site), token, callers=workload.callers, seconds=0.5)
        rounds = [
            [
                measure(workload.url(site), token, callers=workload.callers, seconds=options.seconds)
                for workload in WORKLOADS
            ]
            for _ in range(options.rounds)
        ]
        growth = {workload: _growth(workload, site, token) for workload in WORKLOADS if workload.callers == 1}
    _show(list(zip(*rounds, strict=True)), growth)


@contextmanager
def _site() -> Iterator[LiveSite]:
    (programs,) = ensure(POSTGRES)
    with (
        postgres.running(programs) as url,
        tempfile.TemporaryDirectory(prefix="liberty-bench-") as folder,
        live_site_in(Path(folder)) as site,
    ):
        fill = [sys.executable, "-m", "bench.fill", url]
        subprocess.run(fill, env=environment_of(Path(folder)), check=True)  # noqa: S603  # our own module
        yield site


def _sign_in(site: LiveSite) -> str:
    body = json.dumps({"user": "admin", "password": site.admin_password}).encode()
    request = urllib.request.Request(f"{site.url}/api/auth/token", body)  # noqa: S310  # our own address
    with urllib.request.urlopen(request) as response:  # noqa: S310
        token: str = json.load(response)["access_token"]
        return token


def _growth(workload: Workload, site: LiveSite, token: str) -> float:
    """Return by how much one page lifts the peak of the server's memory, in MiB."""
    processes = own_children()
    before = {process: resident_mib(process) for process in processes}
    for process in processes:
        reset_peak(process)
    measure(workload.url(site), token, callers=1, seconds=0)
    return max(peak_mib(process) - before[process] for process in processes)


def _show(measured: list[tuple[Rate, ...]], growth: dict[Workload, float]) -> None:
    table = Table(title="One worker, PostgreSQL pool, framework database on SQLite")
    for heading in (
        "page",
        "callers",
        "requests/s",
        "rows/s",
        "median ms",
        "p99 ms",
        "memory of a page, MiB",
    ):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for workload, rates in zip(WORKLOADS, measured, strict=True):
        rate = statistics.median(item.per_second for item in rates)
        table.add_row(
            workload.name,
            str(workload.callers),
            f"{rate:,.1f}",
            f"{rate * workload.rows:,.0f}",
            f"{statistics.median(item.typical_ms for item in rates):,.1f}",
            f"{statistics.median(item.slowest_ms for item in rates):,.1f}",
            f"{growth[workload]:,.1f}" if workload in growth else "",
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
