"""Reads off the tokens of one statement what it is: its verb, whether it only reads, what it touches.

Everything here goes by tokens in one pass, never by text, so nothing in a literal or comment counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.pools.functions import upper_words
from apps.pools.lexer import Syntax, Token, TokenKind, place
from liberty.errors import InvalidDefinition

READING_VERBS = frozenset({"SELECT", "VALUES", "TABLE"})
_CHANGING_VERBS = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"})
_PLAIN_VERBS = READING_VERBS | _CHANGING_VERBS | {"WITH"}
_BLOCK_VERBS = frozenset({"BEGIN", "DECLARE"})
_NAMES = frozenset({TokenKind.NAME, TokenKind.QUOTED_NAME})
_KEYWORD_KINDS = frozenset({TokenKind.NAME, TokenKind.PUNCTUATION, TokenKind.OPERATOR, TokenKind.CAST})


@dataclass(frozen=True, slots=True)
class Words:
    """The significant tokens of one statement without its final semicolons.

    `keys[i]` is token i in upper case where it may be a keyword or sign, else an empty text: a literal, a
    quoted name and a name after a dot are never keywords. `partners` leads from each parenthesis to the
    other of its pair.
    """

    tokens: Sequence[Token]
    keys: list[str]
    partners: dict[int, int]

    def key(self, index: int) -> str:
        """Return `keys[index]`, or an empty text outside the statement."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def is_name(self, index: int) -> bool:
        """Whether a plain or quoted name stands at `index`."""
        return 0 <= index < len(self.tokens) and self.tokens[index].kind in _NAMES


def words_of(sql: str, tokens: Sequence[Token], syntax: Syntax) -> Words:
    """Pick the significant tokens of the one statement in `sql`.

    Raises InvalidDefinition if there is none, more than one, or a parenthesis without partner. In a
    product with blocks, one that begins with BEGIN or DECLARE is a single statement and keeps its last
    semicolon; a `/` after it, which some tools want, is left out.
    """
    significant = [token for token in tokens if token.is_significant]
    is_block = syntax.blocks and _is_block(significant)
    while significant and significant[-1].text == ("/" if is_block else ";"):
        significant.pop()
    if not significant:
        raise InvalidDefinition("the stored SQL is empty")
    if not is_block:
        _refuse_second_statement(sql, significant)
    keys = [
        "" if token.kind not in _KEYWORD_KINDS or _is_after_dot(significant, index) else token.text.upper()
        for index, token in enumerate(significant)
    ]
    return Words(significant, keys, _partners(sql, significant))


def _is_block(tokens: Sequence[Token]) -> bool:
    first = _after_labels([token.text for token in tokens])
    return first < len(tokens) and tokens[first].text.upper() in _BLOCK_VERBS


def _after_labels(texts: Sequence[str]) -> int:
    """Return the index after the labels, `<<name>>`, that a block may begin with."""
    index = 0
    while texts[index : index + 2] == ["<", "<"] and texts[index + 3 : index + 5] == [">", ">"]:
        index += 5
    return index


def _is_after_dot(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].kind is TokenKind.NAME and index > 0 and tokens[index - 1].text == "."


