"""Secrets of framework tables, read and written through stored queries."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.services import sign_in
from apps.pools.models import Pool
from liberty.crypto import decrypt_stored, encrypt_stored, encrypt_transport
from liberty.secrets import STAND_IN
from tests.api.calls import message_of, query, rows, write
from tests.conftest import PASSWORD
from tests.definitions import define

# Statements on the framework database use connections of their own, which see what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

USER_COLUMNS = (
    "usr_id, usr_password, usr_name, usr_email, usr_status, usr_admin, usr_language, usr_mode, usr_readonly,"
    " usr_audit_user, usr_audit_date, usr_dashboard, usr_theme"
)
NEW = {"USR_ID": "zoe", "USR_PASSWORD": "open sesame", "USR_NAME": "Zoé"}


@pytest.fixture(autouse=True)
def stored_queries(admin: User) -> None:
    define(1, "GET", "SELECT usr_id, usr_password, usr_name FROM ly_users", order_by="usr_id")
    define(
        1,
        "POST",
        "INSERT INTO ly_users (usr_id, usr_password, usr_name, usr_status)"
        " VALUES (:USR_ID, :USR_PASSWORD, :USR_NAME, 'Y')",
    )
    define(
        1,
        "PUT",
        "UPDATE ly_users SET usr_password = :USR_PASSWORD, usr_name = :USR_NAME WHERE usr_id = :USR_ID",
    )
    define(2, "GET", "SELECT apps_pool, apps_password FROM ly_applications", order_by="apps_pool")
    define(
        2,
        "POST",
        "INSERT INTO ly_applications (apps_id, apps_pool, apps_password)"
        " VALUES (:APPS_ID, :APPS_POOL, :SECRET)",
    )
    define(2, "PUT", "UPDATE ly_applications SET apps_password = :SECRET WHERE apps_pool = :APPS_POOL")


def stored_password(user: str) -> str | None:
    return User.objects.values_list("password", flat=True).get(usr_id=user)


def test_a_secret_is_read_as_the_stand_in(admin_client: APIClient) -> None:
    response = query(admin_client, 1)
    assert rows(response) == [
        {"ROW_ID": 1, "USR_ID": "admin", "USR_PASSWORD": STAND_IN, "USR_NAME": "Ada Admin"}
    ]
    assert "argon2" not in response.content.decode()


@pytest.mark.parametrize(
    "arguments", [{"q": {"USR_PASSWORD": {"like": "%"}}}, {"order": "USR_PASSWORD"}], ids=str
)
def test_a_secret_cannot_be_filtered_or_sorted_on(admin_client: APIClient, arguments: dict[str, Any]) -> None:
    response = query(admin_client, 1, **arguments)
    assert (response.status_code, message_of(response)) == (
        400,
        "Column `USR_PASSWORD` holds a secret and cannot be filtered or sorted on.",
    )


def test_a_new_password_is_hashed_and_signs_in(admin_client: APIClient) -> None:
    assert write(admin_client, "POST", 1, NEW).status_code == 200
    assert (stored_password("zoe") or "").startswith("argon2")
    assert sign_in(user_id="zoe", password="open sesame").user_id == "zoe"


def test_a_password_encrypted_moments_ago_is_taken(admin_client: APIClient) -> None:
    write(admin_client, "POST", 1, {**NEW, "USR_PASSWORD": encrypt_transport("open sesame")})
    assert sign_in(user_id="zoe", password="open sesame").user_id == "zoe"


def test_the_stand_in_leaves_the_password_as_it_is(admin_client: APIClient) -> None:
    before = stored_password("admin")
    body = {"USR_ID": "admin", "USR_PASSWORD": STAND_IN, "USR_NAME": "Ada Renamed"}
    assert write(admin_client, "PUT", 1, body).json()["count"] == 1
    assert (stored_password("admin"), User.objects.get(usr_id="admin").usr_name) == (before, "Ada Renamed")
    assert sign_in(user_id="admin", password=PASSWORD).user_id == "admin"


def test_a_row_needs_more_than_the_stand_in(admin_client: APIClient) -> None:
    response = write(admin_client, "POST", 1, {**NEW, "USR_PASSWORD": STAND_IN})
    assert (response.status_code, message_of(response)) == (
        400,
        "A new row needs the secret itself, not its stand-in.",
    )
    assert not User.objects.filter(usr_id="zoe").exists()


def test_stored_encrypted_text_is_not_taken_from_a_caller(admin_client: APIClient) -> None:
    for text in (encrypt_stored("x"), "ENC:AAAA"):
        response = write(admin_client, "POST", 1, {**NEW, "USR_PASSWORD": text})
        assert response.status_code == 400
        assert text not in response.content.decode()


def test_a_hash_that_is_posted_is_a_password_like_another(admin_client: APIClient) -> None:
    posted = stored_password("admin") or ""
    write(admin_client, "POST", 1, {**NEW, "USR_PASSWORD": posted})
    assert stored_password("zoe") != posted
    assert sign_in(user_id="zoe", password=posted).user_id == "zoe"


def test_credentials_are_encrypted_by_the_column_that_they_go_into(admin_client: APIClient) -> None:
    write(admin_client, "POST", 2, {"APPS_ID": 50, "APPS_POOL": "erp", "SECRET": "p@ss"})
    stored = Pool.objects.get(apps_id=50).apps_password or ""
    assert stored.startswith("ENC:v1:")
    assert decrypt_stored(stored) == "p@ss"
    assert rows(query(admin_client, 2))[0]["APPS_PASSWORD"] == STAND_IN
    write(admin_client, "PUT", 2, {"APPS_POOL": "erp", "SECRET": STAND_IN})
    assert Pool.objects.get(apps_id=50).apps_password == stored


def test_rows_written_by_position_are_prepared_by_their_place(admin_client: APIClient) -> None:
    define(
        3,
        "POST",
        "INSERT INTO ly_users VALUES (:A, :B, :C, NULL, 'Y', 'N', 'en', NULL, 'N', NULL, NULL, NULL, NULL)",
    )
    define(4, "POST", "INSERT INTO ly_users VALUES :ROWS")
    define(5, "POST", f"INSERT INTO ly_users ({USER_COLUMNS}) VALUES :ROWS")
    row = ["B", "open sesame", "x", None, "Y", "N", "en", None, "N", None, None, None, None]
    write(admin_client, "POST", 3, {"A": "u3", "B": "open sesame", "C": "x"})
    for number in (4, 5):
        members = {f"M{place}": value for place, value in enumerate([f"u{number}", *row[1:]])}
        assert write(admin_client, "POST", number, {"ROWS": [members]}).json()["count"] == 1
    assert all((stored_password(user) or "").startswith("argon2") for user in ("u3", "u4", "u5"))


def test_a_refused_line_is_told_back_without_its_secret(admin_client: APIClient) -> None:
    write(admin_client, "POST", 1, NEW)
    response = write(admin_client, "POST", 1, NEW)
    assert response.status_code == 500
    assert response.json()["message"]["items"][0]["line"] == {**NEW, "USR_PASSWORD": STAND_IN}
    assert "open sesame" not in response.content.decode()


def test_a_user_disabled_through_a_query_is_out_at_once(
    admin_client: APIClient, reader_client: APIClient
) -> None:
    define(6, "PUT", "UPDATE LY_USERS SET usr_status = 'N' WHERE usr_id = :USR_ID")
    assert reader_client.get("/api/auth/user").status_code == 200
    assert write(admin_client, "PUT", 6, {"USR_ID": "reader"}).json()["count"] == 1
    assert reader_client.get("/api/auth/user").status_code == 401


def test_framework_queries_show_no_secret(admin_client: APIClient) -> None:
    arguments = {"source": "framework", "params": {"USR_ID": "admin", "USR_ADMIN": "Y"}}
    assert rows(query(admin_client, 4, **arguments))[0]["USR_PASSWORD"] == STAND_IN
