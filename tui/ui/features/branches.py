"""Changing what was said: editing, removing, leaving out, branches and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Role
from tui.ui.entries import NAMES
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.showing import Versions
from tui.ui.widgets.transcript.place import Place

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tui.chat.changes import Changes
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.ui.features.feature import Plain


class Branches(Feature):
    """What the user does to the messages of the open chat. All of it acts at once and can be taken back."""

    def commands(self) -> Mapping[str, Plain]:
        """On the chosen message, or else the last one."""
        return {
            "transcript.edit": self.edit,
            "transcript.revise": self.revise,
            "transcript.remove": self.remove,
            "transcript.prune": self.prune,
            "transcript.undo": self.undo,
            "transcript.redo": self.redo,
            "transcript.restore": self.restore,
            "transcript.exclude": self.exclude,
            "transcript.version_back": lambda: self.turn(-1),
            "transcript.version_on": lambda: self.turn(1),
            "transcript.fork": self.fork,
        }

    # -- what it works on

    @property
    def session(self) -> Session:
        """The open chat. Raises `ValueError` if there is none."""
        session = self.ctx.stage.session
        if session is None:
            raise ValueError("There is no chat here to change")
        return session

    @property
    def changes(self) -> Changes:
        """Where changes are made."""
        return self.ctx.need_desk().conductor.changes

    def chosen_id(self) -> str | None:
        """The id of the chosen message, which may be a reply still in the making; else of the last one."""
        branch = [message.id for message in self.ctx.stage.shown_branch()]
        coming = [turn.message_id for turn in self.ctx.stage.running(self.session.id)]
        chosen = self.ctx.transcript.place().selected
        if chosen in {*branch, *coming}:
            return chosen
        shown = [one for one in coming if self.ctx.transcript.has(one)]
        return next(iter([*shown, *reversed(branch)]), None)

    def message(self) -> Message:
        """The message to work on. Raises `ValueError` if there is none, or if it is still coming."""
        chosen = self.chosen_id()
        if chosen is None:
            raise ValueError("There is no message here yet")
        for message in self.ctx.stage.shown_branch():
            if message.id == chosen:
                return message
        raise ValueError("This reply is still coming; stop it with Esc, or wait for its end")

    # -- what is said

    async def edit(self) -> None:
        """Put the message otherwise: a branch beside it, and for one of the user's a new reply."""
        session, message = self.session, self.message()
        if message.role is Role.USER:
            self._refuse_busy(session)
        await self._ask_otherwise(session, message, message.text)

    def _refuse_busy(self, session: Session) -> None:
        if self.ctx.need_desk().conductor.is_busy(session.id):
            raise ValueError(
                "A reply is still coming in here; stop it with Esc, or wait for its end"
            )

    async def _ask_otherwise(self, session: Session, message: Message, text: str) -> None:
        conductor = self.ctx.need_desk().conductor

        async def kept(new: str) -> None:
            try:
                conductor.ask_otherwise(session, message, new)
            except Failure as failure:  # a reply began meanwhile: what was typed is not lost
                self.ctx.complain(failure)
                await self._ask_otherwise(session, message, new)

        is_mine = message.role is Role.USER
        title = "Ask otherwise" if is_mine else f"Another version ({NAMES[message.role]})"
        await self.write(title, text, kept)

    async def revise(self) -> None:
        """Change what the message says, in its place."""
        session, message = self.session, self.message()

        async def kept(new: str) -> None:
            if new != message.text:
                self.changes.edit(session, message.id, new)

        await self.write(f"Edit in its place ({NAMES[message.role]})", message.text, kept)

    async def write(self, title: str, text: str, kept: Callable[[str], Awaitable[None]]) -> None:
        """Have a text written for a message; what is kept of it goes on."""
        from tui.ui.widgets.editor import Editor

        async def answered(new: str | None) -> None:
            if new is None:
                return
            try:
                await kept(new)
            except (Failure, ValueError) as trouble:
                self.ctx.complain(trouble)

        def check(new: str) -> str:
            return "" if new.strip() else "There is nothing in it; d removes a message"

        await self.ctx.push(Editor(title, text, check=check, keymap=self.ctx.keymap), answered)

    # -- what is there

    def remove(self) -> None:
        """Take the message out; what follows it stays."""
        self.tell(self.changes.remove(self.session, self.message().id).words)

    def prune(self) -> None:
        """Take the message out, and all that follows it in all branches."""
        self.tell(self.changes.prune(self.session, self.message().id).words)

    def tell(self, words: str) -> None:
        """Tell what was done, and that it can be taken back."""
        self.ctx.note(f"{words[:1].upper()}{words[1:]} · u takes it back")

    def undo(self) -> None:
        """Take the last change back."""
        edit = self.changes.undo(self.session)
        self.ctx.note(f"Taken back: {edit.words}" if edit else "There is no change to take back")

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        edit = self.changes.redo(self.session)
        self.ctx.note(f"Done again: {edit.words}" if edit else "There is nothing to do again")

    def exclude(self) -> None:
        """Send the message no more, or again."""
        message = self.message()
        change = self.changes.include if message.excluded else self.changes.exclude
        change(self.session, [message.id])

    async def restore(self) -> None:
        """Choose from what was removed, and put it back where it was.

        What a message said before it was edited comes back as another version of it.
        """
        from tui.core.editing import removed_messages
        from tui.core.text import one_line
        from tui.ui.widgets.picker import Picker, narrowed
        from tui.ui.widgets.rowlist import Row

        session = self.session
        rows = [
            Row(
                message.id,
                f"{NAMES[message.role]}: {one_line(message.text, 120)}",
                _when_removed(message),
            )
            for message in removed_messages(session)
        ]

        def chosen(message_id: str | None) -> None:
            if message_id is not None:
                self.changes.restore(session, [message_id])
                self.changes.show(session, message_id)  # with what follows it

        picker = Picker(
            "Put back a removed message",
            narrowed(rows),
            empty="nothing was removed from this chat",
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, chosen)

    # -- versions

    def turn(self, step: int) -> None:
        """Show another version of the message, or of the nearest above it that has some.

        The head of the message stays where it is on the screen.
        """
        versions = self._versions()
        chosen = self._with_versions(versions)
        beside = versions.beside(chosen)
        at = beside.index(chosen) + step
        if not 0 <= at < len(beside):
            raise ValueError(f"This is the {'last' if step > 0 else 'first'} version")
        self.show(beside[at], self._held(chosen, beside[at]))

    def show(self, message_id: str, place: Place) -> None:
        """Show the branch through a message or a reply in the making, with the reader at that place."""
        session, stage = self.session, self.ctx.stage
        stage.go_next_to(place)
        if any(turn.message_id == message_id for turn in stage.running(session.id)):
            self.changes.show_turn(session, message_id)
        else:
            self.changes.show(session, message_id)

    def versions_near(self) -> list[str]:
        """All versions of the message, or of the nearest above it that has some."""
        versions = self._versions()
        return versions.beside(self._with_versions(versions))

    def _versions(self) -> Versions:
        session = self.session
        return Versions(session.tree, self.ctx.stage.running(session.id))

    def _with_versions(self, versions: Versions) -> str:
        shown = [message.id for message in self.ctx.stage.shown_branch()]
        chosen = self.chosen_id()
        above = shown[: shown.index(chosen) + 1] if chosen in shown else [*shown, chosen or ""]
        for message_id in reversed(above):
            if len(versions.beside(message_id)) > 1:
                return message_id
        raise ValueError("There is no other version of this, nor of what stands above it")

    def _held(self, old: str, new: str) -> Place:
        """The place in which the head of a message stays where it is while its version changes."""
        place = self.ctx.transcript.place()
        shown = [message.id for message in self.ctx.stage.shown_branch()]
        above = shown[: shown.index(old)] if old in shown else shown
        if place.entry_id in above:
            return Place(place.entry_id, place.line, at_tail=False, selected=new, is_held=True)
        return Place(new, 0, at_tail=False, selected=new, is_held=True)

    def fork(self) -> None:
        """Go on in a new chat that begins with all up to the message."""
        desk, session = self.ctx.need_desk(), self.session
        fork = desk.conductor.fork(session, self.message().id)
        if not desk.keeps(session.id):
            desk.passing_ids.add(fork.id)
        self.ctx.features.one(Chats).wanted = fork.id
        self.ctx.stage.show(fork)
        self.ctx.focus(self.ctx.composer)
        self.ctx.note("This is a new chat; Ctrl+T goes back to the other")


def _when_removed(message: Message) -> str:
    """When it went, and that it went by an edit."""
    day = f"{message.removed.astimezone():%d %b %H:%M}" if message.removed else ""
    return " · ".join(filter(None, ["before an edit" if message.former_of else "", day]))
