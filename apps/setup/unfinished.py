"""A note of the run that is under way, for the one that takes it up after a crash.

What has run says each database itself. The note says what was wanted, and which backup was made before.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

UPGRADE, DOWNGRADE, RESTORE = "upgrade", "downgrade", "restore"


@dataclass(frozen=True, slots=True)
class Run:
    """A run: `target` is the newest version or what a downgrade leads to; planned migrations by pool."""

    kind: str
    target: str
    planned: Mapping[str, list[str]]
    backup: str | None = None

    @property
    def total(self) -> int:
        return sum(map(len, self.planned.values()))


def note_run(run: Run) -> None:
    """Write the note, whole or not at all."""
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_suffix(".new")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as output:
        json.dump(asdict(run), output)
        output.flush()
        os.fsync(output.fileno())
    temporary.replace(file)


def unfinished_run() -> Run | None:
    """Return the run that was interrupted on this node, if there is one."""
    try:
        return Run(**json.loads(_file().read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def end_run() -> None:
    _file().unlink(missing_ok=True)


def _file() -> Path:
    """Return the file of the framework database in use: an installation may move to another one."""
    entry = connections.settings[DEFAULT_DB_ALIAS]
    place = ":".join(str(entry[name]) for name in ("ENGINE", "HOST", "PORT", "NAME"))
    digest = hashlib.sha256(place.encode()).hexdigest()[:12]
    return Path(settings.VAR_DIR) / "backups" / f"unfinished-{digest}.json"
