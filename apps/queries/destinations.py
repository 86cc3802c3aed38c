"""Finds out which column of the written table the value of a bind goes into, from the text alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.pools.functions import upper_words
from apps.pools.lexer import TokenKind
from apps.queries.anatomy import Words


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a value goes: a column by name or, in an INSERT without column list, by number from 0.

    `is_whole` says that it goes there as it is, not as part of a longer expression.
    """

    column: str | None = None
    position: int | None = None
    is_whole: bool = False

    @property
    def is_assigned(self) -> bool:
        """Whether a column is known at all."""
        return self.column is not None or self.position is not None


NOWHERE = Destination()

_CLAUSES = upper_words("""
    FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS RETURNING ON USING
    WINDOW
""")
_EXPRESSION_GOES_ON = upper_words("""
    AND OR XOR IS IN NOT LIKE ILIKE SIMILAR BETWEEN DIV MOD REGEXP RLIKE GLOB MATCH OVERLAPS AT COLLATE
""")


@dataclass(slots=True)
class _Insert:
    """An INSERT whose columns are `columns` once they are read; none if it has no list."""

    columns: list[str] = field(default_factory=list)

    def destination(self, item: int) -> Destination:
        if not self.columns:
            return Destination(position=item)
        return Destination(column=self.columns[item]) if item < len(self.columns) else NOWHERE


@dataclass(slots=True)
class _Level:
    """What is going on inside one pair of parentheses, or outside of all."""

    inherited: Destination = NOWHERE
    """Where the whole parenthesis goes."""
    row: _Insert | None = None
    """The parenthesis is a row of values for it."""
    reads_columns_of: _Insert | None = None
    """The parenthesis is its column list."""
    insert: _Insert | None = None
    clause: str = ""
    item: int = 0
    item_start: int = 0
    assigned: Destination = NOWHERE
    group: _Insert | None = None
    """The columns on the left side of `SET (a, b) = (...)`."""

    def destination(self) -> Destination:
        if self.row is not None:
            return self.row.destination(self.item)
        if self.clause == "SET":
            return self.assigned
        if self.clause == "SELECT":
            return self.insert.destination(self.item) if self.insert else NOWHERE
        return NOWHERE if self.clause else self.inherited

    def begin(self, clause: str, index: int) -> None:
        self.clause, self.item, self.item_start, self.assigned = clause, 0, index + 1, NOWHERE


def destinations_of(words: Words) -> tuple[Mapping[int, Destination], tuple[str, ...]]:
    """Map the index of each bind to its destination, where one can be told.

    The second part of the answer is the column list of the first INSERT, as written.
    """
    reader = _Reader(words)
    for index in range(len(words.tokens)):
        reader.read(index)
    return reader.found, tuple(reader.inserts[0].columns) if reader.inserts else ()


class _Reader:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._levels = [_Level()]
        self.found: dict[int, Destination] = {}
        self.inserts: list[_Insert] = []

    def read(self, index: int) -> None:
        words, level = self._words, self._levels[-1]
        key = words.keys[index]
        if key == "(":
            self._levels.append(self._open(index, level))
        elif key == ")":
            self._levels.pop()
        elif key == ",":
            level.item += 1
            level.item_start = index + 1
            level.assigned = NOWHERE
        elif words.tokens[index].kind is TokenKind.BIND:
            self._bind(index, level)
        elif level.reads_columns_of is not None and words.is_name(index):
            level.reads_columns_of.columns.append(words.tokens[index].identifier)
        elif key in ("=", ":=") and level.clause == "SET":
            self._assign(index, level)
        else:
            self._keyword(index, key, level)

    def _keyword(self, index: int, key: str, level: _Level) -> None:
        before, after = self._words.key(index - 1), self._words.key(index + 1)
        if key in ("INSERT", "REPLACE") and (after != "(" or before == "THEN"):
            level.insert = _Insert()
            self.inserts.append(level.insert)
            level.begin("INSERT", index)
        elif key == "SELECT":
            if level.clause == "VALUES":  # INSERT ALL INTO a VALUES (...) SELECT ...
                level.insert = None
            level.begin("SELECT", index)
        elif key == "INTO" and level.clause == "VALUES":
            level.insert = _Insert()
            level.begin("INSERT", index)
        elif key in ("DISTINCT", "ALL") and level.item_start == index:
            level.item_start = index + 1
        elif key in ("VALUES", "VALUE") and level.clause != "SET":
            level.begin("VALUES", index)
        elif (key == "SET" and before != "CHARACTER") or (key == "UPDATE" and before == "KEY"):
            level.begin("SET", index)
        elif key in _CLAUSES:
            level.begin(key, index)

    def _open(self, index: int, level: _Level) -> _Level:
        after = self._words.key(index + 1)
        if level.clause == "INSERT" and level.insert and self._words.key(index - 1) != "PARTITION":
            if after in ("SELECT", "WITH", "VALUES", "TABLE", "("):
                return _Level(insert=level.insert)
            return _Level(reads_columns_of=level.insert, item_start=index + 1)
        if level.clause == "VALUES" and level.insert is not None:
            return _Level(row=level.insert, item_start=index + 1)
        if level.clause == "SET" and level.item_start == index:
            level.group = _Insert()
            return _Level(reads_columns_of=level.group, item_start=index + 1)
        if level.clause == "SET" and level.group is not None and self._words.key(index - 1) in ("=", "ROW"):
            row, level.group = level.group, None
            return _Level(row=row if after != "SELECT" else None, insert=row, item_start=index + 1)
        destination = level.destination()
        return _Level(inherited=Destination(destination.column, destination.position))

    def _assign(self, index: int, level: _Level) -> None:
        """Take the name before the first `=` of an item as the column that it sets."""
        words = self._words
        name = index - 1
        while words.key(name - 1) == ".":
            name -= 2
        if name == level.item_start and words.is_name(index - 1):
            level.assigned = Destination(column=words.tokens[index - 1].identifier)

    def _bind(self, index: int, level: _Level) -> None:
        destination = level.destination()
        if not destination.is_assigned:
            return
        begins = (
            self._words.key(index - 1) in ("=", ":=") if level.clause == "SET" else level.item_start == index
        )
        is_direct = level.row is not None or level.clause in ("SET", "SELECT")
        is_whole = is_direct and begins and self._ends_item(index + 1)
        self.found[index] = Destination(destination.column, destination.position, is_whole)

    def _ends_item(self, index: int) -> bool:
        """Whether no expression goes on at `index`; a cast or an alias leaves the value what it is."""
        words = self._words
        if index >= len(words.tokens):
            return True
        kind = words.tokens[index].kind
        return words.keys[index] not in _EXPRESSION_GOES_ON and kind is not TokenKind.OPERATOR
