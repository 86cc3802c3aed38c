"""Applications with framework tables of their own: whose definitions and labels count, and whose rights."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from apps.accounts.tokens import issue_token
from apps.queries.models import DefinitionPolicy
from tests.api.calls import message_of, query, rows, write
from tests.conftest import PASSWORD
from tests.definitions import define
from tests.external import ExternalPool
from tests.framework.tables import TABLES

CATALOGUE_TABLES = (
    "ly_users",
    "ly_applications",
    "ly_db_schema",
    "ly_language",
    "ly_dictionary",
    "ly_dictionary_l",
    "ly_query",
    "ly_qry_sql",
    "ly_modules",
)


@pytest.fixture(autouse=True)
def models_on_pools(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let models be used on pools: Django refuses databases that were not there when the test began."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def application(any_pool: ExternalPool) -> ExternalPool:
    """A catalogue with an administrator `boss`, a user `ada`, and query 1 on its own table `things`."""
    pool = any_pool
    for name in CATALOGUE_TABLES:
        # MariaDB makes a `timestamp` column without `null` one that is set by itself.
        pool.execute(
            TABLES[name]
            .ddl(name)
            .replace("timestamp", "datetime" if pool.dbtype == "mariadb" else "timestamp")
        )
    for user, admin in (("boss", "Y"), ("ada", "N")):
        pool.execute(
            "INSERT INTO ly_users (usr_id, usr_password, usr_status, usr_admin)"
            f" VALUES ('{user}', '{make_password(PASSWORD)}', 'Y', '{admin}')"
        )
    pool.execute(
        "CREATE TABLE things (id integer)",
        "INSERT INTO things VALUES (7)",
        "INSERT INTO ly_language (lng_id) VALUES ('fr')",
        "INSERT INTO ly_dictionary (dd_id, dd_label, dd_type) VALUES ('ID', 'Number', 'number')",
        "INSERT INTO ly_dictionary_l (dd_id, lng_id, lng_label) VALUES ('ID', 'fr', 'Numéro')",
        "INSERT INTO ly_query (query_id, query_label, query_type)"
        " VALUES (1, 'Things', 'CRUD'), (2, 'Other', 'GET'), (3, 'Schema', 'GET'), (4, 'Schema', 'GET')",
    )
    store(pool, 1, "GET", "SELECT id FROM things")
    store(pool, 1, "POST", "INSERT INTO things VALUES (:ID)")
    store(pool, 2, "GET", "SELECT 1 AS n", pool_name="default")
    return pool


def store(pool: ExternalPool, number: int, verb: str, sql: str, *, pool_name: str = "SESSION") -> None:
    pool.execute(
        "INSERT INTO ly_qry_sql (query_id, query_dbtype, query_crud, query_pool, query_sqlquery)"
        f" VALUES ({number}, 'generic', '{verb}', '{pool_name}', '{sql}')"
    )


def without_query(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "query"}


def client_of(user: str, pool: ExternalPool) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user_id=user, catalogue=pool.name)}")
    return client


def test_definitions_and_labels_are_those_of_the_pool_asked_for(
    application: ExternalPool, admin_client: APIClient
) -> None:
    define(1, "GET", "SELECT 'other' AS id")
    answer = query(admin_client, 1, pool=application.name, language="fr").json()
    assert answer["items"] == [{"ROW_ID": 1, "ID": 7}]
    assert answer["metadata"][1]["headerName"] == "Numéro"


def test_an_administrator_of_the_application_works_in_it(application: ExternalPool) -> None:
    boss = client_of("boss", application)
    assert write(boss, "POST", 1, {"ID": 8}, pool=application.name).json()["count"] == 1
    assert [row["ID"] for row in rows(query(boss, 1, pool=application.name, order="ID"))] == [7, 8]


@pytest.mark.parametrize(
    "arguments",
    [
        {"query": 1},
        {"query": 1, "pool": "default"},
        {"query": 1, "mode": "framework"},
        {"query": 3, "source": "framework"},
    ],
    ids=str,
)
def test_rights_end_with_the_catalogue(application: ExternalPool, arguments: dict[str, Any]) -> None:
    define(1, "GET", "SELECT 1 AS n", public=True)
    boss = client_of("boss", application)
    response = query(boss, arguments["query"], **without_query(arguments))
    assert (response.status_code, message_of(response)) == (
        403,
        "Your sign-in does not reach this catalogue.",
    )


@pytest.mark.parametrize("arguments", [{"query": 2}, {"query": 1, "override_pool": "default"}], ids=str)
def test_an_application_does_not_reach_other_databases(
    application: ExternalPool, arguments: dict[str, Any]
) -> None:
    boss = client_of("boss", application)
    response = query(boss, arguments["query"], pool=application.name, **without_query(arguments))
    assert (response.status_code, message_of(response)) == (
        403,
        "This needs an administrator of the default catalogue.",
    )


@pytest.mark.parametrize("path", ["/api/db/open", "/api/db/close", "/api/db/check"])
def test_pools_are_not_an_applications_matter(application: ExternalPool, path: str) -> None:
    assert client_of("boss", application).get(path).status_code == 403


def test_a_user_of_the_application_runs_no_query_that_is_not_public(application: ExternalPool) -> None:
    response = query(client_of("ada", application), 1, pool=application.name)
    assert (response.status_code, message_of(response)) == (403, "This needs an administrator.")


def test_a_public_query_of_an_application_does_not_reach_other_databases(application: ExternalPool) -> None:
    application.execute(
        "INSERT INTO ly_applications (apps_id, apps_pool, apps_dbtype, apps_database)"
        " VALUES (1, 'hidden', 'sqlite', '/nowhere')"
    )
    store(application, 3, "GET", "SELECT 1 AS n", pool_name="hidden")
    for number in (1, 2, 3):
        DefinitionPolicy.objects.create(catalogue=application.name, query_id=number, crud="GET", public=True)
    ada = client_of("ada", application)
    assert rows(query(ada, 1, pool=application.name)) == [{"ROW_ID": 1, "ID": 7}]
    for number in (2, 3):
        response = query(ada, number, pool=application.name)
        assert (response.status_code, message_of(response)) == (
            403,
            "This needs an administrator of the default catalogue.",
        )


def test_a_framework_query_reads_the_pool_asked_for(
    application: ExternalPool, admin_client: APIClient
) -> None:
    application.execute("INSERT INTO ly_modules (module_id, module_enabled) VALUES ('own', 'Y')")
    answer = query(admin_client, 3, source="framework", pool=application.name).json()
    assert [row["MODULE_ID"] for row in answer["items"]] == ["own"]


def test_schema_names_stand_in_the_stored_sql(application: ExternalPool, admin_client: APIClient) -> None:
    schema = {"sqlite": "main", "postgres": "public"}.get(application.dbtype)
    if schema is None:
        ((schema,),) = application.execute("SELECT DATABASE()")
    application.execute(
        "INSERT INTO ly_db_schema (sch_id, sch_pool, sch_name, sch_target)"
        f" VALUES (1, '{application.name}', 'OWN', '{schema}')"
    )
    store(application, 3, "GET", "SELECT id FROM #SCHEMA.OWN#.things")
    store(application, 4, "GET", "SELECT id FROM #SCHEMA.OTHER#.things")
    assert rows(query(admin_client, 3, pool=application.name)) == [{"ROW_ID": 1, "ID": 7}]
    response = query(admin_client, 4, pool=application.name)
    assert (response.status_code, message_of(response)) == (
        400,
        f"Schema `OTHER` is not defined for pool `{application.name}`.",
    )


def test_a_pool_without_framework_tables_is_no_catalogue(
    any_pool: ExternalPool, admin_client: APIClient
) -> None:
    response = query(admin_client, 1, pool=any_pool.name)
    assert (response.status_code, response.json()) == (
        404,
        {"status": "failed", "message": f"Pool `{any_pool.name}` holds no framework tables"},
    )
