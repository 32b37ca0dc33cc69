"""Passes keys on to where the focus has gone.

Textual sends a key to the widget that has the focus when the key comes in. If a key ahead of it moves
the focus, it is with the wrong one: over a slow line many keys come in one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget


def passed_on(widget: Widget, event: events.Key) -> bool:
    """Whether the focus is elsewhere, in a dialog that has come up too; the key has then been sent there."""
    top = widget.app.screen
    target = top.focused or top if top is not widget.screen else widget.screen.focused
    if target is None or target is widget:
        return False
    event.stop()
    event.prevent_default()
    target._forward_event(events.Key(event.key, event.character))  # noqa: SLF001 (there is no other way)
    return True
