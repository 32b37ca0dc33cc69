"""Passes keys on to where the focus has gone.

Textual sends a key to the widget that has the focus when the key comes in. If a key ahead of it moves
the focus, it is with the wrong one: over a slow line many keys come in one piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual import events
from textual._callback import invoke
from textual.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget


async def passed_on(widget: Widget, event: events.Key) -> bool:
    """Whether the focus is elsewhere, in a dialog that has come up too; the key has then been dealt with there.

    It is dealt with before the next key is looked at: put into the other widget's queue instead, it
    could be overtaken by what that other widget does meanwhile, such as closing a dialog.
    """
    if _target(widget) in {None, widget}:
        return False
    if widget.app.screen not in widget.ancestors_with_self:
        # Work that waits for the answer of a dialog goes on; so may the focus. Within one screen
        # this must not wait: keys that come meanwhile go to the other widget directly.
        await asyncio.sleep(0)
    await _hear_answers(widget)
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
        with target._context():  # noqa: SLF001 (it asks, not the widget that may be on its way out)
            await target._dispatch_message(key)  # noqa: SLF001
    return True


async def _hear_answers(widget: Widget) -> None:
    """Hand out the answers of dialogs that wait for their turn: that may move the focus once more.

    What awaits other things there stays: the removal of the very dialog whose key this is would
    wait for this key, and this key for it.
    """
    app = widget.app
    for pump in dict.fromkeys([app, app.screen, _target(widget) or app]):
        waiting = pump._next_callbacks  # noqa: SLF001 (there is no other way)
        for callback in [one for one in waiting if not _is_awaited(one)]:
            waiting.remove(callback)
            with pump._context(), pump.prevent(*callback._prevent):  # noqa: SLF001
                await invoke(callback.callback)


def _is_awaited(callback: events.Callback) -> bool:
    """Whether it is there for the end of something that goes on."""
    return isinstance(getattr(callback.callback, "func", None), Awaitable)


def _target(widget: Widget) -> Widget | None:
    """Who has the focus: a dialog that has come up, if none of its widgets has it."""
    top = widget.app.screen
    return widget.screen.focused if top is widget.screen else top.focused or top


async def ran_own(
    widget: Widget, event: events.Key, ours: Mapping[str, str] = MappingProxyType({})
) -> bool:
    """Whether a key is one of those that Textual's own text fields have, such as Backspace; it was run then.

    So is one of `ours`, the actions by key that come before those. Textual runs them only after the key has gone up to the application: text that was typed behind
    it and comes in the same piece overtakes it.
    """
    action = ours.get(event.key) or own_action(widget, event.key)
    if action is None:
        return False
    event.stop()
    event.prevent_default()
    await widget.run_action(action)
    return True


def own_action(widget: Widget, key: str) -> str | None:
    """The action of one of a widget's own keys, which have no name that the user could move them by."""
    bindings = widget._bindings.key_to_bindings.get(key, ())  # noqa: SLF001
    return next((binding.action for binding in bindings if not binding.id), None)
