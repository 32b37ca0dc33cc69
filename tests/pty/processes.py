"""What Linux tells of processes: descendants, whether they live, what they cost."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def _stat(pid: int) -> list[str]:
    """The fields of `/proc/<pid>/stat` after the name: state, parent, …; empty if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in "ZX"


def descendants(pid: int) -> list[int]:
    """Children, their children and so on, of a process that lives; itself not included."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, its children included, those too that have ended."""
    total = 0
    for one in [pid, *descendants(pid)]:
        if fields := _stat(one):
            total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def state(pid: int) -> str:
    """The state of a process as one letter, such as `T` for stopped; empty if it is gone."""
    fields = _stat(pid)
    return fields[0] if fields else ""
