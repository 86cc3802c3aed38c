"""Finds the placeholders of one stored statement and puts values and names in their places.

`analyse` reads a statement once; what it finds depends on the text and the product alone, so callers keep
it. `render` makes the SQL and the parameters of one call. Values never become part of the SQL text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from apps.pools.lexer import Syntax, TokenKind, tokenize
from apps.queries.anatomy import Anatomy, Words, anatomy_of, words_of
from apps.queries.destinations import NOWHERE, Destination, destinations_of
from apps.queries.rows import rows_of
from liberty.errors import InvalidDefinition, MalformedRequest


class BindContext(Enum):
    """Where a bind stands, as far as it decides what a list value becomes."""

    PLAIN = "plain"
    IN_LIST = "in list"  # IN :X, IN (:X); the `[NOT] IN` and the parentheses are part of the bind's piece
    IN_PARENS = "in parentheses"  # one of several items in IN (...)
    ROWS = "rows"  # VALUES :X
    ARRAY = "array"  # ANY(:X), :X::int[]


@dataclass(frozen=True, slots=True)
class Bind:
    """One occurrence of `:NAME`."""

    name: str
    start: int
    context: BindContext = BindContext.PLAIN
    is_negated: bool = False
    """For IN_LIST: whether it says NOT IN."""
    target: str | None = None
    """The column, as it is written, that the value goes into."""
    position: int | None = None
    """The same as a number from 0, where the INSERT names no columns."""
    is_whole: bool = False
    """Whether the value goes there as it is, and is no part of a longer expression."""
    cast: str | None = None
    """The type, in lower case, that the text casts the bind to: `jsonb`, `uuid[]`."""
    compared_with: str | None = None
    """The column that a condition compares the bind with; whoever makes up values needs it."""
    in_condition: bool = False
    """Whether it stands in the condition of an UPDATE or DELETE."""


@dataclass(frozen=True, slots=True)
class NameBind:
    """One occurrence of `#:NAME#`."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class SchemaName:
    """One occurrence of `#SCHEMA.NAME#`."""

    name: str
    start: int


Piece = str | Bind | NameBind | SchemaName


