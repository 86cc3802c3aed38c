"""From the framework tables of a catalogue to a deployable archive, or to the original's own file."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, F, ForeignKey
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate

from apps.pools import registry
from apps.pools.router import CATALOGUE_APPS
from apps.pools.snapshots import snapshot
from apps.setup.archive_writing import ArchiveWriter
from apps.setup.columns import Column
from apps.setup.exported_secrets import Form, for_original, left_out, sealed_under, without_secrets
from apps.setup.manifest import MANIFEST_NAME, Manifest, Seal, TableEntry, manifest_text
from apps.setup.repository import RepositoryTable, Row
from apps.setup.row_text import repository_text
from apps.setup.selection import ALL, Selection, require_tables, selected_tables
from liberty.passphrase import PassphraseKey
from liberty.version import PRODUCT_VERSION

# Rows that are in memory at one time.
FETCHED_ROWS = 1000
# The original neither exports nor loads the others.
OF_ORIGINAL = Selection(without=("ly_applications", "ly_users"))


@dataclass(frozen=True, slots=True)
class TableCount:
    """A table and the number of its rows."""

    table: str
    rows: int


def member_name(table: str) -> str:
    """Return the name of a table's file in an archive."""
    return f"tables/{table}.json"


def count_rows(*, pool: str = "default", selection: Selection = ALL) -> list[TableCount]:
    """Return what an export of a catalogue holds, by name of the table.

    Raises UnknownPool, PoolNotOpened (also for a pool without framework tables), Unavailable.
    """
    with _reading(pool) as alias:
        return [
            TableCount(table.name, table.model._base_manager.using(alias).count())
            for table in selected_tables(selection)
        ]


def archive(
    *, pool: str = "default", selection: Selection = ALL, key: PassphraseKey | None = None
) -> Generator[bytes, None, None]:
    """Yield an archive of a catalogue, as it is at one moment, piece by piece.

    A zip of one file a table, in the form that an import reads, and the manifest at its end. Secrets are
    left out, or encrypted under a `key` of a passphrase, users' hashes never. The first piece is empty and
    comes when everything is ready to be read; until then it raises as `count_rows` does. The pieces must be
    consumed by one thread, which closes the iterator.
    """
    form = left_out if key is None else sealed_under(key)
    with _reading(pool) as alias:
        yield b""
        writer = ArchiveWriter()
        entries: dict[str, TableEntry] = {}
        for table in selected_tables(selection):
            rows = _Counted(without_secrets(table, _rows(table, alias), form))
            digest = yield from writer.member(member_name(table.name), repository_text([(table, rows)]))
            entries[table.name] = TableEntry(rows.count, digest)
        seal = None if key is None else Seal.of(key)
        manifest = Manifest(PRODUCT_VERSION, migration_state(alias), entries, seal)
        yield from writer.member(MANIFEST_NAME, [manifest_text(manifest)])
        yield from writer.end()


def original_file(
    *, pool: str = "default", selection: Selection = ALL, master_key: str | None = None
) -> Generator[bytes, None, None]:
    """Yield a catalogue as the original exports it, one JSON object of tables, in the way of `archive`.

    Secrets are left out, or encrypted as an installation with this `master_key` reads them.
    """
    form = for_original(master_key)
    with _reading(pool) as alias:
        yield b""
        tables = [table for table in selected_tables(selection) if OF_ORIGINAL.has(table.name)]
        for piece in repository_text(_each(tables, alias, form)):
            yield piece.encode()


def migration_state(alias: str) -> dict[str, str]:
    """Return the last applied migration of each of our apps; nothing for a catalogue that we did not make."""
    applied = sorted(MigrationRecorder(connections[alias]).applied_migrations())
    return {app: name for app, name in applied if app in CATALOGUE_APPS}


@contextmanager
def _reading(pool: str) -> Iterator[str]:
    """Yield the alias to read a catalogue's tables through, all as they are at one moment."""
    with snapshot(registry.resolve(pool)) as alias:
        require_tables(pool, alias)
        yield alias


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _each(
    tables: Iterable[RepositoryTable], alias: str, form: Form
) -> Iterator[tuple[RepositoryTable, Iterator[Row]]]:
    for table in tables:
        yield table, without_secrets(table, _rows(table, alias), form)


def _rows(table: RepositoryTable, alias: str) -> Iterator[Row]:
    """Yield the rows of a table by key, in an order that is the same on every product."""
    rows = table.model._base_manager.using(alias).order_by(*_key_order(table, alias))
    return rows.values_list(*table.attributes).iterator(chunk_size=FETCHED_ROWS)


def _key_order(table: RepositoryTable, alias: str) -> list[Combinable]:
    collation = registry.dialect_for(alias.removesuffix(registry.READ)).code_point_collation
    return [_ordered(table.columns[position], collation) for position in table.key]


def _ordered(column: Column, collation: str) -> Combinable:
    target = column.target_field if isinstance(column, ForeignKey) else column
    name = F(column.attname)
    return Collate(name, collation) if isinstance(target, CharField) else name
