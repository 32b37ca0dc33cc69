"""What all dialogs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType

from tui.ui.terminal.compositor import keep_changes
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType


class Dialog(ModalScreen[ScreenResultType]):
    """A screen over the others. Quitting works in it; its widgets take the focus by `set_focus`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.leave", "Quit", id="chat.quit", show=False)
    ]
    AUTO_FOCUS = ""

    @property
    def is_open(self) -> bool:
        """Whether it is up, with its widgets. What was worked out for it may come later than its end."""
        return self.is_mounted and self in self.app.screen_stack

    def _on_timer_update(self) -> None:
        keep_changes(self)
        super()._on_timer_update()

    async def _on_key(self, event: events.Key) -> None:
        """Run the dialog's own keys in their turn: what is typed behind the one that closes it goes on."""
        focused = self.focused
        nearer = [] if focused is None else focused.ancestors_with_self
        below = nearer[: nearer.index(self)] if self in nearer else nearer
        if any(event.key in node._bindings.key_to_bindings for node in below):  # noqa: SLF001
            return
        if self.app.screen is self:  # what has the focus here has let the key through already
            await ran_own(self, event)
        else:
            await passed_on(self, event)
