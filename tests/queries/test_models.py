"""Stored queries as objects, and our marks on them."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.queries.models import DefinitionPolicy, FrameworkSwitch, Query, QuerySql


def a_query(query_id: int = 1) -> Query:
    query = Query.objects.create(query_id=query_id, query_label="Customers", query_type="TABLE")
    QuerySql.objects.create(
        query=query,
        query_dbtype="generic",
        query_crud="GET",
        query_pool="SESSION",
        query_sqlquery="SELECT 1",
    )
    return query


@pytest.mark.django_db
def test_query_has_one_sql_for_a_verb_and_database_type() -> None:
    query = a_query()
    QuerySql.objects.create(query=query, query_dbtype="oracle", query_crud="GET", query_pool="SESSION")
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySql.objects.create(query=query, query_dbtype="generic", query_crud="GET", query_pool="SESSION")
    assert query.sql.count() == 2


@pytest.mark.django_db
def test_query_and_sql_say_what_they_are() -> None:
    query = a_query()
    assert str(query) == "1 Customers"
    assert str(query.sql.get()) == "1 generic GET"


@pytest.mark.django_db
def test_new_policy_allows_nothing() -> None:
    policy = DefinitionPolicy.objects.create(query_id=1, crud="GET")
    assert (policy.public, policy.allow_unconditional) == (False, False)
    assert str(policy) == "1 GET"


@pytest.mark.django_db
def test_query_has_one_policy_for_a_verb() -> None:
    DefinitionPolicy.objects.create(query_id=1, crud="GET")
    DefinitionPolicy.objects.create(query_id=1, crud="PUT")
    with pytest.raises(IntegrityError), transaction.atomic():
        DefinitionPolicy.objects.create(query_id=1, crud="GET")


@pytest.mark.django_db
def test_policy_survives_a_query_that_is_deleted_and_imported_again() -> None:
    a_query()
    DefinitionPolicy.objects.create(query_id=1, crud="GET", public=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM LY_QUERY WHERE QUERY_ID = 1")
    assert not QuerySql.objects.exists()
    a_query()
    assert DefinitionPolicy.objects.get(query_id=1, crud="GET").public


@pytest.mark.django_db
def test_switch_names_a_framework_query_once() -> None:
    FrameworkSwitch.objects.create(fmw_id=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkSwitch.objects.create(fmw_id=7)
    assert str(FrameworkSwitch.objects.get()) == "7"
