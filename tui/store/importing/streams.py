"""Reads JSON of any length one value after another, in bounded memory.

A list at the top is read element by element, and so are several values that stand one after
another (JSON lines).
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from tui.core.failure import Failure, FailureKind
from tui.core.nesting import check_depth

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 64 << 20
"""Characters that one value may have: one conversation, or one message."""
MOST_PARTS = 8_000_000
"""Commas, brackets and braces that one value may have: each costs memory."""

_PIECE = 1 << 16
_SPACE = " \t\r\n"
_GAP = re.compile(f"[{_SPACE}]*")
_TAIL = 8
"""Behind so many characters a number whose beginning can be read does not go on."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Bytes(Protocol):
    """What is read: a file, or what is like one."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a stream."""

    data: Any
    group: int | None
    """Which list at the top it is an element of, counted from 0; None if it stands alone."""
    size: int
    """Its characters."""


class JsonStream:
    """The values of a file. Everything wrong with it is raised as `Failure`, with its name."""

    def __init__(self, file: Bytes, name: str) -> None:
        self._file, self._name = file, name
        self._decoder = json.JSONDecoder(parse_constant=lambda _: None)
        self._text, self._at = "", 0
        self._passed = 0
        self._is_over = False
        self._codec: codecs.IncrementalDecoder | None = None

    def values(self) -> Iterator[Value]:
        """All values, in order."""
        group = 0
        while self._peek():
            if self._text[self._at] != "[":
                yield self._value(None)
                continue
            self._at += 1
            yield from self._elements(group)
            group += 1

    def _elements(self, group: int) -> Iterator[Value]:
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value(group)
            mark = self._peek()
            if mark not in {",", "]"}:
                self._refuse(
                    "a comma or a closing bracket is missing" if mark else "it ends in the middle"
                )
            self._at += 1
            if mark == "]":
                return

    def _value(self, group: int | None) -> Value:
        if not self._peek():
            self._refuse("it ends in the middle")
        wanted = _PIECE
        while True:
            if len(self._text) - self._at > MOST_PARTS // 4:
                self._check_parts()
            try:
                data, end = self._decoder.raw_decode(self._text, self._at)
                check_depth(data)
            except json.JSONDecodeError as error:
                if self._is_over:
                    self._refuse(error.msg[0].lower() + error.msg[1:], error.pos)
            except RecursionError:
                self._refuse("it is nested too deeply")
            except ValueError:  # a number with thousands of digits
                self._refuse("a number in it is too long")
            else:
                if self._is_over or not _may_go_on(data, self._text[end : end + _TAIL]):
                    size = end - self._at
                    self._at = end
                    return Value(data, group, size)
            if len(self._text) - self._at > LONGEST:
                self._refuse(
                    f"one conversation in it is larger than {LONGEST >> 20} MB, or it is damaged there"
                )
            self._read(wanted)
            wanted = min(2 * wanted, LONGEST)

    def _check_parts(self) -> None:
        parts = sum(self._text.count(mark, self._at) for mark in ",[{")
        if parts > MOST_PARTS:
            self._refuse("one conversation in it has too many parts")

    def _peek(self) -> str:
        """The next character that is no space, or an empty text at the end."""
        while True:
            found = _GAP.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_over:
                return ""
            self._read(_PIECE)

    def _read(self, wanted: int) -> None:
        data = self._file.read(wanted)
        self._is_over = not data
        if self._codec is None:
            kind = next((codec for bom, codec in _BOMS if data.startswith(bom)), "utf-8")
            self._codec = codecs.getincrementaldecoder(kind)()
        self._passed += self._at
        try:
            more = self._codec.decode(data, self._is_over)
        except UnicodeDecodeError:
            self._refuse("it is no UTF-8 text")
        self._text, self._at = self._text[self._at :] + more, 0

    def _refuse(self, words: str, at: int | None = None) -> NoReturn:
        place = self._passed + (self._at if at is None else at)
        raise Failure(
            FailureKind.DISK, f"{self._name} can't be read at character {place + 1}: {words}"
        )


def _may_go_on(data: Any, tail: str) -> bool:
    """Whether a value may be the beginning of a longer one, of which not all was read yet."""
    return (
        isinstance(data, int | float)
        and len(tail) < _TAIL
        and tail.lstrip(_SPACE)[:1] not in set(",]}")
    )
