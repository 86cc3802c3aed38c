"""POST /api/db/create and /api/db/drop.

The framework database is on PostgreSQL in half of the runs alone; the tests give the service a server of
their own, as a superuser and as a user who may make databases and roles and nothing else.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.pools import databases, registry
from apps.pools.models import Pool
from liberty.crypto import encrypt_stored, encrypt_transport
from tests.conftest import client_of
from tests.databases import Database, Server, unique_name

pytestmark = pytest.mark.django_db

Own = dict[str, Any]


@pytest.fixture
def name(worker: str, postgres_server: Server) -> Iterator[str]:
    """A name that no database and no role has, with letters that need quotes; both are dropped after."""
    name = unique_name(worker) + ' Ä"x'
    yield name
    quoted = '"' + name.replace('"', '""') + '"'
    postgres_server.execute(f"DROP DATABASE IF EXISTS {quoted}")
    postgres_server.execute(f"DROP ROLE IF EXISTS {quoted}")


@pytest.fixture(params=["superuser", "maker"])
def own(
    request: pytest.FixtureRequest, postgres_server: Server, worker: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Own]:
    """The framework database's server as the service sees it, for each kind of its user."""
    user, password, made = postgres_server.user, postgres_server.password, ""
    if request.param == "maker":
        made = user = unique_name(worker)
        password = "maker"
        postgres_server.execute(f"CREATE ROLE {made} LOGIN PASSWORD 'maker' CREATEDB CREATEROLE")
    own = server_settings(postgres_server, user, password)
    use(monkeypatch, own)
    yield own
    if made:
        postgres_server.execute(f"DROP OWNED BY {made}", f"DROP ROLE {made}")


@pytest.fixture
def superuser(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> Own:
    own = server_settings(postgres_server, postgres_server.user, postgres_server.password)
    use(monkeypatch, own)
    return own


def server_settings(server: Server, user: str, password: str) -> Own:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "HOST": server.host,
        "PORT": server.port,
        "USER": user,
        "PASSWORD": password,
    }


def use(monkeypatch: pytest.MonkeyPatch, own: Own) -> None:
    params = {
        "dbname": own["NAME"],
        "host": own["HOST"],
        "port": own["PORT"],
        "user": own["USER"],
        "password": own["PASSWORD"],
    }
    monkeypatch.setattr(databases, "_settings", lambda: own)
    monkeypatch.setattr(databases, "_params", lambda: dict(params))


def create(client: APIClient, **members: Any) -> tuple[int, Any]:
    response = client.post("/api/db/create", members, format="json")
    return response.status_code, response.json()


def drop(client: APIClient, database: str, user: str) -> tuple[int, Any]:
    response = client.post("/api/db/drop", {"database": database, "user": user}, format="json")
    return response.status_code, response.json()


def done(message: str) -> tuple[int, Any]:
    return 200, {"items": [], "status": "success", "count": 0, "message": message}


def failed(status: int, message: str) -> tuple[int, Any]:
    return status, {"status": "failed", "message": message}


def known(server: Server, name: str) -> tuple[bool, bool]:
    """Tell whether there are a database and a role of this name."""
    with closing(psycopg.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname="postgres"
    )) as connection:  # fmt: skip
        found = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s),"
            " EXISTS (SELECT FROM pg_roles WHERE rolname = %(name)s)",
            {"name": name},
        ).fetchone()
    assert found is not None
    return found[0], found[1]


PASSWORD = 'o\'brien \\ "x" % é'


def test_a_database_is_made_used_and_dropped(
    own: Own, admin_client: APIClient, name: str, postgres_server: Server
) -> None:
    answer = create(
        admin_client, host=own["HOST"], port=str(own["PORT"]), database=name, user=name, password=PASSWORD
    )
    assert answer == done(f"Database `{name}` created")
    with closing(psycopg.connect(
        host=own["HOST"], port=own["PORT"], dbname=name, user=name, password=PASSWORD
    )) as connection:  # fmt: skip
        connection.execute("CREATE TABLE t (a integer)")
        connection.commit()
    assert drop(admin_client, name, name) == done(f"Database `{name}` dropped")
    assert known(postgres_server, name) == (False, False)


def test_nobody_else_may_connect(
    superuser: Own, admin_client: APIClient, name: str, worker_postgres: Database
) -> None:
    create(admin_client, database=name, user=name, password=PASSWORD)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(
            host=superuser["HOST"],
            port=superuser["PORT"],
            dbname=name,
            user=worker_postgres.user,
            password=worker_postgres.password,
        )


def test_a_password_may_be_encrypted_for_transport(
    superuser: Own, admin_client: APIClient, name: str
) -> None:
    create(admin_client, database=name, user=name, password=encrypt_transport(PASSWORD))
    with closing(psycopg.connect(
        host=superuser["HOST"], port=superuser["PORT"], dbname=name, user=name, password=PASSWORD
    )):  # fmt: skip
        pass


