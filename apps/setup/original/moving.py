"""Moving the catalogues of the original: what would change, and changing it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from apps.accounts.models import User, UserState
from apps.pools import registry
from apps.pools.catalogue import forget_all, touch
from apps.pools.models import Pool
from apps.pools.router import drop_outdated_connection, use_framework_pool
from apps.setup.constraints import check_administrators
from apps.setup.faults import Faults, RepositoryRejected
from apps.setup.imported_secrets import Secret, Secrets
from apps.setup.marks import withdraw_marks
from apps.setup.migrating import migrate
from apps.setup.original.adoption import Adoption, adopt, plan_adoption
from apps.setup.original.applications import (
    POOLS,
    WORDS,
    Application,
    Choices,
    Handling,
    find_applications,
    pool_of,
    told_of,
)
from apps.setup.original.database import Address, Identity, connect, identity_of, reading
from apps.setup.original.findings import Finding, Findings, Kind
from apps.setup.original.reading import LEFT_OUT, Catalogue, missing_parents, read_catalogue
from apps.setup.original.secrets import read_secrets, require_master_key
from apps.setup.plan import TablePlan, plan_import
from apps.setup.reading import Rows
from apps.setup.repository import Key, RepositoryTable, framework_tables, values_at
from apps.setup.selection import require_tables
from apps.setup.services import Step, database_failures, write_plans
from liberty.errors import MalformedRequest, PoolNotOpened
from liberty.secrets import SECRET_COLUMNS

DEFAULT_NAME = "original's default database"
_PASSWORD = dict(SECRET_COLUMNS)["ly_users"]
_THROUGH_POOL = frozenset({Handling.ADOPT, Handling.COPY})


@dataclass(frozen=True, slots=True)
class Wish:
    """Which installation of the original is moved, and how. Nothing of it is kept."""

    address: Address
    master_key: str = field(repr=False)
    choices: Choices = field(default_factory=Choices)
    backups: Path = Path("migration")
    """Folder that the backups of adopted databases are written to."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was, or would be, done with one catalogue.

    `database` is where the original has it, `plans` are of its tables, parents first; an adopted one has
    `adoption` instead. `secrets` are how many there are and how many of them can be read.
    """

    catalogue: str
    database: str
    handling: Handling
    counts: Mapping[str, int] = field(default_factory=dict)
    plans: tuple[TablePlan, ...] = ()
    adoption: Adoption | None = None
    secrets: tuple[int, int] = (0, 0)
    findings: tuple[Finding, ...] = ()
    backup: Path | None = None
    makes_tables: bool = False
    """Whether the framework tables are made in the database that the catalogue is copied into."""

    @property
    def has_changes(self) -> bool:
        replaced = self.adoption.replacements if self.adoption else ()
        return bool(replaced) or any(plan.has_changes for plan in self.plans)


@dataclass(frozen=True, slots=True)
class Installation:
    """All that is known of the original before anything is moved."""

    default: Catalogue
    identity: Identity
    applications: tuple[Application, ...]


Progress = Callable[[Step], None]


def move(wish: Wish, *, apply: bool, progress: Progress = lambda step: None) -> tuple[Moved, ...]:
    """Move an installation of the original here and return what was done with each of its catalogues.

    Each catalogue is written in one transaction, the default one first, so that after an interruption the
    same call goes on; repeated after its end it changes nothing. Without `apply` nothing is changed, and the
    answer is what would be. Raises MalformedRequest for a wrong master key, for choices that are wrong or,
    with `apply`, missing; PoolNotOpened where a database cannot be reached; StatementFailed or Unavailable
    where one refuses. What is not said in `findings` of the answer has been moved.
    """
    return move_installation(read_installation(wish), wish, apply=apply, progress=progress)


def move_installation(
    installation: Installation, wish: Wish, *, apply: bool, progress: Progress = lambda step: None
) -> tuple[Moved, ...]:
    """Move what was read of an installation, as `move` does."""
    decisions = _decisions(installation, wish.choices)
    _require_possible(installation, decisions, wish.choices)
    if apply:
        _require_decisions(decisions)
    # What is to be looked at through a pool needs its row, for as long as this takes.
    writes = apply or any(handling in _THROUGH_POOL for _, handling in decisions)
    with _undone() if writes and not apply else nullcontext():
        moved = [_move_default(installation, wish, progress, writes=writes)]
        for application, handling in decisions:
            moved.append(_move_application(application, handling, wish, apply, progress))
    return tuple(moved)


def read_installation(wish: Wish) -> Installation:
    """Read every catalogue of the original; nothing is written. Raises as `move` does."""
    with reading(wish.address, name=DEFAULT_NAME) as database:
        if database is None:
            raise MalformedRequest(f"The {DEFAULT_NAME} ({wish.address}) holds no framework tables")
        default, identity = read_catalogue(database, DEFAULT_DB_ALIAS), database.identity
    _refuse_itself(identity)
    require_master_key([default], wish.master_key)
    applications = find_applications(default, wish.choices, wish.master_key)
    catalogues = [application.catalogue for application in applications if application.catalogue]
    require_master_key([default, *catalogues], wish.master_key)
    return Installation(default, identity, applications)


def _refuse_itself(identity: Identity) -> None:
    """Refuse an original whose tables are those of our own framework database."""
    if _identity(DEFAULT_DB_ALIAS) == identity:
        raise MalformedRequest(
            "The original's default database is the framework database of this installation: give this one a"
            " database of its own"
        )


def _identity(alias: str) -> Identity | None:
    drop_outdated_connection(alias)
    if connections[alias].vendor != "postgresql":
        return None
    with connections[alias].cursor() as cursor:
        return identity_of(cursor)


def _decisions(installation: Installation, choices: Choices) -> list[tuple[Application, Handling]]:
    """Return the applications with a catalogue of their own, or that could not be looked into."""
    decisions: list[tuple[Application, Handling]] = []
    seen: dict[Identity, str] = {installation.identity: DEFAULT_DB_ALIAS}
    for application in installation.applications:
        if application.identity is None and not application.obstacle:
            continue
        owner = seen.get(application.identity) if application.identity else None
        if owner is not None:
            installation.default.findings.add(
                Kind.OTHER_TABLE,
                f"pool `{application.pool}`",
                f"its framework tables are those of `{owner}`: they are moved once",
            )
            continue
        if application.identity:
            seen[application.identity] = application.pool
        decisions.append((application, choices.handling(application.pool)))
    return decisions


def _require_decisions(decisions: Sequence[tuple[Application, Handling]]) -> None:
    open_ones = [application.pool for application, handling in decisions if handling is Handling.UNDECIDED]
    if open_ones:
        raise MalformedRequest(
            "Nothing was changed: what becomes of the catalogues of these pools is for you to say, with"
            f" {WORDS}: {', '.join(open_ones)}"
        )


def _require_possible(
    installation: Installation, decisions: Sequence[tuple[Application, Handling]], choices: Choices
) -> None:
    """Refuse, before anything is done, a database that cannot be read and a target that is taken."""
    taken = {installation.identity: "the original's own database", _identity(DEFAULT_DB_ALIAS): "ours"}
    taken |= {application.identity: "the original's own database" for application, _ in decisions}
    for application, handling in decisions:
        if application.obstacle and handling in _THROUGH_POOL:
            raise PoolNotOpened(application.obstacle)
        if handling is not Handling.COPY:
            continue
        name = f"target for catalogue `{application.pool}`"
        with closing(connect(choices.targets[application.pool], name=name)) as connection:
            identity = identity_of(connection.cursor())
        if identity in taken:
            raise MalformedRequest(
                f"The {name} is {taken[identity]}: give it one of its own, or take it over with --adopt"
            )
        taken[identity] = f"that for catalogue `{application.pool}`"


@contextmanager
def _undone() -> Iterator[None]:
    """Undo what is done in the framework database, and forget what was remembered of it."""
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            yield
            transaction.set_rollback(True, using=DEFAULT_DB_ALIAS)
    finally:
        forget_all()


def _move_default(installation: Installation, wish: Wish, progress: Progress, *, writes: bool) -> Moved:
    catalogue = _with_pools(installation.default, wish.choices)
    secrets = read_secrets(catalogue, wish.master_key)
    secrets = {**secrets, **_secrets_of_targets(catalogue, wish.choices)}
    plans = _write(catalogue, secrets, DEFAULT_DB_ALIAS, progress, writes=writes)
    return _moved(catalogue, str(wish.address), Handling.COPY, secrets, plans=plans)


def _move_application(
    application: Application, handling: Handling, wish: Wish, apply: bool, progress: Progress
) -> Moved:
    place = str(application.address or "?")
    catalogue = application.catalogue
    told = told_of(application, handling)
    if told:
        finding = Finding(told[0], application.pool, f"catalogue `{application.pool}`", told[1])
        counts = catalogue.counts if catalogue else {}
        return Moved(application.pool, place, handling, counts, findings=(finding,))
    if catalogue is None:
        raise PoolNotOpened(application.obstacle)
    if handling is Handling.ADOPT:
        return _adopted(application, catalogue, wish, apply, place)
    return _copied(application, catalogue, wish, apply, progress, place)


def _adopted(application: Application, catalogue: Catalogue, wish: Wish, apply: bool, place: str) -> Moved:
    alias = registry.resolve(application.pool)
    with database_failures(application.pool):
        if _identity(alias) != application.identity:
            raise MalformedRequest(
                f"Pool `{application.pool}` does not lead to the original's tables in its database: it cannot"
                " be adopted"
            )
    findings = Findings(catalogue.name)
    adoption = plan_adoption(application.pool, wish.master_key, findings)
    backup = None
    if apply and adoption.replacements:
        backup = _new_backup(wish.backups, application.pool)
        adopt(adoption, backup)
    count = len(adoption.replacements)
    return Moved(
        application.pool,
        place,
        Handling.ADOPT,
        catalogue.counts,
        adoption=adoption,
        secrets=(count + len(list(findings)), count),
        findings=tuple(findings),
        backup=backup,
    )


def _new_backup(folder: Path, pool: str) -> Path:
    """Return a file that is not there yet: a backup is never written over."""
    names = (folder / f"adopted-{pool}-{number}.json" for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _copied(
    application: Application,
    catalogue: Catalogue,
    wish: Wish,
    apply: bool,
    progress: Progress,
    place: str,
) -> Moved:
    pool = application.pool
    alias = registry.resolve(pool)
    secrets = read_secrets(catalogue, wish.master_key)
    with database_failures(pool):
        present = connections[alias].introspection.table_names()
        is_empty = not any(name in present for name in framework_tables())
        if is_empty and not apply:
            plans = tuple(_all_new(framework_tables()[name], rows) for name, rows in catalogue.rows.items())
            return _moved(catalogue, place, Handling.COPY, secrets, plans=plans, makes_tables=True)
        if is_empty:
            migrate(alias)
    require_tables(pool, alias)
    with use_framework_pool(alias):
        plans = _write(catalogue, secrets, alias, progress, writes=apply)
    return _moved(catalogue, place, Handling.COPY, secrets, plans=plans, makes_tables=is_empty)


def _all_new(table: RepositoryTable, rows: Rows) -> TablePlan:
    return TablePlan(table, new=tuple(rows.values()), changed=(), unchanged=0)


def _moved(
    catalogue: Catalogue,
    place: str,
    handling: Handling,
    secrets: Secrets,
    *,
    plans: tuple[TablePlan, ...],
    makes_tables: bool = False,
) -> Moved:
    readable = sum(secret.clear is not None for secret in secrets.values())
    return Moved(
        catalogue.name,
        place,
        handling,
        catalogue.counts,
        plans=plans,
        secrets=(len(secrets), readable),
        findings=tuple(catalogue.findings),
        makes_tables=makes_tables,
    )


# Rows on their way


def _with_pools(default: Catalogue, choices: Choices) -> Catalogue:
    """Return the default catalogue with its pools as they are reached from here."""
    table = framework_tables()[POOLS]
    rows: Rows = {}
    for key, row in default.rows.get(POOLS, {}).items():
        pool = pool_of(row)
        target = choices.targets.get(pool.apps_pool or "")
        pool.apps_host, pool.apps_port = choices.seen_from_here(pool.apps_host, pool.apps_port)
        if target is not None:
            _lead_to(pool, target)
        rows[key] = tuple(getattr(pool, name) for name in table.attributes)
    return default.with_rows(POOLS, rows)


def _lead_to(pool: Pool, target: Address) -> None:
    columns = {
        "apps_host": target.host,
        "apps_port": target.port,
        "apps_database": target.database,
        "apps_user": target.user,
    }
    for name, value in columns.items():
        longest = getattr(pool._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            raise MalformedRequest(
                f"The target for catalogue `{pool.apps_pool}` does not fit a pool: {name} takes {longest}"
                " characters"
            )
        setattr(pool, name, value)


def _secrets_of_targets(catalogue: Catalogue, choices: Choices) -> Secrets:
    """Return the passwords of the pools that lead to a target."""
    found: dict[tuple[str, tuple[object, ...]], Secret] = {}
    for key, row in catalogue.rows.get(POOLS, {}).items():
        target = choices.targets.get(pool_of(row).apps_pool or "")
        if target is not None:
            found[POOLS, key] = Secret(target.password, target.password)
    return found


def _write(
    catalogue: Catalogue, secrets: Secrets, alias: str, progress: Progress, *, writes: bool
) -> tuple[TablePlan, ...]:
    """Return what differs and, if it `writes`, write it in one transaction."""
    # A transaction on SQLite keeps others from writing, for as long as passwords are hashed.
    block = transaction.atomic(using=alias) if writes else nullcontext()
    with database_failures(alias), use_framework_pool(alias), block:
        rows = _without_stored_doubles(catalogue, alias)
        plans = plan_import(rows, secrets, alias=alias)
        if alias == DEFAULT_DB_ALIAS:
            _require_administrator(plans, alias)
        if writes:
            write_plans(plans, alias, progress)
            withdraw_marks(plans, catalogue=alias)
            if alias == DEFAULT_DB_ALIAS:
                _accept_passwords(plans)
    if writes:
        touch(alias)
    return plans


def _accept_passwords(plans: Sequence[TablePlan]) -> None:
    """Ask nobody to change a one-time password that gave way to the one of the original."""
    plan = next((plan for plan in plans if plan.table.model is User), None)
    if plan is None:
        return
    changed = zip(plan.changed, plan.differences, strict=True)
    rows = [*plan.new, *(row for row, columns in changed if _PASSWORD in columns)]
    users = [plan.table.key_of(row)[0] for row in rows]
    UserState.objects.filter(usr_id__in=users).update(must_change_password=False)


def _without_stored_doubles(catalogue: Catalogue, alias: str) -> dict[str, Rows]:
    """Leave out rows with a unique value that a row, which only the database has, has already.

    What refers to them is left out as well.
    """
    rows = dict(catalogue.rows)
    doubles = [(table, key) for table in framework_tables().values() for key in _doubles(table, rows, alias)]
    for table, key in doubles:
        reason = f"a row that only this installation has has its unique value; {LEFT_OUT}"
        catalogue.findings.add(Kind.DOUBLE_ROW, table.describe(key), reason)
        rows[table.name] = {other: row for other, row in rows[table.name].items() if other != key}
    return _without_orphans(rows, catalogue) if doubles else rows


def _doubles(table: RepositoryTable, rows: Mapping[str, Rows], alias: str) -> list[Key]:
    moved = rows.get(table.name, {})
    found: list[Key] = []
    for unique in table.uniques:
        attributes = [table.columns[position].attname for position in (*table.key, *unique)]
        stored = {
            values[len(table.key) :]
            for values in table.model._base_manager.using(alias).values_list(*attributes)
            if values[: len(table.key)] not in moved
        }
        found += [key for key, row in moved.items() if values_at(row, unique) in stored]
    return list(dict.fromkeys(found))


def _without_orphans(rows: Mapping[str, Rows], catalogue: Catalogue) -> dict[str, Rows]:
    kept: dict[str, Rows] = {}
    for name, moved in rows.items():
        table = framework_tables()[name]
        kept[name] = {}
        for key, row in moved.items():
            parent = next(missing_parents(table, row, kept), None)
            if parent is None:
                kept[name][key] = row
            else:
                reason = f"{parent} is left out; {LEFT_OUT}"
                catalogue.findings.add(Kind.ORPHAN_ROW, table.describe(key), reason)
    return kept


def _require_administrator(plans: Sequence[TablePlan], alias: str) -> None:
    faults = Faults()
    check_administrators(plans, alias=alias, faults=faults)
    try:
        faults.raise_any()
    except RepositoryRejected as exc:
        raise MalformedRequest(
            "Nothing was changed: nobody would be left who can sign in as administrator"
        ) from exc
