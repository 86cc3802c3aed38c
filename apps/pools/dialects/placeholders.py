"""The `%(name)s` placeholders of a statement."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

# Statements longer than this, in characters, are not remembered: with long lists in them there is no end of
# different ones.
LONGEST_REMEMBERED = 16_384

_PLACEHOLDER = re.compile(r"%%|%\((\w+)\)s")


def _remembered(read: Callable[[str], T]) -> Callable[[str], T]:
    kept = lru_cache(maxsize=1024)(read)

    @wraps(read)
    def remembering(sql: str) -> T:
        return kept(sql) if len(sql) <= LONGEST_REMEMBERED else read(sql)

    return remembering


@_remembered
def occurrences(sql: str) -> tuple[str, ...]:
    """Return the name of every placeholder in `sql`, in order, with repetitions."""
    return tuple(found[1] for found in _PLACEHOLDER.finditer(sql) if found[1])


def replace(sql: str, replacement: Callable[[str], str], *, percent: str) -> str:
    """Return `sql` with each placeholder replaced by what `replacement` returns for its name, and each
    doubled `%` by `percent`."""
    return _PLACEHOLDER.sub(lambda found: replacement(found[1]) if found[1] else percent, sql)


@_remembered
def colon_style(sql: str) -> str:
    """Return `sql` in the `:name` style of sqlite3 and oracledb."""
    return replace(sql, lambda name: f":{name}", percent="%")


@_remembered
def question_style(sql: str) -> str:
    """Return `sql` with a question mark for every placeholder; `occurrences` tells the order."""
    return replace(sql, lambda name: "?", percent="%")


@_remembered
def numbered(sql: str) -> str:
    """Return `sql` with every occurrence a placeholder of its own: `%(a)s %(a)s` as `%(a__0)s %(a__1)s`."""
    counter = iter(range(len(occurrences(sql))))
    return replace(sql, lambda name: f"%({name}__{next(counter)})s", percent="%%")
