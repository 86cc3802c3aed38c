"""Fixtures that tests of several apps share: database servers, pools on them, users and their clients."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.tokens import issue_token
from apps.pools import catalogue, registry
from tests.databases import (
    Database,
    Server,
    empty_mariadb,
    empty_postgres,
    end_sessions,
    mariadb_database,
    postgres_database,
    sqlite_connection,
)
from tests.external import ExternalPool, columns_of, external_pool
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, provider_running
from tests.live_site import LiveSite, live_site_in

PASSWORD = "correct horse battery staple"

# Tests of programs that bring a framework database of their own: the run's makes no difference to them.
OWN_INSTALLATION = ("browser", "scripts", "sockets", "setup/test_install_")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the run, once for all its workers."""
    if not hasattr(config, "workerinput"):
        settings.RUN_DIR.mkdir(mode=0o700)
        config.add_cleanup(lambda: shutil.rmtree(settings.RUN_DIR, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(Path(__file__).parent).as_posix().startswith(OWN_INSTALLATION):
            item.add_marker(pytest.mark.own_installation)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Close pools, forget what was read of the catalogue, and who has called how often.

    First of all, since open readers hold locks.
    """
    registry.close_all()
    catalogue.forget_all()
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """End the sessions that are left before Django drops the framework database."""
    yield
    registry.close_all()
    database = settings.DATABASES["default"]
    if settings.FRAMEWORK == "postgres":
        end_sessions(Server.of("LIBERTY_TEST_POSTGRES_URL"), database["NAME"])


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    return Server.of("LIBERTY_TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def mariadb_server() -> Server:
    return Server.of("LIBERTY_TEST_MARIADB_URL")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this process among those of the run: `gw0`, `gw1`, or `main` where there is only one."""
    name: str = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return name


@pytest.fixture(scope="session")
def worker_postgres(postgres_server: Server, worker: str) -> Iterator[Database]:
    with postgres_database(postgres_server, worker) as database:
        yield database


@pytest.fixture(scope="session")
def worker_mariadb(mariadb_server: Server, worker: str) -> Iterator[Database]:
    with mariadb_database(mariadb_server, worker) as database:
        yield database


@pytest.fixture
def sqlite_pool(db: None, tmp_path: Path) -> Iterator[ExternalPool]:
    """An empty SQLite database as a pool."""
    file = tmp_path / "pool.sqlite3"
    with external_pool("sqlite", "sqlite", sqlite_connection(file), apps_database=str(file)) as pool:
        yield pool


@pytest.fixture
def postgres_pool(db: None, worker_postgres: Database) -> Iterator[ExternalPool]:
    """An empty PostgreSQL database as a pool, whose user owns it and is no superuser."""
    empty_postgres(worker_postgres)
    connection, columns = worker_postgres.connect(), columns_of(worker_postgres)
    with external_pool("postgres", "postgres", connection, **columns) as pool:
        yield pool


@pytest.fixture
def mariadb_pool(db: None, worker_mariadb: Database) -> Iterator[ExternalPool]:
    """An empty MariaDB database as a pool, whose user has rights in this database only."""
    empty_mariadb(worker_mariadb)
    connection, columns = worker_mariadb.connect(), columns_of(worker_mariadb)
    with external_pool("mariadb", "mariadb", connection, **columns) as pool:
        yield pool


@pytest.fixture(params=["sqlite_pool", "postgres_pool", "mariadb_pool"])
def any_pool(request: pytest.FixtureRequest, db: None) -> ExternalPool:
    """An empty database as a pool, on each product in turn."""
    pool: ExternalPool = request.getfixturevalue(request.param)
    return pool


@pytest.fixture
def sample_pool(any_pool: ExternalPool) -> ExternalPool:
    """A pool with the customers and orders of `tests.external.SAMPLE_SCHEMA`, on each product in turn."""
    any_pool.create_sample_schema()
    return any_pool


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The site as `make run` serves it, with the demo, on a port and a framework database of its own.

    Tests of a session share it: whatever they write must stay out of the others' way.
    """
    with live_site_in(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """An identity provider that this server is configured for; nobody is linked yet."""
    with provider_running() as provider:
        settings.LIBERTY_OIDC_ISSUER = provider.issuer
        settings.LIBERTY_OIDC_CLIENT_ID = CLIENT_ID
        settings.LIBERTY_OIDC_CLIENT_SECRET = CLIENT_SECRET
        yield provider


@pytest.fixture
def admin(db: None) -> User:
    """An administrator of the framework database."""
    return User.objects.create_superuser("admin", PASSWORD, usr_name="Ada Admin", usr_language="en")


@pytest.fixture
def reader(db: None) -> User:
    """A user who may read and is no administrator."""
    return User.objects.create_user(
        "reader", PASSWORD, usr_name="Rita Reader", usr_language="fr", usr_readonly="Y"
    )


@pytest.fixture
def stranger(db: None) -> User:
    """A user who is disabled."""
    return User.objects.create_user("stranger", PASSWORD, usr_name="Sam Stranger", usr_status="N")


@pytest.fixture
def admin_client(admin: User) -> APIClient:
    return client_of(admin)


@pytest.fixture
def reader_client(reader: User) -> APIClient:
    return client_of(reader)


@pytest.fixture
def anonymous_client() -> APIClient:
    return APIClient()


def client_of(user: User) -> APIClient:
    """Return a client that sends the user's token with each request."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user_id=user.usr_id)}")
    return client
