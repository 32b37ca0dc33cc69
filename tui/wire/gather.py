"""Lets small pieces of a quick stream pile up for a moment, so that one read takes several of them.

A read costs more than all that is done with a token. At hundreds of tokens a second waiting for a
few milliseconds halves the work, and nobody sees the difference; slower streams are not delayed.
"""

from __future__ import annotations

import asyncio
from typing import Final

PAUSE_S: Final = 0.008
"""How long is waited between two reads; streams with longer gaps of their own never wait."""
_MANY: Final = 16_384
"""Bytes in one read from which on the sender is ahead of us, and must not be held up."""


class Gathering:
    """Watches the reads of one body: call `begin` before awaiting a piece, and await `end` after it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._read_at = float("-inf")
        self._bytes = 0
        """Bytes that the last real read has given so far."""
        self._has_waited = False
        self._mark: asyncio.Handle | None = None

    def begin(self) -> None:
        """A piece is going to be awaited."""
        self._has_waited = False
        self._mark = self._loop.call_soon(self._waited)

    def _waited(self) -> None:
        self._has_waited = True  # the event loop turned, so the piece was not at hand

    async def end(self, piece: bytes) -> None:
        """The piece has come; waits a moment if it is a small one that followed quickly."""
        if self._mark is not None:
            self._mark.cancel()
        if not self._has_waited:
            self._bytes += len(piece)
            return
        is_quick = self._loop.time() - self._read_at < PAUSE_S
        if is_quick and self._bytes < _MANY:
            await asyncio.sleep(PAUSE_S)
        self._bytes = len(piece)
        self._read_at = self._loop.time()
