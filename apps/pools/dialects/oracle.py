"""Oracle: its SQL, and the settings of its connections."""

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any, ClassVar

from django.conf import settings

from apps.pools.dialects.base import Dialect, Target
from apps.pools.dialects.driver import Driver
from apps.pools.dialects.values import plain_datetime
from apps.pools.lexer import ORACLE, Syntax
from apps.pools.statement import Kind
from liberty.errors import PoolNotOpened

_TABLES = (
    "SELECT NULL, c.table_name, c.column_name, CASE"
    " WHEN c.data_type IN ('CHAR', 'VARCHAR2')"
    " THEN c.data_type || '(' || c.char_length"
    " || CASE c.char_used WHEN 'C' THEN ' CHAR)' ELSE ' BYTE)' END"
    " WHEN c.data_type IN ('NCHAR', 'NVARCHAR2') THEN c.data_type || '(' || c.char_length || ')'"
    " WHEN c.data_type = 'RAW' THEN 'RAW(' || c.data_length || ')'"
    " WHEN c.data_type = 'FLOAT' THEN 'FLOAT(' || c.data_precision || ')'"
    " WHEN c.data_type = 'NUMBER' AND c.data_precision IS NOT NULL"
    " THEN 'NUMBER(' || c.data_precision || ', ' || c.data_scale || ')'"
    " WHEN c.data_type = 'NUMBER' AND c.data_scale IS NOT NULL"
    " THEN 'NUMBER(*, ' || c.data_scale || ')'"
    " ELSE c.data_type END, CASE WHEN k.column_name IS NULL THEN 0 ELSE 1 END"
    " FROM all_tab_columns c"
    " JOIN all_tables t ON t.owner = c.owner AND t.table_name = c.table_name"
    " LEFT JOIN (SELECT p.owner, p.table_name, i.column_name FROM all_constraints p"
    " JOIN all_cons_columns i ON i.owner = p.owner AND i.constraint_name = p.constraint_name"
    " WHERE p.constraint_type = 'P') k"
    " ON k.owner = c.owner AND k.table_name = c.table_name AND k.column_name = c.column_name"
    " WHERE c.owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')"
    " AND LOWER(c.table_name) IN ({names})"
    " ORDER BY c.table_name, c.column_id"
)


class OracleDialect(Dialect):
    name = "oracle"
    dbtypes = ("oracle",)
    engine = "apps.pools.dialects.oracle_backend"
    port = 1521
    syntax: ClassVar[Syntax] = ORACLE
    code_point_collation = "BINARY"
    begin_snapshot = "SET TRANSACTION READ ONLY"
    tables_sql = _TABLES
    current_time = "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual"
    needs_distinct_names = True
    has_transactional_ddl = False
    longest_name = 128
    long_text_type = "clob"
    rows_per_insert = 1

    def fold(self, name: str) -> str:
        return name.upper()

    def text_of(self, expression: str, kind: Kind) -> str:
        return expression if kind is Kind.TEXT else f"TO_CHAR({expression})"

    def date_of(self, expression: str) -> str:
        return f"TRUNC({expression})"

    def bind(self, value: Any, kind: Kind) -> Any:
        """Times become times: Oracle reads text by the session's own format. ISO forms only."""
        bound = super().bind(value, kind)
        if kind in {Kind.DATE, Kind.DATETIME} and isinstance(bound, str):
            return datetime.fromisoformat(plain_datetime(bound))
        if kind is Kind.BOOLEAN:
            return int(bound)
        return bound

    def select_locked(self, table: str, condition: str, *, verb: str, max_rows: int | None = None) -> str:
        # FETCH FIRST and FOR UPDATE exclude each other; ROWNUM and FOR UPDATE do not.
        if max_rows is not None:
            condition = f"(\n{condition}\n) AND " if condition else ""
            condition += f"ROWNUM <= {max_rows}"
        return super().select_locked(table, condition, verb=verb)

    def add_column(self, table: str, name: str, column_type: str) -> str:
        return f"ALTER TABLE {table} ADD ({name} {column_type})"

    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        _require_driver(target)
        import oracledb

        # Without a port Django takes the name for a whole connect descriptor; with one it would take the
        # name for a SID, where people write the name of a service.
        descriptor = oracledb.makedsn(target.host, target.port or self.port, service_name=target.database)
        return {
            "ENGINE": self.engine,
            "NAME": descriptor,
            "USER": target.user,
            "PASSWORD": target.password,
            "OPTIONS": {"tcp_connect_timeout": float(settings.LIBERTY_CONNECT_TIMEOUT_S)},
        }

    def driver(self, target: Target) -> Driver:
        _require_driver(target)
        # The driver is optional: without it the dialect still writes SQL.
        from apps.pools.dialects.oracle_driver import OracleDriver

        return OracleDriver(target.alias, max_size=target.max_size)

    def _ordered(self, sql: str) -> tuple[str, Sequence[str]]:
        # FETCH alone numbers rows in no order; ROWNUM counts them as the sub-select delivers them.
        return sql, ["ROWNUM"]

    def _slice(self) -> str:
        return "\nOFFSET %(liberty_offset)s ROWS FETCH NEXT %(liberty_limit)s ROWS ONLY"


def _require_driver(target: Target) -> None:
    if find_spec("oracledb") is None:
        raise PoolNotOpened(f"Pool `{target.alias}` cannot be opened: the driver oracledb is not installed")
