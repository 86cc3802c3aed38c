"""Our framework queries against the contract, and their rows on every database product."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, IntegerField, TextField

from apps.queries.framework_definitions import (
    FrameworkDefinition,
    framework_definition,
    framework_query_numbers,
)
from liberty.fields import TimestampField
from tests.databases import (
    Connection,
    mariadb_database,
    postgres_database,
    run,
    sqlite_connection,
)
from tests.queries.framework_catalogue import PARAMETERS, ROWS
from tests.queries.framework_results import RESULTS

CONTRACT = json.loads((Path(__file__).parent / "framework_queries.json").read_text())
DBTYPES = ("sqlite", "postgres", "mariadb")

Rows = list[tuple[Any, ...]]


def definition_of(number: int, verb: str, dbtype: str) -> FrameworkDefinition:
    definition = framework_definition(number, verb, dbtype)
    assert definition is not None
    return definition


def column_type(field: "Field[Any, Any]", dbtype: str) -> str:
    target = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, TimestampField):
        return "datetime(6)" if dbtype == "mariadb" else "timestamp"
    if isinstance(target, TextField):
        return "text"
    if isinstance(target, IntegerField):
        return "integer"
    assert isinstance(target, CharField)
    return f"varchar({target.max_length})"


def statements(dbtype: str) -> Iterator[str]:
    for model in apps.get_models():
        table = model._meta.db_table
        if table.startswith("ly_"):
            columns = [f"{f.column} {column_type(f, dbtype)}" for f in model._meta.local_concrete_fields]
            yield f"CREATE TABLE {table} ({', '.join(columns)})"
    for table, rows in ROWS.items():
        for row in rows:
            yield f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(literal, row.values()))})"


def literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value}'"


def bound(sql: str, parameters: dict[str, Any]) -> str:
    return re.sub(r":([A-Z_]+)", lambda match: literal(parameters[match[1]]), sql)


def rows_of(
    connection: Connection, definition: FrameworkDefinition, **parameters: Any
) -> tuple[list[str], Rows]:
    """Return the names and rows as a page has them: the definition's order is put around its SQL."""
    sql = bound(definition.sql, PARAMETERS | parameters)
    if definition.order_by:
        sql = f"SELECT * FROM (\n{sql}\n) q ORDER BY {definition.order_by}"
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        return [column[0].upper() for column in cursor.description], list(cursor.fetchall())


@contextmanager
def database_of(
    dbtype: str, request: pytest.FixtureRequest, folder: Path, worker: str
) -> Iterator[Connection]:
    if dbtype == "sqlite":
        with closing(sqlite_connection(folder / "catalogue.sqlite3")) as connection:
            yield connection
        return
    make = {"postgres": postgres_database, "mariadb": mariadb_database}[dbtype]
    server = request.getfixturevalue(f"{dbtype}_server")
    with make(server, worker) as database, closing(database.connect()) as connection:
        yield connection


@pytest.fixture(scope="module", params=DBTYPES)
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str
) -> Iterator[tuple[str, Connection]]:
    """A database type, and a database of that type with the framework tables and the rows of ROWS."""
    dbtype: str = request.param
    with database_of(dbtype, request, tmp_path_factory.mktemp("catalogue"), worker) as connection:
        run(connection, *statements(dbtype))
        yield dbtype, connection


def test_numbers_and_verbs_are_those_of_the_contract() -> None:
    expected = {int(number): tuple(query["verbs"]) for number, query in CONTRACT.items()}
    assert framework_query_numbers() == expected


@pytest.mark.parametrize("dbtype", ["postgres", "postgresql", "mysql", "mariadb", "sqlite", "oracle"])
def test_pools_are_those_of_the_contract(dbtype: str) -> None:
    numbers = framework_query_numbers()
    pools = {
        number: {definition_of(number, verb, dbtype).pool for verb in numbers[number]} for number in numbers
    }
    assert pools == {int(number): {query["pool"]} for number, query in CONTRACT.items()}


@pytest.mark.parametrize("number", sorted(map(int, CONTRACT)))
def test_columns_are_those_of_the_contract(number: int, catalogue: tuple[str, Connection]) -> None:
    dbtype, connection = catalogue
    names, _ = rows_of(connection, definition_of(number, "GET", dbtype))
    assert ["ROW_ID", *names] == CONTRACT[str(number)]["columns"]


