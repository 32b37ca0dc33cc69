"""Files that the prompt names as `@path`: their paths are completed, and they go with it when it is sent."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.mentions import mention_at, mention_text, mentions_in
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.fullness import Fullness
from tui.ui.features.replies import Replies
from tui.ui.features.slashes import Slashes
from tui.ui.latest import Latest

if TYPE_CHECKING:
    from tui.core.mentions import Mention
    from tui.core.ports import NamedFiles
    from tui.ui.features.context import Context

SHOWN = 50
"""So many paths are offered at most."""

NAMED = 3
"""So many files are told of in the frame of the prompt."""

MOST = 200
"""A listing with so many paths may not be all."""

SLOW_S = 5.0
"""How long reading the files may take; a network's folder may hang."""

LISTING_S = 0.5
"""The same for the paths of a folder when a key waits for them."""


class Mentioning(Feature):
    """What `@` in the prompt does."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._known: tuple[str, list[str]] | None = None
        """The beginning that was looked up last, and its paths."""
        self._looking_at = Latest(self._look_at, partial(context.work, group="files"))
        self._told: list[str] = []
        """What the frame of the prompt tells of files."""
        self._looking_up = Latest(self._look_up, partial(context.work, group="paths"))
        self._has_offered = False
        self._refused = ""
        """The prompt that could not be sent with its files; once more, and it is sent without."""

    def begin(self) -> None:
        """Listen to the prompt."""
        self.ctx.hooks.typed.add(self._on_typed)
        self.ctx.composer.key_takers.append(self._take_key)
        self.ctx.prompt_takers.append(self._attach)

    @property
    def _files(self) -> NamedFiles | None:
        return self.ctx.desk.drawer.files if self.ctx.desk is not None else None

    # -- completing

    def _mention(self) -> Mention | None:
        """What is being typed at the cursor, by its place in the line."""
        composer = self.ctx.composer
        row, column = composer.cursor_location
        line = composer.document.get_line(row)[:column]
        return mention_at(line, column) if "@" in line else None

    def _on_typed(self, _text: str) -> None:
        self._has_offered = False
        shown = self.ctx.composer.shown_text
        if self._told or "@" in shown:
            self._looking_at.ask(shown)
        mention = self._mention()
        if mention is None or self._files is None:
            return
        if self._lookup(mention.path) is not None:
            self._offer()
        else:
            self._looking_up.ask(mention.path)

    def _lookup(self, start: str) -> list[str] | None:
        """The paths that begin so, if they are known."""
        if self._known is None:
            return None
        begun, paths = self._known
        folder = start.rpartition("/")[0]
        if start == begun:
            return paths
        same = start.startswith(begun) and begun.rpartition("/")[0] == folder and len(paths) < MOST
        is_hidden = start.rpartition("/")[2].startswith(".")
        if not same or is_hidden:
            return None
        return [path for path in paths if path.lower().startswith(start.lower())]

    async def _look_up(self, start: str) -> None:
        files = self._files
        if files is not None:
            self._known = (start, await asyncio.to_thread(files.paths_like, start))
            self._offer()

    def _offers(self) -> list[str]:
        mention = self._mention()
        paths = self._lookup(mention.path) if mention is not None else None
        if mention is None or not paths or paths == [mention.path]:
            return []
        return paths[:SHOWN]

    def _offer(self) -> None:
        if self.ctx.hints.is_error:  # of a prompt that was sent before its paths were looked up
            return
        offers = self._offers()
        self._has_offered = bool(offers)
        if offers:
            self.ctx.hints.offer([(f"@{path}", _kind(path)) for path in offers])

    async def _take_key(self, key: str) -> bool:
        hints = self.ctx.hints
        if key in {"up", "down"}:
            if not self._has_offered or not hints.display:
                return False
            hints.move(1 if key == "down" else -1)
            return True
        mention = self._mention() if key == "tab" else None
        files = self._files
        if mention is None or files is None:
            return False
        if self._lookup(mention.path) is None:
            listing = asyncio.to_thread(files.paths_like, mention.path)
            try:
                self._known = (mention.path, await asyncio.wait_for(listing, LISTING_S))
            except TimeoutError:
                return True
        offers = self._offers()
        if not offers:
            return False
        at = hints.chosen if self._has_offered and hints.display else 0
        self._complete(mention, offers[min(at, len(offers) - 1)])
        return True

    def _complete(self, mention: Mention, path: str) -> None:
        composer = self.ctx.composer
        row, column = composer.cursor_location
        text = mention_text(path)
        is_folder = path.endswith("/")
        text = text.removesuffix('"') if is_folder else f"{text} "
        result = composer.replace(
            text, (row, mention.start), (row, column), maintain_selection_offset=False
        )
        composer.move_cursor(result.end_location)

    async def _look_at(self, shown: str) -> None:
        """Tell in the frame which files the prompt names, and how big they are."""
        files = self._files
        found = await asyncio.to_thread(files.told, shown) if files is not None else []
        self._told = found
        more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
        words = " · ".join([*(one_line(one, 60) for one in found[:NAMED]), *more])
        self.ctx.composer.tell_files(words)

    # -- sending

    async def _attach(self, text: str) -> bool:
        """Send the prompt with the files that it names; whether it names any.

        Those in pastes are none: whoever pastes a text does not mean what stands in it.
        """
        shown = self.ctx.composer.shown_text
        desk, files = self.ctx.desk, self._files
        if desk is None or files is None or text == self._refused or not mentions_in(shown):
            self._refused = ""
            return False
        try:
            reading = asyncio.to_thread(files.expanded, shown)
            expanded = await asyncio.wait_for(reading, SLOW_S)
            gone = await asyncio.wait_for(self._gone(files, shown), SLOW_S)
        except Failure as failure:
            self._refuse(text, failure.sentence)
            return True
        except TimeoutError:
            self._refuse(text, f"Its files could not be read within {SLOW_S:.0f} s.")
            return True
        if gone:
            self._refuse(text, f"{one_line(gone, 200)} is not there any more.")
            return True
        if not expanded.files:
            return False
        self.ctx.hints.offer([])
        whole = text + expanded.text.removeprefix(shown)
        if await self.ctx.features.one(Fullness).hold_back(whole, text):
            return True
        self.ctx.features.one(Replies).send_text(whole, text, expanded.chunks)
        return True

    async def _gone(self, files: NamedFiles, shown: str) -> str:
        """A file that the frame tells of and that is no more: its name alone would go as a word."""
        now = await asyncio.to_thread(files.told, shown)
        for path in (mention.path for mention in mentions_in(shown)):
            if _tells_of(self._told, path) and not _tells_of(now, path):
                return path
        return ""

    def _refuse(self, text: str, words: str) -> None:
        self._refused = text
        self._looking_at.ask(self.ctx.composer.shown_text)  # the frame may tell of what was
        words = f"{words} Enter again sends the prompt as it stands."
        self.ctx.features.one(Slashes).refuse(text, words)


def _tells_of(told: list[str], path: str) -> bool:
    return any(words.startswith(f"{path} ") for words in told)


def _kind(path: str) -> str:
    return "folder" if path.endswith("/") else ""
