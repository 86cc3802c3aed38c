"""Reading and writing, the same on each product."""

import threading

import pytest
from pytest_django import Settings

from apps.pools import registry
from apps.pools.execution import describe, fetch
from apps.pools.models import Pool
from apps.pools.statement import Statement
from liberty.errors import MalformedRequest, StatementFailed, Unavailable
from tests.external import ExternalPool
from tests.pools.calls import rows, run, write

INSERT = "INSERT INTO t VALUES (%(id)s, %(code)s)"


@pytest.fixture
def pool(any_pool: ExternalPool) -> ExternalPool:
    any_pool.execute(
        "CREATE TABLE t (id integer NOT NULL PRIMARY KEY, code varchar(5) NOT NULL CHECK (code <> 'x'))"
    )
    return any_pool


def test_rows_are_tuples_in_the_order_of_columns(sample_pool: ExternalPool) -> None:
    result = run(sample_pool, "SELECT cus_name, cus_id FROM customers ORDER BY cus_id")
    assert [column.name for column in result.columns] == ["cus_name", "cus_id"]
    assert result.rows[0] == ("Brasserie Dupont", 1)
    assert result.row_count == 4


def test_no_more_rows_than_asked_for_come_back(sample_pool: ExternalPool) -> None:
    alias = registry.resolve(sample_pool.name)
    assert len(fetch(alias, Statement("SELECT * FROM customers"), max_rows=3).rows) == 3


def test_a_result_without_rows_has_its_columns(sample_pool: ExternalPool) -> None:
    sql = "SELECT cus_id, cus_name, cus_since FROM customers WHERE cus_id = %(id)s"
    statement = Statement(sql, {"id": -1})
    alias = registry.resolve(sample_pool.name)
    columns = fetch(alias, statement, max_rows=10).columns
    assert [column.name for column in columns] == ["cus_id", "cus_name", "cus_since"]
    assert list(describe(alias, statement)) == list(columns)


def test_statements_are_written_together(pool: ExternalPool) -> None:
    result = write(pool, (INSERT, {"id": 1, "code": "a"}), (INSERT, {"id": 2, "code": "b"}))
    assert (result.row_count, rows(pool, "SELECT id, code FROM t ORDER BY id")) == (2, [[1, "a"], [2, "b"]])


def test_rows_of_returning_come_back(pool: ExternalPool) -> None:
    statements = [(f"{INSERT} RETURNING code, id", {"id": number, "code": "a"}) for number in (1, 2)]
    result = write(pool, *statements)
    assert [column.name for column in result.columns] == ["code", "id"]
    assert (list(result.rows), result.row_count) == ([("a", 1), ("a", 2)], 2)


def test_an_update_of_nothing_counts_nothing(pool: ExternalPool) -> None:
    assert write(pool, ("UPDATE t SET code = 'b' WHERE id = 9", {})).row_count == 0


def test_an_update_to_the_same_value_counts_the_row(pool: ExternalPool) -> None:
    write(pool, (INSERT, {"id": 1, "code": "a"}))
    assert write(pool, ("UPDATE t SET code = 'a'", {})).row_count == 1


def test_a_list_of_ten_thousand_values_is_compared_with(pool: ExternalPool) -> None:
    write(pool, (INSERT, {"id": 1, "code": "a"}))
    params = {f"b_{number}": number for number in range(10_000)}
    items = ", ".join(f"%({name})s" for name in params)
    result = run(pool, f"SELECT id FROM t WHERE id IN ({items}) AND id = %(b_1)s", params)
    assert list(result.rows) == [(1,)]


@pytest.mark.parametrize("fixture", ["sqlite_pool", "postgres_pool"])
def test_more_values_than_a_statement_takes_are_refused(request: pytest.FixtureRequest, fixture: str) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)
    pool.execute("CREATE TABLE t (id integer)")
    most = registry.opened(registry.resolve(pool.name)).driver.max_parameters
    params = {f"b_{number}": number for number in range(most + 1)}
    many = f"INSERT INTO t VALUES {', '.join(f'(%({name})s)' for name in params)}"
    with pytest.raises(MalformedRequest, match=f"takes {most} at most") as caught:
        write(pool, ("INSERT INTO t VALUES (1)", {}), (many, params))
    assert (caught.value.position, rows(pool, "SELECT id FROM t")) == (1, [])


