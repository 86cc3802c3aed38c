"""`make check-repository`, on a small repository of our own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from apps.pools.dialects import dialect_named
from apps.pools.statement import Statement
from apps.queries.binds import StoredSql, analyse
from apps.setup.repository import RepositoryTable, framework_tables
from liberty.settings.env import BASE_DIR
from scripts.check_repository import database as database_module
from scripts.check_repository.chains import CHAINS
from scripts.check_repository.database import Database, placeholders
from scripts.check_repository.definitions import TIME, Values
from scripts.check_repository.outcome import Outcome, Verdict, show
from tests.databases import Database as WorkerDatabase
from tests.databases import empty_postgres
from tests.setup.repositories import Document, write


def analysed(sql: str) -> StoredSql:
    return analyse(sql, dialect_named("postgres").syntax)


# The whole check


def editor_of(table: RepositoryTable) -> dict[str, str]:
    """Return SQL for all four verbs on a table."""
    names = table.column_names
    keys = [table.columns[position].column for position in table.key]
    condition = " AND ".join(f"{key} = :{key.upper()}" for key in keys)
    changes = ", ".join(f"{name} = :{name.upper()}" for name in names if name not in keys)
    return {
        "GET": f"SELECT {', '.join(names)} FROM {table.name}",
        "POST": f"INSERT INTO {table.name} VALUES ({', '.join(f':{name.upper()}' for name in names)})",
        "PUT": f"UPDATE {table.name} SET {changes} WHERE {condition}",
        "DELETE": f"DELETE FROM {table.name} WHERE {condition}",
    }


def document_of(queries: dict[int, dict[str, str]]) -> Document:
    """Return a repository of queries, SQL by number and verb."""
    return {
        "ly_dictionary": [{"dd_id": "ENUM_ID", "dd_type": "number"}],
        "ly_query": [
            {"query_id": number, "query_label": str(number), "query_type": "x"} for number in queries
        ],
        "ly_qry_sql": [
            {
                "query_id": number,
                "query_dbtype": "generic",
                "query_crud": verb,
                "query_pool": "SESSION",
                "query_sqlquery": sql,
            }
            for number, texts in queries.items()
            for verb, sql in texts.items()
        ],
        "ly_qry_fmw": [
            {
                "fmw_id": 1,
                "fmw_dbtype": "generic",
                "fmw_crud": "GET",
                "fmw_pool": "SESSION",
                "fmw_sqlquery": "SELECT dd_id FROM ly_dictionary",
            },
            {
                "fmw_id": 13,
                "fmw_dbtype": "generic",
                "fmw_crud": "POST",
                "fmw_pool": "SESSION",
                "fmw_sqlquery": "INSERT INTO ly_nextnum (nn_id) VALUES (:NN_ID)",
            },
        ],
    }


def test_every_definition_is_called_and_what_fails_is_told_apart(tmp_path: Path) -> None:
    tables = [framework_tables()[name] for chain in CHAINS for name in chain]
    queries = {number: editor_of(table) for number, table in enumerate(tables, start=1)}
    queries[20] = {"GET": "SELECT table_name FROM all_tab_columns WHERE owner = :OWNER"}
    queries[21] = {"GET": "SELECT enum_color FROM ly_enum WHERE enum_id = :ENUM_ID"}
    queries[22] = {"GET": "SELECT 1 / (SELECT COUNT(*) FROM ly_nextnum) AS n"}
    queries[23] = {"PUT": "UPDATE ly_enum SET enum_label = :ENUM_LABEL"}
    file = write(tmp_path / "repository.json", document_of(queries))
    command = [sys.executable, "-m", "scripts.check_repository"]
    server = os.environ["LIBERTY_TEST_POSTGRES_URL"]
    done = subprocess.run(
        [*command, "--server", server, str(file)], cwd=BASE_DIR, capture_output=True, text=True
    )
    shown = done.stdout.partition("Superuser created successfully.\n")[2].splitlines()
    assert shown[:12] == [
        "",
        "Needs objects of another product's database:",
        "  GET of queries, table: GET 20: it has no `all_tab_columns` here",
        "  GET of queries, columns: GET 20: it has no `all_tab_columns` here",
        "",
        "Names columns that the framework tables do not have, in the original as here:",
        '  GET of queries, table: GET 21: column "enum_color" does not exist',
        '  GET of queries, columns: GET 21: column "enum_color" does not exist',
        "",
        "Unexpected:",
        *(line for line in shown if line.startswith("  GET of queries, table: GET 22: 500 Error: ")),
        *(line for line in shown if line.startswith("  writes of queries: PUT 23: Query 23 would change")),
    ]
    assert shown[13].split() == ["checked", "good", "elsewhere", "newer", "stale", "unexpected"]
    assert {line[:34].strip(): [int(cell) for cell in line[34:].split()] for line in shown[14:]} == {
        "GET of queries, table": [12, 9, 1, 0, 1, 1],
        "GET of queries, columns": [12, 10, 1, 0, 1, 0],
        "GET of framework, table": [33, 33, 0, 0, 0, 0],
        "GET of framework, columns": [33, 33, 0, 0, 0, 0],
        "GET of imported framework, table": [1, 1, 0, 0, 0, 0],
        "GET of imported framework, columns": [1, 1, 0, 0, 0, 0],
        "writes of queries": [28, 27, 0, 0, 0, 1],
        "writes of framework": [2, 2, 0, 0, 0, 0],
        "writes of imported framework": [1, 1, 0, 0, 0, 0],
        "create, read, update, delete": [5, 5, 0, 0, 0, 0],
        "all": [128, 122, 2, 0, 2, 2],
    }
    assert done.returncode == 1


# Its parts


def test_a_check_without_the_unexpected_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    good = Outcome("reads", "GET 1", Verdict.GOOD)
    assert show([good, Outcome("reads", "GET 2", Verdict.ELSEWHERE, "it has no `x` here")])
    assert "\nNeeds objects of another product's database:\n  reads: GET 2: it has no `x` here\n" in (
        capsys.readouterr().out
    )
    assert not show([good, Outcome("reads", "GET 3", Verdict.BAD, "500")])


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ("SELECT :TBL_ID, :X", {"TBL_ID": 1, "X": "x"}),
        ("SELECT 1 FROM #:DD_SCHEMA#.t", {"DD_SCHEMA": "x"}),
        ("SELECT 1 FROM t WHERE since > :DAY AND flag = :F", {"DAY": "x", "F": "x"}),
        ("SELECT 1 FROM t WHERE tbl_id = :N AND tbl_day = :D", {"N": 1, "D": TIME}),
        # What the dictionary does not know has the type of the framework tables' column.
        ("SELECT 1 FROM t WHERE enum_audit_date < :D AND enum_id = :N", {"D": TIME, "N": 1}),
        ("INSERT INTO ly_nextnum VALUES (:A, :B, :C, :D)", {"A": "x", "B": 1, "C": "x", "D": TIME}),
        ("INSERT INTO ly_enum (enum_id, enum_label) VALUES :R", {"R": [{"ENUM_ID": 1, "ENUM_LABEL": "x"}]}),
        ("SELECT :USR_ADMIN", {"USR_ADMIN": "Y"}),
    ],
)
def test_values_follow_the_dictionary_then_the_column(sql: str, values: dict[str, Any]) -> None:
    made = Values({"TBL_ID": "number", "TBL_DAY": "date", "USR_ADMIN": "boolean"})
    assert made.of(analysed(sql)) == values


def test_placeholders_of_a_compiled_statement_are_found() -> None:
    assert placeholders("SELECT %(b_1)s, 'a %% b', %(b_2)s") == {"b_1", "b_2"}


@pytest.fixture
def database(worker_postgres: WorkerDatabase) -> Iterator[Database]:
    empty_postgres(worker_postgres)
    server = worker_postgres.server
    with psycopg.connect(
        host=server.host,
        port=server.port,
        user=worker_postgres.user,
        password=worker_postgres.password,
        dbname=worker_postgres.name,
        autocommit=True,
    ) as connection:
        yield Database(connection)


def test_a_good_statement_is_analysed_and_not_run(database: Database) -> None:
    assert database.refusal(Statement("SELECT 1 / 0 %% 2, %(b_1)s::int")) is None
    assert database.refusal(Statement("CREATE TABLE t (a int)")) is not None


@pytest.mark.parametrize(
    ("sql", "verdict", "reason"),
    [
        ("SELECT 1 FROM all_users", Verdict.ELSEWHERE, "it has no `all_users` here"),
        ("SELECT 1 FROM jde.f9200", Verdict.ELSEWHERE, "it has no `jde.f9200` here"),
        ("SELECT 1 FROM ly_enum", Verdict.BAD, 'relation "ly_enum" does not exist'),
        ("SELECT nvl(1, 2)", Verdict.ELSEWHERE, "it has no function `nvl` here"),
        (
            "SELECT upper(1)",
            Verdict.BAD,
            "UndefinedFunction: function upper(integer) does not exist",
        ),
        ("SELEC 1", Verdict.BAD, 'SyntaxError: syntax error at or near "SELEC"'),
        ("SELECT n FROM (VALUES (1)) t (m)", Verdict.BAD, 'UndefinedColumn: column "n" does not exist'),
    ],
)
def test_a_refusal_is_judged_by_its_class(
    database: Database, sql: str, verdict: Verdict, reason: str
) -> None:
    refusal = database.refusal(Statement(sql))
    assert refusal is not None
    assert database.judge(refusal, analysed("SELECT 1 FROM t")) == (verdict, reason)


@pytest.mark.parametrize(("wanted", "verdict"), [(99, Verdict.NEWER), (1, Verdict.BAD)])
def test_a_newer_version_is_asked_for_only_where_the_server_is_older(
    database: Database, monkeypatch: pytest.MonkeyPatch, wanted: int, verdict: Verdict
) -> None:
    monkeypatch.setattr(database_module, "WANTED_VERSION", wanted)
    refusal = errors.SyntaxError("subquery in FROM must have an alias")
    assert database.judge(refusal, analysed("SELECT 1"))[0] is verdict
