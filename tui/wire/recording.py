"""What was sent and what came back, as it came: kept in memory for the last replies, and nowhere else."""

from __future__ import annotations

import codecs
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tui.core.provider import Provider
    from tui.wire.secret import Secret

MOST: Final = 40
"""So many replies are remembered."""
LARGEST: Final = 4_000_000
"""Bytes of one reply that are kept; of what comes behind them only their number."""
LARGEST_ALL: Final = 16_000_000
"""The same of all replies: the oldest go."""

_PRIVATE: Final = re.compile(r"auth|key|token|secret|cookie|pass", re.IGNORECASE)


@dataclass(slots=True)
class Recording:
    """One request and all that came of it. It holds the key only to take it out of what is shown."""

    provider: Provider
    url: str
    body: dict[str, Any]
    """What was sent."""
    notes: tuple[str, ...]
    """What was left out, changed or repaired before that."""
    key: Secret
    at: float = field(default_factory=time.time)
    """When it was sent, in seconds since the epoch."""
    size: int = 0
    """Bytes that are kept."""
    left_out: int = 0
    """Bytes that are not."""
    _started: float = field(default_factory=time.monotonic)
    _events: list[tuple[float, str | bytes]] = field(default_factory=list, repr=False)

    def took(self, data: bytes) -> None:
        """A piece of the body has come."""
        if self.size > LARGEST:
            self.left_out += len(data)
            return
        self.size += len(data)
        self._events.append((time.monotonic() - self._started, data))

    def tell(self, words: str) -> None:
        """Something else has happened, in words."""
        self._events.append((time.monotonic() - self._started, f"* {words}"))

    def answered(self, status: str, headers: Mapping[str, str]) -> None:
        """The server has accepted the request."""
        now = time.monotonic() - self._started
        self._events.append((now, f"< {status}"))
        for name, value in headers.items():
            self._events.append((now, f"< {name}: {'•••' if _PRIVATE.search(name) else value}"))

    def lines(self) -> Iterator[tuple[float, str]]:
        """What came, line by line, each with the seconds from sending to its end. No key is in it."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        now = 0.0
        for now, event in self._events:
            if isinstance(event, str):
                if rest:
                    yield now, self.key.scrub(rest)
                    rest = ""
                yield now, self.key.scrub(event)
                continue
            *whole, rest = (rest + decoder.decode(event)).split("\n")
            for line in whole:
                if line.strip():
                    yield now, self.key.scrub(line.rstrip("\r"))
        if rest.strip():
            yield now, self.key.scrub(rest)
        if self.left_out:
            yield now, f"* {self.left_out:,} bytes more came and were not kept here"


class Recorder:
    """The last replies by their names."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Recording] = OrderedDict()

    def begin(self, name: str, recording: Recording) -> None:
        """Keep one more, and let old ones go."""
        self._kept[name] = recording
        self._kept.move_to_end(name)
        size = sum(one.size for one in self._kept.values())
        while len(self._kept) > MOST or (size > LARGEST_ALL and len(self._kept) > 1):
            size -= self._kept.popitem(last=False)[1].size

    def find(self, name: str) -> Recording | None:
        """What is remembered of a reply."""
        return self._kept.get(name)
