"""Filing chats: pinning, naming, tagging, archiving, deleting, each with a way back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tui.chat.watcher import Watcher
from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line, scrub
from tui.core.words import Place
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.features.loading import Loading
from tui.ui.features.places import Places
from tui.ui.listed import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from tui.core.ports import Filing as FilingPort
    from tui.core.session import Session
    from tui.ui.chats import Chat
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking

RELIST_S = 2.0
"""Seconds after others have changed the folder until it is listed again."""

_SHORT = 40


@dataclass(slots=True)
class _Move:
    """A chat that was filed elsewhere, for the way back."""

    chat: Chat
    source: Place
    target: Place
    was_open: bool


class Filing(Feature):
    """Acts on the chat under the cursor of the list if that has the keys, else on the open one.

    The list shows at once what was done; the files follow, one after the other.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._moves: list[_Move] = []
        self._waiting: list[Callable[[], Coroutine[object, object, None]]] = []
        self._is_working = False
        self._ours: dict[str, Place] = {}
        """By chat: where we have moved it last."""
        self._relisting = False

    def commands(self) -> Mapping[str, Plain]:
        """What needs no words."""
        return {
            "sidebar.pin": self.pin,
            "sidebar.archive": self.archive,
            "sidebar.delete": self.delete,
            "sidebar.undo": self.undo,
        }

    def taking(self) -> Mapping[str, Taking]:
        """What can be given words."""
        return {
            "sidebar.rename": self.rename,
            "sidebar.tag": self.tag,
        }

    def completions(self) -> Mapping[str, Completer]:
        """Tags."""
        return {"sidebar.tag": self._complete_tag}

    def begin(self) -> None:
        """Hear what happens to chats, and of titles that are typed in the list."""
        self.ctx.sidebar.title_taken = self._take_title
        self.ctx.hooks.desk_opened.add(self._join)

    def _join(self, desk: Desk) -> None:
        desk.conductor.watchers.join(_Hearing(self))

    # -- which chat

    def target(self) -> Chat:
        """The chat that a command is about. Raises `ValueError` if there is none."""
        stage, sidebar = self.ctx.stage, self.ctx.sidebar
        has_keys = self.ctx.screen.focused is sidebar
        chat = sidebar.chat if has_keys else stage.listed.find(stage.shown)
        if chat is None:
            raise ValueError(
                "There is no chat under the cursor" if has_keys else "Nothing is said here yet"
            )
        return chat

    def _port(self) -> FilingPort:
        filing = self.ctx.need_desk().drawer.filing
        if filing is None:
            raise Failure(FailureKind.CONFIG, "Chats that are not kept can't be filed")
        return filing

    def _opened(self, chat: Chat) -> Session | None:
        return self.ctx.need_desk().conductor.opened(chat.id)

    # -- heads

    def pin(self) -> None:
        """Have the chat stand first, or where its time puts it."""
        chat, pinned = self.target(), not self.target().pinned
        session = self._opened(chat)
        if session is not None:
            session.pinned = pinned
            self.ctx.need_desk().conductor.changes.head_changed(session)
        else:
            port = self._port()
            self._head(chat, port.pin if pinned else port.unpin, {"pinned": pinned})
        self.ctx.note(f"{'Pinned' if pinned else 'No longer pinned'}: {_name(chat)}")

    def rename(self, title: str) -> None:
        """Give the chat a title; without one, have it typed in the list."""
        chat = self.target()
        if title:
            self._rename(chat, title)
        else:
            self.ctx.features.one(Places).go_to_list()
            self.ctx.sidebar.begin_title(chat.id, chat.title)

    def _take_title(self, chat_id: str, title: str) -> None:
        chat = self.ctx.stage.listed.find(chat_id)
        if chat is None or title == chat.title:
            return
        try:
            self._rename(chat, title)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

    def _rename(self, chat: Chat, title: str) -> None:
        words = " ".join(scrub(title).split())
        if not words:
            raise ValueError("A title needs a word")
        session = self._opened(chat)
        if session is not None:
            session.title = words
            self.ctx.need_desk().conductor.changes.head_changed(session)
        else:
            self._head(chat, partial(_second, self._port().rename, words), {"title": words})

    async def tag(self, words: str) -> None:
        """Give the chat tags, or take those away that have a minus; without words, ask for them."""
        chat = self.target()
        if words:
            self._tag(chat, words)
            return
        from tui.ui.widgets.ask import Ask

        def answered(answer: str | None) -> None:
            if answer is not None:
                gone = (f"-{tag}" for tag in chat.tags)
                self._tag(chat, " ".join((*gone, *answer.split())))

        question = f"Tags of “{one_line(chat.title, _SHORT)}”, with spaces between them"
        await self.ctx.push(Ask(question, " ".join(chat.tags)), answered)

    def _tag(self, chat: Chat, words: str) -> None:
        from tui.core.tags import tagged

        added = [word for word in words.split() if not word.startswith("-")]
        kept = {word.lstrip("#").casefold() for word in added}
        removed = [word[1:] for word in words.split() if word.startswith("-")]
        removed = [word for word in removed if word.lstrip("#").casefold() not in kept]
        session = self._opened(chat)
        if session is not None:
            session.tags = tagged(session.tags, added, removed)
            self.ctx.need_desk().conductor.changes.head_changed(session)
            return
        tags = tagged(chat.tags, added, removed)
        port = self._port()
        self._head(chat, lambda chat_id: port.tag(chat_id, added, removed), {"tags": tags})

    def _head(
        self, chat: Chat, save: Callable[[str], object], changes: Mapping[str, object]
    ) -> None:
        """Change the head of a chat that is not in memory: in the list now, in its file next."""
        before = {name: getattr(chat, name) for name in changes}
        self._renew(chat.id, changes)

        async def work() -> None:
            try:
                await asyncio.to_thread(save, chat.id)
            except Failure as failure:
                self._renew(chat.id, before)
                self.ctx.complain(failure)

        self._queue(work)

    def _renew(self, chat_id: str, changes: Mapping[str, object]) -> None:
        stage = self.ctx.stage
        stage.listed.places[stage.listed.place_of(chat_id)].renew(chat_id, **changes)  # type: ignore[arg-type]  # the members of a chat by name
        stage.list_chats()

    def head_changed(self, session: Session) -> None:
        """A session in memory has another head: list it so."""
        stage = self.ctx.stage
        changes = {"title": session.title, "pinned": session.pinned, "tags": session.tags}
        self._renew(session.id, changes)
        if session.id == stage.shown:
            stage.show_head(session)

    # -- moves

    def archive(self) -> None:
        """File the chat into the archive; from there, or from the trash, bring it back."""
        chat = self.target()
        is_open = self.ctx.stage.listed.place_of(chat.id) is Place.OPEN
        self._move(chat, Place.ARCHIVE if is_open else Place.OPEN)

    def delete(self) -> None:
        """Move the chat to the trash. A reply that comes in there is stopped and kept."""
        chat = self.target()
        if self.ctx.stage.listed.place_of(chat.id) is Place.TRASH:
            raise ValueError("It is in the trash already, and is removed from there after 30 days")
        self._move(chat, Place.TRASH)

    def undo(self) -> None:
        """Bring the chat back that was filed elsewhere last."""
        if not self._moves:
            raise ValueError("No chat was filed away since the start")
        move = self._moves.pop()
        self._port()
        self._relist(move.chat, move.target, move.source)
        self.ctx.sidebar.go_to(move.chat.id)
        self._queue(lambda: self._carry_out(move, move.target, move.source))
        self.ctx.note(f"{_name(move.chat)} is back")

    def _move(self, chat: Chat, target: Place) -> None:
        self._port()
        stage = self.ctx.stage
        source = stage.listed.place_of(chat.id)
        move = _Move(chat, source, target, chat.id == stage.shown)
        if move.was_open:
            self._open_another(chat.id)
        self._relist(chat, source, target)
        self._moves.append(move)
        self._queue(lambda: self._carry_out(move, source, target))
        where = "back among the chats" if target is Place.OPEN else f"in the {NAMES[target]}"
        way = "" if target is Place.OPEN else ": u in the list, or /restore, brings it back"
        self.ctx.note(f"{_name(chat)} is {where}{way}")

    def _open_another(self, chat_id: str) -> None:
        """Open what stands below a chat that goes away, or else above it; a new chat if there is nothing."""
        chats, opener = self.ctx.stage.chats, self.ctx.features.one(Chats)
        screen = self.ctx.screen
        focused, is_over = screen.focused, screen.has_class("-sidebar-over")
        other = None
        if chats.get(chat_id) is not None:
            other = chats.neighbour(chat_id, 1) or chats.neighbour(chat_id, -1)
        if other is not None:
            opener.open(other.id)
        else:
            opener.new()
        if focused is not None:
            self.ctx.focus(focused)
            screen.set_class(is_over, "-sidebar-over")

    def _relist(self, chat: Chat, source: Place, target: Place) -> None:
        stage = self.ctx.stage
        stage.listed.places[source].drop(chat.id)
        if target is Place.OPEN or target in stage.listed.complete:
            stage.listed.places[target].put(chat)
        stage.list_chats()
        stage.settle_mark(chat.id)

    async def _carry_out(self, move: _Move, source: Place, target: Place) -> None:
        desk, port, chat = self.ctx.need_desk(), self._port(), move.chat
        deeds = {Place.OPEN: port.restore, Place.ARCHIVE: port.archive, Place.TRASH: port.delete}
        try:
            await desk.conductor.put_away(chat.id)
            if (
                move in self._moves
            ):  # not taken back meanwhile: the end of its reply has listed it anew
                self._relist(chat, source, target)
            self._ours[chat.id] = target
            new_id = await asyncio.to_thread(deeds[target], chat.id)
        except Failure as failure:
            self._relist(chat, target, source)
            self._moves = [one for one in self._moves if one is not move]
            self.ctx.complain(failure)
            return
        if new_id != chat.id:
            self._relist(chat, target, target)
            self.ctx.stage.listed.places[target].drop(chat.id)
            chat.id = new_id
            self._relist(chat, target, target)
        if move.was_open and target is move.source:
            self.ctx.features.one(Chats).open(chat.id)

    def _queue(self, work: Callable[[], Coroutine[object, object, None]]) -> None:
        """Do this when what was asked for before is done."""
        self._waiting.append(work)
        if not self._is_working:
            self._is_working = True
            self.ctx.work(self._work(), group="filing")

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._waiting.pop(0)()
        finally:
            self._is_working = False

    # -- what others do

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        """Tell that somebody else has moved a chat which is in memory here."""
        is_ours = self._ours.pop(session.id, None) is place
        if is_ours or session.id == self.ctx.stage.shown:  # that one is told of above the prompt
            return
        title = f"“{one_line(session.title, _SHORT)}”"
        if place is None:
            self.ctx.note(f"{title} was removed elsewhere; what is said in it begins it anew")
        elif place is Place.OPEN:
            self.ctx.note(f"{title} was brought back elsewhere")
        else:
            self.ctx.note(f"{title} was moved to the {NAMES[place]} elsewhere")

    def folder_changed(self) -> None:
        """List the chats again soon."""
        if not self._relisting:
            self._relisting = True
            self.ctx.screen.set_timer(RELIST_S, self._list_again)

    def _list_again(self) -> None:
        self._relisting = False
        for place in self.ctx.stage.listed.complete:
            self.ctx.features.one(Loading).list_all(place)

    def _complete_tag(self, typed: str) -> Iterable[Suggestion]:
        start, _, word = typed.rpartition(" ")
        minus = "-" if word.startswith("-") else ""
        before = f"{start} " if start else ""
        wanted = word.lstrip("-#").casefold()
        return [
            (f"{before}{minus}{tag}", "")
            for tag in tags_of(self.ctx.stage.chats.chats)
            if tag.casefold().startswith(wanted)
        ]


def tags_of(chats: Iterable[Chat]) -> list[str]:
    """All tags of some chats, in the order of the alphabet."""
    return sorted({tag for chat in chats for tag in chat.tags})


class _Hearing(Watcher):
    """Passes on what happens to chats."""

    def __init__(self, filing: Filing) -> None:
        self._filing = filing

    def header_changed(self, session: Session) -> None:
        """Its title, pin or tags may be others."""
        self._filing.head_changed(session)

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        """Its file was moved."""
        self._filing.filed_elsewhere(session, place)

    def folder_changed(self) -> None:
        """There may be more chats, or fewer."""
        self._filing.folder_changed()


def _name(chat: Chat) -> str:
    return f"“{one_line(chat.title, _SHORT) or 'New chat'}”"


def _second(deed: Callable[[str, str], object], second: str, first: str) -> object:
    return deed(first, second)