def test_what_is_there_already_is_told_and_stays(
    own: Own, admin_client: APIClient, name: str, postgres_server: Server
) -> None:
    create(admin_client, database=name, user=name, password="first")
    again = create(admin_client, database=name, user="other", password="second")
    assert again == failed(400, f"There is a database `{name}` already.")
    assert known(postgres_server, "other") == (False, False)
    again = create(admin_client, database="other", user=name, password="second")
    assert again == failed(400, f"There is a role `{name}` already.")
    assert known(postgres_server, "other") == (False, False)


def test_a_role_does_not_stay_where_its_database_is_refused(
    superuser: Own,
    admin_client: APIClient,
    name: str,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(databases, "_check_free", lambda *args: None)
    status, body = create(admin_client, database="postgres", user=name, password=PASSWORD)
    assert (status, body) == failed(400, 'The database server refused: database "postgres" already exists.')
    assert known(postgres_server, name) == (False, False)


def test_a_name_that_the_server_refuses_is_told(superuser: Own, admin_client: APIClient, name: str) -> None:
    message = 'The database server refused: role name "pg_x" is reserved.'
    assert create(admin_client, database=name, user="pg_x", password="x") == failed(400, message)


@pytest.mark.parametrize(("host", "port"), [("db.example", None), ("10.0.0.1", 5432), ("localhost", 1)])
def test_another_server_is_refused(
    superuser: Own, admin_client: APIClient, name: str, host: str, port: int | None
) -> None:
    answer = create(admin_client, host=host, port=port, database=name, user=name, password="x")
    message = "Databases are made on the framework database's own server only."
    assert answer == failed(403, message)


def test_the_port_may_be_left_out(superuser: Own, admin_client: APIClient, name: str) -> None:
    answer = create(admin_client, host="localhost", database=name, user=name, password="x")
    assert answer == done(f"Database `{name}` created")


def test_another_name_of_the_server_may_be_listed(
    superuser: Own, admin_client: APIClient, name: str, settings: Settings
) -> None:
    settings.LIBERTY_DATABASE_HOSTS = ["pg"]
    answer = create(admin_client, host="PG", port=5432, database=name, user=name, password="x")
    assert answer == done(f"Database `{name}` created")


@pytest.mark.parametrize(
    ("database", "user"), [("postgres", "x"), ("template1", "x"), ("template0", "x"), ("x", "postgres")]
)
def test_what_the_server_needs_is_kept(
    superuser: Own, admin_client: APIClient, database: str, user: str
) -> None:
    message = "This database or role cannot be dropped: the server needs it."
    assert drop(admin_client, database, user) == failed(403, message)


def test_the_framework_database_and_its_user_are_kept(own: Own, admin_client: APIClient, name: str) -> None:
    own["NAME"] = name
    message = "This database or role cannot be dropped: the server needs it."
    assert drop(admin_client, name, "x") == failed(403, message)
    assert drop(admin_client, "x", own["USER"]) == failed(403, message)


def test_a_database_that_is_not_there_is_told(superuser: Own, admin_client: APIClient) -> None:
    assert drop(admin_client, "nothing", "x") == failed(400, "There is no database `nothing`.")


def test_the_role_must_own_the_database(
    superuser: Own, admin_client: APIClient, name: str, postgres_server: Server
) -> None:
    create(admin_client, database=name, user=name, password="x")
    message = f"The database `{name}` does not belong to the role `other`."
    assert drop(admin_client, name, "other") == failed(400, message)
    assert known(postgres_server, name) == (True, True)


def test_a_role_with_a_part_elsewhere_stays_with_its_database(
    superuser: Own, admin_client: APIClient, name: str, postgres_server: Server, worker: str
) -> None:
    create(admin_client, database=name, user=name, password="x")
    other = unique_name(worker)
    quoted = '"' + name.replace('"', '""') + '"'
    postgres_server.execute(f"CREATE DATABASE {other} OWNER {quoted}")
    message = f"The role `{name}` has a part in other databases."
    try:
        assert drop(admin_client, name, name) == failed(400, message)
        assert known(postgres_server, name) == (True, True)
    finally:
        postgres_server.execute(f"DROP DATABASE {other}")


def test_a_database_in_use_stays(
    superuser: Own, admin_client: APIClient, name: str, postgres_server: Server
) -> None:
    create(admin_client, database=name, user=name, password="x")
    with closing(psycopg.connect(
        host=superuser["HOST"], port=superuser["PORT"], dbname=name, user=name, password="x"
    )):  # fmt: skip
        message = "Somebody is connected to the database."
        assert drop(admin_client, name, name) == failed(400, message)
    assert known(postgres_server, name) == (True, True)


@pytest.fixture
def described(superuser: Own, worker: str, postgres_server: Server) -> Iterator[Pool]:
    """A pool that is described, and whose database and role are to be made; both are dropped after."""
    name = unique_name(worker)[-20:]
    yield Pool.objects.create(
        apps_id=90, apps_pool="described", apps_dbtype="postgres", apps_host=superuser["HOST"],
        apps_port=superuser["PORT"], apps_database=name, apps_user=name,
        apps_password=encrypt_stored(PASSWORD),
    )  # fmt: skip
    registry.close_all()
    postgres_server.execute(f"DROP DATABASE IF EXISTS {name}", f"DROP ROLE IF EXISTS {name}")


def test_the_stand_in_is_the_password_of_the_described_pool(
    described: Pool, superuser: Own, admin_client: APIClient
) -> None:
    name = described.apps_database
    answer = create(admin_client, database=name, user=name, password="ENC:********")
    assert answer == done(f"Database `{name}` created")
    with closing(psycopg.connect(
        host=superuser["HOST"], port=superuser["PORT"], dbname=name, user=name, password=PASSWORD
    )):  # fmt: skip
        pass


def test_the_stand_in_without_a_pool_is_told(
    described: Pool, admin_client: APIClient, name: str, postgres_server: Server
) -> None:
    message = "No pool with this database and user has a password: give one."
    answer = create(admin_client, database=described.apps_database, user=name, password="ENC:********")
    assert answer == failed(400, message)
    assert known(postgres_server, name) == (False, False)


def test_pools_on_the_database_are_closed(
    described: Pool, admin_client: APIClient, postgres_server: Server
) -> None:
    name = described.apps_database or ""
    create(admin_client, database=name, user=name, password=PASSWORD)
    assert admin_client.get("/api/db/open?target_pool=described").status_code == 200
    assert registry.is_open("described")
    assert drop(admin_client, name, name) == done(f"Database `{name}` dropped")
    assert not registry.is_open("described")
    assert known(postgres_server, name) == (False, False)


def test_what_other_processes_keep_waiting_is_ended(
    described: Pool, superuser: Own, admin_client: APIClient
) -> None:
    name = described.apps_database or ""
    create(admin_client, database=name, user=name, password=PASSWORD)
    with closing(psycopg.connect(
        host=superuser["HOST"], port=superuser["PORT"], dbname=name, user=name, password=PASSWORD,
        application_name="liberty", autocommit=True,
    )):  # fmt: skip
        assert drop(admin_client, name, name) == done(f"Database `{name}` dropped")


def test_a_user_without_the_rights_is_told(
    admin_client: APIClient, name: str, worker_postgres: Database, postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    use(monkeypatch, server_settings(postgres_server, worker_postgres.user, worker_postgres.password)
        | {"NAME": worker_postgres.name})  # fmt: skip
    message = "The framework database's user needs CREATEDB and CREATEROLE for this."
    assert create(admin_client, database=name, user=name, password="x") == failed(403, message)
    assert known(postgres_server, name) == (False, False)


def test_a_server_that_is_away_is_told(
    superuser: Own, admin_client: APIClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, superuser | {"PORT": 1})
    answer = create(admin_client, database=name, user=name, password="x")
    assert answer == failed(503, "The framework database's server does not answer.")


def test_another_product_makes_no_databases(
    admin_client: APIClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_settings", lambda: {"ENGINE": "django.db.backends.sqlite3"})
    message = "Databases are made and dropped where the framework database is on PostgreSQL."
    assert create(admin_client, database=name, user=name, password="x") == failed(501, message)
    assert drop(admin_client, name, name) == failed(501, message)


def test_only_administrators_of_the_default_catalogue(reader_client: APIClient, name: str) -> None:
    message = "Pools are managed by administrators of the default catalogue."
    assert create(reader_client, database=name, user=name, password="x") == failed(403, message)
    assert drop(reader_client, name, name) == failed(403, message)


def test_a_read_only_administrator_does_neither(admin: User, name: str) -> None:
    admin.usr_readonly = "Y"
    admin.save()
    message = "A read-only user cannot write."
    assert create(client_of(admin), database=name, user=name, password="x") == failed(403, message)
    assert drop(client_of(admin), name, name) == failed(403, message)


def test_every_member_is_checked(admin_client: APIClient) -> None:
    status, body = create(admin_client, host=1, port="5432x", database="", user="x" * 64, password="ENC:x")
    faults = [(fault["loc"], fault["type"]) for fault in body["detail"]]
    assert (status, faults) == (
        422,
        [
            (["body", "database"], "string_length"),
            (["body", "user"], "string_length"),
            (["body", "password"], "value_error"),
            (["body", "host"], "string_type"),
            (["body", "port"], "int_parsing"),
        ],
    )
    status, body = create(admin_client)
    assert [fault["loc"][1] for fault in body["detail"]] == ["database", "user", "password"]


def test_the_params_are_those_of_the_framework_database() -> None:
    if django_settings.FRAMEWORK != "postgres":
        return
    params = databases._params()
    assert params["dbname"] == databases._settings()["NAME"]
    assert not {"pool", "cursor_factory", "context"} & set(params)
