"""The library of system prompts: chosen from, and its files edited, begun and saved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.text import clean, one_line
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.content import Content

    from tui.core.ports import PromptLibrary
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Suggestion
    from tui.ui.widgets.picker import Picker

NOTHING = "none"
"""What is typed in place of a name to link no prompt."""

LOOK_AFTER_S = 1.8
"""Seconds after the start until the names in the library are read."""


class Library:
    """What of the files is shown was read when it was last asked for; `saved` hears that one was written."""

    def __init__(self, context: Context, saved: Callable[[], object]) -> None:
        self._ctx = context
        self._saved = saved
        self.texts: dict[str, str] = {}
        """The beginnings of the prompts, by name."""

    def _need(self) -> PromptLibrary:
        library = self._ctx.need_desk().bench.prompts
        if library is None:
            raise Failure(FailureKind.CONFIG, "There is no library of prompts here")
        return library

    def look_later(self) -> None:
        """Read the names for completion, when there is time."""
        if self._ctx.desk is not None and self._ctx.desk.bench.prompts is not None:
            self._ctx.screen.set_timer(
                LOOK_AFTER_S, lambda: self._ctx.work(self._look(), group="prompts")
            )

    async def _look(self) -> None:
        try:
            await self.load()
        except Failure as failure:
            self._ctx.complain(failure)

    async def load(self) -> None:
        """Bring the beginnings up to date with the files. Raises `Failure`."""
        listing = await asyncio.to_thread(self._need().listing)
        self.texts = {prompt.name: prompt.beginning for prompt in listing}

    def suggestions(self, typed: str) -> Iterable[Suggestion]:
        """Names in which that stands."""
        found = [(name, one_line(text, 60)) for name, text in self.texts.items()]
        found.append((NOTHING, "links no prompt"))
        return [(name, words) for name, words in found if typed.lower() in name.lower()]

    # -- choosing

    def picker(self, insert: Callable[[str], object], now: str) -> Picker[str]:
        """All prompts, with the cursor on `now`; it ends with a name or `NOTHING`. Tab gives a text to `insert`."""
        from tui.ui.widgets.picker import Picker

        names = [*self.texts, NOTHING]

        def taken(row: Row[str] | None) -> None:
            if row is not None and row.value != NOTHING:
                picker.dismiss(None)
                self._ctx.work(self._inserted(row.value, insert), group="prompts")

        async def edited(row: Row[str] | None) -> None:
            if row is not None and row.value != NOTHING:
                await self._edit(picker, row.value)

        picker: Picker[str] = Picker(
            "Library of system prompts · Enter links",
            lambda query: self._rows(query, now),
            at=names.index(now) if now in names else 0,
            empty="the library is empty",
            preview=self._preview,
            extra={
                "tab": ("inserts", taken),
                "ctrl+e": ("edits", edited),
                "ctrl+o": ("a new one", lambda _row: self.new(picker)),
            },
            keymap=self._ctx.keymap,
        )
        return picker

    def _rows(self, query: str, now: str) -> list[Row[str]]:
        from tui.ui.widgets.picker import narrowed

        listed = [
            Row(name, name, "linked" if name == now else one_line(beginning, 60))
            for name, beginning in self.texts.items()
        ]
        if not query:
            listed.append(Row(NOTHING, "no linked prompt"))
        return list(narrowed(listed)(query))

    def _preview(self, row: Row[str]) -> Content:
        from textual.content import Content

        return Content(clean(self.texts.get(row.value, "")))

    async def _inserted(self, name: str, insert: Callable[[str], object]) -> None:
        try:
            text = await asyncio.to_thread(self._need().text, name)
        except Failure as failure:
            self._ctx.complain(failure)
            return
        insert(text.rstrip("\n"))

    # -- files

    async def new(self, picker: Picker[str] | None = None) -> None:
        """Begin a prompt: its name is asked for, then its text; the picker shows it then."""
        from tui.ui.widgets.ask import Ask

        async def named(answer: str | None) -> None:
            if answer is not None:
                await self._edit(picker, answer.strip())

        await self._ctx.push(Ask("Name of the prompt", check=self.wrong_name), named)

    async def _edit(self, picker: Picker[str] | None, name: str) -> None:
        from tui.ui.widgets.editor import Editor

        library = self._need()
        text = ""
        if name in self.texts:
            try:
                text = await asyncio.to_thread(library.text, name)
            except Failure as failure:
                self._ctx.complain(failure)
                return

        def kept(answer: str | None) -> None:
            if answer is not None:
                self._ctx.work(self._written(name, answer, picker), group="prompts")

        title = f"Prompt of the library: {one_line(name, 60)}"
        await self._ctx.push(Editor(title, text, keymap=self._ctx.keymap), kept)

    async def _written(self, name: str, text: str, picker: Picker[str] | None = None) -> None:
        try:
            await asyncio.to_thread(self._need().save, name, text)
            await self.load()
        except Failure as failure:
            self._ctx.complain(failure)
            return
        self._ctx.note(f"Saved in the library as “{one_line(name, 40)}”")
        if picker is not None:
            picker.renew(name)
        self._saved()

    async def save(self, name: str, text: str) -> None:
        """Save a text by that name; if there is one already, ask first."""
        from tui.ui.widgets.ask import Confirm

        if name not in self.texts:
            self._ctx.work(self._written(name, text), group="prompts")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._ctx.work(self._written(name, text), group="prompts")

        question = f"There is a prompt “{one_line(name, 60)}”. Replace its text?"
        await self._ctx.push(Confirm(question, careful=True), answered)

    def wrong_name(self, name: str) -> str:
        """What is wrong with a name for a prompt, in a sentence; empty if nothing is."""
        if not name.strip() or name.strip() == NOTHING:
            return "It needs a name of its own."
        try:
            self._need().path(name.strip())
        except Failure as failure:
            return failure.sentence
        return ""
