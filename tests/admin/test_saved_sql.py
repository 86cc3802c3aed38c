"""What SQL the pages of stored queries take, and which pool they offer for it."""

import pytest
from django.test import Client

from apps.pools.models import Pool
from apps.queries.models import Query, QuerySql
from tests.admin.pages import Page

LIST = "/admin/queries/query/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}7/change/"
ROWS = "querysql"


def save_sql(site: Client, verb: str, sql: str, **values: str) -> Page:
    """Return the page of a new query with one SQL text, ready to be sent."""
    page = Page.open(site, ADD)
    row = {"query_crud": verb, "query_dbtype": "generic", "query_pool": "SESSION", "query_sqlquery": sql}
    page.add_row(ROWS, **row | values)
    page.values |= {"query_label": "New", "query_type": "CRUD"}
    return page


@pytest.mark.parametrize(
    ("verb", "sql", "complaint"),
    [
        (
            "GET",
            "SELECT 1; DELETE FROM t",
            "The stored SQL holds more than one statement: another begins at line 1, column 11.",
        ),
        ("GET", "DELETE FROM t WHERE a = :A", "The SQL holds no reading statement for GET."),
        (
            "GET",
            "WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d",
            "The SQL holds no reading statement for GET.",
        ),
        ("GET", "SELECT 'it''s", "The quoted text that starts at line 1, column 8 has no end."),
        ("GET", 'SELECT "a\nFROM t', "The quoted text that starts at line 1, column 8 has no end."),
        ("GET", "SELECT a FROM t /* all", "The comment that starts at line 1, column 17 has no end."),
        ("GET", "SELECT (a FROM t", "A parenthesis is never closed (line 1, column 8)."),
        (
            "GET",
            "SELECT a\nFROM t WHERE a = :1",
            "The name of a parameter begins with a letter (line 2, column 18): `:A` and not `:1`.",
        ),
        (
            "GET",
            "SELECT #:T#x FROM t",
            "A name placeholder cannot be part of a longer name (line 1, column 12).",
        ),
        ("GET", "-- nothing", "The stored SQL is empty."),
        ("PUT", "'x'", "The stored SQL begins with no keyword (line 1, column 1)."),
        ("POST", "COPY t FROM '/etc/passwd'", "The SQL holds COPY, which no stored query may."),
    ],
)
def test_sql_that_could_never_run_is_told_at_its_field(
    site: Client, verb: str, sql: str, complaint: str
) -> None:
    page = save_sql(site, verb, sql)
    assert page.refused() == [complaint]
    assert "querysql-0-query_sqlquery_error" in page.send().content.decode()
    assert Query.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "sql"),
    [
        ("GET", "SELECT arr[1:2], a::date, 'x:1 {{a}}' FROM #SCHEMA.X#.#:T# WHERE a IN :LIST AND b = :B;"),
        ("GET", "SELECT JSON_OBJECT('a' : 1, 'b':2)"),
        ("GET", "SELECT $$it's$$"),
        ("GET", "SELECT q'[it's]' FROM dual"),
        ("GET", "SELECT `a` FROM t # it's"),
        ("GET", "(SELECT 1) UNION ALL (SELECT 2)"),
        ("POST", "BEGIN UPDATE t SET a = :A; END;"),
        ("POST", "SELECT refresh_all(:A)"),
        ("DELETE", "DELETE FROM t"),
        ("GET", ""),
    ],
)
def test_sql_that_some_database_runs_is_saved(site: Client, verb: str, sql: str) -> None:
    save_sql(site, verb, sql).save()
    assert list(QuerySql.objects.values_list("query_crud", "query_dbtype")) == [(verb, "generic")]


@pytest.mark.parametrize(
    ("dbtype", "pool", "is_saved"),
    [
        ("oracle", "SESSION", True),
        ("postgres", "SESSION", False),
        ("mysql", "SESSION", False),
        ("generic", "SESSION", True),
        ("generic", "orders", True),
        ("generic", "shop", False),
    ],
)
def test_sql_is_read_as_the_database_that_it_is_for_reads_it(
    site: Client, dbtype: str, pool: str, is_saved: bool
) -> None:
    Pool.objects.create(apps_id=1, apps_pool="shop", apps_dbtype="postgres")
    Pool.objects.create(apps_id=2, apps_pool="orders", apps_dbtype="oracle")
    page = save_sql(site, "GET", "SELECT q'[it's]' FROM dual", query_dbtype=dbtype, query_pool=pool)
    assert (page.send().status_code == 302) is is_saved


@pytest.mark.parametrize("order", ["a; DROP TABLE t", "a) AS x, (b", "'a", "a, :B", "a LIMIT 1"])
def test_an_order_that_is_none_is_refused(site: Client, order: str) -> None:
    page = save_sql(site, "GET", "SELECT a FROM t", query_orderby=order)
    assert page.refused() == [
        "An order is a list of columns or expressions, without parameters,"
        " and with every quote and parenthesis closed."
    ]


@pytest.mark.parametrize("order", ["a", "a DESC, 2", "LOWER(a) NULLS LAST", "n % 3", 't."b c"'])
def test_an_order_of_expressions_is_saved(site: Client, order: str) -> None:
    save_sql(site, "GET", "SELECT a FROM t", query_orderby=order).save()
    assert QuerySql.objects.get().query_orderby == order


def test_imported_sql_that_cannot_run_keeps_nobody_from_saving_the_rest(site: Client, query: Query) -> None:
    QuerySql.objects.filter(query_dbtype="oracle").update(query_sqlquery="SELECT 'a", query_orderby="'")
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_sqlquery="SELECT 2")
    page.save(query_label="Changed")
    assert QuerySql.objects.get(query_dbtype="oracle").query_sqlquery == "SELECT 'a"
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 1, query_sqlquery="SELECT 'b")
    assert page.refused() == ["The quoted text that starts at line 1, column 8 has no end."]


# The pool of new SQL


def offered_pool(site: Client, path: str) -> str:
    """Return the pool that the form of a new row has selected; empty where one must be chosen."""
    text = site.get(path).content.decode()
    start = text.index("-__prefix__-query_pool")
    options = text[start : text.index("</select>", start)]
    selected = [option for option in options.split("<option ")[1:] if " selected" in option.split(">")[0]]
    return (selected or options.split("<option ")[1:])[0].split('"')[1]


def test_without_pools_new_sql_is_for_the_framework_database(site: Client) -> None:
    assert offered_pool(site, ADD) == "SESSION"


def test_with_pools_one_must_be_chosen(site: Client) -> None:
    Pool.objects.create(apps_id=1, apps_pool="shop", apps_dbtype="postgres")
    assert offered_pool(site, ADD) == ""
    page = save_sql(site, "GET", "SELECT 1", query_pool="")
    assert page.refused() == ["This field is required."]
    assert "Where it runs: the pool that has the tables." in page.text


def test_more_sql_of_a_query_is_for_the_pool_of_the_first(site: Client, query: Query) -> None:
    Pool.objects.create(apps_id=1, apps_pool="shop", apps_dbtype="postgres")
    assert offered_pool(site, CHANGE) == "SESSION"
    QuerySql.objects.update(query_pool="shop")
    assert offered_pool(site, CHANGE) == "shop"
    QuerySql.objects.filter(query_dbtype="oracle").update(query_pool="default")
    assert offered_pool(site, CHANGE) == ""
