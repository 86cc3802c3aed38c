"""Splits SQL text into tokens by the lexical rules of one database product, and finds placeholders.

Three kinds of placeholder are ours: `:NAME` (a bind), `#:NAME#` (a name put in) and `#SCHEMA.NAME#`. They
count only where code stands: never inside literals, comments, quoted names or dollar quotes, and never as
part of a cast (`::`), an assignment (`:=`) or an array slice (`[1:2]`).

A form that could mean two things is refused with its place rather than guessed. That is a `:name` right
after an operand (`a:b`, `:a:b`), and inside brackets also after a blank (`arr[lo :hi]`), where it may be a
slice up to a column; `[:lo:5]` and `[1:2]` are clear.

Every text is walked once: a compiled expression per product takes one token at a time, without nested
repetition over the same characters, so the time grows with the length of the text alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from apps.pools.functions import (
    MYSQL_FUNCTIONS,
    ORACLE_FUNCTIONS,
    POSTGRESQL_FUNCTIONS,
    SQLITE_FUNCTIONS,
    STANDARD_FUNCTIONS,
    upper_words,
)
from liberty.errors import InvalidDefinition


@dataclass(frozen=True, slots=True)
class Syntax:
    """The lexical rules of a database product, as its default settings have them.

    They assume what sessions must therefore keep: `standard_conforming_strings` on in PostgreSQL, and
    neither `NO_BACKSLASH_ESCAPES` nor `ANSI_QUOTES` in MySQL's `sql_mode`. `::` and `:=` need no rule: no
    product gives them a meaning in which a bind could stand.
    """

    name: str
    backslash_escapes: bool = False
    double_quote_is_string: bool = False
    backtick_quotes: bool = False
    bracket_quotes: bool = False
    dollar_quotes: bool = False
    q_quotes: bool = False
    e_strings: bool = False
    nested_comments: bool = False
    hash_comments: bool = False
    dash_dash_needs_space: bool = False
    executable_comments: bool = False
    """`/*! ... */` is code: its content is read as such, and a placeholder in it is refused, because a
    server of another version skips the content and a value with `*/` would then end the comment."""
    comment_ends_at_return: bool = False
    """A carriage return alone ends a `--` comment."""
    hash_in_names: bool = False
    blocks: bool = False
    """A statement may be a block, `BEGIN ...; ...; END`, with semicolons of its own."""
    conditions_are_values: bool = True
    """A condition may be an operand: `(a IN (1)) IS NULL`."""
    user_variables: bool = False
    """`@name := value` sets a variable of the session."""
    harmless_functions: frozenset[str] = field(default=STANDARD_FUNCTIONS, repr=False)
    """Built-in functions, in upper case, that leave no trace in the session."""


POSTGRESQL = Syntax(
    "postgresql",
    dollar_quotes=True,
    e_strings=True,
    nested_comments=True,
    comment_ends_at_return=True,
    harmless_functions=POSTGRESQL_FUNCTIONS,
)
MYSQL = Syntax(
    "mysql",
    backslash_escapes=True,
    double_quote_is_string=True,
    backtick_quotes=True,
    hash_comments=True,
    dash_dash_needs_space=True,
    executable_comments=True,
    user_variables=True,
    harmless_functions=MYSQL_FUNCTIONS,
)
SQLITE = Syntax("sqlite", backtick_quotes=True, bracket_quotes=True, harmless_functions=SQLITE_FUNCTIONS)
ORACLE = Syntax(
    "oracle",
    q_quotes=True,
    hash_in_names=True,
    blocks=True,
    conditions_are_values=False,
    harmless_functions=ORACLE_FUNCTIONS,
)
GENERIC = Syntax("generic")
"""What every product agrees on; for text that no product is known for."""


class TokenKind(StrEnum):
    """What a piece of SQL text is."""

    WHITESPACE = "whitespace"
    COMMENT = "comment"
    STRING = "string"
    QUOTED_NAME = "quoted_name"
    NAME = "name"
    NUMBER = "number"
    BIND = "bind"  # :NAME
    NAME_BIND = "name_bind"  # #:NAME#
    SCHEMA = "schema"  # #SCHEMA.NAME#
    CAST = "cast"  # ::
    OPERATOR = "operator"  # one character, or `:=`
    PUNCTUATION = "punctuation"  # ( ) , ; .
    MARKER = "marker"  # the ends of an executable comment, around code


class Token(NamedTuple):
    """A piece of the text, where it starts, and how many parentheses are open around it.

    The two parentheses of a pair carry the depth outside of them.
    """

    kind: TokenKind
    text: str
    start: int
    depth: int

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)

    @property
    def is_significant(self) -> bool:
        """Whether the database sees it as more than a gap."""
        return self.kind not in _GAPS

    @property
    def placeholder(self) -> str:
        """The name inside a placeholder, in upper case: placeholders compare without regard to case."""
        return self.text.strip("#").removeprefix(":").rpartition(".")[2].upper()

    @property
    def identifier(self) -> str:
        """The name that a NAME or QUOTED_NAME stands for, without its quotes, in the case it is written."""
        if self.kind is TokenKind.NAME:
            return self.text
        quote = self.text[-1]
        inner = self.text[self.text.index("[" if quote == "]" else quote) + 1 : -1]
        return inner if quote == "]" else inner.replace(quote * 2, quote)


_OPENERS = frozenset("([")
_CLOSERS = frozenset(")]")
_GAPS = frozenset({TokenKind.WHITESPACE, TokenKind.COMMENT, TokenKind.MARKER})
_PLACEHOLDERS = frozenset({TokenKind.BIND, TokenKind.NAME_BIND, TokenKind.SCHEMA})
_OPERANDS = _PLACEHOLDERS | {TokenKind.STRING, TokenKind.QUOTED_NAME, TokenKind.NAME, TokenKind.NUMBER}
_WORDS = frozenset({TokenKind.NAME, TokenKind.NUMBER})
_NAME_PLACEHOLDERS = frozenset({TokenKind.NAME_BIND, TokenKind.SCHEMA})

_BEFORE_VALUES = upper_words("""
    ALL AND ANY BETWEEN BY CASE DISTINCT ELSE ESCAPE FETCH FOR FROM HAVING ILIKE IN LIKE LIMIT NOT OFFSET
    ON OR RETURNING SELECT SET SOME THEN USING VALUES WHEN WHERE XOR
