"""What keys do in the transcript: choose a message, go through it, copy from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.widgets.transcript.choosing import choose_next, choose_previous, next_of, shown
from tui.ui.widgets.transcript.jumping import next_mark, previous_mark
from tui.ui.widgets.transcript.links import links_of
from tui.ui.widgets.transcript.look import Sideways
from tui.ui.widgets.transcript.marking import Overlay
from tui.ui.widgets.transcript.messages import (
    CopyRequested,
    EntrySelected,
    LinksRequested,
    NothingThere,
)
from tui.ui.widgets.transcript.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.ui.widgets.transcript.jumping import Mark
    from tui.ui.widgets.transcript.look import Renderer

SHIFT = 16
"""Cells by which code is shifted."""

_CONTEXT = 1
"""Lines that stay in view above what was jumped to."""


class Reader(Surface):
    """A surface on which one entry is chosen, by which the reader goes about."""

    def __init__(
        self, *, render_text: Renderer, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(render_text=render_text, id=id, classes=classes)
        self._copied: dict[str, tuple[str, int]] = {}  # by kind: whose was copied, which is next
        self._jumped: tuple[str, int, int] | None = None  # to which entry's line, and the top then

    def _choose(self, index: int, top: int | None = None) -> None:
        entry_id = self._sheet.entries[index].id
        changed, self._chosen = entry_id != self._chosen, entry_id
        if top is not None and top != self._view.top:
            self._view.scroll(top)
        self._present()
        if changed:
            self.post_message(EntrySelected(entry_id))

    def _can_choose(self) -> bool:
        return self._look is not None and len(self._sheet) > 0

    def action_next(self) -> None:
        """Choose the next entry, or go on through a tall one."""
        if self._can_choose():
            self._choose(*choose_next(self._view, self._sheet.index(self._chosen)))

    def action_previous(self) -> None:
        """Choose the entry before, or go back through a tall one."""
        if self._can_choose():
            self._choose(*choose_previous(self._view, self._sheet.index(self._chosen)))

    def action_first(self) -> None:
        """Choose the first entry."""
        if self._can_choose():
            self._choose(*shown(self._view, 0))

    def action_last(self) -> None:
        """Choose the last entry, and follow what comes."""
        if self._can_choose():
            self._view.follow(0)
            self._choose(len(self._sheet) - 1)

    def action_page_up(self) -> None:
        """Scroll back by a page, less one line."""
        self._scroll(max(0, self._view.top - max(1, self._view.height - 1)))

    def action_page_down(self) -> None:
        """Scroll on by a page, less one line."""
        self._scroll(min(self._view.last_top, self._view.top + max(1, self._view.height - 1)))

    def _current(self) -> int | None:
        """The chosen entry; without one, the last in view."""
        index = self._sheet.index(self._chosen)
        if index is None and self._can_choose():
            index = self._view.visible()[-1]
        return index

    def action_copy(self) -> None:
        """Ask for the entry's source to be copied."""
        index = self._current()
        if index is not None:
            self.post_message(CopyRequested(self._sheet.take_in(index).body, "message"))

    def action_copy_code(self) -> None:
        """Ask for the entry's next code block to be copied; after the last comes the first again."""
        index = self._current()
        body = self._sheet.laid(index).body if index is not None else None
        self._copy_in_turn("code block", body.code_blocks() if body is not None else ())

    def action_copy_table(self) -> None:
        """Ask for a table of the entry to be copied: first the one in view, then the others in turn."""
        index = self._current()
        if index is None:
            return
        marks = [mark for mark in self._sheet.laid(index).landmarks() if mark.kind == "table"]
        top = self._view.top - self._sheet.heights.before(index)
        in_view = (number for number, mark in enumerate(marks) if mark.line >= top)
        self._copy_in_turn("table", [mark.text for mark in marks], next(in_view, -1))

    def _copy_in_turn(self, kind: str, texts: Sequence[str], first: int = 0) -> None:
        index = self._current()
        if index is None or not texts:
            self.post_message(NothingThere(f"{kind} in this message"))
            return
        entry_id = self._sheet.entries[index].id
        before, count = self._copied.get(kind, ("", 0))
        number = (count if before == entry_id else first) % len(texts)
        self._copied[kind] = entry_id, number + 1
        self.post_message(CopyRequested(texts[number], f"{kind} {number + 1} of {len(texts)}"))

    def action_links(self) -> None:
        """Ask for the entry's links to be shown."""
        index = self._current()
        if index is not None:
            self.post_message(LinksRequested(links_of(self._sheet.laid(index))))

    def action_thinking(self) -> None:
        """Unfold the entry's thinking, or fold it again."""
        index = self._current()
        if index is not None and self._sheet.fold(index):
            self._changed(0)

    # -- code sideways

    @property
    def wraps_code(self) -> bool:
        """Whether long lines of code are wrapped; else they can be shifted."""
        return not isinstance(self._render_text, Sideways)

    @wraps_code.setter
    def wraps_code(self, wraps: bool) -> None:
        render = self._render_text
        plain = render.render if isinstance(render, Sideways) else render
        self._render_text = plain if wraps else Sideways(plain)
        if self._look is not None and render != self._render_text:
            self._relook()

    def action_wrap_code(self) -> None:
        """Wrap long lines of code, or wrap them no more."""
        self.wraps_code = not self.wraps_code

    def action_code_left(self) -> None:
        """Go back to the left in the entry's code."""
        self._shift_code(-SHIFT)

    def action_code_right(self) -> None:
        """Show what is further right in the entry's code."""
        self._shift_code(SHIFT)

    def _shift_code(self, cells: int) -> None:
        index = self._current()
        if index is None:
            return
        if self._sheet.laid(index).shift_code(cells):
            self._present()
        elif cells > 0:
            self.post_message(NothingThere("more code to the right"))

    # -- jumps

    def action_next_code(self) -> None:
        """Go to the next block of code."""
        self._jump("code", 1)

    def action_previous_code(self) -> None:
        """Go to the block of code before."""
        self._jump("code", -1)

    def action_next_heading(self) -> None:
        """Go to the next heading."""
        self._jump("heading", 1)

    def action_previous_heading(self) -> None:
        """Go to the heading before."""
        self._jump("heading", -1)

    def action_next_mine(self) -> None:
        """Choose the user's next message."""
        self._jump_to_mine(1)

    def action_previous_mine(self) -> None:
        """Choose the user's message before."""
        self._jump_to_mine(-1)

    def _jump_to_mine(self, step: int) -> None:
        index = self._current()
        if index is None:
            return
        found = next_of(self._sheet, "user", index, step)
        if found is None:
            self.post_message(NothingThere(f"message of yours {_side(step)}"))
        else:
            self._choose(*shown(self._view, found))

    def _jump(self, kind: str, step: int) -> None:
        if not self._can_choose():
            return
        search = next_mark if step > 0 else previous_mark
        mark = search(self._sheet, kind, *self._whence(step))
        if mark is None:
            what = "code block" if kind == "code" else kind
            self.post_message(NothingThere(f"{what} {_side(step)}"))
        else:
            self._go_to(mark, kind)

    def _whence(self, step: int) -> tuple[int, int]:
        """The entry's line from which the next jump goes: the last one's, or where the view begins or ends."""
        if self._jumped is not None:
            entry_id, line, top = self._jumped
            index = self._sheet.index(entry_id)
            if index is not None and top == self._view.top and self._chosen == entry_id:
                return index, line
        rows = self._view.rows()
        if step > 0:
            index, line = rows[0]
            return index, line - 1
        index, line = rows[-1]
        return index, line + 1

    def _go_to(self, mark: Mark, kind: str) -> None:
        entry_id = self._sheet.entries[mark.entry].id
        if kind == "code":  # what one has gone to is what one wants to copy
            self._copied["code block"] = entry_id, mark.number
        row = self._sheet.heights.before(mark.entry) + mark.line
        self._view.scroll(max(0, min(row - _CONTEXT, self._view.last_top)))
        self._jumped = entry_id, mark.line, self._view.top
        self._choose(mark.entry)

    def _overlays(self, rows: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[Overlay]]:
        """A mark at the left of the line that was jumped to, as long as the view stays there."""
        overlays, look = super()._overlays(rows), self._look
        if self._jumped is None or look is None or not self.has_focus:
            return overlays
        entry_id, line, top = self._jumped
        if top != self._view.top or entry_id != self._chosen:
            return overlays
        place = (self._sheet.index(entry_id), line)
        mark = Overlay(0, 1, look.dress.at_hit)
        here = {y: [*overlays.get(y, ()), mark] for y, row in enumerate(rows) if row == place}
        return {**overlays, **here}


def _side(step: int) -> str:
    return "below" if step > 0 else "above"
