"""What answers now, in all chats: a list of it, with speed and time; stopping one or all; how many at once."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.text import one_line
from tui.core.words import TurnState
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.chat.turns import Turns
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.features.feature import Plain, Taking
    from tui.ui.widgets.picker import Picker

NOW, LINE, ELSEWHERE = "Answering", "In line", "In other windows"
MOST = 64
"""So many replies may be let stream at once."""


class Running(Feature):
    """All turns that are not over."""

    _picker: Picker[str] | None = None

    def commands(self) -> Mapping[str, Plain]:
        """The list, and an end to all."""
        return {"reply.running": self.show, "reply.stop_all": self.stop_all}

    def taking(self) -> Mapping[str, Taking]:
        """How many may stream at once."""
        return {"reply.parallel": self.limit}

    def begin(self) -> None:
        """Keep the list up to date while it is on the screen, and tell of the line in the status."""
        hooks = self.ctx.hooks
        hooks.ticked.add(lambda _now: self._renew())
        hooks.turn_changed.add(lambda _turn: self._renew())
        hooks.line_changed.add(lambda _: self._renew())
        self.ctx.stage.status_parts.append(self._status)

    @property
    def turns(self) -> Turns:
        """Where they run."""
        return self.ctx.need_desk().conductor.turns

    def stop_all(self) -> None:
        """Stop everything; what has come is kept. Raises `ValueError` if there is nothing."""
        count = len(self.turns.running())
        if not self.turns.stop_all():
            raise ValueError("Nothing is answering")
        self.ctx.note("1 reply was stopped" if count == 1 else f"{count} replies were stopped")

    async def limit(self, text: str) -> None:
        """Let so many replies stream at once, from now on. Raises `ValueError` for no such number."""
        desk, slots = self.ctx.need_desk(), self.turns.slots
        if not text:
            self.ctx.note(f"{slots.limit} replies may stream at once; /parallel 2 makes it two")
            return
        if not text.isdecimal() or not 1 <= int(text) <= MOST:
            raise ValueError(f"So many at once is a whole number from 1 to {MOST}")
        slots.limit = desk.conductor.settings.parallel = int(text)
        self.ctx.work(self._remember(int(text)), group="parallel")
        self.ctx.note(f"{text} replies may stream at once")

    async def _remember(self, number: int) -> None:
        try:
            await asyncio.to_thread(self.ctx.need_desk().remember, ("parallel",), number)
        except Failure as failure:
            self.ctx.complain(failure)

    def _status(self, _session: Session) -> str:
        waiting = len(self.turns.line) if self.ctx.desk is not None else 0
        return f"{waiting} in line" if waiting else ""

    # -- the list

    async def show(self) -> None:
        """List all that answers; Enter goes to one."""
        from tui.ui.widgets.picker import Picker, narrowed

        def stop(row: Row[str] | None) -> None:
            if row is not None:
                self.turns.stop_one(row.value)

        def move(row: Row[str] | None, step: int) -> None:
            ids = [turn.message_id for turn in self.turns.line]
            if row is not None and row.value in ids:
                self.turns.move(row.value, max(0, ids.index(row.value) + step))

        def chosen(value: str | None) -> None:
            self._picker = None
            if value is not None:
                self.ctx.features.one(Chats).open(self._chat_of(value))

        self._picker = Picker(
            "What answers now",
            lambda query: narrowed(self._rows())(query),
            empty="nothing is answering",
            extra={
                "ctrl+d": ("stops it", stop),
                "ctrl+x": ("stops all", lambda _row: self.turns.stop_all()),
                "alt+up": ("moves it up the line", lambda row: move(row, -1)),
                "alt+down": ("", lambda row: move(row, 1)),
            },
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(self._picker, chosen)

    def _renew(self) -> None:
        if self._picker is not None and self._picker.is_open:
            self._picker.renew()

    def _chat_of(self, value: str) -> str:
        turn = next((t for t in self.turns.running() if t.message_id == value), None)
        return turn.session_id if turn is not None else value

    def _rows(self) -> Sequence[Row[str]]:
        now = time.monotonic()
        line = self.turns.line
        streaming = [turn for turn in self.turns.running() if turn not in line]
        following = self.ctx.need_desk().conductor.following
        others = sorted(following.busy) if following is not None else []
        return [
            *(
                Row(t.message_id, self._title(t.session_id), f"{_model(t)}{told(t, now)}", NOW)
                for t in streaming
            ),
            *(
                Row(t.message_id, self._title(t.session_id), f"number {at}", LINE)
                for at, t in enumerate(line, 1)
            ),
            *(Row(chat_id, self._title(chat_id), "", ELSEWHERE) for chat_id in others),
        ]

    def _title(self, chat_id: str) -> str:
        chat = self.ctx.stage.chats.get(chat_id)
        return one_line(chat.title, 200) if chat is not None and chat.title else "New chat"


def _model(turn: Turn) -> str:
    model = one_line(turn.request.parameters.model or "", 40)
    return f"{model} · " if model else ""


def told(turn: Turn, now: float) -> str:
    """How a turn stands: what it does, speed, time. `now` is in seconds of its clock."""
    seconds = turn.seconds(now)
    if turn.state is TurnState.STREAMING and turn.first_at is not None:
        streaming = now - turn.first_at
        rate = f"{turn.deltas / streaming:.0f} t/s" if streaming >= 1 else ""
        doing = ["streaming", rate]
    elif turn.retrying is not None:
        doing = [f"try {turn.retrying.attempt + 1} comes"]
    else:
        doing = ["waiting"]
    return " · ".join(filter(None, [*doing, f"{seconds:.0f} s"]))
