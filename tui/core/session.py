"""A conversation: its header and its messages, which form a tree."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from tui.core.kept import Kept
from tui.core.listing import Problem
from tui.core.merging import Base
from tui.core.message import Completion, Message, new_id, utc_now
from tui.core.parameters import Parameters
from tui.core.text import one_line
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.core.tree import Tree

SCHEMA = 1
"""The version of the session file's format that this program writes."""

TITLE_LENGTH = 48
"""Characters that a title made from a prompt has at most."""


def new_session_id() -> str:
    """An id that sorts by time: `20261123-114455-k3f9`, in UTC."""
    return f"{utc_now():%Y%m%d-%H%M%S}-{new_id(4)}"


class Shown(BaseModel):
    """Which branch was chosen to be shown, as long as nothing newer has been said."""

    model_config = ConfigDict(extra="allow")

    leaf: str = ""
    """The last message of the branch; empty if none is left of it."""
    after: str = ""
    """The newest message at that time. When there is a newer one, that one is shown."""


class Fork(BaseModel):
    """Where a session was taken from."""

    model_config = ConfigDict(extra="allow")

    session: str
    message: str = ""


class Origin(BaseModel):
    """Where a session was taken over from; by that it is known again."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    source: str = Field(alias="from")
    """The program or the service."""
    id: str
    """What the conversation is called there."""
    at: datetime | None = None
    """When it was taken over."""


class Aside(BaseModel):
    """A request that was made for a session and is no part of its conversation, such as for a title."""

    model_config = ConfigDict(extra="allow")

    purpose: str
    created: datetime = Field(default_factory=utc_now)
    completion: Completion


class Session(BaseModel):
    """One conversation, as it stands in its file. Unknown members of the header are kept."""

    model_config = ConfigDict(extra="allow")

    schema_version: int = Field(SCHEMA, alias="schema")
    id: str = Field(default_factory=new_session_id)
    title: str = ""
    created: datetime = Field(default_factory=utc_now)
    provider: str | None = None
    """The name of the provider; None means the default one."""
    pinned: bool = False
    """Whether it stands at the top of the list of chats."""
    tags: list[str] = []
    """Words that the user filed it under."""
    shown: Shown | None = None
    """The chosen branch; None means that the newest message shows itself."""
    forked_from: Fork | None = None
    imported: Origin | None = None
    """Where it was taken over from; None if it began here."""
    asides: list[Aside] = []
    """What was asked for it beside the conversation; it counts among its costs."""
    parameters: Parameters = Field(default_factory=Parameters)
    messages: list[Message] = Field(default_factory=list, exclude=True)
    """All messages of all branches, in the order in which they were made."""

    _problems: list[Problem] = PrivateAttr(default_factory=list)
    _base: Base = PrivateAttr(default_factory=Base)
    _seen: dict[str, str] = PrivateAttr(default_factory=dict)
    """By message: where the branch ended when it was shown last."""
    _kept: Kept = PrivateAttr(default_factory=Kept)

    @property
    def problems(self) -> list[Problem]:
        """What was wrong with its file when it was read."""
        return self._problems

    @property
    def base(self) -> Base:
        """What it and its file last had in common; whoever reads or writes the file keeps it up to date."""
        return self._base

    @property
    def leaf(self) -> Message | None:
        """The end of the shown branch: the chosen message, or the newest."""
        if not self.messages:
            return None
        shown = self.shown
        if shown is not None and shown.after == self.messages[-1].id:
            chosen = find_message(self.messages, shown.leaf)
            if not shown.leaf or (chosen is not None and chosen.is_there):
                return chosen
        return self._newest

    @property
    def _newest(self) -> Message | None:
        return next((message for message in reversed(self.messages) if message.is_there), None)

    def show(self, message_id: str | None) -> None:
        """Let the shown branch end with that message; None shows nothing. A saved header keeps it."""
        before = self.branch()
        for message in before:
            self._seen[message.id] = before[-1].id
        newest = self._newest
        if message_id == (newest.id if newest is not None else None):
            self.shown = None
        else:
            self.shown = Shown(leaf=message_id or "", after=self.messages[-1].id)

    def last_seen_below(self, message_id: str) -> str | None:
        """The end of the branch through that message that was shown last, since the session was opened."""
        return self._seen.get(message_id)

    def branch(self) -> list[Message]:
        """The shown branch: its last message and all that lead to it, oldest first."""
        leaf = self.leaf
        return self.path_to(leaf.id) if leaf is not None else []

    def sent(self) -> list[Message]:
        """What a request for the next reply sends: the shown branch without what is excluded."""
        return [message for message in self.branch() if not message.excluded]

    def path_to(self, message_id: str | None) -> list[Message]:
        """A message and all that lead to it, oldest first; nothing if there is no such message.

        Removed ones are passed over.
        """
        return self._worked_out().path_to(message_id)

    @property
    def tree(self) -> Tree:
        """The tree of its messages as they are now. It is made once for as long as they stay the same."""
        return self._worked_out().tree

    def _worked_out(self) -> Kept:
        kept = self._kept
        if not kept.is_of(self.messages):
            kept = self._kept = Kept(self.messages)
        return kept

    def add(self, message: Message) -> Message:
        """Put a message at the end of the shown branch and give it back, its parent set."""
        message.parent = self.leaf.id if self.leaf else None
        self.messages.append(message)
        self.shown = None
        return message

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of this program wrote its file: it is then shown, and not added to."""
        return self.schema_version > SCHEMA

    @property
    def unanswered(self) -> Message | None:
        """The last message, if it is the user's and still waits for its reply."""
        leaf = self.leaf
        return leaf if leaf is not None and leaf.role in {Role.USER, Role.TOOL} else None


def title_from(prompt: str) -> str:
    """A title made of a prompt's first words, on one line."""
    line = one_line(prompt, 4 * TITLE_LENGTH)
    if len(line) <= TITLE_LENGTH:
        return line
    words = (
        line[:TITLE_LENGTH].rsplit(" ", 1)[0] if " " in line[:TITLE_LENGTH] else line[:TITLE_LENGTH]
    )
    return words.rstrip(" ,.;:–-") + "…"


def find_message(messages: Iterable[Message], message_id: str) -> Message | None:
    """The message with that id, or None."""
    return next((message for message in messages if message.id == message_id), None)
