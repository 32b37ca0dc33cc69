"""Titles that a model makes: switched on and off; its requests, and others beside the chats, are told while they run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.core.session import Session
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Suggestion, Taking

_WORDS = {"title": "making a title", "summary": "making a summary"}


class Titles(Feature):
    """The setting `[titles] by_model`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._saving = asyncio.Lock()
        self._told = ""
        """Why there was no title, as it was told last."""

    def taking(self) -> Mapping[str, Taking]:
        """Switching it."""
        return {"titles.by_model": self.switch}

    def completions(self) -> Mapping[str, Completer]:
        """What it may be."""
        return {"titles.by_model": self._complete}

    def begin(self) -> None:
        """Tell what is asked beside the chats, and why there is no title."""
        self.ctx.stage.status_parts.append(self._status)
        self.ctx.hooks.title_failed.add(self._complain)

    def _complain(self, failure: Failure) -> None:
        """Say it once: it would be said after every reply."""
        if failure.sentence != self._told:
            self._told = failure.sentence
            self.ctx.complain(f"No title was made: {failure.sentence}")

    def _status(self, session: Session) -> str:
        desk = self.ctx.desk
        running = desk.conductor.asides.running if desk is not None else ()
        purposes = {one.purpose for one in running if one.session_id == session.id}
        return " · ".join(_WORDS.get(purpose, purpose) for purpose in sorted(purposes))

    def switch(self, wanted: str) -> None:
        """`on`, `off`, the model to ask, or `own` for the chat's own; without a word, the other way round."""
        titles = self.ctx.need_desk().conductor.settings.titles
        word = wanted.lower()
        titles.by_model = not titles.by_model if not word else word != "off"
        if word == "own":
            titles.model = None
        elif word not in {"", "on", "off"}:
            titles.model = wanted
        who = f"{titles.model} makes" if titles.model else "The chat's own model makes"
        self.ctx.note(
            f"{who} titles, after the first reply"
            if titles.by_model
            else "Titles are the first words of a chat"
        )
        changes = {"by_model": titles.by_model, "model": titles.model}
        self.ctx.work(self._save(changes), group="titles")

    async def _save(self, changes: Mapping[str, object]) -> None:
        remember = self.ctx.need_desk().remember
        async with self._saving:
            try:
                for name, value in changes.items():
                    await asyncio.to_thread(remember, ("titles", name), value)
            except Failure as failure:
                self.ctx.complain(failure)

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        offers = {
            "on": "a model makes them, after the first reply",
            "off": "they are the first words",
            "own": "by the chat's own model",
        }
        return [(word, words) for word, words in offers.items() if word.startswith(typed.lower())]
