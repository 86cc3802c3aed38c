"""Browsers of people who use the admin site, and framework rows to look at."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.queries.models import Query, QuerySql
from tests.conftest import PASSWORD

READ_SQL = "SELECT A,\r\n       ':not_a_bind' AS B\r\n  FROM T  \r\n"


@pytest.fixture
def site(admin: User) -> Client:
    """The browser of an administrator."""
    return signed_in(admin)


@pytest.fixture
def auditor(db: None) -> User:
    """An administrator who may look and change nothing."""
    return User.objects.create_superuser("auditor", PASSWORD, usr_readonly="Y")


@pytest.fixture
def auditor_site(auditor: User) -> Client:
    return signed_in(auditor)


@pytest.fixture
def framework_audit(db: None) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the framework database has recorded of its own tables, in order; the table is dropped after."""

    def recorded() -> list[dict[str, Any]]:
        if "liberty_audit" not in connection.introspection.table_names():
            return []
        columns = "table_name, verb, row_key, actor, source, request_id, before_values, after_values"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM liberty_audit ORDER BY entry_id")
            rows = [dict(zip(columns.split(", "), row, strict=True)) for row in cursor.fetchall()]
        for row in rows:
            for name in ("row_key", "before_values", "after_values"):
                row[name] = None if row[name] is None else json.loads(row[name])
        return rows

    yield recorded
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS liberty_audit")


@pytest.fixture
def query(db: None) -> Query:
    """A stored query with SQL for three keys; the text of GET has line ends of both kinds of the web."""
    query = Query.objects.create(query_id=7, query_label="Parts", query_type="CRUD")
    for verb, dbtype, sql in [
        ("GET", "generic", READ_SQL),
        ("GET", "oracle", "SELECT 1 FROM DUAL"),
        ("DELETE", "generic", "DELETE FROM T WHERE A = :A"),
    ]:
        QuerySql.objects.create(
            query=query, query_dbtype=dbtype, query_crud=verb, query_pool="SESSION", query_sqlquery=sql
        )
    return query


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
