"""Who says a message: changing that, and putting in messages of any role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import Role
from tui.ui.entries import NAMES
from tui.ui.features.branches import Branches
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from tui.core.message import Message
    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking

_NEXT_ROLE = {Role.USER: Role.ASSISTANT, Role.ASSISTANT: Role.USER, Role.TOOL: Role.ASSISTANT}

_NO_CALL = "it is not sent: no tool call in front of it waits for a result"


class Roles(Feature):
    """The transcript is the user's: whoever said something, it can be somebody else's."""

    def commands(self) -> Mapping[str, Plain]:
        """New messages beside the chosen one."""
        return {
            "transcript.insert": self.insert,
            "transcript.insert_before": self.insert_before,
        }

    def taking(self) -> Mapping[str, Taking]:
        """Another role for the chosen one."""
        return {"transcript.role": self.change}

    def completions(self) -> Mapping[str, Completer]:
        """The roles."""
        return {"transcript.role": _roles_like}

    @property
    def branches(self) -> Branches:
        """What is done to messages."""
        return self.ctx.features.one(Branches)

    async def change(self, argument: str) -> None:
        """Have somebody else say the message: who is named, or else chosen from a list."""
        branches = self.branches
        session, message = branches.session, branches.message()

        async def chosen(role: Role | None) -> None:
            if role is message.role:
                self.ctx.note(f"{_says(message)} it already")
            elif role is not None:
                self._tell_of(branches.changes.set_role(session, message.id, role))

        if argument:
            await chosen(_role_named(argument))
        else:
            await self._choose(f"Who says it? Now: {NAMES[message.role]}", message.role, chosen)

    def _tell_of(self, message: Message) -> None:
        words = f"{_says(message)} it now"
        self.branches.tell(f"{words}, but {_NO_CALL}" if _is_lost(message) else words)

    async def insert(self) -> None:
        """Put a message in behind the chosen one, or begin the chat with it."""
        branches = self.branches
        message = branches.message() if branches.chosen_id() is not None else None
        await self._insert(message)

    async def insert_before(self) -> None:
        """Put a message in in front of the chosen one."""
        branch = self.ctx.stage.shown_branch()
        at = [message.id for message in branch].index(self.branches.message().id)
        await self._insert(branch[at - 1] if at else None)

    async def _insert(self, before: Message | None) -> None:
        branches = self.branches
        session = branches.session
        usual = Role.SYSTEM if before is None else _NEXT_ROLE.get(before.role, Role.USER)

        async def chosen(role: Role | None) -> None:
            if role is None:
                return

            async def kept(text: str) -> None:
                behind = before.id if before is not None else None
                message = branches.changes.insert(session, behind, role, text)
                self.ctx.transcript.go_to(message.id)
                if _is_lost(message):
                    branches.tell(f"It was put in, but {_NO_CALL}")

            await branches.write(f"A new message ({NAMES[role]})", "", kept)

        await self._choose("Who says it?", usual, chosen)

    async def _choose(
        self, title: str, usual: Role, chosen: Callable[[Role | None], Awaitable[None]]
    ) -> None:
        from tui.ui.widgets.picker import Picker, narrowed
        from tui.ui.widgets.rowlist import Row

        rows = [Row(role, _both_names(role)) for role in NAMES]
        at = list(NAMES).index(usual)
        picker = Picker(title, narrowed(rows), at=at, keymap=self.ctx.keymap)
        await self.ctx.push(picker, chosen)


def _both_names(role: Role) -> str:
    """What it is called here and in the API: either may be typed."""
    name = NAMES[role]
    return name if name.lower() == role else f"{name} ({role})"


def _says(message: Message) -> str:
    return "You say" if message.role is Role.USER else f"The {message.role} says"


def _is_lost(message: Message) -> bool:
    """Whether it is a result of no call, which no server takes."""
    return message.role is Role.TOOL and message.tool_call_id is None


def _role_named(word: str) -> Role:
    """The role of that name, as the API or the screen has it. Raises `ValueError` with a sentence."""
    for role, name in NAMES.items():
        if word.lower() in {str(role), name.lower()}:
            return role
    raise ValueError(f"There is no role {word!r}; write {', '.join(Role)}")


def _roles_like(typed: str) -> Iterable[Suggestion]:
    return [(str(role), NAMES[role]) for role in Role if str(role).startswith(typed.lower())]
