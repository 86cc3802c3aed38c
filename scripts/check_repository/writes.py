"""Every POST, PUT and DELETE: compiled, each placeholder bound, analysed by the database and not run."""

from collections.abc import Iterable, Iterator

from apps.pools.dialects import dialect_named
from apps.pools.statement import Statement
from apps.queries.binds import StoredSql, analyse
from apps.queries.compiler import Names, compile_write
from apps.queries.spec import QuerySpec, Source
from liberty.errors import LibertyError
from scripts.check_repository.database import Database, placeholders
from scripts.check_repository.definitions import DBTYPE, Stored, Values
from scripts.check_repository.outcome import Outcome, Verdict

_DIALECT = dialect_named(DBTYPE)


def check_writes(
    group: str, stored: Iterable[Stored], database: Database, values: Values
) -> Iterator[Outcome]:
    """Yield what came of each writing definition."""
    for definition in stored:
        if definition.verb != "GET":
            yield Outcome(group, definition.name, *_judge(definition, database, values))


def _judge(definition: Stored, database: Database, values: Values) -> tuple[Verdict, str]:
    try:
        stored = analyse(definition.sql, _DIALECT.syntax)
        statement = _compiled(definition, stored, values)
    except LibertyError as exc:
        return Verdict.BAD, exc.message
    unbound = _unbound(stored, statement)
    if unbound:
        return Verdict.BAD, f"without a value: {', '.join(sorted(unbound))}"
    refusal = database.refusal(statement)
    return (Verdict.GOOD, "") if refusal is None else database.judge(refusal, stored)


def _compiled(definition: Stored, stored: StoredSql, values: Values) -> Statement:
    spec = QuerySpec(Source(definition.source), definition.number, definition.verb)
    return compile_write(
        stored,
        values.of(stored),
        spec,
        _DIALECT,
        Names(),
        allows_unconditional=False,
        replaces_null=False,
    )


def _unbound(stored: StoredSql, statement: Statement) -> set[str]:
    """Return the placeholders of the stored SQL, and those of the compiled one, that have no value."""
    asked = placeholders(statement.sql)
    bound = {statement.labels[name] for name in asked & set(statement.params)}
    return (asked - set(statement.params)) | ({bind.name for bind in stored.binds} - bound)
