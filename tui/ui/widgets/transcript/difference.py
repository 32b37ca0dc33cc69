"""Where two lines differ, so that only that part is written to the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment
    from textual.strip import Strip


def difference(old: Strip, new: Strip) -> tuple[int, int]:
    """The first cell in which two lines of one width differ, and the one after the last.

    Both are 0 if the lines look the same.
    """
    before, after = list(old), list(new)
    start = _common(before, after)
    if start == new.cell_length == old.cell_length:
        return 0, 0
    end = _common(reversed(before), reversed(after), from_end=True)
    return start, max(start, new.cell_length - end)


def _common(before: Iterable[Segment], after: Iterable[Segment], *, from_end: bool = False) -> int:
    """Cells that two lines share at their beginning, or at their end if the segments come reversed."""
    cells = 0
    for (old, old_style, _), (new, new_style, _) in zip(before, after, strict=False):
        if old_style != new_style:
            return cells
        if old == new:
            cells += cell_len(new)
        elif from_end:
            return cells + _shared(old[::-1], new[::-1], 1)
        else:
            shared = _shared(old + " ", new + " ", 0)
            return cells + min(shared, cell_len(old), cell_len(new))
    return cells


def _shared(old: str, new: str, spaces: int) -> int:
    """Cells that two texts begin with alike.

    Other text than ASCII is parted at a space only, of which `spaces` belong to the shared part:
    joiners and combining marks change the cells of the characters before them.
    """
    count = _alike(old, new)
    if old.isascii() and new.isascii():
        return count
    return cell_len(new[: max(0, new.rfind(" ", 0, count) + spaces)])


def _alike(old: str, new: str) -> int:
    """How many characters two texts begin with alike, found by halving: slices compare fast."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
