"""What a chat's system prompt comes to: filled in as for a request, and shown above the messages."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.ui.widgets.transcript.entry import Entry

if TYPE_CHECKING:
    from tui.core.session import Session
    from tui.ui.features.context import Context
    from tui.ui.screens.system_prompt import Pieces

HEAD = "system-prompt"
"""The id of what stands above the messages."""


class PromptHead:
    """The entry above the messages; until the files are read it shows the prompt as it is kept."""

    def __init__(self, context: Context) -> None:
        self._ctx = context
        self._heads: dict[tuple[str, str, str], Entry] = {}

    def entry(self, session: Session) -> Entry | None:
        """What stands above a chat's messages; None if it has no system prompt."""
        own, linked = session.parameters.system_prompt, session.parameters.prompt
        if not own and not linked:
            return None
        known = self._heads.get((session.id, own or "", linked or ""))
        return known or Entry(HEAD, "system", thinking=own or f"(linked: {linked})")

    def renew(self) -> None:
        """Bring it up to date with the open chat, and with the files that the prompt names."""
        session = self._ctx.stage.session
        if session is None:
            return
        own, linked = session.parameters.system_prompt or "", session.parameters.prompt or ""
        if not own and not linked:
            self._ctx.transcript.discard(HEAD)
        else:
            self._ctx.work(self._filled(session, own, linked), group="head")

    async def _filled(self, session: Session, own: str, linked: str) -> None:
        found, wrong = await self.pieces(own, linked)
        fillings = [filling for _, filling in found if filling is not None]
        told = [filling.words for filling in fillings if filling.value is None]
        entry = Entry(
            HEAD,
            "system",
            thinking="".join(text for text, _ in found),
            foot="; ".join(filter(None, [wrong, *told])),
            tone="error" if wrong or any(filling.is_fatal for filling in fillings) else "",
        )
        if linked:
            entry.thinking = f"[{linked}] {entry.thinking}"
        key = (session.id, own, linked)
        if self._heads.get(key) == entry and self._ctx.transcript.has(HEAD):
            return
        self._heads = {k: e for k, e in self._heads.items() if k[0] != session.id} | {key: entry}
        if session is self._ctx.stage.session and self.entry(session) == entry:
            self._ctx.stage.show_again()

    async def pieces(self, text: str, linked: str) -> tuple[Pieces, str]:
        """A linked prompt and a text, filled in as for a request that is made now; and what is wrong with the link."""
        from tui.core.prompts import pieces

        desk, model = self._ctx.desk, self._model()
        library = desk.bench.prompts if desk is not None else None

        def fill() -> Pieces:
            read = library.file if library is not None else _no_file
            texts = [text] if text.strip() else []
            if linked and library is not None:
                texts.insert(0, library.text(linked))
            found: Pieces = []
            for number, one in enumerate(texts):
                found += [("\n\n", None)] if number else []
                found += pieces(one, date.today(), model, read)  # noqa: DTZ011 (the user's day is meant)
            return found

        try:
            return await asyncio.to_thread(fill), ""
        except Failure as failure:
            return [(text, None)], f"The linked prompt can't be had: {failure.message}"

    def _model(self) -> str | None:
        session = self._ctx.stage.session
        if session is None or self._ctx.desk is None:
            return None
        provider = self._ctx.desk.conductor.provider_of(session)
        return session.parameters.model or (provider.model if provider is not None else None)


def _no_file(path: str) -> str:
    raise Failure(FailureKind.CONFIG, f"{path}: files can't be read here")
