"""GET /api/db/query on real databases of each product."""

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.framework.models import Dictionary, DictionaryLabel, Language
from apps.pools.catalogue import touch
from apps.queries.models import QuerySql
from tests.api.calls import message_of, query, rows
from tests.definitions import define, label
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

CUSTOMERS = "SELECT cus_id, cus_name, cus_city, cus_since, cus_balance FROM customers"


def ids(response: Any) -> list[int]:
    return [row["CUS_ID"] for row in rows(response)]


@pytest.fixture
def customers(sample_pool: ExternalPool) -> ExternalPool:
    define(1, "GET", CUSTOMERS, pool=sample_pool.name, order_by="cus_id")
    return sample_pool


def metadata(name: str, header: str, kind: str, data_type: str) -> dict[str, Any]:
    return {
        "name": name,
        "headerName": header,
        "field": name,
        "type": kind,
        "operator": "like" if kind == "text" else "=",
        "rules": None,
        "rules_values": None,
        "default": None,
        "dataType": data_type,
    }


def test_a_page_of_rows_with_labels_in_the_language_asked_for(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    label("CUS_NAME", "Name", "Nom")
    label("CUS_ID", "Customer", "Client", kind="number")
    response = query(admin_client, 1, limit=2, language="fr")
    answer = response.json()
    described = answer.pop("metadata")
    assert response.status_code == 200
    assert answer == {
        "items": [
            {
                "ROW_ID": 1,
                "CUS_ID": 1,
                "CUS_NAME": "Brasserie Dupont",
                "CUS_CITY": "Lyon",
                "CUS_SINCE": "2019-03-01",
                "CUS_BALANCE": 1250.5,
            },
            {
                "ROW_ID": 2,
                "CUS_ID": 2,
                "CUS_NAME": "Müller & Söhne",
                "CUS_CITY": "Köln",
                "CUS_SINCE": "2020-11-15",
                "CUS_BALANCE": 0.0,
            },
        ],
        "status": "success",
        "hasMore": True,
        "limit": 2,
        "offset": 0,
        "count": 2,
    }
    assert list(answer) == ["items", "status", "hasMore", "limit", "offset", "count"]
    assert described[:3] == [
        metadata("ROW_ID", "ROW_ID", "text", "bigint"),
        metadata("CUS_ID", "Client", "number", described[1]["dataType"]),
        metadata("CUS_NAME", "Nom", "text", "text"),
    ]
    assert [column["name"] for column in described[3:]] == ["CUS_CITY", "CUS_SINCE", "CUS_BALANCE"]


@pytest.mark.parametrize(
    ("language", "header"),
    [("fr", "Nom"), ("fr-CA", "Nom"), ("FR", "Nom"), ("xx", "Name"), ("", "Name"), ("'; drop", "Name")],
)
def test_the_language_falls_back(
    customers: ExternalPool, admin_client: APIClient, language: str, header: str
) -> None:
    label("CUS_NAME", "Name", "Nom")
    answer = query(admin_client, 1, limit=1, language=language).json()
    assert answer["metadata"][2]["headerName"] == header


@pytest.mark.parametrize(
    ("labels", "header"),
    [
        ({"de": "Name (de)", "en": "Name (en)"}, "Name (de)"),
        ({"de": None, "en": "Name (en)"}, "Name (en)"),
        ({"en": "Name (en)", "fr": "Nom"}, "Name (en)"),
        ({"fr": "Nom"}, "Name (of all)"),
    ],
    ids=["its own", "null", "default language", "none of both"],
)
def test_a_label_that_a_language_has_not_is_that_of_the_default_language(
    customers: ExternalPool, admin_client: APIClient, labels: dict[str, str | None], header: str
) -> None:
    for language in ("de", "en", "fr"):
        Language.objects.create(lng_id=language, lng_name=language)
    Dictionary.objects.create(dd_id="CUS_NAME", dd_label="Name (of all)", dd_type="text")
    for language, text in labels.items():
        DictionaryLabel.objects.create(dd_id="CUS_NAME", lng_id=language, lng_label=text)
    touch("default")
    answer = query(admin_client, 1, limit=1, language="de").json()
    assert answer["metadata"][2]["headerName"] == header


@pytest.mark.parametrize("type_", ["table", "columns"])
def test_a_column_without_entry_is_labelled_with_its_name(
    customers: ExternalPool, admin_client: APIClient, type_: str
) -> None:
    answer = query(admin_client, 1, limit=1, language="fr", type=type_).json()
    assert [column["headerName"] for column in answer["metadata"]][:3] == ["ROW_ID", "CUS_ID", "CUS_NAME"]


def test_row_ids_count_on_from_the_offset(customers: ExternalPool, admin_client: APIClient) -> None:
    answer = query(admin_client, 1, offset=1, limit=2).json()
    assert [(row["ROW_ID"], row["CUS_ID"]) for row in answer["items"]] == [(2, 2), (3, 3)]
    assert (answer["offset"], answer["limit"], answer["hasMore"]) == (1, 2, True)


@pytest.mark.parametrize(
    ("limit", "has_more", "count"), [(3, True, 3), (4, False, 4), (5, False, 4), (0, True, 0)]
)
def test_has_more_is_true_only_when_there_is_more(
    customers: ExternalPool, admin_client: APIClient, limit: int, has_more: bool, count: int
) -> None:
    answer = query(admin_client, 1, limit=limit).json()
    assert (answer["hasMore"], answer["count"]) == (has_more, count)


def test_the_largest_page_is_the_servers(
    customers: ExternalPool, admin_client: APIClient, settings: Settings
) -> None:
    settings.LIBERTY_MAX_LIMIT = 3
    answer = query(admin_client, 1, limit=1000).json()
    assert (answer["limit"], answer["count"], answer["hasMore"]) == (3, 3, True)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ({"CUS_ID": {"=": 2}}, [2]),
        ({"cus_id": {"=": "2"}}, [2]),
        ({"CUS_ID": {"!=": 2}}, [1, 3, 4]),
        ({"CUS_ID": {">": 1, "<": 4}}, [2, 3]),
        ([{"CUS_ID": {">": 1}}, {"CUS_CITY": {"=": "Lyon"}}], [4]),
        ({"CUS_CITY": {"=": None}}, [3]),
        ({"CUS_CITY": {"!=": None}}, [1, 2, 4]),
        ({"CUS_CITY": {"!=": "Lyon"}}, [2]),
        ({"CUS_NAME": {"=": "O'Brien Ltd"}}, [3]),
        ({"CUS_NAME": {"like": "%er%"}}, [1, 2]),
        ({"CUS_NAME": {"like": "M_ller%"}}, [2]),
        ({"CUS_NAME": {"like": "m_ller%"}}, []),
        ({"CUS_NAME": {"ilike": "m_ller%"}}, [2]),
        ({"CUS_NAME": {"not like": "%er%"}}, [3, 4]),
        ({"CUS_NAME": {"contains": "% Off_"}}, [4]),
        ({"CUS_NAME": {"contains": "_"}}, [4]),
        ({"CUS_NAME": {"starts": "50%"}}, [4]),
        ({"CUS_NAME": {"ends": "Ltd"}}, [3]),
        ({"CUS_NAME": {"not contains": "_"}}, [1, 2, 3]),
        ({"CUS_NAME": {"like": "50\\% %"}}, [4]),
        ({"CUS_NAME": {"=": ":LNG_ID"}}, []),
        ({"CUS_ID": {"in": [1, "3", 99]}}, [1, 3]),
        ({"CUS_ID": {"in": []}}, []),
        ({"CUS_ID": {"not in": [1, 2]}}, [3, 4]),
        ({"CUS_ID": {"between": [2, 3]}}, [2, 3]),
        ({"CUS_ID": {"not between": [2, 3]}}, [1, 4]),
        ({"CUS_SINCE": {">=": "2021-01-31"}}, [3, 4]),
        ({"CUS_SINCE": {"=": "2024-02-29"}}, [4]),
        ({"CUS_SINCE": {"like": "2020-%"}}, [2]),
        ({"CUS_BALANCE": {"<": 0}}, [3]),
        ({"CUS_BALANCE": {"=": "1250.5"}}, [1]),
        ({"CUS_BALANCE": {">": "99999999999.98"}}, [4]),
        ("[{'CUS_ID':{'=':1}, 'CUS_NAME':{'like':'Brasserie%'} }]", [1]),
        ('{"CUS_ID":{"=":1},"CUS_ID":{"=":2}}', [2]),
    ],
    ids=str,
)
def test_filters_choose_rows(
    customers: ExternalPool, admin_client: APIClient, q: Any, expected: list[int]
) -> None:
    assert ids(query(admin_client, 1, q=q)) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [("-CUS_ID", [4, 3, 2, 1]), ("cus_since", [1, 2, 3, 4]), ("-CUS_BALANCE,CUS_ID", [4, 1, 2, 3])],
)
def test_an_order_sorts_the_page(
    customers: ExternalPool, admin_client: APIClient, order: str, expected: list[int]
) -> None:
    assert ids(query(admin_client, 1, order=order)) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"q": "{"}, "Invalid JSON format in request query."),
        ({"q": "[" * 20_000}, "Invalid JSON format in request query."),
        ({"q": '{"CUS_ID": {"=": "\\ud800"}}'}, "Invalid JSON format in request query."),
        ({"params": "{x"}, "Invalid JSON format in request query."),
        ({"q": {"NOTHING": {"=": 1}}}, "Unknown column `NOTHING`."),
        ({"q": {"CUS_ID": {"is": 1}}}, "Unknown operator `is` on column `CUS_ID`."),
        ({"q": {'CUS_ID" IS NULL OR 1=1 --': {"=": 1}}}, 'Unknown column `CUS_ID" IS NULL OR 1=1 --`.'),
        ({"order": "CUS_ID;drop table customers"}, "Unknown column `CUS_ID;drop table customers`."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_wrong_filters_are_named_and_change_nothing(
    customers: ExternalPool, admin_client: APIClient, arguments: dict[str, Any], message: str
) -> None:
    response = query(admin_client, 1, **arguments)
    assert (response.status_code, response.json()) == (400, {"status": "failed", "message": message})
    assert customers.execute("SELECT count(*) FROM customers") == [(4,)]


@pytest.mark.parametrize(
    ("arguments", "location"),
    [
        ({"limit": "-1"}, "limit"),
        ({"limit": "abc"}, "limit"),
        ({"limit": "9223372036854775808"}, "limit"),
        ({"offset": "-5"}, "offset"),
        ({"offset": "1e3"}, "offset"),
        ({"source": "other"}, "source"),
        ({"type": "rows"}, "type"),
        ({"mode": "x"}, "mode"),
    ],
    ids=str,
)
def test_wrong_arguments_are_named(
    customers: ExternalPool, admin_client: APIClient, arguments: dict[str, str], location: str
) -> None:
    response = query(admin_client, 1, **arguments)
    assert response.status_code == 422
    assert [fault["loc"] for fault in response.json()["detail"]] == [["query", location]]


def test_columns_alone_have_no_rows(customers: ExternalPool, admin_client: APIClient) -> None:
    answer = query(admin_client, 1, type="columns").json()
    assert answer["items"] == answer["metadata"]
    assert [column["field"] for column in answer["items"]] == [
        "ROW_ID",
        "CUS_ID",
        "CUS_NAME",
        "CUS_CITY",
        "CUS_SINCE",
        "CUS_BALANCE",
    ]
    assert (answer["hasMore"], answer["count"]) == (False, 6)


def test_a_query_that_matches_nothing_still_has_columns(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    answer = query(admin_client, 1, q={"CUS_ID": {"=": 99}}).json()
    assert (answer["items"], answer["hasMore"], len(answer["metadata"])) == ([], False, 6)
    assert [column["dataType"] for column in answer["metadata"]] == [
        column["dataType"] for column in query(admin_client, 1).json()["metadata"]
    ]


def test_parameters_are_bound(customers: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", f"{CUSTOMERS} WHERE cus_name = :Name AND cus_id IN :ids", pool=customers.name)
    for params in ({"NAME": "O'Brien Ltd", "IDS": [1, 3]}, [{"name": "O'Brien Ltd"}, {"ids": [3]}]):
        assert ids(query(admin_client, 2, params=params)) == [3]
    assert ids(query(admin_client, 2, params={"name": "x' OR '1'='1", "ids": [1, 2, 3]})) == []


def test_a_missing_parameter_is_named(customers: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", f"{CUSTOMERS} WHERE cus_id = :CUS_ID", pool=customers.name)
    response = query(admin_client, 2)
    assert response.status_code == 400
    assert "`CUS_ID`" in message_of(response)


@pytest.mark.parametrize(
    "name", ["sql", "query", "limit", "offset", "pool", "language", "liberty_limit", "liberty_f0"]
)
def test_parameters_are_never_mixed_up_with_arguments(
    customers: ExternalPool, admin_client: APIClient, name: str
) -> None:
    define(2, "GET", f"{CUSTOMERS} WHERE cus_id = :{name}", pool=customers.name)
    response = query(admin_client, 2, params={name: 3}, limit=5, q={"CUS_NAME": {"like": "%"}})
    assert ids(response) == [3]


def test_the_language_is_a_parameter(customers: ExternalPool, admin_client: APIClient) -> None:
    label("X", "x", "x")
    define(2, "GET", "SELECT :LNG_ID AS lng FROM customers WHERE cus_id = 1", pool=customers.name)
    assert rows(query(admin_client, 2, language="fr"))[0]["LNG"] == "fr"
    assert rows(query(admin_client, 2))[0]["LNG"] == "en"


@pytest.mark.parametrize(
    "sql",
    [
        f"{CUSTOMERS} ORDER BY cus_balance DESC -- the richest",
        f"{CUSTOMERS} ORDER BY cus_balance DESC;;\n",
        f"{CUSTOMERS} ORDER BY cus_balance DESC /* ; */ ; -- done",
        f"WITH d AS ({CUSTOMERS}) SELECT * FROM d ORDER BY cus_balance DESC",
        "SELECT cus_id FROM customers ORDER BY cus_balance DESC",
    ],
)
def test_the_definitions_own_order_survives_paging(
    customers: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    define(2, "GET", sql, pool=customers.name)
    assert [ids(query(admin_client, 2, offset=offset, limit=2)) for offset in (0, 2)] == [[4, 1], [2, 3]]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS n UNION ALL SELECT 2 ORDER BY n",
        "(SELECT 1 AS n) UNION ALL (SELECT 2) ORDER BY n",
        "WITH a AS (SELECT 1 AS n UNION ALL SELECT 2) SELECT n FROM a ORDER BY n",
        "WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 2)"
        " SELECT n FROM a ORDER BY n",
    ],
)
def test_every_reading_form_is_paged(any_pool: ExternalPool, admin_client: APIClient, sql: str) -> None:
    if any_pool.dbtype == "sqlite" and sql.startswith("("):
        sql = "SELECT * FROM (SELECT 1 AS n) UNION ALL SELECT 2 ORDER BY n"
    define(2, "GET", sql, pool=any_pool.name)
    pages = [rows(query(admin_client, 2, offset=offset, limit=1)) for offset in (0, 1)]
    assert pages == [[{"ROW_ID": 1, "N": 1}], [{"ROW_ID": 2, "N": 2}]]


def test_two_columns_of_one_name_are_both_there(any_pool: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", "SELECT 1 AS n, 2 AS n, 3 AS x", pool=any_pool.name)
    answer = query(admin_client, 2).json()
    assert answer["items"] == [{"ROW_ID": 1, "N": 1, "N_2": 2, "X": 3}]
    assert [column["name"] for column in answer["metadata"]] == ["ROW_ID", "N", "N_2", "X"]
    assert rows(query(admin_client, 2, q={"X": {"=": 3}}, order="X"))[0]["N_2"] == 2


@pytest.mark.parametrize("name", ["start", "label", "order", "user", "select", "a b", "é"])
def test_columns_of_any_name_are_filtered_and_sorted(
    any_pool: ExternalPool, admin_client: APIClient, name: str
) -> None:
    quote = "`" if any_pool.dbtype == "mariadb" else '"'
    define(2, "GET", f"SELECT 1 AS {quote}{name}{quote}", pool=any_pool.name)
    assert rows(query(admin_client, 2, q={name: {"=": 1}}, order=name)) == [{"ROW_ID": 1, name.upper(): 1}]


@pytest.mark.parametrize("numbers", ["number", "string"])
def test_large_numbers_keep_their_digits(
    any_pool: ExternalPool, admin_client: APIClient, numbers: str
) -> None:
    define(
        2,
        "GET",
        "SELECT CAST(9007199254740993 AS {}) AS n".format(
            "signed" if any_pool.dbtype == "mariadb" else "bigint"
        ),
        pool=any_pool.name,
    )
    response = query(admin_client, 2, numbers=numbers)
    quote = '"' if numbers == "string" else ""
    assert f'"N":{quote}9007199254740993{quote}' in response.content.decode()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM customers",
        "INSERT INTO customers (cus_id) VALUES (9)",
        "WITH x AS (SELECT 1) DELETE FROM customers",
        "EXPLAIN ANALYZE DELETE FROM customers",
        "SELECT * INTO customers_2 FROM customers",
        "WITH t AS (DELETE FROM customers RETURNING *) SELECT * FROM t",
        "SELECT 1; DELETE FROM customers",
        "DROP TABLE customers",
    ],
)
def test_a_get_changes_nothing(customers: ExternalPool, admin_client: APIClient, sql: str) -> None:
    define(2, "GET", sql, pool=customers.name)
    response = query(admin_client, 2)
    assert response.status_code in (400, 500)
    assert customers.execute("SELECT count(*) FROM customers") == [(4,)]


def test_a_refused_statement_is_told_in_the_documented_body(
    customers: ExternalPool, admin_client: APIClient
) -> None:
    define(2, "GET", "SELECT nothing FROM nowhere", pool=customers.name)
    response = query(admin_client, 2, limit=7, offset=3)
    answer = response.json()
    message = answer["message"].pop("items")[0]["message"]
    sql = answer["message"].pop("query")
    assert answer["message"].pop("database_message")
    assert response.status_code == 500
    assert answer == {
        "status": "failed",
        "message": {"status": "error", "hasMore": False, "limit": 7, "offset": 3, "count": 0},
    }
    assert message.startswith("Error: ")
    assert "nowhere" not in message
    assert "SELECT nothing FROM nowhere" in sql
    assert response.headers["X-Request-ID"] in message


def test_only_administrators_are_told_the_sql(customers: ExternalPool, reader_client: APIClient) -> None:
    define(2, "GET", "SELECT nothing FROM nowhere", pool=customers.name, public=True)
    response = query(reader_client, 2)
    assert response.status_code == 500
    assert "query" not in response.json()["message"]
    assert "nowhere" not in response.content.decode()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ({"query": 99}, 404, "Query 99 is not defined for GET."),
        ({"pool": "nowhere"}, 500, "Requested pool `nowhere` not found"),
        ({"override_pool": "nowhere"}, 500, "Requested pool `nowhere` not found"),
        ({"source": "framework", "query": 999}, 404, "Query 999 is not defined for GET."),
    ],
    ids=str,
)
def test_what_is_unknown_is_named(
    sqlite_pool: ExternalPool, admin_client: APIClient, arguments: dict[str, Any], status: int, message: str
) -> None:
    define(1, "GET", "SELECT 1 AS n", pool=sqlite_pool.name)
    response = query(admin_client, arguments.pop("query", 1), **arguments)
    assert (response.status_code, response.json()) == (status, {"status": "failed", "message": message})