def _refuse_second_statement(sql: str, tokens: Sequence[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.PUNCTUATION and token.text == ";":
            after = next((later for later in tokens[index:] if later.text != ";"), token)
            raise InvalidDefinition(
                f"the stored SQL holds more than one statement: another begins at {place(sql, after.start)}"
            )


def _partners(sql: str, tokens: Sequence[Token]) -> dict[int, int]:
    partners: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.PUNCTUATION or token.text not in "()":
            continue
        if token.text == "(":
            opened.append(index)
        elif not opened:
            raise InvalidDefinition(
                f"a parenthesis is closed that was never opened ({place(sql, token.start)})"
            )
        else:
            partners[index] = opened.pop()
            partners[partners[index]] = index
    if opened:
        raise InvalidDefinition(f"a parenthesis is never closed ({place(sql, tokens[opened[-1]].start)})")
    return partners


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a statement is; see `StoredSql` for the meaning of each fact."""

    verb: str
    main_verb: str
    is_read: bool
    has_condition: bool
    has_order: bool
    has_limit: bool
    changes_session: bool
    tables: frozenset[str]
    conditioned: frozenset[int]
    """Indexes of the tokens inside the condition of an UPDATE or DELETE."""


def anatomy_of(sql: str, words: Words, syntax: Syntax) -> Anatomy:
    """Describe the statement. Raises InvalidDefinition if it does not begin with a keyword."""
    first = _first_word(words)
    verb = words.key(first)
    if words.tokens[first].kind is not TokenKind.NAME:
        raise InvalidDefinition(
            f"the stored SQL begins with no keyword ({place(sql, words.tokens[first].start)})"
        )
    main = _main_word(words)
    changes = _Changes(words, is_block=verb in _BLOCK_VERBS, is_explained=verb == "EXPLAIN")
    main_verb = words.key(_verb_inside(words, main))
    stores = "INTO" in words.keys
    clauses = frozenset(_clauses(words, main))
    return Anatomy(
        verb=verb,
        main_verb=main_verb,
        is_read=main_verb in READING_VERBS and not stores and not changes.found,
        has_condition=changes.all_conditioned,
        has_order="ORDER" in clauses,
        has_limit="LIMIT" in clauses,
        changes_session=(stores and main_verb in READING_VERBS) or _changes_session(words, verb, syntax),
        tables=frozenset(_tables(words)),
        conditioned=frozenset(changes.conditioned),
    )


def _first_word(words: Words) -> int:
    index = _after_labels(words.keys)
    while words.key(index) == "(":
        index += 1
    return min(index, len(words.tokens) - 1)


def _main_word(words: Words) -> int:
    """Find where the statement's own level begins: inside parentheses around everything, after the CTEs.

    In `(SELECT ...) UNION (SELECT ...)` that is the first parenthesis, as the clauses of the whole stand at
    its depth.
    """
    index, end = 0, len(words.tokens)
    while True:
        if words.key(index) == "(":
            closing = words.partners[index]
            if closing + 1 < end:
                return index
            index, end = index + 1, closing
        elif words.key(index) == "WITH":
            found = _after_ctes(words, index, end)
            if found is None:
                return index
            index = found
        else:
            return min(index, len(words.tokens) - 1)


def _after_ctes(words: Words, start: int, end: int) -> int | None:
    """Find where the statement after `WITH a AS (...), b AS (...)` begins."""
    index = start + 1
    while index < end:
        key = words.key(index)
        if key == "(":
            if words.key(index - 1) == ")":
                return index
            index = words.partners[index]
        elif (key in READING_VERBS or key in _CHANGING_VERBS) and words.key(index - 1) not in (
            "WITH",
            "RECURSIVE",
            ",",
        ):
            return index
        index += 1
    return None


def _verb_inside(words: Words, index: int) -> int:
    """Find the verb of the statement at `index`, which may be a parenthesis around a part of it."""
    end = len(words.tokens)
    while words.key(index) in ("(", "WITH"):
        if words.key(index) == "(":
            end = words.partners[index]
            index += 1
            continue
        found = _after_ctes(words, index, end)
        if found is None:
            return index
        index = found
    return index


class _Changes:
    """Finds the data-changing statements in a text and whether each has a condition of its own."""

    def __init__(self, words: Words, *, is_block: bool, is_explained: bool) -> None:
        self._words = words
        self._starters = {"EXPLAIN", "ANALYZE", "ANALYSE", "VERBOSE"} if is_explained else set()
        if is_block:
            self._starters |= {";", "BEGIN", "THEN", "ELSE", "LOOP"}
        if is_explained or "WITH" in words.keys:
            self._starters.add(")")
        self.found = False
        self.all_conditioned = True
        self.conditioned: set[int] = set()
        self._read()

    def _read(self) -> None:
        open_at: dict[int, bool] = {}  # depth of an UPDATE or DELETE -> whether its condition has begun
        inside: list[int] = []  # depths of the conditions that are open here
        for index, token in enumerate(self._words.tokens):
            key = self._words.keys[index]
            if key in (")", ";"):
                self._close(open_at, inside, token.depth + (key == ")"))
            elif key in _CHANGING_VERBS and self._starts(index):
                self.found = True
                self._close(open_at, inside, token.depth)
                if key in ("UPDATE", "DELETE"):
                    open_at[token.depth] = False
            elif key == "WHERE" and open_at.get(token.depth) is False:
                open_at[token.depth] = True
                inside.append(token.depth)
            elif key in ("RETURNING", "ORDER", "LIMIT") and inside[-1:] == [token.depth]:
                inside.pop()
            if inside:
                self.conditioned.add(index)
        self._close(open_at, inside, 0)

    def _close(self, open_at: dict[int, bool], inside: list[int], depth: int) -> None:
        if not open_at.pop(depth, True):
            self.all_conditioned = False
        while inside and inside[-1] >= depth:
            inside.pop()

    def _starts(self, index: int) -> bool:
        """Whether the verb at `index` begins a statement, and is no name, clause or function."""
        keys = self._words
        if index and keys.key(index + 1) == "SET":  # WHEN MATCHED THEN UPDATE SET
            return False
        before = index - 1
        if keys.key(before) == "(":
            while keys.key(before) == "(":
                before -= 1
            return before < 0 or keys.key(before) in ("AS", "MATERIALIZED")
        if keys.key(before) == "THEN" and keys.key(index + 1) in ("WHERE", "WHEN", ";", "", "("):
            return False
        return before < 0 or keys.key(before) in self._starters


_TAILS = frozenset({"LIMIT", "OFFSET", "FETCH"})
_LOCKS = {"FOR": frozenset({"UPDATE", "SHARE", "NO", "KEY", "READ", "FETCH"}), "LOCK": frozenset({"IN"})}


def _clauses(words: Words, start: int) -> Iterator[str]:
    """Yield ORDER and LIMIT where the statement that begins at `start` has such a clause of its own."""
    depth = words.tokens[start].depth
    for index in range(start, len(words.tokens)):
        token = words.tokens[index]
        if token.depth != depth:
            if token.depth < depth:
                return
            continue
        key = words.keys[index]
        if key == "ORDER" and words.key(index + 1) in ("BY", "SIBLINGS"):
            yield "ORDER"
        elif _begins_clause(words, index) if key in _TAILS else words.key(index + 1) in _LOCKS.get(key, ()):
            yield "LIMIT"


def _begins_clause(words: Words, index: int) -> bool:
    """Tell the clause `OFFSET 10` from a column of that name: a value follows, and none is awaited."""
    before, after = words.key(index - 1), words.key(index + 1)
    if before in (",", "SELECT", "DISTINCT", "BY", "WHERE", "AND", "OR", "NOT", "AS"):
        return False
    if words.tokens[index - 1].kind is TokenKind.OPERATOR and before != "]" and before != "*":
        return False
    if index + 1 >= len(words.tokens):
        return False
    return (
        after not in (",", ")", ".", "FROM", "AS") and words.tokens[index + 1].kind is not TokenKind.OPERATOR
    )


_NO_CALLS = upper_words("""
    ALL AND ANY ARRAY AS BETWEEN BY CASE CONFLICT CUBE CURRENT DISTINCT ELSE END ESCAPE EXCEPT EXISTS
    FETCH FILTER FROM FULL GROUP GROUPING HAVING ILIKE IN INDEX INNER INTERSECT INTO IS JOIN KEY LATERAL
    LIKE LIMIT MATERIALIZED MINUS NOT OF OFFSET ON OR ORDER OVER PARTITION PIVOT RETURNING ROLLUP ROW
    SELECT SET SETS SIMILAR SOME THEN UNION UNPIVOT USING VALUES VALUE WHEN WHERE WINDOW WITH WITHIN XOR
    DIV MOD REGEXP RLIKE GLOB INSERT SYSTEM BERNOULLI COLUMNS PATH KEEP DO RECURSIVE ONLY BOTH TO FOR
""")
"""Words that may stand before a parenthesis without calling a function."""


def _changes_session(words: Words, verb: str, syntax: Syntax) -> bool:
    if verb not in _PLAIN_VERBS:
        return True
    if syntax.user_variables and ":=" in words.keys:
        return True
    return any(
        not _is_harmless(name, syntax)
        for index, key in enumerate(words.keys)
        if key == "(" and (name := called(words, index))
    )


def called(words: Words, opener: int) -> str:
    """Return the dotted name of the function that is called at `opener`, or an empty text."""
    first = last = opener - 1
    if not words.is_name(last) or words.keys[last] in _NO_CALLS:
        return ""
    while words.key(first - 1) == ".":
        first -= 2
    if words.key(first - 1) in ("INTO", "AS") or _is_cte(words, first, opener):
        return ""
    return "".join(token.text for token in words.tokens[max(first, 0) : opener]).upper()


def _is_cte(words: Words, first: int, opener: int) -> bool:
    """Tell `a (x, y) AS (SELECT ...)` from a function with column definitions, `f(x) AS (y int)`."""
    body = words.partners[opener] + 3
    return (
        words.key(first - 1) in ("WITH", "RECURSIVE", ",")
        and words.key(body - 2) == "AS"
        and words.key(body - 1) == "("
        and (words.key(body) in ("SELECT", "WITH") or (words.key(body), words.key(body + 1)) in _CTE_BODIES)
    )


_CTE_BODIES = frozenset({("VALUES", "("), ("INSERT", "INTO"), ("DELETE", "FROM")})


def _is_harmless(name: str, syntax: Syntax) -> bool:
    return name.removeprefix("PG_CATALOG.").removeprefix("SYS.") in syntax.harmless_functions


_TABLE_FOLLOWS = frozenset({"FROM", "JOIN", "INTO", "UPDATE", "TABLE", "USING", "STRAIGHT_JOIN"})
_TABLE_LIST_ENDS = upper_words("""
    WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS SET VALUES SELECT RETURNING
    WINDOW FOR WHEN CONNECT START
""")
_SKIPPED = frozenset({"ONLY", "LATERAL", "IGNORE", "LOW_PRIORITY", "QUICK"})
_FROM_IN_CALLS = frozenset({"EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"})


def _tables(words: Words) -> Iterator[str]:
    """Yield the last part, in lower case, of each name where a table may stand."""
    levels = [("", False)]  # per open parenthesis: the word before it, and whether a list of tables is read
    awaited = False
    for index, key in enumerate(words.keys):
        if key == "(":
            levels.append((words.key(index - 1), awaited))
        elif key == ")":
            levels.pop()
            awaited = False
        elif key in _TABLE_FOLLOWS and _is_table_keyword(words, index, caller=levels[-1][0]):
            awaited = True
            levels[-1] = (levels[-1][0], True)
        elif key in _TABLE_LIST_ENDS:
            awaited = False
            levels[-1] = (levels[-1][0], False)
        elif key == ",":
            awaited = levels[-1][1]
        elif awaited and key not in _SKIPPED and words.key(index + 1) != ".":
            if words.is_name(index):
                yield words.tokens[index].identifier.lower()
            awaited = key == "."


def _is_table_keyword(words: Words, index: int, *, caller: str) -> bool:
    before, key = words.key(index - 1), words.keys[index]
    if key == "FROM":
        return before != "DISTINCT" and caller not in _FROM_IN_CALLS
    if key == "USING":
        return words.key(index + 1) != "("
    return key != "UPDATE" or before not in ("DO", "KEY", "FOR", "THEN", "ON")
