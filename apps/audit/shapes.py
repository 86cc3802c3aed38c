"""What a stored write does to one table, read off its tokens: which table, and which rows of it. Pure."""

from dataclasses import dataclass

from apps.pools.dialects import Dialect
from apps.pools.lexer import Token, TokenKind, tokenize
from apps.queries.anatomy import Words, words_of
from apps.queries.binds import StoredSql, analyse

_NAMES = (TokenKind.NAME, TokenKind.QUOTED_NAME)
_UPSERTS = frozenset({"CONFLICT", "DUPLICATE"})
_OTHER_TABLES = frozenset({"FROM", "USING", "JOIN"})
_CUTS = frozenset({"ORDER", "LIMIT"})
_MODIFIERS = frozenset({"ONLY", "OR", "IGNORE", "LOW_PRIORITY", "QUICK"})
_UNLIMITED = frozenset({"oracle"})
"""Dialects whose product locks no rows in a SELECT that limits them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A write to one table that can be audited.

    `selection` reads the rows that an UPDATE or DELETE is about to change, locked where the product locks
    rows; an INSERT has none. `names_schema` says that the table is written with its schema.
    """

    verb: str
    table: str
    names_schema: bool
    selection: StoredSql | None
    has_returning: bool


def shape_of(sql: str, dialect: Dialect, *, max_rows: int | None = None) -> Shape | None:
    """Return the shape of one stored statement, or None for a write of any other kind.

    A plain INSERT, UPDATE or DELETE has one table whose rows can be told before and after: no WITH, MERGE or
    block, no second table beside it, no upsert, no ORDER BY or LIMIT that picks among the rows. The selection
    reads `max_rows` at most, where the product can limit rows that it locks.
    """
    tokens = tokenize(sql, dialect.syntax)
    if any(token.kind is TokenKind.MARKER for token in tokens):
        return None
    words = words_of(sql, tokens, dialect.syntax)
    verb = words.key(0)
    if verb == "INSERT":
        return _insert(words, dialect)
    start = {"UPDATE": 1, "DELETE": 2}.get(verb)
    if start is None or (verb == "DELETE" and words.key(1) != "FROM"):
        return None
    limit = "" if max_rows is None or dialect.name in _UNLIMITED else f" LIMIT {max_rows}"
    return _change(sql, words, verb, start, dialect, limit)


def _insert(words: Words, dialect: Dialect) -> Shape | None:
    if words.key(1) != "INTO" or any(key in _UPSERTS for key in _top_keys(words, 2)):
        return None
    end = _after_name(words, 2)
    if end is None:
        return None
    return Shape("INSERT", *_table(words, 2, end, dialect), None, "RETURNING" in _top_keys(words, end))


def _change(sql: str, words: Words, verb: str, start: int, dialect: Dialect, limit: str) -> Shape | None:
    name_end = _after_name(words, start)
    if name_end is None:
        return None
    end = _after_alias(words, name_end)
    keys = _top_keys(words, end)
    if verb == "UPDATE" and words.key(end) != "SET":
        return None
    if verb == "DELETE" and words.key(end) not in ("WHERE", "RETURNING", ""):
        return None
    if not (_OTHER_TABLES | _CUTS).isdisjoint(keys):
        return None
    reference = sql[words.tokens[start].start : words.tokens[end - 1].end]
    condition = _condition(sql, words, end)
    text = f"SELECT * FROM {reference}{condition}{limit}"  # noqa: S608 - stored SQL, values bound
    selection = analyse(text + (" FOR UPDATE" if dialect.locks_rows else ""), dialect.syntax)
    return Shape(verb, *_table(words, start, name_end, dialect), selection, "RETURNING" in keys)


def _condition(sql: str, words: Words, start: int) -> str:
    """Return the statement's own WHERE with a blank before it, or an empty text."""
    first = _find(words, "WHERE", start)
    if first is None:
        return ""
    last = _find(words, "RETURNING", first)
    end = words.tokens[-1] if last is None else words.tokens[last - 1]
    return f"\n{sql[words.tokens[first].start : end.end]}\n"


def _find(words: Words, key: str, start: int) -> int | None:
    places = range(start, len(words.tokens))
    return next((i for i in places if words.keys[i] == key and words.tokens[i].depth == 0), None)


def _top_keys(words: Words, start: int) -> list[str]:
    return [words.keys[i] for i in range(start, len(words.tokens)) if words.tokens[i].depth == 0]


def _after_name(words: Words, start: int) -> int | None:
    """Return the index after `name`, `schema.name` and the like that begins at `start`."""
    index = start
    if words.key(index) in _MODIFIERS:
        return None
    while index < len(words.tokens) and _is_part(words.tokens[index]):
        if words.key(index + 1) != ".":
            return index + 1
        index += 2
    return None


def _is_part(token: Token) -> bool:
    return token.kind in (*_NAMES, TokenKind.SCHEMA, TokenKind.NAME_BIND)


def _after_alias(words: Words, index: int) -> int:
    if words.key(index) == "AS" and words.is_name(index + 1):
        return index + 2
    is_alias = words.is_name(index) and words.key(index) not in ("SET", "WHERE", "RETURNING", "USING")
    return index + 1 if is_alias and words.key(index + 1) in ("SET", "WHERE", "RETURNING", "") else index


def _table(words: Words, start: int, end: int, dialect: Dialect) -> tuple[str, bool]:
    """Return the name of the table, empty where callers give it, and whether its schema is named."""
    last = words.tokens[end - 1]
    name = last.identifier if last.kind in _NAMES else ""
    return (dialect.fold(name) if last.kind is TokenKind.NAME else name), end - start > 1
