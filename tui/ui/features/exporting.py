"""Writing the open chat to a file, in one of several forms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.filing import Filing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tui.core.ports import Exports
    from tui.ui.chats import Chat
    from tui.ui.features.feature import Completer, Suggestion, Taking

_USUAL = "md"
_WORDS = {
    "md": "to read: what is shown",
    "html": "to read or print: what is shown, on one page",
    "json": "for programs: all branches",
    "toml": "the chat's file, for another bise",
}


class Exporting(Feature):
    """Writes a chat as Markdown, HTML, JSON or TOML."""

    def taking(self) -> Mapping[str, Taking]:
        """The export."""
        return {"sidebar.export": self.export}

    def completions(self) -> Mapping[str, Completer]:
        """The forms."""
        return {"sidebar.export": self._complete}

    def export(self, argument: str) -> None:
        """Write the chat in the form and to the path that are named; what is not named is asked for."""
        port, chat = self._port(), self.ctx.features.one(Filing).target()
        form, _, path = argument.partition(" ")
        if form.lower() not in port.forms:
            form, path = "", argument
        self.ctx.work(self._export(port, chat, form.lower(), path.strip()), group="export")

    def _port(self) -> Exports:
        exports = self.ctx.need_desk().drawer.exports
        if exports is None:
            raise Failure(FailureKind.CONFIG, "There is nothing here that could write files")
        return exports

    async def _export(self, port: Exports, chat: Chat, form: str, path: str) -> None:
        from tui.ui.widgets.ask import Ask, Confirm

        if not path:
            question = f"Export to ({', '.join(port.forms)}: by its ending)"
            named = await self.ctx.ask(Ask(question, port.proposed(chat.title, form or _USUAL)))
            path = (named or "").strip()
            if not path:
                return
            if path.rpartition(".")[2].lower() in port.forms:
                form = ""  # the ending decides: it may have been changed
        try:
            target, is_there = await asyncio.to_thread(port.target, path, form, chat.title)
            if is_there:
                question = f"There is a file {target}. Write over it?"
                if not await self.ctx.ask(Confirm(question, careful=True)):
                    return
            await self._write(port, chat, form, target, force=is_there)
        except Failure as failure:
            self.ctx.complain(failure)

    async def _write(
        self, port: Exports, chat: Chat, form: str, target: Path, *, force: bool
    ) -> None:
        conductor = self.ctx.need_desk().conductor
        await conductor.written()
        missing = await asyncio.to_thread(port.export, chat.id, form, target, force=force)
        coming = conductor.is_busy(chat.id)
        notes = ["the reply that is coming is not in it"] if coming else []
        notes += [one_line(note, 100) for note in missing[:1]]
        words = f"Exported to {one_line(str(target), 200)}"
        self.ctx.note("; ".join([words, *notes]))

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        return [(f"{form} ", words) for form, words in _WORDS.items() if form.startswith(typed)]
