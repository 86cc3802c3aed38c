"""What loading a repository changes in a catalogue, known before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apps.setup.embedded_secrets import with_embedded
from apps.setup.imported_secrets import Secrets, is_of_use, secret_position, stored_form, with_secret
from apps.setup.reading import Rows
from apps.setup.repository import Key, RepositoryTable, Row, framework_tables
from liberty.secrets import STAND_IN


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Rows of a table that are new or differ from the stored ones, and how many do not."""

    table: RepositoryTable
    new: tuple[Row, ...]
    changed: tuple[Row, ...]
    unchanged: int
    unreadable: tuple[str, ...] = ()
    """Rows whose password nothing here can read, as text; after the import as before."""
    differences: tuple[tuple[str, ...], ...] = ()
    """For each row of `changed` the columns that change."""
    withdrawn: tuple[str, ...] = ()
    """Queries whose marks are taken back, because they get other SQL."""
    absent: tuple[Key, ...] = ()
    """Keys of the stored rows that the file does not have."""
    deletes: bool = False
    """Whether the rows of `absent` are removed."""

    @property
    def in_file(self) -> int:
        return len(self.new) + len(self.changed) + self.unchanged

    @property
    def removed(self) -> tuple[Key, ...]:
        return self.absent if self.deletes else ()

    @property
    def has_changes(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def plan_import(
    repository: Mapping[str, Rows], secrets: Secrets, *, alias: str, delete: bool = False
) -> tuple[TablePlan, ...]:
    """Compare the rows of a repository, without faults, with those in database `alias`, parents first.

    Passwords are hashed and encrypted here. Rows that only the database has stay, unless `delete` says that
    they go.
    """
    return tuple(
        _plan_table(framework_tables()[name], rows, secrets, alias, delete)
        for name, rows in repository.items()
    )


def _plan_table(table: RepositoryTable, rows: Rows, secrets: Secrets, alias: str, delete: bool) -> TablePlan:
    stored, absent = _stored_rows(table, rows, alias)
    new: list[Row] = []
    changed: list[Row] = []
    differences: list[tuple[str, ...]] = []
    unreadable: list[str] = []
    for key, row in _with_secrets(table, rows, stored, secrets):
        if _is_unreadable(table, key, row, secrets):
            unreadable.append(table.describe(key))
        if key not in stored:
            new.append(row)
        elif row != stored[key]:
            changed.append(row)
            differences.append(_differences(table, row, stored[key]))
    return TablePlan(
        table=table,
        new=tuple(new),
        changed=tuple(changed),
        unchanged=len(rows) - len(new) - len(changed),
        unreadable=tuple(unreadable),
        differences=tuple(differences),
        absent=tuple(absent),
        deletes=delete,
    )


def _differences(table: RepositoryTable, row: Row, stored: Row) -> tuple[str, ...]:
    pairs = zip(table.column_names, row, stored, strict=True)
    return tuple(column for column, value, other in pairs if value != other)


def _stored_rows(table: RepositoryTable, rows: Rows, alias: str) -> tuple[dict[Key, Row], list[Key]]:
    """Return the rows in the database that the file has as well, and the keys of the others."""
    stored: dict[Key, Row] = {}
    absent: list[Key] = []
    for row in table.model._base_manager.using(alias).values_list(*table.attributes).iterator():
        key = table.key_of(row)
        if key in rows:
            stored[key] = row
        else:
            absent.append(key)
    return stored, sorted(absent)


def _with_secrets(
    table: RepositoryTable, rows: Rows, stored: Mapping[Key, Row], secrets: Secrets
) -> Iterator[tuple[Key, Row]]:
    """Yield the rows with what is to be stored for their secrets."""
    position = secret_position(table.name)
    for key, in_file in rows.items():
        row = with_embedded(table, in_file, stored.get(key))
        secret = secrets.get((table.name, key))
        if position is None or secret is None:
            yield key, row
            continue
        now = stored[key][position] if key in stored else None
        yield key, with_secret(row, position, stored_form(table.name, secret, now))


def _is_unreadable(table: RepositoryTable, key: Key, row: Row, secrets: Secrets) -> bool:
    position = secret_position(table.name)
    secret = secrets.get((table.name, key))
    if position is None or secret is None or secret.clear is not None or secret.text == STAND_IN:
        return False
    return not is_of_use(row[position])
