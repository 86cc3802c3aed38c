"""Our own framework queries: the SQL in `framework_sql/`, made ready for a database product.

A file is named for its query, and for its verb unless that is GET (`07.sql`, `13.post.sql`). It opens with
comment lines: what the query returns, its pool, and the order of its result. What follows is SQL that every
product reads, except for a few phrases in braces, which stand for the text that a product needs:

`{concat a | b | c}`
    the texts joined into one; NULL where one of them is.
`{joined item | order | FROM-part}`
    a sub-select: the items of many rows as one text `item;item`, in that order; NULL where there is none.
`{dynamic TABLE: KEY = column, ...}`, and `fixed`, `pool`, `output` alike
    the same over the rows of a filter table for one owner: `target=source` for values that come from a
    field, `target=value` for constants, the source or value alone for pools, `target=source` for values
    handed back. A field is its own target where the row names none.
`{recursive}`
    the word after WITH in front of a query that names itself, where the product wants one.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DIRECTORY = Path(__file__).parent / "framework_sql"


@dataclass(frozen=True, slots=True)
class FrameworkDefinition:
    """One framework query for one verb and database product, in the form that stored queries have.

    `order_by` names result columns and is empty where `sql` orders by itself. `pool` is the name of a pool,
    or `SESSION` for the pool of the request (contract, section 5).
    """

    sql: str
    order_by: str
    pool: str


@dataclass(frozen=True, slots=True)
class _Product:
    """How a database product says the phrases in braces."""

    joined: str
    """Of `item`, `order` and `source`, which is what follows FROM."""
    concat: tuple[str, str, str] = ("", " || ", "")
    """What stands before, between and after the parts."""
    recursive: str = "RECURSIVE"


_POSTGRESQL = _Product("(SELECT string_agg({item}, ';' ORDER BY {order}) FROM {source})")
_MYSQL = _Product(
    "(SELECT GROUP_CONCAT({item} ORDER BY {order} SEPARATOR ';') FROM {source})",
    concat=("CONCAT(", ", ", ")"),
)
# SQLite orders inside an aggregate from 3.44 on; before, it takes rows as an ordered sub-select gives them.
_SQLITE = _Product(
    "(SELECT group_concat(item, ';') FROM (SELECT {item} AS item FROM {source} ORDER BY {order}))"
)
_ORACLE = _Product(
    "(SELECT LISTAGG({item}, ';') WITHIN GROUP (ORDER BY {order}) FROM {source})", recursive=""
)
_PRODUCTS = {
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": _SQLITE,
    "oracle": _ORACLE,
}

_FILTER_KINDS = {"dynamic": "DD", "fixed": "VALUE", "pool": "POOL", "output": "OUT"}
_PHRASE = re.compile(r"\{(\w+)\s*([^}]*)\}")
_HEADER = re.compile(r"(?:--.*\n)+")
_HEADER_ENTRY = re.compile(r"^-- (pool|order): (.+)$", re.MULTILINE)


@cache
def framework_definition(number: int, verb: str, dbtype: str) -> FrameworkDefinition | None:
    """Return framework query `number` for `verb` (GET, POST, PUT, DELETE) on the product `dbtype`.

    None where we have no such query, no SQL for that verb, or do not know the product. Every file is read
    once in the life of the process.
    """
    product = _PRODUCTS.get(dbtype)
    text = _texts().get((number, verb))
    if product is None or text is None:
        return None
    header = _HEADER.match(text)
    entries = dict(_HEADER_ENTRY.findall(header[0])) if header else {}
    sql = text[header.end() :] if header else text
    return FrameworkDefinition(
        sql=_expand(sql, product).strip(),
        order_by=entries.get("order", ""),
        pool=entries["pool"],
    )


def framework_query_numbers() -> dict[int, tuple[str, ...]]:
    """Return the verbs of every framework query that we have, by its number, both in order."""
    verbs: dict[int, tuple[str, ...]] = {}
    for number, verb in sorted(_texts()):
        verbs[number] = (*verbs.get(number, ()), verb)
    return verbs


@cache
def _texts() -> dict[tuple[int, str], str]:
    return {_number_and_verb(file): file.read_text(encoding="utf-8") for file in _DIRECTORY.glob("*.sql")}


def _number_and_verb(file: Path) -> tuple[int, str]:
    number, _, verb = file.stem.partition(".")
    return int(number), verb.upper() or "GET"


def _expand(sql: str, product: _Product) -> str:
    def phrase(match: re.Match[str]) -> str:
        word, rest = match.groups()
        if word == "recursive":
            return product.recursive
        if word == "concat":
            return _concat(_split(rest, "|"), product)
        if word == "joined":
            item, order, source = _split(rest, "|")
            return product.joined.format(item=item, order=order, source=source)
        return _joined_filters(_FILTER_KINDS[word], rest, product)

    return _PHRASE.sub(phrase, sql)


def _joined_filters(kind: str, rest: str, product: _Product) -> str:
    table, keys = _split(rest, ":")
    prefix = "cdn" if table.endswith("_cdn") else "flt"
    owner = " AND ".join(f"f.{key}" for key in _split(keys, ","))
    return product.joined.format(
        item=_filter_item(kind, prefix, product),
        order=f"f.{prefix}_id",
        source=f"{table} f WHERE {owner} AND f.{prefix}_type = '{kind}'",
    )


def _filter_item(kind: str, prefix: str, product: _Product) -> str:
    source, value = f"f.{prefix}_source", f"f.{prefix}_value"
    if kind == "POOL":
        return f"coalesce({source}, {value})"
    target = f"f.{prefix}_target"
    if kind == "VALUE":
        return _concat([target, "'='", value], product)
    return _concat([f"coalesce({target}, {source})", "'='", source], product)


def _concat(parts: list[str], product: _Product) -> str:
    before, between, after = product.concat
    return before + between.join(parts) + after


def _split(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator)]
