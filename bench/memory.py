"""Resident memory of the server's workers, from /proc."""

import os
from pathlib import Path


def workers_below(parent: int) -> list[int]:
    """Return the processes that `parent` started, and those that they started."""
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(entry) == parent
    ]
    return [*children, *(grandchild for child in children for grandchild in workers_below(child))]


def reset_peak(process: int) -> None:
    """Start the peak of a process anew from what it has now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def resident_mib(process: int) -> float:
    return _field(process, "VmRSS") / 1024


def peak_mib(process: int) -> float:
    return _field(process, "VmHWM") / 1024


def own_children() -> list[int]:
    return workers_below(os.getpid())


def _field(process: int, name: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
