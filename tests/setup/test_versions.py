"""What names of versions mean, and that the table of versions is whole."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from apps.setup.databases import migrated_tables
from apps.setup.releases import RELEASES
from apps.setup.versions import Goal, Versions
from liberty.errors import UnknownVersion
from liberty.version import PRODUCT_VERSION
from tests.setup.later.releases import MODULES

REVISIONS = {"r20261125-101500-x": {"default": {"framework": "0001_initial"}}}


@pytest.fixture
def later(settings: Settings) -> Iterator[Versions]:
    """The versions of an installation of 1.2.0."""
    settings.MIGRATION_MODULES = MODULES
    settings.LIBERTY_RELEASES = "tests.setup.later.releases.RELEASES"
    migrated_tables.cache_clear()
    yield Versions()
    migrated_tables.cache_clear()


def test_the_newest_version_is_the_code_and_has_the_newest_migration_of_every_app() -> None:
    versions = Versions()
    assert versions.newest == PRODUCT_VERSION
    assert dict(RELEASES[PRODUCT_VERSION]) == versions.leaves()


def test_every_version_names_migrations_that_exist() -> None:
    known = set(Versions().nodes())
    assert {node for release in RELEASES.values() for node in release.items()} <= known


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("framework.0001_initial", Goal("framework.0001_initial", {"framework": "0001_initial"})),
        ("framework.0001", Goal("framework.0001_initial", {"framework": "0001_initial"})),
        ("9002", Goal("framework.9002_groups", {"framework": "9002_groups"})),
        ("9001_weights", Goal("queries.9001_weights", {"queries": "9001_weights"})),
    ],
)
def test_a_migration_is_named_as_far_as_it_is_the_only_one(later: Versions, name: str, goal: Goal) -> None:
    assert later.goal(name, {}) == goal


def test_a_version_names_the_last_migration_of_every_app(later: Versions) -> None:
    goal = later.goal("1.1.0", {})
    assert goal.targets_of("any") == {**RELEASES["1.0.0"], "framework": "9001_split_labels"}


def test_a_revision_names_the_migrations_of_each_pool_it_has(later: Versions) -> None:
    goal = later.goal("r20261125-101500-x", REVISIONS)
    assert goal.targets_of("default") == {**dict.fromkeys(RELEASES["1.0.0"]), "framework": "0001_initial"}
    assert goal.targets_of("crm") == {}


def test_a_revision_of_another_version_is_refused(later: Versions) -> None:
    with pytest.raises(UnknownVersion, match=r"`r1` was recorded by another version: queries.0099_x"):
        later.goal("r1", {"r1": {"default": {"queries": "0099_x"}}})


@pytest.mark.parametrize("name", ["abc", "", "1.0", "2.0.0", "framework", "0001", "x" * 200, "../x"])
def test_other_names_are_refused_with_the_known_ones(later: Versions, name: str) -> None:
    with pytest.raises(UnknownVersion) as refused:
        later.goal(name, REVISIONS)
    assert f"`{name[:64]}" in refused.value.message
    assert "framework.0001_initial" in refused.value.message
    assert len(refused.value.message) < 2000


def test_the_version_of_a_database_is_the_newest_that_is_whole(later: Versions) -> None:
    all_nodes = set(later.nodes())
    without_weights = all_nodes - {("queries", "9001_weights")}
    assert later.version_of(all_nodes) == "1.2.0"
    assert later.version_of(without_weights) == "1.1.0"
    assert later.version_of(without_weights - {("framework", "9001_split_labels")}) == "1.0.0"
    assert later.version_of(()) is None


def test_tables_of_every_version_are_known(later: Versions) -> None:
    tables = migrated_tables()
    assert {"ly_users", "liberty_revision", "ly_enum_grp"} <= tables
    assert not {"django_session", "django_migrations"} & tables
