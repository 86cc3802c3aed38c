"""What one drive of the client saw: calls, messages and what was shown, by step."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Call:
    """A request of the client. `answer` is JSON, the start of a text, or the frames of a WebSocket."""

    method: str
    path: str
    arguments: dict[str, str]
    body: Any
    status: int
    answer: Any

    @property
    def is_refused(self) -> bool:
        """Tell whether the client reads the answer as a failure."""
        says_error = isinstance(self.answer, dict) and self.answer.get("status") in ("error", "failed")
        return self.status == 0 or self.status >= 400 or says_error


@dataclass
class Step:
    """A step of the drive. `shown` is what it saw on the page; `failure` why it could not be done."""

    name: str
    calls: list[Call] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None


def write(steps: list[Step], path: Path) -> None:
    path.write_text(json.dumps([asdict(step) for step in steps], indent=1, ensure_ascii=False))


def read(path: Path) -> list[Step]:
    return [
        Step(**{**step, "calls": [Call(**call) for call in step["calls"]]})
        for step in json.loads(path.read_text())
    ]
