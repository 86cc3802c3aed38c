"""The pages of stored queries."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from apps.accounts.models import User
from apps.pools.models import CatalogueStamp, Pool
from apps.queries.models import DefinitionPolicy, Query, QuerySql
from tests.admin.conftest import READ_SQL
from tests.admin.pages import Page

LIST = "/admin/queries/query/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}7/change/"
ROWS = "querysql"


def stored_sql(number: int = 7) -> dict[tuple[str, str], str | None]:
    rows = QuerySql.objects.filter(query_id=number)
    return {(row.query_crud, row.query_dbtype): row.query_sqlquery for row in rows}


def stamp() -> int:
    return CatalogueStamp.objects.get(catalogue="default").stamp if CatalogueStamp.objects.exists() else 0


def test_the_list_shows_verbs_and_database_types(site: Client, query: Query) -> None:
    text = site.get(LIST).content.decode()
    assert '<td class="field-verbs">GET DELETE</td>' in text
    assert '<td class="field-database_types">generic, oracle</td>' in text


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("q=7", True), ("q=Parts", True), ("q=dual", True), ("q=99", False), ("q=nothing", False)],
)
def test_queries_are_found_by_number_label_and_sql(
    site: Client, query: Query, asked: str, is_found: bool
) -> None:
    assert (CHANGE in site.get(f"{LIST}?{asked}").content.decode()) is is_found


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("query_type=CRUD", True),
        ("query_type=LOOKUP", False),
        ("sql__query_crud=DELETE", True),
        ("sql__query_crud=PUT", False),
        ("sql__query_dbtype=oracle", True),
        ("sql__query_pool=SESSION", True),
        ("public=no", True),
        ("public=yes", False),
        ("public=maybe", True),
    ],
)
def test_the_list_is_filtered(site: Client, query: Query, asked: str, is_found: bool) -> None:
    QuerySql.objects.create(
        query=Query.objects.create(query_id=8, query_label="Other", query_type="LOOKUP"),
        query_dbtype="mysql",
        query_crud="PUT",
        query_pool="default",
    )
    assert (CHANGE in site.get(f"{LIST}?{asked}").content.decode()) is is_found


def test_the_page_shows_the_sql_with_the_key_in_words(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    assert [row["query_sqlquery"] for row in page.rows(ROWS)] == [
        READ_SQL,
        "SELECT 1 FROM DUAL",
        "DELETE FROM T WHERE A = :A",
    ]
    for heading in ("GET · Every database (generic)", "GET · Oracle", "DELETE · Every database (generic)"):
        assert heading in page.text


def test_saving_an_untouched_page_changes_nothing(site: Client, query: Query) -> None:
    before = list(QuerySql.objects.values_list()), Query.objects.values_list().get()
    Page.open(site, CHANGE).save()
    assert (list(QuerySql.objects.values_list()), Query.objects.values_list().get()) == before


def test_a_query_is_added_with_its_sql(site: Client, admin: User) -> None:
    page = Page.open(site, ADD)
    page.add_row(
        ROWS, query_crud="GET", query_dbtype="generic", query_pool="SESSION", query_sqlquery="SELECT 1"
    )
    page.add_row(
        ROWS, query_crud="GET", query_dbtype="sqlite", query_pool="default", query_sqlquery="SELECT\r\n2"
    )
    page.save(query_label="New", query_type="LOOKUP")
    added = Query.objects.get()
    assert (added.query_id, added.query_label, added.query_audit_user) == (1, "New", "admin")
    assert added.query_audit_date is not None
    assert stored_sql(1) == {("GET", "generic"): "SELECT 1", ("GET", "sqlite"): "SELECT\n2"}
    assert {row.query_audit_user for row in QuerySql.objects.all()} == {"admin"}


def test_the_next_free_number_is_offered(site: Client, query: Query) -> None:
    assert Page.open(site, ADD).values["query_id"] == "8"


def test_sql_is_changed_added_and_deleted_on_one_page(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_sqlquery="SELECT A\r\nFROM T")
    page.delete_row(ROWS, 1)
    page.add_row(
        ROWS, query_crud="PUT", query_dbtype="generic", query_pool="SESSION", query_sqlquery="UPDATE T"
    )
    page.save(query_label="Changed")
    assert stored_sql() == {
        ("GET", "generic"): "SELECT A\nFROM T",
        ("PUT", "generic"): "UPDATE T",
        ("DELETE", "generic"): "DELETE FROM T WHERE A = :A",
    }
    assert Query.objects.get().query_label == "Changed"


def test_only_what_was_edited_is_stamped(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 1, query_orderby="A")
    page.save()
    users = {(row.query_crud, row.query_dbtype): row.query_audit_user for row in QuerySql.objects.all()}
    assert users == {("GET", "generic"): None, ("GET", "oracle"): "admin", ("DELETE", "generic"): None}
    assert Query.objects.get().query_audit_user is None


def test_a_key_that_exists_is_refused(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(
        ROWS, query_crud="GET", query_dbtype="oracle", query_pool="SESSION", query_sqlquery="SELECT 2"
    )
    assert page.refused() == ["There is a row for GET (read), Oracle already."]
    assert stored_sql()["GET", "oracle"] == "SELECT 1 FROM DUAL"


def test_a_key_twice_on_the_page_is_refused(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    for sql in ("SELECT 1", "SELECT 2"):
        page.add_row(ROWS, query_crud="GET", query_dbtype="mysql", query_pool="SESSION", query_sqlquery=sql)
    assert page.refused() == ["There is a row for GET (read), MySQL already."]
    assert len(stored_sql()) == 3


def test_a_deleted_row_makes_room_for_its_key(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.delete_row(ROWS, 1)
    page.add_row(
        ROWS, query_crud="GET", query_dbtype="oracle", query_pool="SESSION", query_sqlquery="SELECT 2"
    )
    page.save()
    assert stored_sql()["GET", "oracle"] == "SELECT 2"


def test_a_row_that_is_gone_is_told(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    QuerySql.objects.filter(query_dbtype="oracle").delete()
    page.set_row(ROWS, 1, query_sqlquery="SELECT 2")
    assert page.refused() == ["Someone else has removed this row since the page was opened."]


def test_a_row_that_is_gone_may_be_deleted(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    QuerySql.objects.filter(query_dbtype="oracle").delete()
    page.delete_row(ROWS, 1)
    page.save()
    assert set(stored_sql()) == {("GET", "generic"), ("DELETE", "generic")}


def test_keys_in_a_forged_request_stay_as_they_are(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_crud="POST", query_dbtype="mysql")
    page.save(query_id="99")
    assert set(stored_sql()) == {("GET", "generic"), ("GET", "oracle"), ("DELETE", "generic")}
    assert Query.objects.get().query_id == 7


def test_a_row_of_another_query_cannot_be_reached(site: Client, query: Query) -> None:
    other = Query.objects.create(query_id=8, query_label="Other", query_type="CRUD")
    QuerySql.objects.create(query=other, query_dbtype="mysql", query_crud="GET", query_pool="SESSION")
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 1, row='["GET", "mysql"]', query_sqlquery="SELECT 3")
    assert page.refused() == ["Someone else has removed this row since the page was opened."]
    assert stored_sql(8) == {("GET", "mysql"): None}


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("query_label", "", "This field is required."),
        ("query_label", "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("query_type", "NONSENSE", "Select a valid choice. NONSENSE is not one of the available choices."),
        ("unconditional", ["GET"], "Select a valid choice. GET is not one of the available choices."),
        ("query_label", "\0", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_told_at_its_field(
    site: Client, query: Query, field: str, value: object, complaint: str
) -> None:
    assert Page.open(site, CHANGE).refused(**{field: value}) == [complaint]


@pytest.mark.parametrize(
    ("number", "complaint"),
    [
        ("7", "Query with this Number already exists."),
        ("x", "Enter a whole number."),
        ("", "This field is required."),
    ],
)
def test_a_bad_number_is_refused(site: Client, query: Query, number: str, complaint: str) -> None:
    page = Page.open(site, ADD)
    assert page.refused(query_id=number, query_label="Mine", query_type="CRUD") == [complaint]
    assert Query.objects.count() == 1


def test_a_number_beyond_the_column_is_refused(site: Client) -> None:
    page = Page.open(site, ADD)
    assert len(page.refused(query_id="99999999999999999999", query_label="Mine", query_type="CRUD")) == 1


def test_a_row_without_its_key_is_refused(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.add_row(ROWS, query_sqlquery="SELECT 1")
    assert page.refused() == ["This field is required."] * 3


def test_a_type_of_an_imported_query_is_kept(site: Client, query: Query) -> None:
    Query.objects.update(query_type="special")
    Page.open(site, CHANGE).save(query_label="Changed")
    assert Query.objects.get().query_type == "special"


def test_marks_are_set_and_removed(site: Client, query: Query) -> None:
    Page.open(site, CHANGE).save(public="on", unconditional=["PUT", "DELETE"])
    marks = DefinitionPolicy.objects.order_by("crud").values_list(
        "catalogue", "query_id", "crud", "public", "allow_unconditional"
    )
    assert list(marks) == [
        ("default", 7, "DELETE", False, True),
        ("default", 7, "GET", True, False),
        ("default", 7, "PUT", False, True),
    ]
    page = Page.open(site, CHANGE)
    assert (page.values["public"], page.values["unconditional"]) == (["on"], ["PUT", "DELETE"])
    page.save(public=None, unconditional=["PUT"])
    assert [mark.crud for mark in DefinitionPolicy.objects.all()] == ["PUT"]


def test_marks_of_another_catalogue_are_left_alone(site: Client, query: Query) -> None:
    DefinitionPolicy.objects.create(catalogue="other", query_id=7, crud="GET", public=True)
    Page.open(site, CHANGE).save()
    assert DefinitionPolicy.objects.get().catalogue == "other"


def test_a_query_is_deleted_with_its_sql_and_marks(site: Client, query: Query) -> None:
    DefinitionPolicy.objects.create(query_id=7, crud="GET", public=True)
    assert site.get(f"{LIST}7/delete/").status_code == 200
    assert site.post(f"{LIST}7/delete/", {"post": "yes"}).status_code == 302
    assert (Query.objects.count(), QuerySql.objects.count(), DefinitionPolicy.objects.count()) == (0, 0, 0)


def test_several_queries_are_deleted_at_once(site: Client, query: Query) -> None:
    Query.objects.create(query_id=8, query_label="Other", query_type="CRUD")
    chosen = {"action": "delete_selected", "_selected_action": ["7", "8"]}
    assert site.post(LIST, chosen).status_code == 200
    assert site.post(LIST, chosen | {"post": "yes"}).status_code == 302
    assert (Query.objects.count(), QuerySql.objects.count()) == (0, 0)


def test_each_save_and_deletion_is_told_to_every_process(site: Client, query: Query) -> None:
    seen = [stamp()]
    Page.open(site, CHANGE).save(query_label="Changed")
    seen.append(stamp())
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_sqlquery="SELECT 3")
    page.save()
    seen.append(stamp())
    site.post(f"{LIST}7/delete/", {"post": "yes"})
    seen.append(stamp())
    assert seen == [seen[0], seen[0] + 1, seen[0] + 2, seen[0] + 3]


def test_the_history_tells_who_changed_what(site: Client, query: Query) -> None:
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_sqlquery="SELECT 3")
    page.save(query_label="Changed")
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.user_id) == ("7", "admin")
    assert entry.get_change_message() == ("Changed Label. Changed SQL for query SQL “7 generic GET”.")
    assert "Changed Label" in site.get(f"{LIST}7/history/").content.decode()


def test_pools_with_short_names_are_offered(site: Client, query: Query) -> None:
    Pool.objects.create(apps_id=1, apps_pool="sales")
    Pool.objects.create(apps_id=2, apps_pool="longer_than_ten")
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_pool="sales")
    page.save()
    assert QuerySql.objects.get(query_crud="GET", query_dbtype="generic").query_pool == "sales"
    page = Page.open(site, CHANGE)
    page.set_row(ROWS, 0, query_pool="longer_than_ten")
    assert len(page.refused()) == 1


@pytest.mark.parametrize("number", ["8", "x", "99999999999999999999", "1_2F"])
def test_a_query_that_is_not_there_leads_back(site: Client, query: Query, number: str) -> None:
    assert site.get(f"{LIST}{number}/change/").status_code == 302


# Several at once


@pytest.fixture
def three(query: Query) -> list[str]:
    """The numbers of three queries: 7, 8, and 9 which is public."""
    Query.objects.create(query_id=8, query_label="Other", query_type="CRUD")
    Query.objects.create(query_id=9, query_label="Open", query_type="CRUD")
    DefinitionPolicy.objects.create(query_id=9, crud="GET", public=True)
    return ["7", "8", "9"]


def public_numbers() -> list[int]:
    marks = DefinitionPolicy.objects.filter(catalogue="default", crud="GET", public=True)
    return sorted(marks.values_list("query_id", flat=True))


def test_several_queries_are_made_public_after_a_question(site: Client, three: list[str]) -> None:
    chosen = {"action": "make_public", "_selected_action": three}
    text = site.post(LIST, chosen).content.decode()
    assert "these queries of the 3 chosen" in text
    assert "<li>7 Parts</li><li>8 Other</li></ul>" in text
    assert public_numbers() == [9]
    before = stamp()
    done = site.post(LIST, chosen | {"post": "yes"}, follow=True)
    assert "Made public: 2. Already public: 1." in done.content.decode()
    assert public_numbers() == [7, 8, 9]
    assert stamp() == before + 1
    noted = [
        (entry.object_id, entry.get_change_message()) for entry in LogEntry.objects.order_by("object_id")
    ]
    assert noted == [("7", "Made public."), ("8", "Made public.")]


def test_several_queries_are_made_not_public(site: Client, three: list[str]) -> None:
    DefinitionPolicy.objects.create(query_id=9, crud="PUT", allow_unconditional=True)
    DefinitionPolicy.objects.create(query_id=9, crud="GET", public=True, catalogue="other")
    chosen = {"action": "make_not_public", "_selected_action": three}
    assert (
        "Only administrators run this query of the 3 chosen then" in site.post(LIST, chosen).content.decode()
    )
    site.post(LIST, chosen | {"post": "yes"})
    assert public_numbers() == []
    assert sorted(DefinitionPolicy.objects.values_list("catalogue", "crud")) == [
        ("default", "PUT"),
        ("other", "GET"),
    ]


def test_nothing_to_change_is_told(site: Client, three: list[str]) -> None:
    text = site.post(LIST, {"action": "make_public", "_selected_action": ["9"]}).content.decode()
    assert "All of the chosen queries are public already." in text
    assert 'type="submit" value="Make public"' not in text


def test_those_who_may_only_look_mark_nothing(auditor_site: Client, three: list[str]) -> None:
    auditor_site.post(LIST, {"action": "make_public", "_selected_action": three, "post": "yes"})
    assert public_numbers() == [9]
