"""Making and dropping databases on the framework database's own server, which must be PostgreSQL."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import errors as refusals
from psycopg import sql

from apps.pools import registry
from apps.pools.dialects.postgresql import APPLICATION_NAME
from apps.pools.models import Pool
from liberty.crypto import decrypt_stored
from liberty.errors import DecryptionFailed, Forbidden, MalformedRequest, NotOffered, Unavailable
from liberty.secrets import STAND_IN

logger = logging.getLogger("liberty.pools")

DEFAULT_PORT = 5432
# Names of one machine, as everybody on it knows it; empty is its socket.
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_DJANGO_PARAMS = frozenset({"cursor_factory", "context", "pool"})
_KEPT = frozenset({"postgres", "template0", "template1"})

# What a role has a part in, apart from one database and what is in it.
_OTHER_PARTS = """
SELECT count(*) FROM pg_shdepend
WHERE refclassid = 'pg_authid'::regclass AND refobjid = %(role)s AND dbid <> %(database)s
  AND NOT (classid = 'pg_database'::regclass AND objid = %(database)s)
"""

# Sessions of pools, those that wait for the next statement; none of roles that we may not act for.
_END_WAITING = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = %(database)s AND application_name = %(application)s AND state = 'idle'
  AND pg_has_role(usesysid, 'MEMBER')
"""

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class NewDatabase:
    """A database to make, and the role that will own it.

    The password is clear text, or the stand-in for that of the pool which is described with both names.
    """

    name: str
    owner: str
    password: str = field(repr=False)
    host: str = ""
    port: int | None = None


def create_database(new: NewDatabase, *, by: str) -> None:
    """Make a role and a database that it owns, both or none of them; nobody else may connect to it.

    Raises NotOffered where the framework database is no PostgreSQL, Forbidden for another server and where
    the framework database's user may not do this, MalformedRequest where one of the two is there already, the
    server refuses a name or no pool has the password that is meant, Unavailable.
    """
    _check_server(new.host, new.port)
    new = replace(new, password=_clear_password(new))
    with _connected() as connection:
        _check_free(connection, new)
        _create_role(connection, new)
        try:
            _create_owned(connection, new)
        except BaseException:
            with suppress(psycopg.Error):
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(new.owner)))
            raise
    logger.info("database %s and role %s made by %s", new.name, new.owner, by)


def drop_database(name: str, owner: str, *, by: str) -> None:
    """Drop a database and the role that owns it; our pools on it are closed.

    Raises NotOffered and Unavailable as `create_database` does; Forbidden for the framework database and
    those of the server; MalformedRequest where there is no such database, the role is not its owner or has a
    part in others, or somebody is connected: another program, or a statement that runs on a pool.
    """
    _require_postgresql()
    if name in _KEPT | {str(_settings()["NAME"])} or owner in {"postgres", str(_settings()["USER"])}:
        raise Forbidden("This database or role cannot be dropped: the server needs it.")
    with _connected() as connection:
        _check_owner(connection, name, owner)
        _close_pools(connection, name)
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(owner)))
    logger.info("database %s and role %s dropped by %s", name, owner, by)


def _check_free(connection: Connection, new: NewDatabase) -> None:
    if _oid(connection, "SELECT oid FROM pg_database WHERE datname = %s", new.name) is not None:
        raise MalformedRequest(f"There is a database `{new.name}` already.")
    if _oid(connection, "SELECT oid FROM pg_roles WHERE rolname = %s", new.owner) is not None:
        raise MalformedRequest(f"There is a role `{new.owner}` already.")


def _create_role(connection: Connection, new: NewDatabase) -> None:
    # Hashed here: the statement, which the server may log, does not hold the password.
    verifier = connection.pgconn.encrypt_password(new.password.encode(), new.owner.encode()).decode()
    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(new.owner), sql.Literal(verifier)))


def _create_owned(connection: Connection, new: NewDatabase) -> None:
    database, owner = sql.Identifier(new.name), sql.Identifier(new.owner)
    if connection.info.parameter_status("is_superuser") != "on":
        # Whoever gives a database to a role must be able to act as it.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
    connection.execute(create.format(database, owner))
    try:
        connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(database))
    except BaseException:
        with suppress(psycopg.Error):
            connection.execute(sql.SQL("DROP DATABASE {}").format(database))
        raise


