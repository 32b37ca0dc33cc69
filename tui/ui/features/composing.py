"""Writing prompts: those of all chats brought back, the user's own editor, pastes unfolded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.features.feature import Feature
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

    from tui.chat.recalling import Recalling
    from tui.core.recall import Walk
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain

PREVIEWED = 2_000
"""So many characters of a prompt are shown beside the list."""


class Composing(Feature):
    """What is done with the prompt before it is sent."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._walk: Walk | None = None
        """The way back through the prompts that is being gone."""
        self._typed = ""
        """What was in the prompt when it was begun."""

    def commands(self) -> Mapping[str, Plain]:
        """Prompts from before, and the editor."""
        return {
            "prompt.history": self.search,
            "prompt.editor": self.edit,
            "composer.unfold": self.ctx.composer.unfold,
        }

    def begin(self) -> None:
        """Remember what is sent; read what was."""
        self.ctx.prompt_takers.append(self._remember)
        self.ctx.composer.walker = self.walk
        self.ctx.hooks.desk_opened.add(self._load)
        self.ctx.hooks.chat_left.add(self._stay)
        if self.ctx.desk is not None:
            self._load(self.ctx.desk)

    @property
    def _recalling(self) -> Recalling | None:
        return self.ctx.desk.drawer.recalling if self.ctx.desk is not None else None

    def _load(self, desk: Desk) -> None:
        if desk.drawer.recalling is not None:
            self.ctx.work(desk.drawer.recalling.refresh(), group="history")

    async def _remember(self, text: str) -> bool:
        """Note a prompt that is being sent; never takes it. Nothing of a chat that is not kept is noted."""
        self._walk = None
        desk, recalling = self.ctx.desk, self._recalling
        if desk is not None and recalling is not None and desk.keeps(self.ctx.stage.shown):
            recalling.add(text)
        return False

    # -- prompts from before

    def walk(self, step: int) -> bool:
        """Show the prompt so many further back, forth if negative; False if there is none."""
        from tui.core.recall import Walk

        recalling, composer = self._recalling, self.ctx.composer
        if recalling is None:
            return False
        if self._walk is None or composer.text != self._walk.text:
            if step < 0:
                return False
            self._typed = composer.text
            self._walk = Walk(recalling.recall, self._typed)
            self.ctx.work(recalling.refresh(), group="history")  # for the next time
        text = self._walk.older() if step > 0 else self._walk.newer()
        if text is None:
            return False
        composer.put(text)
        if step > 0:  # so that the same key goes on
            composer.move_cursor((0, len(composer.document.get_line(0))))
        return True

    def _stay(self, _left: str) -> None:
        """The chat is left: what was typed is its draft, not what one has come by on the way."""
        walk, self._walk = self._walk, None
        if walk is not None and self._typed and self.ctx.composer.text == walk.text:
            self.ctx.composer.put(self._typed)

    async def search(self) -> None:
        """Choose one of the prompts by what is typed of it; it takes the place of the text, which Ctrl+Z brings back."""
        from tui.ui.widgets.picker import Picker

        recalling = self._recalling
        if recalling is None:
            raise ValueError("No prompts are remembered here")
        recall = recalling.recall

        def rows(query: str) -> Sequence[Row[str]]:
            found = recall.search(query) if query.strip() else recall.newest_first
            return [Row(text, text, _extent(text)) for text in found]

        picker = Picker(
            "Prompts of all chats", rows, placeholder="type what stands in it",
            empty="no prompt fits" if len(recall) else "no prompt was sent yet",
            preview=_preview, keymap=self.ctx.keymap,
        )  # fmt: skip

        def chosen(text: str | None) -> None:
            if text is not None:
                self.ctx.composer.put(text)
                self.ctx.focus(self.ctx.composer)

        await self.ctx.push(picker, chosen)

    # -- the user's editor

    def edit(self) -> None:
        """Have the prompt edited by `$VISUAL` or `$EDITOR`; replies go on coming in meanwhile."""
        self.ctx.work(self._edit(), group="editor", exclusive=True)

    async def _edit(self) -> None:
        composer, shown = self.ctx.composer, self.ctx.stage.shown
        text = composer.text
        try:
            edited = await self.edited_outside(text)
        except (ValueError, Failure) as trouble:
            self.ctx.complain(trouble)
            return
        if edited is None:
            self.ctx.note("The editor saved nothing: the prompt is as it was")
        elif self.ctx.stage.shown == shown:
            typed_behind = composer.text.removeprefix(text) if text else composer.text
            composer.put(edited + typed_behind)
            self.ctx.focus(composer)

    async def edited_outside(self, text: str) -> str | None:
        """Any text, edited by the user's editor; None if it saved nothing.

        Raises `ValueError` or `Failure` with a sentence. What belongs to a chat that is not kept touches no disk.
        """
        from tui.ui.terminal.lending import lent
        from tui.ui.terminal.output import DifferenceOutput
        from tui.ui.terminal.outside import edited, editor_command, folder_in_memory

        app = self.ctx.app
        if not isinstance(app, DifferenceOutput):
            raise TypeError(type(app))
        command = editor_command(os.environ)
        desk = self.ctx.desk
        is_kept = desk is None or desk.keeps(self.ctx.stage.shown)
        folder = None if is_kept else folder_in_memory(os.environ)
        result = await edited(lent(app), command, text, folder)
        if result is not None and not text.endswith("\n"):
            result = result.removesuffix("\n")  # which editors put at the end of all files
        return result


def _extent(text: str) -> str:
    lines = text.count("\n") + 1
    return f"{lines} lines" if lines > 1 else ""


def _preview(row: Row[str]) -> Content:
    from textual.content import Content

    from tui.core.text import clean

    return Content(clean(row.value[:PREVIEWED]))