@dataclass(frozen=True, slots=True)
class StoredSql:
    """One stored statement, analysed.

    `pieces` are the text, each `%` in it doubled, and the placeholders, in order; what follows the last
    significant token (semicolons, blanks, comments) is left out, what stands before it is not.
    """

    pieces: tuple[Piece, ...]
    syntax: Syntax
    verb: str
    """The first keyword in upper case, inside opening parentheses if any."""
    main_verb: str
    """The verb of the statement itself: for WITH, that after the common table expressions."""
    is_read: bool
    """SELECT, VALUES or TABLE, also after WITH, that stores nothing (INTO) and holds no writing CTE."""
    has_condition: bool
    """Each UPDATE and DELETE in it has a WHERE of its own; true for anything else."""
    has_order: bool
    """The statement as a whole is ordered: not a sub-select, aggregate or window in it."""
    has_limit: bool
    """The statement as a whole has LIMIT, OFFSET, FETCH or a locking clause."""
    changes_session: bool
    """It may leave traces in the session; see `apps.pools.functions`."""
    tables: frozenset[str]
    """Names, in lower case and without their schema, that stand where a table may stand. Best effort."""
    written_columns: tuple[str, ...]
    """The column list of the first INSERT, as written; empty if it has none."""
    names: frozenset[str]

    @property
    def binds(self) -> tuple[Bind, ...]:
        """Every occurrence of a bind, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Bind))

    @property
    def name_binds(self) -> frozenset[str]:
        """The names, in upper case, that `#:NAME#` placeholders ask for."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, NameBind))

    @property
    def schemas(self) -> frozenset[str]:
        """The names, in upper case, that `#SCHEMA.NAME#` placeholders ask for."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, SchemaName))

    def mentions(self, name: str) -> bool:
        """Whether `name` stands anywhere in the code, plain or quoted, in any case."""
        return name.lower() in self.names


def analyse(sql: str, syntax: Syntax) -> StoredSql:
    """Analyse one stored statement for a product.

    Raises InvalidDefinition, with the place where there is one: empty text, more than one statement, no
    keyword at its beginning, a parenthesis, literal or comment without its end, an unclear placeholder.
    """
    tokens = tokenize(sql, syntax)
    words = words_of(sql, tokens, syntax)
    anatomy = anatomy_of(sql, words, syntax)
    destinations, columns = destinations_of(words)
    replacements = dict(_replacements(words, anatomy, destinations))
    ends = [token.end for token in tokens if token.kind is TokenKind.MARKER]
    return StoredSql(
        pieces=tuple(_pieces(sql, max([words.tokens[-1].end, *ends[-1:]]), replacements)),
        syntax=syntax,
        verb=anatomy.verb,
        main_verb=anatomy.main_verb,
        is_read=anatomy.is_read,
        has_condition=anatomy.has_condition,
        has_order=anatomy.has_order,
        has_limit=anatomy.has_limit,
        changes_session=anatomy.changes_session,
        tables=anatomy.tables,
        written_columns=columns,
        names=frozenset(
            token.identifier.lower()
            for token in words.tokens
            if token.kind in (TokenKind.NAME, TokenKind.QUOTED_NAME)
        ),
    )


_Span = tuple[int, int]


def _pieces(sql: str, end: int, replacements: Mapping[_Span, Piece]) -> Iterator[Piece]:
    position = 0
    for (first, last), piece in replacements.items():
        if position < first:
            yield sql[position:first].replace("%", "%%")
        yield piece
        position = last
    if position < end:
        yield sql[position:end].replace("%", "%%")


def _replacements(
    words: Words, anatomy: Anatomy, destinations: Mapping[int, Destination]
) -> Iterator[tuple[_Span, Piece]]:
    """Yield each placeholder with the offsets of the text that it takes the place of."""
    parents = _parents(words)
    for index, token in enumerate(words.tokens):
        if token.kind is TokenKind.NAME_BIND:
            yield (token.start, token.end), NameBind(token.placeholder, token.start)
        elif token.kind is TokenKind.SCHEMA:
            yield (token.start, token.end), SchemaName(token.placeholder, token.start)
        elif token.kind is TokenKind.BIND:
            context, first, last = _context(words, index, parents.get(index, -1))
            destination = destinations.get(index, NOWHERE)
            bind = Bind(
                name=token.placeholder,
                start=token.start,
                context=context,
                is_negated=words.key(first) == "NOT",
                target=destination.column,
                position=destination.position,
                is_whole=destination.is_whole,
                cast=_cast(words, index),
                compared_with=None if destination.is_assigned else _compared(words, first),
                in_condition=index in anatomy.conditioned,
            )
            yield (words.tokens[first].start, words.tokens[last].end), bind


def _parents(words: Words) -> dict[int, int]:
    """Map each bind inside parentheses to the parenthesis directly around it."""
    parents: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(words.tokens):
        if words.keys[index] == "(":
            opened.append(index)
        elif words.keys[index] == ")":
            opened.pop()
        elif token.kind is TokenKind.BIND and opened:
            parents[index] = opened[-1]
    return parents


def _context(words: Words, index: int, parent: int) -> tuple[BindContext, int, int]:
    """Return the context of a bind and the first and last token that its piece takes the place of."""
    before, after = words.key(index - 1), words.key(index + 1)
    caller = words.key(parent - 1) if parent >= 0 else ""
    if before == "IN":
        return BindContext.IN_LIST, _in_start(words, index - 1), index
    if before in ("VALUES", "VALUE"):
        return BindContext.ROWS, index, index
    if caller == "IN" and before == "(" and after == ")":
        return BindContext.IN_LIST, _in_start(words, parent - 1), index + 1
    if caller == "IN" and _is_item(words, index, parent):
        return BindContext.IN_PARENS, index, index
    if (caller in ("ANY", "ALL", "SOME") and before == "(") or (_cast(words, index) or "").endswith("]"):
        return BindContext.ARRAY, index, index
    return BindContext.PLAIN, index, index


def _in_start(words: Words, in_index: int) -> int:
    return in_index - 1 if words.key(in_index - 1) == "NOT" else in_index


def _is_item(words: Words, index: int, parent: int) -> bool:
    is_subselect = words.key(parent + 1) in ("SELECT", "WITH", "VALUES", "TABLE")
    return not is_subselect and words.key(index - 1) in ("(", ",") and words.key(index + 1) in (",", ")")


_TYPE_GOES_ON = frozenset({"PRECISION", "VARYING", "WITH", "WITHOUT", "TIME", "ZONE", "ARRAY"})


def _cast(words: Words, index: int) -> str | None:
    """Return the type after `:X::` or in `CAST(:X AS ...)`, without length and precision."""
    is_cast_call = (
        words.key(index - 1) == "(" and words.key(index - 2) == "CAST" and words.key(index + 1) == "AS"
    )
    if words.key(index + 1) != "::" and not is_cast_call:
        return None
    position = index + 2
    parts: list[str] = []
    while words.is_name(position) and (not parts or words.key(position) in _TYPE_GOES_ON or parts[-1] == "."):
        if parts and parts[-1] != ".":
            parts.append(" ")
        parts.append(words.tokens[position].identifier.lower())
        position += 1
        if words.key(position) == "(":
            position = words.partners[position] + 1
        if words.key(position) == ".":
            parts.append(".")
            position += 1
    if words.key(position) == "[" or parts[-2:] == [" ", "array"]:
        parts.append("[]")
    return "".join(parts) or None


_COMPARISONS = frozenset({"=", "<", ">", "LIKE", "ILIKE", "BETWEEN"})


def _compared(words: Words, index: int) -> str | None:
    """Return the column in `COL = :X`, `COL NOT LIKE :X`, `COL IN (:X)`; the right side begins at `index`."""
    before = index - 1
    if words.key(index) not in ("IN", "NOT"):
        if words.key(before) not in _COMPARISONS:
            return None
        while words.key(before) in ("=", "<", ">", "!", "NOT", "LIKE", "ILIKE", "BETWEEN"):
            before -= 1
    is_column = words.is_name(before) and words.key(before - 1) not in ("SET", "AS")
    return words.tokens[before].identifier if is_column else None


def render(
    stored: StoredSql,
    *,
    values: Mapping[str, Any],
    names: Mapping[str, str],
    schemas: Mapping[str, str],
    stand_in: Callable[[Bind], str | None] | None = None,
) -> tuple[str, dict[str, Any]]:
    """Return the statement in the `%(name)s` style and its parameters.

    The keys of `values`, `names` and `schemas` are in upper case; `names` and `schemas` hold SQL text that is
    checked and quoted already, with `%` doubled. `stand_in` may put SQL text in the place of a bind.

    A parameter is named after the order in which its bind first appears, never after the bind, so the text
    is the same for every call with lists of the same length. A list becomes one parameter for each item
    after IN, rows after VALUES (see `rows_of`), and is passed on whole anywhere else. After IN an empty list
    holds nothing: IN is false for every row and NOT IN true. As one of several items it becomes NULL, with
    which NOT IN is never true. For pairs, `(a, b) IN (:X)`, MariaDB refuses an empty list.

    Raises MalformedRequest naming every placeholder without value, or for rows that do not fit together;
    InvalidDefinition for a schema that is not described.
    """
    _refuse_missing(stored, values, names, schemas, stand_in)
    numbers = {
        name: number for number, name in enumerate(dict.fromkeys(bind.name for bind in stored.binds), 1)
    }
    params: dict[str, Any] = {}
    parts: list[str] = []
    for piece in stored.pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, NameBind):
            parts.append(names[piece.name])
        elif isinstance(piece, SchemaName):
            parts.append(schemas[piece.name])
        elif stand_in is not None and (text := stand_in(piece)) is not None:
            parts.append(_framed(piece, text))
        else:
            writer = _Writer(f"b_{numbers[piece.name]}", params)
            parts.append(writer.write(piece, values[piece.name], stored.syntax))
    return "".join(parts), params


def _refuse_missing(
    stored: StoredSql,
    values: Mapping[str, Any],
    names: Mapping[str, str],
    schemas: Mapping[str, str],
    stand_in: Callable[[Bind], str | None] | None,
) -> None:
    missing: dict[str, None] = {}
    for piece in stored.pieces:
        if isinstance(piece, SchemaName) and piece.name not in schemas:
            raise InvalidDefinition(f"schema `{piece.name}` is not described for this pool")
        if isinstance(piece, NameBind) and piece.name not in names:
            missing[piece.name] = None
        if (
            isinstance(piece, Bind)
            and piece.name not in values
            and (stand_in is None or stand_in(piece) is None)
        ):
            missing[piece.name] = None
    if not missing:
        return
    listed = ", ".join(f"`{name}`" for name in missing)
    raise MalformedRequest(
        f"SQL parameter {listed} has no value"
        if len(missing) == 1
        else f"SQL parameters {listed} have no value"
    )


def _framed(bind: Bind, text: str) -> str:
    """Put back what the piece of a bind after IN covers."""
    if bind.context is not BindContext.IN_LIST:
        return text
    return f"{'NOT IN' if bind.is_negated else 'IN'} ({text})"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the placeholders of one bind; their names begin with `stem`."""

    stem: str
    params: dict[str, Any]

    def write(self, bind: Bind, value: Any, syntax: Syntax) -> str:
        if bind.context is BindContext.ROWS:
            return self._rows(rows_of(bind.name, value))
        if bind.context is BindContext.IN_LIST and isinstance(value, list):
            return _framed(bind, self._items(value)) if value else _nothing_in(bind, syntax)
        if bind.context is BindContext.IN_PARENS and isinstance(value, list):
            return self._items(value) if value else "NULL"
        return _framed(bind, self._one(self.stem, value))

    def _one(self, name: str, value: Any) -> str:
        self.params[name] = value
        return f"%({name})s"

    def _items(self, items: Sequence[Any]) -> str:
        return ", ".join(
            self._row(f"{self.stem}_{number}", item)
            if isinstance(item, list)
            else self._one(f"{self.stem}_{number}", item)
            for number, item in enumerate(items)
        )

    def _rows(self, rows: Sequence[Sequence[Any]]) -> str:
        return ", ".join(self._row(f"{self.stem}_{number}", row) for number, row in enumerate(rows))

    def _row(self, stem: str, row: Sequence[Any]) -> str:
        return "(" + ", ".join(self._one(f"{stem}_{number}", value) for number, value in enumerate(row)) + ")"


def _nothing_in(bind: Bind, syntax: Syntax) -> str:
    """Return an IN that holds nothing: false for every row, or true with NOT, also where the column is null.

    No type fits an empty list in every product, so a comparison with NULL, which is never known, is asked
    whether it is known. Oracle takes no condition as an operand, but compares with a sub-select of any type.
    """
    if not syntax.conditions_are_values:
        return _framed(bind, "SELECT NULL FROM dual WHERE 1 = 0")
    return _framed(bind, "NULL") + (" IS NULL" if bind.is_negated else " IS NOT NULL")
