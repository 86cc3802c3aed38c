"""The lexer: what is code in each product, and which placeholders stand in it."""

import pytest

from apps.pools.lexer import GENERIC, MYSQL, ORACLE, POSTGRESQL, SQLITE, Syntax, TokenKind, place, tokenize
from liberty.errors import InvalidDefinition

ALL = (POSTGRESQL, MYSQL, SQLITE, ORACLE, GENERIC)


def binds(sql: str, syntax: Syntax) -> list[str]:
    return [token.placeholder for token in tokenize(sql, syntax) if token.kind is TokenKind.BIND]


def significant(sql: str, syntax: Syntax) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in tokenize(sql, syntax) if token.is_significant]


def refusal(sql: str, syntax: Syntax) -> str:
    with pytest.raises(InvalidDefinition) as caught:
        tokenize(sql, syntax)
    return caught.value.message


EVERYWHERE = [
    ("SELECT :a, :b_2 FROM t WHERE x = :été", ["A", "B_2", "ÉTÉ"]),
    ("x not like '00:04' and y = '2026-01-01 03:31:00'", []),
    ("x = 'com.example:server:18.04:amd64'", []),
    ("x ~ '^(?:cdl|das).*$'", []),
    ("x = '100% :done' OR y = 'it''s :no' OR z = :yes", ["YES"]),
    ("a -- :old\n+ :new", ["NEW"]),
    ("/* :x '*/ :y", ["Y"]),
    ("/* :x \n -- */ :y", ["Y"]),
    ("id = :id AND id2 = :id2 AND id = :ID", ["ID", "ID2", "ID"]),
    ("a=:b,(:c)", ["B", "C"]),
    (":1 :2x : name :", []),
    ("a = :a::int", ["A"]),
    ("v := :v", ["V"]),
    ("v:=1", []),
    ("x IN:ids LIMIT:n", ["IDS", "N"]),
    (":sql :query :limit :offset :pool :language", ["SQL", "QUERY", "LIMIT", "OFFSET", "POOL", "LANGUAGE"]),
]


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize(("sql", "expected"), EVERYWHERE)
def test_binds_are_found_where_code_stands(sql: str, expected: list[str], syntax: Syntax) -> None:
    assert binds(sql, syntax) == expected


PER_PRODUCT = [
    (POSTGRESQL, "= ANY(:ids::uuid[])", ["IDS"]),
    (POSTGRESQL, "CAST(:p::varchar[] AS text)", ["P"]),
    (POSTGRESQL, ":perms::jsonb", ["PERMS"]),
    (POSTGRESQL, "arr[1:2] arr[:lo:5] arr[: hi] arr[:lo : :hi]", ["LO", "LO", "HI"]),
    (POSTGRESQL, "ARRAY[1, :x] || arr[CASE WHEN :y THEN 1 END]", ["X", "Y"]),
    (POSTGRESQL, r"x = 'a\' AND y = :y --'", ["Y"]),
    (POSTGRESQL, r"x = E'a\' :no' AND y = :y", ["Y"]),
    (POSTGRESQL, "E'a' -- go on\n '\\' :no' = :y", ["Y"]),
    (POSTGRESQL, "'a'\n'\\' = :y", ["Y"]),
    (POSTGRESQL, "B'1' || X'1F' || N':n' || U&'\\0061 :no' || U&\"d\\0061t :no\" || :y", ["Y"]),
    (POSTGRESQL, "$$ :no $$ $tag$ $$ :no $x$ $tag$ :y", ["Y"]),
    (POSTGRESQL, "a$b$ = :y", ["Y"]),
    (POSTGRESQL, '"a "" :no" = :y', ["Y"]),
    (POSTGRESQL, "/* a /* :no */ :no */ :y", ["Y"]),
    (POSTGRESQL, "-- :no\r:y", ["Y"]),
    (POSTGRESQL, "a ? :k AND b ?| :l AND c ?& :m", ["K", "L", "M"]),
    (POSTGRESQL, "a #> :k #>> :l #- :m @> :n % :o ->:p", ["K", "L", "M", "N", "O", "P"]),
    (POSTGRESQL, "f(a := :a, b => :b)", ["A", "B"]),
    (POSTGRESQL, "a # :b", ["B"]),
    (POSTGRESQL, "--:no", []),
    (MYSQL, r"x = 'a\' :no' AND y = :y", ["Y"]),
    (MYSQL, r'x = "a\" :no"" :no" AND y = :y', ["Y"]),
    (MYSQL, "`a`` :no` = :y", ["Y"]),
    (MYSQL, "# :no\n:y", ["Y"]),
    (MYSQL, "1--:y", ["Y"]),
    (MYSQL, "-- :no\n:y --\n:z --", ["Y", "Z"]),
    (MYSQL, "-- :no\r:no\n:y", ["Y"]),
    (MYSQL, "/* a /* :no */ :y", ["Y"]),
    (MYSQL, "SELECT @v := 1, @w := :w, @@global.x", ["W"]),
    (MYSQL, "SELECT 2*/* :no */3 /*!50110 + 1 */ + :y", ["Y"]),
    (MYSQL, r"_utf8'\' :no' = :y", ["Y"]),
    (SQLITE, "[a :no] = :y", ["Y"]),
    (SQLITE, "\"a :no\" = `b :no` || x'00' || :y", ["Y"]),
    (SQLITE, r"x = 'a\' AND y = :y", ["Y"]),
    (SQLITE, "/* /* :no */ :y", ["Y"]),
    (SQLITE, "$$ || :y", ["Y"]),
    (ORACLE, "BEGIN v := :v; <<l>> x := :x; END;", ["V", "X"]),
    (ORACLE, "q'[it's :no]' || nq'{:no}' || Q'<:no>' || q'(:no)' || q'!:no!' || :y", ["Y"]),
    (ORACLE, "q'[a]b :no]' || :y", ["Y"]),
    (ORACLE, "sys#x$ = :y AND q = :z", ["Y", "Z"]),
    (ORACLE, "1..:n", ["N"]),
]


