"""Rings when a reply has come to its end in a chat that nobody looks at, in the way that the user has chosen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.core.fuzzy import nearest
from tui.core.text import one_line
from tui.core.words import Ring, TurnState
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.core.turn import Turn
    from tui.ui.features.feature import Completer, Suggestion, Taking

WORDS = {
    Ring.BELL: "the terminal's bell",
    Ring.TITLE: "the title of the terminal's window",
    Ring.OSC9: "a notification by OSC 9 (iTerm2, Windows Terminal, WezTerm, Ghostty, kitty)",
    Ring.OSC777: "a notification by OSC 777 (foot, WezTerm, Ghostty, urxvt)",
    Ring.NONE: "nothing",
}
_TRIAL = "bise"
"""In the place of a chat's id: the ringing that is heard when a way is chosen."""


class Ringing(Feature):
    """Tells of chats that have ended in the background."""

    _titled = False
    """Whether the terminal's own title was put away."""

    def taking(self) -> Mapping[str, Taking]:
        """How it rings."""
        return {"reply.ring": self.choose}

    def completions(self) -> Mapping[str, Completer]:
        """The ways."""
        return {"reply.ring": self._complete}

    def begin(self) -> None:
        """Listen for the ends of replies."""
        self._rang: dict[str, str] = {}
        self.ctx.hooks.turn_ended.add(self._ended)
        self.ctx.hooks.chat_shown.add(lambda session: self._looked_at(_TRIAL, session.id))
        self.ctx.hooks.typed.add(lambda text: self._looked_at(_TRIAL if text else ""))
        self.ctx.screen.watch(self.ctx.app, "app_focus", self._came_back, init=False)
        self.ctx.parting.append(self._part)

    @property
    def how(self) -> Ring:
        """The way that is in force."""
        return self.ctx.need_desk().conductor.settings.ring

    def choose(self, word: str) -> None:
        """Ring in that way from now on, and remember it; it rings once. Raises `ValueError` for no such way."""
        desk = self.ctx.need_desk()
        if not word:
            self.ctx.note(_told(self.how))
            return
        if word not in set(Ring):
            near = " or ".join(nearest(word, [str(ring) for ring in Ring])) or ", ".join(Ring)
            raise ValueError(f"There is no way to ring called {one_line(word, 20)!r}; try {near}")
        desk.conductor.settings.ring = Ring(word)
        self.ctx.work(self._remember(word), group="ring")
        self._looked_at(*self._rang)
        self.ctx.note(_told(self.how))
        self._ring(_TRIAL, "so it rings")

    async def _remember(self, word: str) -> None:
        import asyncio

        from tui.core.failure import Failure

        try:
            await asyncio.to_thread(self.ctx.need_desk().remember, ("ring",), word)
        except Failure as failure:
            self.ctx.complain(failure)

    def _ended(self, turn: Turn) -> None:
        unseen = turn.session_id != self.ctx.stage.shown or not self.ctx.app.app_focus
        if not unseen or turn.state not in {TurnState.DONE, TurnState.FAILED}:
            return
        chat = self.ctx.stage.chats.get(turn.session_id)
        name = chat.title if chat is not None and chat.title else "a chat"
        self._ring(turn.session_id, f"{name}: {_end(turn)}")

    def _ring(self, chat_id: str, words: str) -> None:
        from tui.ui.terminal.ringing import ringing, write

        app = self.ctx.app
        if self.how is Ring.TITLE:
            self._rang[chat_id] = words
            self._show_title()
        else:
            write(app, ringing(self.how, words))

    def _came_back(self, has_focus: bool) -> None:
        if has_focus:
            self._looked_at(self.ctx.stage.shown)

    def _looked_at(self, *chat_ids: str) -> None:
        told = [self._rang.pop(chat_id, None) for chat_id in chat_ids]
        if any(told):
            self._show_title()

    def _show_title(self) -> None:
        """Have the terminal's title tell what rang; it gets its own title back when there is nothing."""
        from tui.ui.terminal.ringing import KEEP_TITLE, TITLE_BACK, title, write

        app, words = self.ctx.app, list(self._rang.values())
        if not words:
            self._titled = False
            write(app, title("bise") + TITLE_BACK)  # where titles can't be put away, ours stays
            return
        if not self._titled:
            self._titled = True
            write(app, KEEP_TITLE)
        more = f" (+{len(words) - 1})" if len(words) > 1 else ""
        write(app, title(f"○ {words[-1]}{more}"))

    def _part(self) -> None:
        """Give the terminal its title back."""
        self._looked_at(*self._rang)

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        return [(str(ring), words) for ring, words in WORDS.items() if ring.startswith(typed)]


def _told(how: Ring) -> str:
    if how is Ring.NONE:
        return "A reply in the background does not ring"
    needs_more = how in {Ring.OSC9, Ring.OSC777} and os.environ.get("TMUX")
    more = "; tmux needs `set -g allow-passthrough on` for it" if needs_more else ""
    return f"A reply in the background rings by {how}: {WORDS[how]}{more}"


def _end(turn: Turn) -> str:
    return "the reply failed" if turn.state is TurnState.FAILED else "the reply is there"
