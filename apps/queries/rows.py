"""Turns the value of a bind after VALUES, as in `INSERT INTO t VALUES :ROWS`, into rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from liberty.errors import MalformedRequest

ROW_NUMBER = "ROW_ID"
"""The member that answers add to a row; it is no column and is left out when rows come back."""


def rows_of(name: str, value: Any) -> list[list[Any]]:
    """Return the rows that the value of bind `name` stands for, all of the same length.

    A list of objects gives a row for each, in the order of the first one's members; ROW_ID is left out,
    and members match without regard to case. A list of lists gives its items, a list of anything else rows
    of one value. A single object is a list of one. Raises MalformedRequest, naming item and member, if
    there is no row or the items do not fit together; items count from 1.
    """
    items = value if isinstance(value, list) else [value]
    if not items or not isinstance(value, list | dict):
        raise MalformedRequest(f"SQL parameter `{name}` needs a list of at least one object")
    if all(isinstance(item, dict) for item in items):
        rows = _rows_of_objects(name, items)
    elif any(isinstance(item, dict) for item in items):
        raise MalformedRequest(f"the items of SQL parameter `{name}` are not all objects")
    else:
        rows = [item if isinstance(item, list) else [item] for item in items]
    for number, row in enumerate(rows, 1):
        if not row or len(row) != len(rows[0]):
            raise MalformedRequest(f"{_item(number, name)} does not have as many values as it should")
    return rows


def _item(number: int, name: str) -> str:
    return f"item {number} of SQL parameter `{name}`"


def _rows_of_objects(name: str, items: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    columns: list[str] = []
    for number, item in enumerate(items, 1):
        members = _by_upper_name(item, _item(number, name))
        columns = columns or list(members)
        _refuse_others(members, columns, _item(number, name))
        rows.append([members[column] for column in columns])
    return rows


def _by_upper_name(item: Mapping[str, Any], where: str) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for member, value in item.items():
        if member.upper() in members:
            raise MalformedRequest(f"{where} has the member `{member}` twice")
        members[member.upper()] = value
    members.pop(ROW_NUMBER, None)
    return members


def _refuse_others(members: Mapping[str, Any], columns: Sequence[str], where: str) -> None:
    for column in columns:
        if column not in members:
            raise MalformedRequest(f"{where} lacks the member `{column}` of the first item")
    for member in members:
        if member not in columns:
            raise MalformedRequest(f"{where} has the member `{member}`, which the first item lacks")
