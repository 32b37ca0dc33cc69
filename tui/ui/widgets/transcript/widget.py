"""The widget that shows a chat: its interface, keys and mouse."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.geometry import Offset
from textual.selection import Selection

from tui.ui.keys import bindings
from tui.ui.widgets.transcript.dress import COMPONENTS
from tui.ui.widgets.transcript.look import MARGIN, Renderer, render_markdown
from tui.ui.widgets.transcript.marking import row_number, selected_text, word_at
from tui.ui.widgets.transcript.messages import LinkChosen
from tui.ui.widgets.transcript.place import Place
from tui.ui.widgets.transcript.selector import Selector
from tui.ui.widgets.transcript.sheet import Sheet
from tui.ui.widgets.transcript.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.binding import BindingType

    from tui.ui.widgets.transcript.entry import Entry


class Transcript(Selector, can_focus=True, inherit_bindings=False):
    """A chat of any length.

    An id that is not in the chat shown is ignored by all methods, so a reply to another chat may
    go on telling what it gets.
    """

    DEFAULT_CSS = """
    Transcript {
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel;
        scrollbar-color-hover: $secondary;
        scrollbar-color-active: $secondary;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }
    Transcript > .transcript--user { color: $secondary; text-style: bold; }
    Transcript > .transcript--assistant { color: $primary; text-style: bold; }
    Transcript > .transcript--system { color: $foreground 70%; text-style: bold; }
    Transcript > .transcript--tool { color: $success; text-style: bold; }
    Transcript > .transcript--notice { color: $foreground 50%; }
    Transcript > .transcript--muted { color: $foreground 60%; }
    Transcript > .transcript--thinking { color: $foreground 60%; text-style: italic; }
    Transcript > .transcript--chosen { color: $foreground; text-style: bold; }
    Transcript > .transcript--hit { background: $secondary 40%; text-style: underline; }
    Transcript > .transcript--at-hit { color: $secondary; text-style: bold; }
    Transcript > .transcript--given { color: $secondary; text-style: underline; }
    Transcript > .transcript--cut-off { color: $foreground 60%; text-style: strike; }
    Transcript > .transcript--error { color: $error; }
    Transcript > .transcript--warning { color: $warning; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("transcript")]

    def __init__(
        self,
        keymap: Mapping[str, str] | None = None,
        *,
        render_text: Renderer = render_markdown,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(keymap=keymap or {}, render_text=render_text, id=id, classes=classes)
        self._thinking_since: dict[str, float] = {}

    # -- what the screen tells it

    def show(self, entries: Sequence[Entry], place: Place | None = None) -> None:
        """Show another chat, at the place where the reader left it; without one, at its end."""
        before, self._sheet = self._sheet, Sheet(entries, self._look, self._shelf)
        if place is not None:
            place = _nearest(place, before, self._sheet)
        self._view = View(self._sheet, self._view.height)
        self._chosen = place.selected if place else None
        self._thinking_since.clear()
        self._stirred = self._more = False
        self.forget_hits()
        self._unmark()
        self._wanted = place
        if self._look is not None:
            self._view.go(place)
            self._present()

    def add(self, entry: Entry) -> None:
        """Put an entry at the end."""
        self._sheet.add(entry)
        self._came(0)

    def show_cut(self, entry_id: str | None, offset: int) -> None:
        """Mark what an entry has behind so many characters of its body as cut off; None marks nothing."""
        if self._spans.cut_off(entry_id, offset) and self._look is not None and self.is_attached:
            self._present()

    def has(self, entry_id: str) -> bool:
        """Whether it shows an entry with that id."""
        return self._sheet.index(entry_id) is not None

    def discard(self, entry_id: str) -> None:
        """Take an entry out."""
        if self._sheet.index(entry_id) is None:
            return
        self._view.remove(entry_id)
        if self._chosen == entry_id:
            self._chosen = None
        self._unmark()
        self._changed(0)

    def append_text(self, entry_id: str, delta: str) -> None:
        """More of an entry's body has arrived. It costs an append; painting has its own pace."""
        if delta and self._sheet.index(entry_id) is not None:
            self._end_thinking(entry_id)
            self._sheet.append(entry_id, delta)
            self._stir(len(delta))

    def append_thinking(self, entry_id: str, delta: str) -> None:
        """More of an entry's thinking has arrived."""
        if delta and self._sheet.index(entry_id) is not None:
            self._thinking_since.setdefault(entry_id, time.monotonic())
            self._sheet.append_thinking(entry_id, delta)
            self._stir(len(delta))

    def amend(
        self,
        entry_id: str,
        *,
        head: str | None = None,
        foot: str | None = None,
        body: str | None = None,
        live: bool | None = None,
        tone: str | None = None,
    ) -> None:
        """Change members of an entry; None leaves one as it is. `live=False` ends its rendering."""
        index = self._sheet.index(entry_id)
        if index is None:
            return
        wanted = {"head": head, "foot": foot, "body": body, "live": live, "tone": tone}
        if live is False:
            self._end_thinking(entry_id)
        changes = {name: value for name, value in wanted.items() if value is not None}
        if self._sheet.amend(index, **changes):
            self._came(0)

    def _end_thinking(self, entry_id: str) -> None:
        since = self._thinking_since.pop(entry_id, None)
        index = self._sheet.index(entry_id)
        if since is not None and index is not None:
            self._sheet.entries[index].thought_s = time.monotonic() - since

    def place(self) -> Place:
        """Where the reader is, for `show` to come back to."""
        if self._look is None:
            return self._wanted or Place(None, 0, True, self._chosen)
        return self._view.place(self._chosen)

    def go_to(self, entry_id: str) -> bool:
        """Bring an entry to the top of the view, as far as what is below it allows, and choose it.

        False if it is not in the chat shown.
        """
        index = self._sheet.index(entry_id)
        if index is None:
            return False
        there = Place(entry_id, 0, False, entry_id)
        if self._look is None:
            self._wanted, self._chosen = there, entry_id
        else:
            self._view.go(there)
            self._view.stay()
            self._choose(index)
        return True

    @property
    def at_tail(self) -> bool:
        """Whether the end is in view and what comes is followed."""
        return self._view.at_tail

    def go_to_tail(self) -> None:
        """Go to the end and follow what comes."""
        if self._look is None:
            self._wanted = None
            return
        self._view.follow(0)
        self._present()

    def scroll_by(self, lines: int) -> None:
        """Scroll down by so many lines; up if negative."""
        if self._look is not None:
            self._scroll(max(0, min(self._view.last_top, self._view.top + lines)))

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        """Choose an entry, or a link in it."""
        event.prevent_default()  # a double click would select everything
        if event.y >= len(rows := self._view.rows()):
            return
        url = event.style.meta.get("link")
        if event.chain == 2:
            self._mark_word(*rows[event.y], event.x - MARGIN)
        elif isinstance(url, str):
            self.post_message(LinkChosen(url))
        elif not self.screen.selections:
            self._choose(rows[event.y][0])

    def _mark_word(self, index: int, line: int, cell: int) -> None:
        span = word_at(self._sheet.seen(index).plain(line), cell)
        if span is not None:
            row = row_number(index, line)
            start, end = (Offset(at, row) for at in span)
            self.screen.selections = {self: Selection(start, end)}

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text selected with the mouse, as it stands on the screen."""
        return selected_text(self._sheet, selection), "\n"

    def _unmark(self) -> None:
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def _on_focus(self, event: events.Focus) -> None:
        """Take the focus without the repaint that Textual would make of it."""
        event.prevent_default()
        self.has_focus = True
        if self._chosen is None and (index := self._current()) is not None:
            self._choose(index)
        else:
            self._present()

    def _on_blur(self, event: events.Blur) -> None:
        """Lose the focus likewise."""
        event.prevent_default()
        self.has_focus = False
        self._present()


def _nearest(place: Place, before: Sheet, now: Sheet) -> Place:
    """The place, with what took the place of entries that have gone since the sheet before."""
    changes: dict[str, Any] = {}
    if now.index(place.entry_id) is None and (at := before.index(place.entry_id)) is not None:
        there = [one.id for one in before.entries[at:] if now.index(one.id) is not None]
        last = now.entries[-1].id if len(now) else None
        changes = {"entry_id": there[0] if there else last, "line": 0}
    if now.index(place.selected) is None and (at := before.index(place.selected)) is not None:
        changes["selected"] = now.entries[min(at, len(now) - 1)].id if len(now) else None
    return replace(place, **changes)
