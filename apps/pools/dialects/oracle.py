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

DEFAULT_PORT = 1521


class OracleDialect(Dialect):
    name = "oracle"
    dbtypes = ("oracle",)
    engine = "django.db.backends.oracle"
    syntax: ClassVar[Syntax] = ORACLE
    code_point_collation = "BINARY"
    begin_snapshot = "SET TRANSACTION READ ONLY"
    current_time = "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual"
    needs_distinct_names = True

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

    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        _require_driver(target)
        import oracledb

        # Without a port Django takes the name for a whole connect descriptor; with one it would take the
        # name for a SID, where people write the name of a service.
        descriptor = oracledb.makedsn(target.host, target.port or DEFAULT_PORT, service_name=target.database)
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
