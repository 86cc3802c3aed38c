"""What a stored write does to one table, read off its tokens: which table, and which rows of it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.pools.dialects import Dialect
from apps.pools.functions import upper_words
from apps.pools.lexer import Token, TokenKind, tokenize
from apps.queries.anatomy import Words, called, words_of
from apps.queries.binds import StoredSql, analyse
from apps.queries.compiler import ROWS
from liberty.errors import InvalidDefinition

_NAMES = (TokenKind.NAME, TokenKind.QUOTED_NAME)
_UPSERTS = frozenset({"CONFLICT", "DUPLICATE"})
_OTHER_TABLES = frozenset({"FROM", "USING", "JOIN", "STRAIGHT_JOIN"})
_CUTS = frozenset({"ORDER", "LIMIT"})
_MODIFIERS = frozenset({"ONLY", "OR", "IGNORE", "LOW_PRIORITY", "QUICK"})
_UNSTEADY = upper_words("""
    SELECT TABLE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP SYSDATE SYSTIMESTAMP
    UTC_DATE UTC_TIME UTC_TIMESTAMP ROWNUM LEVEL CURRENT
""")
"""Words of a condition that asks for more than the row and the values: its answer may change in a moment."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A write to one table that can be audited.

    `selection` reads the rows that an UPDATE or DELETE is about to change, locked where the product locks
    rows; an INSERT has none. Where the condition might choose other rows when it is asked again (sub-selects,
    functions, the clock), `for_rows` is the statement with the bind ROWS in its place: the rows that were
    read are then changed by their keys. `names_schema` says that the table is written with its schema.
    """

    verb: str
    table: str
    names_schema: bool
    selection: StoredSql | None
    for_rows: StoredSql | None
    has_returning: bool


def shape_of(sql: str, dialect: Dialect, *, max_rows: int | None = None) -> Shape | None:
    """Return the shape of one stored statement, or None for a write of any other kind.

    A plain INSERT, UPDATE or DELETE has one table whose rows can be told before and after: no WITH, MERGE or
    block, no second table beside it, no upsert, no ORDER BY or LIMIT that picks among the rows. The selection
    reads `max_rows` at most.
    """
    tokens = tokenize(sql, dialect.syntax)
    if any(token.kind is TokenKind.MARKER or _has_escapes(token) for token in tokens):
        return None
    words = words_of(sql, tokens, dialect.syntax)
    verb = words.key(0)
    if verb == "INSERT":
        return _insert(words, dialect)
    start = {"UPDATE": 1, "DELETE": 2}.get(verb)
    if start is None or (verb == "DELETE" and words.key(1) != "FROM"):
        return None
    return _change(sql, words, verb, start, dialect, max_rows)


def _insert(words: Words, dialect: Dialect) -> Shape | None:
    if words.key(1) != "INTO" or any(key in _UPSERTS for key in _top_keys(words, 2)):
        return None
    end = _after_name(words, 2)
    if end is None:
        return None
    return Shape("INSERT", *_table(words, 2, end, dialect), None, None, "RETURNING" in _top_keys(words, end))


def _change(
    sql: str, words: Words, verb: str, start: int, dialect: Dialect, max_rows: int | None
) -> Shape | None:
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
    places = _condition(words, end)
    first, last = (words.tokens[places.start].start, words.tokens[places.stop - 1].end) if places else (0, 0)
    selection = dialect.select_locked(reference, sql[first:last], verb=verb, max_rows=max_rows)
    for_rows = f"{sql[:first]} :{ROWS} {sql[last:]}" if any(_is_unsteady(words, i) for i in places) else None
    return Shape(
        verb,
        *_table(words, start, name_end, dialect),
        analyse(selection, dialect.syntax),
        None if for_rows is None else analyse(for_rows, dialect.syntax),
        "RETURNING" in keys,
    )


def _condition(words: Words, start: int) -> range:
    """Return the places of the tokens of the statement's own condition, after its WHERE; none without one."""
    where = _find(words, "WHERE", start)
    if where is None:
        return range(0)
    end = _find(words, "RETURNING", where)
    return range(where + 1, len(words.tokens) if end is None else end)


def _is_unsteady(words: Words, index: int) -> bool:
    key = words.keys[index]
    return key in _UNSTEADY or (key == "(" and bool(called(words, index))) or words.tokens[index].text == "@"


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


def _has_escapes(token: Token) -> bool:
    """Whether it is a name as `U&"\\0061"`, which stands for another text than it shows."""
    return token.kind is TokenKind.QUOTED_NAME and token.text[:1] in "uU"


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


