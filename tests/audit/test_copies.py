"""The SQL of audit tables, where no server runs in the tests: Oracle."""

import pytest

from apps.audit.copies import audit_ddl, audit_name, audit_table, copy_of_row, key_description
from apps.pools.dialects import dialect_named
from apps.pools.statement import Column, Kind, Statement
from apps.pools.tables import Table, TableColumn, pick_table
from liberty.errors import MalformedRequest

ORACLE = dialect_named("oracle")
COLUMNS = (
    TableColumn("USR_ID", "VARCHAR2(10 CHAR)", in_key=True),
    TableColumn("USR_PASSWORD", "CLOB", in_key=False),
    TableColumn("SINCE", "DATE", in_key=True),
)
USERS = Table("", "LY_USERS", COLUMNS)
KEY = (Column("USR_ID", Kind.TEXT), Column("SINCE", Kind.DATETIME))


def test_the_audit_table_is_made_with_the_columns_of_the_table() -> None:
    assert audit_ddl(USERS, None, ORACLE) == [
        Statement(
            'CREATE TABLE "AUD$_LY_USERS" (\n'
            '  "USR_ID" VARCHAR2(10 CHAR),\n'
            '  "USR_PASSWORD" CLOB,\n'
            '  "SINCE" DATE,\n'
            '  "AUD$_USER" varchar(30),\n'
            '  "AUD$_DATE" timestamp\n'
            ")"
        )
    ]


def test_it_gets_the_columns_that_the_table_has_got() -> None:
    existing = Table(
        "", "AUD$_LY_USERS", (COLUMNS[0], TableColumn("AUD$_USER", "VARCHAR2(30)", in_key=False))
    )
    assert audit_table(USERS, [USERS, existing], ORACLE) == existing
    assert [statement.sql for statement in audit_ddl(USERS, existing, ORACLE)] == [
        'ALTER TABLE "AUD$_LY_USERS" ADD ("USR_PASSWORD" CLOB)',
        'ALTER TABLE "AUD$_LY_USERS" ADD ("SINCE" DATE)',
        'ALTER TABLE "AUD$_LY_USERS" ADD ("AUD$_DATE" timestamp)',
    ]


def test_the_row_is_copied_by_its_key_and_without_its_secret() -> None:
    statement = copy_of_row(USERS, KEY, {"usr_id": 7, "Since": "2026-01-31", "x": 1}, "admin", ORACLE)
    assert statement.sql == (
        'INSERT INTO "AUD$_LY_USERS" ("USR_ID", "USR_PASSWORD", "SINCE", "AUD$_USER", "AUD$_DATE")'
        ' SELECT "USR_ID", CASE WHEN "USR_PASSWORD" IS NULL THEN NULL ELSE \'ENC:********\' END, "SINCE",'
        " %(audit_user)s, (SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual)"
        ' FROM "LY_USERS" WHERE "USR_ID" = %(key_1)s AND "SINCE" = %(key_2)s'
    )
    assert statement.params == {
        "key_1": "7",
        "key_2": ORACLE.bind("2026-01-31", Kind.DATETIME),
        "audit_user": "admin",
    }
    assert key_description(USERS, ORACLE).sql == 'SELECT "USR_ID", "SINCE" FROM "LY_USERS"'


def test_the_catalogue_is_asked_for_tables_by_bound_names() -> None:
    sql = ORACLE.describe_tables(["%(table_1)s", "%(table_2)s"])
    assert "LOWER(c.table_name) IN (LOWER(%(table_1)s), LOWER(%(table_2)s))" in sql
    assert "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')" in sql


def test_names_are_found_as_oracle_folds_them() -> None:
    mixed = Table("", "Ly_Users", COLUMNS)
    assert pick_table("ly_users", [mixed, USERS], ORACLE) is USERS
    assert pick_table("Ly_Users", [USERS, mixed], ORACLE) is mixed
    assert pick_table("LY_users", [mixed], ORACLE) is mixed
    with pytest.raises(MalformedRequest, match="ambiguous"):
        pick_table("ly_users", [mixed, Table("", "ly_USERS", COLUMNS)], ORACLE)


def test_a_name_has_a_longest_form() -> None:
    assert audit_name(Table("", "X" * 123, COLUMNS), ORACLE) == "AUD$_" + "X" * 123
    with pytest.raises(MalformedRequest, match="too long"):
        audit_name(Table("", "X" * 124, COLUMNS), ORACLE)
