"""Backups of databases, before a downgrade and with a revision, and their way back.

A backup is a folder of this node, `var/backups/<name>`, with a file a database and a manifest, readable by
their owner alone: it holds users' hashes and encrypted secrets as they are stored. It has all framework
tables of a database; of the framework database on SQLite it is the whole file.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from apps.pools import registry
from apps.pools.catalogue import forget_all, touch
from apps.setup.backup_methods import METHODS, BackupFailed, TableTexts, method_for
from apps.setup.databases import Database, read_database
from apps.setup.locking import exclusive_run
from apps.setup.unfinished import RESTORE, Run, end_run, note_run
from apps.setup.versions import Versions
from liberty.errors import LibertyError, MalformedRequest, SetupFailed, UnknownVersion
from liberty.version import PRODUCT_VERSION

FORMAT, FORMAT_VERSION = "liberty-backup", 1
MANIFEST = "manifest.json"
DOWNGRADE, REVISION = "downgrade", "revision"
# The first letter of the name of a backup says what it was made for.
_LETTERS = {DOWNGRADE: "d", REVISION: "r"}
_PARTIAL = ".partial"
_NAME = re.compile(r"[dr][0-9]{8}-[0-9]{6}[a-z0-9-]*")
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class DatabaseBackup:
    """The file of one database: how it was made, its size in bytes, SHA-256, and the state that is in it.

    `applied` names our migrations as `app.name`, `state` the last one of each app.
    """

    pool: str
    product: str
    method: str
    file: str
    size: int
    sha256: str
    version: str | None
    state: dict[str, str]
    applied: list[str]


@dataclass(frozen=True, slots=True)
class Backup:
    """A folder of backups; `created` is in UTC, as ISO text."""

    name: str
    kind: str
    message: str
    created: str
    product_version: str
    databases: tuple[DatabaseBackup, ...]


def back_up(pools: Iterable[str], *, kind: str, message: str) -> Backup:
    """Write a backup of some databases and return it; it is there whole or not at all.

    Called with the lock of `exclusive_run`. Raises SetupFailed, with nothing left, if one cannot be written.
    """
    moment = datetime.now(UTC)
    folder = _new_folder(f"{_LETTERS[kind]}{moment:%Y%m%d-%H%M%S}{_slug(message)}")
    partial = folder.with_name(folder.name + _PARTIAL)
    partial.mkdir(mode=0o700)
    try:
        versions = Versions()
        databases = tuple(
            _written(read_database(pool), number, partial, versions) for number, pool in enumerate(pools, 1)
        )
        backup = Backup(
            folder.name, kind, message, moment.isoformat(timespec="seconds"), PRODUCT_VERSION, databases
        )
        _write_private(partial / MANIFEST, manifest_text(backup).encode())
        partial.rename(folder)
    except (BackupFailed, DatabaseError, OSError) as exc:
        raise SetupFailed(f"The backup cannot be written, and nothing was changed: {_reason(exc)}") from exc
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return backup


def manifest_text(backup: Backup) -> str:
    document = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(backup)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def list_backups() -> tuple[Backup, ...]:
    """Return the backups of this node, the oldest first; folders that are none are passed over."""
    names = [folder.parent.name for folder in _root().glob(f"*/{MANIFEST}")]
    found = [_read(name) for name in names if _NAME.fullmatch(name)]
    return tuple(sorted((backup for backup in found if backup), key=lambda backup: backup.created))


def read_backup(name: str) -> Backup:
    """Return a backup of this node. Raises UnknownVersion if there is none of this name."""
    backup = _read(name) if _NAME.fullmatch(name) else None
    if backup is None:
        known = ", ".join(found.name for found in list_backups()) or "none"
        raise UnknownVersion(f"There is no backup `{name[:80]}` on this node. Known backups: {known}.")
    return backup


def backups_with(name: str) -> dict[str, str]:
    """Return the file of each pool of a backup."""
    return {database.pool: database.file for database in read_backup(name).databases}


def restore(
    name: str, *, pools: Collection[str] = (), progress: Callable[[str], None] = lambda pool: None
) -> tuple[str, ...]:
    """Put the framework tables of all databases of a backup, or of `pools`, back; return the pools.

    What was written into these tables since is lost; other tables stay as they are. Files are checked before
    anything is changed. Killed, or failed half way (SetupFailed), it must be repeated. Raises UnknownVersion,
    MalformedRequest (another pool or product, a damaged file, migrations that this version does not know).
    """
    with exclusive_run():
        backup = read_backup(name)
        wanted = _wanted(backup, pools)
        for database in wanted:
            _check(backup, database)
        note_run(Run(RESTORE, name, {}))
        for database in wanted:
            _restore(backup, database)
            progress(database.pool)
        end_run()
    return tuple(database.pool for database in wanted)


def _wanted(backup: Backup, pools: Collection[str]) -> list[DatabaseBackup]:
    known = {database.pool: database for database in backup.databases}
    for pool in pools:
        if pool not in known:
            raise MalformedRequest(f"The backup `{backup.name}` has no pool `{pool}`.")
    # The framework database first: it says where the others are.
    chosen = [database for pool, database in known.items() if not pools or pool in pools]
    return sorted(chosen, key=lambda database: database.pool != DEFAULT_DB_ALIAS)


def _check(backup: Backup, database: DatabaseBackup) -> None:
    file = _root() / backup.name / database.file
    method = METHODS.get(database.method)
    # A manifest names files of its own folder alone.
    if method is None or file.name != database.file or not file.is_file() or _digest(file) != database.sha256:
        raise MalformedRequest(
            f"The file of pool `{database.pool}` in `{backup.name}` is missing or damaged."
        )
    known = {".".join(node) for node in Versions().nodes()}
    strange = [migration for migration in database.applied if migration not in known]
    if strange:
        raise MalformedRequest(
            f"The backup `{backup.name}` was written by version {backup.product_version}: {strange[0]} is "
            "not known here."
        )
    if not _fits(database):
        raise MalformedRequest(
            f"The backup `{backup.name}` of pool `{database.pool}` is of another product, "
            f"{database.product}, than its database is now."
        )
    try:
        method.check()
    except BackupFailed as exc:
        raise MalformedRequest(f"The backup `{backup.name}` cannot be put back here: {exc}.") from exc


def _fits(database: DatabaseBackup) -> bool:
    """Whether a product's own format is for the product that the database is on; ours is for every one."""
    try:
        alias = registry.resolve(database.pool)
    except LibertyError:
        # Its row may come back with the framework database, which is put back first.
        return True
    return database.method == TableTexts.name or database.product == registry.dialect_for(alias).name