def _check_owner(connection: Connection, name: str, owner: str) -> None:
    found = connection.execute(
        "SELECT d.oid, r.oid, r.rolname, d.datistemplate OR r.rolsuper FROM pg_database d"
        " JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = %s",
        [name],
    ).fetchone()
    if found is None:
        raise MalformedRequest(f"There is no database `{name}`.")
    database, role, rolname, is_kept = found
    if is_kept:
        raise Forbidden("This database or role cannot be dropped: the server needs it.")
    if rolname != owner:
        raise MalformedRequest(f"The database `{name}` does not belong to the role `{owner}`.")
    others = connection.execute(_OTHER_PARTS, {"role": role, "database": database}).fetchone()
    if others != (0,):
        raise MalformedRequest(f"The role `{owner}` has a part in other databases.")


def _clear_password(new: NewDatabase) -> str:
    """Return the password of the new role; for the stand-in, what the pool's description keeps.

    A client that shows the description of a pool has the stand-in, and sends it for what stands behind it.
    """
    if new.password != STAND_IN:
        return new.password
    described = Pool.objects.filter(apps_database=new.name, apps_user=new.owner).order_by("apps_id")
    for stored in described.values_list("apps_password", flat=True):
        with suppress(DecryptionFailed):
            return decrypt_stored(stored or "")
    raise MalformedRequest("No pool with this database and user has a password: give one.")


def _close_pools(connection: Connection, name: str) -> None:
    """Close our pools on a database, and end what other processes' pools keep waiting.

    Those close theirs with the next request that they answer. A session that runs something is not ended.
    """
    for alias, row in registry.open_rows().items():
        if row.database == name and _is_own_server(row.host, row.port):
            registry.close(alias)
    connection.execute(_END_WAITING, {"database": name, "application": APPLICATION_NAME})


def _check_server(host: str, port: int | None) -> None:
    _require_postgresql()
    # Without a port the server's own is meant, whichever it is.
    if host and not _is_own_server(host, port or _own_port()):
        raise Forbidden("Databases are made on the framework database's own server only.")


def _require_postgresql() -> None:
    if not _settings()["ENGINE"].endswith("postgresql"):
        raise NotOffered("Databases are made and dropped where the framework database is on PostgreSQL.")


def _is_own_server(host: str, port: int | None) -> bool:
    own_host = str(_settings()["HOST"]).lower()
    host, port = host.lower(), port or DEFAULT_PORT
    if f"{host}:{port}" in _aliases() or host in _aliases():
        return True
    return port == _own_port() and (host == own_host or {host, own_host} <= _HERE)


def _own_port() -> int:
    return int(_settings()["PORT"] or DEFAULT_PORT)


def _aliases() -> Sequence[str]:
    return [name.lower() for name in settings.LIBERTY_DATABASE_HOSTS]


def _params() -> dict[str, Any]:
    """Return how Django connects, without what makes the driver's connection Django's own."""
    params: dict[str, Any] = connections[DEFAULT_DB_ALIAS].get_connection_params()
    return {name: value for name, value in params.items() if name not in _DJANGO_PARAMS}


def _settings() -> dict[str, Any]:
    found: dict[str, Any] = connections.settings[DEFAULT_DB_ALIAS]
    return found


@contextmanager
def _connected() -> Iterator[Connection]:
    """Yield a connection of the framework database's user that begins no transaction by itself."""
    try:
        with psycopg.connect(**_params(), autocommit=True) as connection:
            yield connection
    except refusals.InsufficientPrivilege as exc:
        raise Forbidden("The framework database's user needs CREATEDB and CREATEROLE for this.") from exc
    except refusals.ObjectInUse as exc:
        raise MalformedRequest("Somebody is connected to the database.") from exc
    except psycopg.OperationalError as exc:
        logger.warning("the framework database's server does not answer", exc_info=exc)
        raise Unavailable("The framework database's server does not answer.") from exc
    except psycopg.DatabaseError as exc:
        raise MalformedRequest(f"The database server refused: {exc.diag.message_primary}.") from exc


def _oid(connection: Connection, query: str, name: str) -> int | None:
    row = connection.execute(query, [name]).fetchone()
    return None if row is None else int(row[0])
