"""Recorded states of all databases, under names that a downgrade accepts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction

from apps.setup.backups import REVISION, Backup, DatabaseBackup, back_up, list_backups
from apps.setup.databases import find_databases
from apps.setup.locking import exclusive_run
from apps.setup.models import Revision
from liberty.errors import MalformedRequest, Unavailable

MAX_MESSAGE = 200

States = Mapping[str, Mapping[str, Mapping[str, str]]]
"""{revision: {pool: {app: last migration}}}"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A new revision and what it consists of."""

    name: str
    databases: tuple[DatabaseBackup, ...]


def record_revision(message: str = "", *, without: Collection[str] = ()) -> Recorded:
    """Write a backup of every database with its migration state, under a new name. No code is written.

    `without` names pools to leave out because they do not answer. Raises MalformedRequest for a message that
    is too long, Unavailable where a pool does not answer or another run is under way, SetupFailed where a
    backup cannot be written.
    """
    message = " ".join(message.split())
    if len(message) > MAX_MESSAGE:
        raise MalformedRequest(f"The message of a revision has at most {MAX_MESSAGE} characters.")
    with exclusive_run():
        pools = _pools(without)
        backup = back_up(pools, kind=REVISION, message=message)
        _remember(backup)
    return Recorded(backup.name, backup.databases)


def recorded_states() -> States:
    """Return the states of every revision.

    The manifests of this node are read first: a downgrade may have taken the table away. The table has those
    of other nodes as well.
    """
    states = {revision.name: revision.states for revision in _stored()}
    for backup in list_backups():
        if backup.kind == REVISION:
            states[backup.name] = _states(backup)
    return dict(sorted(states.items()))


def _pools(without: Collection[str]) -> list[str]:
    found = find_databases()
    known = {database.pool for database in found.ours} | set(found.unreached)
    for name in without:
        if name not in known or name == DEFAULT_DB_ALIAS:
            raise MalformedRequest(f"There is no pool `{name}` to leave out.")
    silent = [name for name in found.unreached if name not in without]
    if silent:
        reasons = "; ".join(f"`{name}`: {found.unreached[name]}" for name in silent)
        raise Unavailable(f"Nothing was recorded, because pools do not answer. {reasons}")
    return [database.pool for database in found.ours if database.pool not in without]


def _remember(backup: Backup) -> None:
    revision = Revision(
        name=backup.name,
        message=backup.message,
        recorded_at=datetime.fromisoformat(backup.created),
        product_version=backup.product_version,
        states=_states(backup),
    )
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            revision.save(using=DEFAULT_DB_ALIAS, force_insert=True)
    except DatabaseError:
        # Below the version that has the table; the manifest is what counts.
        return


def _stored() -> list[Revision]:
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            return list(Revision.objects.using(DEFAULT_DB_ALIAS))
    except DatabaseError:
        return []


def _states(backup: Backup) -> dict[str, dict[str, str]]:
    return {database.pool: database.state for database in backup.databases}
