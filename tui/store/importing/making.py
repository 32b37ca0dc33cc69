"""Makes a session of a conversation that was found elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.message import CONTENT, Message, utc_now
from tui.core.session import Session, Shown, title_from
from tui.core.text import scrub
from tui.core.words import Role
from tui.core.wrong import wrong_with

if TYPE_CHECKING:
    from datetime import datetime

    from tui.core.parameters import Parameters

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 10
MOST_MESSAGES = 100_000
"""A conversation with more messages is refused."""


class Unfit(ValueError):
    """What was found can't be made into a session; says why, in words."""


@dataclass(slots=True)
class Found:
    """A conversation that was found, ready to be saved."""

    source: str
    """Which program or service it comes from."""
    id: str
    """What it is called there."""
    session: Session
    """Its own id is given when it is saved, unless it comes from bise."""
    is_archived: bool = False
    notes: list[str] = field(default_factory=list)
    """What of it could not be taken over, in words."""


class Making:
    """A session in the making. Messages are named after what they are called where they come from.

    So a second import finds those that are there already.
    """

    def __init__(
        self, source: str, source_id: str, title: str = "", created: datetime | None = None
    ) -> None:
        """Raises `Unfit` if the conversation has no id, by which it could be known again."""
        if not source_id:
            raise Unfit("a conversation has no id")
        self.source, self.id = source, source_id
        self.title, self.created = title, created
        self.provider: str | None = None
        self.parameters: Parameters | None = None
        self.is_pinned = self.is_archived = False
        self.messages: list[Message] = []
        self._ids: set[str] = set()
        self._chain = ""
        self._notes: Counter[str] = Counter()

    def note(self, words: str) -> None:
        """Tell what could not be taken over; told once, with how often it happened."""
        self._notes[scrub(words)] += 1

    @property
    def last(self) -> str | None:
        """The id of the last message, or None."""
        return self.messages[-1].id if self.messages else None

    def id_of(self, key: str) -> str:
        """The id that the message with that name has here."""
        digest = hashlib.sha256(
            "\0".join([self.source, self.id, key]).encode("utf-8", "replace")
        ).digest()
        return "".join(_ALPHABET[byte % 32] for byte in digest[:_ID_LENGTH])

    def add(
        self,
        role: str,
        content: Any,
        *,
        key: str = "",
        parent: str | None,
        **members: Any,
    ) -> Message:
        """Put a message behind the one with the id `parent`. Raises `Unfit` if it can't be one.

        Without a `key` it is named after what is said in it and in those before it.
        """
        if len(self.messages) >= MOST_MESSAGES:
            raise Unfit(f"the conversation has more than {MOST_MESSAGES} messages")
        try:
            content = (
                scrub(content) if isinstance(content, str) else CONTENT.validate_python(content)
            )
            message = Message.model_validate(
                {
                    "id": self._free(key or self._chained(role, content)),
                    "parent": parent,
                    "role": role,
                    "content": content,
                    **{name: value for name, value in members.items() if value is not None},
                    "copied_from": self.source,
                }
            )
        except ValidationError as error:
            raise Unfit(f"a message can't be read: {first_error(error)}") from error
        self.messages.append(message)
        return message

    def found(self, leaf: str | None = None) -> Found:
        """The session; `leaf` is the last message of the branch that is shown. Raises `Unfit` if nothing is in it."""
        if not self.messages:
            raise Unfit("nothing was said in it that could be taken over")
        created = self.created or next((m.created for m in self.messages if m.created), utc_now())
        session = Session(title=self._title(), created=created)
        session.provider, session.pinned = self.provider, self.is_pinned
        if self.parameters is not None:
            session.parameters = self.parameters
        session.messages = self.messages
        if leaf in self._ids and leaf != self.last:
            session.shown = Shown(leaf=leaf or "", after=self.messages[-1].id)
        notes = [
            words if count == 1 else f"{words} ({count} times)"
            for words, count in self._notes.items()
        ]
        return Found(self.source, self.id, session, self.is_archived, notes)

    def _title(self) -> str:
        if self.title.strip():
            return title_from(self.title) if len(self.title) > 200 else scrub(self.title.strip())
        prompts = (message.text for message in self.messages if message.role is Role.USER)
        return next((title_from(prompt) for prompt in prompts if prompt.strip()), "")

    def _chained(self, role: str, content: Any) -> str:
        said = content if isinstance(content, str) else [chunk.model_dump() for chunk in content]
        self._chain += json.dumps([role, said], default=str)
        self._chain = hashlib.sha256(self._chain.encode()).hexdigest()
        return self._chain

    def _free(self, key: str) -> str:
        found, number = self.id_of(key), 1
        while found in self._ids:
            number += 1
            found = self.id_of(f"{key}\0{number}")
        self._ids.add(found)
        return found


def first_error(error: ValidationError) -> str:
    """The first thing that is wrong, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return wrong_with(where or "it", first)


def digest_of(value: Any) -> str:
    """A name for what is called nothing: made of its content."""
    said = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def thinking_chunk(words: str) -> dict[str, Any]:
    """The chunk that holds what a model thought."""
    return {
        "type": "thinking",
        "thinking": [{"type": "text", "text": scrub(words)}],
        "closed": True,
    }


def with_thinking(thinking: str, content: Any) -> Any:
    """A reply's content with what was thought in front of it, if anything was."""
    if not thinking:
        return content
    said = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    return [thinking_chunk(thinking), *said]
