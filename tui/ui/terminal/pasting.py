"""Takes pastes out of what the terminal sends, before it is parsed for keys.

Textual 8.2.8 looks at each character of a paste, which takes ten seconds for ten megabytes, and
takes an escape in a paste for a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START = "\x1b[200~"
END = "\x1b[201~"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted, without its marks."""

    text: str


class Pastes:
    """Parts pastes from keys, in whatever pieces they come.

    If a piece ends behind the first character of a start mark, that paste is left to Textual's parser:
    a lone Escape can't be held back.
    """

    def __init__(self) -> None:
        self._pieces: list[str] | None = None
        """What has come of a paste that has not ended."""
        self._tail = ""
        """Its last characters, in which an end mark may have begun; else the beginning of a start mark."""

    @property
    def is_waiting(self) -> bool:
        """Whether something was held back that may be the beginning of a paste."""
        return self._pieces is None and bool(self._tail)

    def split(self, data: str) -> Iterator[str | Pasted]:
        """Keys as they came, and pastes that are whole."""
        data, self._tail = self._tail + data, ""
        while data:
            if self._pieces is None:
                keys, mark, data = data.partition(START)
                if mark:
                    self._pieces = []
                else:
                    keys, self._tail = _without_beginning(keys, START, 2)
                if keys:
                    yield keys
            else:
                pasted, mark, rest = data.partition(END)
                if not mark:
                    pasted, self._tail = _without_beginning(pasted, END, 1)
                    self._pieces.append(pasted)
                    return
                yield Pasted("".join([*self._pieces, pasted]).replace("\0", ""))
                self._pieces, data = None, rest

    def release(self) -> str:
        """What was held back, since no paste came of it."""
        if not self.is_waiting:
            return ""
        held, self._tail = self._tail, ""
        return held


def _without_beginning(text: str, mark: str, least: int) -> tuple[str, str]:
    """The text up to what may be the beginning of a mark, of so many characters at least; and that."""
    for length in range(len(mark) - 1, least - 1, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""
