"""Commands by a word with a slash in the prompt: run by Enter, completed by Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui import slash
from tui.ui.features.feature import Feature
from tui.ui.features.replies import Replies

if TYPE_CHECKING:
    from tui.ui.features.context import Context
    from tui.ui.slash import Call

SHOWN = 50
"""So many completions are offered at most."""


class Slashes(Feature):
    """What stands in the prompt is looked at by its present text, so that no key comes too early."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._left = ""
        """The text whose completions were sent away by Esc."""
        self._refused = ""
        """The text whose error stands above the prompt."""

    def begin(self) -> None:
        """Listen to the prompt."""
        self.ctx.hooks.typed.add(lambda _text: self._show())
        self.ctx.composer.key_takers.append(self._take_key)
        self.ctx.home_steps.append(self._close)
        self.ctx.prompt_takers.append(self._take)

    # -- completing

    def _offers(self) -> list[tuple[str, str, str]]:
        """What the prompt may become, and a name and a sentence for each."""
        text = self.ctx.composer.text
        if not text.startswith("/") or text == self._left or "\n" in text:
            return []
        commands = slash.beginnings(text)
        if commands:
            return [
                (
                    f"/{c.slash}{' ' if c.argument else ''}",
                    f"/{c.slash} {c.argument}".rstrip(),
                    c.sentence,
                )
                for c in commands
                if text != f"/{c.slash}"
            ]
        call = slash.being_typed(text)
        completer = self.ctx.features.completer(call.command.id) if call is not None else None
        if call is None or completer is None:
            return []
        start = f"/{call.command.slash} "
        offers = [(start + whole, whole, words) for whole, words in completer(call.argument)]
        return [offer for offer in offers if offer[0] != text][:SHOWN]

    def _show(self) -> None:
        if self.ctx.composer.text != self._left:
            self._left = ""
        if self.ctx.hints.is_error and self.ctx.composer.text == self._refused:
            return
        self.ctx.hints.offer([offer[1:] for offer in self._offers()])

    def _take_key(self, key: str) -> bool:
        if key not in {"tab", "up", "down"}:
            return False
        offers = self._offers()
        if not offers:
            return False
        self.ctx.hints.offer([offer[1:] for offer in offers])
        if key == "tab":
            self.ctx.composer.take(offers[self.ctx.hints.chosen][0])
        else:
            self.ctx.hints.move(1 if key == "down" else -1)
        return True

    def _close(self) -> bool:
        hints = self.ctx.hints
        if not hints.display or self.ctx.screen.focused is not self.ctx.composer:
            return False
        self._left = self._refused = self.ctx.composer.text
        hints.offer([])
        return True

    # -- running

    async def _take(self, text: str) -> bool:
        """Run what is no prompt; whether that was so."""
        plain = slash.literal(text)
        if plain is not None:
            self.ctx.features.one(Replies).send_text(plain, text)
            return True
        try:
            call = slash.read(text)
        except ValueError as trouble:
            self.refuse(text, str(trouble))
            return True
        if call is None:
            return False
        await self._run(call, text)
        return True

    async def _run(self, call: Call, text: str) -> None:
        composer, shown = self.ctx.composer, self.ctx.stage.shown
        composer.take(composer.text.removeprefix(text))  # before: it is no draft of this chat
        self.ctx.hints.offer([])
        try:
            await self.ctx.features.run(call.command.id, call.argument)
        except (Failure, ValueError) as trouble:
            if self.ctx.stage.shown == shown:
                composer.take(text + composer.text)
            words = trouble.sentence if isinstance(trouble, Failure) else str(trouble)
            self.refuse(composer.text, words)

    def refuse(self, text: str, words: str) -> None:
        """Tell why that text was not sent; it is told as long as it stands in the prompt."""
        self._refused = text
        self.ctx.hints.complain(words)
