"""The columns of a page: their names, labels and what may not be shown of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.framework.dictionary import Entry
from apps.pools.statement import Column, Kind

ROW_ID = Column("ROW_ID", Kind.BIGINT)

TEXT_TYPE = "text"


def output_names(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the upper-case names that the values of `columns` are answered under, in order.

    A name that comes again, also one that differs in case only, is numbered: `N`, `N_2`, `N_3`. ROW_ID
    is taken by the row's own number.
    """
    taken = {ROW_ID.name}
    names: list[str] = []
    for column in columns:
        names.append(_free(column.name.upper(), taken))
        taken.add(names[-1])
    return tuple(names)


def describe_columns(columns: Sequence[Column], entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """Return the metadata of a page, ROW_ID first: the document's members and those of the client.

    `type` is the dictionary's type; `dataType` is what the database holds (see `docs/values.md`).
    """
    names = (ROW_ID.name, *output_names(columns))
    return [
        _describe(name, column, entries.get(name))
        for name, column in zip(names, (ROW_ID, *columns), strict=True)
    ]


def _describe(name: str, column: Column, entry: Entry | None) -> dict[str, Any]:
    kind = entry.type if entry and entry.type else TEXT_TYPE
    return {
        "name": name,
        "headerName": (entry and entry.label) or name,
        "field": name,
        "type": kind,
        "operator": "like" if kind == TEXT_TYPE else "=",
        "rules": (entry and entry.rules) or None,
        "rules_values": (entry and entry.rules_values) or None,
        "default": (entry and entry.default) or None,
        "dataType": column.kind.value,
    }


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
