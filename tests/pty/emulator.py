"""A terminal as a program sees it: a screen, modes that it sets, questions that it asks."""

from __future__ import annotations

import codecs
import re

import pyte

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-OQ-WYZ\\`-~])"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")
_MODES = re.compile(r"\x1b\[\?([0-9;]+)([hl])")
_MODE_QUERY = re.compile(r"\x1b\[\?(\d+)\$p")
_KNOWN_TO_PYTE = re.compile(r"\x1b(?:\[\??[0-9;]*[@A-Za-z]|[^\[\]PX^_])")

SYNCHRONIZED = "2026"
_ANSWERS = {
    "\x1b[c": "\x1b[?62;22c",
    "\x1b[0c": "\x1b[?62;22c",
    "\x1b[>c": "\x1b[>41;390;0c",
    "\x1b[5n": "\x1b[0n",
    "\x1b]10;?\x1b\\": "\x1b]10;rgb:dddd/dddd/dddd\x1b\\",
    "\x1b]10;?\x07": "\x1b]10;rgb:dddd/dddd/dddd\x1b\\",
    "\x1b]11;?\x1b\\": "\x1b]11;rgb:1111/1111/1111\x1b\\",
    "\x1b]11;?\x07": "\x1b]11;rgb:1111/1111/1111\x1b\\",
}
"""Questions to which an xterm-like terminal answers the same thing always."""

_AT_REST = {"1049": False, "25": True, "2004": False, "1004": False, "2048": False} | dict.fromkeys(
    ["1000", "1002", "1003", "1006", "1015", "1016", SYNCHRONIZED], False
)
"""How a shell wants to find its terminal."""

_MEANING = {
    "1049": "the alternate screen",
    "25": "a visible cursor",
    "2004": "bracketed paste",
    "1004": "focus events",
    "2048": "in-band resizing",
    SYNCHRONIZED: "synchronised output",
}


class Emulator:
    """Takes what a program writes; gives the screen, the modes and the answers to its questions.

    A question about the kitty keyboard gets no answer, as in a terminal that has none.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.modes: dict[str, bool] = {}
        """Private modes that were set or reset, by number."""
        self.kitty_depth = 0
        """How many sets of kitty keyboard flags are pushed."""

    @property
    def screen(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def background(self, column: int, row: int) -> str:
        """The colour behind a cell, as it is seen: a painted cursor has another than its neighbours."""
        cell = self._screen.buffer[row][column]
        return str(cell.fg if cell.reverse else cell.bg)

    def resize(self, columns: int, rows: int) -> None:
        """Give the screen another size."""
        self._screen.resize(rows, columns)

    def feed(self, data: bytes) -> bytes:
        """Take what was written; gives what the terminal answers."""
        text = self._rest + self._decoder.decode(data)
        cut = _UNFINISHED.search(text)
        end = cut.start() if cut else len(text)
        self._rest = text[end:]
        answers: list[str] = []
        at = 0
        for found in _SEQUENCE.finditer(text, 0, end):
            self._stream.feed(text[at : found.start()])
            answers.append(self._sequence(found.group()))
            at = found.end()
        self._stream.feed(text[at:end])
        return "".join(answers).encode()

    def _sequence(self, sequence: str) -> str:
        if sequence == "\x1b[6n":
            column, row = self.cursor
            return f"\x1b[{row + 1};{column + 1}R"
        if query := _MODE_QUERY.fullmatch(sequence):
            known = query[1] == SYNCHRONIZED
            return f"\x1b[?{query[1]};{2 if known else 0}$y"
        if modes := _MODES.fullmatch(sequence):
            self.modes |= dict.fromkeys(modes[1].split(";"), modes[2] == "h")
        elif sequence.startswith("\x1b[>") and sequence.endswith("u"):
            self.kitty_depth += 1
        elif sequence.startswith("\x1b[<") and sequence.endswith("u"):
            self.kitty_depth = max(0, self.kitty_depth - 1)
        if _KNOWN_TO_PYTE.fullmatch(sequence):
            self._stream.feed(sequence)
        return _ANSWERS.get(sequence, "")

    def left_behind(self) -> list[str]:
        """What a program that has ended should have set back and has not, in words."""
        wrong = [
            f"{_MEANING.get(mode, 'mouse mode ' + mode)} is {'on' if now else 'off'}"
            for mode, rest in _AT_REST.items()
            if (now := self.modes.get(mode, rest)) != rest
        ]
        return wrong + (["kitty keyboard flags are pushed"] if self.kitty_depth else [])