@pytest.mark.parametrize(("syntax", "sql", "expected"), PER_PRODUCT)
def test_each_product_has_its_own_literals_and_comments(
    syntax: Syntax, sql: str, expected: list[str]
) -> None:
    assert binds(sql, syntax) == expected


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.name)
def test_names_and_schemas_are_placeholders_of_their_own(syntax: Syntax) -> None:
    tokens = tokenize("FROM #:dd_schema#.T, #Schema.Main#.U WHERE a = :a", syntax)
    found = [(token.kind, token.placeholder) for token in tokens if "#" in token.text or ":" in token.text]
    assert found == [
        (TokenKind.NAME_BIND, "DD_SCHEMA"),
        (TokenKind.SCHEMA, "MAIN"),
        (TokenKind.BIND, "A"),
    ]


@pytest.mark.parametrize("text", ["'#:N#'", '"#:N#"', "/* #SCHEMA.X# */", "'#SCHEMA.X#'"])
def test_names_and_schemas_are_left_alone_in_literals_and_comments(text: str) -> None:
    kinds = {token.kind for syntax in ALL for token in tokenize(text, syntax)}
    assert kinds <= {TokenKind.STRING, TokenKind.QUOTED_NAME, TokenKind.COMMENT}


def test_a_bind_keeps_combining_accents_and_ends_at_a_blank() -> None:
    assert binds("= :e\u0301t\u0301, :a\u00a0, :b", GENERIC) == ["E\u0301T\u0301", "A", "B"]


def test_keywords_after_a_number_are_not_swallowed() -> None:
    assert significant("WHERE a=1AND b=0x1F", POSTGRESQL) == [
        ("name", "WHERE"),
        ("name", "a"),
        ("operator", "="),
        ("number", "1"),
        ("name", "AND"),
        ("name", "b"),
        ("operator", "="),
        ("number", "0x1F"),
    ]


def test_depth_counts_parentheses_and_is_that_outside_for_the_two_of_a_pair() -> None:
    depths = "".join(str(token.depth) for token in tokenize("a(b[c(d)])e", POSTGRESQL))
    assert depths == "00111121100"


def test_an_executable_comment_is_code() -> None:
    assert significant("SELECT /*!40001 SQL_NO_CACHE */ a /*M! , b */", MYSQL) == [
        ("name", "SELECT"),
        ("name", "SQL_NO_CACHE"),
        ("name", "a"),
        ("punctuation", ","),
        ("name", "b"),
    ]


@pytest.mark.parametrize(
    ("syntax", "text", "identifier"),
    [
        (POSTGRESQL, "Plain", "Plain"),
        (POSTGRESQL, '"a""b"', 'a"b'),
        (POSTGRESQL, 'U&"ab"', "ab"),
        (MYSQL, "`a``b`", "a`b"),
        (SQLITE, "[a b]", "a b"),
    ],
)
def test_identifier_is_the_name_without_quotes(syntax: Syntax, text: str, identifier: str) -> None:
    (token,) = tokenize(text, syntax)
    assert token.identifier == identifier


