"""Filters and orders on columns with odd names and odd values, the same on each product."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import message_of, query, rows, write
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db

TEXTS = ["a_b", "axb", "50% off", "500 off", "a\\b", "A_B", "[x]*?", "it's", "é", "", " ", "100%", "%"]


def quoted(pool: ExternalPool, name: str) -> str:
    if pool.dbtype == "mariadb":
        return "`" + name.replace("`", "``") + "`"
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture
def texts(any_pool: ExternalPool, admin_client: APIClient) -> ExternalPool:
    """Query 1 on texts and a null; written through the API, so that no test depends on how to quote them."""
    any_pool.execute("CREATE TABLE texts (id integer, v varchar(40))")
    define(1, "POST", "INSERT INTO texts VALUES (:ID, :V)", pool=any_pool.name)
    define(1, "GET", "SELECT id, v FROM texts", pool=any_pool.name, order_by="id")
    lines = [{"ID": number, "V": text} for number, text in enumerate([*TEXTS, None])]
    assert write(admin_client, "POST", 1, lines).json()["count"] == len(lines)
    return any_pool


def found(client: APIClient, operator: str, value: Any) -> list[str | None]:
    return [row["V"] for row in rows(query(client, 1, q={"V": {operator: value}}))]


# -- columns ----------------------------------------------------------------------------------------------

NAMES = [
    "start", "label", "order", "user", "select", "group", "a b", 'a"b', "a`b", "a'b", "a]b", "é", "50%",
    "%s", ":x", "a.b", "Id", "UPPER", "lower", "1", "-x", "a,b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_column_of_any_name_is_filtered_sorted_and_shown(
    any_pool: ExternalPool, admin_client: APIClient, name: str
) -> None:
    column = quoted(any_pool, name)
    any_pool.execute(f"CREATE TABLE t ({column} integer)", "INSERT INTO t VALUES (1), (2), (3)")
    define(1, "GET", f"SELECT {column} FROM t", pool=any_pool.name)
    define(2, "GET", f"SELECT * FROM t WHERE {column} > :LEAST", pool=any_pool.name)
    key = name.upper()
    answer = query(admin_client, 1, q={name: {">": 1}}).json()
    assert sorted(row[key] for row in answer["items"]) == [2, 3]
    assert answer["metadata"][1]["field"] == key
    assert [row[key] for row in rows(query(admin_client, 2, params={"LEAST": 1}, q={key: {"<": 3}}))] == [2]
    if "," in name or name.startswith("-"):
        return  # the list in `order` has no way to write these
    assert [row[key] for row in rows(query(admin_client, 1, order=f"-{name}"))] == [3, 2, 1]
    assert [row[key] for row in rows(query(admin_client, 1, order=name.lower()))] == [1, 2, 3]


@pytest.mark.parametrize("name", ["Country", "country", "COUNTRY"])
def test_the_case_of_a_column_does_not_matter(
    any_pool: ExternalPool, admin_client: APIClient, name: str
) -> None:
    define(1, "GET", "SELECT 'FR' AS country UNION ALL SELECT 'DE'", pool=any_pool.name)
    define(
        2, "GET", f"SELECT 'FR' AS {quoted(any_pool, 'Country')} UNION ALL SELECT 'DE'", pool=any_pool.name
    )
    for number in (1, 2):
        assert len(rows(query(admin_client, number, q={name: {"=": "FR"}}, order=name))) == 1


UNKNOWN = [
    'id" union select 1,2 --',
    "1;drop table texts",
    "id) or (1=1",
    "id desc",
    "q.id",
    "texts.id",
    "1",
    "*",
    "x" * 10_000,
    "",
    "ROW_ID",
]


@pytest.mark.parametrize("name", UNKNOWN, ids=lambda name: name[:20])
def test_what_is_no_column_is_named_and_reaches_no_database(
    texts: ExternalPool, admin_client: APIClient, name: str
) -> None:
    filtered = query(admin_client, 1, q={name: {"=": 1}})
    assert (filtered.status_code, filtered.json()["status"]) == (400, "failed")
    assert message_of(filtered).startswith("Unknown column `")
    assert len(message_of(filtered)) < 120
    if name and "," not in name:
        sorted_ = query(admin_client, 1, order=name)
        assert (sorted_.status_code, message_of(sorted_)) == (400, message_of(filtered))
    assert len(texts.execute("SELECT id FROM texts")) == len(TEXTS) + 1


def test_of_a_name_that_the_result_has_twice_the_first_has_it_and_the_second_a_number(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(
        1,
        "GET",
        "SELECT 1 AS n, 2 AS n, 5 AS k UNION ALL SELECT 3, 0, 4",
        pool=any_pool.name,
        order_by="k",
    )
    assert [row["N"] for row in rows(query(admin_client, 1, q={"K": {">": 0}}))] == [3, 1]
    assert [row["N"] for row in rows(query(admin_client, 1, q={"N": {"=": 1}}))] == [1]
    assert [row["N"] for row in rows(query(admin_client, 1, q={"n_2": {"=": 0}}))] == [3]
    assert [row["N"] for row in rows(query(admin_client, 1, order="N"))] == [1, 3]
    assert [row["N"] for row in rows(query(admin_client, 1, order="N_2"))] == [3, 1]


# -- forms of q -------------------------------------------------------------------------------------------

FORMS = [
    '{"V": {"=": "axb"}}',
    '[{"V": {"=": "axb"}}]',
    "{'V':{'=':'axb'}}",
    "[{'ID':{'=':1}, 'V':{'like':'a%b'} }]",
    '[{"ID": {"=": 1}}, {"V": {"like": "a_b"}}]',
    '  {"V": {"=": "axb"}}  ',
    "{'V': {'=': 'axb'}, 'ID': {'!=': None}}",
]


@pytest.mark.parametrize("q", FORMS)
def test_conditions_come_as_an_object_or_a_list_in_json_or_as_documented(
    texts: ExternalPool, admin_client: APIClient, q: str
) -> None:
    assert [row["V"] for row in rows(query(admin_client, 1, q=q))] == ["axb"]


def test_a_quote_inside_the_documented_form_is_part_of_the_text(
    texts: ExternalPool, admin_client: APIClient
) -> None:
    for q in ("{'V': {'=': 'it''s'}}", "{'V': {'=': 'it\\'s'}}", "{'V': {'=': \"it's\"}}"):
        assert [row["V"] for row in rows(query(admin_client, 1, q=q))] == ["it's"]


@pytest.mark.parametrize("q", ["", " ", "{}", "[]", "[{}]"])
def test_no_condition_is_every_row(texts: ExternalPool, admin_client: APIClient, q: str) -> None:
    assert len(rows(query(admin_client, 1, q=q))) == len(TEXTS) + 1


MALFORMED = ["{", "V=1", "5", '"V"', "null1", "[1]", '{"V": 1}', '{"V": []}', '{"V": {}}', "{'V': {'=': 'x}",
             '{"V": {"=": NaN}}', '{"V": {"=": "\\ud800"}}', '{"V": {"=": ' + "9" * 5000 + "}}",
             "[" * 20_000, '{"V":' * 20_000]  # fmt: skip


@pytest.mark.parametrize("q", MALFORMED, ids=lambda q: q[:20])
def test_anything_else_is_refused_with_the_documented_message(
    texts: ExternalPool, admin_client: APIClient, q: str
) -> None:
    response = query(admin_client, 1, q=q)
    assert (response.status_code, response.json()["status"]) == (400, "failed")
    assert message_of(response).startswith("Invalid JSON format in request query.")


# -- operators --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", ["=", "like", "ilike", "contains", "in", ">", "eq"])
def test_a_null_is_found_as_a_null(texts: ExternalPool, admin_client: APIClient, operator: str) -> None:
    assert found(admin_client, operator, None if operator != "in" else [None]) == [None]


@pytest.mark.parametrize("operator", ["!=", "<>", "ne", "not like", "not contains"])
def test_a_null_that_is_not_wanted_leaves_the_rest(
    texts: ExternalPool, admin_client: APIClient, operator: str
) -> None:
    assert found(admin_client, operator, None) == TEXTS


@pytest.mark.parametrize(
    ("operator", "value"),
    [("!=", "axb"), ("<>", "axb"), ("not in", ["axb"]), ("not like", "axb"), ("not ilike", "axb"),
     ("not contains", "axb"), ("not starts", "axb"), ("not ends", "axb"), ("not between", ["axb", "axb"])],
)  # fmt: skip
def test_a_negation_leaves_nulls_out(
    texts: ExternalPool, admin_client: APIClient, operator: str, value: Any
) -> None:
    assert found(admin_client, operator, value) == [text for text in TEXTS if text != "axb"]


LITERALS = ["a_b", "50% off", "a\\b", "%", "_", "\\", "[x]*?", "*", "it's", "é", "100%"]


@pytest.mark.parametrize("text", LITERALS)
def test_text_that_is_searched_for_is_taken_literally(
    texts: ExternalPool, admin_client: APIClient, text: str
) -> None:
    assert found(admin_client, "contains", text) == [other for other in TEXTS if text in other]
    assert found(admin_client, "starts", text) == [other for other in TEXTS if other.startswith(text)]
    assert found(admin_client, "ends", text) == [other for other in TEXTS if other.endswith(text)]
    assert found(admin_client, "not contains", text) == [other for other in TEXTS if text not in other]
    assert found(admin_client, "=", text) == [other for other in TEXTS if text == other]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a_b", ["a_b", "axb", "a\\b"]),
        ("a\\_b", ["a_b"]),
        ("50%", ["50% off", "500 off"]),
        ("50\\%%", ["50% off"]),
        ("a\\\\b", ["a\\b"]),
        ("%\\%", ["100%", "%"]),
        ("[x]%", ["[x]*?"]),
        ("A%", ["A_B"]),
        ("", [""]),
    ],
)
def test_like_keeps_its_wildcards_and_has_one_escape_everywhere(
    texts: ExternalPool, admin_client: APIClient, pattern: str, expected: list[str]
) -> None:
    assert found(admin_client, "like", pattern) == expected


@pytest.mark.parametrize("text", ["É", "é"])
def test_case_beyond_ascii_is_ignored_where_asked_for(
    texts: ExternalPool, admin_client: APIClient, text: str
) -> None:
    assert found(admin_client, "ilike", text) == ["é"]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [("=", "a_b", ["a_b"]), ("in", ["a_b", "É"], ["a_b"]), ("!=", "A_B", [t for t in TEXTS if t != "A_B"]),
     ("=", "É", []), ("=", "", [""]), ("=", " ", [" "]), ("in", [""], [""])],
)  # fmt: skip
def test_equality_minds_case_accents_and_blanks(
    texts: ExternalPool, admin_client: APIClient, operator: str, value: Any, expected: list[str]
) -> None:
    assert found(admin_client, operator, value) == expected


@pytest.mark.parametrize("operator", ["is", "= 1 or 1=1 --", "", "not =", "regexp", "~", "between and"])
def test_an_unknown_operator_is_named(texts: ExternalPool, admin_client: APIClient, operator: str) -> None:
    response = query(admin_client, 1, q={"V": {operator: "x"}})
    assert (response.status_code, message_of(response)) == (
        400,
        f"Unknown operator `{operator}` on column `V`.",
    )


# -- types ------------------------------------------------------------------------------------------------

KINDS = {
    "n": ("integer", "5"),
    "big": ("bigint", "9007199254740993"),
    "d": ("decimal(12,2)", "1.10"),
    "f": ("double precision", "0.5"),
    "day": ("date", "'2026-01-31'"),
    "at": ("timestamp", "'2026-01-31 10:11:12'"),
    "flag": ("boolean", "true"),
}
MATCHES: list[tuple[str, str, Any]] = [
    ("n", "=", 5), ("n", "=", "5"), ("n", "=", "5%"), ("n", "=", 5.0), ("n", "in", ["5", 6]),
    ("n", "like", "5%"), ("n", "contains", 5), ("n", "!=", "6"), ("n", "between", ["1", 9]),
    ("big", "=", 9007199254740993), ("big", "=", "9007199254740993"), ("big", "!=", 9007199254740992),
    ("big", ">", 9007199254740992), ("d", "=", "1.10"), ("d", "=", 1.1), ("d", ">", "1.09"),
    ("d", "in", ["1.1"]), ("d", "between", ["1.1", "1.10"]), ("f", "=", "0.5"), ("f", "<", 1),
    ("day", "=", "2026-01-31"), ("day", ">=", "2026-01-31"), ("day", "like", "2026-01%"),
    ("day", "=", "2026-01-31T10:00:00.000Z"), ("day", "in", ["2026-01-31", "2026-02-01"]),
    ("day", "between", ["2026-01-01", "2026-01-31"]), ("at", "=", "2026-01-31"),
    ("at", "=", "2026-01-31T10:11:12"),
    ("at", ">", "2026-01-31 10:11:11"), ("at", "in", ["2026-01-31"]),
    ("at", "between", ["2026-01-31", "2026-01-31"]), ("at", "<", "2026-02-01"),
    ("flag", "=", 1), ("flag", "!=", "0"), ("flag", "in", [1]),
]  # fmt: skip
NO_VALUES: list[tuple[str, str, Any]] = [
    ("n", "=", "abc"), ("n", "=", True), ("n", "=", {"a": 1}), ("n", "in", [[1]]), ("n", "=", "1;2"),
    ("d", "=", "1,5"), ("f", ">", "x"), ("day", "=", "soon"), ("day", "=", "2026-1-1"), ("at", "=", "x"),
    ("flag", "=", "maybe"), ("n", "between", [1]), ("n", "between", "x"),
]  # fmt: skip


@pytest.fixture
def kinds(any_pool: ExternalPool) -> ExternalPool:
    columns = ", ".join(
        f"{name} {'datetime' if any_pool.dbtype == 'mariadb' and kind == 'timestamp' else kind}"
        for name, (kind, _) in KINDS.items()
    )
    any_pool.execute(
        f"CREATE TABLE kinds ({columns})",
        f"INSERT INTO kinds VALUES ({', '.join(value for _, value in KINDS.values())})",
        "INSERT INTO kinds (n) VALUES (NULL)",
    )
    define(1, "GET", "SELECT * FROM kinds", pool=any_pool.name)
    return any_pool


@pytest.mark.parametrize(("column", "operator", "value"), MATCHES)
def test_a_value_is_compared_as_what_the_column_holds(
    kinds: ExternalPool, admin_client: APIClient, column: str, operator: str, value: Any
) -> None:
    assert [row["N"] for row in rows(query(admin_client, 1, q={column: {operator: value}}))] == [5]


@pytest.mark.parametrize("value", [True, "true", "Y", "on"])
@pytest.mark.parametrize("fixture", ["sqlite_pool", "postgres_pool"])
def test_a_truth_is_found_by_its_usual_words(
    request: pytest.FixtureRequest, admin_client: APIClient, fixture: str, value: Any
) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)  # a boolean of MariaDB is an integer
    pool.execute("CREATE TABLE t (flag boolean)", "INSERT INTO t VALUES (true), (false)")
    define(1, "GET", "SELECT flag FROM t", pool=pool.name)
    assert [row["FLAG"] for row in rows(query(admin_client, 1, q={"FLAG": {"=": value}}))] == [True]


@pytest.mark.parametrize("fixture", ["postgres_pool", "mariadb_pool"])
def test_a_time_as_the_client_writes_it_is_found(
    request: pytest.FixtureRequest, admin_client: APIClient, fixture: str
) -> None:
    pool: ExternalPool = request.getfixturevalue(fixture)  # SQLite compares what is stored, as text
    pool.execute("CREATE TABLE t (at timestamp)", "INSERT INTO t VALUES ('2026-01-31 10:11:12')")
    define(1, "GET", "SELECT at FROM t", pool=pool.name)
    q = {"AT": {"=": "2026-01-31T10:11:12.000Z"}}
    assert len(rows(query(admin_client, 1, q=q))) == 1


@pytest.mark.parametrize(("column", "operator", "value"), NO_VALUES)
def test_a_value_that_the_column_cannot_hold_is_malformed(
    kinds: ExternalPool, admin_client: APIClient, column: str, operator: str, value: Any
) -> None:
    response = query(admin_client, 1, q={column: {operator: value}})
    assert (response.status_code, f"`{column}`" in message_of(response)) == (400, True)


@pytest.mark.parametrize("value", [2**31, 2**63, -(2**70), 10**300, "1e400", "1e99999"])
@pytest.mark.parametrize("column", ["n", "big", "d", "f"])
def test_a_number_of_any_size_is_compared_or_refused(
    kinds: ExternalPool, admin_client: APIClient, column: str, value: Any
) -> None:
    response = query(admin_client, 1, q={column: {"=": value}})
    assert response.status_code in (200, 400)
    assert response.json().get("items", []) == []


def test_json_and_other_types_are_filtered_as_their_text(
    postgres_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(
        1,
        "GET",
        "SELECT '{\"a\": 1}'::json AS doc, '{\"a\": 1}'::jsonb AS docb, ARRAY[1,2] AS list,"
        " '10.0.0.1'::inet AS host, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS id,"
        " interval '1 day' AS span, '\\x00ff'::bytea AS data, time '10:11' AS hour",
        pool=postgres_pool.name,
    )
    for q in (
        {"doc": {"contains": '"a"'}},
        {"docb": {"=": '{"a": 1}'}},
        {"list": {"=": "{1,2}"}},
        {"host": {"starts": "10."}},
        {"id": {"=": "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}},
        {"id": {"like": "a0eebc99%"}},
        {"span": {"=": "P1D"}},
        {"data": {"=": "AP8="}},
        {"hour": {"=": "10:11"}},
    ):
        assert len(rows(query(admin_client, 1, q=q))) == 1, q


def test_an_unnamed_column_is_filtered_and_sorted_on_by_the_name_it_has_in_the_answer(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    any_pool.execute("CREATE TABLE t (n integer)", "INSERT INTO t VALUES (1), (2), (3)")
    define(8, "GET", "SELECT n, n + :MORE FROM t", pool=any_pool.name)
    params = {"MORE": 10}
    name = list(rows(query(admin_client, 8, params=params))[0])[2]
    found = rows(query(admin_client, 8, params=params, q={name: {">": 11}}, order=f"-{name}"))
    assert [(row["N"], row[name]) for row in found] == [(3, 13), (2, 12)]
    assert rows(query(admin_client, 8, params=params, q={name: {"like": "%column%"}})) == []


@pytest.mark.parametrize("name", ["column1", "COLUMN9", '"', "n + 1"])
def test_a_name_that_no_column_has_is_never_taken_for_a_text(
    any_pool: ExternalPool, admin_client: APIClient, name: str
) -> None:
    define(8, "GET", "SELECT 1 AS n", pool=any_pool.name)
    for arguments in ({"q": {name: {"=": name}}}, {"order": name.replace('"', "%22")}):
        assert query(admin_client, 8, **arguments).status_code == 400
