"""The pages of audited tables and of what was collected."""

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.audit.marks import audited_tables
from apps.audit.models import AuditedTable, AuditEntry
from tests.api.calls import write
from tests.audit.marks import mark
from tests.definitions import define
from tests.external import ExternalPool

TABLES = "/admin/audit/auditedtable/"
ENTRIES = "/admin/audit/auditentry/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(sqlite_pool: ExternalPool, admin_client: APIClient) -> AuditEntry:
    """The second of two changes of one row, which a client has had copied before it."""
    sqlite_pool.execute("CREATE TABLE things (id integer PRIMARY KEY, name text)")
    mark(sqlite_pool.name, "things")
    define(1, "POST", "INSERT INTO things VALUES (:ID, :NAME)", pool=sqlite_pool.name)
    define(1, "PUT", "UPDATE things SET name = :NAME WHERE id = :ID", pool=sqlite_pool.name)
    write(admin_client, "POST", 1, {"ID": 1, "NAME": "<script>"})
    admin_client.post("/api/db/audit/things/admin?query=1", {"ID": 1}, format="json")
    write(admin_client, "PUT", 1, {"ID": 1, "NAME": "b"})
    call_command("collect_audit", verbosity=0)
    return AuditEntry.objects.get(verb="UPDATE")


def test_a_mark_counts_at_once(site: Client) -> None:
    assert audited_tables("sales") == frozenset()
    response = site.post(f"{TABLES}add/", {"pool": "sales", "table": "Orders"})
    assert response.status_code == 302
    assert audited_tables("sales") == {"orders"}
    key = AuditedTable.objects.get().pk
    assert "Orders" in site.get(TABLES).content.decode()
    site.post(f"{TABLES}{key}/change/", {"pool": "sales", "table": "Parts"})
    assert audited_tables("sales") == {"parts"}
    site.post(f"{TABLES}{key}/delete/", {"post": "yes"})
    assert audited_tables("sales") == frozenset()


def test_many_marks_are_removed_at_once(site: Client) -> None:
    mark("sales", "a")
    mark("sales", "b")
    keys = list(AuditedTable.objects.values_list("pk", flat=True))
    action = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert site.post(TABLES, action).status_code == 302
    assert audited_tables("sales") == frozenset()


def test_readers_set_no_marks(auditor_site: Client) -> None:
    assert auditor_site.post(f"{TABLES}add/", {"pool": "sales", "table": "a"}).status_code == 403


def test_entries_are_listed_and_filtered(auditor_site: Client, changed: AuditEntry) -> None:
    page = auditor_site.get(ENTRIES).content.decode()
    assert page.count('class="field-verb"') == 2
    page = auditor_site.get(f"{ENTRIES}?verb__exact=UPDATE&q=default/admin").content.decode()
    assert page.count('class="field-verb"') == 1


def test_the_page_of_an_entry_is_the_history_of_its_row(auditor_site: Client, changed: AuditEntry) -> None:
    page = auditor_site.get(f"{ENTRIES}{changed.pk}/change/").content.decode()
    assert page.index("Update, ") < page.index("Insert, ")
    assert "<td>&quot;&lt;script&gt;&quot;</td>" in page
    assert "<strong>&quot;b&quot;</strong>" in page
    assert " for admin</li>" in page


def test_the_history_is_shown_while_the_pool_is_away(site: Client, changed: AuditEntry) -> None:
    AuditEntry.objects.update(pool="nowhere")
    page = site.get(f"{ENTRIES}{changed.pk}/change/").content.decode()
    assert "The pool cannot be asked for them now." in page


def test_an_entry_that_is_not_there_leads_to_the_first_page(site: Client) -> None:
    assert site.get(f"{ENTRIES}none/change/").status_code == 302


@pytest.mark.parametrize("action", ["add/", "{}/delete/"])
def test_nobody_changes_entries(site: Client, changed: AuditEntry, action: str) -> None:
    assert site.post(f"{ENTRIES}{action.format(changed.pk)}", {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.count() == 2


def test_others_do_not_get_in(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert client.get(ENTRIES).status_code == 302
