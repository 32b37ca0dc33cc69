"""Makes keys of what the terminal sends, those with Alt at once.

Textual 8.2.8 waits a tenth of a second after Escape and a letter for a longer sequence. If another
one comes meanwhile, a second key with Alt or an answer of the terminal, it types the first as `^u`.
No sequence begins with Escape and a letter other than those of its introducers: that is a key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.message import Message

_ESCAPE = "\x1b"
_WITH_ALT = re.compile(r"\x1b[^\x1b\[\]OPNX^_\\]")
"""Escape and what does not introduce a sequence (CSI, OSC, SS3, DCS and their like) nor end one."""


class KeyParser(XTermParser):
    """Textual's parser, for which a key with Alt is complete when its letter is there."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._was_escape = False

    def feed(self, data: str) -> Iterable[Message]:
        """What comes of the data, which may come in whatever pieces."""
        text = _ESCAPE + data if self._was_escape else data
        start = len(text) - len(data)
        for key in _WITH_ALT.finditer(text):
            yield from super().feed(text[start : key.end()])
            yield from self._complete()
            start = key.end()
        if start < len(text):
            yield from super().feed(text[start:])
        self._was_escape = text.endswith(_ESCAPE)

    def _complete(self) -> Iterable[Message]:
        """Let the parser wait no longer for what it waits for, if it does."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
            yield from self.tick()
