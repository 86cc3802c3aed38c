"""Check, open and close pools by name."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from apps.pools import catalogue, registry, services
from apps.pools.models import Pool
from liberty.errors import Forbidden, PoolNotOpened, UnknownPool
from tests.external import ExternalPool


def test_check_tells_the_databases_clock_in_utc(any_pool: ExternalPool) -> None:
    told = services.check(any_pool.name)
    assert told.endswith("+00:00")
    assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.django_db
def test_check_takes_the_framework_database() -> None:
    assert datetime.fromisoformat(services.check("default")).tzinfo == UTC


def test_open_connects_also_where_it_is_open(any_pool: ExternalPool) -> None:
    services.open_pool(any_pool.name)
    services.open_pool(any_pool.name)
    assert registry.is_open(any_pool.alias)


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
def test_open_says_that_a_server_does_not_answer(
    request: pytest.FixtureRequest, settings: Settings, fixture: str
) -> None:
    settings.LIBERTY_CONNECT_TIMEOUT_S = 1
    pool: ExternalPool = request.getfixturevalue(fixture)
    Pool.objects.filter(apps_pool=pool.name).update(apps_port=1)
    catalogue.touch("default")
    with pytest.raises(PoolNotOpened, match=f"`{pool.name}` cannot be opened.*does not answer"):
        services.open_pool(pool.name)


def test_close_is_by_name(any_pool: ExternalPool) -> None:
    services.open_pool(any_pool.name)
    services.close_pool(any_pool.name)
    services.close_pool(any_pool.name)
    assert not registry.is_open(any_pool.alias)


@pytest.mark.django_db
def test_what_cannot_be_closed() -> None:
    with pytest.raises(Forbidden):
        services.close_pool("default")
    with pytest.raises(UnknownPool):
        services.close_pool("nowhere")
