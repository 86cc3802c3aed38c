"""Users as they are stored: the 13 columns, what Django asks of a user, and a stored DELETE of one."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import Membership, Role, User, UserState

PASSWORD = "correct horse battery staple"


def delete_by_stored_sql(user_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM LY_USERS WHERE USR_ID = %s", [user_id])


def log_a_change(user: User) -> None:
    LogEntry.objects.create(
        user=user, object_id="1", object_repr="a query", action_flag=CHANGE, change_message="[]"
    )


@pytest.mark.django_db
def test_created_user_is_enabled_and_no_administrator() -> None:
    user = User.objects.create_user("ada", PASSWORD, usr_name="Ada")
    user.refresh_from_db()
    assert (user.usr_status, user.usr_admin, user.usr_name) == ("Y", "N", "Ada")
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)
    assert user.check_password(PASSWORD)
    assert PASSWORD not in (user.password or "")


@pytest.mark.django_db
def test_created_superuser_administers() -> None:
    user = User.objects.create_superuser("root", PASSWORD)
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, True, True)
    assert user.has_perm("queries.change_query")
    assert user.has_perms(["queries.change_query", "pools.view_pool"])
    assert user.has_module_perms("queries")


def test_disabled_administrator_may_do_nothing() -> None:
    user = User(usr_id="root", usr_status="N", usr_admin="Y")
    assert not user.is_active
    assert not user.has_perm("queries.change_query")
    assert not user.has_module_perms("queries")


@pytest.mark.parametrize("flag", [None, "", "N", "y", "1"])
def test_only_y_enables_and_makes_an_administrator(flag: str | None) -> None:
    user = User(usr_id="ada", usr_status=flag, usr_admin=flag)
    assert (user.is_active, user.is_staff, user.is_superuser) == (False, False, False)


@pytest.mark.django_db
def test_user_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="A user needs an id"):
        User.objects.create_user("", PASSWORD)


@pytest.mark.django_db
def test_user_created_without_a_password_signs_in_with_none() -> None:
    user = User.objects.create_user("ada")
    assert not user.has_usable_password()
    assert not user.check_password("")


@pytest.mark.parametrize("stored", [None, "", "ENC:c2FsdA==", "clear", "!"])
def test_password_that_is_no_hash_signs_nobody_in(stored: str | None) -> None:
    user = User(usr_id="ada", password=stored)
    assert not user.check_password(stored or "")
    assert user.password == stored


def test_password_of_null_is_not_usable() -> None:
    assert not User(usr_id="ada", password=None).has_usable_password()
    assert User(usr_id="ada", password=make_password(PASSWORD)).has_usable_password()


def test_names_fall_back_to_the_user_id() -> None:
    assert User(usr_id="ada").get_full_name() == "ada"
    assert User(usr_id="ada", usr_name="Ada Lovelace").get_full_name() == "Ada Lovelace"
    assert User(usr_id="ada", usr_name="Ada Lovelace").get_short_name() == "ada"
    assert str(User(usr_id="ada")) == "ada"


@pytest.mark.django_db
def test_createsuperuser_makes_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", usr_id="root", interactive=False, verbosity=0)
    user = User.objects.get_by_natural_key("root")
    assert user.is_superuser
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
def test_stored_delete_of_a_user_passes_and_keeps_the_log() -> None:
    user = User.objects.create_superuser("root", PASSWORD)
    Membership.objects.create(usr=user, rol=Role.objects.create(rol_id="editors"))
    UserState.objects.create(usr_id="root", must_change_password=True)
    log_a_change(user)
    delete_by_stored_sql("root")
    assert not User.objects.exists()
    assert not Membership.objects.exists()
    assert Role.objects.count() == 1
    assert LogEntry.objects.get().user_id == "root"


@pytest.mark.django_db(transaction=True)
def test_constraint_of_the_log_comes_back_when_its_migration_is_taken_back() -> None:
    kept = User.objects.create_user("kept")
    gone = User.objects.create_user("gone")
    log_a_change(kept)
    log_a_change(gone)
    delete_by_stored_sql("gone")
    MigrationExecutor(connection).migrate([("accounts", "0001_initial")])
    assert log_references_users()
    assert [entry.user_id for entry in LogEntry.objects.all()] == ["kept"]
    call_command("migrate", "accounts", verbosity=0)
    assert not log_references_users()


def log_references_users() -> bool:
    """Say whether the database has a foreign key from the admin's log to the users."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "django_admin_log")
    return any(found["foreign_key"] == ("ly_users", "usr_id") for found in constraints.values())