def _restore(backup: Backup, database: DatabaseBackup) -> None:
    file = _root() / backup.name / database.file
    applied = [(app, name) for app, _, name in (text.partition(".") for text in database.applied)]
    try:
        registry.resolve(database.pool)
        METHODS[database.method].restore(database.pool, file, applied)
        # The stamps may have been among what was put back, below the present ones.
        forget_all()
        touch(database.pool)
    except (BackupFailed, DatabaseError, OSError, LibertyError) as exc:
        raise SetupFailed(
            f"The database of pool `{database.pool}` was not restored, or not wholly: {_reason(exc)}. "
            f"Repeat it: restore_backup {backup.name}"
        ) from exc


def _written(database: Database, number: int, folder: Path, versions: Versions) -> DatabaseBackup:
    method = method_for(database.pool)
    file = folder / f"{number}-{re.sub('[^A-Za-z0-9._-]', '_', database.pool)}.{method.suffix}"
    # The programs that write it keep the mode of a file that is there.
    _write_private(file, b"")
    method.write(database.pool, file)
    with file.open("rb") as content:
        os.fsync(content.fileno())
    return DatabaseBackup(
        pool=database.pool,
        product=database.product,
        method=method.name,
        file=file.name,
        size=file.stat().st_size,
        sha256=_digest(file),
        version=versions.version_of(database.applied),
        state=versions.state_of(database.applied),
        applied=sorted(".".join(node) for node in database.applied),
    )


def _new_folder(name: str) -> Path:
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, folder = 1, root / name
    while folder.exists() or folder.with_name(folder.name + _PARTIAL).exists():
        number += 1
        folder = root / f"{name}-{number}"
    return folder


def _root() -> Path:
    return Path(settings.VAR_DIR) / "backups"


def _read(name: str) -> Backup | None:
    try:
        document: dict[str, Any] = json.loads((_root() / name / MANIFEST).read_text())
        if (document.pop("format"), document.pop("format_version")) != (FORMAT, FORMAT_VERSION):
            return None
        databases = tuple(DatabaseBackup(**entry) for entry in document.pop("databases"))
        return Backup(databases=databases, **document)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_private(file: Path, content: bytes) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _slug(message: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", message.lower()).strip("-")[:_LONGEST_SLUG].strip("-")
    return f"-{words}" if words else ""


def _reason(exc: Exception) -> str:
    if isinstance(exc, DatabaseError):
        return "the database refused, the log says why"
    return str(exc.strerror) if isinstance(exc, OSError) and exc.strerror else str(exc)
