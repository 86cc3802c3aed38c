"""Set-up of an installation: loading a repository."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, transaction

from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.router import use_framework_pool
from apps.queries.models import DefinitionPolicy
from apps.setup.archive_reading import Source, read_source
from apps.setup.constraints import check_administrators, check_constraints, check_removals
from apps.setup.faults import Faults
from apps.setup.imported_secrets import Keys, read_secrets
from apps.setup.marks import QUERY_SQL, replaced_marks, withdraw_marks
from apps.setup.plan import TablePlan, plan_import
from apps.setup.reading import read_repository
from apps.setup.selection import ALL, Selection, require_tables
from apps.setup.writing import delete_rows, upsert_rows
from liberty.errors import MalformedRequest, StatementFailed, Unavailable
from liberty.passphrase import PassphraseKey

logger = logging.getLogger("liberty.setup")

# Longest key or passphrase that is taken for one, in bytes: a wrong file is not read to its end.
MAX_KEY_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: the table whose rows were written last, rows written so far, and in the end."""

    table: str
    done: int
    total: int


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be loaded, and where to.

    `file` is an archive of ours or an export of the original; `pool` the name of a pool that holds framework
    tables. `master_key` reads the passwords of the installation of the original that the file comes from,
    `passphrase` those of an archive; neither is kept. With `delete` rows that the file does not have are
    removed from the tables that it has.
    """

    file: Path
    pool: str = "default"
    selection: Selection = ALL
    master_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    delete: bool = False


def import_repository(wish: Import, *, progress: Progress = lambda step: None) -> tuple[TablePlan, ...]:
    """Load a file into a catalogue and return what was done with each table of it, parents first.

    Rows are inserted or replaced by their key, in one transaction. Raises MalformedRequest for a file that
    cannot be read or a passphrase that is missing or wrong, RepositoryRejected (one as well) with everything
    that is wrong in the file, UnknownPool or PoolNotOpened for the pool, StatementFailed or Unavailable if
    the database refuses; nothing is changed then.
    """
    with _planned(wish) as (alias, plans):
        write_plans(plans, alias, progress)
        withdraw_marks(plans, catalogue=alias)
    touch(alias)
    return plans


def plan_repository(wish: Import) -> tuple[TablePlan, ...]:
    """Return what `import_repository` would do. Changes nothing, and raises as that does."""
    with _planned(wish) as (_, plans):
        pass
    return plans


def read_master_key(file: Path) -> str:
    """Return the original's master key in a file; white space around it is no part of it.

    Raises MalformedRequest if there is none.
    """
    return read_key(file, "master key")


def read_passphrase(file: Path) -> str:
    """Return the passphrase in a file; white space around it is no part of it.

    Raises MalformedRequest if there is none.
    """
    return read_key(file, "passphrase")


def read_key(file: Path, name: str) -> str:
    """Return the text in a file, which messages call `name`; white space around it is no part of it.

    Raises MalformedRequest if there is none.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_KEY_BYTES + 1)
        key = content.decode().strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise MalformedRequest(f"The {name} in {file} cannot be read") from exc
    if not key or len(content) > MAX_KEY_BYTES:
        raise MalformedRequest(f"{file} holds no {name}")
    return key


@contextmanager
def _planned(wish: Import) -> Iterator[tuple[str, tuple[TablePlan, ...]]]:
    """Yield the alias of the catalogue and what is to be done, in a transaction that commits at the end."""
    faults = Faults()
    source = read_source(wish.file, wish.selection)
    keys = Keys(wish.master_key, _passphrase_key(source, wish.passphrase))
    repository = read_repository(source.document, faults)
    secrets = read_secrets(repository, keys=keys, faults=faults)
    alias = registry.resolve(wish.pool)
    with use_framework_pool(alias), database_failures(wish.pool):
        require_tables(wish.pool, alias)
        with transaction.atomic(using=alias):
            check_constraints(repository, alias=alias, faults=faults, delete=wish.delete)
            faults.raise_any()
            plans = plan_import(repository, secrets, alias=alias, delete=wish.delete)
            check_removals(plans, alias=alias, faults=faults)
            if alias == DEFAULT_DB_ALIAS:
                check_administrators(plans, alias=alias, faults=faults)
            faults.raise_any()
            marks = replaced_marks(plans, catalogue=alias)
            yield alias, tuple(_with_marks(plan, marks) for plan in plans)


def _with_marks(plan: TablePlan, marks: Sequence[DefinitionPolicy]) -> TablePlan:
    if plan.table.name != QUERY_SQL:
        return plan
    return replace(plan, withdrawn=tuple(map(str, marks)))


def _passphrase_key(source: Source, passphrase: str | None) -> PassphraseKey | None:
    seal = None if source.manifest is None else source.manifest.seal
    if seal is None:
        return None
    if passphrase is None:
        raise MalformedRequest("The secrets of the archive are encrypted: its passphrase is needed")
    return seal.key(passphrase)


def write_plans(plans: Sequence[TablePlan], alias: str, progress: Progress) -> None:
    total = sum(len(plan.new) + len(plan.changed) + len(plan.removed) for plan in plans)
    done = 0
    # Children go before their parents, and before new rows that take over one of their values.
    for plan in reversed(plans):
        for count in delete_rows(plan.table, plan.removed, alias=alias):
            done += count
            progress(Step(plan.table.name, done, total))
    for plan in plans:
        for count in upsert_rows(plan.table, (*plan.new, *plan.changed), alias=alias):
            done += count
            progress(Step(plan.table.name, done, total))


@contextmanager
def database_failures(pool: str) -> Iterator[None]:
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
