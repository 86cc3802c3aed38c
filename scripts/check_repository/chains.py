"""Rows that are created, read, changed, read again and deleted over HTTP through the stored queries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from apps.pools.dialects import dialect_named
from apps.queries.binds import StoredSql, analyse
from apps.setup.repository import RepositoryTable, framework_tables
from liberty.secrets import STAND_IN, is_secret
from liberty.text import counted
from scripts.check_repository.client import Client
from scripts.check_repository.definitions import DBTYPE, Stored
from scripts.check_repository.outcome import Outcome, Verdict

# Parents before their children, which go with them.
CHAINS = (
    ("ly_users",),
    ("ly_applications",),
    ("ly_enum", "ly_enum_val", "ly_enum_val_l"),
    ("ly_dictionary", "ly_dictionary_l"),
    ("ly_query", "ly_qry_sql"),
)
VERBS = ("GET", "POST", "PUT", "DELETE")
_DIALECT = dialect_named(DBTYPE)


class _Broken(Exception):
    """A step of a chain did not do what it should; the text says which and how."""


@dataclass(frozen=True, slots=True)
class _Editor:
    """The stored query that reads and writes one table."""

    table: RepositoryTable
    number: int
    writes: Mapping[str, StoredSql]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.table.columns[position].column.upper() for position in self.table.key)

    def line(self, verb: str, *, text: str, number: int) -> dict[str, Any]:
        """Return values for a write; those of the key are the same for every verb."""
        names = dict.fromkeys(bind.name for bind in self.writes[verb].binds)
        return {name: self._value(name, text, number) for name in names}

    def _value(self, name: str, text: str, number: int) -> Any:
        item = self.table.columns[self.table.position(name.lower())]
        target = item.target_field if isinstance(item, models.ForeignKey) else item
        if name in self.key:
            text, number = "zz9", 987654
        if isinstance(target, models.IntegerField):
            return number
        if isinstance(target, models.DateTimeField):
            return f"2024-01-31T10:11:{number % 60:02}"
        if is_secret(name):
            # Passwords have a least length.
            return f"the password of {text}"
        return text[: target.max_length or len(text)]


def check_chains(group: str, stored: Sequence[Stored], client: Client) -> Iterator[Outcome]:
    """Run each chain and yield what came of it."""
    for tables in CHAINS:
        name = ", ".join(tables)
        try:
            _run([_editor_of(table, stored) for table in tables], client)
        except _Broken as exc:
            yield Outcome(group, name, Verdict.BAD, str(exc))
        else:
            yield Outcome(group, name, Verdict.GOOD)


def _editor_of(table: str, stored: Sequence[Stored]) -> _Editor:
    """Find the query that has all four verbs and writes this table with three of them."""
    numbers: dict[int, dict[str, str]] = {}
    for definition in stored:
        numbers.setdefault(definition.number, {})[definition.verb] = definition.sql
    for number, texts in sorted(numbers.items()):
        if set(texts) < set(VERBS):
            continue
        writes = {verb: analyse(texts[verb], _DIALECT.syntax) for verb in VERBS[1:]}
        if all(item.tables == {table} for item in writes.values()):
            return _Editor(framework_tables()[table], number, writes)
    raise _Broken(f"no stored query has all four verbs for {table}")


def _run(editors: Sequence[_Editor], client: Client) -> None:
    for editor in editors:
        for verb, text, number in (("POST", "first", 3), ("PUT", "other", 7)):
            line = editor.line(verb, text=text, number=number)
            _write(client, editor, verb, line)
            _compare(editor, _read(client, editor), line)
    for editor in reversed(editors):
        _write(client, editor, "DELETE", editor.line("DELETE", text="", number=0))
        if _read(client, editor):
            raise _Broken(f"DELETE {editor.number} leaves the row there")


def _write(client: Client, editor: _Editor, verb: str, line: Mapping[str, Any]) -> None:
    status, body = client.query(verb, _arguments(editor), line)
    if status != 200 or body["count"] != 1:
        raise _Broken(f"{verb} {editor.number}: {status} {body}")


def _read(client: Client, editor: _Editor) -> list[Mapping[str, Any]]:
    key = editor.line("DELETE", text="", number=0)
    filters = {name: {"=": value} for name, value in key.items() if name in editor.key}
    status, body = client.query("GET", {**_arguments(editor), "q": json.dumps(filters)})
    if status != 200:
        raise _Broken(f"GET {editor.number}: {status} {body}")
    rows: list[Mapping[str, Any]] = body["items"]
    return rows


def _compare(editor: _Editor, rows: Sequence[Mapping[str, Any]], line: Mapping[str, Any]) -> None:
    """See that the row that was written is read with the values that it was written with."""
    if len(rows) != 1:
        raise _Broken(f"GET {editor.number} gives {counted(len(rows), 'row')} after a write")
    expected = {
        name: STAND_IN if is_secret(name) else value for name, value in line.items() if name in rows[0]
    }
    read = {name: rows[0][name] for name in expected}
    if read != expected:
        raise _Broken(f"GET {editor.number} gives {read} for {expected}")


def _arguments(editor: _Editor) -> dict[str, str]:
    return {"source": "query", "query": str(editor.number), "pool": "default", "mode": "session"}
