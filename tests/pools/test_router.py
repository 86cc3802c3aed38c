"""Which database models live in."""

import pytest
from django.contrib.sessions.models import Session

from apps.pools import registry
from apps.pools.models import CatalogueStamp, Pool
from apps.pools.router import PoolRouter, allow_migrations, use_framework_pool
from tests.external import ExternalPool

ROUTER = PoolRouter()


def test_framework_tables_live_in_the_pinned_pool(sqlite_pool: ExternalPool) -> None:
    alias = registry.resolve(sqlite_pool.name)
    assert ROUTER.db_for_read(Pool) is None
    with use_framework_pool(alias):
        assert (ROUTER.db_for_read(Pool), ROUTER.db_for_write(Pool)) == (alias, alias)
    assert ROUTER.db_for_read(Pool) is None


@pytest.mark.parametrize("model", [Session, CatalogueStamp])
def test_other_tables_stay_in_the_framework_database(sqlite_pool: ExternalPool, model: type[Session]) -> None:
    with use_framework_pool(registry.resolve(sqlite_pool.name)):
        assert ROUTER.db_for_read(model) == "default"


def test_migrations_run_on_the_framework_database_and_where_set_up_says_so(sqlite_pool: ExternalPool) -> None:
    alias = registry.resolve(sqlite_pool.name)
    assert ROUTER.allow_migrate("default", "sessions")
    assert not ROUTER.allow_migrate(alias, "pools")
    with allow_migrations(alias):
        assert ROUTER.allow_migrate(alias, "pools")
        assert not ROUTER.allow_migrate(alias, "sessions")
        assert not ROUTER.allow_migrate("other", "pools")
    assert not ROUTER.allow_migrate(alias, "pools")


def test_a_pool_opened_anew_is_read_through_a_new_connection(sqlite_pool: ExternalPool) -> None:
    alias = registry.resolve(sqlite_pool.name)
    with use_framework_pool(alias):
        sqlite_pool.execute("CREATE TABLE t (id int)")
    registry.close(alias)
    registry.resolve(sqlite_pool.name)
    from django.db import connections

    with use_framework_pool(alias):
        assert connections[alias].settings_dict is connections.settings[alias]
