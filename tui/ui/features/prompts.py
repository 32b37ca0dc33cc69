"""The system prompt of a chat: edited, linked from the library, filled in, and shown above the messages."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.fuzzy import nearest
from tui.core.text import clean, one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_values import Scope
from tui.ui.widgets.rowlist import Row
from tui.ui.widgets.transcript.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.content import Content

    from tui.core.ports import PromptLibrary
    from tui.core.session import Session
    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking
    from tui.ui.features.parameters_values import Values
    from tui.ui.screens.system_prompt import Pieces, SystemPromptEditor
    from tui.ui.widgets.picker import Picker

HEAD = "system-prompt"
"""The id of what stands above the messages."""

NOTHING = "none"
"""What is typed in place of a name to link no prompt."""

LOOK_AFTER_S = 1.8
"""Seconds after the start until the names in the library are read."""

_SHOWN = 4_000


class Prompts(Feature):
    """What of the library's files is shown was read when it was last asked for."""

    def commands(self) -> Mapping[str, Plain]:
        """Saving the prompt to the library is asked for its name."""
        return {"prompt.new": self.new}

    def taking(self) -> Mapping[str, Taking]:
        """Editing the prompt, linking one."""
        return {"prompt.edit": self.edit, "prompt.choose": self.choose, "prompt.save": self.save}

    def completions(self) -> Mapping[str, Completer]:
        """Names in the library."""
        return {"prompt.choose": self._complete, "prompt.save": self._complete}

    def begin(self) -> None:
        """Show the prompt above the messages."""
        self._texts: dict[str, str] = {}
        self._heads: dict[tuple[str, str, str], Entry] = {}
        self.ctx.stage.head_parts.append(self._head)
        hooks = self.ctx.hooks
        hooks.chat_shown.add(lambda _session: self._renew_head())
        hooks.parameters_changed.add(lambda _session: self._renew_head())
        hooks.desk_opened.add(lambda _desk: self._look_later())
        if self.ctx.stage.session is not None:
            self._renew_head()

    # -- what there is

    @property
    def _library(self) -> PromptLibrary | None:
        return self.ctx.desk.bench.prompts if self.ctx.desk is not None else None

    def _need_library(self) -> PromptLibrary:
        library = self.ctx.need_desk().bench.prompts
        if library is None:
            raise Failure(FailureKind.CONFIG, "There is no library of prompts here")
        return library

    @property
    def _values(self) -> Values:
        values = self.ctx.features.one(Parameters).values
        values.scope = Scope.CHAT
        return values

    def _look_later(self) -> None:
        if self._library is not None:
            self.ctx.screen.set_timer(
                LOOK_AFTER_S, lambda: self.ctx.work(self._look(), group="prompts")
            )

    async def _look(self) -> None:
        try:
            await self._load()
        except Failure as failure:
            self.ctx.complain(failure)

    async def _load(self) -> dict[str, str]:
        """The library as its files are now: beginnings by name. Raises `Failure`."""
        listing = await asyncio.to_thread(self._need_library().listing)
        self._texts = {prompt.name: prompt.beginning for prompt in listing}
        return self._texts

    def _model(self) -> str | None:
        session = self.ctx.stage.session
        if session is None or self.ctx.desk is None:
            return None
        provider = self.ctx.desk.conductor.provider_of(session)
        return session.parameters.model or (provider.model if provider is not None else None)

    # -- filling in

    async def _pieces(self, text: str, linked: str) -> tuple[Pieces, str]:
        """A linked prompt and a text, filled in as for a request that is made now."""
        from tui.core.prompts import pieces

        library, model = self._library, self._model()

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

    # -- above the messages

    def _head(self, session: Session) -> Entry | None:
        own, linked = session.parameters.system_prompt, session.parameters.prompt
        if not own and not linked:
            return None
        known = self._heads.get((session.id, own or "", linked or ""))
        return known or Entry(HEAD, "system", thinking=own or f"(linked: {linked})")

    def _renew_head(self) -> None:
        session = self.ctx.stage.session
        if session is None:
            return
        own, linked = session.parameters.system_prompt or "", session.parameters.prompt or ""
        if not own and not linked:
            self.ctx.transcript.discard(HEAD)
        else:
            self.ctx.work(self._filled_head(session, own, linked), group="head")

    async def _filled_head(self, session: Session, own: str, linked: str) -> None:
        found, wrong = await self._pieces(own, linked)
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
        if self._heads.get(key) == entry and self.ctx.transcript.has(HEAD):
            return
        self._heads = {k: e for k, e in self._heads.items() if k[0] != session.id} | {key: entry}
        if session is self.ctx.stage.session and self._head(session) == entry:
            self.ctx.stage.show_again()

    # -- editing

    async def edit(self, text: str) -> None:
        """Have the system prompt edited; with a text, put that in its place."""
        from tui.ui.screens.system_prompt import SystemPromptEditor

        values = self._values
        parameters = values.session.parameters
        if text:
            values.change({"system_prompt": text})
            self.ctx.note("The system prompt is set")
            return
        editor = SystemPromptEditor(
            parameters.system_prompt or "",
            parameters.prompt or "",
            fill=self._pieces,
            choose=self._choose_in,
            external=self._edit_outside,
            keymap=self.ctx.keymap,
        )

        def kept(answer: str | None) -> None:
            if answer is not None:
                self._put({"system_prompt": answer or None, "prompt": editor.linked or None})

        await self.ctx.push(editor, kept)

    def _edit_outside(self, editor: SystemPromptEditor) -> None:
        self.ctx.work(self._edited_outside(editor), group="editor", exclusive=True)

    async def _edited_outside(self, editor: SystemPromptEditor) -> None:
        from tui.ui.features.composing import Composing

        try:
            text = await self.ctx.features.one(Composing).edited_outside(editor.area.text)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)
            return
        if text is None:
            self.ctx.note("The editor saved nothing: the prompt is as it was")
        elif editor.is_attached:
            editor.area.text = text

    def _put(self, changes: dict[str, str | None]) -> None:
        try:
            self._values.change(changes)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

    async def _choose_in(self, editor: SystemPromptEditor) -> None:
        """Choose for the editor: Enter links, Tab inserts."""

        def linked(name: str | None) -> None:
            if name is not None:
                editor.link("" if name == NOTHING else name)

        await self._load()
        await self.ctx.push(self._picker("inserts", editor.insert, editor.linked), linked)

    # -- the library

    async def choose(self, name: str) -> None:
        """Link a prompt of the library; without a name, show them. Raises `ValueError` for an unknown one."""
        await self._load()
        values = self._values
        now = values.session.parameters.prompt or ""
        if name in self._texts or name == NOTHING:
            self._link(name)
        elif name:
            near = " or ".join(nearest(name, self._texts))
            hint = f"; did you mean {near}?" if near else ""
            raise ValueError(f"There is no prompt {one_line(name, 40)!r} in the library{hint}")
        else:

            def chosen(answer: str | None) -> None:
                if answer is not None:
                    self._link(answer)

            await self.ctx.push(self._picker("inserts", self._insert, now), chosen)

    def _link(self, name: str) -> None:
        linked = None if name == NOTHING else name
        self._put({"prompt": linked})
        words = f"Linked: “{one_line(name, 40)}”" if linked else "No prompt is linked"
        self.ctx.note(words)

    def _insert(self, text: str) -> None:
        own = self._values.session.parameters.system_prompt
        self._put({"system_prompt": f"{own}\n\n{text}" if own else text})
        self.ctx.note("Inserted into the system prompt")

    def _picker(self, word: str, insert: object, now: str) -> Picker[str]:
        from tui.ui.widgets.picker import Picker, narrowed

        names = [*self._texts, NOTHING]

        def rows(query: str) -> list[Row[str]]:
            listed = [
                Row(name, name, "linked" if name == now else one_line(beginning, 60))
                for name, beginning in self._texts.items()
            ]
            if not query:
                listed.append(Row(NOTHING, "no linked prompt"))
            return list(narrowed(listed)(query))

        def taken(row: Row[str] | None) -> None:
            if row is not None and row.value != NOTHING:
                picker.dismiss(None)
                self.ctx.work(self._inserted(row.value, insert), group="prompts")

        async def edited(row: Row[str] | None) -> None:
            if row is not None and row.value != NOTHING:
                await self._edit_file(picker, row.value)

        picker: Picker[str] = Picker(
            "Library of system prompts · Enter links",
            rows,
            at=names.index(now) if now in names else 0,
            empty="the library is empty",
            preview=self._preview,
            extra={
                "tab": (word, taken),
                "ctrl+e": ("edits", edited),
                "ctrl+o": ("a new one", lambda _row: self._new_in(picker)),
            },
            keymap=self.ctx.keymap,
        )
        return picker

    def _preview(self, row: Row[str]) -> Content:
        from textual.content import Content

        return Content(clean(self._texts.get(row.value, "")))

    async def _inserted(self, name: str, insert: object) -> None:
        try:
            text = await asyncio.to_thread(self._need_library().text, name)
        except Failure as failure:
            self.ctx.complain(failure)
            return
        if callable(insert):
            insert(text.rstrip("\n"))

    # -- files

    async def _edit_file(self, picker: Picker[str] | None, name: str) -> None:
        from tui.ui.widgets.editor import Editor

        library = self._need_library()
        text = ""
        if name in self._texts:
            try:
                text = await asyncio.to_thread(library.text, name)
            except Failure as failure:
                self.ctx.complain(failure)
                return

        def kept(answer: str | None) -> None:
            if answer is not None:
                self.ctx.work(self._written(name, answer, picker), group="prompts")

        title = f"Prompt of the library: {one_line(name, 60)}"
        await self.ctx.push(Editor(title, text, keymap=self.ctx.keymap), kept)

    async def _written(self, name: str, text: str, picker: Picker[str] | None = None) -> None:
        try:
            await asyncio.to_thread(self._need_library().save, name, text)
            await self._load()
        except Failure as failure:
            self.ctx.complain(failure)
            return
        self.ctx.note(f"Saved in the library as “{one_line(name, 40)}”")
        if picker is not None:
            picker.renew(name)
        self._renew_head()

    async def new(self) -> None:
        """Begin a prompt of the library: its name is asked for, then its text."""
        await self._new_in(None)

    async def _new_in(self, picker: Picker[str] | None) -> None:
        from tui.ui.widgets.ask import Ask

        async def named(answer: str | None) -> None:
            if answer is not None:
                await self._edit_file(picker, answer.strip())

        await self.ctx.push(Ask("Name of the prompt", check=self._wrong_name), named)

    async def save(self, name: str) -> None:
        """Keep the chat's own system prompt in the library. Raises `ValueError` if there is none."""
        from tui.ui.widgets.ask import Ask

        text = self._values.session.parameters.system_prompt
        if not text:
            raise ValueError("This chat has no system prompt of its own; /system begins one")
        if name and (wrong := self._wrong_name(name)):
            raise ValueError(wrong)
        await self._load()
        if name:
            await self._save_as(name, text)
            return

        async def named(answer: str | None) -> None:
            if answer is not None:
                await self._save_as(answer.strip(), text)

        await self.ctx.push(Ask("Keep it in the library as", check=self._wrong_name), named)

    async def _save_as(self, name: str, text: str) -> None:
        from tui.ui.widgets.ask import Confirm

        if name not in self._texts:
            self.ctx.work(self._written(name, text), group="prompts")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ctx.work(self._written(name, text), group="prompts")

        question = f"There is a prompt “{one_line(name, 60)}”. Replace its text?"
        await self.ctx.push(Confirm(question, careful=True), answered)

    def _wrong_name(self, name: str) -> str:
        if not name.strip() or name.strip() == NOTHING:
            return "It needs a name of its own."
        try:
            self._need_library().path(name.strip())
        except Failure as failure:
            return failure.sentence
        return ""

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        found = [(name, one_line(text, 60)) for name, text in self._texts.items()]
        found.append((NOTHING, "links no prompt"))
        return [(name, words) for name, words in found if typed.lower() in name.lower()]


def _no_file(path: str) -> str:
    raise Failure(FailureKind.CONFIG, f"{path}: files can't be read here")
