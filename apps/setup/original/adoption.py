"""Taking over an application's database where it is: its secrets become ours, everything else stays.

Our server reads the original's framework tables as they are, except for the secrets in them. Each of those is
replaced: users' passwords by hashes, the others by texts under our own key. The original then no longer signs
anybody in to that application, so this happens on the operator's word alone, and what stood there is written
to a file before, encrypted under our own key, from which it can be given back.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from apps.pools import registry
from apps.pools.catalogue import touch
from apps.pools.router import use_framework_pool
from apps.setup.imported_secrets import Secret, stored_form
from apps.setup.original.findings import Findings, Kind
from apps.setup.original.secrets import is_of_original
from apps.setup.repository import Key, framework_tables
from apps.setup.services import database_failures
from apps.setup.stored_secrets import SecretColumn, present_columns, secret_columns
from liberty.crypto import decrypt_original, decrypt_stored, encrypt_stored, reads_stored
from liberty.errors import DecryptionFailed, MalformedRequest
from liberty.secrets import MAX_PASSWORD_BYTES

FORM = "liberty adoption 1"


@dataclass(frozen=True, slots=True)
class Replacement:
    """A secret of the original in a row, and what takes its place (None where nobody can read it)."""

    column: SecretColumn
    key: Key
    old: str = field(repr=False)
    new: str | None = field(repr=False)

    @property
    def place(self) -> str:
        return framework_tables()[self.column.table].describe(self.key)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the adoption of a pool's database changes."""

    pool: str
    replacements: tuple[Replacement, ...]


def plan_adoption(pool: str, master_key: str, findings: Findings) -> Adoption:
    """Return which secrets of a pool's framework tables are still the original's, and what replaces them.

    Secrets that nobody can read stay as they are, and are told. Raises UnknownPool, PoolNotOpened,
    Unavailable, StatementFailed.
    """
    alias = registry.resolve(pool)
    with database_failures(pool):
        found = list(_secrets_of_original(alias))
    replacements = [_replacement(column, key, text, master_key, findings) for column, key, text in found]
    return Adoption(pool, tuple(item for item in replacements if item.new is not None))


def adopt(adoption: Adoption, backup: Path) -> None:
    """Write the backup, then replace the secrets in one transaction. Raises as `plan_adoption` does.

    A secret that was changed meanwhile is a MalformedRequest, and nothing is replaced.
    """
    pool, alias = adoption.pool, registry.resolve(adoption.pool)
    write_private(backup, _backup_text(adoption), is_new=True)
    with database_failures(pool), use_framework_pool(alias), transaction.atomic(using=alias):
        for item in adoption.replacements:
            if not _update(alias, item, item.old, item.new):
                raise MalformedRequest(
                    f"{item.place} of pool `{pool}` was changed meanwhile; run it again: nothing was replaced"
                )
    touch(alias)


def give_back(backup: Path) -> tuple[str, int, tuple[str, ...]]:
    """Put back what an adoption replaced; return the pool, how many secrets, and the rows left as they are.

    Those are rows that are gone, or whose secret was changed here since. Raises MalformedRequest for a file
    that is no backup of ours, and as `plan_adoption` does.
    """
    pool, saved = _read_backup(backup)
    alias = registry.resolve(pool)
    with database_failures(pool), use_framework_pool(alias), transaction.atomic(using=alias):
        kept = tuple(
            item.place for item in saved if not _update(alias, item, _ours_now(alias, item), item.old)
        )
    touch(alias)
    return pool, len(saved) - len(kept), kept


def _secrets_of_original(alias: str) -> Iterator[tuple[SecretColumn, Key, str]]:
    with use_framework_pool(alias):
        for column in present_columns(alias):
            rows = column.model._base_manager.using(alias).order_by("pk").values_list("pk", column.name)
            for key, text in rows:
                if text and is_of_original(text):
                    yield column, (key,), text


def _replacement(
    column: SecretColumn, key: Key, text: str, master_key: str, findings: Findings
) -> Replacement:
    place = framework_tables()[column.table].describe(key)
    try:
        new = stored_form(column.table, Secret(text, decrypt_original(text, master_key)), None)
    except DecryptionFailed:
        findings.add(Kind.UNREADABLE_SECRET, place, "the master key does not read the password; it stays")
        new = None
    except MalformedRequest:
        reason = f"the password is empty or longer than {MAX_PASSWORD_BYTES} bytes; it stays"
        findings.add(Kind.UNREADABLE_SECRET, place, reason)
        new = None
    return Replacement(column, key, text, new)


def _update(alias: str, item: Replacement, old: str, new: str | None) -> bool:
    """Replace a secret unless it is another one by now; return whether it was replaced."""
    rows = item.column.model._base_manager.using(alias)
    return rows.filter(pk=item.key[0], **{item.column.name: old}).update(**{item.column.name: new}) == 1


def _ours_now(alias: str, item: Replacement) -> str:
    """Return what took a secret's place, as it is stored now: `rotate_key` encrypts it anew."""
    ours = item.new or ""
    rows = item.column.model._base_manager.using(alias).filter(pk=item.key[0])
    stored = str(rows.values_list(item.column.name, flat=True).first() or "")
    are_encrypted = reads_stored(stored) and reads_stored(ours)
    return stored if are_encrypted and decrypt_stored(stored) == decrypt_stored(ours) else ours


def _backup_text(adoption: Adoption) -> str:
    return json.dumps(
        {
            "form": FORM,
            "pool": adoption.pool,
            "secrets": [
                {
                    "table": item.column.table,
                    "key": item.key[0],
                    "original": encrypt_stored(item.old),
                    "ours": encrypt_stored(item.new or ""),
                }
                for item in adoption.replacements
            ],
        },
        indent=1,
    )


def _read_backup(backup: Path) -> tuple[str, list[Replacement]]:
    try:
        document = json.loads(backup.read_text())
        if document["form"] != FORM:
            raise ValueError(document["form"])
        columns = {column.table: column for column in secret_columns()}
        saved = [
            Replacement(
                columns[item["table"]],
                (item["key"],),
                old=decrypt_stored(item["original"]),
                new=decrypt_stored(item["ours"]),
            )
            for item in document["secrets"]
        ]
        return str(document["pool"]), saved
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise MalformedRequest(f"{backup} cannot be read, or is no backup of an adoption") from exc
    except DecryptionFailed as exc:
        raise MalformedRequest(f"{backup} was written under a key that is not here") from exc


def write_private(file: Path, text: str, *, is_new: bool = False) -> None:
    """Write a file that only its owner reads. Raises MalformedRequest where it cannot be made.

    With `is_new` nothing may be there: a run at the same time may have written its own.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if is_new else os.O_TRUNC), 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(text + "\n")
            output.flush()
            os.fsync(output.fileno())
    except OSError as exc:
        raise MalformedRequest(f"{file} cannot be written") from exc
