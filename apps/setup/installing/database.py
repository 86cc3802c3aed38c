"""The PostgreSQL side of set-up: connecting, making role and database, looking into the database."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from apps.pools.dialects.postgresql_failures import connect_failure
from apps.setup.installing.progress import Step
from apps.setup.installing.wish import Maintenance, Target, Wish
from liberty.errors import AlreadyInstalled, InstallFailed, Unavailable

logger = logging.getLogger("liberty.setup")

Connection = psycopg.Connection[Any]

OLDEST_SERVER = 14
# Databases that maintenance may begin in; every server has one of them, unless somebody has dropped it.
_FIRST_DATABASES = ("postgres", "template1")
_MIGRATIONS = "django_migrations"
_UNFINISHED = "liberty: set-up is not finished"
# The server tells a stranger neither whether the role is there nor whether its password is wrong.
_MAINTENANCE_HINT = "If its role or database is not there yet, name a maintenance account, which makes them."


@dataclass(slots=True)
class Made:
    """What this run has made on the server, to be undone where it fails."""

    role: bool = False
    database: bool = False
    privileges: bool = False


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the server lets nobody in, in plain words, and whether it is that it does not answer."""

    text: str
    is_silence: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds: our own tables, and whether the set-up that made them came to its end."""

    is_ours: bool
    is_finished: bool


@contextmanager
def prepared(wish: Wish) -> Iterator[None]:
    """See to it that the target can be connected to, and undo what that took where the block fails.

    Raises InstallFailed.
    """
    reason = _refusal(wish.target)
    if reason is None:
        yield
        return
    if wish.maintenance is None:
        raise _not_connected(reason.text if reason.is_silence else f"{reason.text} {_MAINTENANCE_HINT}")
    with _maintaining(wish.target, wish.maintenance) as connection:
        made = Made()
        try:
            _make(connection, wish, made, reason.text)
            reason = _refusal(wish.target)
            if reason is not None:
                raise _not_connected(reason.text)
            yield
        except BaseException:
            _undo(connection, wish, made)
            raise


def connect(target: Target) -> Connection:
    """Open an autocommit connection. Raises psycopg.Error."""
    return _connect(target, target.database, user=target.user, password=target.password)


def examine(target: Target) -> Content:
    """Tell what the target holds.

    Raises InstallFailed where it cannot be used: an old server, another encoding than UTF-8, an account that
    may make no tables, tables that are not ours under names that we need.
    """
    try:
        with closing(connect(target)) as connection:
            _require_server(connection)
            _require_rights(connection, target)
            return _content(connection)
    except psycopg.Error as exc:
        raise _failed(Step.EXAMINE, exc) from exc


def mark_unfinished() -> None:
    """Note in Django's `default` that a set-up has begun to fill it."""
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {_MIGRATIONS} IS '{_UNFINISHED}'")


def mark_finished(target: Target) -> None:
    """Take the note back. That it cannot be taken back is logged: it does no harm."""
    try:
        with closing(connect(target)) as connection:
            connection.execute(f"COMMENT ON TABLE {_MIGRATIONS} IS NULL")
    except psycopg.Error:
        logger.warning("the mark of set-up could not be removed", exc_info=True)


def remove_mark() -> None:
    """Take the note back in Django's `default`, where whoever should have done it was killed.

    Raises django.db.Error.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [_MIGRATIONS])
        if cursor.fetchone() == (_UNFINISHED,):
            cursor.execute(f"COMMENT ON TABLE {_MIGRATIONS} IS NULL")


def _refusal(target: Target) -> _Refusal | None:
    """Return why the target cannot be connected to, None if it can."""
    try:
        connect(target).close()
    except psycopg.Error as exc:
        return _reason(exc)
    return None


def _connect(target: Target, database: str, *, user: str, password: str) -> Connection:
    return psycopg.connect(
        host=target.host,
        port=target.port,
        dbname=database,
        user=user,
        password=password,
        connect_timeout=settings.LIBERTY_CONNECT_TIMEOUT_S,
        application_name="liberty set-up",
        autocommit=True,
    )


@contextmanager
def _maintaining(target: Target, maintenance: Maintenance) -> Iterator[Connection]:
    """Yield a connection of the maintenance account. Raises InstallFailed."""
    connection, reason = None, ""
    for database in _FIRST_DATABASES:
        try:
            connection = _connect(target, database, user=maintenance.user, password=maintenance.password)
            break
        except psycopg.Error as exc:
            reason = _reason(exc).text
    if connection is None:
        raise _not_connected(f"as the maintenance user: {reason}")
    with closing(connection):
        yield connection


def _make(connection: Connection, wish: Wish, made: Made, reason: str) -> None:
    """Make the role and the database, whichever is missing. Raises InstallFailed."""
    target = wish.target
    has_role = _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", target.user)
    has_database = _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", target.database)
    if has_role and has_database:
        raise _not_connected(f"role and database are there, but {reason}")
    try:
        if not has_role:
            _make_role(connection, target)
            made.role = True
        if not has_database:
            _make_database(connection, target)
            made.database = True
        else:
            _let_in(wish)
            made.privileges = True
    except psycopg.Error as exc:
        raise _failed(Step.CONNECT, exc) from exc


def _exists(connection: Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None


def _make_role(connection: Connection, target: Target) -> None:
    """Make a role with its password as a verifier: the server's log may hold what it is sent."""
    verifier = connection.pgconn.encrypt_password(
        target.password.encode(), target.user.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(target.user), sql.Literal(verifier.decode())
        )
    )


