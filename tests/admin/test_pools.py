"""The pages of pools and schema names."""

import pytest
from django.test import Client

from apps.pools import registry
from apps.pools.models import Pool, SchemaName
from liberty.crypto import decrypt_stored, encrypt_original, encrypt_stored
from tests.admin.pages import Page
from tests.external import ExternalPool

LIST = "/admin/pools/pool/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}4/change/"
SCHEMAS = "/admin/pools/schemaname/"


@pytest.fixture
def pool(db: None) -> Pool:
    return Pool.objects.create(
        apps_id=4,
        apps_name="Sales",
        apps_pool="sales",
        apps_dbtype="postgres",
        apps_host="db.example.com",
        apps_port=5432,
        apps_database="sales",
        apps_user="seller",
        apps_password=encrypt_stored("hunter2"),
        apps_pool_min=1,
        apps_pool_max=4,
    )


def stored_password() -> str | None:
    return Pool.objects.get(apps_id=4).apps_password


def test_the_list_shows_where_databases_are(site: Client, pool: Pool) -> None:
    text = site.get(LIST).content.decode()
    assert '<td class="field-place">db.example.com:5432/sales</td>' in text
    assert '<td class="field-password_state">set</td>' in text


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("q=sales", True), ("q=example.com", True), ("q=no", False), ("apps_dbtype=postgres", True)],
)
def test_pools_are_found(site: Client, pool: Pool, asked: str, is_found: bool) -> None:
    assert (CHANGE in site.get(f"{LIST}?{asked}").content.decode()) is is_found


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (None, "none: the database is asked without one."),
        ("clear", "clear text: not encrypted; set it again to encrypt it."),
        (
            encrypt_original("hunter2", "another key"),
            "unreadable: imported, or its key is gone; set it again.",
        ),
    ],
)
def test_the_state_of_the_password_is_told(site: Client, pool: Pool, stored: str | None, shown: str) -> None:
    Pool.objects.update(apps_password=stored)
    assert shown in Page.open(site, CHANGE).text


def test_a_pool_is_added(site: Client) -> None:
    Page.open(site, ADD).save(
        apps_pool="sales",
        apps_name="Sales",
        apps_dbtype="mariadb",
        apps_host="db",
        apps_database="sales",
        apps_pool_min="0",
        apps_pool_max="8",
        new_secret=" hunter2 ",
    )
    pool = Pool.objects.get()
    assert (pool.apps_id, pool.apps_pool, pool.apps_dbtype, pool.apps_pool_min) == (1, "sales", "mariadb", 0)
    assert (pool.apps_audit_user, decrypt_stored(pool.apps_password or "")) == ("admin", " hunter2 ")
    assert pool.apps_password != " hunter2 "


def test_the_password_is_kept_changed_and_removed(site: Client, pool: Pool) -> None:
    before = stored_password()
    Page.open(site, CHANGE).save(apps_name="Renamed")
    assert stored_password() == before
    Page.open(site, CHANGE).save(new_secret="ENC:********")
    assert stored_password() == before
    Page.open(site, CHANGE).save(new_secret="swordfish")
    assert decrypt_stored(stored_password() or "") == "swordfish"
    Page.open(site, CHANGE).save(remove_secret="on")
    assert stored_password() is None


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"apps_pool": ""}, "This field is required."),
        ({"apps_pool": "a/b"}, "Use letters, digits, and the characters _ . and - only."),
        ({"apps_pool": "a:read"}, "Use letters, digits, and the characters _ . and - only."),
        ({"apps_pool": "other"}, "There is a pool of this name already."),
        ({"apps_dbtype": "db2"}, "Select a valid choice. db2 is not one of the available choices."),
        ({"apps_pool_min": "5"}, "This is less than the fewest connections."),
        ({"apps_pool_min": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"apps_pool_max": "0", "apps_pool_min": ""}, "Ensure this value is greater than or equal to 1."),
        ({"apps_port": "65536"}, "Ensure this value is less than or equal to 65535."),
        ({"apps_limit": "2147483648"}, "Ensure this value is less than or equal to 2147483647."),
        ({"apps_database": ""}, "Without a database the pool cannot be opened."),
        ({"new_secret": "ENC:AAAA"}, "APPS_PASSWORD: This text was not encrypted for transport"),
        (
            {"new_secret": "one", "remove_secret": "on"},
            "Set a new password or remove the old one, not both.",
        ),
    ],
)
def test_bad_input_is_told_at_its_field(
    site: Client, pool: Pool, values: dict[str, str], complaint: str
) -> None:
    Pool.objects.create(apps_id=5, apps_pool="other")
    before = Pool.objects.filter(apps_id=4).values().get()
    assert Page.open(site, CHANGE).refused(**values) == [complaint]
    assert Pool.objects.filter(apps_id=4).values().get() == before


