"""The help: every key, those of the focused part first, made from the table of bindings."""

from __future__ import annotations

from textwrap import fill, wrap
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.ui.keys import key_table
from tui.ui.screens.dialog import Dialog
from tui.ui.table.command import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

KEY_WIDTH = 16
SENTENCE_WIDTH = 30
"""Cells; both columns, the frame and the scroll bar fit on the narrowest screen."""

FOOT = "Esc closes this. /keys changes keys."


class HelpScreen(Dialog[None]):
    """All keys; Esc closes it."""

    BINDINGS: ClassVar = [("escape,f1,q,enter", "dismiss", "Close")]

    def __init__(self, where: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._where = where
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """One section per part of the screen."""
        with VerticalScroll(classes="dialog") as scroll:
            scroll.border_subtitle = FOOT
            yield Static(self._text())

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.set_focus(self.query_one(VerticalScroll))

    def _text(self) -> Content:
        places = sorted(PLACES, key=lambda place: (place != self._where, list(PLACES).index(place)))
        lines: list[Content] = []
        for place in places:
            lines.append(Content.styled(PLACES[place], "bold $accent"))
            for keys, sentence in key_table(self._keymap, place):
                lines += _row(keys, sentence)
            lines.append(Content())
        return Content("\n").join(lines[:-1])


def _row(keys: str, sentence: str) -> list[Content]:
    """One key and what it does, wrapped beside it."""
    shown = fill(keys, KEY_WIDTH).split("\n")[0]  # the first ones, if there are many
    first, *rest = wrap(sentence, SENTENCE_WIDTH)
    lines = [Content(f"  {shown:<{KEY_WIDTH}}  ") + Content.styled(first, "$text-muted")]
    return lines + [Content.styled(" " * (KEY_WIDTH + 4) + line, "$text-muted") for line in rest]
