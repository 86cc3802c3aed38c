"""What may differ between database products, with the defaults of standard SQL.

A `Dialect` writes SQL and turns a described pool into settings; it does no I/O. Its `driver` runs
statements (see `apps.pools.dialects.driver`).
"""

import base64
import binascii
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from apps.pools.dialects.driver import Driver
from apps.pools.dialects.tables import TableSql
from apps.pools.dialects.values import json_text
from apps.pools.lexer import Syntax
from apps.pools.statement import Kind

# A number with more places before or after the point is of no use to any database, and may fill the memory.
MAX_PLACES = 1000

NUMBERS = frozenset({Kind.INTEGER, Kind.BIGINT, Kind.DECIMAL, Kind.FLOAT})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a pool connects to; `password` is in clear and never shown."""

    alias: str
    dbtype: str
    database: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = ""
    min_size: int = 0
    max_size: int = 1
    transaction_pooler: bool = False
    """A pooler that gives each transaction another session (PgBouncer) stands in between."""

    def __repr__(self) -> str:
        return f"Target({self.alias!r}, {self.dbtype!r})"


class Dialect(TableSql, ABC):
    """SQL of one database product. Placeholders are `%(name)s`, so a literal `%` is doubled everywhere."""

    name: ClassVar[str]
    dbtypes: ClassVar[tuple[str, ...]]
    """Database types under which SQL of a definition is looked up, best first, before `generic`."""
    engine: ClassVar[str]
    """Django database back end."""
    syntax: ClassVar[Syntax]
    port: ClassVar[int | None] = None
    """Where a server listens if nothing else is said."""
    current_time: ClassVar[str] = "SELECT CURRENT_TIMESTAMP"
    """SQL for the database's clock as one value in UTC."""
    needs_distinct_names: ClassVar[bool] = False
    """A sub-select with two columns of one name is refused or renamed: `page` then needs `columns`."""

    code_point_collation: ClassVar[str]
    """Collation that orders texts by their code points, so that every product has one order."""
    begin_snapshot: ClassVar[str]
    """First statement of a transaction that shall see one moment only; empty where each one does."""

    def fold(self, name: str) -> str:
        """Return a name in the case that the product reads it in where it stands without quotes."""
        return name

    def place(self, *, host: str, port: int | None, database: str, user: str) -> tuple[object, ...]:
        """Return what two pools on one database have in common; a user may have a schema of his own."""
        return self.name, host.strip().lower(), port or self.port, database, user

    @abstractmethod
    def settings(self, target: Target, *, reading: bool) -> dict[str, Any]:
        """Return the entry for Django's `DATABASES`. Raises PoolNotOpened if the target cannot be opened."""

    @abstractmethod
    def driver(self, target: Target) -> Driver:
        """Return the way to run statements on the target. Raises PoolNotOpened if no driver is installed."""

    lock_sql: ClassVar[str] = ""
    """A SELECT that takes lock `%s`, a number, for the transaction, and tells whether it was free.

    Empty where the product has no such locks.
    """

    def without_limits(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return an entry of `settings` for set-up, whose statements take the time that they need."""
        return entry

    def is_carried_out(self, sql: str, refusal: Exception) -> bool:
        """Tell whether a change of tables is refused because it is there already.

        Asked only where a change may have been made before (`has_transactional_ddl` is false).
        """
        return False

    def quote(self, name: str) -> str:
        """Return `name` as a quoted identifier."""
        return '"' + name.replace('"', '""').replace("%", "%%") + '"'

    def page(
        self,
        sql: str,
        *,
        conditions: Sequence[str] = (),
        order_by: Sequence[str] = (),
        has_order: bool = False,
        columns: Sequence[str] = (),
    ) -> str:
        """Wrap a SELECT so that one page of it comes back, filtered by `conditions` (joined by AND).

        The number of rows and the rows left out before them are the placeholders `liberty_limit` and
        `liberty_offset`, so that every page of a query is one text for prepared statements. `order_by`
        holds whole items (`"a" DESC`). `has_order` says that `sql` has an ORDER BY of its own, which
        stays in force unless `order_by` is given. `columns` renames the columns of `sql`, all of them in
        order; needed where two have one name and `needs_distinct_names`.
        """
        if has_order and not order_by:
            sql, order_by = self._ordered(sql)
        where = _clause("WHERE", conditions, " AND ")
        return f"{self._source(sql, columns)}{where}{_clause('ORDER BY', order_by, ', ')}{self._slice()}"

    def describable(self, sql: str) -> str:
        """Return SQL that has the columns of `sql`, duplicates included, and no rows."""
        return f"SELECT * FROM (\n{sql}\n) q\nWHERE 1 = 0"  # noqa: S608 - stored SQL, values bound

    def text_of(self, expression: str, kind: Kind) -> str:
        """Return SQL for the value of `expression` as text."""
        return expression if kind is Kind.TEXT else f"CAST({expression} AS text)"

    def date_of(self, expression: str) -> str:
        """Return SQL for the date part of `expression`."""
        return f"CAST({expression} AS date)"

    def compare(self, expression: str, operator: str, placeholder: str, kind: Kind) -> str:
        """Return SQL that compares a column of `kind` with a value that `bind` has prepared."""
        return f"{expression} {operator} {placeholder}"

    def is_one_of(self, expression: str, placeholders: Sequence[str], kind: Kind) -> str:
        """Return SQL that is true where a column of `kind` equals one of some values of `bind`."""
        return f"{expression} IN ({', '.join(placeholders)})"

    def like(self, expression: str, placeholder: str, *, ignore_case: bool = False) -> str:
        """Return SQL that matches text against a pattern that `like_pattern` has prepared."""
        if ignore_case:
            return rf"LOWER({expression}) LIKE LOWER({placeholder}) ESCAPE '\'"
        return rf"{expression} LIKE {placeholder} ESCAPE '\'"

    def like_pattern(self, pattern: str) -> str:
        r"""Return the value to bind for a pattern where `%` and `_` are wildcards and `\` takes the next
        character literally (one at the end stands for itself)."""
        return "".join(
            character if is_wildcard or character not in r"\%_" else "\\" + character
            for character, is_wildcard in parse_pattern(pattern)
        )

    def literal(self, text: str) -> str:
        """Return `text` escaped for use inside a pattern, so that it stands for itself."""
        return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")

    def bind(self, value: Any, kind: Kind) -> Any:
        """Return what the driver should get for `value` (of JSON) and a column of `kind`.

        Raises ValueError if the value cannot be one of that kind.
        """
        if value is None:
            return None
        if kind in NUMBERS:
            return _number(value, kind)
        if kind is Kind.BOOLEAN:
            return boolean(value)
        if kind is Kind.BYTES:
            return _bytes(value)
        return plain_text(value)

    def _ordered(self, sql: str) -> tuple[str, Sequence[str]]:
        """Return a SELECT and the order to sort by outside of it, such that its own order stays in force."""
        return sql, ()

    def _source(self, sql: str, columns: Sequence[str]) -> str:
        if not columns:
            return f"SELECT * FROM (\n{sql}\n) q"  # noqa: S608 - stored SQL, values bound
        names = ", ".join(self.quote(name) for name in columns)
        return f"WITH q ({names}) AS (\n{sql}\n)\nSELECT * FROM q"

    def _slice(self) -> str:
        return "\nLIMIT %(liberty_limit)s OFFSET %(liberty_offset)s"


def parse_pattern(pattern: str) -> Iterator[tuple[str, bool]]:
    """Yield the characters of a LIKE pattern and whether each is a wildcard, escapes taken away."""
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            yield next(characters, "\\"), False
        else:
            yield character, character in "%_"


def plain_text(value: Any) -> str:
    """Return a JSON value as text: numbers with their digits, `true` and `false`, structures as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json_text(value)
    return str(value)


def boolean(value: Any) -> bool:
    """Return the truth that `value` (bool, 0, 1, or a usual word) stands for; raises ValueError."""
    word = str(value).strip().lower()
    if word in {"true", "t", "yes", "y", "on", "1"}:
        return True
    if word in {"false", "f", "no", "n", "off", "0"}:
        return False
    raise ValueError("not true or false")


def _clause(keyword: str, items: Sequence[str], separator: str) -> str:
    return f"\n{keyword} {separator.join(items)}" if items else ""


def _number(value: Any, kind: Kind) -> int | float | Decimal:
    if isinstance(value, bool):
        raise ValueError("not a number")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as exc:
        raise ValueError("not a number") from exc
    if kind is Kind.FLOAT or not number.is_finite():
        return float(number)
    if abs(number.adjusted()) > MAX_PLACES:
        raise ValueError("number out of range")
    return int(number) if number == number.to_integral_value() and kind is not Kind.DECIMAL else number


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError("not base64 text")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as exc:
        raise ValueError("not base64 text") from exc
