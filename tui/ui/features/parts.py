"""The parts of the screen: which has the focus, which are shown, and the way home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.features.feature import Feature
from tui.ui.features.replies import Replies
from tui.ui.features.widths import Widths
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget

    from tui.ui.features.feature import Plain


class Parts(Feature):
    """Composer, transcript, pane and list of chats."""

    def commands(self) -> Mapping[str, Plain]:
        """From part to part."""
        return {
            "chat.home": self.home,
            "chat.part": lambda: self._focus_part(1),
            "chat.focus": lambda: self._focus_part(1),
            "chat.focus_back": lambda: self._focus_part(-1),
            "chat.sidebar": self.toggle_sidebar,
            "chat.copy_or_clear": self.copy_or_clear,
            "chat.help": self.help,
            "pane.close": self.close_pane,
        }

    # -- home

    def home(self) -> None:
        """One step home: close what lies over the transcript, go to the composer, stop the reply."""
        screen, composer, pane = self.ctx.screen, self.ctx.composer, self.ctx.pane
        if any(step() for step in self.ctx.home_steps) or screen.leave_reading():
            return
        if pane.is_open and (pane.has_focus_within or pane.covers):
            self.close_pane()
        elif screen.has_class("-sidebar-over") or screen.focused is not composer:
            self.ctx.focus(composer)
        elif not self.ctx.features.one(Replies).stop() and not self.close_pane():
            self.ctx.stage.warn("")

    def close_pane(self) -> bool:
        """Close the pane, and go to the composer if it had the focus; False if none is open."""
        return self.ctx.pane.close()

    # -- focus

    def _focus_part(self, step: int) -> None:
        # `set_focus` takes hold at once, `focus` later: keys that are there already go where they belong
        screen, pane = self.ctx.screen, self.ctx.pane
        parts: list[Widget] = [self.ctx.composer, self.ctx.transcript]
        if pane.is_open:
            parts = [pane] if pane.covers else [*parts, pane]
        if self.ctx.sidebar.display:
            parts.append(self.ctx.sidebar)
        focused = pane if pane.has_focus_within else screen.focused
        at = parts.index(focused) if focused in parts else 0
        target = parts[(at + step) % len(parts)]
        if target is pane:
            pane.take_focus()
        else:
            self.ctx.focus(target)

    def toggle_sidebar(self) -> None:
        """Show or hide the list of chats: beside the transcript if there is room, else over it."""
        screen, sidebar = self.ctx.screen, self.ctx.sidebar
        screen.toggle_class("-sidebar-over" if screen.has_class("-narrow") else "-sidebar-off")
        if screen.has_class("-sidebar-over"):
            self.ctx.focus(sidebar)
        elif screen.focused is sidebar:
            self.ctx.focus(self.ctx.composer)
        self.ctx.features.one(Widths).fit(screen.size.width)

    # -- help and clipboard

    async def help(self) -> None:
        """Show the keys, those of the focused part first."""
        from tui.ui.screens.help import HelpScreen

        where = self.ctx.screen.reading_place() or place_of(self.ctx.screen.focused)
        await self.ctx.push(HelpScreen(where, self.ctx.keymap))

    async def copy_or_clear(self) -> None:
        """Copy what is selected; else clear the composer; else quit if pressed twice."""
        screen, composer = self.ctx.screen, self.ctx.composer
        selected = composer.selected_text or screen.get_selected_text()
        if selected:
            screen.copy(selected, "selection")
        elif composer.text:
            composer.clear()
        else:
            await screen.run_action("app.quit_if_twice")


def place_of(focused: Widget | None) -> str:
    """The part of the screen that a widget is in: it, or what it is in, names it as its `PLACE`."""
    if isinstance(focused, Transcript):
        return "transcript"
    for widget in focused.ancestors_with_self if focused is not None else ():
        place = getattr(widget, "PLACE", "")
        if place:
            return str(place)
    return "composer"
