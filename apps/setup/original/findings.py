"""What could not be moved, or not as it was, and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a finding is about; `value` is its name in the report's JSON."""

    UNKNOWN_TABLE = "unknown table"
    OTHER_TABLE = "table of others"
    MISSING_TABLE = "missing table"
    UNKNOWN_COLUMN = "unknown column"
    MISSING_COLUMN = "missing column"
    WRONG_VALUE = "wrong value"
    DOUBLE_ROW = "double row"
    ORPHAN_ROW = "orphan row"
    UNREADABLE_SECRET = "unreadable secret"  # noqa: S105 (a word)
    LEFT_CATALOGUE = "catalogue left behind"
    UNDECIDED_CATALOGUE = "catalogue undecided"
    UNKNOWN_CATALOGUE = "catalogue not looked into"


# These tell what is there or was wished: nothing of it is missed here.
_NOTES = frozenset({Kind.OTHER_TABLE, Kind.MISSING_TABLE, Kind.MISSING_COLUMN, Kind.LEFT_CATALOGUE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that could not be moved: a table, a column, a row, a secret or a whole catalogue.

    `place` names it, `reason` says why and what became of it; neither shows a value.
    """

    kind: Kind
    catalogue: str
    place: str
    reason: str

    @property
    def is_loss(self) -> bool:
        """Whether something of the original is not here."""
        return self.kind not in _NOTES

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"loss": self.is_loss}


class Findings:
    """Collects the findings of one catalogue."""

    def __init__(self, catalogue: str) -> None:
        self.catalogue = catalogue
        self._found: list[Finding] = []

    def add(self, kind: Kind, place: str, reason: str) -> None:
        self._found.append(Finding(kind, self.catalogue, place, reason))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)
