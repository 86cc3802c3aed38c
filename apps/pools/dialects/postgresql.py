"""PostgreSQL: its SQL, and the settings of its connections."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings

from apps.pools.dialects.base import Dialect, Target
from apps.pools.dialects.postgresql_driver import SESSION, PostgresDriver, statement_timeout
from apps.pools.lexer import POSTGRESQL, Syntax
from apps.pools.statement import Kind

# How our sessions are known on a server.
APPLICATION_NAME = "liberty"

# Kinds that PostgreSQL cannot compare (`json`, and types nobody knows) or should compare as JSON shows them.
_COMPARED_AS_TEXT = frozenset({Kind.JSON, Kind.ARRAY, Kind.OTHER})

_TABLES = (
    "SELECT n.nspname::text, c.relname::text, a.attname::text,"
    " pg_catalog.format_type(a.atttypid, a.atttypmod),"
    " coalesce(a.attnum = ANY(i.indkey), false)"
    " FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    " AND lower(c.relname::text) IN ({names})"
    " ORDER BY c.oid, a.attnum"
)


class PostgresDialect(Dialect):
    name = "postgres"
    dbtypes = ("postgres",)
    engine = "django.db.backends.postgresql"
    port = 5432
    syntax: ClassVar[Syntax] = POSTGRESQL
    code_point_collation = "C"
    begin_snapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    tables_sql = _TABLES
    # CURRENT_TIMESTAMP is the time at which the transaction began.
    current_time = "SELECT clock_timestamp()"
    # An UPDATE that leaves keys alone does not keep others from adding rows that refer to its own.
    row_locks: ClassVar[Mapping[str, str]] = {"UPDATE": "FOR NO KEY UPDATE", "DELETE": "FOR UPDATE"}
    longest_name = 63
    lock_sql = "SELECT pg_try_advisory_xact_lock(%s)"
    inserts_return = True

    def fold(self, name: str) -> str:
        return name.lower()

    def compare(self, expression: str, operator: str, placeholder: str, kind: Kind) -> str:
        if kind in _COMPARED_AS_TEXT:
            expression = self.text_of(expression, kind)
        return f"{expression} {operator} {placeholder}"

    def is_one_of(self, expression: str, placeholders: Sequence[str], kind: Kind) -> str:
        if kind in _COMPARED_AS_TEXT:
            expression = self.text_of(expression, kind)
        return super().is_one_of(expression, placeholders, kind)

    def like(self, expression: str, placeholder: str, *, ignore_case: bool = False) -> str:
        # Without ESCAPE the backslash is the escape character, whatever standard_conforming_strings says.
        return f"{expression} {'ILIKE' if ignore_case else 'LIKE'} {placeholder}"

    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        return {
            "ENGINE": self.engine,
            "NAME": target.database,
            "USER": target.user,
            "PASSWORD": target.password,
            "HOST": target.host,
            "PORT": str(target.port or ""),
            # Server-side cursors outlive no transaction, and a transaction pooler gives each another session.
            "DISABLE_SERVER_SIDE_CURSORS": target.transaction_pooler,
            "OPTIONS": {
                "connect_timeout": settings.LIBERTY_CONNECT_TIMEOUT_S,
                "application_name": APPLICATION_NAME,
                "pool": _sizes(target, reading=reading),
                **_session_options(target, reading=reading),
            },
        }

    def without_limits(self, entry: dict[str, Any]) -> dict[str, Any]:
        # Without connections that are kept: set-up needs one, once.
        options = {name: value for name, value in entry["OPTIONS"].items() if name != "pool"}
        if "options" in options:
            options["options"] += " -c statement_timeout=0"
        return {**entry, "OPTIONS": options}

    def driver(self, target: Target) -> PostgresDriver:
        return PostgresDriver(target.alias, transaction_pooler=target.transaction_pooler)


def _sizes(target: Target, *, reading: bool) -> dict[str, Any]:
    """Share the connections of a pool: a quarter writes, the rest reads, and each has at least one."""
    writers = max(1, target.max_size // 4)
    most = max(1, target.max_size - writers) if reading else writers
    return {
        "min_size": min(target.min_size, most) if reading else 0,
        "max_size": most,
        "timeout": settings.LIBERTY_CHECKOUT_TIMEOUT_S,
        # Give up soon: the next request tries at once, where psycopg would wait ever longer between tries.
        "reconnect_timeout": 1.0,
        "num_workers": 1,
    }


def _session_options(target: Target, *, reading: bool) -> dict[str, Any]:
    """Return defaults of the session that nothing can lose: a reset returns to them.

    A transaction pooler refuses them at connection, and prepared statements later; `PostgresDriver` then
    sets what is needed in each transaction.
    """
    if target.transaction_pooler:
        return {"prepare_threshold": None}
    session = {**SESSION, "statement_timeout": statement_timeout()}
    if reading:
        session["default_transaction_read_only"] = "on"
    return {
        "prepare_threshold": 5,
        "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
    }
