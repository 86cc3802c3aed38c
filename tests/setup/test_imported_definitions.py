"""Imported definitions behind `/api/db/query`: stored queries answer, framework queries stay ours."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from apps.pools.catalogue import touch
from apps.queries.models import FrameworkQuery, FrameworkSwitch
from apps.setup.services import Import, import_repository
from tests.api.calls import query, rows
from tests.setup.repositories import Document, write

# What is read over the framework database's reading connections must be committed.
pytestmark = pytest.mark.django_db(transaction=True)

# A number that we answer ourselves, under another meaning.
IMPORTED_SQL = "SELECT query_label AS imported_label FROM ly_query\n\n-- 100% as it was written "


@pytest.fixture
def imported(tmp_path: Path) -> Document:
    """A repository of a stored query and a framework query, loaded."""
    document: Document = {
        "ly_dictionary": [{"dd_id": "QUERY_LABEL", "dd_label": "Label of a query"}],
        "ly_query": [{"query_id": 7, "query_label": "Queries", "query_type": "list"}],
        "ly_qry_sql": [
            {
                "query_id": 7,
                "query_dbtype": "generic",
                "query_crud": "GET",
                "query_pool": "SESSION",
                "query_sqlquery": "SELECT query_id, query_label FROM ly_query WHERE query_id = :QUERY_ID",
            }
        ],
        "ly_qry_fmw": [
            {
                "fmw_id": 1,
                "fmw_dbtype": "generic",
                "fmw_crud": "GET",
                "fmw_pool": "SESSION",
                "fmw_sqlquery": IMPORTED_SQL,
            }
        ],
    }
    import_repository(Import(write(tmp_path / "repository.json", document)))
    return document


def test_an_imported_query_answers(imported: Document, admin_client: APIClient) -> None:
    response = query(admin_client, 7, params={"QUERY_ID": 7})
    assert rows(response) == [{"ROW_ID": 1, "QUERY_ID": 7, "QUERY_LABEL": "Queries"}]
    assert response.json()["metadata"][2]["headerName"] == "Label of a query"


def test_an_imported_framework_query_is_stored_unchanged_and_ours_answers(
    imported: Document, admin_client: APIClient
) -> None:
    assert FrameworkQuery.objects.get(fmw_id=1).fmw_sqlquery == IMPORTED_SQL
    (entry,) = rows(query(admin_client, 1, source="framework"))
    assert entry["DD_ID"] == "QUERY_LABEL"
    assert "IMPORTED_LABEL" not in entry


def test_a_number_that_is_switched_is_answered_by_the_imported_query(
    imported: Document, admin_client: APIClient
) -> None:
    FrameworkSwitch.objects.create(fmw_id=1)
    touch("default")
    assert rows(query(admin_client, 1, source="framework")) == [{"ROW_ID": 1, "IMPORTED_LABEL": "Queries"}]
