"""Which entry comes next when the reader goes from message to message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ui.widgets.transcript.sheet import Sheet
    from tui.ui.widgets.transcript.view import View


def _bounds(view: View, index: int) -> tuple[int, int]:
    """The entry's first line, and the one after its last: the blank line below counts at the very end only."""
    top = view.sheet.heights.before(index)
    is_last = index == len(view.sheet) - 1
    return top, top + view.sheet.heights[index] - (not is_last)


def choose_next(view: View, chosen: int | None) -> tuple[int, int]:
    """The entry to choose and the top line to scroll to, one step down.

    While the chosen entry is taller than the view, the step goes through it first.
    """
    span = view.visible()
    if chosen is None or chosen not in span:
        return shown(view, span.start)
    _, bottom = _bounds(view, chosen)
    if bottom > view.top + view.height:
        return chosen, min(view.top + _stride(view), bottom - view.height)
    return shown(view, min(chosen + 1, len(view.sheet) - 1))


def choose_previous(view: View, chosen: int | None) -> tuple[int, int]:
    """The same, one step up."""
    span = view.visible()
    if chosen is None or chosen not in span:
        return shown(view, span[-1], from_below=True)
    top, _ = _bounds(view, chosen)
    if top < view.top:
        return chosen, max(view.top - _stride(view), top)
    return shown(view, max(chosen - 1, 0), from_below=True)


def next_of(sheet: Sheet, role: str, index: int, step: int) -> int | None:
    """The next entry of a role, or the one before (`step` -1); None if there is none."""
    ahead = range(index + 1, len(sheet)) if step > 0 else range(index - 1, -1, -1)
    return next((at for at in ahead if sheet.entries[at].role == role), None)


def _stride(view: View) -> int:
    return max(1, view.height // 2)


def shown(view: View, index: int, *, from_below: bool = False) -> tuple[int, int]:
    """The entry, and the top line at which it is in view: whole if it fits, else from the end it is entered by."""
    view.sheet.measure(index)
    top, bottom = _bounds(view, index)
    if bottom - top > view.height:
        return index, bottom - view.height if from_below else top
    if top < view.top:
        return index, top
    if bottom > view.top + view.height:
        return index, bottom - view.height
    return index, view.top
