"""What the sign-in page reads before anybody has signed in: modules, applications, themes.

The columns are those of framework queries 3, 15 and 33, whatever an administrator makes of those queries:
they are read without a token (contract, section 0.5). A process reads each list once until the catalogue
changes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.framework.models import Module, ThemeColor
from apps.framework.module_params import published
from apps.pools.catalogue import remembered
from apps.pools.models import Pool

CATALOGUE = "default"
THEME_COLUMNS = ("THM_NAME", "TCL_KEY", "TCL_LIGHT", "TCL_DARK")

# What the client takes where an application says nothing that it could work with: it divides by the first.
DEFAULT_PAGE_SIZE = 1000
DEFAULT_ROW_CEILING = 10_000

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FrameworkList:
    """Rows as objects with ROW_ID (1, 2, ...) first, and the `{name, type}` of their members.

    Lists are shared between requests and must not be changed.
    """

    items: Sequence[Item]
    metadata: Sequence[Item]


@dataclass(frozen=True, slots=True)
class TextFilter:
    """A condition on a column of text. `pattern` is None for null; otherwise it matches the whole text."""

    column: str
    pattern: re.Pattern[str] | None
    negated: bool = False

    def accepts(self, item: Item) -> bool:
        value = item[self.column]
        if self.pattern is None or value is None:
            # As in SQL: a null is neither like something nor unlike it.
            return self.pattern is None and (value is None) is not self.negated
        return (self.pattern.fullmatch(value) is not None) is not self.negated


def modules() -> FrameworkList:
    """Return the module switches, without parameters that look like secrets."""
    return _remembered("modules", _load_modules)


def applications() -> FrameworkList:
    """Return the applications by number; page size and row ceiling are positive numbers."""
    return _remembered("applications", _load_applications)


def themes(filters: Iterable[TextFilter] = ()) -> FrameworkList:
    """Return the colours of the themes that pass all `filters`, whose columns are THEME_COLUMNS."""
    whole = _remembered("themes", _load_themes)
    conditions = tuple(filters)
    if not conditions:
        return whole
    accepted = (item for item in whole.items if all(condition.accepts(item) for condition in conditions))
    return _numbered(THEME_COLUMNS, [tuple(item[name] for name in THEME_COLUMNS) for item in accepted])


def _remembered(name: str, load: Callable[[], FrameworkList]) -> FrameworkList:
    return remembered(CATALOGUE, ("sign-in page", name), load)


def _load_modules() -> FrameworkList:
    columns = ("module_id", "module_description", "module_enabled", "module_params")
    rows = Module.objects.order_by("module_id").values_list(*columns)
    return _numbered(columns, [(*row[:-1], published(row[-1])) for row in rows])


def _load_applications() -> FrameworkList:
    columns = (
        "apps_id",
        "apps_name",
        "apps_description",
        "apps_pool",
        "apps_offset",
        "apps_limit",
        "apps_version",
        "apps_dashboard",
        "apps_theme",
    )
    rows = Pool.objects.order_by("apps_id").values_list(*columns)
    return _numbered(
        columns,
        [
            (
                *row[:4],
                _positive(row[4], DEFAULT_PAGE_SIZE),
                _positive(row[5], DEFAULT_ROW_CEILING),
                *row[6:],
            )
            for row in rows
        ],
    )


def _load_themes() -> FrameworkList:
    rows = ThemeColor.objects.order_by("thm__thm_name", "tcl_key")
    return _numbered(
        THEME_COLUMNS, list(rows.values_list("thm__thm_name", "tcl_key", "tcl_light", "tcl_dark"))
    )


def _positive(value: int | None, default: int) -> int:
    return value if value is not None and value > 0 else default


def _numbered(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> FrameworkList:
    names = ["ROW_ID", *(column.upper() for column in columns)]
    items = [dict(zip(names, (number, *row), strict=True)) for number, row in enumerate(rows, start=1)]
    return FrameworkList(items, [{"name": name, "type": _type_name(name, items)} for name in names])


def _type_name(name: str, items: Sequence[Item]) -> str:
    """Return the type of the first row's value in the words of the contract (section 3)."""
    value = items[0][name] if items else None
    known = (bool, int, float, str, dict, datetime, date)
    return next((kind.__name__ for kind in known if isinstance(value, kind)), "UNKNOWN")
