"""What the transcript asks of the screen for its reader: the find field, the list of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.widgets.transcript.messages import (
    HitReached,
    LinksRequested,
    NothingThere,
)
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.ui.widgets.find import FindBar
    from tui.ui.widgets.transcript.finding import Tally

NOTE_S = 2.0
"""How long a note stays, in seconds."""


class ReadingScreen(FrugalScreen[None]):
    """A screen with a transcript, below which the find field is put when it is first needed."""

    def __init__(self, keymap: Mapping[str, str], classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._find_keymap = keymap
        self._find_bar: FindBar | None = None
        self._looked_for = ""

    @property
    def _transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def leave_reading(self) -> bool:
        """Close the find field and go back; False if it is not open."""
        transcript, bar = self._transcript, self._find_bar
        if bar is not None and bar.display:
            bar.display = False
            self.set_focus(transcript)
            transcript.cancel_find()
            return True
        transcript.unmark_hits()
        return False

    def reading_place(self) -> str:
        """Whose keys are in force: `find`, `selecting`, or nothing if neither goes on."""
        bar = self._find_bar
        if bar is not None and bar.display and self.focused is bar.field:
            return "find"
        return "selecting" if self._transcript.is_selecting else ""

    # -- find

    async def action_begin_find(self) -> None:
        """Open the field; when this returns it has the keys."""
        bar = self._find_bar
        if bar is None:
            from tui.ui.widgets.find import FindBar  # not on the way to the first frame

            bar = self._find_bar = FindBar(self._find_keymap)
            await self.mount(bar, after=self._transcript)
        self._looked_for = ""
        bar.begin()

    def action_keep_find(self) -> None:
        """Close the field and stay at the hit."""
        bar = self._find_bar
        if bar is not None:
            self._look_for(bar.field.value)
            bar.display = False
        self._transcript.end_find()
        self.set_focus(self._transcript)

    def action_step_find(self, step: int) -> None:
        """Go to another hit while the field is open."""
        if self._find_bar is not None:
            self._look_for(self._find_bar.field.value)
        transcript = self._transcript
        self._tell(transcript.find_next() if step > 0 else transcript.find_previous())

    def on_find_bar_changed(self, event: FindBar.Changed) -> None:
        """Look for what is typed, unless a key behind it had that done or closed the field."""
        if self._find_bar is not None and self._find_bar.display:
            self._look_for(event.text)

    def _look_for(self, text: str) -> None:
        if text != self._looked_for:
            self._looked_for = text
            tally = self._transcript.find(text)
            self._tell(tally if text.strip() else None)

    def _tell(self, tally: Tally | None) -> None:
        if self._find_bar is not None:
            self._find_bar.tell(tally)

    @on(HitReached)
    def _hit_reached(self, event: HitReached) -> None:
        from tui.ui.widgets.find import words_of

        self._tell(event.tally)
        if event.tally.wrapped or not event.tally.total:
            self._note(words_of(event.tally).capitalize())

    # -- links and what is not there

    @on(LinksRequested)
    def _links_requested(self, event: LinksRequested) -> None:
        if not event.links:
            self._note("There is no link in this message")
            return
        from tui.ui.screens.links import LinksScreen  # not on the way to the first frame

        self.app.push_screen(LinksScreen(event.links), self._link_picked)

    def _link_picked(self, url: str | None) -> None:
        if url is not None:
            self.app.open_url(url)

    @on(NothingThere)
    def _nothing_there(self, event: NothingThere) -> None:
        self._note(f"There is no {event.what}")

    def _note(self, words: str) -> None:
        self.notify(words, markup=False, timeout=NOTE_S)
