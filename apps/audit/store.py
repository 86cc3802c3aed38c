"""The table `liberty_audit` of a pool: entries are written there first, in the transaction of the change."""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.pools.catalogue import remembered
from apps.pools.dialects import Dialect
from apps.pools.execution import apply
from apps.pools.registry import dialect_for
from apps.pools.statement import Kind, Statement
from apps.pools.tables import read_tables
from liberty.errors import StatementFailed

STORE = "liberty_audit"
COLUMNS = (
    "entry_id",
    "table_name",
    "row_key",
    "verb",
    "actor",
    "source",
    "query_id",
    "request_id",
    "changed_at",
    "before_values",
    "after_values",
)
COLLECTED = "collected"
BATCH_BYTES = 500_000
"""Most characters of the values of one statement: servers take a few megabytes at once, and no more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One changed row; `before` and `after` are JSON objects, or None where the row is not there."""

    table: str
    row_key: str
    verb: str
    actor: str
    source: str
    query: int
    request_id: str
    before: str | None
    after: str | None

    @property
    def size(self) -> int:
        """About how many characters its values have."""
        return len(self.row_key) + len(self.before or "") + len(self.after or "")


def ensure_store(alias: str, catalogue: str) -> None:
    """Make the table where it is missing. Raises StatementFailed if the pool's user may not."""
    remembered(catalogue, ("audit store", alias), lambda: has_store(alias) or _make(alias))


def has_store(alias: str) -> bool:
    return bool(read_tables(alias, STORE))


def insertions(entries: Iterable[Entry], dialect: Dialect) -> Iterator[Statement]:
    """Yield the statements that write entries, at the time of the database's clock.

    One takes as many rows as the product takes, and BATCH_BYTES of values, or a single entry that has more.
    """
    for number, batch in enumerate(_batches(entries, dialect.rows_per_insert)):
        yield _insertion(batch, dialect, first=number * dialect.rows_per_insert)


def _batches(entries: Iterable[Entry], most: int) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == most or size + entry.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _insertion(batch: Sequence[Entry], dialect: Dialect, *, first: int) -> Statement:
    params: dict[str, object] = {}
    rows = []
    for number, entry in enumerate(batch):
        values = _values(entry, _new_id(first + number))
        params |= {f"{name}_{number}": value for name, value in values.items()}
        places = {name: f"%({name}_{number})s" for name in values}
        places["changed_at"] = f"({dialect.current_time})"
        rows.append(f"({', '.join(places[name] for name in COLUMNS)})")
    return Statement(
        f"INSERT INTO {STORE} ({', '.join(COLUMNS)}) VALUES {', '.join(rows)}",  # noqa: S608 - our own names
        params,
    )


def _values(entry: Entry, entry_id: str) -> dict[str, object]:
    return {
        "entry_id": entry_id,
        "table_name": entry.table,
        "row_key": entry.row_key,
        "verb": entry.verb,
        "actor": entry.actor,
        "source": entry.source,
        "query_id": entry.query,
        "request_id": entry.request_id,
        "before_values": entry.before,
        "after_values": entry.after,
    }


def uncollected(dialect: Dialect, limit: int) -> Statement:
    """Return a SELECT of the entries that have not been collected, oldest first."""
    order = ["changed_at", "entry_id"]
    sql = f"SELECT {', '.join(COLUMNS)} FROM {STORE} WHERE {COLLECTED} IS NULL"  # noqa: S608 - our own names
    return Statement(dialect.page(sql, order_by=order), {"liberty_limit": limit, "liberty_offset": 0})


def collection(entry_ids: Sequence[str]) -> Statement:
    """Return the statement that marks entries as collected."""
    params = {f"entry_{number}": entry_id for number, entry_id in enumerate(entry_ids)}
    places = ", ".join(f"%({name})s" for name in params)
    return Statement(
        f"UPDATE {STORE} SET {COLLECTED} = 'Y' WHERE entry_id IN ({places})",  # noqa: S608 - our own names
        params,
    )


def pending_of_row(dialect: Dialect, table: str, row_key: str, limit: int) -> Statement:
    """Return a SELECT of the entries of one row that have not been collected, latest first."""
    order = ["changed_at DESC", "entry_id DESC"]
    key = dialect.text_of("row_key", Kind.OTHER)
    sql = (
        f"SELECT {', '.join(COLUMNS)} FROM {STORE} WHERE {COLLECTED} IS NULL"  # noqa: S608 - our own names
        f" AND table_name = %(table_name)s AND {key} = %(row_key)s"
    )
    params = {"table_name": table, "row_key": row_key, "liberty_limit": limit, "liberty_offset": 0}
    return Statement(dialect.page(sql, order_by=order), params)


def removal(dialect: Dialect, end: datetime) -> Statement:
    """Return the statement that deletes the entries from before `end` (UTC) that have been collected."""
    age = dialect.compare("changed_at", "<", "%(end)s", Kind.DATETIME)
    bound = dialect.bind(end.replace(tzinfo=None).isoformat(), Kind.DATETIME)
    return Statement(
        f"DELETE FROM {STORE} WHERE {COLLECTED} = 'Y' AND {age}",  # noqa: S608 - our own names
        {"end": bound},
    )


def store_ddl(dialect: Dialect) -> Statement:
    """Return the statement that makes the table."""
    types = {
        "entry_id": "varchar(32) NOT NULL PRIMARY KEY",
        "table_name": "varchar(128) NOT NULL",
        "row_key": f"{dialect.long_text_type} NOT NULL",
        "verb": "varchar(10) NOT NULL",
        "actor": "varchar(201) NOT NULL",
        "source": "varchar(10) NOT NULL",
        "query_id": "integer NOT NULL",
        "request_id": "varchar(64) NOT NULL",
        "changed_at": f"{dialect.timestamp_type} NOT NULL",
        "before_values": dialect.long_text_type,
        "after_values": dialect.long_text_type,
        COLLECTED: "varchar(1)",
    }
    return Statement(dialect.create_table(STORE, list(types.items())))


def _new_id(number: int) -> str:
    """Return an id that sorts by time, and by its number among those of one statement of a caller.

    The clocks of databases are too coarse to tell the order of changes.
    """
    return f"{time.time_ns() + number:016x}{secrets.token_hex(8)}"


def _make(alias: str) -> bool:
    try:
        apply(alias, [store_ddl(dialect_for(alias))])
    except StatementFailed as refusal:
        if has_store(alias):  # another write has made it a moment ago
            return True
        raise StatementFailed(
            f"the table is audited, and `{STORE}` cannot be made in its pool: {refusal.message}",
            sql=refusal.sql,
        ) from refusal
    return True
