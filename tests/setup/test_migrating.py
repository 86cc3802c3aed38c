"""Running migrations on the framework database and on pools."""

from django.db import connections

from apps.setup.migrating import Migrated, migrate
from tests.external import ExternalPool
from tests.setup.repositories import connect


def test_a_migrated_database_needs_nothing(db: None) -> None:
    assert migrate("default") == ()


def test_migrations_of_a_pool_make_the_framework_tables_and_no_others(sqlite_pool: ExternalPool) -> None:
    alias = connect(sqlite_pool)
    steps: list[Migrated] = []

    names = migrate(alias, on_progress=steps.append)

    tables = set(connections[alias].introspection.table_names())
    assert {"ly_applications", "ly_users", "ly_qry_sql"} <= tables
    assert not {"auth_permission", "django_session"} & tables
    assert tuple(step.migration for step in steps) == names
    assert [(step.done, step.total) for step in steps] == [(n, len(names)) for n in range(1, len(names) + 1)]
    assert migrate(alias) == ()


def test_targets_lead_back_and_forth(sqlite_pool: ExternalPool) -> None:
    alias = connect(sqlite_pool)
    migrate(alias)

    assert migrate(alias, [("audit", None)]) == ("audit.0001_initial",)
    assert "liberty_audit_entry" not in connections[alias].introspection.table_names()
    assert migrate(alias, [("audit", "0001_initial")]) == ("audit.0001_initial",)
