"""Many heights one under the other: sums, changes and searches in logarithmic time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Heights:
    """A list of heights in lines, as a Fenwick tree."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        for at in range(1, len(self._tree)):
            above = at + (at & -at)
            if above < len(self._tree):
                self._tree[above] += self._tree[at]
        self.total = sum(self._heights)
        """All heights together."""

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def __setitem__(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        if not change:
            return
        self._heights[index] = height
        self.total += change
        at = index + 1
        while at < len(self._tree):
            self._tree[at] += change
            at += at & -at

    def append(self, height: int) -> None:
        """Put one more at the end."""
        at = len(self._tree)
        self._tree.append(height + self.before(at - 1) - self.before(at - (at & -at)))
        self._heights.append(height)
        self.total += height

    def before(self, index: int) -> int:
        """The sum of all heights above that index."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index &= index - 1
        return total

    def find(self, row: int) -> tuple[int, int]:
        """The index at that row and the row within it; beyond the end, the length and the rows beyond."""
        at = 0
        step = 1 << len(self._tree).bit_length()
        while step:
            further = at + step
            if further < len(self._tree) and self._tree[further] <= row:
                at = further
                row -= self._tree[further]
            step >>= 1
        return at, row
