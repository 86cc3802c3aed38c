"""MySQL and MariaDB: their SQL, and the settings of their connections."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, ClassVar

from django.conf import settings

from apps.pools.dialects.base import NUMBERS, Dialect, Target
from apps.pools.dialects.mysql_driver import MysqlDriver
from apps.pools.dialects.values import plain_datetime
from apps.pools.lexer import MYSQL, Syntax, TokenKind, tokenize
from apps.pools.statement import Kind
from liberty.errors import PoolNotOpened

# "All rows" as the manual writes it: there is no LIMIT ALL.
_ALL_ROWS = 18446744073709551615

_COMPARED_AS_THEY_ARE = NUMBERS | {Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.BYTES}

# Refusals of changes of tables that are there already: a table, a column, a key, a constraint that exists, or
# that is to go and does not.
_CARRIED_OUT = frozenset({1050, 1051, 1054, 1060, 1061, 1068, 1091, 1146, 1826, 3822})
_CHANGES_TABLES = ("ALTER", "CREATE", "DROP", "RENAME")
# InnoDB's own word for a foreign key whose name is taken.
_DUPLICATE_KEY = "errno: 121"

# A network answer may come this much later than the server's own limit on a statement, in seconds.
_NETWORK_GRACE_S = 5

# COLUMN_KEY would show a unique index as primary where a table has no primary key. NULL is said
# aloud, or a TIMESTAMP would take the current time instead.
_TABLES = (
    "SELECT '', c.TABLE_NAME, c.COLUMN_NAME, CONCAT(c.COLUMN_TYPE, CASE WHEN c.COLLATION_NAME IS NULL"
    " THEN '' ELSE CONCAT(' CHARACTER SET ', c.CHARACTER_SET_NAME, ' COLLATE ', c.COLLATION_NAME)"
    " END, ' NULL'), s.COLUMN_NAME IS NOT NULL"
    " FROM information_schema.COLUMNS c"
    " JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA"
    " AND t.TABLE_NAME = c.TABLE_NAME AND t.TABLE_TYPE = 'BASE TABLE'"
    " LEFT JOIN information_schema.STATISTICS s ON s.TABLE_SCHEMA = c.TABLE_SCHEMA"
    " AND s.TABLE_NAME = c.TABLE_NAME AND s.COLUMN_NAME = c.COLUMN_NAME AND s.INDEX_NAME = 'PRIMARY'"
    " WHERE c.TABLE_SCHEMA = DATABASE()"
    " AND LOWER(c.TABLE_NAME) IN ({names})"
    " ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION"
)


class MysqlDialect(Dialect):
    name = "mysql"
    dbtypes = ("mysql", "mariadb")
    engine = "django.db.backends.mysql"
    port = 3306
    syntax: ClassVar[Syntax] = MYSQL
    code_point_collation = "utf8mb4_bin"
    begin_snapshot = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    tables_sql = _TABLES
    current_time = "SELECT UTC_TIMESTAMP(6)"
    needs_distinct_names = True
    has_transactional_ddl = False
    changes_several_tables = True
    columns_have_case = False
    longest_name = 64
    long_text_type = "longtext"
    # TIMESTAMP has a zone, and an end in 2038.
    timestamp_type = "datetime(6)"

    def create_table(self, table: str, columns: Sequence[tuple[str, str]]) -> str:
        # The server's defaults may be an engine without transactions, a character set that loses letters,
        # and a collation that takes one key for another.
        options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        return f"{super().create_table(table, columns)} {options}"

    def quote(self, name: str) -> str:
        return "`" + name.replace("`", "``").replace("%", "%%") + "`"

    def describable(self, sql: str) -> str:
        # Two columns of one name are refused in a sub-select (error 1060), so the statement stays outermost.
        if not self._is_limited(sql):
            return f"{sql}\nLIMIT 0"
        return super().describable(sql)

    def text_of(self, expression: str, kind: Kind) -> str:
        return expression if kind is Kind.TEXT else f"CAST({expression} AS char)"

    def date_of(self, expression: str) -> str:
        return f"DATE({expression})"

    def compare(self, expression: str, operator: str, placeholder: str, kind: Kind) -> str:
        if kind in _COMPARED_AS_THEY_ARE:
            return f"{expression} {operator} {placeholder}"
        # The first half can use an index.
        exact = f"{_octets(expression)} {operator} {placeholder}"
        is_equality = operator == "=" and kind is Kind.TEXT
        return f"({expression} = {placeholder} AND {exact})" if is_equality else exact

    def is_one_of(self, expression: str, placeholders: Sequence[str], kind: Kind) -> str:
        found = super().is_one_of(expression, placeholders, kind)
        if kind in _COMPARED_AS_THEY_ARE:
            return found
        exact = super().is_one_of(_octets(expression), placeholders, kind)
        return f"({found} AND {exact})" if kind is Kind.TEXT else exact

    def like(self, expression: str, placeholder: str, *, ignore_case: bool = False) -> str:
        if ignore_case:
            return f"LOWER({_exact(expression)}) LIKE LOWER({placeholder})"
        return f"{_exact(expression)} LIKE {placeholder}"

    def bind(self, value: Any, kind: Kind) -> Any:
        bound = super().bind(value, kind)
        return plain_datetime(bound) if kind is Kind.DATETIME and isinstance(bound, str) else bound

    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        return {
            "ENGINE": self.engine,
            "NAME": target.database,
            "USER": target.user,
            # PyMySQL takes text for Latin-1; MySQL hashes what clients send, which is UTF-8 everywhere else.
            "PASSWORD": target.password.encode(),
            "HOST": target.host,
            "PORT": str(target.port or ""),
            "OPTIONS": {
                "connect_timeout": settings.LIBERTY_CONNECT_TIMEOUT_S,
                "read_timeout": settings.LIBERTY_STATEMENT_TIMEOUT_S + _NETWORK_GRACE_S,
                "write_timeout": settings.LIBERTY_STATEMENT_TIMEOUT_S + _NETWORK_GRACE_S,
                "isolation_level": "read committed",
            },
        }

    def without_limits(self, entry: dict[str, Any]) -> dict[str, Any]:
        limits = ("read_timeout", "write_timeout")
        options = {name: value for name, value in entry["OPTIONS"].items() if name not in limits}
        return {**entry, "OPTIONS": options}

    def is_carried_out(self, sql: str, refusal: Exception) -> bool:
        if not sql.lstrip().upper().startswith(_CHANGES_TABLES):
            return False
        number, text = (*refusal.args, 0, "")[:2]
        return number in _CARRIED_OUT or (number == 1005 and _DUPLICATE_KEY in str(text))

    def driver(self, target: Target) -> MysqlDriver:
        _install_driver(target.alias)
        return MysqlDriver(target.alias, max_size=target.max_size)

    def _ordered(self, sql: str) -> tuple[str, Sequence[str]]:
        # The order of a sub-select without LIMIT is dropped.
        return (sql if self._is_limited(sql) else f"{sql}\nLIMIT {_ALL_ROWS}"), ()

    def _is_limited(self, sql: str) -> bool:
        return any(
            token.depth == 0 and token.kind is TokenKind.NAME and token.text.upper() == "LIMIT"
            for token in tokenize(sql, self.syntax)
        )


class MariadbDialect(MysqlDialect):
    name = "mariadb"
    dbtypes = ("mariadb", "mysql")
    inserts_return = True


def _exact(expression: str) -> str:
    return f"CAST({expression} AS char CHARACTER SET utf8mb4) COLLATE utf8mb4_bin"


def _octets(expression: str) -> str:
    """Return SQL for a text that equals only itself: most collations take `a` for `A`, and `a` for `a `."""
    return f"CAST(CAST({expression} AS char CHARACTER SET utf8mb4) AS binary)"


def _install_driver(alias: str) -> None:
    """Let Django's back end find PyMySQL under the name of the driver that it looks for."""
    if "MySQLdb" in sys.modules:
        return
    if find_spec("pymysql") is None:
        raise PoolNotOpened(f"Pool `{alias}` cannot be opened: the driver PyMySQL is not installed")
    import pymysql

    pymysql.install_as_MySQLdb()
