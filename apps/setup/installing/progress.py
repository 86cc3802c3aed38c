"""How far an installation is: told to whoever runs it, and kept in a file that every worker can show."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from liberty.configuration import write_private

FILE_NAME = "setup_progress.json"


class Step(StrEnum):
    """The steps of an installation, in their order; a failure names its own."""

    CHECK = "check"
    CONNECT = "connect"
    EXAMINE = "examine"
    MIGRATE = "migrate"
    FIXTURES = "fixtures"
    COPY = "copy"
    COMPARE = "compare"
    ADMINISTRATOR = "administrator"
    CONFIGURE = "configure"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that is going on; `done` of `total` parts are behind, both 0 where a step has no parts."""

    step: Step
    done: int = 0
    total: int = 0
    part: str = ""


Progress = Callable[[Stage], None]


def note_progress(stage: Stage) -> None:
    """Keep a stage for `current_stage`. That it cannot be kept is no reason to stop."""
    with suppress(OSError):
        write_private(_file(), json.dumps(asdict(stage)))


def forget_progress() -> None:
    with suppress(OSError):
        _file().unlink(missing_ok=True)


def current_stage() -> Stage | None:
    """Return the stage of the installation that is going on, in whichever process; None without one."""
    try:
        members = json.loads(_file().read_text())
        return Stage(Step(members["step"]), members["done"], members["total"], members["part"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file() -> Path:
    return Path(settings.VAR_DIR) / FILE_NAME
