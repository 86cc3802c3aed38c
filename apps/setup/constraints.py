"""Foreign keys and unique constraints of rows that are about to be loaded, checked before any is written."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import User
from apps.setup.faults import Faults
from apps.setup.plan import TablePlan
from apps.setup.reading import Rows
from apps.setup.repository import Key, Reference, RepositoryTable, describe, framework_tables, values_at


def check_constraints(
    repository: Mapping[str, Rows], *, alias: str, faults: Faults, delete: bool = False
) -> None:
    """Add a fault for each row without its parent, and for each value that a row in the database has already.

    A parent may be in the file or in database `alias`; with `delete` the rows that only the database has are
    about to go from the tables of the file. As in SQL, a reference with a null refers to nothing. Read from
    the database is only what the file does not answer itself.
    """
    for name, rows in repository.items():
        table = framework_tables()[name]
        for reference in table.references:
            parents = repository.get(reference.parent, {})
            others = None if delete and reference.parent in repository else alias
            _check_reference(table, reference, rows, parents, others, faults)
        if not delete:
            for unique in table.uniques:
                _check_unique(table, unique, rows, alias, faults)


def check_removals(plans: Sequence[TablePlan], *, alias: str, faults: Faults) -> None:
    """Add a fault for each row, of a table that is not in the file, that would go with a removed parent."""
    planned = {plan.table.name for plan in plans}
    others = [table for name, table in framework_tables().items() if name not in planned]
    for plan in plans:
        if not plan.removed:
            continue
        for table in others:
            for reference in table.references:
                if reference.parent == plan.table.name:
                    _check_removal(table, reference, plan, alias, faults)


def check_administrators(plans: Sequence[TablePlan], *, alias: str, faults: Faults) -> None:
    """Add a fault if nobody would be left who can sign in as administrator, and somebody can now."""
    plan = next((plan for plan in plans if plan.table.model is User and plan.has_changes), None)
    if plan is None:
        return
    stored: set[Key] = {(user.usr_id,) for user in User.objects.using(alias).iterator() if _administers(user)}
    written = {
        plan.table.key_of(row): _administers(User(**dict(zip(plan.table.attributes, row, strict=True))))
        for row in (*plan.new, *plan.changed)
    }
    stays = stored - set(plan.removed) - set(written)
    if stored and not stays and not any(written.values()):
        faults.add("ly_users: nobody would be left who can sign in as administrator")


def _administers(user: User) -> bool:
    return user.is_active and user.is_superuser and bool(user.password) and user.has_usable_password()


def _check_reference(
    table: RepositoryTable, reference: Reference, rows: Rows, parents: Rows, alias: str | None, faults: Faults
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
        stored = set() if alias is None else _stored(parent, reference.columns, alias)
        for key, wanted in orphans.items():
            if wanted not in stored:
                missing = describe(reference.parent, reference.columns, wanted)
                place = "not in the file" if alias is None else "neither in the file nor in the database"
                faults.add(f"{table.describe(key)}: {missing} is {place}")


def _check_removal(
    table: RepositoryTable, reference: Reference, plan: TablePlan, alias: str, faults: Faults
) -> None:
    # Parents are told by their key, whose columns a reference may name in another order.
    order = [plan.table.column_names[position] for position in plan.table.key]
    removed = {tuple(key[order.index(column)] for column in reference.columns) for key in plan.removed}
    attributes = [table.columns[position].attname for position in (*table.key, *reference.positions)]
    for values in table.model._base_manager.using(alias).values_list(*attributes).iterator():
        key, wanted = values[: len(table.key)], values[len(table.key) :]
        if wanted in removed:
            parent = describe(reference.parent, reference.columns, wanted)
            faults.add(f"{table.describe(key)}: {parent} would be removed")


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
