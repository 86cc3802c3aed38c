"""Random statements: exactly the planted placeholders are found, and no text breaks the analysis."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.pools.lexer import GENERIC, MYSQL, ORACLE, POSTGRESQL, SQLITE, Syntax, TokenKind, tokenize
from apps.queries.binds import Bind, NameBind, SchemaName, StoredSql, analyse, render
from liberty.errors import InvalidDefinition

ALL = (POSTGRESQL, MYSQL, SQLITE, ORACLE, GENERIC)

# What a decoy may hold: forms that would be placeholders, and ends of other literals, if it were code.
BAIT = st.lists(
    st.sampled_from(
        [":no", " :NO ", "#:NO#", "#SCHEMA.NO#", "%", "%s", "%(b_1)s", ";", "a:no", "::", "(", "--", "é"]
    ),
    max_size=5,
).map("".join)


@dataclass(frozen=True)
class Fragment:
    """A part of a statement, and the placeholders planted in it."""

    text: str
    planted: tuple[tuple[type, str], ...] = ()


def _decoys(syntax: Syntax) -> list[st.SearchStrategy[str]]:
    """Return literals, quoted names and comments of the product, with bait inside."""
    return [BAIT.map(wrap) for wrap in _WRAPPERS[syntax.name]] + [BAIT.map(wrap) for wrap in _EVERYWHERE]


_EVERYWHERE = (
    lambda bait: f"'{bait}''{bait}'",
    lambda bait: f"/* ' {bait} \n -- */",
    lambda bait: f"-- ' {bait} /*\n",
)
_WRAPPERS: dict[str, tuple[Any, ...]] = {
    "postgresql": (
        lambda bait: f'"{bait}""{bait}"',
        lambda bait: f"'{bait}\\'",
        lambda bait: f"E'\\'{bait}\\\\'",
        lambda bait: f"e'{bait}' -- '\n '\\'{bait}'",
        lambda bait: f"$${bait} ' $$",
        lambda bait: f"$t$ {bait} $$ $x$ $t$",
        lambda bait: f"U&'{bait}'",
        lambda bait: f"/* /* {bait} */ {bait} */",
        lambda bait: f"--{bait}\r",
    ),
    "mysql": (
        lambda bait: f"`{bait}``'{bait}`",
        lambda bait: f"'\\'{bait}\\\\'",
        lambda bait: f'"\\"{bait}\'{bait}"',
        lambda bait: f"# {bait} '\n",
        lambda bait: f"/* /* {bait} */",
    ),
    "sqlite": (
        lambda bait: f'"{bait}""\'{bait}"',
        lambda bait: f"`{bait}'`",
        lambda bait: f"[{bait}']",
        lambda bait: f"'{bait}\\'",
    ),
    "oracle": (
        lambda bait: f'"{bait}\'"',
        lambda bait: f"q'[{bait}'{bait}]'",
        lambda bait: f"nq'!{bait}'(!'",
        lambda bait: f"Q'<'{bait}>'",
        lambda bait: f"'{bait}\\'",
    ),
    "generic": (lambda bait: f'"{bait}\'"',),
}
_CODE = [
    "a",
    "t.b",
    "c::text",
    "(1)",
    "12:30",
    "1.5e3",
    "=",
    "||",
    "%",
    "v := 1",
    "f(x)",
    ",",
    "LIKE",
    "->>",
    "?",
    "?|",
    "-",
    "[1:2]",
]
_NAMES = st.from_regex(r"[A-Za-z_é][A-Za-z0-9_é]{0,8}", fullmatch=True).map(str.upper)


def _placeholder(name: str, kind: type) -> Fragment:
    text = {Bind: f":{name}", NameBind: f"#:{name}#", SchemaName: f"#SCHEMA.{name}#"}[kind]
    return Fragment(text, ((kind, name),))


def _fragments(syntax: Syntax) -> st.SearchStrategy[Fragment]:
    code = [text for text in _CODE if not (syntax.bracket_quotes and text.startswith("["))]
    return st.one_of(
        st.one_of(*_decoys(syntax)).map(Fragment),
        st.sampled_from(code).map(Fragment),
        st.builds(_placeholder, _NAMES, st.sampled_from([Bind, Bind, Bind, NameBind, SchemaName])),
        st.builds(lambda name: Fragment(f"= :{name}::int[]", ((Bind, name),)), _NAMES),
        st.builds(lambda name: Fragment(f"IN (:{name})", ((Bind, name),)), _NAMES),
    )


def _planted(fragments: list[Fragment]) -> list[tuple[type, str]]:
    return [planted for fragment in fragments for planted in fragment.planted]


def _found(stored: StoredSql) -> list[tuple[type, str]]:
    return [(type(piece), piece.name) for piece in stored.pieces if not isinstance(piece, str)]


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.name)
def test_exactly_the_planted_placeholders_are_found(syntax: Syntax) -> None:
    @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(_fragments(syntax), min_size=1, max_size=25))
    def check(fragments: list[Fragment]) -> None:
        sql = "SELECT " + " ".join(fragment.text for fragment in fragments) + " END"
        assert "".join(token.text for token in tokenize(sql, syntax)) == sql
        stored = analyse(sql, syntax)
        assert _found(stored) == _planted(fragments)
        assert stored.is_read
        _check_rendering(sql, stored)

    check()


def _check_rendering(sql: str, stored: StoredSql) -> None:
    """With every placeholder put back as it was, the driver's formatting gives the text again."""
    planted = _found(stored)
    text, params = render(
        stored,
        values={name: f":{name}" for kind, name in planted if kind is Bind},
        names={name: f"#:{name}#" for _, name in planted},
        schemas={name: f"#SCHEMA.{name}#" for _, name in planted},
    )
    assert (text % params).replace(" ", "") == sql.replace(" ", "")