_WRITING = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"})
_PLAIN = _WRITING | {"WITH", "SELECT", "VALUES", "TABLE"}
_BEFORE_TABLE = _MODIFIERS | upper_words("""
    INTO FROM DELAYED HIGH_PRIORITY REPLACE ROLLBACK ABORT FAIL
""")
_AFTER_A_NAME = frozenset(",)=")
"""What follows where the word is a column's name."""
_FUNCTIONS = frozenset({"INSERT", "REPLACE"})
"""Words that are functions as well, `REPLACE(a, b, c)`; the others may have their tables in parentheses."""
_NO_STATEMENT_AFTER = frozenset({"FOR", "KEY", "DO", "THEN", "ON", "OR"})
"""What stands before an UPDATE or DELETE that is a clause of another statement, or before a lock."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The tables that a statement may write: names in lower case, and binds, `#:NAME#`, in upper case."""

    tables: frozenset[str]
    binds: frozenset[str]


def targets_of(sql: str, dialect: Dialect) -> Targets:
    """Return what a statement writes to; where its text does not tell, everything that it names.

    It does not tell in blocks and calls, which may also run what stands in their literals, in writes of
    several tables at once, in which only the columns tell which of them are changed, and where the table is
    no plain name: SQLite takes a literal for one. Raises InvalidDefinition for names with escapes.
    """
    tokens = tokenize(sql, dialect.syntax)
    if any(_has_escapes(token) for token in tokens):
        raise InvalidDefinition(
            'tables of this pool are audited, and a name with escapes, U&"...", hides which'
        )
    words = words_of(sql, tokens, dialect.syntax)
    first = next((key for key in words.keys if key != "("), "")
    targets = [_target(words, index, dialect) for index in range(len(words.keys)) if _writes(words, index)]
    known = [token for token in targets if token is not None]
    has_markers = any(token.kind is TokenKind.MARKER for token in tokens)
    is_told = first in _PLAIN and not has_markers and len(known) == len(targets)
    if not is_told:
        known = list(words.tokens)
    names = frozenset() if is_told else named_in(sql, dialect)
    return Targets(
        names | frozenset(token.identifier.lower() for token in known if token.kind in _NAMES),
        frozenset(token.placeholder for token in known if token.kind is TokenKind.NAME_BIND),
    )


def _writes(words: Words, index: int) -> bool:
    """Whether a statement that writes begins at `index`, on its own or inside another."""
    key, before = words.keys[index], words.key(index - 1)
    if key not in _WRITING or index + 1 == len(words.keys) or words.keys[index + 1] in _AFTER_A_NAME:
        return False
    if key in _FUNCTIONS and words.keys[index + 1] == "(":
        return False
    if key == "UPDATE" and (before in ("FOR", "NO") or words.key(index + 1) == "SET"):
        return False
    return before not in _NO_STATEMENT_AFTER


def _target(words: Words, index: int, dialect: Dialect) -> Token | None:
    """Return the name of the table that the statement at `index` writes; None if it is not one plain name."""
    start = index + 1
    while words.key(start) in _BEFORE_TABLE:
        start += 1
    if words.key(start) in ("ALL", "FIRST"):
        return None
    end = _after_name(words, start)
    if end is None:
        return None
    names_more = words.key(end) == "," or (
        # UPDATE a JOIN b SET, DELETE a FROM b, DELETE FROM a USING b.
        words.keys[index] in ("UPDATE", "DELETE")
        and dialect.changes_several_tables
        and not _OTHER_TABLES.isdisjoint(_own_keys(words, end, "SET", "WHERE"))
    )
    return None if names_more else words.tokens[end - 1]


def _own_keys(words: Words, start: int, *ends: str) -> Iterator[str]:
    """Yield the keys from `start` on up to one of `ends`, at the depth of `start`."""
    depth = words.tokens[start].depth if start < len(words.tokens) else 0
    for index in range(start, len(words.tokens)):
        if words.tokens[index].depth < depth or (
            words.tokens[index].depth == depth and words.keys[index] in ends
        ):
            return
        if words.tokens[index].depth == depth:
            yield "FROM" if words.keys[index] == "," else words.keys[index]


def named_in(sql: str, dialect: Dialect) -> frozenset[str]:
    """Return every name, in lower case, that stands in a statement or in its literals, which it may run."""
    try:
        tokens = tokenize(sql, dialect.syntax)
    except InvalidDefinition:
        # A literal that is no SQL by itself: a part of a statement that is put together.
        return frozenset(word.lower() for word in _WORD.findall(sql))
    names = {token.identifier.lower() for token in tokens if token.kind in _NAMES}
    literals = [
        inner for token in tokens if token.kind is TokenKind.STRING if (inner := _content(token.text))
    ]
    return frozenset(names).union(*(named_in(literal, dialect) for literal in literals))


_WORD = re.compile(r"[\w$#]+")
_QUOTES = re.compile(r"(?s)(?:[A-Za-z&]*'|\$[^$]*\$|\")(.*)(?:'|\$[^$]*\$|\")")


def _content(literal: str) -> str:
    """Return what stands between the quotes of a literal, doubled quotes as one."""
    found = _QUOTES.fullmatch(literal)
    return found.group(1).replace("''", "'") if found else ""