def test_a_stored_order_may_hold_a_percent_sign(any_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT 3 AS n UNION ALL SELECT 2", pool=any_pool.name, order_by="n % 3")
    assert [row["N"] for row in rows(query(admin_client, 1))] == [3, 2]


def test_a_list_of_many_times_is_compared_with(any_pool: ExternalPool, admin_client: APIClient) -> None:
    any_pool.execute("CREATE TABLE t (at timestamp)", "INSERT INTO t VALUES ('2026-01-02 10:00:00')")
    define(1, "GET", "SELECT at FROM t", pool=any_pool.name)
    days = ["2026-01-01"] * 1500
    assert len(rows(query(admin_client, 1, q={"AT": {"in": [*days, "2026-01-02"]}}))) == 1
    assert rows(query(admin_client, 1, q={"AT": {"in": days}})) == []


def test_a_definition_for_the_databases_type_goes_before_the_generic_one(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(
        2,
        "GET",
        "SELECT 'generic' AS t, 1 AS n UNION ALL SELECT 'generic', 2",
        pool=any_pool.name,
        order_by="n DESC",
    )
    define(
        2,
        "GET",
        "SELECT 'own' AS t, 1 AS n UNION ALL SELECT 'own', 2",
        pool=any_pool.name,
        dbtype=any_pool.dbtype,
    )
    assert [(row["T"], row["N"]) for row in rows(query(admin_client, 2))] == [("own", 2), ("own", 1)]


def test_sql_of_another_type_alone_is_no_sql(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", "SELECT 1 FROM dual", pool=sqlite_pool.name, dbtype="oracle")
    response = query(admin_client, 2)
    assert response.status_code == 404
    assert message_of(response) == "Query 2 has no SQL for GET on databases of type `sqlite`."


@pytest.mark.parametrize("spelling", ["override_pool", "overridePool"])
def test_both_spellings_of_the_override_choose_the_pool(
    any_pool: ExternalPool, admin_client: APIClient, spelling: str
) -> None:
    define(2, "GET", "SELECT 1 AS n", pool="elsewhere")
    assert rows(query(admin_client, 2, **{spelling: any_pool.name})) == [{"ROW_ID": 1, "N": 1}]


def test_a_changed_definition_counts_at_once(any_pool: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", "SELECT 1 AS n", pool=any_pool.name)
    assert rows(query(admin_client, 2))[0]["N"] == 1
    QuerySql.objects.filter(query_id=2).update(query_sqlquery="SELECT 2 AS n")
    touch("default")
    assert rows(query(admin_client, 2))[0]["N"] == 2


def test_a_table_that_changed_is_described_anew(customers: ExternalPool, admin_client: APIClient) -> None:
    define(2, "GET", "SELECT * FROM customers", pool=customers.name)
    assert ids(query(admin_client, 2, q={"CUS_ID": {"=": 1}})) == [1]
    customers.execute("ALTER TABLE customers ADD cus_vip varchar(1) DEFAULT 'N'")
    assert len(rows(query(admin_client, 2, q={"CUS_VIP": {"=": "N"}}))) == 4
