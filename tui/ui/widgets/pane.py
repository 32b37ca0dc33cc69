"""The place on the right of the conversation for what is worked with beside it, such as the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable


class Pane(Vertical):
    """Shows one widget at a time, or is hidden. What it has shown stays as it was left.

    It covers the conversation where there is no room beside it. A widget that is to get the focus
    itself has `can_focus`; else its first descendant that has it gets it, or the one that had it last.
    """

    DEFAULT_CSS = """
    Pane { width: 44; height: 1fr; display: none; background: $background; border-left: vkey $panel; }
    Pane.-covers { layer: over; dock: right; border-left: none; }
    Pane > * { height: 1fr; }
    """

    def __init__(self, when_closed: Callable[[], None]) -> None:
        super().__init__(id="pane")
        self._when_closed = when_closed
        self._had_focus: dict[Widget, Widget] = {}
        self.content: Widget | None = None
        """What is shown, or was shown last."""

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return bool(self.display)

    @property
    def covers(self) -> bool:
        """Whether it lies over the conversation instead of beside it."""
        return self.has_class("-covers")

    @property
    def has_focus_within(self) -> bool:
        """Whether the keys go to something in it."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors_with_self

    async def show(self, widget: Widget) -> None:
        """Show a widget, and give it the keys: when this returns it has them."""
        self._note_focus()
        if self.content is not None and self.content is not widget:
            self.content.display = False
        self.content = widget
        self.display = widget.display = True
        if widget.parent is None:
            await self.mount(widget)
        self.take_focus()

    async def toggle(self, widget: Widget) -> None:
        """Close the pane if it shows that widget and has the keys; else show it."""
        if self.is_open and self.content is widget and self.has_focus_within:
            self.close()
        else:
            await self.show(widget)

    def close(self) -> bool:
        """Hide it, and give the keys back if it had them; False if it is not open."""
        if not self.is_open:
            return False
        had_focus = self.has_focus_within or self.covers
        self._note_focus()
        self.display = False
        if had_focus:
            self._when_closed()
        return True

    def bring_back(self, widget: Widget | None) -> None:
        """Show what was shown before, without the keys; None closes it."""
        if widget is None or widget.parent is not self:
            self.close()
        elif not self.is_open or self.content is not widget:
            self._note_focus()
            if self.content is not None:
                self.content.display = False
            self.content = widget
            self.display = widget.display = True

    def take_focus(self) -> None:
        """Give the keys to what is shown, where they were last."""
        content = self.content
        if content is None:
            return
        before = self._had_focus.get(content)
        if before is not None and before.is_attached and before.focusable:
            self.screen.set_focus(before)
            return
        inner = content.walk_children(Widget, with_self=True)
        candidates = (widget for widget in inner if widget.focusable)
        target = next(candidates, None)
        if target is not None:
            self.screen.set_focus(target)

    def fit(self, width: int, *, covers: bool) -> None:
        """Take so many columns, or all of them if it covers the conversation."""
        self.set_class(covers, "-covers")
        self.styles.width = "100%" if covers else width

    def on_descendant_focus(self) -> None:
        """Remember where the keys go, for when they come back."""
        self._note_focus()

    def _note_focus(self) -> None:
        focused = self.screen.focused
        if self.content is not None and focused is not None and self.has_focus_within:
            self._had_focus[self.content] = focused
