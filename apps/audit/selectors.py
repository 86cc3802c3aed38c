"""Collected entries, searched and laid out for reading."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.audit.models import AuditEntry
from liberty.secrets import STAND_IN

_HIDDEN = json.dumps(STAND_IN)


@dataclass(frozen=True, slots=True)
class Value:
    """One column before and after a change, as JSON texts; None where there was no row."""

    column: str
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def is_hidden(self) -> bool:
        """Whether both are the stand-in of a secret, which tells nothing of a change."""
        return self.before == self.after == _HIDDEN


@dataclass(frozen=True, slots=True)
class Change:
    """An entry with its columns side by side; `is_pending` while only its pool has it."""

    entry: AuditEntry
    values: list[Value]
    is_pending: bool = False

    @property
    def changed(self) -> list[Value]:
        return [value for value in self.values if value.is_changed]

    @property
    def unchanged(self) -> list[Value]:
        return [value for value in self.values if not value.is_changed and not value.is_hidden]

    @property
    def hidden(self) -> list[Value]:
        return [value for value in self.values if value.is_hidden]


def entries(
    table: str,
    *,
    pool: str = "",
    key: str = "",
    user: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> "QuerySet[AuditEntry]":
    """Return the entries of a table, oldest first.

    `key` is the value of a key of one column, or a JSON object of the key's columns; `user` is a user id, or
    `catalogue/user`. `start` is included, `end` is not.
    """
    found = AuditEntry.objects.filter(table__iexact=table).order_by("changed_at", "entry_id")
    if pool:
        found = found.filter(pool=pool)
    if user:
        found = found.filter(actor=user) if "/" in user else found.filter(actor__endswith=f"/{user}")
    if start:
        found = found.filter(changed_at__gte=start)
    if end:
        found = found.filter(changed_at__lt=end)
    if key:
        wanted = _parsed(key)
        ids = [entry.entry_id for entry in found.only("row_key") if _is_key(entry.row_key, key, wanted)]
        found = found.filter(entry_id__in=ids)
    return found


def history(
    pool: str, table: str, row_key: str, *, limit: int, pending: Sequence[AuditEntry] = ()
) -> list[Change]:
    """Return the last `limit` changes of a row, latest first: what was collected, and what is `pending`."""
    found = AuditEntry.objects.filter(pool=pool, table__iexact=table, row_key=row_key)
    collected = list(found.order_by("-changed_at", "-entry_id")[:limit])
    known = {entry.entry_id for entry in collected}
    waiting = [entry for entry in pending if entry.entry_id not in known]
    changes = [Change(entry, side_by_side(entry)) for entry in collected]
    changes += [Change(entry, side_by_side(entry), is_pending=True) for entry in waiting]
    changes.sort(key=lambda change: (change.entry.changed_at, change.entry.entry_id), reverse=True)
    return changes[:limit]


def side_by_side(entry: AuditEntry) -> list[Value]:
    """Return the columns of the row in their order, those that only one side has at the end."""
    before, after = _row(entry.before), _row(entry.after)
    return [Value(name, before.get(name), after.get(name)) for name in {**before, **after}]


def _row(text: str | None) -> Mapping[str, str]:
    if text is None:
        return {}
    # Numbers keep the digits that they are written with.
    row: dict[str, Any] = json.loads(text, parse_float=_Digits, parse_int=_Digits)
    return {name: _shown(value) for name, value in row.items()}


class _Digits(str):
    """A number as it is written."""


def _shown(value: Any) -> str:
    if isinstance(value, _Digits):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _parsed(key: str) -> dict[str, Any] | None:
    try:
        value = json.loads(key)
    except ValueError:
        return None
    return _by_lower_name(value) if isinstance(value, dict) else None


def _by_lower_name(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in row.items()}


def _is_key(row_key: str, given: str, wanted: dict[str, Any] | None) -> bool:
    row = json.loads(row_key)
    if wanted is not None:
        return _by_lower_name(row) == wanted
    return len(row) == 1 and str(next(iter(row.values()))) == given
