"""Foreign keys and unique constraints of rows that are about to be loaded, checked before any is written."""

from collections.abc import Mapping

from apps.setup.faults import Faults
from apps.setup.reading import Rows
from apps.setup.repository import Key, Reference, RepositoryTable, describe, framework_tables, values_at


def check_constraints(repository: Mapping[str, Rows], *, alias: str, faults: Faults) -> None:
    """Add a fault for each row without its parent, and for each value that a row in the database has already.

    A parent may be in the file or in database `alias`. As in SQL, a reference with a null refers to nothing.
    Read from the database is only what the file does not answer itself.
    """
    for name, rows in repository.items():
        table = framework_tables()[name]
        for reference in table.references:
            _check_reference(table, reference, rows, repository.get(reference.parent, {}), alias, faults)
        for unique in table.uniques:
            _check_unique(table, unique, rows, alias, faults)


def _check_reference(
    table: RepositoryTable, reference: Reference, rows: Rows, parents: Rows, alias: str, faults: Faults
) -> None:
    parent = framework_tables()[reference.parent]
    positions = parent.positions(reference.columns)
    present = {values_at(row, positions) for row in parents.values()}
    orphans: dict[Key, Key] = {}
    for key, row in rows.items():
        wanted = values_at(row, reference.positions)
        if None not in wanted and wanted not in present:
            orphans[key] = wanted
    if orphans:
        stored = _stored(parent, reference.columns, alias)
        for key, wanted in orphans.items():
            if wanted not in stored:
                missing = describe(reference.parent, reference.columns, wanted)
                faults.add(f"{table.describe(key)}: {missing} is neither in the file nor in the database")


def _stored(table: RepositoryTable, columns: tuple[str, ...], alias: str) -> set[Key]:
    attributes = [table.columns[table.position(column)].attname for column in columns]
    return set(table.model._base_manager.using(alias).values_list(*attributes).iterator())


def _check_unique(
    table: RepositoryTable, unique: tuple[int, ...], rows: Rows, alias: str, faults: Faults
) -> None:
    owners = {values_at(row, unique): key for key, row in rows.items()}
    attributes = [table.columns[position].attname for position in (*table.key, *unique)]
    for values in table.model._base_manager.using(alias).values_list(*attributes).iterator():
        stored_key, stored_values = values[: len(table.key)], values[len(table.key) :]
        # A stored row that the file has as well gets the file's values.
        if stored_values in owners and stored_key not in rows:
            columns = ", ".join(table.columns[position].column for position in unique)
            owner = table.describe(owners[stored_values])
            faults.add(f"{owner}: {columns}: {table.describe(stored_key)} in the database has this value")
