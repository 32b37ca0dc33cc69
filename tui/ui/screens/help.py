"""The help: every key, those of the focused part first, made from the table of bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.ui.keys import PLACES, key_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult


class HelpScreen(ModalScreen[None]):
    """All keys; Esc closes it."""

    BINDINGS: ClassVar = [("escape,f1,q,enter", "dismiss", "Close")]

    def __init__(self, where: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._where = where
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """One section per part of the screen."""
        with VerticalScroll(classes="dialog"):
            yield Static(self._text())

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def _text(self) -> Content:
        places = sorted(PLACES, key=lambda place: (place != self._where, list(PLACES).index(place)))
        lines: list[Content] = []
        for place in places:
            lines.append(Content.styled(PLACES[place], "bold $accent"))
            for keys, sentence in key_table(self._keymap, place):
                lines.append(Content(f"  {keys:<20}") + Content.styled(sentence, "$text-muted"))
            lines.append(Content())
        lines.append(
            Content.styled(
                "Esc closes this. Keys can be changed under [keys] in settings.toml.", "$text-muted"
            )
        )
        return Content("\n").join(lines)
