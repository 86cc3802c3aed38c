"""Callers over kept connections, and what they measured."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers in a stretch of time, in seconds; `slowest_ms` is the 99th percentile."""

    answers: int
    seconds: float
    typical_ms: float
    slowest_ms: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


def measure(url: str, token: str, *, callers: int, seconds: float) -> Rate:
    """Call `url` from as many callers as asked, each again as soon as it has its answer.

    Raises RuntimeError for any answer but 200: a rate of failures says nothing.
    """
    return asyncio.run(_measure(url, token, callers, seconds))


async def _measure(url: str, token: str, callers: int, seconds: float) -> Rate:
    started = time.perf_counter()
    results = await asyncio.gather(*(_call(url, token, started + seconds) for _ in range(callers)))
    took = time.perf_counter() - started
    times = sorted(duration for result in results for duration in result)
    return Rate(len(times), took, 1000 * times[len(times) // 2], 1000 * times[int(len(times) * 0.99)])


async def _call(url: str, token: str, deadline: float) -> list[float]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
    request = (
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    times: list[float] = []
    while not times or time.perf_counter() < deadline:
        sent = time.perf_counter()
        writer.write(request)
        await _read_answer(reader)
        times.append(time.perf_counter() - sent)
    writer.close()
    return times


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, _, fields = head.partition("\r\n")
    length = next(
        int(line.split(":")[1]) for line in fields.split("\r\n") if line.lower().startswith("content-length:")
    )
    body = await reader.readexactly(length)
    if " 200 " not in f"{status} ":
        raise RuntimeError(f"{status}: {body[:500].decode()}")
