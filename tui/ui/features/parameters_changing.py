"""Changes parameters by the rows of the settings pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.core import stops
from tui.core.escapes import escaped, unescaped
from tui.core.spec import Home, Shape
from tui.core.spec_text import parse, shown
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters_rows import ADD_STOP, SCOPE, spec_for, stop_index
from tui.ui.features.parameters_values import Scope, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.spec import Spec
    from tui.core.stops import Rows
    from tui.ui.features.context import Context

IN_EDITOR = {Shape.TEXT, Shape.OBJECT, Shape.OBJECTS, Shape.TABLE}
"""What is edited in a dialog of several lines."""


class Changing(Feature):
    """What can be done to a row, with or without a pane to show it. All raise `ValueError` or `Failure`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.values = Values(context)
        """What is in force; whoever changes parameters by `values.change` gives them the pane's undo."""

    def renew(self) -> None:
        """Show what is in force now."""

    def toggle(self, field_id: str) -> None:
        """Switch a row on or off; the scope to the other one."""
        index, spec = stop_index(field_id), spec_for(field_id)
        if index is not None:
            self.put_stops(stops.toggled(self.rows, index))
        elif field_id == SCOPE:
            self.turn_scope()
        elif spec is not None and spec.shape is Shape.SWITCH:
            value = self.values.get(spec.name)
            now = spec.default_for(self.values.kind) == "on" if value is None else value
            self.put(spec.name, not now)

    def turn_scope(self) -> None:
        """Show the settings of new chats, or those of this one again."""
        self.values.scope = Scope.NEW if self.values.scope is Scope.CHAT else Scope.CHAT
        self.renew()

    def step(self, field_id: str, by: int) -> None:
        """The next value of a row that has choices or numbers."""
        spec = spec_for(field_id)
        if field_id == SCOPE or (spec is not None and spec.shape is Shape.SWITCH):
            self.toggle(field_id)
        elif spec is not None and field_id == spec.name:
            kind, value = self.values.kind, self.values.get(spec.name)
            choices = spec.choices_for(kind)
            if choices and (value is None or shown(spec, value) in choices):
                self._put_text(spec, _stepped(choices, shown(spec, value), by))
            elif spec.shape in {Shape.NUMBER, Shape.INTEGER}:
                self._put_text(spec, _nudged(spec, value, by, spec.default_for(kind)))

    def reset(self, field_id: str) -> None:
        """Leave a row to the server; a stop sequence goes, at the end of them all go."""
        index = stop_index(field_id)
        if index is not None:
            self.put_stops(stops.removed(self.rows, index))
        elif field_id == ADD_STOP:
            self.put_stops(())
        elif field_id != SCOPE:
            self.put(field_id, None)

    def reset_all(self) -> None:
        """Leave everything to the server but the model."""
        ours = {n: None for n in self.values.parameters.kept() if n != "model"}
        if self.values.change(ours):
            self.ctx.note(f"All is left to the server: {len(ours)} reset")

    def take(self, field_id: str, text: str) -> None:
        """What was typed is the new value."""
        if field_id == ADD_STOP or stop_index(field_id) is not None:
            self.put_stops(self.with_typed(field_id, text))
            return
        spec = spec_for(field_id)
        if spec is not None:
            self._put_text(spec, text)

    def pasted(self, field_id: str, text: str) -> str:
        """What of a pasted text is put into the line: stop sequences stay raw, all else goes on one line."""
        if field_id == ADD_STOP or stop_index(field_id) is not None:
            if len(text) > stops.LONGEST:
                stops.added((), text)  # raises
            return escaped(text.replace("\r\n", "\n").replace("\r", "\n"))
        spec = spec_for(field_id)
        if spec is None or spec.shape in IN_EDITOR or spec.shape is Shape.SWITCH or not text:
            raise ValueError("nothing can be pasted here; Enter edits it")
        return one_line(text)

    def with_typed(self, field_id: str, text: str) -> Rows:
        """The stop sequences, with one changed or added by what was typed for a row."""
        index = stop_index(field_id)
        if index is None:
            return stops.added(self.rows, unescaped(text))
        return stops.changed(self.rows, index, unescaped(text))

    # -- changing

    @property
    def rows(self) -> Rows:
        """The stop sequences that are set, on and off."""
        values = self.values.all()
        return stops.rows_of(values.get("stop"), values.get("stop_off"))

    def put_stops(self, rows: Rows) -> None:
        """Have other stop sequences."""
        self.put_all(stops.members_of(rows))

    def put(self, name: str, value: Any) -> None:
        """Give a parameter a value; None leaves it to the server."""
        self.put_all({name: value})

    def put_all(self, changes: Mapping[str, Any]) -> None:
        """Change several in one step of the undo. Raises `ValueError` or `Failure`."""
        self.values.change(changes)
        self.renew()

    def _put_text(self, spec: Spec, text: str) -> None:
        self.put(spec.name, read_value(spec, text, self.values.kind))


def read_value(spec: Spec, text: str, kind: Any) -> Any:
    """The value that a text means; None for no text, which leaves it to the server."""
    if not text or (spec.shape is not Shape.TEXT and not text.strip()):
        return None
    return parse(spec, text, kind)


def _stepped(choices: tuple[str, ...], now: str, by: int) -> str:
    """The next choice; before the first and behind the last one is none."""
    around = ("", *choices)
    return around[(around.index(now) + by) % len(around)]


def _nudged(spec: Spec, value: Any, by: int, default: str) -> str:
    """A number a little larger or smaller, within its range."""
    if value is None:
        try:
            value = float(default)
        except ValueError:
            value = spec.range.low or 0
    step = 0.1 if spec.shape is Shape.NUMBER and spec.home is Home.PARAMETERS else 1
    wanted = round(float(value) + by * step, 6)
    low, high = spec.range.low, spec.range.high
    wanted = max(wanted, low) if low is not None else wanted
    wanted = min(wanted, high) if high is not None else wanted
    return f"{wanted:g}" if abs(wanted) < 10**6 else f"{wanted:.0f}"
