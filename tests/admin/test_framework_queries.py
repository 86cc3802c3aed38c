"""The pages of imported framework queries."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from apps.queries.models import FrameworkQuery, FrameworkSwitch
from tests.admin.pages import Page

LIST = "/admin/queries/frameworkswitch/"
CHANGE = f"{LIST}13/change/"
ROWS = "frameworkquery"


@pytest.fixture
def imported(db: None) -> None:
    for number, verb, description in [(13, "GET", "Next"), (13, "PUT", "Next"), (900, "GET", "Strange")]:
        FrameworkQuery.objects.create(
            fmw_id=number,
            fmw_dbtype="generic",
            fmw_crud=verb,
            fmw_description=description,
            fmw_pool="SESSION",
            fmw_sqlquery=f"{verb} {number}",
        )


def switched_on() -> list[int]:
    return list(FrameworkSwitch.objects.order_by("fmw_id").values_list("fmw_id", flat=True))


def test_the_list_tells_what_answers(site: Client, imported: None) -> None:
    FrameworkSwitch.objects.create(fmw_id=13)
    text = " ".join(site.get(LIST).content.decode().split())
    assert "<td>Next</td> <td>GET PUT</td> <td>generic</td> <td>the imported SQL</td>" in text
    assert "<td>Strange</td> <td>GET</td> <td>generic</td> <td>nothing: not switched on</td>" in text
    FrameworkSwitch.objects.all().delete()
    assert "<td>our own SQL</td>" in site.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("asked", "found"), [("next", ["13"]), ("900", ["900"]), ("", ["13", "900"]), ("nothing", [])]
)
def test_imported_queries_are_found(site: Client, imported: None, asked: str, found: list[str]) -> None:
    text = site.get(LIST, {"q": asked}).content.decode()
    assert [number for number in ("13", "900") if f'{LIST}{number}/change/"' in text] == found


def test_an_empty_list_says_so(site: Client) -> None:
    assert "No framework queries have been imported." in site.get(LIST).content.decode()


def test_a_number_is_switched_on_and_off(site: Client, imported: None) -> None:
    Page.open(site, CHANGE).save(is_imported="on")
    assert switched_on() == [13]
    page = Page.open(site, CHANGE)
    assert page.values["is_imported"] == ["on"]
    page.save()
    assert switched_on() == [13]
    Page.open(site, CHANGE).save(is_imported=None)
    assert switched_on() == []


def test_imported_sql_is_changed_added_and_deleted(site: Client, imported: None) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, fmw_sqlquery="SELECT 1")
    page.delete_row(ROWS, 1)
    page.add_row(ROWS, fmw_crud="GET", fmw_dbtype="oracle", fmw_pool="default", fmw_sqlquery="SELECT 2")
    page.save()
    rows = FrameworkQuery.objects.filter(fmw_id=13).order_by("fmw_dbtype")
    assert [(row.fmw_dbtype, row.fmw_crud, row.fmw_sqlquery, row.fmw_audit_user) for row in rows] == [
        ("generic", "GET", "SELECT 1", "admin"),
        ("oracle", "GET", "SELECT 2", "admin"),
    ]
    assert switched_on() == []


def test_a_key_that_exists_is_refused(site: Client, imported: None) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(ROWS, fmw_crud="GET", fmw_dbtype="generic", fmw_pool="default")
    assert page.refused() == ["There is a row for GET (read), Every database (generic) already."]


def test_the_history_is_kept_by_number(site: Client, imported: None) -> None:
    Page.open(site, CHANGE).save(is_imported="on")
    assert LogEntry.objects.get().object_id == "13"
    assert "Changed Use the imported SQL" in site.get(f"{LIST}13/history/").content.decode()


@pytest.mark.parametrize("number", ["14", "x", "99999999999999999999"])
def test_a_number_that_was_not_imported_leads_back(site: Client, imported: None, number: str) -> None:
    assert site.get(f"{LIST}{number}/change/").status_code == 302


def test_numbers_are_neither_added_nor_deleted_by_hand(site: Client, imported: None) -> None:
    assert site.get(f"{LIST}add/").status_code == 403
    assert site.post(f"{LIST}13/delete/", {"post": "yes"}).status_code == 403