def test_one_refused_statement_undoes_all(pool: ExternalPool) -> None:
    lines = [(INSERT, {"id": number, "code": "a"}) for number in range(100)]
    lines[57] = (INSERT, {"id": 3, "code": "a"})
    with pytest.raises(StatementFailed, match="unique constraint") as refusal:
        write(pool, *lines)
    assert (refusal.value.position, refusal.value.sql) == (57, INSERT)
    assert rows(pool, "SELECT count(*) FROM t") == [[0]]


REFUSED = [
    ("INSERT INTO t VALUES (1, NULL)", "not null"),
    ("INSERT INTO t VALUES (1, 'x')", "check constraint"),
    ("INSERT INTO nowhere VALUES (1)", "table or view that does not exist"),
    ("UPDATE t SET missing = 1", "column that does not exist"),
    ("INSERT INTO t VALUES (1, ", "not valid"),
    ("UPDATE t SET", "not valid"),
]


@pytest.mark.parametrize(("sql", "words"), REFUSED)
def test_a_refusal_says_why_and_shows_no_sql(pool: ExternalPool, sql: str, words: str) -> None:
    with pytest.raises(StatementFailed, match=words) as refusal:
        write(pool, (sql, {}))
    assert refusal.value.sql == sql
    assert "INSERT" not in refusal.value.message


def test_a_failed_statement_leaves_the_connection_clean(pool: ExternalPool) -> None:
    for _ in range(8):
        with pytest.raises(StatementFailed):
            run(pool, "SELECT missing FROM t")
        with pytest.raises(StatementFailed):
            write(pool, (INSERT, {"id": 1, "code": "a"}), ("UPDATE t SET missing = 1", {}))
        assert rows(pool, "SELECT count(*) FROM t") == [[0]]
    write(pool, (INSERT, {"id": 1, "code": "a"}))
    assert rows(pool, "SELECT count(*) FROM t") == [[1]]


def test_percent_signs_mean_the_same_with_and_without_parameters(pool: ExternalPool) -> None:
    write(pool, (INSERT, {"id": 1, "code": "adm%"}))
    sql = "SELECT id FROM t WHERE code LIKE '%%adm%%' AND id %% 2 = 1 -- 50%% of b"
    assert rows(pool, sql) == [[1]]
    assert rows(pool, f"{sql}\nAND id = %(id)s", {"id": 1}) == [[1]]


def test_prefixes_of_names_are_not_mixed_up(pool: ExternalPool) -> None:
    sql = "SELECT %(id)s + 0, %(id2)s + 0, %(id)s + 0"
    assert rows(pool, sql, {"id": 1, "id2": 2}) == [[1, 2, 1]]


ENDLESS = {
    "sqlite": "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
    "postgres": "SELECT pg_sleep(60)",
    "mariadb": "SELECT SLEEP(60)",
}


@pytest.fixture
def impatient(settings: Settings) -> None:
    settings.LIBERTY_STATEMENT_TIMEOUT_S = 0.3
    settings.LIBERTY_CHECKOUT_TIMEOUT_S = 0.2


@pytest.mark.usefixtures("impatient")
def test_a_statement_over_its_time_is_ended(any_pool: ExternalPool) -> None:
    with pytest.raises(Unavailable, match="longer than allowed"):
        run(any_pool, ENDLESS[any_pool.dbtype])
    assert rows(any_pool, "SELECT 1") == [[1]]


@pytest.mark.usefixtures("impatient")
def test_more_readers_than_connections_wait_and_are_told(any_pool: ExternalPool) -> None:
    Pool.objects.filter(apps_pool=any_pool.name).update(apps_pool_max=1)
    pool = registry.opened(registry.resolve(any_pool.name))
    with pool.reader.connection(), pytest.raises(Unavailable, match="no connection"):
        run(any_pool, "SELECT 1")
    assert rows(any_pool, "SELECT 1") == [[1]]


def test_no_more_connections_are_made_than_the_row_allows(postgres_pool: ExternalPool) -> None:
    alias = registry.resolve(postgres_pool.name)
    failures: list[Exception] = []

    def read() -> None:
        try:
            fetch(alias, Statement("SELECT pg_sleep(0.01)"), max_rows=1)
        except Exception as exc:
            failures.append(exc)

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user"
    (count,) = postgres_pool.execute(f"{sessions} AND pid <> pg_backend_pid()")[0]
    assert failures == []
    assert count <= 4
