"""Rows as the text of a repository file: `{table: [{column: value}]}`, one member a line.

Equal rows give equal text, whichever database they come from: columns stand in the order of the model, and
characters as they are. `apps.setup.reading` reads it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from apps.setup.repository import RepositoryTable, Row


def repository_text(tables: Iterable[tuple[RepositoryTable, Iterable[Row]]]) -> Iterator[str]:
    """Yield the pieces of a file with these tables and their rows, in the order given."""
    lead = "{\n"
    for table, rows in tables:
        yield f"{lead} {_json(table.name)}: ["
        yield from _rows_text(table, rows)
        yield "]"
        lead = ",\n"
    yield "{}\n" if lead == "{\n" else "\n}\n"


def _rows_text(table: RepositoryTable, rows: Iterable[Row]) -> Iterator[str]:
    heads = [f"   {_json(column)}: " for column in table.column_names]
    lead, end = "\n", ""
    for row in rows:
        members = ",\n".join(head + _value(value) for head, value in zip(heads, row, strict=True))
        yield f"{lead}  {{\n{members}\n  }}"
        lead, end = ",\n", "\n "
    yield end


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        # Stored without a zone, and meant as UTC. Microseconds stay.
        return _json(value.replace(tzinfo=None).isoformat())
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