def test_a_stored_name_and_type_are_left_alone(site: Client, pool: Pool) -> None:
    """An imported pool may have what we would not give a new one."""
    Pool.objects.update(apps_pool="a/b", apps_dbtype="db2")
    Page.open(site, CHANGE).save(apps_name="Renamed")
    pool.refresh_from_db()
    assert (pool.apps_name, pool.apps_pool, pool.apps_dbtype) == ("Renamed", "a/b", "db2")


def test_an_edited_pool_is_opened_anew(site: Client, sqlite_pool: ExternalPool) -> None:
    alias = registry.resolve(sqlite_pool.name)
    before = registry.opened(alias)
    row = Pool.objects.get(apps_pool=sqlite_pool.name)
    Page.open(site, f"{LIST}{row.apps_id}/change/").save(apps_pool_max="3")
    after = registry.opened(registry.resolve(sqlite_pool.name))
    assert (before.row.max_size == 3, after.row.max_size) == (False, 3)


def test_a_working_connection_is_told(site: Client, sqlite_pool: ExternalPool) -> None:
    row = Pool.objects.get(apps_pool=sqlite_pool.name)
    chosen = {"action": "test_connection", "_selected_action": [str(row.apps_id)]}
    text = site.post(LIST, chosen, follow=True).content.decode()
    assert f"`{sqlite_pool.name}`: connected. The time of its database is " in text


def test_a_failing_connection_is_told(site: Client, pool: Pool) -> None:
    Pool.objects.update(apps_host="127.0.0.1", apps_port=1)
    chosen = {"action": "test_connection", "_selected_action": ["4"]}
    text = site.post(LIST, chosen, follow=True).content.decode()
    assert '<li class="error">`sales`: ' in text
    assert "hunter2" not in text


def test_a_pool_is_deleted(site: Client, pool: Pool) -> None:
    assert site.get(f"{LIST}4/delete/").status_code == 200
    assert site.post(f"{LIST}4/delete/", {"post": "yes"}).status_code == 302
    assert Pool.objects.count() == 0


def test_schema_names_are_added_changed_found_and_deleted(site: Client, pool: Pool) -> None:
    Page.open(site, f"{SCHEMAS}add/").save(sch_pool="sales", sch_name="MAIN", sch_target="public")
    row = SchemaName.objects.get()
    assert (row.sch_id, row.sch_pool, row.sch_name, row.sch_audit_user) == (1, "sales", "MAIN", "admin")
    Page.open(site, f"{SCHEMAS}1/change/").save(sch_target="other")
    assert SchemaName.objects.get().sch_target == "other"
    assert "/admin/pools/schemaname/1/change/" in site.get(f"{SCHEMAS}?q=main").content.decode()
    assert site.post(f"{SCHEMAS}1/delete/", {"post": "yes"}).status_code == 302
    assert SchemaName.objects.count() == 0


def test_a_schema_name_needs_a_pool_and_both_names(site: Client) -> None:
    page = Page.open(site, f"{SCHEMAS}add/")
    assert page.refused(sch_pool="nowhere") == [
        "Select a valid choice. nowhere is not one of the available choices.",
        "This field is required.",
        "This field is required.",
    ]
