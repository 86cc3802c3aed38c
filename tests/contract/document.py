"""The API as its users hold it: each documented operation, its arguments, statuses and members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Argument:
    """A documented argument; `values` are all that it may be, empty where any text is good."""

    place: str = "query"
    values: frozenset[str] = frozenset()
    default: Any = None


@dataclass(frozen=True)
class Operation:
    """`answers` has, for each documented status, the members of the documented example; None without one."""

    verb: str
    path: str
    answers: Mapping[int, frozenset[str] | None]
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    body: frozenset[str] | None = None
    """Members that a body must have; empty where any object is good, None where there is no body."""

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


POOL = Argument()
POOL_OR_DEFAULT = Argument(default="default")
MODE = Argument(values=frozenset({"framework", "session"}))
LOCATE = {
    "source": Argument(values=frozenset({"framework", "query"})),
    "type": Argument(values=frozenset({"table", "columns"})),
    "pool": POOL,
    "mode": MODE,
    "query": Argument(),
    "override_pool": POOL,
}

FAILED = frozenset({"status", "message"})
INVALID = frozenset({"detail"})
WRITTEN = frozenset({"items", "status", "count"})
LISTED = frozenset({"status", "pool", "items", "rowCount", "meta_data"})
ERRORS: dict[int, frozenset[str] | None] = {422: INVALID, 500: FAILED}
WRITE_ERRORS: dict[int, frozenset[str] | None] = {400: FAILED, **ERRORS}


def _write(verb: str) -> Operation:
    return Operation(verb, "/api/db/query", {200: WRITTEN, **WRITE_ERRORS}, LOCATE, frozenset())


def _setup(verb: str, path: str, **more: Any) -> Operation:
    return Operation(verb, f"/api/setup/{path}", {200: WRITTEN, **ERRORS}, **more)


OPERATIONS = (
    Operation(
        "GET",
        "/api/auth/user",
        {200: frozenset({"items", "status"}), **ERRORS},
        {"user": Argument(), "pool": POOL, "mode": MODE},
    ),
    Operation(
        "POST",
        "/api/auth/token",
        {200: frozenset({"access_token", "token_type", "status", "message"}), **ERRORS},
        {"pool": POOL, "mode": MODE, "type": Argument(values=frozenset({"database", "oidc"}))},
        frozenset({"user", "password"}),
    ),
    Operation("GET", "/api/fmw/applications", {200: LISTED, **ERRORS}),
    Operation("GET", "/api/fmw/modules", {200: LISTED, **ERRORS}),
    Operation("GET", "/api/fmw/themes", {200: LISTED, **ERRORS}),
    Operation("GET", "/api/logs", {200: None}),
    Operation("GET", "/api/logs/details", {200: None}),
    Operation(
        "POST",
        "/api/fmw/encrypt",
        {200: frozenset({"encrypted"}), **ERRORS},
        {"plain_text": Argument()},
    ),
    Operation("POST", "/api/logs", {200: None}),
    Operation(
        "GET",
        "/api/db/check",
        {200: frozenset({"status", "pool", "rows", "rowCount", "meta_data"}), **ERRORS},
        {"framework_pool": POOL_OR_DEFAULT, "target_pool": POOL_OR_DEFAULT},
    ),
    Operation("GET", "/api/db/close", {200: FAILED, **ERRORS}, {"pool": POOL_OR_DEFAULT}),
    Operation(
        "GET",
        "/api/db/open",
        {200: FAILED, **ERRORS},
        {"framework_pool": POOL_OR_DEFAULT, "target_pool": POOL_OR_DEFAULT},
    ),
    Operation(
        "GET",
        "/api/db/query",
        {
            200: frozenset({"items", "status", "metadata", "hasMore", "limit", "offset", "count"}),
            **WRITE_ERRORS,
        },
        {
            **LOCATE,
            "q": Argument(),
            "language": Argument(default="en"),
            "offset": Argument(default=0),
            "limit": Argument(default=1000),
            "params": Argument(),
        },
    ),
    Operation(
        "POST",
        "/api/db/audit/{table}/{user}",
        {200: WRITTEN, **WRITE_ERRORS},
        {"table": Argument("path"), "user": Argument("path")},
        frozenset(),
    ),
    _write("POST"),
    _write("PUT"),
    _write("DELETE"),
    _setup("GET", "current"),
    _setup("POST", "downgrade/{version}", arguments={"version": Argument("path")}),
    _setup("POST", "install", body=frozenset({"host", "port", "database", "user", "password"})),
    _setup("POST", "revision"),
    _setup("POST", "upgrade"),
    Operation("GET", "/api/export/repository", {200: WRITTEN, **ERRORS}),
)
