"""Calling the identity provider: JSON answers, within a time and a size."""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from apps.accounts.oidc.configuration import is_safe_url
from liberty.errors import Unavailable

logger = logging.getLogger("liberty.accounts")

SILENT = "The identity provider does not answer."

# Key sets and claims have a few KiB.
MAX_ANSWER_BYTES = 512 * 1024
_CHUNK_BYTES = 16 * 1024

_clock = time.monotonic
_deadline: ContextVar[float | None] = ContextVar("_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all calls inside, together, this long; the outermost counts."""
    if _deadline.get() is not None:
        yield
        return
    token = _deadline.set(_clock() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def call(
    method: str,
    url: str,
    *,
    timeout_s: float,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Return the status, below 500, and the JSON object that the provider answers.

    It has `timeout_s`, or what is left of the time of `within`. Raises Unavailable, with the reason in the
    log, where it does not answer in time, fails itself, sends us elsewhere, or answers anything but a JSON
    object of a bearable size.
    """
    if not is_safe_url(url):
        raise unavailable(url, "it is no https:// address")
    if (deadline := _deadline.get()) is not None:
        timeout_s = min(timeout_s, deadline - _clock())
    if timeout_s <= 0:
        raise unavailable(url, "the time of the sign-in is over")
    try:
        return _call(method, url, timeout_s, form, headers)
    except (requests.RequestException, HTTPError, OSError) as exc:
        # The text of the exception may quote what was sent.
        raise unavailable(url, type(exc).__name__) from exc
    except (ValueError, RecursionError) as exc:
        raise unavailable(url, "the answer is no JSON object") from exc


def unavailable(what: str, reason: str) -> Unavailable:
    """Log why the provider is of no use now, and return the failure that callers are told."""
    logger.warning("OIDC: %s: %s", what, reason)
    return Unavailable(SILENT)


def _call(
    method: str, url: str, timeout_s: float, form: Mapping[str, str] | None, headers: Mapping[str, str] | None
) -> tuple[int, dict[str, Any]]:
    deadline = time.monotonic() + timeout_s
    with requests.request(
        method,
        url,
        data=form,
        headers={"Accept": "application/json", **(headers or {})},
        timeout=timeout_s,
        allow_redirects=False,
        stream=True,
    ) as answer:
        status = answer.status_code
        if 300 <= status < 400 or status == 429 or status >= 500:
            raise unavailable(url, f"status {status}")
        value = json.loads(_read(answer, url, deadline))
    if not isinstance(value, dict):
        raise ValueError
    return status, value


def _read(answer: requests.Response, url: str, deadline: float) -> bytes:
    """Read what arrives; the library's own timeout would start anew with each byte of a slow answer."""
    body = b""
    while chunk := answer.raw.read1(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise unavailable(url, f"the answer has more than {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > deadline:
            raise unavailable(url, "the answer does not end in time")
    return body
