"""Migrations that are interrupted at each of their statements, and run again."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from apps.pools.maintenance import maintenance
from apps.setup.databases import migrated_tables
from apps.setup.executor import Steps
from apps.setup.migrating import migrate
from tests.external import ExternalPool
from tests.setup.later.releases import MODULES, RELEASES
from tests.setup.repositories import connect

UP = [("framework", "9002_groups"), ("queries", "9001_weights")]
DOWN = list(RELEASES["1.0.0"].items())
LABELS = [(1, "Group: Text"), (2, "no group"), (3, "A: b: c"), (4, "Group: ")]
OF_NEWEST = [(1, "Group", "Text"), (2, None, "no group"), (3, "A", "b: c"), (4, "Group", "")]

NEWEST_SQL = (
    "SELECT e.enum_id, g.grp_name, e.enum_words FROM ly_enum e LEFT JOIN ly_enum_grp g ON g.id = e.grp_id"
    " ORDER BY e.enum_id"
)


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@pytest.fixture(autouse=True)
def later(settings: Settings, models_on_pools: None) -> Iterator[None]:
    settings.MIGRATION_MODULES = MODULES
    migrated_tables.cache_clear()
    yield
    migrated_tables.cache_clear()


def killed_after(number: int, alias: str, targets: list[tuple[str, Any]]) -> bool:
    """Run migrations until so many writing statements have run; say whether it came to that."""
    left = number

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        result = execute(sql, params, many, context)
        if not sql.lstrip().upper().startswith(("SELECT", "SHOW", "PRAGMA")):
            left -= 1
            if left == 0:
                raise Killed
        return result

    with maintenance(alias) as name:
        try:
            with connections[name].execute_wrapper(count):
                migrate(name, targets)
        except Killed:
            return True
    return False


def finish(alias: str, targets: list[tuple[str, Any]]) -> None:
    with maintenance(alias) as name:
        migrate(name, targets)
        assert Steps(connections[name]).begun() == ()


def later_migrations(alias: str) -> set[str]:
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return {name for _, name in applied if name.startswith("9")}


@pytest.mark.parametrize("product", ["sqlite_pool", "postgres_pool", "mariadb_pool"])
def test_killed_after_any_statement_a_run_is_finished_by_the_next(
    product: str, request: pytest.FixtureRequest
) -> None:
    pool: ExternalPool = request.getfixturevalue(product)
    alias = connect(pool)
    finish(alias, DOWN)
    pool.execute(*(f"INSERT INTO ly_enum (enum_id, enum_label) VALUES ({n}, '{text}')" for n, text in LABELS))
    pool.execute("INSERT INTO ly_query (query_id, query_label, query_type) VALUES (7, 'x', 'x')")
    # All moments in the long form. Where a migration is one transaction, few tell as much as all.
    pace = 1 if "LIBERTY_TEST_KILLS" in os.environ else 9 if product == "mariadb_pool" else 29
    number, is_killed = 1, True
    while is_killed:
        is_killed = killed_after(number, alias, UP)
        finish(alias, UP)
        assert [tuple(row) for row in pool.execute(NEWEST_SQL)] == OF_NEWEST, number
        assert [tuple(row) for row in pool.execute("SELECT query_weight FROM ly_query")] == [(14,)]
        assert later_migrations(alias) == {"9001_split_labels", "9002_groups", "9001_weights"}
        is_killed |= killed_after(number, alias, DOWN)
        finish(alias, DOWN)
        labels = pool.execute("SELECT enum_id, enum_label FROM ly_enum ORDER BY enum_id")
        assert [tuple(row) for row in labels] == LABELS, number
        assert later_migrations(alias) == set()
        number += pace
    assert number > 20


def test_a_half_made_migration_is_told_of(mariadb_pool: ExternalPool) -> None:
    alias = connect(mariadb_pool)
    finish(alias, DOWN)
    assert killed_after(8, alias, UP)
    with maintenance(alias) as name:
        ((migration, direction, done),) = [
            (begun.migration, begun.direction, begun.done) for begun in Steps(connections[name]).begun()
        ]
    assert (migration, direction) == ("framework.9001_split_labels", "forwards")
    assert 0 < done < 5


def test_a_refusal_that_is_no_repetition_stays_one(mariadb_pool: ExternalPool) -> None:
    alias = connect(mariadb_pool)
    finish(alias, DOWN)
    mariadb_pool.execute("ALTER TABLE ly_enum ADD COLUMN enum_group varchar(40)")
    with pytest.raises(Exception, match="Duplicate column"):
        finish(alias, UP)
