"""Moving stored secrets to a new key.

The new key is put before the old one in LIBERTY_ENCRYPTION_KEY, and every server restarted; then all secrets
are encrypted anew; then the old key may go. Both keys are good all the time, so it may be interrupted at
any moment and run again: each catalogue changes in one transaction, and what is moved stays.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction

from apps.pools.catalogue import touch
from apps.pools.router import use_framework_pool
from apps.setup.stored_secrets import (
    StoredSecret,
    find_catalogues,
    named,
    present_columns,
    secrets_in,
    stored_secrets,
    unreadable,
)
from liberty.configuration import clear_password, read_configuration, write_configuration
from liberty.crypto import decrypt_stored, encrypt_stored, is_key_current
from liberty.errors import LibertyError

logger = logging.getLogger("liberty.setup")


class RotationRefused(LibertyError):
    """Secrets were not moved, or not all of them; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """How many secrets a column of a catalogue holds, and how many of them were moved now."""

    catalogue: str
    table: str
    column: str
    found: int
    moved: int


Progress = Callable[[ColumnReport], None]


def rotate_key(
    *, without: Collection[str] = (), progress: Progress = lambda report: None
) -> tuple[ColumnReport, ...]:
    """Encrypt every stored secret of every catalogue with the first key of LIBERTY_ENCRYPTION_KEY.

    `without` names pools to leave out because they do not answer; `progress` is called when the column is
    committed. Afterwards every secret is read anew and must be under the first key. Raises RotationRefused,
    with nothing changed, where a pool does not answer, a secret cannot be read, or there is none at all;
    and, with some catalogues moved, where a database refuses or somebody wrote under an old key meanwhile.
    Run again, it goes on. Raises DatabaseError if the framework database does not answer.
    """
    catalogues = _catalogues(without)
    _require_readable(catalogues)
    reports: list[ColumnReport] = []
    for alias in catalogues:
        with _told(alias):
            moved = _move(alias)
        touch(alias)
        for report in moved:
            progress(report)
        reports += moved
    _prove(catalogues)
    for report in _move_configuration():
        progress(report)
        reports.append(report)
    return tuple(reports)


def _move_configuration() -> Iterator[ColumnReport]:
    """Encrypt the password in the configuration file anew, if there is such a file."""
    file = Path(settings.LIBERTY_CONFIGURATION_FILE)
    written = read_configuration(file)
    if written is None:
        return
    is_old = not is_key_current(written.password)
    if is_old:
        clear = clear_password(file, written, settings.LIBERTY_ENCRYPTION_KEY)
        write_configuration(file, replace(written, password=encrypt_stored(clear)))
    yield ColumnReport("file", file.name, "password", 1, int(is_old))


def _catalogues(without: Collection[str]) -> tuple[str, ...]:
    catalogues = find_catalogues()
    known = {*catalogues.reached, *catalogues.unreached} - {DEFAULT_DB_ALIAS}
    unknown = sorted(set(without) - known)
    if unknown:
        raise RotationRefused(f"There is no pool `{unknown[0]}` to leave out; nothing was changed.")
    silent = {name: reason for name, reason in catalogues.unreached.items() if name not in without}
    if silent:
        reasons = "; ".join(f"`{name}`: {reason}" for name, reason in silent.items())
        raise RotationRefused(
            "Nothing was changed, because there may be secrets in pools that do not answer. Leave them out "
            f"only if the old key is kept, or there are none. {reasons}"
        )
    return tuple(alias for alias in catalogues.reached if alias not in without)


def _require_readable(catalogues: Iterable[str]) -> None:
    found, bad = 0, []
    for alias in catalogues:
        with _told(alias):
            found += sum(1 for _ in stored_secrets(alias))
            bad += unreadable(alias)
    if bad:
        raise RotationRefused(f"Nothing was changed: no key reads {named(bad)}.")
    if not found and read_configuration(Path(settings.LIBERTY_CONFIGURATION_FILE)) is None:
        raise RotationRefused("There is no encrypted secret in any catalogue: is this the right database?")


def _move(alias: str) -> list[ColumnReport]:
    """Encrypt the secrets of a catalogue anew, all of them or none."""
    with use_framework_pool(alias), transaction.atomic(using=alias):
        reports = []
        for column in present_columns(alias):
            counts: Counter[bool] = Counter()
            for secret in list(secrets_in(column, alias, for_update=True)):
                counts[_moved(secret)] += 1
            report = ColumnReport(alias, column.table, column.column, counts.total(), counts[True])
            reports.append(report)
        return reports


def _moved(secret: StoredSecret) -> bool:
    """Encrypt one secret with the first key, and tell whether it was under another."""
    if is_key_current(secret.text):
        return False
    renewed = encrypt_stored(decrypt_stored(secret.text))
    row = secret.column.model._default_manager.using(secret.catalogue).filter(
        pk=secret.key, **{secret.column.name: secret.text}
    )
    if row.update(**{secret.column.name: renewed}) != 1:
        raise RotationRefused(f"{secret} was changed meanwhile; run it again.")
    return True


def _prove(catalogues: Iterable[str]) -> None:
    """Read every secret as it is stored now, and refuse those that need an old key."""
    left: list[StoredSecret] = []
    for alias in catalogues:
        with _told(alias):
            left += [secret for secret in stored_secrets(alias) if not is_key_current(secret.text)]
            left += unreadable(alias)
    if left:
        raise RotationRefused(f"The old key is still needed, for {named(left)}. Run it again.")


@contextmanager
def _told(alias: str) -> Iterator[None]:
    """Turn what a catalogue's database refuses into a RotationRefused that names the catalogue."""
    try:
        yield
    except DatabaseError as exc:
        logger.warning("rotation in catalogue %s", alias, exc_info=True)
        raise RotationRefused(
            f"The database of catalogue `{alias}` refused; the log says why. Run it again."
        ) from exc
