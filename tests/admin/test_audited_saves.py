"""Saving and deleting rows of audited framework tables on the admin site: an entry for each row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client

from apps.accounts.models import Membership, Role, User
from apps.audit.models import AuditEntry
from apps.framework.models import Language, Theme, ThemeColor
from tests.audit.marks import mark

Audit = Callable[[], list[dict[str, Any]]]
LANGUAGES = "/admin/framework/language/"
USERS = "/admin/accounts/user/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def languages(db: None) -> None:
    for name in ("de", "en", "fr"):
        Language.objects.update_or_create(lng_id=name, defaults={"lng_name": name.upper()})
    mark("default", "LY_LANGUAGE")


def short(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(entry["table_name"], entry["verb"], entry["row_key"]) for entry in entries]


def test_a_save_leaves_the_row_before_and_after(
    site: Client, languages: None, framework_audit: Audit
) -> None:
    assert site.post(f"{LANGUAGES}add/", {"lng_id": "it", "lng_name": "Italiano"}).status_code == 302
    renamed = site.post(f"{LANGUAGES}it/change/", {"lng_name": "Italian"}, headers={"X-Request-ID": "abc-1"})
    assert renamed.status_code == 302
    site.post(f"{LANGUAGES}it/delete/", {"post": "yes"})
    entries = framework_audit()
    assert short(entries) == [
        ("ly_language", verb, {"lng_id": "it"}) for verb in ("INSERT", "UPDATE", "DELETE")
    ]
    made, changed, deleted = entries
    assert (changed["actor"], changed["source"], changed["request_id"]) == ("default/admin", "admin", "abc-1")
    assert (made["before_values"], deleted["after_values"]) == (None, None)
    assert made["after_values"] == changed["before_values"]
    assert changed["after_values"] == deleted["before_values"]
    assert (made["after_values"]["lng_name"], changed["after_values"]["lng_name"]) == ("Italiano", "Italian")
    assert changed["after_values"]["lng_audit_user"] == "admin"


def test_u01_a_bulk_action_leaves_an_entry_for_each_row(
    site: Client, languages: None, framework_audit: Audit
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["de", "fr"], "post": "yes"}
    assert site.post(LANGUAGES, chosen).status_code == 302
    assert sorted(short(framework_audit()), key=str) == [
        ("ly_language", "DELETE", {"lng_id": "de"}),
        ("ly_language", "DELETE", {"lng_id": "fr"}),
    ]


def test_rows_below_a_row_leave_entries_of_their_own(site: Client, framework_audit: Audit) -> None:
    Theme.objects.create(thm_id=7, thm_name="dark")
    for number in (1, 2):
        ThemeColor.objects.create(thm_id=7, tcl_id=number, tcl_key="k", tcl_light="red", tcl_dark="blue")
    mark("default", "ly_thm_colors")
    site.post("/admin/framework/theme/7/delete/", {"post": "yes"})
    assert not ThemeColor.objects.filter(thm_id=7).exists()
    table = ThemeColor._meta.db_table
    assert sorted(short(framework_audit()), key=str) == [
        (table, "DELETE", {"thm_id": 7, "tcl_id": number}) for number in (1, 2)
    ]


def test_u04_secrets_of_users_are_masked_and_their_roles_go_with_them(
    site: Client, reader: User, stranger: User, framework_audit: Audit
) -> None:
    Role.objects.create(rol_id="SELLERS")
    Membership.objects.create(usr_id="reader", rol_id="SELLERS")
    mark("default", "ly_users")
    mark("default", Membership._meta.db_table)
    chosen = {"action": "delete_selected", "_selected_action": ["reader", "stranger"], "post": "yes"}
    assert site.post(USERS, chosen).status_code == 302
    entries = framework_audit()
    assert sorted(entry["row_key"]["usr_id"] for entry in entries if entry["table_name"] == "ly_users") == [
        "reader",
        "stranger",
    ]
    passwords = {e["before_values"]["usr_password"] for e in entries if e["table_name"] == "ly_users"}
    assert passwords == {"ENC:********"}
    assert (Membership._meta.db_table, "DELETE", {"rol_id": "SELLERS", "usr_id": "reader"}) in short(entries)
    assert not User.objects.filter(usr_id__in=["reader", "stranger"]).exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_of_ones_own_password_is_recorded(site: Client, admin: User, framework_audit: Audit) -> None:
    """The page saves the user outside of a transaction."""
    mark("default", "ly_users")
    admin.set_password("old-secret-1")
    admin.save()
    site.force_login(admin)
    body = {"old_password": "old-secret-1", "new_password1": "new-secret-2", "new_password2": "new-secret-2"}
    assert site.post("/admin/password_change/", body).status_code == 302
    (entry,) = framework_audit()
    assert (entry["verb"], entry["row_key"], entry["actor"]) == (
        "UPDATE",
        {"usr_id": "admin"},
        "default/admin",
    )
    assert User.objects.get(usr_id="admin").check_password("new-secret-2")


@pytest.mark.django_db(transaction=True)
def test_u02_what_is_rolled_back_leaves_no_entry(
    site: Client, languages: None, framework_audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step of a save fails, after the row and its entry were written."""

    def refuse(*args: Any) -> None:
        raise DatabaseError("no space")

    monkeypatch.setattr("apps.framework.admin.LanguageAdmin.save_related", refuse)
    monkeypatch.setattr("apps.pools.catalogue_admin._is_overtaken", lambda exc: False)
    with pytest.raises(DatabaseError):
        site.post(f"{LANGUAGES}it/change/".replace("it", "de"), {"lng_name": "Deutsch"})
    assert Language.objects.get(lng_id="de").lng_name == "DE"
    assert framework_audit() == []


def test_other_tables_and_other_code_leave_nothing(
    site: Client, languages: None, framework_audit: Audit
) -> None:
    Language.objects.create(lng_id="it")
    Language.objects.filter(lng_id="it").delete()
    site.post("/admin/framework/theme/add/", {"thm_id": 9, "thm_name": "x"})
    assert framework_audit() == []


@pytest.mark.django_db(transaction=True)
def test_entries_of_the_admin_site_are_collected(
    site: Client, languages: None, framework_audit: Audit
) -> None:
    site.post(f"{LANGUAGES}de/change/", {"lng_name": "Deutsch"})
    call_command("collect_audit", verbosity=0)
    (entry,) = AuditEntry.objects.all()
    assert (entry.pool, entry.table, entry.row_key, entry.origin) == (
        "default",
        "ly_language",
        '{"lng_id":"de"}',
        "admin site",
    )