@pytest.mark.parametrize("number", sorted(RESULTS))
def test_rows_are_exactly_the_expected_ones(number: int, catalogue: tuple[str, Connection]) -> None:
    dbtype, connection = catalogue
    _, rows = rows_of(connection, definition_of(number, "GET", dbtype))
    assert in_comparable_order(number, rows) == in_comparable_order(number, RESULTS[number])


def test_results_cover_every_query() -> None:
    assert sorted(RESULTS) == sorted(map(int, CONTRACT))


def test_labels_fall_back_where_the_language_has_none(catalogue: tuple[str, Connection]) -> None:
    dbtype, connection = catalogue
    _, rows = rows_of(connection, definition_of(14, "GET", dbtype), LNG_ID="xx")
    assert rows == [("xx", 6, "DONE", "Done"), ("xx", 6, "OPEN", "Open")]


@pytest.mark.parametrize(
    ("user", "admin", "found"),
    [
        ("ada", "Y", ["ada"]),
        ("ada", "N", ["ada"]),
        ("rob", "N", ["rob"]),
        ("rob", "Y", []),
        ("rob", None, []),
        ("sam", "N", []),
        ("nobody", "N", []),
    ],
)
def test_a_user_is_found_if_enabled_and_administrator_where_asked(
    user: str, admin: str | None, found: list[str], catalogue: tuple[str, Connection]
) -> None:
    dbtype, connection = catalogue
    _, rows = rows_of(connection, definition_of(4, "GET", dbtype), USR_ID=user, USR_ADMIN=admin)
    assert [row[0] for row in rows] == found


def test_an_api_without_connection_has_its_own_address_and_user(catalogue: tuple[str, Connection]) -> None:
    dbtype, connection = catalogue
    _, rows = rows_of(connection, definition_of(34, "GET", dbtype), API_ID=2)
    assert rows == [("INTERNAL", "POST", "/api/ping", "own", "own secret", None, None)]


def test_a_counter_is_created_and_advanced(catalogue: tuple[str, Connection]) -> None:
    dbtype, connection = catalogue
    for verb, user, current in (("POST", "ada", 1), ("PUT", "rob", 2)):
        values = {
            "NN_ID": "NEW",
            "NN_CURRENT": current,
            "NN_AUDIT_USER": user,
            "NN_AUDIT_DATE": "2026-01-31 10:11:12",
        }
        run(connection, bound(definition_of(13, verb, dbtype).sql, values))
    shown = "SELECT nn_id, nn_current, nn_audit_user, CAST(nn_audit_date AS char(19)) FROM ly_nextnum"
    assert run(connection, f"{shown} ORDER BY nn_id") == [
        ("CUS", 41, None, None),
        ("NEW", 2, "rob", "2026-01-31 10:11:12"),
    ]
    run(connection, "DELETE FROM ly_nextnum WHERE nn_id = 'NEW'")


@pytest.mark.parametrize(
    ("number", "verb", "dbtype"),
    [(19, "GET", "sqlite"), (1, "POST", "sqlite"), (13, "DELETE", "postgres"), (1, "GET", "informix")],
)
def test_what_we_do_not_have_is_none(number: int, verb: str, dbtype: str) -> None:
    assert framework_definition(number, verb, dbtype) is None


def test_no_sql_ends_in_a_semicolon_or_has_a_phrase_that_was_not_spelt_out() -> None:
    texts = [
        definition_of(number, verb, dbtype).sql
        for number, verbs in framework_query_numbers().items()
        for verb in verbs
        for dbtype in ("postgres", "mysql", "sqlite", "oracle")
    ]
    assert [text for text in texts if text.endswith(";") or re.search(r"[{}]|--", text)] == []


def test_every_product_joins_texts_in_its_own_way() -> None:
    joined = {
        dbtype: definition_of(8, "GET", dbtype).sql for dbtype in ("postgres", "mysql", "sqlite", "oracle")
    }
    assert {
        dbtype: re.findall(r"string_agg|GROUP_CONCAT|group_concat|LISTAGG", sql)
        for dbtype, sql in joined.items()
    } == {
        "postgres": ["string_agg"],
        "mysql": ["GROUP_CONCAT"],
        "sqlite": ["group_concat"],
        "oracle": ["LISTAGG"],
    }


def in_comparable_order(number: int, rows: Rows) -> Rows:
    """Sort by text where MariaDB drops the order of a sub-select, which the page's dialect restores."""
    return rows if definition_of(number, "GET", "mariadb").order_by else sorted(rows, key=repr)
