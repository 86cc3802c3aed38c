"""Running compiled writes, and letting an app to the right take over those that need more than that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apps.accounts.caller import Caller
from apps.pools.dialects import Dialect
from apps.pools.execution import apply
from apps.pools.statement import ResultSet, Statement
from apps.queries.compiler import Names
from apps.queries.definitions import Analysed, Definition
from apps.queries.serializers import Line
from apps.queries.spec import QuerySpec


@dataclass(frozen=True, slots=True)
class Write:
    """A stored write, compiled for each line of the body; `alias` is that of the pool it runs on."""

    caller: Caller
    spec: QuerySpec
    definition: Definition
    alias: str
    dialect: Dialect
    analysed: Analysed
    names: Names
    lines: Sequence[Line]
    statements: Sequence[Statement]


Runner = Callable[[Write], ResultSet | None]

_runners: list[Runner] = []


def take_over(runner: Runner) -> None:
    """Ask `runner` for each write first: it runs the whole of it, or returns None to leave it alone."""
    _runners.append(runner)


def run(write: Write) -> ResultSet:
    """Run a write as one transaction; raises as `execution.apply` does."""
    for runner in _runners:
        result = runner(write)
        if result is not None:
            return result
    return apply(write.alias, write.statements)
