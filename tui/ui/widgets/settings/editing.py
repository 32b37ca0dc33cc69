"""The line that is edited in the settings pane, in the place of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.widgets.settings.drawn import DrawnFields
from tui.ui.widgets.settings.line import Line

if TYPE_CHECKING:
    from textual import events

    from tui.ui.widgets.settings.field import Wishes


class EditedFields(DrawnFields):
    """Rows of which the one under the cursor can be edited. What is wrong is shown at it."""

    def __init__(self, id: str, wishes: Wishes) -> None:
        super().__init__(id)
        self._wishes = wishes

    @property
    def edited(self) -> str | None:
        """What stands in the line that is edited; None if none is."""
        return self._line.text if self._line is not None else None

    def begin(self, text: str) -> None:
        """Have the row under the cursor edited, beginning with that text."""
        self._line, self._wrong = Line(text), ""
        self.lay_out()

    def _end(self) -> None:
        self._line, self._wrong = None, ""
        self._wishes.typing(self.at, None)
        self.lay_out()

    def complain(self, words: str) -> None:
        """Tell at the row under the cursor what is wrong, until the next key."""
        self._wrong = words
        self.lay_out()

    async def _on_paste(self, event: events.Paste) -> None:
        """A pasted text goes into the line; on a stop sequence it begins one."""
        event.stop()
        event.prevent_default()
        try:
            if self._line is None:
                self._wishes.pasted(self.at, "")  # refuses where nothing is typed
                self._wishes.add()
            text = self._wishes.pasted(self.at, event.text)
        except (Failure, ValueError) as trouble:
            self.complain(words_of(trouble))
            return
        self._insert(text)

    def _insert(self, text: str) -> None:
        if self._line is None:
            return
        try:
            self._line.insert(text)
        except ValueError as trouble:
            self.complain(str(trouble))
        else:
            self._typed()

    def _typed(self) -> None:
        self._wrong = ""
        self._wishes.typing(self.at, self.edited)
        self.lay_out()

    def _take(self, text: str) -> bool:
        """Take the line that is edited; False if something is wrong with it, which then stands there."""
        line, field_id = self._line, self.at
        try:
            self._line = None  # so that the rows are shown without it
            self._wishes.take(field_id, text)
        except (Failure, ValueError) as trouble:
            self._line = line
            self.complain(words_of(trouble))
            return False
        self._end()
        return True


def words_of(trouble: Failure | ValueError) -> str:
    """What went wrong, in a sentence."""
    return trouble.sentence if isinstance(trouble, Failure) else str(trouble)
