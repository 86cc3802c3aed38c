"""The pages of users."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from pytest_django import Settings

from apps.accounts import lockout
from apps.accounts.admin import PasswordState, password_state
from apps.accounts.models import Membership, Role, User, UserState
from liberty.crypto import encrypt_original, encrypt_stored, encrypt_transport
from tests.admin.conftest import signed_in
from tests.admin.pages import Page
from tests.conftest import PASSWORD

LIST = "/admin/accounts/user/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}reader/change/"
ROWS = "membership"
NEW_PASSWORD = "a new password"


def stored(user_id: str = "reader") -> User:
    return User.objects.get(usr_id=user_id)


def test_the_list_shows_users_and_the_state_of_their_passwords(site: Client, reader: User) -> None:
    User.objects.filter(usr_id="reader").update(password=encrypt_original("secret", "another key"))
    text = site.get(LIST).content.decode()
    assert '<td class="field-password_state">unreadable</td>' in text
    assert '<td class="field-password_state">set</td>' in text


@pytest.mark.parametrize(
    ("stored_password", "state"),
    [
        (None, PasswordState.NONE),
        ("", PasswordState.NONE),
        ("clear text", PasswordState.UNREADABLE),
        ("!unusable", PasswordState.NONE),
        ("argon2$damaged", PasswordState.UNREADABLE),
        (make_password("secret"), PasswordState.SET),
    ],
)
def test_the_state_of_a_password_is_told_in_words(stored_password: str | None, state: PasswordState) -> None:
    assert password_state(stored_password) is state


def test_the_state_of_an_encrypted_password_depends_on_the_key() -> None:
    assert password_state(encrypt_stored("secret")) is PasswordState.IMPORTED
    assert password_state(encrypt_original("secret", "another key")) is PasswordState.UNREADABLE


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("q=rita", True),
        ("q=reader", True),
        ("q=nobody", False),
        ("usr_readonly__exact=Y", True),
        ("usr_admin__exact=Y", False),
        ("usr_status__exact=N", False),
        ("usr_language=fr", True),
    ],
)
def test_users_are_found(site: Client, reader: User, asked: str, is_found: bool) -> None:
    assert (CHANGE in site.get(f"{LIST}?{asked}").content.decode()) is is_found


def test_a_user_is_added_with_password_and_roles(site: Client) -> None:
    Role.objects.create(rol_id="R1", rol_name="First")
    page = Page.open(site, ADD)
    page.add_row(ROWS, rol="R1")
    page.save(usr_id="new", usr_name="Nora", new_secret=NEW_PASSWORD, new_secret_again=NEW_PASSWORD)
    added = stored("new")
    assert (added.usr_name, added.usr_status, added.usr_admin, added.usr_readonly) == ("Nora", "Y", "N", "N")
    assert identify_hasher(added.password or "").algorithm == "argon2"
    assert added.check_password(NEW_PASSWORD)
    assert (added.usr_audit_user, added.usr_audit_date is not None) == ("admin", True)
    member = Membership.objects.get()
    assert (member.usr_id, member.rol_id, member.rlu_audit_user) == ("new", "R1", "admin")


def test_a_user_without_password_cannot_sign_in(site: Client) -> None:
    Page.open(site, ADD).save(usr_id="new")
    assert (stored("new").password, password_state(stored("new").password)) == (None, PasswordState.NONE)


def test_a_user_id_is_taken_once(site: Client, reader: User) -> None:
    assert Page.open(site, ADD).refused(usr_id="reader") == ["User with this User id already exists."]


def test_saving_an_untouched_page_changes_nothing(site: Client, reader: User) -> None:
    User.objects.filter(usr_id="reader").update(usr_email="", usr_name=" Rita ", usr_admin=None)
    before = User.objects.filter(usr_id="reader").values().get()
    Page.open(site, CHANGE).save()
    assert User.objects.filter(usr_id="reader").values().get() == before


def test_other_columns_stay_as_they_are(site: Client, reader: User) -> None:
    """NULL and the empty text are told apart by stored SQL."""
    User.objects.filter(usr_id="reader").update(usr_email="", usr_admin=None, usr_theme=None)
    Page.open(site, CHANGE).save(usr_language="de")
    user = stored()
    assert (user.usr_language, user.usr_email, user.usr_admin, user.usr_theme) == ("de", "", None, None)


def test_a_new_password_is_hashed(site: Client, reader: User) -> None:
    Page.open(site, CHANGE).save(new_secret=NEW_PASSWORD, new_secret_again=NEW_PASSWORD)
    assert stored().check_password(NEW_PASSWORD)
    assert identify_hasher(stored().password or "").algorithm == "argon2"
    assert LogEntry.objects.get().get_change_message() == "Changed New password and New password again."


def test_an_empty_password_keeps_the_old_one(site: Client, reader: User) -> None:
    Page.open(site, CHANGE).save(usr_name="Renamed")
    assert stored().check_password(PASSWORD)


def test_a_password_for_transport_is_taken(site: Client, reader: User) -> None:
    minted = encrypt_transport(NEW_PASSWORD)
    Page.open(site, CHANGE).save(new_secret=minted, new_secret_again=minted)
    assert stored().check_password(NEW_PASSWORD)


def test_the_stand_in_keeps_the_old_password(site: Client, reader: User) -> None:
    Page.open(site, CHANGE).save(new_secret="ENC:********", new_secret_again="ENC:********")
    assert stored().check_password(PASSWORD)


def test_a_password_is_removed(site: Client, reader: User) -> None:
    Page.open(site, CHANGE).save(remove_secret="on")
    assert stored().password is None


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"new_secret": "one of them", "new_secret_again": "another"}, "The two passwords differ."),
        ({"new_secret": "one of them"}, "The two passwords differ."),
        (
            {"new_secret": "x" * 1025, "new_secret_again": "x" * 1025},
            "USR_PASSWORD: A password has 1 to 1024 bytes.",
        ),
        (
            {"new_secret": "1234567", "new_secret_again": "1234567"},
            "USR_PASSWORD: This password is too short. It must contain at least 8 characters.",
        ),
        (
            {"new_secret": "ENC:AAAA", "new_secret_again": "ENC:AAAA"},
            "USR_PASSWORD: This text was not encrypted for transport",
        ),
        (
            {"new_secret": "one of them", "new_secret_again": "one of them", "remove_secret": "on"},
            "Set a new password or remove the old one, not both.",
        ),
        ({"usr_language": "deutsch"}, "Ensure this value has at most 3 characters (it has 7)."),
        ({"usr_dashboard": "x"}, "Enter a whole number."),
        ({"usr_mode": "grey"}, "Select a valid choice. grey is not one of the available choices."),
    ],
)
def test_bad_input_is_told_at_its_field(
    site: Client, reader: User, values: dict[str, str], complaint: str
) -> None:
    assert Page.open(site, CHANGE).refused(**values) == [complaint]
    assert stored().check_password(PASSWORD)


def test_roles_are_given_and_taken(site: Client, reader: User) -> None:
    for role in ("R1", "R2"):
        Role.objects.create(rol_id=role)
    Membership.objects.create(usr=reader, rol_id="R1")
    page = Page.open(site, CHANGE)
    page.delete_row(ROWS, 0)
    page.add_row(ROWS, rol="R2")
    page.save()
    assert [member.rol_id for member in Membership.objects.all()] == ["R2"]


@pytest.mark.parametrize(
    ("role", "complaint"),
    [
        ("R1", "There is a row for R1 already."),
        ("R9", "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_a_role_is_given_once_and_must_exist(site: Client, reader: User, role: str, complaint: str) -> None:
    Role.objects.create(rol_id="R1")
    Membership.objects.create(usr=reader, rol_id="R1")
    page = Page.open(site, CHANGE)
    page.add_row(ROWS, rol=role)
    assert page.refused() == [complaint]


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"usr_status": None}, "You cannot take this from yourself."),
        ({"usr_admin": None}, "You cannot take this from yourself."),
        ({"usr_readonly": "on"}, "You cannot take the right to write from yourself."),
        ({"remove_secret": "on"}, "You cannot remove your own password."),
    ],
)
def test_nobody_locks_himself_out(site: Client, values: dict[str, str | None], complaint: str) -> None:
    assert Page.open(site, f"{LIST}admin/change/").refused(**values) == [complaint]


def test_a_new_password_of_his_own_keeps_an_administrator_signed_in(site: Client, admin: User) -> None:
    elsewhere = signed_in(admin)
    Page.open(site, f"{LIST}admin/change/").save(new_secret=NEW_PASSWORD, new_secret_again=NEW_PASSWORD)
    assert (site.get(LIST).status_code, elsewhere.get(LIST).status_code) == (200, 302)


def test_nobody_deletes_himself(site: Client, reader: User) -> None:
    assert site.post(f"{LIST}admin/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": ["admin", "reader"], "post": "yes"}
    assert site.post(LIST, chosen).status_code == 403
    assert User.objects.count() == 2


def test_a_deleted_user_leaves_the_history_of_what_he_did(site: Client, reader: User, admin: User) -> None:
    other = User.objects.create_superuser("other", PASSWORD)
    Page.open(signed_in(other), CHANGE).save(usr_name="Renamed")
    UserState.objects.create(usr_id="other")
    Membership.objects.create(usr=other, rol=Role.objects.create(rol_id="R1"))
    text = site.get(f"{LIST}other/delete/").content.decode()
    assert "Memberships: 1" in text
    assert site.post(f"{LIST}other/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(usr_id="other").exists()
    assert (Membership.objects.count(), UserState.objects.count()) == (0, 0)
    assert [entry.user_id for entry in LogEntry.objects.order_by("pk")] == ["other", "admin"]
    assert site.get(f"{LIST}reader/history/").status_code == 200
    assert site.get("/admin/").status_code == 200


def test_several_users_are_deleted_at_once(site: Client, reader: User, stranger: User) -> None:
    chosen = {"action": "delete_selected", "_selected_action": ["reader", "stranger"]}
    assert site.post(LIST, chosen).status_code == 200
    assert site.post(LIST, chosen | {"post": "yes"}).status_code == 302
    assert [user.usr_id for user in User.objects.all()] == ["admin"]


def test_ids_with_odd_characters_have_a_page(site: Client) -> None:
    odd = "a/b~c|é d_1?#%"
    User.objects.create_user(odd)
    Role.objects.create(rol_id="r/1")
    change = f"{LIST}{'a_2Fb~c|é d_5F1_3F_23_25'}/change/"
    page = Page.open(site, change)
    page.add_row(ROWS, rol="r/1")
    page.save(usr_name="Odd")
    assert stored(odd).usr_name == "Odd"
    assert Membership.objects.get().usr_id == odd


def test_a_long_user_id_fits_into_the_audit_column(db: None, reader: User) -> None:
    long = signed_in(User.objects.create_superuser("u" * 100, PASSWORD))
    Page.open(long, CHANGE).save(usr_name="Renamed")
    assert stored().usr_audit_user == "u" * 30


# Locks


@pytest.fixture
def locked(reader: User, settings: Settings) -> User:
    settings.LIBERTY_SIGN_IN_ATTEMPTS = 1
    lockout.count_failure(lockout.Attempt("reader", address="192.0.2.1"))
    return reader


def test_the_page_tells_of_a_lock(site: Client, locked: User) -> None:
    assert "locked after wrong passwords until" in Page.open(site, CHANGE).text
    assert "not locked" in Page.open(site, f"{LIST}admin/change/").text


def test_an_action_unlocks_users(site: Client, locked: User) -> None:
    chosen = {"action": "unlock", "_selected_action": ["admin", "reader"]}
    text = site.post(LIST, chosen, follow=True).content.decode()
    assert "Wrong passwords forgotten: reader." in text
    assert not lockout.require_unlocked(lockout.Attempt("reader", address="192.0.2.1"))


def test_who_may_only_look_unlocks_nobody(auditor_site: Client, locked: User) -> None:
    chosen = {"action": "unlock", "_selected_action": ["reader"]}
    auditor_site.post(LIST, chosen)
    assert lockout.locked_until("reader") is not None


def test_the_sign_in_page_tells_of_a_lock(admin: User, settings: Settings) -> None:
    settings.LIBERTY_SIGN_IN_ATTEMPTS = 2
    client = Client()
    wrong = {"username": "admin", "password": "another one"}
    for _ in range(2):
        refused = client.post("/admin/login/?next=/admin/", wrong)
        assert (refused.status_code, "Retry-After" in refused) == (200, False)
    response = client.post("/admin/login/?next=/admin/", wrong | {"password": PASSWORD})
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Too many failed sign-ins. Please try again in 300 seconds." in text
    assert "correct" not in text
    assert "_auth_user_id" not in client.session
