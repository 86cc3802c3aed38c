"""What can be said of stored SQL before it is run, by the rules that it is run by."""

from collections.abc import Iterator, Sequence

from django.db import DEFAULT_DB_ALIAS

from apps.pools.dialects import Dialect, dialect_named
from apps.pools.lexer import Token, TokenKind, place, tokenize
from apps.pools.models import Pool
from apps.pools.registry import dialect_for
from apps.queries.binds import analyse
from apps.queries.compiler import check_verb
from apps.queries.definitions import GENERIC, PRODUCTS, SESSION
from liberty.errors import InvalidDefinition, PoolNotOpened

WRONG_ORDER = (
    "an order is a list of columns or expressions, without parameters, and with every quote and parenthesis "
    "closed"
)

_BEFORE_VALUE = frozenset({TokenKind.OPERATOR, TokenKind.PUNCTUATION})


def check_sql(sql: str, *, verb: str, dialects: Sequence[Dialect]) -> None:
    """Raise InvalidDefinition for SQL that could run under `verb` on none of `dialects`, the first one's."""
    refusals = [refusal for dialect in dialects if (refusal := _refusal(sql, verb, dialect))]
    if len(refusals) == len(dialects):
        raise refusals[0]


def check_order(order_by: str, *, dialects: Sequence[Dialect]) -> None:
    """Raise InvalidDefinition for an order that could stand behind ORDER BY for none of `dialects`."""
    if not any(_is_order(order_by, dialect) for dialect in dialects):
        raise InvalidDefinition(WRONG_ORDER)


def dialects_of(dbtype: str, pool: str) -> list[Dialect]:
    """Return the dialects that SQL for a database type may be meant for, the most likely one first.

    Generic SQL is for the database of its pool; where that is the caller's choice, for any.
    """
    named = None if dbtype == GENERIC else dbtype
    if named is None and pool.upper() not in (SESSION, DEFAULT_DB_ALIAS.upper()):
        named = Pool.objects.filter(apps_pool=pool).values_list("apps_dbtype", flat=True).first()
    try:
        return [dialect_named(named)] if named else _every_dialect()
    except PoolNotOpened:
        # A type that an imported repository knows, and we do not.
        return _every_dialect()


def _every_dialect() -> list[Dialect]:
    return list(dict.fromkeys([dialect_for(DEFAULT_DB_ALIAS), *map(dialect_named, PRODUCTS)]))


def _refusal(sql: str, verb: str, dialect: Dialect) -> InvalidDefinition | None:
    try:
        check_verb(analyse(sql, dialect.syntax), verb, "the SQL")
        for token in _numbered_parameters(tokenize(sql, dialect.syntax)):
            raise InvalidDefinition(
                f"the name of a parameter begins with a letter ({place(sql, token.start)}): `:A` and not `:1`"
            )
    except InvalidDefinition as refusal:
        return refusal
    return None


def _numbered_parameters(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the colon of each `:1`; one after a value is a slice, `[1:2]`, or a member of a JSON object."""
    for before, colon, number in zip(tokens, tokens[1:], tokens[2:], strict=False):
        is_value = before.kind not in (*_BEFORE_VALUE, TokenKind.WHITESPACE) or before.text in (")", "]", "[")
        if colon.text == ":" and number.kind is TokenKind.NUMBER and not is_value:
            yield colon


def _is_order(order_by: str, dialect: Dialect) -> bool:
    try:
        stored = analyse(f"SELECT 1 ORDER BY {order_by}", dialect.syntax)
    except InvalidDefinition:
        return False
    # What comes after the order would be cut off, or would cut off the page.
    return stored.is_read and not stored.has_limit and len(stored.pieces) == 1
