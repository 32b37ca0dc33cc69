"""Reads the YAML that serde_yaml writes: a strict part of the language, without its traps.

There are block mappings and block lists, plain and quoted texts, literal (`|`) and folded (`>`) ones,
empty `{}` and `[]`. What else YAML has (anchors, tags, flow collections, several documents, `? `
keys) is refused by line, and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

DEEPEST = 32
_MOST_LINES = 200
_LONGEST_QUOTED = 1 << 20
"""Of a quoted text over several lines: serde_yaml writes none, and a search for its end must not take for ever."""
_LONGEST_KEY = 1000
_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\-?:,\[\]{}#&*!|>%@`][^:#]*?|-[^\s:][^:#]*?)[ ]*:(?:[ ]+|$)"""
)
_BLOCK = re.compile(r"([|>])(?:([1-9])([+-])?|([+-])([1-9])?)?[ ]*(?:#.*)?")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
          "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}  # fmt: skip
_ESCAPE = re.compile(r'\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0abtnvfre "/\\N_LP])')
_SIMPLE = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
           " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}  # fmt: skip


class NotYaml(ValueError):
    """The text is not of that part of YAML; says on which line, and why."""


@dataclass(slots=True)
class _Line:
    number: int
    indent: int
    text: str
    """Without the indentation."""


def load(source: str) -> Any:
    """The value that a document stands for. Raises `NotYaml`."""
    reader = _Reader(source)
    if reader.peek() is None:
        return None
    value = reader.node(0, 0)
    left = reader.peek()
    if left is not None:
        _refuse(left.number, "this belongs to nothing before it")
    return value


def _refuse(number: int, words: str) -> NoReturn:
    raise NotYaml(f"line {number}: {words}")


