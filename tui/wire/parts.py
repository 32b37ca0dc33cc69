"""What one choice of a reply has received so far, in the order in which it came.

Pieces are written to `StringIO`, not kept as strings: a long reply comes in millions of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from tui.core.completion import CallPiece
from tui.core.text import scrub


@dataclass(slots=True)
class TextPart:
    """Text that follows on other text without anything between."""

    pieces: StringIO = field(default_factory=StringIO)

    def chunk(self) -> dict[str, Any]:
        """The chunk as the API has it."""
        return {"type": "text", "text": self.pieces.getvalue()}


@dataclass(slots=True)
class ThinkingPart:
    """One stretch of thinking: text, and citations between it."""

    inner: list[TextPart | dict[str, Any]] = field(default_factory=list)
    marks: dict[str, Any] = field(default_factory=dict)
    """`closed`, `signature` and what else the server adds to the chunk."""

    def add(self, text: str) -> None:
        """Append text."""
        if not self.inner or not isinstance(self.inner[-1], TextPart):
            self.inner.append(TextPart())
        last = self.inner[-1]
        assert isinstance(last, TextPart)  # noqa: S101 - for the type checker
        last.pieces.write(text)

    def chunk(self) -> dict[str, Any]:
        """The chunk as the API has it."""
        inner = [part.chunk() if isinstance(part, TextPart) else part for part in self.inner]
        return {"type": "thinking", "thinking": inner, **self.marks}

    def text(self) -> str:
        """The thinking's text alone."""
        return "".join(part.pieces.getvalue() for part in self.inner if isinstance(part, TextPart))


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    pieces: StringIO = field(default_factory=StringIO)
    whole: dict[str, Any] | list[Any] | None = None

    def piece(self) -> CallPiece:
        if self.whole is not None:
            return CallPiece(self.id, self.name, json.dumps(self.whole, ensure_ascii=False), True)
        return CallPiece(self.id, self.name, self.pieces.getvalue() or "{}")


def _word(value: Any) -> str:
    """An id or a name; the placeholders that some servers send instead count as none."""
    return scrub(value) if isinstance(value, str) and value != "null" else ""


class Calls:
    """The tool calls of one choice, whole or in pieces."""

    def __init__(self) -> None:
        self._calls: list[tuple[int, _Call]] = []
        self._at: dict[int, _Call] = {}
        """The call that pieces with this index belong to."""

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._calls)

    def add(self, piece: dict[str, Any], position: int) -> None:
        """Take in one piece; `position` is its place in its array, for want of an index."""
        index = piece.get("index")
        if not isinstance(index, int):
            index = position
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        call_id, name = _word(piece.get("id")), _word(function.get("name"))
        call = self._at.get(index)
        if call is None or (call_id and name and call.id and call_id != call.id):
            call = self._at[index] = _Call()
            self._calls.append((index, call))
        call.id = call.id or call_id
        call.name = call.name or name
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            call.pieces.write(scrub(arguments))
        elif isinstance(arguments, dict | list):
            call.whole = arguments

    def pieces(self) -> list[CallPiece]:
        """All calls, by index, and those with the same index in the order in which they came."""
        return [call.piece() for _, call in sorted(self._calls, key=lambda entry: entry[0])]