""")
"""Keywords after which a value comes: `IN:IDS` is no more than a missing blank."""


def place(sql: str, offset: int) -> str:
    """Name the line and column of `offset`, both counted from 1."""
    line = sql.count("\n", 0, offset) + 1
    return f"line {line}, column {offset - sql.rfind(chr(10), 0, offset)}"


def tokenize(sql: str, syntax: Syntax) -> tuple[Token, ...]:
    """Split `sql` into tokens; their texts put together are `sql` again.

    Raises InvalidDefinition, with line and column, for a literal, quoted name or comment without end, and
    for a placeholder whose meaning is not clear.
    """
    tokens: list[Token] = []
    openers: list[str] = []  # the parentheses and brackets that are open
    depth = 0
    last: Token | None = None
    for kind, start, end in _pieces(sql, syntax):
        text = sql[start:end]
        if kind in _GAPS:
            tokens.append(Token(kind, text, start, depth))
            continue
        if text in _CLOSERS and openers:
            openers.pop()
            depth -= text == ")" and depth > 0
        token = Token(kind, text, start, depth)
        tokens.append(token)
        if last is not None and (kind in _PLACEHOLDERS or last.kind in _NAME_PLACEHOLDERS):
            _refuse_unclear(token, last, in_brackets=openers[-1:] == ["["], sql=sql)
        if text in _OPENERS:
            openers.append(text)
            depth += text == "("
        last = token
    return tuple(tokens)


def _refuse_unclear(token: Token, last: Token, *, in_brackets: bool, sql: str) -> None:
    glued = last.end == token.start
    if token.kind is TokenKind.BIND and (glued or in_brackets) and _is_operand(last):
        raise InvalidDefinition(
            f"it is not clear whether `{token.text}` is a parameter, because it follows a value "
            f"({place(sql, token.start)}); write blanks around an operator, or `: name` in an array slice"
        )
    if glued and (
        (token.kind in _NAME_PLACEHOLDERS and last.kind in _WORDS and _is_operand(last))
        or (token.kind in _WORDS and last.kind in _NAME_PLACEHOLDERS)
    ):
        raise InvalidDefinition(
            f"a name placeholder cannot be part of a longer name ({place(sql, token.start)})"
        )


def _is_operand(token: Token) -> bool:
    if token.kind is TokenKind.NAME:
        return token.text.upper() not in _BEFORE_VALUES
    return token.kind in _OPERANDS or token.text in (")", "]")


def _pieces(sql: str, syntax: Syntax) -> Iterator[tuple[TokenKind, int, int]]:
    """Yield kind, start and end of every token in turn."""
    scan = _scanner(syntax).match
    position = 0
    executable = False
    while match := scan(sql, position):
        group, end = match.lastgroup or "OPERATOR", match.end()
        if executable and sql.startswith("*/", position):
            executable = False
            group, end = "MARKER", position + 2
        elif group in _LONG_FORMS:
            kind_name, find_end = _LONG_FORMS[group]
            group, end = kind_name, find_end(sql, match, syntax)
        elif group == "OPEN":
            raise _unterminated(sql, position, "quoted text")
        executable = executable or match.lastgroup == "MARKER"
        kind = _KINDS[group]
        if executable and kind in _PLACEHOLDERS:
            raise InvalidDefinition(
                f"no placeholder can stand inside an executable comment ({place(sql, position)})"
            )
        yield kind, position, end
        position = end
    if executable:
        raise InvalidDefinition("an executable comment has no end")


def _unterminated(sql: str, offset: int, what: str) -> InvalidDefinition:
    return InvalidDefinition(f"the {what} that starts at {place(sql, offset)} has no end")


def _comment_end(sql: str, match: re.Match[str], syntax: Syntax) -> int:
    if not syntax.nested_comments:
        return _end_of("*/", sql, match, "comment")
    level = 1
    for edge in _COMMENT_EDGES.finditer(sql, match.end()):
        level += 1 if edge.group() == "/*" else -1
        if level == 0:
            return edge.end()
    raise _unterminated(sql, match.start(), "comment")


def _dollar_quote_end(sql: str, match: re.Match[str], syntax: Syntax) -> int:
    return _end_of(match.group(), sql, match, "dollar-quoted text")


def _q_quote_end(sql: str, match: re.Match[str], syntax: Syntax) -> int:
    delimiter = match.group()[-1]
    return _end_of(_CLOSING.get(delimiter, delimiter) + "'", sql, match, "quoted text")


def _end_of(closing: str, sql: str, match: re.Match[str], what: str) -> int:
    found = sql.find(closing, match.end())
    if found < 0:
        raise _unterminated(sql, match.start(), what)
    return found + len(closing)


_KINDS = {kind.name: kind for kind in TokenKind} | {"LETTER": TokenKind.NAME}
_COMMENT_EDGES = re.compile(r"/\*|\*/")
_CLOSING = {"[": "]", "{": "}", "(": ")", "<": ">"}
_LONG_FORMS = {
    "OPEN_COMMENT": ("COMMENT", _comment_end),
    "DOLLAR": ("STRING", _dollar_quote_end),
    "Q_QUOTE": ("STRING", _q_quote_end),
}

# Every character beyond ASCII may stand in a name, as in PostgreSQL, MySQL and SQLite; a bind takes letters
# first and no blanks, so that a combining accent is never cut off its name.
_NAME_START = r"A-Za-z_\x80-\U0010ffff"
_BIND_NAME = r"[^\W\d](?:\w|[^\x00-\x7f\s])*"
_NEWLINE_GAP = r"[ \t\f\v]*(?:--[^\r\n]*)?[\r\n](?:[ \t\f\v\r\n]|--[^\r\n]*[\r\n])*"


def _quoted(quote: str, *, backslashes: bool = False) -> str:
    """Match text in `quote`, which stands for itself when doubled.

    The look-ahead keeps the match from ending inside a doubled quote when the text has no end.
    """
    if backslashes:
        return rf"{quote}[^{quote}\\]*(?:(?:\\.|{quote}{quote})[^{quote}\\]*)*{quote}(?!{quote})"
    return rf"{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}(?!{quote})"


@cache
def _scanner(syntax: Syntax) -> re.Pattern[str]:
    """Compile the expression that takes the next token; a group's name is the token's kind or long form."""
    name, letter = _names(syntax)
    branches = [
        ("WHITESPACE", r"[ \t\n\r\f\v]+"),
        *_q_quotes(syntax),
        ("NAME", name),
        ("PUNCTUATION", r"[(),;.]"),
        ("NUMBER", r"0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?"),
        ("STRING", "|".join(_strings(syntax))),
        ("QUOTED_NAME", "|".join(_quoted_names(syntax))),
        ("NAME_BIND", rf"\#:{_BIND_NAME}\#"),
        ("SCHEMA", rf"\#(?i:SCHEMA)\.{_BIND_NAME}\#"),
        ("COMMENT", "|".join(_line_comments(syntax))),
        ("CAST", "::"),
        ("BIND", f":{_BIND_NAME}"),
        *_long_forms(syntax),
        ("OPEN", _open_quotes(syntax)),
        ("LETTER", letter),
        ("OPERATOR", ":=|."),
    ]
    return re.compile("|".join(f"(?P<{group}>{pattern})" for group, pattern in branches), re.DOTALL)


def _names(syntax: Syntax) -> tuple[str, str]:
    """Return the expression for names, and one for what it leaves: a letter that may begin a literal.

    `#:` begins a placeholder even where `#` may stand in a name.
    """
    follower = rf"(?:[{_NAME_START}0-9$]{'|#(?!:)' if syntax.hash_in_names else ''})"
    return rf"[{_NAME_START}](?:{follower}+|(?!['&]))", f"[{_NAME_START}]"


def _strings(syntax: Syntax) -> Iterator[str]:
    body = _quoted("'", backslashes=syntax.backslash_escapes)
    yield rf"(?:[bBnNxX]{'|[uU]&' if syntax.e_strings else ''})?{body}"
    if syntax.e_strings:
        # A literal goes on after a line break, and the part there keeps the backslashes of the first.
        escaped = _quoted("'", backslashes=True)
        yield rf"[eE]{escaped}(?:{_NEWLINE_GAP}{escaped})*"
    if syntax.double_quote_is_string:
        yield _quoted('"', backslashes=syntax.backslash_escapes)


def _quoted_names(syntax: Syntax) -> Iterator[str]:
    if not syntax.double_quote_is_string:
        yield ("(?:[uU]&)?" if syntax.e_strings else "") + _quoted('"')
    if syntax.backtick_quotes:
        yield _quoted("`")
    if syntax.bracket_quotes:
        yield r"\[[^\]]*\]"


def _line_comments(syntax: Syntax) -> Iterator[str]:
    rest = r"[^\r\n]*" if syntax.comment_ends_at_return else r"[^\n]*"
    yield ("--(?=[\x00-\x20\x7f]|\\Z)" if syntax.dash_dash_needs_space else "--") + rest
    if syntax.hash_comments:
        yield r"\#[^\n]*"


def _long_forms(syntax: Syntax) -> Iterator[tuple[str, str]]:
    if syntax.executable_comments:
        yield "MARKER", r"/\*M?![0-9]*"
    yield "OPEN_COMMENT", r"/\*"
    if syntax.dollar_quotes:
        yield "DOLLAR", rf"\$(?:[{_NAME_START}][{_NAME_START}0-9]*)?\$"


def _q_quotes(syntax: Syntax) -> Iterator[tuple[str, str]]:
    if syntax.q_quotes:
        yield "Q_QUOTE", r"[nN]?[qQ]'[^ \t\r\n]"


def _open_quotes(syntax: Syntax) -> str:
    prefix = "(?:[bBnNxXeE]|[uU]&)?" if syntax.e_strings else "(?:[bBxX]|[nN]?[qQ]?)"
    others = '"' + "`" * syntax.backtick_quotes + r"\[" * syntax.bracket_quotes
    return rf"{prefix}'|(?:[uU]&)?[{others}]"
