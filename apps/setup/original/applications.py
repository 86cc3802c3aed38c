"""The databases of the original's applications: where they are, and which of them are catalogues."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import DEFAULT_DB_ALIAS

from apps.pools.models import Pool
from apps.setup.original.database import Address, Identity, reading
from apps.setup.original.findings import Kind
from apps.setup.original.reading import Catalogue, read_catalogue
from apps.setup.repository import Row, framework_tables
from liberty.crypto import decrypt_original, is_encrypted
from liberty.errors import DecryptionFailed, LibertyError, MalformedRequest

POOLS = "ly_applications"
# As the original writes it.
POSTGRES = "postgres"
POSTGRES_PORT = 5432
WORDS = "--adopt, --catalogue or --leave"


class Handling(StrEnum):
    """What becomes of the catalogue in an application's database."""

    ADOPT = "adopted"
    COPY = "copied"
    LEAVE = "left"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the operator has decided: for applications by pool, and for servers by name.

    `targets` are databases that catalogues are copied into; `hosts` maps `HOST` or `HOST:PORT`, as the
    original calls a server, to what it is called from here.
    """

    adopt: frozenset[str] = frozenset()
    targets: Mapping[str, Address] = field(default_factory=dict)
    leave: frozenset[str] = frozenset()
    hosts: Mapping[str, str] = field(default_factory=dict)

    def handling(self, pool: str) -> Handling:
        if pool in self.adopt:
            return Handling.ADOPT
        if pool in self.targets:
            return Handling.COPY
        return Handling.LEAVE if pool in self.leave else Handling.UNDECIDED

    def require_pools(self, pools: frozenset[str]) -> None:
        """Raise MalformedRequest for a decision about what is no application's database, or two about one."""
        named = [*self.adopt, *self.targets, *self.leave]
        for pool in sorted(named):
            if pool not in pools:
                raise MalformedRequest(f"The original has no application with a PostgreSQL pool `{pool}`")
            if named.count(pool) > 1:
                raise MalformedRequest(f"There are two words about what becomes of pool `{pool}`")

    def seen_from_here(self, host: str | None, port: int | None) -> tuple[str | None, int | None]:
        """Return host and port of a server as they are called from here."""
        for name in (f"{host}:{port or POSTGRES_PORT}", host or ""):
            if name in self.hosts:
                new_host, _, new_port = self.hosts[name].partition(":")
                return new_host, int(new_port) if new_port else port
        return host, port


@dataclass(frozen=True, slots=True)
class Application:
    """An application's database on PostgreSQL, by the name of its pool.

    `catalogue` is what its framework tables hold, None if it has none, or could not be looked into
    (`obstacle` says why).
    """

    pool: str
    address: Address | None
    catalogue: Catalogue | None = None
    identity: Identity | None = None
    obstacle: str = ""


def find_applications(default: Catalogue, choices: Choices, master_key: str) -> tuple[Application, ...]:
    """Look into the database of every PostgreSQL pool of the original's default catalogue.

    Raises MalformedRequest for choices about other pools.
    """
    rows = dict(_pool_rows(default))
    choices.require_pools(frozenset(rows))
    return tuple(_look_into(pool, row, choices, master_key) for pool, row in rows.items())


def _pool_rows(default: Catalogue) -> Iterator[tuple[str, Pool]]:
    """Yield each pool with the row that describes it: the first of those with its name, as for `resolve`."""
    seen = {DEFAULT_DB_ALIAS}
    for key in sorted(default.rows.get(POOLS, {})):
        pool = pool_of(default.rows[POOLS][key])
        name = pool.apps_pool or ""
        if name and name not in seen and pool.apps_dbtype == POSTGRES:
            seen.add(name)
            yield name, pool


def pool_of(row: Row) -> Pool:
    """Return the unsaved pool that a row of ly_applications describes."""
    return Pool(**dict(zip(framework_tables()[POOLS].attributes, row, strict=True)))


def _look_into(pool: str, row: Pool, choices: Choices, master_key: str) -> Application:
    address = None
    try:
        address = _address(row, choices, master_key)
        with reading(address, name=f"database of pool `{pool}`") as database:
            if database is None:
                return Application(pool, address)
            catalogue, identity = read_catalogue(database, pool), database.identity
    except LibertyError as exc:
        return Application(pool, address, obstacle=exc.message)
    return Application(pool, address, catalogue, identity)


def _address(row: Pool, choices: Choices, master_key: str) -> Address:
    host, port = choices.seen_from_here(row.apps_host, row.apps_port)
    if not (host and row.apps_database and row.apps_user):
        raise MalformedRequest("its row does not say host, database and user")
    stored = row.apps_password or ""
    try:
        password = decrypt_original(stored, master_key) if is_encrypted(stored) else stored
    except DecryptionFailed as exc:
        raise MalformedRequest("the master key does not read its password") from exc
    return Address(host, port or POSTGRES_PORT, row.apps_database, row.apps_user, password)


def told_of(application: Application, handling: Handling) -> tuple[Kind, str] | None:
    """Return the finding about a database whose catalogue, if it has one, is not moved."""
    if handling is Handling.LEAVE:
        unseen = f"it was not looked into: {application.obstacle}; " if application.obstacle else ""
        reason = f"{unseen}nobody signs in to it here, and its own definitions stay as they are"
        return Kind.LEFT_CATALOGUE, reason
    if handling is Handling.UNDECIDED and application.obstacle:
        return Kind.UNKNOWN_CATALOGUE, f"{application.obstacle}; it needs a word: {WORDS}"
    if handling is Handling.UNDECIDED:
        return Kind.UNDECIDED_CATALOGUE, f"it needs a word: {WORDS}"
    return None
