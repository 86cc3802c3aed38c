"""Opening and closing pools."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings

from apps.pools import catalogue, registry
from apps.pools.execution import fetch
from apps.pools.models import Pool
from apps.pools.router import drop_outdated_connection
from apps.pools.statement import Statement
from liberty.crypto import encrypt_original, encrypt_stored
from liberty.errors import Forbidden, PoolNotOpened, Unavailable, UnknownPool
from tests.databases import Server, postgres_database, run, sqlite_connection, unique_name
from tests.external import ExternalPool, external_pool
from tests.pools.calls import rows, write

ODD_PASSWORD = "p@ss:w/rd#%$&?é '"


def change(pool: ExternalPool, **columns: Any) -> None:
    """Change the row of a pool as the admin site does."""
    Pool.objects.filter(apps_pool=pool.name).update(**columns)
    catalogue.touch("default")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nowhere", "", "default:read", "a/b", "x' OR 1=1 --", "é" * 200])
def test_an_unknown_pool_is_named(name: str) -> None:
    with pytest.raises(UnknownPool) as refusal:
        registry.resolve(name)
    assert str(refusal.value) == f"Requested pool `{name}` not found"


@pytest.mark.django_db
def test_the_framework_database_is_always_open() -> None:
    assert registry.resolve("default") == "default"
    assert registry.is_open("default")
    with pytest.raises(Forbidden):
        registry.close("default")


def test_a_pool_joins_djangos_connections_and_leaves_them(sqlite_pool: ExternalPool) -> None:
    assert registry.resolve("sqlite") == "sqlite"
    assert {"sqlite", "sqlite:read"} <= set(connections.settings)
    registry.close("sqlite")
    assert {"sqlite", "sqlite:read"}.isdisjoint(connections.settings)
    assert not registry.is_open("sqlite")


def test_closing_twice_is_no_error_and_the_next_query_opens_again(any_pool: ExternalPool) -> None:
    assert rows(any_pool, "SELECT 1") == [[1]]
    registry.close(any_pool.alias)
    registry.close(any_pool.alias)
    assert fetch(any_pool.alias, Statement("SELECT 2"), max_rows=1).rows[0][0] == 2


def test_a_statement_that_runs_while_its_pool_is_closed_finishes(any_pool: ExternalPool) -> None:
    pool = registry.opened(registry.resolve(any_pool.name))
    with pool.reader.connection() as connection:
        registry.close(any_pool.alias)
        assert pool.driver.run(connection, Statement("SELECT 3"), 1).rows[0][0] == 3
    assert rows(any_pool, "SELECT 4") == [[4]]


def test_a_pool_closed_under_a_statement_is_opened_again(
    any_pool: ExternalPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_pool.execute("CREATE TABLE t (id int)")
    for run_statement in (lambda: rows(any_pool, "SELECT 1"), lambda: write(any_pool, ("DELETE FROM t", {}))):
        run_statement()
        answers = [registry.opened(any_pool.alias)]
        registry.close(any_pool.alias)
        monkeypatch.setattr(
            "apps.pools.execution.opened",
            lambda alias, answers=answers: answers.pop() if answers else registry.opened(alias),
        )
        run_statement()


@pytest.mark.django_db
def test_closing_an_unknown_pool_is_refused() -> None:
    with pytest.raises(UnknownPool):
        registry.close("nowhere")


def test_a_changed_row_is_used_by_the_next_request(sqlite_pool: ExternalPool, tmp_path: Path) -> None:
    sqlite_pool.execute("CREATE TABLE here (id int)")
    assert rows(sqlite_pool, "SELECT * FROM here") == []
    other = tmp_path / "other.sqlite3"
    connection = sqlite_connection(other)
    run(connection, "CREATE TABLE there (id int)")
    connection.close()
    change(sqlite_pool, apps_database=str(other))
    assert rows(sqlite_pool, "SELECT * FROM there") == []


@pytest.mark.django_db
def test_a_thread_that_knew_the_former_row_uses_the_changed_one(postgres_pool: ExternalPool) -> None:
    def host() -> str:
        with registry._open[postgres_pool.alias].reader.connection() as connection:
            return str(connection.info.host)

    rows(postgres_pool, "SELECT 1")
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(host).result() == "127.0.0.1"
        change(postgres_pool, apps_host="localhost")
        registry.resolve(postgres_pool.name)
        assert thread.submit(host).result() == "localhost"


def test_models_follow_a_pool_to_another_database(
    postgres_pool: ExternalPool, postgres_server: Server, worker: str, django_db_blocker: DjangoDbBlocker
) -> None:
    """Django keeps connections by alias, also one that a thread has open while the pool is opened anew."""

    def database() -> str:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_database()")
            return str(cursor.fetchone()[0])

    with postgres_database(postgres_server, worker) as other, django_db_blocker.unblock():
        alias = registry.resolve(postgres_pool.name)
        assert database() != other.name
        change(
            postgres_pool,
            apps_database=other.name,
            apps_user=other.user,
            apps_password=encrypt_stored(other.password),
        )
        assert database() != other.name  # it is open still
        registry.resolve(postgres_pool.name)
        drop_outdated_connection(alias)
        assert database() == other.name
        registry.close(alias)


@pytest.mark.django_db
def test_a_catalogues_own_pools_come_before_those_of_the_framework_database(
    sqlite_pool: ExternalPool, tmp_path: Path
) -> None:
    sqlite_pool.execute(
        "CREATE TABLE ly_applications AS SELECT 1 AS apps_id, 'inner' AS apps_pool, 'sqlite' AS apps_dbtype,"
        f" '{tmp_path / 'pool.sqlite3'}' AS apps_database",
        *(f"ALTER TABLE ly_applications ADD {name}" for name in missing_columns()),
    )
    use_models_on("sqlite")
    assert registry.resolve("inner", catalogue="sqlite") == "sqlite/inner"
    assert registry.resolve("sqlite", catalogue="sqlite") == "sqlite"
    assert fetch("sqlite/inner", Statement("SELECT 1"), max_rows=1).rows == [(1,)]
    with pytest.raises(UnknownPool):
        registry.resolve("inner")


def test_a_pool_without_framework_tables_describes_none(any_pool: ExternalPool) -> None:
    use_models_on(any_pool.name)
    assert registry.resolve(any_pool.name, catalogue=any_pool.alias) == any_pool.alias
    with pytest.raises(UnknownPool):
        registry.resolve("inner", catalogue=any_pool.alias)


@pytest.mark.parametrize("dbtype", ["db2", "", None])
def test_an_unknown_database_type_is_told(sqlite_pool: ExternalPool, dbtype: str | None) -> None:
    change(sqlite_pool, apps_dbtype=dbtype)
    with pytest.raises(PoolNotOpened, match=f"Pool `sqlite`.*`{dbtype or ''}`"):
        registry.resolve("sqlite")


def test_a_password_that_cannot_be_read_is_sent_nowhere(postgres_pool: ExternalPool) -> None:
    change(postgres_pool, apps_password=encrypt_original("x", "another master key"))
    with pytest.raises(PoolNotOpened, match="cannot be decrypted"):
        registry.resolve("postgres")


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("apps_password", "wrong", "user or password"), ("apps_database", "nowhere", "database")],
)
def test_why_a_pool_cannot_be_opened_is_told_without_its_secrets(
    request: pytest.FixtureRequest, fixture: str, column: str, value: str, words: str
) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)
    change(pool, **{column: value})
    with pytest.raises(PoolNotOpened, match=words) as refusal:
        rows(pool, "SELECT 1")
    assert not any(secret in refusal.value.message for secret in ("127.0.0.1", "wrong", "nowhere"))


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no.such.host.invalid"])
def test_a_server_that_is_not_there_is_unavailable(
    request: pytest.FixtureRequest, settings: Settings, fixture: str, host: str
) -> None:
    settings.LIBERTY_CONNECT_TIMEOUT_S = 1
    pool: ExternalPool = request.getfixturevalue(fixture)
    change(pool, apps_host=host, apps_port=1)
    with pytest.raises(Unavailable, match="does not answer"):
        rows(pool, "SELECT 1")


@pytest.fixture
def odd_account(postgres_server: Server, postgres_pool: ExternalPool) -> Iterator[str]:
    """A PostgreSQL user whose name and password would break any text they were pasted into."""
    name = f"dom\\{unique_name('u')[:12]}"
    password = ODD_PASSWORD.replace("'", "''")
    database = Pool.objects.get(apps_pool=postgres_pool.name).apps_database
    postgres_server.execute(
        f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'",
        f'GRANT CONNECT ON DATABASE {database} TO "{name}"',
    )
    yield name
    registry.close_all()
    postgres_server.execute(f'REVOKE ALL ON DATABASE {database} FROM "{name}"', f'DROP ROLE "{name}"')


def test_odd_users_and_passwords_connect(postgres_pool: ExternalPool, odd_account: str) -> None:
    change(postgres_pool, apps_user=odd_account, apps_password=ODD_PASSWORD)
    assert rows(postgres_pool, "SELECT current_user::text") == [[odd_account]]


def test_odd_passwords_connect_to_mariadb(mariadb_server: Server, mariadb_pool: ExternalPool) -> None:
    user = Pool.objects.get(apps_pool=mariadb_pool.name).apps_user
    password = ODD_PASSWORD.replace("'", "''")
    mariadb_server.execute(f"CREATE USER '{user}x'@'127.0.0.1' IDENTIFIED BY '{password}'")
    try:
        change(
            mariadb_pool, apps_user=f"{user}x", apps_password=ODD_PASSWORD, apps_database="information_schema"
        )
        assert rows(mariadb_pool, "SELECT CURRENT_USER()") == [[f"{user}x@127.0.0.1"]]
    finally:
        registry.close_all()
        mariadb_server.execute(f"DROP USER '{user}x'@'127.0.0.1'")


def test_an_odd_path_opens(db: None, tmp_path: Path) -> None:
    file = tmp_path / "50% off?#é '.sqlite3"
    with external_pool("odd", "sqlite", sqlite_connection(file), apps_database=str(file)) as pool:
        pool.execute("CREATE TABLE t (id int)")
        assert rows(pool, "SELECT * FROM t") == []


def test_many_at_once_open_one_pool(any_pool: ExternalPool) -> None:
    row = registry._row(any_pool.name, "default")  # read here: threads do not see the test's transaction
    assert row is not None
    opened: list[registry.OpenPool] = []
    gate = threading.Barrier(50)

    def open_it() -> None:
        gate.wait()
        opened.append(registry._open_pool(any_pool.alias, row))

    threads = [threading.Thread(target=open_it) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(pool) for pool in opened}) == 1
    assert len(opened) == 50


def test_a_transaction_pooler_gets_no_prepared_statements_and_no_startup_settings(
    postgres_pool: ExternalPool, settings: Settings
) -> None:
    settings.LIBERTY_TRANSACTION_POOLERS = ["postgres"]
    postgres_pool.execute("CREATE TABLE t (id int)")
    for number in range(20):
        assert rows(postgres_pool, "SELECT %(n)s + 0, interval '1 day'", {"n": number}) == [[number, "P1D"]]
    options = connections.settings["postgres:read"]["OPTIONS"]
    assert options["prepare_threshold"] is None
    assert "options" not in options
    sql = "SELECT count(*) FROM pg_prepared_statements"
    assert rows(postgres_pool, sql) == [[0]]


def use_models_on(name: str) -> None:
    """Let models use a pool: Django's tests forbid connections to databases that are not in the settings."""
    connections[registry.resolve(name)].connect()


def missing_columns() -> Iterator[str]:
    """The columns of `ly_applications` that the table of the test does not make at once."""
    present = {"apps_id", "apps_pool", "apps_dbtype", "apps_database"}
    return (field.column for field in Pool._meta.concrete_fields if field.column not in present)
