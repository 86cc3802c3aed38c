"""Where secrets are stored that our own keys encrypt: in which catalogues, tables, columns and rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, Error, connections, models

from apps.pools import registry
from apps.pools.models import Pool
from apps.pools.router import use_framework_pool
from liberty.crypto import STORED_HEAD, decrypt_stored, is_key_known, is_stored_form
from liberty.errors import DecryptionFailed, LibertyError, NotInstalled
from liberty.secrets import SECRET_COLUMNS

SHOWN = 10
NO_ANSWER = "its database does not answer, or refuses to be read"


@dataclass(frozen=True, slots=True)
class SecretColumn:
    """A column that holds secrets; `name` is the attribute of the model."""

    model: type[models.Model]
    name: str
    column: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A text in the stored form, and the row that it is in."""

    catalogue: str
    column: SecretColumn
    key: object
    text: str = field(repr=False)

    def __str__(self) -> str:
        place = f"{self.column.table}.{self.column.column} of row {self.key!r}"
        return place if self.catalogue == DEFAULT_DB_ALIAS else f"{place} in catalogue `{self.catalogue}`"


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Aliases of the catalogues that answer, and why other pools, which may be catalogues, do not."""

    reached: tuple[str, ...]
    unreached: Mapping[str, str]


@lru_cache(maxsize=1)
def secret_columns() -> tuple[SecretColumn, ...]:
    """Return the columns of SECRET_COLUMNS, by table."""
    columns = [
        SecretColumn(model, declared.attname, declared.column)
        for model in apps.get_models()
        for declared in model._meta.concrete_fields
        if (model._meta.db_table, declared.column) in SECRET_COLUMNS
    ]
    return tuple(sorted(columns, key=lambda column: column.table))


def find_catalogues() -> Catalogues:
    """Connect to every pool and tell which ones hold tables with secrets.

    A catalogue that holds tables of pools describes pools of its own, `c/x` for example, which are looked at
    as well. Of the pools that lead to one database, as catalogues describe themselves and each other, the
    first stands for all. Raises DatabaseError if the framework database does not answer.
    """
    places = {registry.place_of(DEFAULT_DB_ALIAS)}
    reached, unreached = [DEFAULT_DB_ALIAS], dict[str, str]()
    # It grows while it is walked, by one alias for a database at most.
    for catalogue in reached:
        for name in _described_pools(catalogue):
            alias = registry.joined(name, catalogue=catalogue)
            try:
                if _is_new_catalogue(name, catalogue, places):
                    reached.append(alias)
            except LibertyError as exc:
                unreached[alias] = exc.message
            except DatabaseError:
                unreached[alias] = NO_ANSWER
    return Catalogues(tuple(reached), unreached)


def _described_pools(catalogue: str) -> tuple[str, ...]:
    """Return the names of the pools that a catalogue describes; it may hold other tables alone."""
    if all(column.model is not Pool for column in present_columns(catalogue)):
        return ()
    rows = Pool.objects.using(catalogue).exclude(apps_pool=None).exclude(apps_pool=DEFAULT_DB_ALIAS)
    names = rows.order_by("apps_pool").values_list("apps_pool", flat=True)
    return tuple(dict.fromkeys(map(str, names)))


def _is_new_catalogue(name: str, catalogue: str, places: set[tuple[object, ...]]) -> bool:
    place = registry.place_of(name, catalogue=catalogue)
    if place in places:
        return False
    # First of all: a database that is away is not waited for twice.
    places.add(place)
    return bool(present_columns(registry.resolve(name, catalogue=catalogue)))


def present_columns(alias: str) -> tuple[SecretColumn, ...]:
    """Return the secret columns whose tables are there; an application may have some of them alone.

    Raises DatabaseError.
    """
    with use_framework_pool(alias):
        tables = {name.lower() for name in connections[alias].introspection.table_names()}
    return tuple(column for column in secret_columns() if column.table in tables)


def stored_secrets(alias: str) -> Iterator[StoredSecret]:
    """Yield the texts of a catalogue that are in our stored form, by table and key. Raises DatabaseError."""
    for column in present_columns(alias):
        yield from secrets_in(column, alias)


def secrets_in(column: SecretColumn, alias: str, *, for_update: bool = False) -> Iterator[StoredSecret]:
    """Yield the texts of one column; `for_update` keeps others from changing them, in a transaction."""
    rows = column.model._default_manager.using(alias)
    if for_update:
        rows = rows.select_for_update()
    found = rows.filter(**{f"{column.name}__startswith": STORED_HEAD}).order_by("pk")
    for key, text in found.values_list("pk", column.name):
        # Products differ in whether LIKE cares for case.
        if is_stored_form(text):
            yield StoredSecret(alias, column, key, text)


def without_key(alias: str) -> list[StoredSecret]:
    """Return the secrets of a catalogue whose key we do not have. Raises DatabaseError."""
    return [secret for secret in stored_secrets(alias) if not is_key_known(secret.text)]


def unreadable(alias: str) -> list[StoredSecret]:
    """Return the secrets of a catalogue that none of our keys reads. Raises DatabaseError."""
    return [secret for secret in stored_secrets(alias) if not _is_readable(secret.text)]


def require_keys() -> None:
    """Raise ImproperlyConfigured if the framework database holds secrets under a key that we do not have.

    A server that starts without the key would store new secrets under another one beside them. A database
    that is away, or not migrated, is no reason: what is read from it later is refused where it is used.
    Other catalogues have no say: who writes one of them must not be able to keep everybody's server down.
    """
    try:
        lost = without_key(DEFAULT_DB_ALIAS)
    except (Error, NotInstalled):
        return
    if lost:
        raise ImproperlyConfigured(f"{lost_keys(lost)} {KEY_HINT}")


KEY_HINT = (
    "Put the key back from your backup, into LIBERTY_ENCRYPTION_KEY or the file that "
    "LIBERTY_ENCRYPTION_KEY_FILE names; a new key cannot read them."
)


def lost_keys(secrets: list[StoredSecret]) -> str:
    return f"No key in LIBERTY_ENCRYPTION_KEY reads {named(secrets)}."


def named(secrets: list[StoredSecret]) -> str:
    """Return the places of secrets as a list in a sentence, not all of many."""
    shown = "; ".join(map(str, secrets[:SHOWN]))
    return shown if len(secrets) <= SHOWN else f"{shown}; and {len(secrets) - SHOWN} more"


def _is_readable(text: str) -> bool:
    try:
        decrypt_stored(text)
    except DecryptionFailed:
        return False
    return True
