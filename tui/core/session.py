"""A conversation: its header and its messages, which form a tree."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from tui.core.listing import Problem
from tui.core.message import Message, new_id, utc_now
from tui.core.parameters import Parameters
from tui.core.text import one_line
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = 1
"""The version of the session file's format that this program writes."""

TITLE_LENGTH = 48
"""Characters that a title made from a prompt has at most."""


def new_session_id() -> str:
    """An id that sorts by time: `20261123-114455-k3f9`, in UTC."""
    return f"{utc_now():%Y%m%d-%H%M%S}-{new_id(4)}"


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
    parameters: Parameters = Field(default_factory=Parameters)
    messages: list[Message] = Field(default_factory=list, exclude=True)
    """All messages of all branches, in the order in which they were made."""

    _problems: list[Problem] = PrivateAttr(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """What was wrong with its file when it was read."""
        return self._problems

    @property
    def leaf(self) -> Message | None:
        """The end of the shown branch: the newest message."""
        return self.messages[-1] if self.messages else None

    def branch(self) -> list[Message]:
        """The shown branch: the newest message and all that lead to it, oldest first."""
        return self.path_to(self.leaf.id) if self.leaf is not None else []

    def path_to(self, message_id: str | None) -> list[Message]:
        """A message and all that lead to it, oldest first; nothing if there is no such message."""
        by_id = {message.id: message for message in self.messages}
        path: list[Message] = []
        at = by_id.get(message_id) if message_id is not None else None
        while at is not None:
            path.append(at)
            by_id.pop(at.id, None)  # a circle in a hand-edited file ends the walk
            at = by_id.get(at.parent) if at.parent else None
        return path[::-1]

    def add(self, message: Message) -> Message:
        """Put a message at the end of the shown branch and give it back, its parent set."""
        message.parent = self.leaf.id if self.leaf else None
        self.messages.append(message)
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
