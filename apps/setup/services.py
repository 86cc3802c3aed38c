"""Set-up of an installation: loading a repository."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction

from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.router import use_framework_pool
from apps.setup.constraints import check_constraints
from apps.setup.faults import Faults
from apps.setup.imported_secrets import read_secrets
from apps.setup.marks import QUERY_SQL, withdraw_marks
from apps.setup.plan import TablePlan, plan_import
from apps.setup.reading import read_repository
from apps.setup.repository import framework_tables
from apps.setup.writing import upsert_rows
from liberty.errors import MalformedRequest, PoolNotOpened, StatementFailed, Unavailable

logger = logging.getLogger("liberty.setup")

# Longest key that is taken for one, in bytes: a wrong file is not read to its end.
MAX_MASTER_KEY_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: the table whose rows were written last, rows written so far, and in the end."""

    table: str
    done: int
    total: int


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class TableReport:
    """What an import did with one table: rows in the file, and among them new, changed and unchanged ones."""

    table: str
    in_file: int
    new: int
    changed: int
    unchanged: int
    unreadable: tuple[str, ...]
    """Rows whose password is a text of the original that nothing here can read."""
    withdrawn: tuple[str, ...] = ()
    """Queries whose marks were taken back, because their SQL is another now."""


def import_repository(
    *,
    file: Path,
    pool: str = "default",
    master_key: str | None = None,
    progress: Progress = lambda step: None,
) -> tuple[TableReport, ...]:
    """Load an export of the original into a catalogue and report each table of the file, parents first.

    `pool` is the name of a pool that holds framework tables. Rows are inserted or replaced by their key, in
    one transaction; rows that the file does not have stay. `master_key` reads the passwords of the
    installation that the file comes from and is not kept; without it they are stored as they are.
    Raises MalformedRequest for a file that cannot be read, RepositoryRejected (one as well) with everything
    that is wrong in it, UnknownPool or PoolNotOpened for the pool, StatementFailed or Unavailable if the
    database refuses; nothing is changed then.
    """
    faults = Faults()
    repository = read_repository(_content(file), faults)
    secrets = read_secrets(repository, master_key=master_key, faults=faults)
    alias = registry.resolve(pool)
    with use_framework_pool(alias), _database_failures(pool):
        _require_tables(pool, alias)
        with transaction.atomic(using=alias):
            check_constraints(repository, alias=alias, faults=faults)
            faults.raise_any()
            plans = plan_import(repository, secrets, alias=alias)
            _write(plans, alias, progress)
            withdrawn = withdraw_marks(plans, catalogue=alias)
    touch(alias)
    return tuple(_report(plan, withdrawn if plan.table.name == QUERY_SQL else ()) for plan in plans)


def read_master_key(file: Path) -> str:
    """Return the original's master key in a file; white space around it is no part of it.

    Raises MalformedRequest if there is none.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_MASTER_KEY_BYTES + 1)
        key = content.decode().strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise MalformedRequest(f"The master key in {file} cannot be read") from exc
    if not key or len(content) > MAX_MASTER_KEY_BYTES:
        raise MalformedRequest(f"{file} holds no master key")
    return key


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be read: {exc.strerror}") from exc


def _require_tables(pool: str, alias: str) -> None:
    """Refuse a pool that holds no framework tables, or only some of them."""
    present = set(connections[alias].introspection.table_names())
    missing = [name for name in framework_tables() if name not in present]
    if missing:
        raise PoolNotOpened(f"Pool `{pool}` holds no catalogue: it has no table {missing[0]}")


def _write(plans: Sequence[TablePlan], alias: str, progress: Progress) -> None:
    total, done = sum(len(plan.new) + len(plan.changed) for plan in plans), 0
    for plan in plans:
        for count in upsert_rows(plan.table, (*plan.new, *plan.changed), alias=alias):
            done += count
            progress(Step(plan.table.name, done, total))


@contextmanager
def _database_failures(pool: str) -> Iterator[None]:
    """Tell of a refusal without SQL and values; what the driver said goes to the log."""
    try:
        yield
    except (OperationalError, InterfaceError) as exc:
        logger.warning("import into pool %s", pool, exc_info=True)
        raise Unavailable(f"The database of pool `{pool}` does not answer; nothing was changed") from exc
    except DatabaseError as exc:
        logger.warning("import into pool %s", pool, exc_info=True)
        raise StatementFailed(
            f"The database of pool `{pool}` refused the rows; nothing was changed, the log says why"
        ) from exc


def _report(plan: TablePlan, withdrawn: tuple[str, ...]) -> TableReport:
    return TableReport(
        plan.table.name,
        plan.in_file,
        len(plan.new),
        len(plan.changed),
        plan.unchanged,
        plan.unreadable,
        withdrawn,
    )
