"""Prompts that were sent while a reply was still coming: shown above the composer, to be changed until they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.keys import keys_of
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.chat.outbox import Outbox, Waiting
    from tui.core.session import Session
    from tui.ui.features.feature import Plain
    from tui.ui.widgets.picker import Picker
    from tui.ui.widgets.waiting import WaitingRows


class WaitingPrompts(Feature):
    """What waits in the open chat."""

    _rows: WaitingRows | None = None

    def commands(self) -> Mapping[str, Plain]:
        """The list of them."""
        return {"prompt.waiting": self.show}

    def begin(self) -> None:
        """Keep the rows above the prompt right."""
        hooks = self.ctx.hooks
        hooks.chat_shown.add(lambda _session: self._renew())
        hooks.waiting_changed.add(lambda _chat_id: self._renew())
        hooks.turn_changed.add(lambda _turn: self._renew())
        hooks.turn_ended.add(lambda _turn: self._renew())

    @property
    def outbox(self) -> Outbox:
        """Where they wait."""
        return self.ctx.need_desk().conductor.outbox

    def _renew(self) -> None:
        session = self.ctx.stage.session
        if self.ctx.desk is None or session is None:
            return
        waiting = self.outbox.of(session.id)
        if self._rows is None:
            if not waiting:
                return
            from tui.ui.widgets.waiting import WaitingRows

            self._rows = WaitingRows()
            self.ctx.screen.mount(self._rows, before=self.ctx.hints)
        self._rows.show(self._words(session, len(waiting)), [one.text for one in waiting])

    def _words(self, session: Session, count: int) -> str:
        key = keys_of("prompt.waiting", self.ctx.keymap)
        prompts = "1 prompt waits" if count == 1 else f"{count} prompts wait"
        busy = self.ctx.need_desk().conductor.is_busy(session.id)
        when = "for the end of the reply" if busy else "· Enter on an empty prompt sends it"
        return f"{prompts} {when}" + (f" · {key} to change" if key else "")

    # -- the list

    async def show(self) -> None:
        """List what waits, to be edited, removed, or put into another order."""
        from tui.ui.widgets.picker import Picker, narrowed

        session = self.ctx.stage.session
        if session is None:
            raise ValueError("No chat is open")
        outbox, chat_id = self.outbox, session.id
        gone: list[tuple[int, Waiting]] = []

        def rows(query: str) -> Sequence[Row[str]]:
            every = [Row(one.id, one_line(one.text, 300)) for one in outbox.of(chat_id)]
            return narrowed(every)(query)

        def remove(row: Row[str] | None) -> None:
            ids = [one.id for one in outbox.of(chat_id)]
            if row is not None and (taken := outbox.take(chat_id, row.value)) is not None:
                gone.append((ids.index(taken.id), taken))
                picker.renew()

        def put_back(_row: Row[str] | None) -> None:
            if gone:
                at, taken = gone.pop()
                outbox.put(chat_id, taken, at)
                picker.renew()

        def move(row: Row[str] | None, step: int) -> None:
            ids = [one.id for one in outbox.of(chat_id)]
            if row is not None and row.value in ids:
                outbox.move(chat_id, row.value, max(0, ids.index(row.value) + step))
                picker.renew()

        async def chosen(waiting_id: str | None) -> None:
            if waiting_id is not None:
                await self._edit(chat_id, waiting_id)

        picker: Picker[str] = Picker(
            "Prompts that wait in this chat; Enter edits one",
            rows,
            empty="nothing waits",
            extra={
                "ctrl+d": ("removes", remove),
                "ctrl+z": ("takes it back", put_back),
                "alt+up": ("moves up", lambda row: move(row, -1)),
                "alt+down": ("and down", lambda row: move(row, 1)),
            },
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, chosen)

    async def _edit(self, chat_id: str, waiting_id: str) -> None:
        from tui.ui.widgets.editor import Editor

        waiting = next((one for one in self.outbox.of(chat_id) if one.id == waiting_id), None)
        if waiting is None:
            raise ValueError("It was sent meanwhile")

        def kept(text: str | None) -> None:
            if text is None:
                return
            if any(one.id == waiting_id for one in self.outbox.of(chat_id)):
                self.outbox.amend(chat_id, waiting_id, text)
            elif text != waiting.text:  # what was typed is not lost
                self.ctx.composer.insert(text)
                self.ctx.complain("It was sent meanwhile as it was; your text is in the prompt")

        def check(text: str) -> str:
            return "" if text.strip() else "There is nothing in it; Ctrl+D in the list removes it"

        editor = Editor("This prompt waits", waiting.text, check=check, keymap=self.ctx.keymap)
        await self.ctx.push(editor, kept)
