"""The pages of audited tables and of what was collected."""

import html
import re

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.audit.marks import audited_tables
from apps.audit.models import AuditedTable, AuditEntry
from apps.framework.models import Theme
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


def test_a_mark_counts_at_once(site: Client, any_pool: ExternalPool) -> None:
    pool = any_pool.name
    any_pool.execute(
        "CREATE TABLE orders (id integer PRIMARY KEY)", "CREATE TABLE parts (id integer PRIMARY KEY)"
    )
    assert audited_tables(pool) == frozenset()
    response = site.post(f"{TABLES}add/", {"pool": pool, "table": "Orders"})
    assert response.status_code == 302
    assert audited_tables(pool) == {"orders"}
    marked = AuditedTable.objects.get()
    assert marked.table == "orders"
    assert "orders" in site.get(TABLES).content.decode()
    site.post(f"{TABLES}{marked.pk}/change/", {"pool": pool, "table": "parts"})
    assert audited_tables(pool) == {"parts"}
    site.post(f"{TABLES}{marked.pk}/delete/", {"post": "yes"})
    assert audited_tables(pool) == frozenset()


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"pool": "nowhere", "table": "orders"}, "pool", "nowhere"),
        ({"pool": "nowhere:read", "table": "orders"}, "pool", "nowhere"),
        ({"table": "nothing"}, "table", "Unknown table `nothing`."),
        ({"table": "loose"}, "table", "Table `loose` has no primary key, so its rows cannot be told apart."),
        ({"table": "LIBERTY_AUDIT"}, "table", "Table `liberty_audit` holds the audit itself."),
    ],
)
def test_a_table_that_cannot_be_audited_is_refused(
    site: Client, any_pool: ExternalPool, given: dict[str, str], field: str, message: str
) -> None:
    any_pool.execute(
        "CREATE TABLE loose (n integer)", "CREATE TABLE liberty_audit (entry_id varchar(32) PRIMARY KEY)"
    )
    response = site.post(f"{TABLES}add/", {"pool": any_pool.name, **given})
    assert response.status_code == 200
    (found,) = response.context["adminform"].form.errors.items()
    assert (found[0], message in found[1][0]) == (field, True)
    assert not AuditedTable.objects.exists()


def test_a_table_is_marked_once_in_whatever_case(site: Client, sqlite_pool: ExternalPool) -> None:
    sqlite_pool.execute("CREATE TABLE orders (id integer PRIMARY KEY)")
    for name in ("orders", "ORDERS"):
        response = site.post(f"{TABLES}add/", {"pool": sqlite_pool.name, "table": name})
    assert "already exists" in response.content.decode()
    assert AuditedTable.objects.count() == 1


def test_many_marks_are_removed_at_once(site: Client) -> None:
    mark("sales", "a")
    mark("sales", "b")
    keys = list(AuditedTable.objects.values_list("pk", flat=True))
    action = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert site.post(TABLES, action).status_code == 302
    assert audited_tables("sales") == frozenset()


def test_readers_set_no_marks(auditor_site: Client) -> None:
    assert auditor_site.post(f"{TABLES}add/", {"pool": "sales", "table": "a"}).status_code == 403


def test_readers_look_at_marks(auditor_site: Client) -> None:
    mark("sales", "orders")
    key = AuditedTable.objects.get().pk
    assert "orders" in auditor_site.get(f"{TABLES}{key}/change/").content.decode()


def test_entries_are_listed_and_filtered(auditor_site: Client, changed: AuditEntry) -> None:
    page = auditor_site.get(ENTRIES).content.decode()
    assert page.count('class="field-verb"') == 2
    page = auditor_site.get(f"{ENTRIES}?verb__exact=UPDATE&q=default/admin").content.decode()
    assert page.count('class="field-verb"') == 1


def test_the_page_of_an_entry_is_the_history_of_its_row(auditor_site: Client, changed: AuditEntry) -> None:
    page = auditor_site.get(f"{ENTRIES}{changed.pk}/change/").content.decode()
    assert page.index("Update, ") < page.index("Insert, ")
    assert '<td class="before">&quot;&lt;script&gt;&quot;</td>' in page
    assert '<td class="after">&quot;b&quot;</td>' in page
    assert f"By default/admin, query 1, request {changed.request_id}</p>" in page
    assert "<summary>1 column as before</summary>" in page
    assert "<script>" not in page.partition('id="content-main"')[2].partition("<footer")[0]
    assert " for admin</li>" in page


def test_what_is_not_collected_is_shown_too(
    site: Client, changed: AuditEntry, admin_client: APIClient
) -> None:
    write(admin_client, "PUT", 1, {"ID": 1, "NAME": "c"})
    response = site.get(f"{ENTRIES}{changed.pk}/change/")
    shown = [(change.entry.verb, change.is_pending) for change in response.context["changes"]]
    assert shown == [("UPDATE", True), ("UPDATE", False), ("INSERT", False)]
    assert response.content.decode().count("(not collected yet)") == 1


@pytest.mark.parametrize("query", ["", "pool=x&table=y", "pool=x&table=y&key=[1]", "pool=x&table=y&key=1"])
def test_an_address_without_a_row_is_unknown(site: Client, query: str) -> None:
    assert site.get(f"{ENTRIES}row/?{query}").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("framework_audit")
def test_the_page_of_a_framework_row_leads_to_its_history(site: Client) -> None:
    Theme.objects.create(thm_id=7, thm_name="dark")
    mark("default", "ly_themes")
    saved = site.post(
        "/admin/framework/theme/7/change/",
        {"thm_name": "night", "themecolor-TOTAL_FORMS": 0, "themecolor-INITIAL_FORMS": 0},
    )
    assert saved.status_code == 302
    page = site.get("/admin/framework/theme/7/change/").content.decode()
    (address,) = re.findall(r'href="(/admin/audit/auditentry/row/[^"]*)"', page)
    response = site.get(html.unescape(address))
    (change,) = response.context["changes"]
    assert (change.entry.verb, change.entry.origin, change.is_pending) == ("UPDATE", "admin site", True)
    assert [(v.column, v.before, v.after) for v in change.changed][:1] == [("thm_name", '"dark"', '"night"')]


def test_a_row_that_nothing_has_happened_to_says_so(site: Client) -> None:
    page = site.get(f'{ENTRIES}row/?pool=default&table=ly_themes&key={{"thm_id":1}}').content.decode()
    assert "No change of this row is recorded." in page
    assert "The server does not audit this table:" in page


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
