"""What all dialogs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.screen import ModalScreen, ScreenResultType

if TYPE_CHECKING:
    from textual.binding import BindingType


class Dialog(ModalScreen[ScreenResultType]):
    """A screen over the others. Quitting works in it; its widgets take the focus by `set_focus`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "app.leave", "Quit", id="chat.quit", show=False)
    ]
    AUTO_FOCUS = ""