UNCLEAR = [
    ("SELECT a:b", "`:b`", "line 1, column 9"),
    ("SELECT\n  :foo:bar", "`:bar`", "line 2, column 7"),
    ("arr[lo:hi]", "`:hi`", "line 1, column 7"),
    ("arr[1:n]", "`:n`", "line 1, column 6"),
    ("arr[1 :n]", "`:n`", "line 1, column 7"),
    ("arr[f(1) :n]", "`:n`", "line 1, column 10"),
    ("arr[:lo :hi]", "`:hi`", "line 1, column 9"),
    ("'a':b", "`:b`", "line 1, column 4"),
    ("f(x):b", "`:b`", "line 1, column 5"),
]


@pytest.mark.parametrize(("sql", "form", "where"), UNCLEAR)
def test_an_unclear_form_is_refused_with_its_place(sql: str, form: str, where: str) -> None:
    message = refusal(sql, POSTGRESQL)
    assert form in message
    assert where in message


@pytest.mark.parametrize("sql", ["T_#:N#", "#:N#_T", "T#SCHEMA.X#", "#SCHEMA.X#1"])
def test_a_name_placeholder_is_no_part_of_a_longer_name(sql: str) -> None:
    assert "cannot be part of a longer name (line 1, column" in refusal(sql, POSTGRESQL)


WITHOUT_END = [
    (POSTGRESQL, "a 'b", "the quoted text that starts at line 1, column 3 has no end"),
    (POSTGRESQL, "'a''b''", "the quoted text that starts at line 1, column 1 has no end"),
    (POSTGRESQL, r"E'a\'", "the quoted text that starts at line 1, column 1 has no end"),
    (POSTGRESQL, 'a\n"b', "the quoted text that starts at line 2, column 1 has no end"),
    (POSTGRESQL, 'U&"b', "the quoted text that starts at line 1, column 1 has no end"),
    (POSTGRESQL, "/* /* */", "the comment that starts at line 1, column 1 has no end"),
    (POSTGRESQL, "$a$ $b$", "the dollar-quoted text that starts at line 1, column 1 has no end"),
    (MYSQL, r"'a\'", "the quoted text that starts at line 1, column 1 has no end"),
    (MYSQL, "`a", "the quoted text that starts at line 1, column 1 has no end"),
    (MYSQL, "/*/", "the comment that starts at line 1, column 1 has no end"),
    (MYSQL, "SELECT /*! 1", "an executable comment has no end"),
    (SQLITE, "[a", "the quoted text that starts at line 1, column 1 has no end"),
    (ORACLE, "q'[a'", "the quoted text that starts at line 1, column 1 has no end"),
    (ORACLE, "nq'! a '", "the quoted text that starts at line 1, column 1 has no end"),
]


@pytest.mark.parametrize(("syntax", "sql", "message"), WITHOUT_END)
def test_text_without_end_is_refused_with_its_place(syntax: Syntax, sql: str, message: str) -> None:
    assert refusal(sql, syntax) == message


@pytest.mark.parametrize("placeholder", [":a", "#:a#", "#SCHEMA.a#"])
def test_no_placeholder_stands_in_an_executable_comment(placeholder: str) -> None:
    message = refusal(f"SELECT 1 /*!99999 + {placeholder} */", MYSQL)
    assert message == "no placeholder can stand inside an executable comment (line 1, column 21)"


def test_place_counts_lines_and_columns_from_one() -> None:
    assert [place("ab\ncd\n", offset) for offset in (0, 1, 3, 6)] == [
        "line 1, column 1",
        "line 1, column 2",
        "line 2, column 1",
        "line 3, column 1",
    ]


MONSTERS = [
    "'" * 200_001,
    "E'" + "\\'" * 100_000,
    "/*" * 100_000,
    "/*" * 50_000 + "*/" * 50_000,
    "(" * 20_000,
    ")" * 20_000,
    "$" * 20_000,
    "$a$" * 20_001,
    " " * 200_000 + "'",
    "E'' " * 20_000,
    "E''" + "\n" * 200_000,
    "E''" + "--\n" * 20_000,
    "-" * 20_000,
    '"' * 200_001,
    "[" * 20_000,
    ":" * 20_001,
    "#" * 20_000,
    "#:a" * 20_000,
    "1." * 20_000,
    "_" * 200_000,
    "a b " * 20_000,
]


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.name)
@pytest.mark.parametrize("sql", MONSTERS, ids=lambda sql: f"{sql[:6]!r}x{len(sql)}")
def test_long_monotonous_text_is_split_or_refused(sql: str, syntax: Syntax) -> None:
    try:
        tokens = tokenize(sql, syntax)
    except InvalidDefinition:
        return
    assert "".join(token.text for token in tokens) == sql
