"""Parameters of stored SQL on real databases: what is one, what stands in its place, and what stays data."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.calls import PATH, message_of, query, rows, write
from tests.definitions import define
from tests.external import ExternalPool

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(any_pool: ExternalPool) -> ExternalPool:
    """A table with a key, a text, an amount, and texts that look like SQL."""
    any_pool.execute(
        "CREATE TABLE people (id integer NOT NULL PRIMARY KEY, name varchar(60), amount decimal(12,2))",
        "INSERT INTO people VALUES (1, 'badmin', 1.10), (2, 'Alex, Jr', 2.20), (3, ' Jin', 30), (4, NULL, 0)",
    )
    return any_pool


def ids(
    client: APIClient, pool: ExternalPool, condition: str, params: Any = None, *, number: int = 700
) -> list[int]:
    """Return the keys of the people for whom `condition` holds; asked twice, as the first may teach."""
    define(number, "GET", f"SELECT id FROM people WHERE {condition}", pool=pool.name, order_by="id")
    arguments = {} if params is None else {"params": params}
    answers = [[row["ID"] for row in rows(query(client, number, **arguments))] for _ in range(2)]
    assert answers[0] == answers[1]
    return answers[0]


# -- what is a parameter ----------------------------------------------------------------------------------

NO_PARAMETERS = [
    ("name not like '00:04' AND '2026-01-01 03:31:00' <> 'x'", [1, 2, 3]),
    ("'com.example:server:18.04:amd64' = 'com.example:server:18.04:amd64'", [1, 2, 3, 4]),
    ("'^(?:cdl|das).*$' <> name", [1, 2, 3]),
    ("'100% :done' = '100% :done' AND id = 1", [1]),
    ("name LIKE '%adm%'", [1]),
    ("id % 2 = 1 -- 50% of :them", [1, 3]),
    ("id = 1 /* :x '*/", [1]),
    ("id = 1 -- it's :old", [1]),
]


@pytest.mark.parametrize(("condition", "expected"), NO_PARAMETERS)
def test_colons_and_percent_signs_in_texts_and_comments_are_no_parameters(
    people: ExternalPool, admin_client: APIClient, condition: str, expected: list[int]
) -> None:
    assert ids(admin_client, people, condition) == expected


@pytest.mark.parametrize(("condition", "expected"), NO_PARAMETERS)
def test_nor_are_they_beside_a_parameter(
    people: ExternalPool, admin_client: APIClient, condition: str, expected: list[int]
) -> None:
    assert ids(admin_client, people, f"id < :MOST AND {condition}", {"MOST": 99}) == expected
    after = f"{condition}\nAND id < :MOST"
    assert ids(admin_client, people, after, {"MOST": 99}, number=701) == expected


PARAMETERS: list[tuple[str, dict[str, Any], list[int]]] = [
    ("id = /* :x '*/ :y -- :old\n", {"y": 2}, [2]),
    ("id = :id OR id = :id2", {"id": 1, "id2": 3}, [1, 3]),
    ("id = :id2 OR id = :id", {"id": 1, "id2": 3}, [1, 3]),
    ("id >= :id AND id <= :ID AND :Id = id", {"iD": 2}, [2]),
    ("id IN :ids", {"ids": [1, 3, 4]}, [1, 3, 4]),
    ("id IN (:ids)", {"ids": ["1", "3"]}, [1, 3]),
    ("id NOT IN (:ids)", {"ids": [1, 3]}, [2, 4]),
    ("id IN (:ids, 4)", {"ids": [1]}, [1, 4]),
    ("id IN (:ids)", {"ids": 2}, [2]),
    ("id IN :ids", {"ids": []}, []),
    ("id NOT IN :ids", {"ids": []}, [1, 2, 3, 4]),
    ("name IN :names", {"names": ["Alex, Jr", " Jin"]}, [2, 3]),
    ("name IN :names", {"names": ["Alex", "Jr", "Jin"]}, []),
    ("name IN :names", {"names": ["Alex, Jr"]}, [2]),
    ("name LIKE '%adm%' AND id = :id", {"id": 1}, [1]),
    ("name LIKE :pattern", {"pattern": "%adm%"}, [1]),
    ("id % :divisor = 0", {"divisor": 2}, [2, 4]),
    ("id = :a -- 50% of b\n", {"a": 1}, [1]),
    ("name = :name OR :name IS NULL", {"name": None}, [1, 2, 3, 4]),
    ("name = :name OR :name IS NULL", {"name": " Jin"}, [3]),
    ("id = :id OR :id IS NULL", {"id": None}, [1, 2, 3, 4]),
    ("id = :id OR :id IS NULL", {"id": "3"}, [3]),
    ("(:id = 0 OR id = :id)", {"id": 0}, [1, 2, 3, 4]),
    ("id = :id", {"id": "2"}, [2]),
    ("id = :id", {"id": 2.0}, [2]),
    ("amount = :amount", {"amount": "1.10"}, [1]),
    ("amount = :amount", {"amount": 1.1}, [1]),
    ("amount > :amount", {"amount": "2"}, [2, 3]),
    ("amount + :more > 3", {"more": 1}, [2, 3]),
    ("id BETWEEN :low AND :high", {"low": 2, "high": "3"}, [2, 3]),
]


@pytest.mark.parametrize(("condition", "params", "expected"), PARAMETERS, ids=str)
def test_every_occurrence_of_a_parameter_is_bound(
    people: ExternalPool,
    admin_client: APIClient,
    condition: str,
    params: dict[str, Any],
    expected: list[int],
) -> None:
    assert ids(admin_client, people, condition, params) == expected


UUIDS = ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]
POSTGRES: list[tuple[str, dict[str, Any], Any]] = [
    (f"SELECT '{UUIDS[0]}'::uuid = ANY(:ids::uuid[])", {"ids": UUIDS}, True),
    (f"SELECT '{UUIDS[0]}'::uuid = ANY(:ids::uuid[])", {"ids": UUIDS[1:]}, False),
    (f"SELECT '{UUIDS[0]}'::uuid = :id", {"id": UUIDS[0]}, True),
    ("SELECT CAST(:p::varchar[] AS text)", {"p": ["x y", "z"]}, '{"x y",z}'),
    ("SELECT CAST(:p AS varchar[])", {"p": ["a, b", " c"]}, ["a, b", " c"]),
    ("SELECT :perms::jsonb", {"perms": {"a": [1]}}, {"a": [1]}),
    ("SELECT :perms::jsonb", {"perms": [1, 2]}, [1, 2]),
    ("SELECT :perms::jsonb -> 'a'", {"perms": '{"a": 5}'}, 5),
    ("SELECT (ARRAY[1,2,3])[1:2]", {}, [1, 2]),
    ("SELECT (ARRAY[1,2,3])[:lo : 3]", {"lo": 2}, [2, 3]),
    ("SELECT (ARRAY[1,2,3])[:lo:3]", {"lo": 2}, [2, 3]),
    ("SELECT '{\"a\": 1}'::jsonb ? :k", {"k": "a"}, True),
    ("SELECT '{\"a\": 1}'::jsonb ?| ARRAY['a', :k]", {"k": "x"}, True),
    ("SELECT '{\"a\": 1}'::jsonb ?& ARRAY['a', :k]", {"k": "x"}, False),
    ("SELECT 'abc' ~ '^(?:cdl|das).*$' OR :x = 'a'", {"x": "b"}, False),
    ("SELECT $$ :no '$$ || :x", {"x": "y"}, " :no 'y"),
    ("SELECT E'it\\'s :no ' || :x", {"x": "y"}, "it's :no y"),
    ("SELECT make_date(year := :y, month => 2, day => 1)::text", {"y": 2026}, "2026-02-01"),
    ("SELECT :n * :n", {"n": 200}, 40000),
    ("SELECT :a::int + :b::numeric", {"a": "1", "b": "1.5"}, 2.5),
    ("SELECT :d::date + 1", {"d": "2026-01-31"}, "2026-02-01"),
    ("SELECT current_date - :days::int < current_date", {"days": 3}, True),
    ("SELECT now() - :span::interval < now()", {"span": "1 day"}, True),
    ("SELECT count(*) FROM generate_series(1, :n)", {"n": 3}, 3),
    ("SELECT coalesce(:x, 'none')", {"x": None}, "none"),
]


@pytest.mark.parametrize(("sql", "params", "expected"), POSTGRES)
def test_casts_operators_and_arrays_of_postgresql_go_with_parameters(
    postgres_pool: ExternalPool, admin_client: APIClient, sql: str, params: dict[str, Any], expected: Any
) -> None:
    define(1, "GET", f"SELECT v.* FROM ({sql}) v (v)", pool=postgres_pool.name)
    for _ in range(2):
        assert rows(query(admin_client, 1, params=params)) == [{"ROW_ID": 1, "V": expected}]


def test_similarity_is_no_placeholder(postgres_pool: ExternalPool, admin_client: APIClient) -> None:
    postgres_pool.execute(
        "CREATE FUNCTION near(a text, b text) RETURNS boolean LANGUAGE sql AS 'SELECT lower(a) = lower(b)'",
        "CREATE OPERATOR % (LEFTARG = text, RIGHTARG = text, FUNCTION = near)",
    )
    define(1, "GET", "SELECT 'Ab'::text % :x::text AS v", pool=postgres_pool.name)
    assert rows(query(admin_client, 1, params={"x": "aB"})) == [{"ROW_ID": 1, "V": True}]


@pytest.mark.parametrize("sql", ["SELECT (ARRAY[1,2])[:lo:hi]", "SELECT :foo:bar"])
def test_an_unclear_form_is_refused_with_its_place(
    postgres_pool: ExternalPool, admin_client: APIClient, sql: str
) -> None:
    define(1, "GET", sql, pool=postgres_pool.name)
    response = query(admin_client, 1, params={"lo": 1, "hi": 2, "foo": 1, "bar": 2})
    assert response.status_code == 400
    assert "line 1, column" in message_of(response)


def test_a_variable_of_mysql_is_no_parameter(mariadb_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT @v := 1 AS one, @w := :w AS w, '100% :done' AS t", pool=mariadb_pool.name)
    (row,) = rows(query(admin_client, 1, params={"W": "x"}))
    assert row == {"ROW_ID": 1, "ONE": 1, "W": "x", "T": "100% :done"}


def test_a_backslash_before_a_quote_is_read_as_the_product_reads_it(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    if any_pool.dbtype == "mariadb":
        sql, expected = r"SELECT 'it\' :no ' AS a, :x AS x", "it' :no "
    else:
        sql, expected = r"SELECT 'it\' AS a, :x AS x -- ' :no", "it\\"
    define(1, "GET", sql, pool=any_pool.name)
    assert rows(query(admin_client, 1, params={"x": "y"})) == [{"ROW_ID": 1, "A": expected, "X": "y"}]


# -- values -----------------------------------------------------------------------------------------------

DATA = [
    "teste-do-abc",
    "select 1; drop table people",
    "O'Brien",
    "' OR '1'='1",
    "x' --",
    "\\",
    "\\'",
    "%s %(b_1)s %%",
    ":id",
    "#:id#",
    "{}",
    "null",
    "NULL",
    "true",
    "10",
    "1e3",
    "2026-01-01",
    "2026-01-31T10:11:12.345Z",
    " padded ",
    "tab\tnew\nline",
    "é😀",
    "",
]


@pytest.mark.parametrize("value", DATA)
def test_a_text_is_data_whatever_it_says(people: ExternalPool, admin_client: APIClient, value: str) -> None:
    define(1, "POST", "INSERT INTO people (id, name) VALUES (:id, :name)", pool=people.name)
    define(1, "GET", "SELECT id, name FROM people WHERE name = :name", pool=people.name)
    for number in (11, 12):  # the second time with what the first has taught
        assert write(admin_client, "POST", 1, {"id": number, "name": value}).json()["count"] == 1
    found = rows(query(admin_client, 1, params={"name": value}, order="ID"))
    assert [(row["ID"], row["NAME"]) for row in found] == [(11, value), (12, value)]
    assert [
        row["ID"]
        for row in rows(query(admin_client, 1, params={"name": value}, order="ID", q={"NAME": {"=": value}}))
    ] == [11, 12]


@pytest.mark.parametrize("value", [10, "10", 10.0, 10.5, True, False], ids=repr)
def test_numbers_for_a_text_column_are_texts(
    people: ExternalPool, admin_client: APIClient, value: Any
) -> None:
    define(1, "POST", "INSERT INTO people (id, name) VALUES (:id, :name)", pool=people.name)
    define(1, "GET", "SELECT name FROM people WHERE id = 11", pool=people.name)
    assert write(admin_client, "POST", 1, {"id": "11", "name": value}).json()["count"] == 1
    shown = rows(query(admin_client, 1))[0]["NAME"]
    assert isinstance(shown, str)
    if value == 10.5 or isinstance(value, str):
        assert shown == str(value)


def test_a_number_finds_the_text_that_says_it(people: ExternalPool, admin_client: APIClient) -> None:
    people.execute("INSERT INTO people (id, name) VALUES (10, '10')")
    assert ids(admin_client, people, "name = :n", {"n": 10}) == [10]
    assert ids(admin_client, people, "name IN :n", {"n": [10, 11]}, number=701) == [10]


@pytest.mark.parametrize("value", ["abc", "", "x1", "1abc", "2 OR 1=1", {"a": 1}], ids=repr)
def test_a_text_that_is_no_number_is_refused_or_finds_nothing(
    people: ExternalPool, admin_client: APIClient, value: Any
) -> None:
    people.execute("INSERT INTO people (id) VALUES (0)")
    define(1, "GET", "SELECT id FROM people WHERE id = :id", pool=people.name)
    response = query(admin_client, 1, params={"id": value})
    if people.dbtype == "sqlite":
        assert rows(response) == []  # a text never equals a number there
    else:
        assert (response.status_code, "`ID`" in message_of(response)) == (400, True)


@pytest.mark.parametrize("value", ["1; drop table people", "1 OR 1=1", "1abc"])
def test_a_text_that_begins_like_a_number_changes_nothing(
    people: ExternalPool, admin_client: APIClient, value: str
) -> None:
    define(1, "DELETE", "DELETE FROM people WHERE id = :id", pool=people.name)
    response = write(admin_client, "DELETE", 1, {"id": value})
    assert response.status_code == (200 if people.dbtype == "sqlite" else 400)
    assert response.json().get("count", 0) == 0
    assert people.execute("SELECT count(*) FROM people") == [(4,)]


def test_a_typed_parameter_of_sqlite_is_a_number(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT 1 AS n WHERE 1 = :x", pool=sqlite_pool.name)
    define(2, "GET", "SELECT 1 AS n WHERE 1 = CAST(:x AS integer)", pool=sqlite_pool.name)
    assert rows(query(admin_client, 1, params={"x": 1})) == [{"ROW_ID": 1, "N": 1}]
    assert rows(query(admin_client, 2, params={"x": "1"})) == [{"ROW_ID": 1, "N": 1}]


def test_a_decimal_compares_and_sums_as_a_number(people: ExternalPool, admin_client: APIClient) -> None:
    define(1, "POST", "INSERT INTO people (id, amount) VALUES (:id, :amount)", pool=people.name)
    define(1, "GET", "SELECT sum(amount) AS s FROM people WHERE amount > :least", pool=people.name)
    for number, amount in ((11, b"100.25"), (12, b'"100.50"')):
        assert (
            write(admin_client, "POST", 1, b'{"id": %d, "amount": %s}' % (number, amount)).json()["count"]
            == 1
        )
    assert float(rows(query(admin_client, 1, params='{"least": 99.5}'))[0]["S"]) == 200.75
    assert people.execute("SELECT count(*) FROM people WHERE amount > 100.3 AND amount < 101") == [(1,)]


def test_a_decimal_in_an_untyped_column_of_sqlite_is_a_number(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    sqlite_pool.execute("CREATE TABLE t (v)")
    define(1, "POST", "INSERT INTO t VALUES (:v)", pool=sqlite_pool.name)
    for value in (b"1.10", b"2.20", b"10.5"):
        write(admin_client, "POST", 1, b'{"v": %s}' % value)
    assert sqlite_pool.execute("SELECT sum(v) > 13.7, max(v), min(typeof(v)) FROM t") == [(1, 10.5, "real")]


@pytest.mark.parametrize(("declared", "value"), [("jsonb", [1, "x"]), ("text[]", ["a, b", None, '"'])])
def test_a_list_becomes_what_its_column_is(
    postgres_pool: ExternalPool, admin_client: APIClient, declared: str, value: list[Any]
) -> None:
    postgres_pool.execute(f"CREATE TABLE t (v {declared})")
    define(1, "POST", "INSERT INTO t VALUES (:v)", pool=postgres_pool.name)
    define(1, "GET", "SELECT v FROM t", pool=postgres_pool.name)
    for _ in range(2):
        assert write(admin_client, "POST", 1, {"v": value}).json()["count"] == 1
    assert [row["V"] for row in rows(query(admin_client, 1))] == [value, value]


# -- where a parameter is given ---------------------------------------------------------------------------


def test_a_parameter_in_the_wrong_place_is_missing_and_named(
    people: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT id FROM people WHERE id = :person", pool=people.name)
    define(1, "DELETE", "DELETE FROM people WHERE id = :person", pool=people.name)
    as_argument = query(admin_client, 1, person=1)
    assert (as_argument.status_code, "`PERSON`" in message_of(as_argument)) == (400, True)
    in_the_query_string = write(admin_client, "DELETE", 1, {"other": 1}, params='{"person": 1}')
    assert (in_the_query_string.status_code, "`PERSON`" in message_of(in_the_query_string)) == (400, True)
    assert people.execute("SELECT count(*) FROM people") == [(4,)]


def test_every_missing_parameter_is_named(people: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT id FROM people WHERE id = :a OR id = :b OR name = :c", pool=people.name)
    response = query(admin_client, 1, params={"b": 1})
    assert response.status_code == 400
    assert [f"`{name}`" in message_of(response) for name in "ABC"] == [True, False, True]


@pytest.mark.parametrize("name", ["sql", "query", "limit", "offset", "pool", "language", "type", "source"])
def test_a_column_and_a_parameter_may_be_called_like_an_argument(
    people: ExternalPool, admin_client: APIClient, name: str
) -> None:
    define(1, "PUT", f"UPDATE people SET name = :{name} WHERE id = :id", pool=people.name)
    assert write(admin_client, "PUT", 1, {"id": 1, name: "changed"}).json()["count"] == 1
    assert people.execute("SELECT name FROM people WHERE id = 1") == [("changed",)]


@pytest.mark.parametrize(
    "params",
    ['{"id": "\\ud800"}', "[" * 20_000, '{"id": ' + "1" * 5000 + "}", "{'id': 1", "5", '"x"', "[[1]]"],
    ids=lambda value: value[:20],
)
def test_parameters_that_cannot_be_read_are_malformed(
    people: ExternalPool, admin_client: APIClient, params: str
) -> None:
    define(1, "GET", "SELECT id FROM people WHERE id = :id", pool=people.name)
    response = query(admin_client, 1, params=params)
    assert (response.status_code, response.json()["status"]) == (400, "failed")
    assert message_of(response).startswith("Invalid JSON format in request query.")


@pytest.mark.parametrize("value", [2**31, 2**63, -(2**63) - 1, 2**70, 10**400])
def test_an_integer_of_any_size_is_answered_without_a_fault(
    people: ExternalPool, admin_client: APIClient, value: int
) -> None:
    define(1, "GET", "SELECT id FROM people WHERE id = :id", pool=people.name)
    response = query(admin_client, 1, params={"id": value})
    assert response.status_code in (200, 400)
    assert response.json().get("items", []) == []


def test_a_text_with_a_nul_is_answered_without_a_fault(people: ExternalPool, admin_client: APIClient) -> None:
    define(1, "GET", "SELECT id FROM people WHERE name = :name", pool=people.name)
    response = query(admin_client, 1, params={"name": "a\0b"})
    assert response.status_code in (200, 400)
    assert response.json().get("items", []) == []


# Where a parameter belongs, and what no parameter is


def test_a_parameter_of_a_read_in_the_body_is_missing_by_name(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    define(8, "GET", "SELECT :A AS a", pool=any_pool.name)
    response = admin_client.generic("GET", f"{PATH}?query=8&A=1", '{"A": 1}', content_type="application/json")
    assert response.status_code == 400
    assert message_of(response) == "SQL parameter `A` has no value"


def test_a_parameter_of_a_write_in_the_address_is_missing_by_name(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    sqlite_pool.execute("CREATE TABLE t (a integer)")
    define(8, "POST", "INSERT INTO t VALUES (:A)", pool=sqlite_pool.name)
    response = write(admin_client, "POST", 8, {"B": 1}, A="1", params='{"A":1}')
    assert response.status_code == 400
    assert message_of(response) == "SQL parameter `A` has no value"
    assert sqlite_pool.execute("SELECT a FROM t") == []


@pytest.mark.parametrize("argument", ["q", "params"])
@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, '{"A":' * 20_000, '{"A": ' + "9" * 5_000 + "}", '{"A": "\\ud800"}', '{"A": 1e999999999}'],
    ids=["lists", "objects", "digits", "surrogate", "exponent"],
)
def test_json_that_would_break_a_parser_is_refused(
    sqlite_pool: ExternalPool, admin_client: APIClient, argument: str, text: str
) -> None:
    define(8, "GET", "SELECT :A AS a", pool=sqlite_pool.name)
    response = admin_client.get(PATH, {"query": "8", argument: text})
    assert response.status_code == 400
    assert response.json()["status"] == "failed"
