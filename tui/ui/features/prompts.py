"""The system prompt of a chat: edited, linked from the library, and saved there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.fuzzy import nearest
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_values import Scope
from tui.ui.features.prompts_head import PromptHead
from tui.ui.features.prompts_library import NOTHING, Library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Plain, Taking
    from tui.ui.features.parameters_values import Values
    from tui.ui.screens.system_prompt import SystemPromptEditor


class Prompts(Feature):
    """The commands of the prompt."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._head = PromptHead(context)
        self._library = Library(context, saved=self._head.renew)

    def commands(self) -> Mapping[str, Plain]:
        """Beginning a prompt of the library."""
        return {"prompt.new": self.new}

    def taking(self) -> Mapping[str, Taking]:
        """Editing the prompt, linking one, saving it to the library."""
        return {"prompt.edit": self.edit, "prompt.choose": self.choose, "prompt.save": self.save}

    def completions(self) -> Mapping[str, Completer]:
        """Names in the library."""
        suggestions = self._library.suggestions
        return {"prompt.choose": suggestions, "prompt.save": suggestions}

    def begin(self) -> None:
        """Show the prompt above the messages."""
        self.ctx.stage.head_parts.append(self._head.entry)
        hooks = self.ctx.hooks
        hooks.chat_shown.add(lambda _session: self._head.renew())
        hooks.parameters_changed.add(lambda _session: self._head.renew())
        hooks.desk_opened.add(lambda _desk: self._library.look_later())
        if self.ctx.stage.session is not None:
            self._head.renew()

    @property
    def _values(self) -> Values:
        values = self.ctx.features.one(Parameters).values
        values.scope = Scope.CHAT
        return values

    def _put(self, changes: dict[str, str | None]) -> None:
        try:
            self._values.change(changes)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

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
            fill=self._head.pieces,
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

    async def _choose_in(self, editor: SystemPromptEditor) -> None:
        """Choose for the editor: Enter links, Tab inserts."""

        def linked(name: str | None) -> None:
            if name is not None:
                editor.link("" if name == NOTHING else name)

        await self._library.load()
        await self.ctx.push(self._library.picker(editor.insert, editor.linked), linked)

    # -- the library

    async def choose(self, name: str) -> None:
        """Link a prompt of the library; without a name, show them. Raises `ValueError` for an unknown one."""
        await self._library.load()
        values = self._values
        now = values.session.parameters.prompt or ""
        if name in self._library.texts or name == NOTHING:
            self._link(name)
        elif name:
            near = " or ".join(nearest(name, self._library.texts))
            hint = f"; did you mean {near}?" if near else ""
            raise ValueError(f"There is no prompt {one_line(name, 40)!r} in the library{hint}")
        else:

            def chosen(answer: str | None) -> None:
                if answer is not None:
                    self._link(answer)

            await self.ctx.push(self._library.picker(self._insert, now), chosen)

    def _link(self, name: str) -> None:
        linked = None if name == NOTHING else name
        self._put({"prompt": linked})
        words = f"Linked: “{one_line(name, 40)}”" if linked else "No prompt is linked"
        self.ctx.note(words)

    def _insert(self, text: str) -> None:
        own = self._values.session.parameters.system_prompt
        self._put({"system_prompt": f"{own}\n\n{text}" if own else text})
        self.ctx.note("Inserted into the system prompt")

    async def new(self) -> None:
        """Begin a prompt of the library: its name is asked for, then its text."""
        await self._library.new()

    async def save(self, name: str) -> None:
        """Keep the chat's own system prompt in the library. Raises `ValueError` if there is none."""
        from tui.ui.widgets.ask import Ask

        text = self._values.session.parameters.system_prompt
        if not text:
            raise ValueError("This chat has no system prompt of its own; /system begins one")
        if name and (wrong := self._library.wrong_name(name)):
            raise ValueError(wrong)
        await self._library.load()
        if name:
            await self._library.save(name, text)
            return

        async def named(answer: str | None) -> None:
            if answer is not None:
                await self._library.save(answer.strip(), text)

        await self.ctx.push(Ask("Keep it in the library as", check=self._library.wrong_name), named)
