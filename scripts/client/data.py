"""The data of a comparison: the original's, with what the drive needs, and copied to us."""

import json
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from scripts.client.original import NAME

# Several pages in the larger grids; an audited grid; users of every kind, one with a role; an application
# whose database is made by an action.
_STAGE = (
    # The shipped row holds somebody's key, which we would not show and nobody should keep in recordings.
    "UPDATE ly_modules SET module_params = '' WHERE module_id = 'AI'",
    "UPDATE ly_applications SET apps_offset = 100, apps_limit = 2000 WHERE apps_id = 1",
    "UPDATE ly_tables SET tbl_audit = 'Y' WHERE lower(tbl_db_name) = 'ly_enum'",
    """INSERT INTO ly_users (usr_id, usr_name, usr_email, usr_status, usr_admin, usr_language, usr_mode,
                              usr_readonly, usr_theme, usr_password)
       SELECT new.*, old.usr_password
       FROM (VALUES
           ('reader', 'Rachel O''Reader', 'reader@example.com', 'Y', 'N', 'fr', 'light', 'Y', 'liberty'),
           ('former', 'Frédéric Ancien', 'former@example.com', 'N', 'N', 'en', 'dark', 'N', NULL)
       ) AS new, ly_users AS old
       WHERE old.usr_id = 'admin'""",
    """INSERT INTO ly_usr_roles (usr_id, rol_id)
       SELECT 'reader', rol_id FROM ly_roles ORDER BY rol_id DESC LIMIT 1""",
    """INSERT INTO ly_applications SELECT (jsonb_populate_record(a, jsonb_build_object(
           'apps_id', 90, 'apps_name', 'CLIENT', 'apps_description', 'Made by the comparison',
           'apps_pool', 'client_test', 'apps_user', 'client_test', 'apps_database', 'client_test'))).*
       FROM ly_applications a WHERE apps_id = 1""",
)


def stage(database: str) -> None:
    """Change the original's rows to what the drive needs."""
    with _connected(database) as connection:
        for statement in _STAGE:
            connection.execute(statement)
        connection.execute(
            "UPDATE ly_applications SET apps_host = %s, apps_port = %s",
            [connection.info.host, connection.info.port],
        )


def export(database: str, path: Path) -> None:
    """Write all framework tables of the original as one file, in the form of its own export."""
    document: dict[str, list[dict[str, Any]]] = {}
    with _connected(database) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE 'ly\\_%%' ORDER BY 1",
            [NAME],
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(table)))
            document[table] = [row for (row,) in rows]
    path.touch(mode=0o600)
    path.write_text(json.dumps(document, ensure_ascii=False))


def has_database(database: str, name: str) -> bool:
    """Tell whether the server of a database has another one of that name."""
    with _connected(database) as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def audit_rows(database: str, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table's audit table, without their times; none where there is no such table."""
    name = f"aud$_{table}"
    with _connected(database) as connection:
        if connection.execute("SELECT to_regclass(%s)", [f'"{name}"']).fetchone() == (None,):
            return []
        rows = connection.execute(
            sql.SQL('SELECT to_jsonb(t) FROM {} t ORDER BY "aud$_date"').format(sql.Identifier(name))
        )
        return [{key: value for key, value in row.items() if not key.endswith("_date")} for (row,) in rows]


def _connected(database: str) -> psycopg.Connection:
    return psycopg.connect(make_conninfo(database, options=f"-csearch_path={NAME}"), autocommit=True)
