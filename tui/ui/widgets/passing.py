"""Passes keys on to where the focus has gone.

Textual sends a key to the widget that has the focus when the key comes in. If a key ahead of it moves
the focus, it is with the wrong one: over a slow line many keys come in one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.widget import Widget


async def passed_on(widget: Widget, event: events.Key) -> bool:
    """Whether the focus is elsewhere, in a dialog that has come up too; the key has then been dealt with there.

    It is dealt with before the next key is looked at: put into the other widget's queue instead, it
    could be overtaken by what that other widget does meanwhile, such as closing a dialog.
    """
    target = _target(widget)
    if target is None or target is widget:
        return False
    if not isinstance(
        target, Screen
    ):  # the answer of a dialog comes that way; it may move the focus
        await target._flush_next_callbacks()  # noqa: SLF001
    target = _target(widget)
    if target is None or target is widget:
        return False
    event.stop()
    event.prevent_default()
    key = events.Key(event.key, event.character)
    if isinstance(target, Screen):
        target._forward_event(key)  # noqa: SLF001 (there is no other way)
    else:
        key._set_forwarded()  # noqa: SLF001 (or else the application hands it out again)
        await target._dispatch_message(key)  # noqa: SLF001
    return True


def _target(widget: Widget) -> Widget | None:
    """Who has the focus: a dialog that has come up, if none of its widgets has it."""
    top = widget.app.screen
    return widget.screen.focused if top is widget.screen else top.focused or top


async def ran_own(widget: Widget, event: events.Key) -> bool:
    """Whether a key is one of those that Textual's own text fields have, such as Backspace; it was run then.

    Textual runs them only after the key has gone up to the application: text that was typed behind
    it and comes in the same piece overtakes it.
    """
    bindings = widget._bindings.key_to_bindings.get(event.key, ())  # noqa: SLF001
    action = next((binding.action for binding in bindings if not binding.id), None)
    if action is None:
        return False
    event.stop()
    event.prevent_default()
    await widget.run_action(action)
    return True