def _make_database(connection: Connection, target: Target) -> None:
    """Make a database that the role owns and nobody else enters."""
    owner, database = sql.Identifier(target.user), sql.Identifier(target.database)
    is_superuser = connection.info.parameter_status("is_superuser") == "on"
    if not is_superuser:
        # Only a member of a role may give it something.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    try:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(database, owner)
        )
        connection.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))
    finally:
        if not is_superuser:
            connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(owner))


def _let_in(wish: Wish) -> None:
    """Let a new role make tables in a database that was there before it."""
    with closing(_in_target(wish)) as connection:
        for right, thing in (
            ("CONNECT ON DATABASE", wish.target.database),
            ("USAGE, CREATE ON SCHEMA", "public"),
        ):
            connection.execute(
                sql.SQL("GRANT {} {} TO {}").format(
                    sql.SQL(right), sql.Identifier(thing), sql.Identifier(wish.target.user)
                )
            )


def _in_target(wish: Wish) -> Connection:
    if wish.maintenance is None:
        raise TypeError("only a maintenance account does this")
    user, password = wish.maintenance.user, wish.maintenance.password
    return _connect(wish.target, wish.target.database, user=user, password=password)


def _undo(connection: Connection, wish: Wish, made: Made) -> None:
    """Drop what this run has made, and nothing else; what cannot be dropped is logged by its name."""
    role, database = sql.Identifier(wish.target.user), sql.Identifier(wish.target.database)
    try:
        if made.database:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        if made.role and made.privileges:
            with suppress(psycopg.Error), closing(_in_target(wish)) as inside:
                inside.execute(sql.SQL("DROP OWNED BY {}").format(role))
        if made.role:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
    except psycopg.Error:
        logger.error(
            "set-up could not drop what it made: database `%s`, role `%s`",
            wish.target.database if made.database else "-",
            wish.target.user if made.role else "-",
            exc_info=True,
        )


def _require_server(connection: Connection) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise InstallFailed(
            Step.EXAMINE, f"the server is PostgreSQL {version}, and {OLDEST_SERVER} or newer is needed."
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise InstallFailed(Step.EXAMINE, f"the database has the encoding {encoding}, and UTF8 is needed.")


def _require_rights(connection: Connection, target: Target) -> None:
    row = connection.execute(
        "SELECT current_schema(), has_schema_privilege(current_schema(), 'CREATE')"
    ).fetchone()
    schema, may_create = row or (None, False)
    if not may_create:
        raise InstallFailed(
            Step.EXAMINE,
            f"user `{target.user}` may not make tables in schema `{schema or 'public'}`: its owner allows it "
            f"with GRANT CREATE, USAGE ON SCHEMA.",
        )


def _content(connection: Connection) -> Content:
    rows = connection.execute(
        "SELECT relname, coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class"
        " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"
    ).fetchall()
    comments = dict(rows)
    taken = sorted(our_tables() & comments.keys())
    if not taken:
        return Content(is_ours=False, is_finished=False)
    if not _has_our_migrations(connection, comments):
        shown = ", ".join(f"`{name}`" for name in taken[:5])
        raise InstallFailed(
            Step.EXAMINE,
            f"the database has tables of others under names that we need: {shown}"
            f"{', and more' if len(taken) > 5 else ''}. Take an empty database. How the data of an "
            "installation of the original is moved, docs/migrating.md says.",
        )
    return Content(is_ours=True, is_finished=comments[_MIGRATIONS] != _UNFINISHED)


def require_unchanged(content: Content) -> None:
    """Raise AlreadyInstalled where Django's `default` is not as it was examined: another set-up was faster.

    Called with its lock, so that it stays as it is now.
    """
    connection.ensure_connection()
    if _content(connection.connection) != content:
        raise AlreadyInstalled("Another set-up has just filled this database; nothing was changed.")


@contextmanager
def emptied_again(content: Content) -> Iterator[Callable[[], None]]:
    """Drop the tables that the block makes in Django's `default` where it fails.

    Yields what notes that they are committed: before that the block's transaction undoes them, and what is
    there belongs to somebody else.
    """
    is_committed = False

    def note() -> None:
        nonlocal is_committed
        is_committed = True

    try:
        yield note
    except BaseException:
        if is_committed and not content.is_ours:
            with suppress(Error):
                _drop_our_tables()
        raise


def _drop_our_tables() -> None:
    tables = ", ".join(connection.ops.quote_name(name) for name in sorted(our_tables()))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {tables}")


def our_tables() -> set[str]:
    """Return the names of all tables that our migrations make."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed} | {_MIGRATIONS}


def _has_our_migrations(connection: Connection, tables: dict[str, str]) -> bool:
    table = MigrationRecorder.Migration._meta.db_table
    if table not in tables or "ly_users" not in tables:
        return False
    found = connection.execute(
        sql.SQL(
            "SELECT count(*) FROM {} WHERE name = '0001_initial' AND app IN ('pools', 'accounts')"
        ).format(sql.Identifier(table))
    ).fetchone()
    return found == (2,)


def _failed(step: Step, exc: psycopg.Error) -> InstallFailed:
    # The whole text of a refusal may quote the statement.
    reason = exc.diag.message_primary or "it does not answer"
    logger.warning("set-up, step %s: %s", step, reason)
    return InstallFailed(step, f"the server refused: {reason}.")


def _not_connected(reason: str) -> InstallFailed:
    logger.warning("set-up cannot connect: %s", reason)
    return InstallFailed(Step.CONNECT, reason)


def _reason(exc: psycopg.Error) -> _Refusal:
    """Return why the server lets nobody in, without its address and without a password."""
    failure = connect_failure("", exc)
    is_silence = isinstance(failure, Unavailable)
    reason = failure.message if is_silence else failure.message.partition(": ")[2]
    return _Refusal(f"{reason.rstrip('.')}.", is_silence)
