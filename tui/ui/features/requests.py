"""Looking at requests: what would be sent now, what was sent for a reply, and what came of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.mentions import mentions_in
from tui.core.text import one_line
from tui.core.words import Role
from tui.ui import slash
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from tui.core.completion import CompletionRequest
    from tui.core.message import AnyChunk, Message
    from tui.core.parameters import Parameters
    from tui.core.ports import Inspector, PrintedRequest, SentRequest
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.ui.features.feature import Plain
    from tui.ui.screens.request import Doings, RequestScreen, Sending

REBUILT = (
    "made anew from the chat's file, with the system prompt that the chat has now: "
    "what was really sent is not known any more"
)


class Requests(Feature):
    """Opens the request's screen, and does what it asks for."""

    def commands(self) -> Mapping[str, Plain]:
        """Now, and for a reply."""
        return {"preview.open": self.preview, "transcript.inspect": self.inspect}

    # -- what there is

    @property
    def _inspector(self) -> Inspector:
        inspector = self.ctx.need_desk().bench.inspector
        if inspector is None:
            raise Failure(FailureKind.CONFIG, "Requests can't be looked at here")
        return inspector

    @property
    def _session(self) -> Session:
        session = self.ctx.stage.session
        if session is None:
            raise Failure(FailureKind.CONFIG, "No chat is open")
        return session

    def _provider(self, name: str | None) -> Provider:
        provider = self.ctx.need_desk().conductor.providers.get(name or "")
        if provider is None:
            from tui.core.provider import not_configured

            raise not_configured(name)
        return provider

    # -- what would be sent now

    async def preview(self) -> None:
        """Show what Enter would send now. Raises `Failure` if there is nothing to send."""
        session, inspector = self._session, self._inspector
        provider = self._provider(session.provider)
        text, chunks = await self._typed()
        request = self._request(session, text, chunks)
        printed = await asyncio.to_thread(inspector.preview, request, provider)
        title = (
            "What would be sent now"
            if text.strip()
            else "What would be sent now (nothing is typed)"
        )

        async def answered(sending: Sending | None) -> None:
            if sending is not None:
                await self._send(session, text, chunks, sending)

        await self._show(title, printed, answered, "sends it")

    async def _typed(self) -> tuple[str, Sequence[AnyChunk]]:
        """What is typed, as it would be sent: with the files that it names."""
        composer, files = self.ctx.composer, self.ctx.need_desk().drawer.files
        text = composer.text
        try:
            if slash.read(text) is not None:
                return "", ()
        except ValueError:
            pass  # it is no command either
        plain = slash.literal(text)
        if plain is not None:
            return plain, ()
        shown = composer.shown_text
        if files is None or not mentions_in(shown):
            return text, ()
        expanded = await asyncio.to_thread(files.expanded, shown)
        return text + expanded.text.removeprefix(shown), expanded.chunks

    def _request(
        self, session: Session, text: str, chunks: Sequence[AnyChunk]
    ) -> CompletionRequest:
        from tui.chat.variant import Variant
        from tui.core.message import Message, TextChunk
        from tui.core.text import scrub

        conductor = self.ctx.need_desk().conductor
        branch = session.branch()
        if text.strip():
            said = scrub(text)
            content = [TextChunk(text=said), *chunks] if chunks else said
            branch = [*branch, Message(role=Role.USER, content=content)]
        variant = Variant(session.parameters)
        turn = variant.turn(session, branch, conductor.settings, conductor.providers, 0.0)
        return turn.request

    async def _send(
        self, session: Session, text: str, chunks: Sequence[AnyChunk], sending: Sending
    ) -> None:
        from tui.chat.variant import Variant
        from tui.ui.features.replies import Replies

        if self.ctx.stage.session is not session:
            return
        if sending.body is None:
            await self.ctx.features.one(Replies).send()
            return
        if not text.strip() and session.unanswered is None:
            self.ctx.complain(
                "Nothing was sent: write a prompt first, of which this is the request"
            )
            return
        variant = Variant(session.parameters, body=sending.body)
        try:
            self.ctx.need_desk().conductor.compare(
                session, [variant], text if text.strip() else None, chunks
            )
        except Failure as failure:
            self.ctx.complain(failure)
            return
        if text.strip():
            self.ctx.composer.take("")

    # -- what was sent for a reply

    async def inspect(self) -> None:
        """Show what was sent for the chosen reply, or else the last one, and what came."""
        session, inspector = self._session, self._inspector
        message = self.ctx.stage.chosen(Role.ASSISTANT)
        sent = next(filter(None, map(inspector.sent, self._candidates(message))), None)
        if sent is not None:
            printed, when = (
                sent.printed,
                datetime.fromtimestamp(sent.at, UTC).astimezone().strftime("%H:%M:%S"),
            )
            title = f"What was sent at {when}"
        elif message is not None:
            printed = await asyncio.to_thread(self._rebuilt, session, message)
            title = "What was sent"
        else:
            raise ValueError("There is no reply yet; F5 shows what would be sent now")

        async def answered(sending: Sending | None) -> None:
            if sending is not None:
                self._again(session, message, sending.body or printed.body)

        await self._show(title, printed, answered, "sends it again", sent)

    def _candidates(self, message: Message | None) -> list[str]:
        """The ids of the reply that is meant: one that is coming, or has failed, is no message yet."""
        turn = self.ctx.stage.shown_turn(self.ctx.stage.shown)
        turn_id = turn.message_id if turn is not None else ""
        selected = self.ctx.transcript.place().selected
        is_turns = bool(turn_id) and (selected == turn_id or not selected or message is None)
        first = [turn_id] if is_turns else []
        return [*first, *([message.id] if message is not None else [])]

    def _rebuilt(self, session: Session, message: Message) -> PrintedRequest:
        """What must have been sent for a reply of an earlier run."""
        from tui.core.completion import CompletionRequest

        completion = message.completion
        name = completion.provider if completion is not None else None
        provider = self._provider(name or session.provider)
        branch = [m for m in session.path_to(message.parent) if not m.excluded]
        request = CompletionRequest(branch, _parameters_of(session, message))
        printed = self._inspector.preview(request, provider)
        return printed.with_body(printed.body, REBUILT)

    def _again(self, session: Session, message: Message | None, body: dict[str, object]) -> None:
        from tui.chat.variant import Variant

        conductor = self.ctx.need_desk().conductor
        name = message.completion.provider if message is not None and message.completion else None
        provider = name if name in conductor.providers else None
        variant = Variant(session.parameters, provider, body)
        try:
            if message is not None:
                conductor.again(session, message, variant)
            else:
                conductor.compare(session, [variant])
        except Failure as failure:
            self.ctx.complain(failure)

    # -- the screen

    async def _show(
        self,
        title: str,
        printed: PrintedRequest,
        answered: Callable[[Sending | None], Awaitable[None]],
        sends: str,
        sent: SentRequest | None = None,
    ) -> None:
        from tui.ui.screens.request import RequestScreen

        doings, keymap = self._doings(), self.ctx.keymap
        screen = RequestScreen(title, printed, doings, sent=sent, sends=sends, keymap=keymap)
        await self.ctx.push(screen, answered)

    def _doings(self) -> Doings:
        from tui.ui.screens.request import Doings

        return Doings(self.ctx.screen.copy, self._save, self._edit_outside)

    def _save(self, _screen: RequestScreen, text: str, proposed: str) -> None:
        self.ctx.work(self._saved(text, proposed), group="requests")

    async def _saved(self, text: str, proposed: str) -> None:
        from tui.ui.widgets.ask import Ask

        path = await self.ctx.ask(Ask("Save it as", proposed))
        if path is None or not path.strip():
            return
        try:
            target = await asyncio.to_thread(self._inspector.save, path.strip(), text)
        except Failure as failure:
            self.ctx.complain(failure)
            return
        self.ctx.note(f"Saved as {one_line(str(target), 200)}")

    def _edit_outside(self, screen: RequestScreen, text: str) -> None:
        self.ctx.work(self._edited(screen, text), group="editor", exclusive=True)

    async def _edited(self, screen: RequestScreen, text: str) -> None:
        from tui.ui.features.composing import Composing

        try:
            edited = await self.ctx.features.one(Composing).edited_outside(text)
        except (ValueError, Failure) as trouble:
            self.ctx.complain(trouble)
            return
        if edited is None or not screen.is_attached:
            return
        wrong = screen.put(edited)
        if wrong:
            self.ctx.complain(f"That can't be sent: {wrong}")
            await screen.edit(edited)


def _parameters_of(session: Session, message: Message) -> Parameters:
    """The parameters that a reply was asked for with, as far as its file tells."""
    from tui.core.message import Completion

    now = session.parameters
    ours = {"system_prompt": now.system_prompt, "prompt": now.prompt, "prefix": message.prefix}
    if message.completion is None:
        return now.model_copy(update=ours)
    left = set(Completion.model_fields) - {"model"} | {"uncut"}
    sent = message.completion.model_dump(exclude=left, exclude_none=True)
    known = {name: value for name, value in sent.items() if name in type(now).model_fields}
    others = {name: value for name, value in sent.items() if name not in known}
    known["extra"] = {**known.get("extra", {}), **others}
    try:
        return type(now).model_validate({**known, **ours})
    except ValueError:
        return now.model_copy(update=ours)
