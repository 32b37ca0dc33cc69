"""Server-sent events, decoded from bytes.

Lines end at LF, CR or CRLF only. `str.splitlines` and httpx's `iter_lines` also cut at U+2028,
U+2029 and U+0085, which may stand unescaped inside a JSON string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BREAK = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"

LARGEST = 64_000_000
"""Bytes that one event may have; an image within a reply takes some millions."""

ERROR = "error"
"""The name of an event that reports an error; old llama.cpp servers use it as a field's name."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `name` is empty unless the server gave one."""

    data: str
    name: str = ""


class TooLarge(ValueError):
    """An event has no end."""


class Decoder:
    """Turns the bytes of a body, cut anywhere, into events. Its time is linear in the bytes."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._size = 0
        """Bytes of the event that has not ended yet."""
        self._line: list[bytes] = []
        """Pieces of the line that has not ended yet."""
        self._data: list[str] = []
        self._name = ""
        self._at_start = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[Event]:
        """The events that these bytes complete. Raises `TooLarge` if an event does not end."""
        if self._after_cr and data:
            self._after_cr = False
            if data.startswith(b"\n"):  # the second half of a CRLF that was cut in two
                data = data[1:]
        if not data:
            return []
        self._after_cr = data.endswith(b"\r")
        *ended, rest = _BREAK.split(data)
        events = [event for line in ended if (event := self._end_line(line))]
        if rest:
            self._line.append(rest)
        self._size = len(rest) if events else self._size + len(data)
        if not self._line and not self._data:
            self._size = 0
        elif self._size > self._largest:
            raise TooLarge
        return events

    def close(self) -> list[Event]:
        """The event that was unfinished when the body ended, if there was one."""
        events = []
        if self._line and (event := self._end_line(b"")):
            events.append(event)
        if event := self._dispatch():
            events.append(event)
        return events

    def _end_line(self, last: bytes) -> Event | None:
        if self._line:
            self._line.append(last)
            line = b"".join(self._line)
            self._line.clear()
        else:
            line = last
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        self._take_field(line.decode("utf-8", "replace"))
        return None

    def _take_field(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "data":
                self._data.append(value)
            case "event":
                self._name = value
            case "error":
                self._name = ERROR
                self._data.append(value)
            case _:  # comments (an empty field), id, retry and what else may come
                pass

    def _dispatch(self) -> Event | None:
        data, name = self._data, self._name
        self._data, self._name = [], ""
        return Event("\n".join(data), name) if data else None
