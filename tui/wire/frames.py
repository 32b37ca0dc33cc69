"""Merges the small chunks in which HTTP/1.1 bodies are framed.

Servers send each token in a chunk of its own, and an HTTP library takes each through all of its
layers. What one read brought is framed anew here as one chunk. Whatever is not framed as usual
is passed on as it is, so that the library judges it.
"""

from __future__ import annotations

import re
from typing import Final

_HEAD_END: Final = b"\r\n\r\n"
_LONGEST_HEAD: Final = 1 << 17
_LONGEST_SIZE: Final = 64
"""Bytes that the line before a chunk has at most, to be understood here."""
_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*\r\n")
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_EVENTS: Final = re.compile(rb"\r\ncontent-type:[ \t]*text/event-stream", re.IGNORECASE)
_INTERIM: Final = re.compile(rb"HTTP/1\.[01] 1\d\d")
_EMPTY: Final = re.compile(rb"HTTP/1\.[01] (204|304)")


class Frames:
    """Reads along with the answer to one request; only streams of events in chunks are touched."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._is_head = True
        self._left = 0
        """Bytes that are still missing of the chunk that has begun."""
        self._held = b""
        """The beginning of a line that has not ended yet."""
        self._is_at_break = False
        """Whether the line break behind a chunk is still missing."""
        self.is_stream = False
        """Whether the body that comes is a stream of events."""
        self._is_merging = False

    def feed(self, data: bytes) -> bytes:
        """The same as these bytes, framed anew; empty if nothing is certain yet, or at the end of the body."""
        if self._is_merging:
            return self._merged(data)
        if self._is_head:
            return self._read_head(data)
        return data

    def close(self) -> bytes:
        """What is still held when the connection ends."""
        held, self._held = self._held, b""
        self._is_merging = False
        return held

    def _read_head(self, data: bytes) -> bytes:
        before = len(self._head)
        self._head += data
        end = self._head.find(_HEAD_END, max(0, before - 3))
        if end < 0:
            if len(self._head) > _LONGEST_HEAD:
                self._is_head = False
                self._head.clear()
            return data
        head = bytes(self._head[: end + len(_HEAD_END)])
        passed, rest = data[: len(head) - before], data[len(head) - before :]
        self._head.clear()
        if _INTERIM.match(head):
            return passed + (self._read_head(rest) if rest else b"")
        self._is_head = False
        self.is_stream = bool(_EVENTS.search(head)) and not _EMPTY.match(head)
        self._is_merging = self.is_stream and bool(_CHUNKED.search(head))
        return passed + (self.feed(rest) if rest else b"")

    def _merged(self, data: bytes) -> bytes:
        data = self._held + data
        self._held = b""
        payload: list[bytes] = []
        at = 0
        while at < len(data):
            if self._left:
                piece = data[at : at + self._left]
                payload.append(piece)
                at += len(piece)
                self._left -= len(piece)
                self._is_at_break = not self._left
            elif self._is_at_break and data.startswith(b"\r\n", at):
                at += 2
                self._is_at_break = False
            elif not self._is_at_break and (found := _SIZE.match(data, at)):
                self._left = int(found[1], 16)
                if not self._left:
                    return self._stop(payload, data[at:])
                at = found.end()
            elif len(data) - at < _LONGEST_SIZE and b"\n" not in data[at:]:
                self._held = data[at:]
                break
            else:
                return self._stop(payload, data[at:])
        return _framed(payload)

    def _stop(self, payload: list[bytes], rest: bytes) -> bytes:
        """From here on it is the library's: the body's end, or a frame of an unusual form."""
        self._is_merging = False
        return _framed(payload) + rest


def _framed(payload: list[bytes]) -> bytes:
    body = b"".join(payload)
    return b"%x\r\n%b\r\n" % (len(body), body) if body else b""
