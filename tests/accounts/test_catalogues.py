"""Users of an application's own database: they sign in there, and their rights end there."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import check_password, make_password
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from apps.accounts.caller import Caller
from apps.accounts.models import User, UserState
from apps.accounts.selectors import find_caller, find_user
from apps.accounts.services import sign_in
from apps.accounts.tokens import issue_token, read_token
from apps.pools import registry
from apps.pools.models import Pool
from liberty import crypto
from liberty.errors import TooManyAttempts, Unauthenticated
from tests.conftest import PASSWORD
from tests.external import ExternalPool

USERS = """CREATE TABLE ly_users (
    usr_id varchar(100) NOT NULL PRIMARY KEY,
    usr_password text,
    usr_name varchar(255),
    usr_email varchar(255),
    usr_status varchar(1),
    usr_admin varchar(1),
    usr_language varchar(3),
    usr_mode varchar(10),
    usr_readonly varchar(1),
    usr_audit_user varchar(30),
    usr_audit_date timestamp NULL,
    usr_dashboard integer,
    usr_theme varchar(20)
)"""


def add_user(pool: ExternalPool, user_id: str, stored: str, *, admin: str = "N", status: str = "Y") -> None:
    pool.execute(
        "INSERT INTO ly_users (usr_id, usr_password, usr_status, usr_admin)"
        f" VALUES ('{user_id}', '{stored}', '{status}', '{admin}')"
    )


def client_for(user_id: str, catalogue: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user_id=user_id, catalogue=catalogue)}")
    return client


@pytest.fixture(autouse=True)
def models_on_pools(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let models be used on pools: Django refuses databases that were not there when the test began."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def application(any_pool: ExternalPool) -> ExternalPool:
    """A pool with users of its own: `boss` administers it, `ada` does not. Neither exists in `default`."""
    any_pool.execute(USERS)
    add_user(any_pool, "boss", make_password(PASSWORD), admin="Y")
    add_user(any_pool, "ada", make_password(PASSWORD))
    return any_pool


def test_a_user_signs_in_where_he_is(application: ExternalPool) -> None:
    caller = sign_in(user_id="ada", password=PASSWORD, catalogue=application.name)
    assert caller == Caller("ada", application.name)
    with pytest.raises(Unauthenticated):
        sign_in(user_id="ada", password=PASSWORD)


def test_a_user_of_default_is_none_of_the_application(application: ExternalPool, admin: User) -> None:
    with pytest.raises(Unauthenticated):
        sign_in(user_id="admin", password=PASSWORD, catalogue=application.name)


@pytest.mark.parametrize("user_id", ["nobody", "ADA", "ada ", "Ada", "a\0da", "%", "ad\u00e4"])
def test_a_user_id_is_taken_exactly(application: ExternalPool, user_id: str) -> None:
    with pytest.raises(Unauthenticated):
        sign_in(user_id=user_id, password=PASSWORD, catalogue=application.name)


def test_only_its_administrators_sign_in_in_framework_mode(application: ExternalPool) -> None:
    boss = sign_in(user_id="boss", password=PASSWORD, catalogue=application.name, admin_only=True)
    assert (boss.is_admin, boss.is_platform_admin) == (True, False)
    with pytest.raises(Unauthenticated):
        sign_in(user_id="ada", password=PASSWORD, catalogue=application.name, admin_only=True)


@pytest.mark.parametrize("user_id", ["ada", "gone", "nobody", "a\0da"])
def test_every_refusal_costs_one_hash(application: ExternalPool, hashes: list[str], user_id: str) -> None:
    add_user(application, "gone", make_password(PASSWORD), status="N")
    hashes.clear()
    with pytest.raises(Unauthenticated):
        sign_in(user_id=user_id, password="another one", catalogue=application.name)
    assert hashes == ["verify"]


def test_a_pool_without_users_costs_one_hash_as_well(any_pool: ExternalPool, hashes: list[str]) -> None:
    with pytest.raises(Unauthenticated):
        sign_in(user_id="ada", password=PASSWORD, catalogue=any_pool.name)
    assert hashes == ["verify"]


def test_wrong_passwords_lock_the_user_of_that_catalogue(
    application: ExternalPool, settings: Settings
) -> None:
    settings.LIBERTY_SIGN_IN_ATTEMPTS = 1
    User.objects.create_user("ada", PASSWORD)
    with pytest.raises(Unauthenticated):
        sign_in(user_id="ada", password="another one", catalogue=application.name)
    with pytest.raises(TooManyAttempts):
        sign_in(user_id="ada", password=PASSWORD, catalogue=application.name)
    assert sign_in(user_id="ada", password=PASSWORD) == Caller("ada")


def test_a_stored_text_becomes_a_hash_there(application: ExternalPool) -> None:
    add_user(application, "old", crypto.encrypt_stored(PASSWORD))
    assert sign_in(user_id="old", password=PASSWORD, catalogue=application.name).user_id == "old"
    ((stored,),) = application.execute("SELECT usr_password FROM ly_users WHERE usr_id = 'old'")
    assert check_password(PASSWORD, stored)


def test_a_sign_in_elsewhere_leaves_nothing_in_default(application: ExternalPool) -> None:
    sign_in(user_id="ada", password=PASSWORD, catalogue=application.name)
    assert not UserState.objects.exists()
    assert not User.objects.exists()


def test_a_pool_without_users_signs_nobody_in(any_pool: ExternalPool) -> None:
    with pytest.raises(Unauthenticated, match=r"^Authentication failed$"):
        sign_in(user_id="ada", password=PASSWORD, catalogue=any_pool.name)


def test_the_token_names_the_catalogue(application: ExternalPool) -> None:
    body = {"user": "ada", "password": PASSWORD}
    response = APIClient().post(f"/api/auth/token?pool={application.name}", body, format="json")
    claims = read_token(response.json()["access_token"])
    assert (response.status_code, claims.user_id, claims.catalogue) == (200, "ada", application.name)


def test_reading_goes_through_a_connection_that_cannot_write(application: ExternalPool) -> None:
    user = find_user("ada", catalogue=application.name)
    assert user is not None
    assert user._state.db == f"{application.name}:read"


# Rights


def test_a_user_reads_himself_and_nobody_else(application: ExternalPool, admin: User) -> None:
    client = client_for("ada", application.name)
    own = client.get("/api/auth/user").json()
    assert own["items"][0]["USR_ID"] == "ada"
    assert client.get(f"/api/auth/user?user=ada&pool={application.name}").json() == own
    for query in [
        f"user=boss&pool={application.name}",
        "user=ada",
        "user=admin&pool=default",
        "pool=default",
    ]:
        assert client.get(f"/api/auth/user?{query}").status_code == 403


def test_an_administrator_of_the_application_administers_it_alone(
    application: ExternalPool, admin: User
) -> None:
    client = client_for("boss", application.name)
    assert client.get(f"/api/auth/user?user=ada&pool={application.name}").status_code == 200
    assert client.get(f"/api/auth/user?user=nobody&pool={application.name}").status_code == 404
    for query in ["user=admin", "user=admin&pool=default", "user=boss&mode=framework", "mode=framework"]:
        assert client.get(f"/api/auth/user?{query}").status_code == 403


def test_an_administrator_of_default_reads_users_of_the_application(
    application: ExternalPool, admin_client: APIClient
) -> None:
    response = admin_client.get(f"/api/auth/user?user=ada&pool={application.name}")
    assert (response.status_code, response.json()["items"][0]["USR_ID"]) == (200, "ada")
    response = admin_client.get(f"/api/auth/user?user=ada&pool={application.name}&mode=framework")
    assert response.json() == {"status": "failed", "message": "User `ada` not found"}


def test_users_of_one_id_are_two_users(application: ExternalPool, admin: User) -> None:
    add_user(application, "admin", make_password("another one"))
    assert find_caller("admin", catalogue=application.name) == Caller("admin", application.name)
    assert find_caller("admin", catalogue="default") == Caller("admin", is_admin=True, language="en")
    with pytest.raises(Unauthenticated):
        sign_in(user_id="admin", password=PASSWORD, catalogue=application.name)


# Tokens end with their user


def test_a_token_ends_when_its_user_is_changed_through_us(application: ExternalPool) -> None:
    client = client_for("ada", application.name)
    assert client.get("/api/auth/user").status_code == 200
    user = User.objects.using(application.name).get(usr_id="ada")
    user.usr_status = "N"
    user.save()
    assert client.get("/api/auth/user").json() == {"status": "failed", "message": "Invalid token"}


def test_a_token_of_a_pool_that_is_gone_is_invalid(application: ExternalPool) -> None:
    client = client_for("ada", application.name)
    Pool.objects.all().delete()
    registry.close_all()
    assert client.get("/api/auth/user").json() == {"status": "failed", "message": "Invalid token"}


@pytest.mark.parametrize("catalogue", ["", "default:write", "default:read", "a/b", "nowhere"])
def test_a_token_of_no_catalogue_is_invalid(admin: User, catalogue: str) -> None:
    response = client_for("admin", catalogue).get("/api/auth/user")
    assert (response.status_code, response.json()["message"]) == (401, "Invalid token")


def test_a_database_that_was_away_signs_in_again(postgres_pool: ExternalPool) -> None:
    postgres_pool.execute(USERS)
    add_user(postgres_pool, "ada", make_password(PASSWORD))
    sign_in(user_id="ada", password=PASSWORD, catalogue=postgres_pool.name)
    postgres_pool.end_other_sessions()
    assert sign_in(user_id="ada", password=PASSWORD, catalogue=postgres_pool.name).user_id == "ada"
