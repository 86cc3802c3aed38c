"""Which catalogue and which of its tables an export or an import is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections

from apps.pools.models import Pool
from apps.setup.repository import RepositoryTable, framework_tables
from liberty.errors import MalformedRequest, PoolNotOpened


@dataclass(frozen=True, slots=True)
class Selection:
    """Names of framework tables: `only` these (empty: all), and not those of `without`."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, only: str, without: str = "") -> "Selection":
        """Return the selection in two lists of names with commas. Raises MalformedRequest for other names."""
        selection = cls(_names(only), _names(without))
        for name in (*selection.only, *selection.without):
            if name not in framework_tables():
                raise MalformedRequest(f"No framework table is named `{name[:64]}`")
        return selection

    def has(self, table: str) -> bool:
        return (not self.only or table in self.only) and table not in self.without


ALL = Selection()


def selected_tables(selection: Selection) -> Sequence[RepositoryTable]:
    """Return the selected framework tables by name."""
    return [table for name, table in sorted(framework_tables().items()) if selection.has(name)]


def pool_of_application(application: int) -> str:
    """Return the pool of an application of the framework database: its own tables hold what belongs to it.

    Raises MalformedRequest if no application has this number, or the one that has it names no pool.
    """
    pool = Pool.objects.using("default").filter(apps_id=application).first()
    if pool is None or not pool.apps_pool:
        raise MalformedRequest(f"No application with a pool has the number {application}")
    return pool.apps_pool


def require_tables(pool: str, alias: str) -> None:
    """Refuse a pool, read through `alias`, without some framework table. Raises PoolNotOpened."""
    present = set(connections[alias].introspection.table_names())
    missing = [name for name in framework_tables() if name not in present]
    if missing:
        raise PoolNotOpened(f"Pool `{pool}` holds no catalogue: it has no table {missing[0]}")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip().lower()))
