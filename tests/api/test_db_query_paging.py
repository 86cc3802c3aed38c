"""Pages of stored SELECTs in every form that SQL has, and the arguments that choose a page."""

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api.calls import query, rows
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

MILLION = "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000)"


@pytest.fixture
def numbers(any_pool: ExternalPool) -> ExternalPool:
    """Ten numbers `n`, whose `k` runs the other way."""
    values = ", ".join(f"({number}, {100 - number})" for number in range(1, 11))
    any_pool.execute("CREATE TABLE numbers (n integer, k integer)", f"INSERT INTO numbers VALUES {values}")
    return any_pool


def page(client: APIClient, number: int = 1, **arguments: Any) -> list[int]:
    return [row["N"] for row in rows(query(client, number, **arguments))]


ENDINGS = [
    "-- comment",
    "-- it's a comment",
    "-- :old",
    "; -- pick",
    ";",
    " ;;\n",
    "/* ; */",
    "/* it's */ ;\n-- '\n",
    ";\n\n--",
    "-- 50% of them",
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("order", ["", " ORDER BY k"])
def test_what_follows_the_select_does_not_swallow_the_page(
    numbers: ExternalPool, admin_client: APIClient, order: str, ending: str
) -> None:
    define(1, "GET", f"SELECT n FROM numbers WHERE n > 0{order} {ending}", pool=numbers.name)
    answer = query(admin_client, 1, limit=2, offset=1, q={"N": {"<": 9}}).json()
    assert (answer["count"], answer["hasMore"]) == (2, True)
    if order:
        assert [row["N"] for row in answer["items"]] == [7, 6]


FORMS = [
    "WITH d AS (SELECT n FROM numbers) SELECT * FROM d",
    "WITH d (x) AS (SELECT n FROM numbers), e AS (SELECT x FROM d) SELECT x AS n FROM e",
    "WITH d AS (SELECT n FROM numbers WHERE n < 3 UNION SELECT n FROM numbers) SELECT n FROM d",
    "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r",
    "SELECT n FROM numbers WHERE n < 6 UNION ALL SELECT n FROM numbers WHERE n > 5",
    "SELECT n FROM numbers INTERSECT SELECT n FROM numbers",
    "SELECT n FROM numbers EXCEPT SELECT 99",
    "SELECT DISTINCT n FROM numbers",
    "SELECT n FROM numbers GROUP BY n HAVING count(*) = 1",
    "SELECT n FROM (SELECT * FROM numbers) t",
    "SELECT n, (SELECT max(k) FROM numbers) AS best FROM numbers",
    "SELECT n, row_number() OVER (ORDER BY k) AS place FROM numbers",
]
PARENTHESISED = [
    "(SELECT n FROM numbers WHERE n < 6) UNION ALL (SELECT n FROM numbers WHERE n > 5)",
    "(SELECT n FROM numbers ORDER BY k LIMIT 5) UNION (SELECT n FROM numbers)",
    "(SELECT n FROM numbers)",
    "((SELECT n FROM numbers) UNION (SELECT n FROM numbers))",
]


@pytest.mark.parametrize("sql", [*FORMS, *PARENTHESISED])
def test_every_form_of_a_read_is_paged_filtered_and_sorted(
    numbers: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    if numbers.dbtype == "sqlite" and sql in PARENTHESISED:
        sql = f"SELECT n FROM ({FORMS[4]})"  # SQLite has no parentheses around a part of a union
    define(1, "GET", sql, pool=numbers.name)
    answer = query(admin_client, 1, limit=3).json()
    assert (answer["count"], answer["hasMore"]) == (3, True)
    assert page(admin_client, order="-N", limit=2) == [10, 9]
    assert page(admin_client, order="N", limit=2, offset=8) == [9, 10]
    assert page(admin_client, order="N", q={"N": {"between": [4, 5]}}) == [4, 5]
    assert [column["name"] for column in query(admin_client, 1, type="columns").json()["items"]][1] == "N"


@pytest.mark.parametrize("sql", ["VALUES (1), (2), (3)", "TABLE numbers"])
def test_reads_that_are_no_select_are_paged(numbers: ExternalPool, admin_client: APIClient, sql: str) -> None:
    if sql.startswith("TABLE") and numbers.dbtype != "postgres":
        sql = "VALUES (1), (2), (3)"
    define(1, "GET", sql, pool=numbers.name)
    answer = query(admin_client, 1, limit=2, offset=1).json()
    assert (answer["count"], [row["ROW_ID"] for row in answer["items"]]) == (2, [2, 3])


ORDERED = [
    ("SELECT n FROM numbers ORDER BY k", None),
    ("SELECT n FROM numbers", "k"),
    ("SELECT n, k FROM numbers", "k, n DESC"),
    ("WITH d AS (SELECT * FROM numbers) SELECT n FROM d ORDER BY k", None),
    ("SELECT n FROM numbers ORDER BY k LIMIT 10", None),
    ("SELECT n, n AS n FROM numbers ORDER BY k", None),
    ("SELECT n FROM numbers UNION ALL SELECT 0 WHERE 1 = 0 ORDER BY 1 DESC", None),
]


@pytest.mark.parametrize(("sql", "order_by"), ORDERED)
def test_the_order_of_the_definition_goes_on_from_page_to_page(
    numbers: ExternalPool, admin_client: APIClient, sql: str, order_by: str | None
) -> None:
    if order_by == "k":
        sql = "SELECT n, k FROM numbers"
    if numbers.dbtype == "mariadb":
        sql = sql.replace("SELECT 0 WHERE", "SELECT 0 FROM numbers WHERE")
    define(1, "GET", sql, pool=numbers.name, order_by=order_by)
    pages = [page(admin_client, offset=offset, limit=3) for offset in (0, 3, 6)]
    assert pages == [[10, 9, 8], [7, 6, 5], [4, 3, 2]]
    assert page(admin_client, limit=2, offset=1, q={"N": {"<": 9}}) == [7, 6]
    assert page(admin_client, limit=2, order="N") == [1, 2]


def test_a_limit_of_the_definition_holds(numbers: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT n FROM numbers ORDER BY n LIMIT 4", pool=numbers.name)
    define(2, "GET", "SELECT n FROM numbers ORDER BY n LIMIT 4 OFFSET 2", pool=numbers.name)
    assert page(admin_client, 1) == [1, 2, 3, 4]
    assert page(admin_client, 1, limit=3, offset=3) == [4]
    assert page(admin_client, 2, limit=3, offset=2) == [5, 6]
    assert query(admin_client, 1, limit=4).json()["hasMore"] is False


def test_a_page_of_a_million_rows_is_cut_by_the_database(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    sql = f"{MILLION} SELECT n FROM r"
    define(1, "GET", sql, pool=any_pool.name)
    if any_pool.dbtype == "mariadb":
        any_pool.execute("CREATE TABLE big AS SELECT seq AS n FROM seq_1_to_1000000")
        define(2, "GET", "WITH d AS (SELECT n FROM big) SELECT * FROM d", pool=any_pool.name)
    number = 2 if any_pool.dbtype == "mariadb" else 1
    answer = query(admin_client, number, limit=10).json()
    assert (answer["count"], answer["hasMore"]) == (10, True)


def test_an_offset_beyond_the_end_is_an_empty_page(numbers: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT n FROM numbers", pool=numbers.name)
    answer = query(admin_client, 1, offset=10_000_000, limit=5).json()
    assert (answer["items"], answer["hasMore"], answer["offset"]) == ([], False, 10_000_000)
    assert len(answer["metadata"]) == 2


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize(
    "value",
    ["-1", "abc", "9223372036854775808", "2147483648", "1e3", "1.5", "0x10", "\u0661", "1;2", "NaN", "+-1"],
)
def test_a_limit_or_offset_that_is_none_is_named(
    numbers: ExternalPool, admin_client: APIClient, name: str, value: str
) -> None:
    define(1, "GET", "SELECT n FROM numbers", pool=numbers.name)
    response = query(admin_client, 1, **{name: value})
    assert (response.status_code, [fault["loc"] for fault in response.json()["detail"]]) == (
        422,
        [["query", name]],
    )


def test_the_effective_limit_is_told_and_is_the_same_with_parameters(
    numbers: ExternalPool, admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_MAX_LIMIT = 4
    define(1, "GET", "SELECT n FROM numbers", pool=numbers.name)
    define(2, "GET", "SELECT n FROM numbers WHERE n > :LEAST", pool=numbers.name)
    answers = [
        query(admin_client, 1, limit=9),
        query(admin_client, 2, limit=9, params={"LEAST": 0}),
        query(admin_client, 1, limit=9, q={"N": {">": 0}}, order="N"),
        query(admin_client, 1),
    ]
    for answer in (response.json() for response in answers):
        assert (answer["limit"], answer["count"], answer["hasMore"]) == (4, 4, True)


def test_without_a_limit_a_page_has_a_thousand_rows(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT generate_series(1, 1001) AS n", pool=postgres_pool.name)
    answer = query(admin_client, 1).json()
    assert (answer["limit"], answer["count"], answer["hasMore"]) == (1000, 1000, True)
    assert query(admin_client, 1, offset=1).json()["hasMore"] is False


def test_the_largest_limit_and_offset_are_taken(numbers: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT n FROM numbers", pool=numbers.name)
    largest = str(2**31 - 1)
    assert len(page(admin_client, limit=largest)) == 10
    assert page(admin_client, offset=largest, limit=largest) == []
