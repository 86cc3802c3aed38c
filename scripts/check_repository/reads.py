"""Every GET, over HTTP, for its rows and for its columns."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from apps.pools.dialects import dialect_named
from apps.queries.binds import StoredSql, analyse
from apps.queries.compiler import Names, compile_base
from apps.queries.spec import QuerySpec, Source
from liberty.errors import LibertyError
from scripts.check_repository.client import Client
from scripts.check_repository.database import Database
from scripts.check_repository.definitions import DBTYPE, Stored, Values
from scripts.check_repository.outcome import Outcome, Verdict

LANGUAGE = "en"
_DIALECT = dialect_named(DBTYPE)


def check_reads(
    group: str, stored: Iterable[Stored], client: Client, database: Database, values: Values
) -> Iterator[Outcome]:
    """Call each GET for `table` and `columns` and yield what came of it."""
    for definition in stored:
        if definition.verb != "GET":
            continue
        for answer in ("table", "columns"):
            yield _check(f"{group} {answer}", definition, answer, client, database, values)


def _check(
    group: str, definition: Stored, answer: str, client: Client, database: Database, values: Values
) -> Outcome:
    try:
        stored = analyse(definition.sql, _DIALECT.syntax)
    except LibertyError as exc:
        return Outcome(group, definition.name, Verdict.BAD, exc.message)
    params = values.of(stored)
    status, body = client.query("GET", _arguments(definition, answer, params))
    if status == 200:
        fault = _fault_of(body, answer)
        return Outcome(group, definition.name, Verdict.BAD if fault else Verdict.GOOD, fault)
    verdict, reason = _reason(definition, stored, params, database)
    failure = f"{status} {_message(body)}: {reason}" if verdict is Verdict.BAD else reason
    return Outcome(group, definition.name, verdict, failure)


def _arguments(definition: Stored, answer: str, params: dict[str, Any]) -> dict[str, str]:
    return {
        "source": definition.source,
        "query": str(definition.number),
        "type": answer,
        "pool": "default",
        "mode": "session",
        "language": LANGUAGE,
        "params": json.dumps(params),
    }


def _fault_of(body: Any, answer: str) -> str:
    """Return what is wrong with a good answer's body, or an empty text."""
    names = [column["name"] for column in body["metadata"]]
    if body["status"] != "success" or names[:1] != ["ROW_ID"] or len(set(names)) != len(names):
        return f"the envelope is wrong: {names}"
    if answer == "columns":
        return "" if body["items"] == body["metadata"] else "the columns are not the metadata"
    if body["count"] != len(body["items"]):
        return "the count is not that of the rows"
    return (
        ""
        if all(list(item) == names for item in body["items"])
        else "a row has other columns than the metadata"
    )


def _reason(
    definition: Stored, stored: StoredSql, params: dict[str, Any], database: Database
) -> tuple[Verdict, str]:
    """Say why a call failed: by the class of the database's own refusal of the same statement."""
    spec = QuerySpec(Source(definition.source), definition.number, "GET", params=params)
    try:
        statement = compile_base(stored, spec, LANGUAGE, _DIALECT, Names())
    except LibertyError as exc:
        return Verdict.BAD, exc.message
    refusal = database.refusal(statement)
    if refusal is None:
        return Verdict.BAD, "the database itself takes the statement"
    return database.judge(refusal, stored)


def _message(body: Any) -> str:
    message = body.get("message", body) if isinstance(body, dict) else body
    items = message.get("items") if isinstance(message, dict) else None
    return str(items[0].get("message") if items else message)
