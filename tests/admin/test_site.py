"""Who gets into the admin site, what is in it, and what never is."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Membership, Role, RoleRight, User
from apps.framework.models import Dictionary, DictionaryLabel, Language, Module, Theme, ThemeColor
from apps.pools.models import Pool, SchemaName
from apps.queries.models import FrameworkQuery, Query, QuerySql
from liberty.crypto import encrypt_stored
from tests.admin.conftest import signed_in
from tests.admin.pages import Page
from tests.conftest import PASSWORD

SECRET = "hunter2-in-clear"
MODELS = {
    "accounts/role": "rol0",
    "accounts/user": "usr0",
    "framework/dictionary": "DD0",
    "framework/language": "l0",
    "framework/module": "mod0",
    "framework/theme": "100",
    "pools/pool": "100",
    "pools/schemaname": "100",
    "queries/frameworkswitch": "100",
    "queries/query": "100",
}
"""Every model of the site, and the key of the first row that `fill` makes of it."""

LISTS = [f"/admin/{model}/" for model in MODELS]
CHANGES = [f"/admin/{model}/{key}/change/" for model, key in MODELS.items()]
ADDS = [f"/admin/{model}/add/" for model in MODELS if model != "queries/frameworkswitch"]
HISTORIES = [f"/admin/{model}/{key}/history/" for model, key in MODELS.items()]
DELETIONS = [f"/admin/{model}/{key}/delete/" for model, key in MODELS.items()]

DELETED = [path for path in DELETIONS if "frameworkswitch" not in path]
"""Deletions that there are."""


def fill(first: int, last: int) -> None:
    """Make rows of every kind, with a secret wherever there can be one."""
    for number in range(first, last):
        user = User.objects.create_user(f"usr{number}", SECRET)
        role = Role.objects.create(rol_id=f"rol{number}")
        RoleRight.objects.create(rol=role, aut_id=1)
        Membership.objects.create(usr=user, rol=role)
        Language.objects.create(lng_id=f"l{number}")
        entry = Dictionary.objects.create(dd_id=f"DD{number}")
        DictionaryLabel.objects.create(dd=entry, lng_id=f"l{number}")
        Module.objects.create(module_id=f"mod{number}")
        theme = Theme.objects.create(thm_id=100 + number, thm_name=f"theme {number}")
        ThemeColor.objects.create(thm=theme, tcl_id=1, tcl_key="k", tcl_light="#fff", tcl_dark="#000")
        Pool.objects.create(
            apps_id=100 + number,
            apps_name=f"App {number}",
            apps_pool=f"pool{number}",
            apps_dbtype="postgres",
            apps_database="db",
            apps_password=encrypt_stored(SECRET),
        )
        SchemaName.objects.create(sch_id=100 + number, sch_pool="default")
        query = Query.objects.create(query_id=100 + number, query_label=f"Query {number}", query_type="CRUD")
        for verb in ("GET", "POST"):
            QuerySql.objects.create(
                query=query, query_dbtype="generic", query_crud=verb, query_pool="SESSION"
            )
        FrameworkQuery.objects.create(
            fmw_id=100 + number, fmw_dbtype="generic", fmw_crud="GET", fmw_pool="SESSION"
        )


@pytest.fixture
def filled(db: None) -> None:
    fill(0, 2)


def test_the_first_page_lists_what_there_is(site: Client) -> None:
    text = site.get("/admin/").content.decode()
    assert "<title>Administration | Liberty API</title>" in text
    shown = [path for path in LISTS if f'href="{path}"' in text]
    assert shown == LISTS
    assert "Imported framework queries" in text
    assert "Groups" not in text


def test_an_administrator_signs_in_and_out(admin: User) -> None:
    client = Client()
    assert client.get("/admin/").status_code == 302
    credentials = {"username": "admin", "password": PASSWORD, "next": "/admin/"}
    response = client.post("/admin/login/", credentials)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    assert client.post("/admin/logout/").status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("user_id", ["reader", "stranger", "nobody"])
def test_others_do_not_get_in(reader: User, stranger: User, user_id: str) -> None:
    client = Client()
    response = client.post("/admin/login/", {"username": user_id, "password": PASSWORD})
    assert response.status_code == 200
    assert "Please enter the correct user id and password" in response.content.decode()
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "target", ["//elsewhere.example/", "https://elsewhere.example", "javascript:alert(1)"]
)
def test_a_sign_in_leads_to_no_other_site(admin: User, target: str) -> None:
    credentials = {"username": "admin", "password": PASSWORD}
    response = Client().post(f"/admin/login/?next={target}", credentials)
    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("password", ["wrong", "", "x" * 5000, "ENC:AAAA"])
def test_a_wrong_password_is_refused(admin: User, password: str) -> None:
    response = Client().post("/admin/login/", {"username": "admin", "password": password})
    assert response.status_code == 200


def test_a_disabled_administrator_is_out_at_once(site: Client, admin: User) -> None:
    User.objects.filter(usr_id="admin").update(usr_status="N")
    assert site.get("/admin/").status_code == 302


def test_an_administrator_changes_his_own_password(site: Client, admin: User) -> None:
    values = {"old_password": PASSWORD, "new_password1": "another one", "new_password2": "another one"}
    assert site.post("/admin/password_change/", values).status_code == 302
    assert User.objects.get(usr_id="admin").check_password("another one")
    assert site.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", [*LISTS, *CHANGES, *ADDS, *DELETIONS, *HISTORIES])
def test_users_who_are_no_administrators_see_nothing(filled: None, reader: User, path: str) -> None:
    response = signed_in(reader).get(path)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("path", [*LISTS, *CHANGES, *HISTORIES])
def test_a_read_only_administrator_looks(filled: None, auditor_site: Client, path: str) -> None:
    response = auditor_site.get(path)
    assert response.status_code == 200
    assert 'name="_save"' not in response.content.decode()


@pytest.mark.parametrize("path", [*ADDS, *DELETIONS])
def test_a_read_only_administrator_neither_adds_nor_deletes(
    filled: None, auditor_site: Client, path: str
) -> None:
    assert auditor_site.get(path).status_code == 403
    assert auditor_site.post(path, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("path", CHANGES)
def test_a_read_only_administrator_changes_nothing(
    filled: None, site: Client, auditor_site: Client, path: str
) -> None:
    page = Page.open(site, path)
    page.client = auditor_site
    assert page.send().status_code == 403


@pytest.mark.parametrize("action", ["delete_selected", "test_connection"])
def test_a_read_only_administrator_has_no_actions(filled: None, auditor_site: Client, action: str) -> None:
    chosen = {"action": action, "_selected_action": ["100"], "post": "yes"}
    response = auditor_site.post("/admin/pools/pool/", chosen)
    assert "connected" not in response.content.decode()
    assert Pool.objects.filter(apps_id=100).exists()


@pytest.mark.parametrize("path", [*LISTS, *CHANGES, *HISTORIES, *DELETED, "/admin/"])
def test_no_page_shows_a_secret(filled: None, site: Client, path: str) -> None:
    response = site.get(path)
    assert response.status_code == 200
    stored = [
        *Pool.objects.values_list("apps_password", flat=True),
        *User.objects.values_list("password", flat=True),
    ]
    text = response.content.decode()
    assert [secret for secret in [SECRET, *stored] if secret and secret in text] == []


@pytest.mark.parametrize("path", ["/admin/pools/pool/100/change/", "/admin/accounts/user/usr0/change/"])
def test_a_page_that_comes_back_with_errors_shows_no_secret(filled: None, site: Client, path: str) -> None:
    typed = "a-new-secret-in-clear"
    response = Page.open(site, path).send(new_secret=typed, new_secret_again="other", apps_port="x")
    text = response.content.decode()
    assert response.status_code == 200
    assert typed not in text
    assert SECRET not in text


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_takes_no_more_statements(filled: None, site: Client, path: str) -> None:
    assert statements_of(lambda: site.get(path), before=lambda: fill(2, 20)) == [0]


@pytest.mark.parametrize(
    "path",
    [
        "/admin/accounts/role/rol0/change/",
        "/admin/accounts/user/usr0/change/",
        "/admin/queries/query/100/change/",
    ],
)
def test_a_page_with_more_rows_takes_no_more_statements(filled: None, site: Client, path: str) -> None:
    def more_rows() -> None:
        fill(2, 12)
        for number in range(2, 12):
            Membership.objects.create(usr_id="usr0", rol_id=f"rol{number}")
            Membership.objects.create(usr_id=f"usr{number}", rol_id="rol0")
            RoleRight.objects.create(rol_id="rol0", aut_id=number)
            QuerySql.objects.create(
                query_id=100, query_dbtype=f"db{number}", query_crud="GET", query_pool="p"
            )

    assert statements_of(lambda: site.get(path), before=more_rows) == [0]


def statements_of(look: Callable[[], object], *, before: Callable[[], None]) -> list[int]:
    """Return by how much the number of statements of `look` grows when `before` has made more rows."""
    look()  # what is read once in the life of a process
    with CaptureQueriesContext(connection) as few:
        look()
    before()
    with CaptureQueriesContext(connection) as many:
        look()
    return [len(many) - len(few)]


def test_what_the_database_refuses_is_told(
    site: Client, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another administrator was quicker: the forms have seen nothing wrong."""
    page = Page.open(site, "/admin/queries/query/100/change/")

    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("Save with update_fields did not affect any rows.")

    monkeypatch.setattr(Query, "save", refuse)
    response = page.client.post(page.path, page.values | {"query_label": "Mine"}, follow=True)
    assert response.status_code == 200
    assert "Someone else has changed this at the same moment" in response.content.decode()


def test_a_save_is_whole_or_not_at_all(site: Client, filled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page.open(site, "/admin/queries/query/100/change/")
    page.add_row("querysql", query_crud="PUT", query_dbtype="generic", query_pool="SESSION")

    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("a row with this key exists")

    monkeypatch.setattr(QuerySql, "save", refuse)
    page.client.post(page.path, page.values | {"query_label": "Mine"})
    assert Query.objects.get(query_id=100).query_label == "Query 0"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/accounts/user/?password__startswith=argon2",
        "/admin/pools/pool/?apps_password__startswith=ENC",
    ],
)
def test_a_list_cannot_be_searched_by_a_secret(site: Client, path: str) -> None:
    assert site.get(path).status_code == 400
