"""Versions of the product, and what a name of one means for the migrations of a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

from apps.pools.router import CATALOGUE_APPS
from apps.setup.databases import Database, Node
from apps.setup.releases import Release
from liberty.errors import UnknownVersion

SHOWN_NAME = 64


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a downgrade leads: for each pool, or for all of them, the last migration of some apps or of all.

    `targets` is by app; None stands for before the first migration. A pool that `by_pool` does not name
    stays where it is.
    """

    name: str
    targets: Mapping[str, str | None]
    by_pool: Mapping[str, Mapping[str, str | None]] | None = None

    def targets_of(self, pool: str) -> Mapping[str, str | None]:
        return self.targets if self.by_pool is None else self.by_pool.get(pool, {})


class Versions:
    """The versions, and the migrations that they consist of, as the code at hand knows them."""

    def __init__(self) -> None:
        self.releases = cast(Mapping[str, Release], import_string(settings.LIBERTY_RELEASES))
        self._loader = MigrationLoader(None)

    @property
    def newest(self) -> str:
        return list(self.releases)[-1]

    def nodes(self) -> list[Node]:
        """Return our migrations by app and name."""
        return sorted(node for node in self._loader.disk_migrations if node[0] in CATALOGUE_APPS)

    def leaves(self) -> dict[str, str]:
        """Return the newest migration of each of our apps."""
        return {app: name for app, name in self._loader.graph.leaf_nodes() if app in CATALOGUE_APPS}

    def version_of(self, applied: Iterable[Node]) -> str | None:
        """Return the newest version all of whose migrations have run, or None."""
        done = set(applied)
        whole = [version for version, release in self.releases.items() if self._closure(release) <= done]
        return whole[-1] if whole else None

    def pending(self, database: Database) -> list[Node]:
        return [node for node in self.nodes() if node not in database.applied]

    def unknown(self, database: Database) -> list[Node]:
        """Return migrations of ours that a newer version has run."""
        return sorted(database.applied - set(self.nodes()))

    def state_of(self, applied: Iterable[Node]) -> dict[str, str]:
        """Return the last migration of each app that has run."""
        return dict(sorted(applied))

    def goal(self, name: str, revisions: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Goal:
        """Return what a version, a migration or a revision means.

        A migration is `app.name`, `name`, or a beginning of either that only one has. `revisions` has the
        states of each, `{revision: {pool: {app: name}}}`. Raises UnknownVersion.
        """
        if name in self.releases:
            return Goal(name, {app: self.releases[name].get(app) for app in self.leaves()})
        if name in revisions:
            return self._revision_goal(name, revisions[name])
        found = [node for node in self.nodes() if _is_meant(name, node)]
        exact = [node for node in found if name in (node[1], ".".join(node))]
        if len(exact or found) == 1:
            app, migration = (exact or found)[0]
            return Goal(f"{app}.{migration}", {app: migration})
        if found:
            raise UnknownVersion(f"`{_shown(name)}` may be any of {_listed(map('.'.join, found))}.")
        raise UnknownVersion(f"Unknown version `{_shown(name)}`. {self._known(list(revisions))}")

    def _revision_goal(self, name: str, states: Mapping[str, Mapping[str, str]]) -> Goal:
        strange = sorted(
            f"{app}.{migration}"
            for state in states.values()
            for app, migration in state.items()
            if (app, migration) not in self.nodes()
        )
        if strange:
            raise UnknownVersion(
                f"Revision `{name}` was recorded by another version: {strange[0]} is not known here."
            )
        apps = self.leaves()
        return Goal(name, {}, {pool: {app: state.get(app) for app in apps} for pool, state in states.items()})

    def _closure(self, release: Release) -> set[Node]:
        """Return the migrations of a version: the named ones and all that they stand on."""
        found: set[Node] = set()
        for node in release.items():
            found.update(parent for parent in self._loader.graph.forwards_plan(node) if parent[0] in release)
        return found

    def _known(self, revisions: Sequence[str]) -> str:
        parts = [
            f"Known versions: {_listed(self.releases)}.",
            f"Known migrations: {_listed(map('.'.join, self.nodes()))}.",
        ]
        if revisions:
            parts.append(f"Known revisions: {_listed(revisions)}.")
        return " ".join(parts)


def _is_meant(name: str, node: Node) -> bool:
    return bool(name) and (node[1].startswith(name) or ".".join(node).startswith(name))


def _shown(name: str) -> str:
    return name if len(name) <= SHOWN_NAME else f"{name[:SHOWN_NAME]}…"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
