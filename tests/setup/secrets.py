"""Stored secrets that tests of keys work on."""

from typing import Any

from apps.accounts.models import User
from apps.framework.models import Api, ApiConnection
from apps.pools.models import Pool
from liberty.crypto import decrypt_stored, encrypt_stored, is_stored_form
from liberty.keys import make_encryption_key
from tests.external import ExternalPool

OLD, NEW = make_encryption_key(), make_encryption_key()
CONNECTIONS = """CREATE TABLE ly_api_conn (
    conn_id integer NOT NULL PRIMARY KEY,
    conn_label varchar(100) NOT NULL,
    conn_url varchar(255) NOT NULL,
    conn_user varchar(100),
    conn_password text,
    conn_audit_user varchar(30),
    conn_audit_date timestamp NULL
)"""


def store_secrets() -> set[str]:
    """Store a secret in each of the four columns of the framework database; return the clear texts."""
    Pool.objects.create(apps_id=901, apps_password=encrypt_stored("of a pool"))
    Api.objects.create(api_id=902, api_label="x", api_url="x", api_password=encrypt_stored("of an API"))
    ApiConnection.objects.create(
        conn_id=903, conn_label="x", conn_url="x", conn_password=encrypt_stored("ENC:é🙂")
    )
    User.objects.create(usr_id="old", password=encrypt_stored("of a user"))
    return {"of a pool", "of an API", "ENC:é🙂", "of a user"}


def make_catalogue(pool: ExternalPool, *stored: Any) -> None:
    """Make the pool a catalogue that holds connections with the passwords `stored`, numbered from 1."""
    pool.execute(CONNECTIONS)
    for number, text in enumerate(stored, start=1):
        value = "NULL" if text is None else f"'{text}'"
        pool.execute(
            "INSERT INTO ly_api_conn (conn_id, conn_label, conn_url, conn_password)"
            f" VALUES ({number}, 'x', 'x', {value})"
        )


def stored_in(pool: ExternalPool) -> list[Any]:
    return [text for (text,) in pool.execute("SELECT conn_password FROM ly_api_conn ORDER BY conn_id")]


def texts() -> list[str]:
    """Return what the four columns of the framework database hold, as it is stored."""
    columns = (
        Pool.objects.values_list("apps_password", flat=True),
        Api.objects.values_list("api_password", flat=True),
        ApiConnection.objects.values_list("conn_password", flat=True),
        User.objects.values_list("password", flat=True),
    )
    return [str(text) for column in columns for text in column if text]


def clear_texts() -> set[str]:
    return {decrypt_stored(text) for text in texts() if is_stored_form(text)}
