"""Several versions of one message side by side, those that are still coming too."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import one_line
from tui.ui.features.running import told
from tui.ui.keys import bindings, keys_of
from tui.ui.look import palette_of
from tui.ui.showing import shown_message
from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.widgets.transcript.widget import Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.features.context import Context
    from tui.ui.widgets.transcript.entry import Entry

NARROWEST = 40
"""Columns below which the versions stand one under the other."""


class Column(Vertical, can_focus=True):
    """One version: what it was made by, and what it says."""

    def __init__(self, context: Context, message_id: str, words: str) -> None:
        super().__init__()
        self.message_id = message_id
        self._words = words
        self.title = Static(classes="column-title")
        self.transcript = Transcript(context.keymap)
        self.transcript.can_focus = False

    def compose(self) -> ComposeResult:
        """A line of words over a transcript of one message."""
        yield self.title
        yield self.transcript

    def tell(self, turn: Turn | None, now: float) -> None:
        """Bring the line of words up to date; `turn` is the one that makes it, if it is not over."""
        state = f" · {told(turn, now)}" if turn is not None else ""
        self.title.update(Content(f"{one_line(self._words, 200)}{state}"), layout=False)


class CompareScreen(FrugalScreen[None]):
    """Ends without an answer: what is chosen is done at once."""

    PLACE = "compare"
    DEFAULT_CSS = """
    CompareScreen > #columns { height: 1fr; }
    CompareScreen > #compare-foot { height: 1; color: $text-muted; background: $panel; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Column { width: 1fr; height: 1fr; border: round $panel; }
    Column:focus { border: round $primary; }
    Column > .column-title { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    Column:focus > .column-title { color: $foreground; text-style: bold; }
    CompareScreen.-narrow > #columns { layout: vertical; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare")]
    AUTO_FOCUS = ""

    def __init__(
        self,
        context: Context,
        session: Session,
        versions: Sequence[tuple[str, str]],
        at: int = 0,
    ) -> None:
        """`versions` are ids of messages, which may still be in the making, each with some words."""
        super().__init__()
        self._ctx, self._session, self._first = context, session, at
        self._columns = [Column(context, message_id, words) for message_id, words in versions]

    def compose(self) -> ComposeResult:
        """The columns, and the keys."""
        with Horizontal(id="columns"):
            yield from self._columns
        yield Static(Content(self._foot()), id="compare-foot")

    def _foot(self) -> str:
        words = {
            "next": "next",
            "show": "shows it",
            "keep": "keeps only it",
            "stop": "stops it",
            "leave": "leaves",
        }
        keys = {name: keys_of(f"compare.{name}", self._ctx.keymap) for name in words}
        return " · ".join(f"{key.split()[0]} {words[name]}" for name, key in keys.items() if key)

    def on_mount(self) -> None:
        """Fill the columns, and follow what comes."""
        stage, hooks = self._ctx.stage, self._ctx.hooks
        for column in self._columns:
            column.transcript.palette = palette_of(self.app)
            self._fill(column)
            stage.beside[column.message_id] = column.transcript
        hooks.turn_changed.add(self._turn_changed)
        hooks.ticked.add(self._tick)
        self.set_focus(self._columns[self._first])
        self._arrange(self.size.width)

    def on_unmount(self) -> None:
        """Follow no more."""
        hooks = self._ctx.hooks
        for column in self._columns:
            self._ctx.stage.beside.pop(column.message_id, None)
        hooks.turn_changed.remove(self._turn_changed)
        hooks.ticked.remove(self._tick)

    def on_resize(self) -> None:
        """One under the other if there is no room beside each other."""
        self._arrange(self.size.width)

    def _arrange(self, width: int) -> None:
        self.set_class(width // len(self._columns) < NARROWEST, "-narrow")

    # -- what is shown

    def _turn(self, message_id: str) -> Turn | None:
        running = self._ctx.stage.running(self._session.id)
        return next((turn for turn in running if turn.message_id == message_id), None)

    def _entry(self, turn: Turn | None, message_id: str) -> Entry | None:
        return shown_message(self._session, turn, message_id, self._ctx.stage.prices_of)

    def _fill(self, column: Column) -> None:
        turn = self._turn(column.message_id)
        entry = self._entry(turn, column.message_id)
        if entry is not None:
            column.transcript.show([entry])
        self._tell(column)

    def _turn_changed(self, turn: Turn) -> None:
        column = next((one for one in self._columns if one.message_id == turn.message_id), None)
        if column is None:
            return
        entry = self._entry(None if turn.state.is_over else turn, turn.message_id)
        if entry is None:
            column.transcript.amend(turn.message_id, foot="nothing came", live=False)
        elif turn.state.is_over:
            body = entry.body if entry.body != turn.text else None
            column.transcript.amend(
                entry.id, head=entry.head, foot=entry.foot, body=body, tone=entry.tone, live=False
            )
        else:
            column.transcript.amend(entry.id, foot=entry.foot)
        if turn.state.is_over and turn.failure is not None:
            column.transcript.amend(
                turn.message_id, foot=turn.failure.sentence, tone="error", live=False
            )
        column.transcript.flush()
        self._tell(column)

    def _tick(self, now: float) -> None:
        for column in self._columns:
            if self._turn(column.message_id) is not None:
                column.tell(self._turn(column.message_id), now)

    def _tell(self, column: Column) -> None:
        import time

        column.tell(self._turn(column.message_id), time.monotonic())

    # -- keys

    @property
    def _column(self) -> Column:
        focused = self.focused
        return focused if isinstance(focused, Column) else self._columns[0]

    def action_column(self, step: int) -> None:
        """Go to another version."""
        at = (self._columns.index(self._column) + step) % len(self._columns)
        self.set_focus(self._columns[at])

    def action_scroll(self, step: int) -> None:
        """Scroll by a line; up if negative."""
        self._column.transcript.scroll_by(step)

    def action_page(self, step: int) -> None:
        """Scroll by a page."""
        transcript = self._column.transcript
        transcript.action_page_down() if step > 0 else transcript.action_page_up()

    def action_end(self, step: int) -> None:
        """Scroll to the beginning, or to the end, and follow what comes."""
        transcript = self._column.transcript
        transcript.go_to_tail() if step > 0 else transcript.action_first()

    def action_copy(self) -> None:
        """Copy what this version says."""
        message_id = self._column.message_id
        entry = self._entry(self._turn(message_id), message_id)
        if entry is not None:
            self._ctx.screen.copy(entry.body, "message")

    def action_stop(self) -> None:
        """Stop this reply; what has come of it is kept."""
        if self._ctx.desk is not None:
            self._ctx.desk.conductor.turns.stop_one(self._column.message_id)

    def action_show(self) -> None:
        """Show this version in the chat, and leave."""
        self._show(self._column.message_id)
        self.dismiss(None)

    def action_keep(self) -> None:
        """Keep this version only, and leave."""
        message_id = self._column.message_id
        self._show(message_id)
        if self._ctx.desk is not None and self._is_there(message_id):
            changes = self._ctx.desk.conductor.changes
            edit = changes.keep_alone(self._session, message_id)
            self._ctx.note(f"{edit.words[:1].upper()}{edit.words[1:]} · u takes it back")
        self.dismiss(None)

    def action_leave(self) -> None:
        """Back to the chat."""
        self.dismiss(None)

    def _is_there(self, message_id: str) -> bool:
        return self._entry(self._turn(message_id), message_id) is not None

    def _show(self, message_id: str) -> None:
        from tui.ui.features.branches import Branches
        from tui.ui.widgets.transcript.place import Place

        if self._session is self._ctx.stage.session and self._is_there(message_id):
            place = Place(message_id, 0, at_tail=False, selected=message_id, is_held=True)
            self._ctx.features.one(Branches).show(message_id, place)
