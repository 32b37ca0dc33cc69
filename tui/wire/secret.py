"""A key on its way to its server, and to nowhere else."""

from __future__ import annotations

from typing import Final

_MASK: Final = "•••"
_SHORTEST_PART: Final = 8
"""Characters of a key that give it away when they stand together."""
_SHORTEST_KEY: Final = 4
"""Below this a "key" is a word such as servers without keys are given, and is no secret."""


class Secret:
    """Holds a key; printing it shows nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: str | None) -> None:
        self._value = (value or "").strip()

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret({_MASK if self._value else ''})"

    def is_sendable(self) -> bool:
        """Whether it can stand in a header: printable ASCII without white space."""
        return all("!" <= character <= "~" for character in self._value)

    def bearer(self) -> str:
        """The value of the `Authorization` header."""
        return f"Bearer {self._value}"

    def scrub(self, text: str) -> str:
        """The text without the key, and without any part of it that is long enough to matter."""
        if len(self._value) < _SHORTEST_KEY:
            return text
        text = text.replace(self._value, _MASK)
        size = _SHORTEST_PART
        parts = {self._value[at : at + size] for at in range(len(self._value) - size + 1)}
        if not any(part in text for part in parts):
            return text
        return _mask_runs(text, parts, size)


def _mask_runs(text: str, parts: set[str], size: int) -> str:
    """The text with every stretch that is made of such parts masked."""
    pieces: list[str] = []
    shown_to = at = 0
    while at <= len(text) - size:
        if text[at : at + size] not in parts:
            at += 1
            continue
        end = at + size
        while end < len(text) and text[end + 1 - size : end + 1] in parts:
            end += 1
        pieces += [text[shown_to:at], _MASK]
        shown_to = at = end
    return "".join([*pieces, text[shown_to:]])
