"""What a stored query answers: here, by the original's own API, or in the original's databases.

Rows are objects as JSON has them, without ROW_ID, and with the stand-in in the place of secrets.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urlsplit

import psycopg
from django.db import DEFAULT_DB_ALIAS

from apps.accounts.caller import Caller
from apps.pools.dialects import dialect_named
from apps.pools.dialects.postgresql_driver import JsonCursor
from apps.queries.binds import analyse
from apps.queries.columns import ROW_ID
from apps.queries.compiler import Names, compile_base, compile_page
from apps.queries.definitions import SESSION
from apps.queries.services import select_rows
from apps.queries.spec import QuerySpec, Source
from apps.setup.original.applications import POSTGRES, Application
from apps.setup.original.database import Address, connect
from apps.setup.original.moving import Installation
from apps.setup.original.reading import Catalogue
from apps.setup.original.stored_queries import Call, TheirQuery, schema_names
from liberty.api.json_text import dump
from liberty.errors import LibertyError, MalformedRequest, StatementFailed, Unavailable
from liberty.secrets import STAND_IN, is_secret

MAX_ROWS = 10_000
"""Most rows of an answer that are compared."""
API_TIMEOUT_S = 60

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, or the fault in their place."""

    rows: Sequence[Row] = ()
    fault: str = ""


class Answerer(Protocol):
    """Somebody who answers the original's queries."""

    def answer(self, query: TheirQuery) -> Answer: ...


class Ours:
    """This installation, asked as its administrator."""

    def answer(self, query: TheirQuery) -> Answer:
        caller = Caller("migration", is_admin=True)
        try:
            return Answer(_plain(select_rows(_spec(query.call), caller).items))
        except LibertyError as exc:
            return Answer(fault=exc.message)


class TheirApi:
    """The original's API; `site` is its address without a path. Raises MalformedRequest or Unavailable."""

    def __init__(self, site: str, *, user: str, password: str) -> None:
        if urlsplit(site).scheme not in ("http", "https"):
            raise MalformedRequest("The address of the original's API is http://HOST:PORT")
        self._site = site.rstrip("/")
        self._headers = {"Content-Type": "application/json"}
        arguments = {"pool": DEFAULT_DB_ALIAS, "mode": "session", "type": "database"}
        body = self._call("/api/auth/token", arguments, {"user": user, "password": password})
        token = body.get("access_token")
        if not token:
            raise MalformedRequest(f"The original's API does not let the user `{user}` in")
        self._headers["Authorization"] = f"Bearer {token}"

    def answer(self, query: TheirQuery) -> Answer:
        call = query.call
        arguments = {
            "source": call.source.value,
            "type": "table",
            "pool": call.pool,
            "mode": "session",
            "query": str(call.number),
            "language": call.language,
            "offset": "0",
            "limit": str(MAX_ROWS),
        }
        if call.params:
            arguments["params"] = json.dumps(call.params)
        body = self._call("/api/db/query", arguments)
        items = body.get("items")
        if body.get("status") == "success" and isinstance(items, list):
            return Answer(_masked(items))
        return Answer(fault=_fault_in(body))

    def _call(self, path: str, arguments: Mapping[str, str], body: object = None) -> Mapping[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 (the constructor allows http and https alone)
            f"{self._site}{path}?{urlencode(arguments)}", content, self._headers
        )
        try:
            with urllib.request.urlopen(request, timeout=API_TIMEOUT_S) as response:  # noqa: S310
                text = response.read()
        except urllib.error.HTTPError as exc:
            text = exc.read()
        except OSError as exc:
            raise Unavailable("The original's API does not answer") from exc
        return _object(text)


@dataclass
class TheirDatabases:
    """The original's databases, asked with its own SQL and no program of its between."""

    installation: Installation
    address: Address
    _stack: ExitStack = field(default_factory=ExitStack)
    _open: dict[str, psycopg.Connection] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def answer(self, query: TheirQuery) -> Answer:
        try:
            return Answer(_plain(self._rows(query)))
        except LibertyError as exc:
            return Answer(fault=exc.message)

    def _rows(self, query: TheirQuery) -> list[dict[str, Any]]:
        dialect = dialect_named(POSTGRES)
        stored = analyse(query.sql, dialect.syntax)
        pool = self._pool_of(query)
        names = Names(schema_names(self._catalogue(query.call.pool)), (pool, query.call.pool))
        spec = _spec(query.call)
        base = compile_base(stored, spec, query.call.language, dialect, names)
        order_by = query.order_by.strip().replace("%", "%%")
        statement = compile_page(base, order_by, spec, (), dialect, has_order=stored.has_order)
        try:
            with self._connection(pool).transaction(force_rollback=True):
                cursor = JsonCursor(self._connection(pool))
                cursor.execute(statement.sql.encode(), dict(statement.params))
                columns = [column.name.upper() for column in cursor.description or ()]
                return [dict(zip(columns, row, strict=True)) for row in cursor.fetchmany(MAX_ROWS)]
        except psycopg.Error as exc:
            raise StatementFailed(exc.diag.message_primary or type(exc).__name__) from exc

    def _pool_of(self, query: TheirQuery) -> str:
        if query.call.source is Source.FRAMEWORK or query.pool.upper() == SESSION:
            return query.call.pool
        return query.pool or query.call.pool

    def _catalogue(self, pool: str) -> Catalogue:
        found = (item.catalogue for item in self.installation.applications if item.pool == pool)
        return next((catalogue for catalogue in found if catalogue), self.installation.default)

    def _connection(self, pool: str) -> psycopg.Connection:
        if pool not in self._open:
            address = self.address if pool == DEFAULT_DB_ALIAS else self._address(pool)
            connection = connect(address, name=f"database of pool `{pool}`")
            self._open[pool] = self._stack.enter_context(connection)
        return self._open[pool]

    def _address(self, pool: str) -> Address:
        applications: Sequence[Application] = self.installation.applications
        found = next((item for item in applications if item.pool == pool), None)
        if found is None or found.address is None:
            raise MalformedRequest(f"Pool `{pool}` has no PostgreSQL database that could be asked")
        return found.address


def _spec(call: Call) -> QuerySpec:
    return QuerySpec(
        call.source,
        call.number,
        "GET",
        pool=call.pool,
        language=call.language,
        limit=MAX_ROWS,
        params=dict(call.params),
    )


def _plain(items: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return rows as a caller reads them out of the JSON of an answer."""
    return _masked(json.loads(dump(list(items)), parse_float=Decimal))


def _masked(items: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        {
            name: STAND_IN if is_secret(name) and value is not None else value
            for name, value in item.items()
            if name != ROW_ID.name
        }
        for item in items
    ]


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(text, parse_float=Decimal)
    except ValueError:
        return {"message": text[:200].decode(errors="replace")}
    return body if isinstance(body, dict) else {"message": str(body)[:200]}


def _fault_in(body: Mapping[str, Any]) -> str:
    items = body.get("items")
    first = items[0] if isinstance(items, list) and items else {}
    message = first.get("message") if isinstance(first, dict) else None
    reason = str(message or body.get("message") or body.get("detail") or "no reason given")
    # The statement follows on further lines.
    return reason.partition("\n")[0]