class _Reader:
    def __init__(self, source: str) -> None:
        self._lines = source.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        self._at = 0
        if self._lines and self._lines[0].rstrip() == "---":
            self._at = 1

    def peek(self) -> _Line | None:
        """The next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            said = line.lstrip(" ")
            if said.strip() and not said.startswith("#"):
                if said.startswith("\t"):
                    _refuse(self._at + 1, "it is indented by a tab")
                if line in {"---", "..."} or line.startswith(("--- ", "%")):
                    _refuse(self._at + 1, "several documents in one file are not read")
                return _Line(self._at + 1, len(line) - len(said), said.rstrip())
            self._at += 1
        return None

    def node(self, least: int, depth: int) -> Any:
        """The value that begins with the next line, indented by at least `least`."""
        line = self.peek()
        if line is None or line.indent < least:
            return None
        if depth > DEEPEST:
            _refuse(line.number, "it is nested too deeply")
        if _is_item(line.text):
            return self._list(line.indent, depth)
        if _key_of(line.text):
            return self._table(line.indent, depth)
        self._at += 1
        return self._scalar(line.text, line.indent - 1, line.number)

    def _list(self, indent: int, depth: int) -> list[Any]:
        items = []
        while (line := self.peek()) is not None and line.indent == indent and _is_item(line.text):
            rest = line.text[1:].lstrip(" ")
            if not rest or rest.startswith("#"):
                self._at += 1
                items.append(self.node(indent + 1, depth + 1))
                continue
            inner = indent + len(line.text) - len(rest)
            if _is_item(rest) or _key_of(rest):
                self._lines[self._at] = " " * inner + rest
                items.append(self.node(inner, depth + 1))
            else:
                self._at += 1
                items.append(self._scalar(rest, indent, line.number))
        return items

    def _table(self, indent: int, depth: int) -> dict[str, Any]:
        table: dict[str, Any] = {}
        while (line := self.peek()) is not None and line.indent == indent:
            found = _key_of(line.text)
            if found is None or _is_item(line.text):
                break
            key = self._key(found.group(1), line.number)
            if key in table:
                _refuse(line.number, f"{key!r:.60} stands twice")
            rest = line.text[found.end() :]
            self._at += 1
            if rest and not rest.startswith("#"):
                table[key] = self._scalar(rest, indent, line.number)
            else:
                following = self.peek()
                same = following is not None and following.indent == indent
                is_list = following is not None and _is_item(following.text)
                table[key] = self.node(indent if same and is_list else indent + 1, depth + 1)
        return table

    def _key(self, written: str, number: int) -> str:
        if written[0] == '"':
            return _unescaped(written[1:-1], number)
        return written[1:-1].replace("''", "'") if written[0] == "'" else written

    def _scalar(self, said: str, indent: int, number: int) -> Any:
        """A value that begins on a line; `indent` is that of what holds it."""
        first = said[0]
        if first in "|>":
            return self._block(said, indent, number)
        if first in "\"'":
            return self._quoted(said, number)
        if first in "&*!%@`" or said.startswith("? "):
            _refuse(number, f"{first!r} begins something that is not read")
        if first in "[{":
            if said in {"[]", "{}"}:
                return [] if said == "[]" else {}
            _refuse(number, "lists and tables on one line are not read")
        return self._plain(said, indent)

    def _plain(self, said: str, indent: int) -> Any:
        pieces = [_without_comment(said)]
        while (line := self.peek()) is not None and line.indent > indent:
            if _key_of(line.text) or _is_item(line.text):
                _refuse(line.number, "this belongs to nothing before it")
            pieces.append(_without_comment(line.text))
            self._at += 1
        words = " ".join(pieces)
        if words in _WORDS:
            return _WORDS[words]
        if _INTEGER.fullmatch(words):
            return int(words)
        return float(words) if _FLOAT.fullmatch(words) else words

    def _quoted(self, said: str, number: int) -> str:
        mark = said[0]
        whole = re.compile(
            r'"((?:[^"\\]|\\.)*)"' if mark == '"' else r"'((?:[^']|'')*)'", re.DOTALL
        )
        gathered, lines = said, 0
        while (found := whole.match(gathered)) is None:
            if self._at >= len(self._lines):
                _refuse(number, "a quoted text does not end")
            more = self._lines[self._at].strip(" \t")
            held = gathered.endswith("\\") and mark == '"' and not gathered.endswith("\\\\")
            if held:
                gathered = gathered[:-1] + more
            elif not more:
                gathered += "\n"
            else:
                gathered += more if gathered.endswith("\n") else f" {more}"
            self._at += 1
            lines += 1
            if lines > _MOST_LINES or len(gathered) > _LONGEST_QUOTED:
                _refuse(number, "a quoted text goes over too many lines")
        rest = gathered[found.end() :].strip()
        if rest and not rest.startswith("#"):
            _refuse(number, "something stands behind a quoted text")
        inner = found.group(1)
        return _unescaped(inner, number) if mark == '"' else inner.replace("''", "'")

    def _block(self, said: str, indent: int, number: int) -> str:
        head = _BLOCK.fullmatch(said)
        if head is None:
            _refuse(number, "this is no head of a text of several lines")
        keep = head.group(3) or head.group(4) or ""
        given = head.group(2) or head.group(5)
        lines = self._block_lines(max(indent, 0) + int(given) if given else None, indent)
        body = "\n".join(lines) if head.group(1) == "|" else _folded(lines)
        trimmed = body.rstrip("\n")
        if keep == "-" or (not trimmed and keep != "+"):
            return trimmed
        return trimmed + "\n" if keep == "" else body + "\n"

    def _block_lines(self, width: int | None, indent: int) -> list[str]:
        lines: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            spaces = len(line) - len(line.lstrip(" "))
            if spaces == len(line):  # an empty one
                lines.append(line[width:] if width is not None else "")
            else:
                if width is None:
                    width = spaces
                if spaces < width or spaces <= indent:
                    break
                lines.append(line[width:])
            self._at += 1
        if self._at == len(self._lines) and lines and not lines[-1]:
            lines.pop()  # what follows the last line end of the file
        return lines


def _key_of(said: str) -> re.Match[str] | None:
    found = _KEY.match(said, 0, _LONGEST_KEY)
    if found is not None and found.end() == _LONGEST_KEY < len(said):
        return None
    return found


def _is_item(said: str) -> bool:
    return said == "-" or said.startswith("- ")


def _without_comment(said: str) -> str:
    return re.split(r"[ \t]#", said, maxsplit=1)[0].rstrip()


def _folded(lines: list[str]) -> str:
    """Lines joined by spaces; empty ones are line ends, and lines that are indented stay."""
    body, before = "", ""
    for position, line in enumerate(lines):
        if position == 0:
            body = line
        elif not line or before.startswith((" ", "\t")) or line.startswith((" ", "\t")):
            body += "\n" + line
        elif not before:
            body += line if body.endswith("\n") else "\n" + line
        else:
            body += " " + line
        before = line
    return body


def _unescaped(said: str, number: int) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1)
        if code in _SIMPLE:
            return _SIMPLE[code]
        value = int(code[1:], 16)
        if value > 0x10FFFF:
            _refuse(number, "an escape is no character")
        return chr(value)

    if re.search(
        r"\\(?!x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0abtnvfre \"/\\N_LP])",
        re.sub(r"\\\\", "", said),
    ):
        _refuse(number, "an escape is not known")
    return _ESCAPE.sub(one, said)
