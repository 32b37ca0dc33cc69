"""Undo and redo for anything that is replaced as a whole, such as the parameters of a chat."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Steps(Generic[T]):
    """A value, and those that it had before. Values are never changed in place."""

    def __init__(self, value: T, limit: int = 200) -> None:
        self._values = [value]
        self._at = 0
        self._limit = limit

    @property
    def value(self) -> T:
        """The present value."""
        return self._values[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a value before this one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone that can be done again."""
        return self._at < len(self._values) - 1

    def do(self, value: T) -> T:
        """Put a new value in place; one that equals the present one is no step."""
        if value != self.value:
            self._values[self._at + 1 :] = [value]
            del self._values[: max(0, len(self._values) - self._limit - 1)]
            self._at = len(self._values) - 1
        return self.value

    def undo(self) -> T:
        """Back to the value before, if there is one."""
        self._at = max(0, self._at - 1)
        return self.value

    def redo(self) -> T:
        """On to the value that was undone last, if there is one."""
        self._at = min(len(self._values) - 1, self._at + 1)
        return self.value