# Pieces of which anything could be made, in any order: most of it is no SQL at all.
_SHARDS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            *(
                "'",
                '"',
                "`",
                "[",
                "]",
                "(",
                ")",
                ";",
                ",",
                ".",
                ":",
                "::",
                ":=",
                ":a",
                ":b:",
                "#",
                "#:",
                "#:N#",
            ),
            *(
                "#SCHEMA.X#",
                "--",
                "/*",
                "*/",
                "/*!",
                "/*!50000",
                "$$",
                "$a$",
                "E'",
                "q'[",
                "]'",
                "nq'",
                "U&",
                "\\",
            ),
            *(
                "\n",
                " ",
                "%",
                "@",
                "?",
                "<",
                ">",
                "SELECT",
                "WITH",
                "AS",
                "INSERT",
                "INTO",
                "VALUES",
                "UPDATE",
                "SET",
            ),
            *(
                "DELETE",
                "FROM",
                "WHERE",
                "IN",
                "NOT",
                "ANY",
                "CAST",
                "ORDER",
                "BY",
                "LIMIT",
                "FOR",
                "UNION",
                "BEGIN",
            ),
            *("END", "ON", "KEY", "MERGE", "THEN", "RECURSIVE", "EXPLAIN", "x", "1"),
        ]
    ),
)


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.name)
def test_any_text_is_analysed_or_refused(syntax: Syntax) -> None:
    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.lists(_SHARDS, max_size=20), st.sampled_from(["", " "]))
    def check(shards: list[str], between: str) -> None:
        sql = between.join(shards)
        try:
            tokens = tokenize(sql, syntax)
        except InvalidDefinition:
            return
        assert "".join(token.text for token in tokens) == sql
        try:
            stored = analyse(sql, syntax)
        except InvalidDefinition:
            return
        binds = {bind.name for bind in stored.binds}
        assert binds <= {token.placeholder for token in tokens if token.kind is TokenKind.BIND}

    check()


_LONG = [
    "SELECT " + "(" * 20_000 + "1" + ")" * 20_000,
    "WITH a AS (" * 5_000 + "SELECT 1" + ") SELECT 1" * 5_000,
    "WITH a AS (SELECT 1) " + ") UPDATE t SET a = 1".join("(" * 2_000 + ")" * 2_000 for _ in range(3)),
    "WITH x AS (SELECT 1) SELECT " + "(1) UPDATE " * 10_000,
    "SELECT 1 WHERE a IN (" + ", ".join(f":a{number}" for number in range(10_000)) + ")",
    "SELECT " + "a::" * 20_000 + "b",
    "SELECT " + "a." * 20_000 + "b(1)",
    "SELECT :a::" + "b." * 20_000 + "c",
    "BEGIN " + "DELETE FROM t WHERE a = :a; " * 5_000 + "END;",
    "<<a>>" * 10_000,
    "(" * 20_000,
    "UPDATE t SET " + ", ".join(f"a{number} = :a{number}" for number in range(5_000)) + " WHERE a = 1",
]


@pytest.mark.parametrize("syntax", [POSTGRESQL, ORACLE], ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("sql", _LONG, ids=lambda sql: f"{sql[:12]}x{len(sql)}")
def test_long_statements_are_analysed_or_refused(sql: str, syntax: Syntax) -> None:
    try:
        stored = analyse(sql, syntax)
    except InvalidDefinition:
        return
    assert stored.pieces
