"""Sending prompts, stopping replies, having them continued or made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Role
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.keys import keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui.chat.conductor import Conductor
    from tui.core.message import AnyChunk, Message
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain


class Replies(Feature):
    """What is asked in the open chat."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._early = ""
        """The prompt that was sent before the services were loaded."""
        self._is_loading = True
        """Whether they still are, or one chat before all others."""
        self._for_opening: tuple[str, str, str, Sequence[AnyChunk]] | None = None
        """A chat that is being read, and the prompt for it: as it is sent, and as it was typed."""
        context.hooks.chat_shown.add(self._send_opened)

    def commands(self) -> Mapping[str, Plain]:
        """Asking, and stopping."""
        return {
            "reply.stop": self.stop,
            "transcript.continue": self.carry_on,
            "transcript.again": self.again,
        }

    async def send(self) -> None:
        """Send what is in the composer, or else hurry or repeat what waits for its reply."""
        text = self.ctx.composer.text
        if self._is_loading:
            self._early = text  # it may be a command, or name files: it waits for those who know
        else:
            await self._send_by_kind(text)

    async def _send_by_kind(self, text: str) -> None:
        for take in self.ctx.prompt_takers:
            if await take(text):
                return
        self.send_text(text)

    def send_text(
        self, text: str, typed: str | None = None, chunks: Sequence[AnyChunk] = ()
    ) -> None:
        """Send a text, with images and documents; `typed` is what of the composer it came from, and leaves it."""
        desk = self.ctx.desk
        if desk is None or not self.ctx.stage.shown:
            self._early = text  # it is sent when there is somebody to send it to
            if desk is not None and desk.provider is None:
                self.ctx.features.one(Chats).first_start(desk)
        elif self.ctx.stage.is_opening:
            self._for_opening = (
                self.ctx.stage.shown,
                text,
                text if typed is None else typed,
                chunks,
            )
        else:
            self._send(desk, text, text if typed is None else typed, chunks)

    def _send_opened(self, session: Session) -> None:
        """Send what was to be sent while the chat that is shown now was still being read."""
        waiting, self._for_opening = self._for_opening, None
        if waiting is not None and waiting[0] == session.id:
            self._send(self.ctx.need_desk(), *waiting[1:])

    def send_early(self) -> None:
        """Loading is over: send what was to be sent before there was somebody to send it to."""
        self._is_loading = False
        has_chat = self.ctx.desk is None or self.ctx.stage.shown
        if self._early and has_chat:
            early, self._early = self._early, ""
            self.ctx.work(self._send_by_kind(early), group="early")

    def _send(self, desk: Desk, text: str, typed: str, chunks: Sequence[AnyChunk] = ()) -> None:
        session, conductor = self.ctx.stage.session, desk.conductor
        if session is None:
            self.ctx.app.bell()
            return
        try:
            if text.strip():
                conductor.send_or_wait(session, text, chunks)
                composer = self.ctx.composer
                composer.take(composer.text.removeprefix(typed))  # what came after Enter stays
            elif not conductor.hurry(session.id):
                _go_on(conductor, session)
        except Failure as failure:
            self.ctx.complain(failure)

    def carry_on(self) -> None:
        """Have the chosen reply continued, or else the last one."""
        message = self.ctx.stage.chosen(Role.ASSISTANT)
        if self.ctx.desk is not None and message is not None:
            self._ask(self.ctx.desk.conductor.carry_on, message)

    def again(self) -> None:
        """Have the chosen reply made anew, or the chosen prompt answered; else the last one."""
        message = self.ctx.stage.chosen(Role.ASSISTANT, Role.USER)
        if self.ctx.desk is not None and message is not None:
            self._ask(self.ctx.desk.conductor.again, message)

    def _ask(self, ask: Callable[[Session, Message], Turn], message: Message) -> None:
        session = self.ctx.stage.session
        if session is None:
            return
        behind = [one.id for one in reversed(session.branch())].index(message.id)
        ask(session, message)
        if behind > (message.role is Role.USER):
            key = keys_of("transcript.version_back", self.ctx.keymap)
            back = f"; {key} leads back to it" if key else ""
            some = "1 message" if behind == 1 else f"{behind} messages"
            self.ctx.note(f"What followed it ({some}) stays with the other version{back}")

    def stop(self) -> bool:
        """Stop the reply of the open chat; False if there is none."""
        desk = self.ctx.desk
        return desk is not None and desk.conductor.stop(self.ctx.stage.shown)


def _go_on(conductor: Conductor, session: Session) -> None:
    """Ask for the reply that is missing, or else send what waits."""
    if conductor.is_busy(session.id):
        return
    if session.unanswered is not None:
        conductor.answer(session)
    else:
        conductor.outbox.send_next(session)
