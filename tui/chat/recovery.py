"""Makes messages of the journals that a dead process has left behind. Blocks: call it in a thread."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui.chat.journaling import FORMAT
from tui.chat.outcome import messages_of
from tui.core.completion import CompletionRequest
from tui.core.events import TextDelta, ThinkingDelta
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.session import Session, find_message
from tui.core.turn import Turn
from tui.core.words import Ended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.ports import Diary, Journal, SessionStore

log = logging.getLogger("bise")

AGAIN = "-again"
"""Ends the id of a reply of which the session holds a part under its own id."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A reply that was cut off by the end of the process that asked for it, and is kept now."""

    session_id: str
    title: str


def recover(
    store: SessionStore, journal: Journal, session_id: str | None = None
) -> list[Recovered]:
    """Put replies that were cut off into their sessions: of one session, or of all.

    A journal is removed when its messages are saved. One that can't be dealt with stays.
    """
    found = []
    for diary in journal.left_behind(session_id):
        try:
            one = _settle(store, diary)
        except (
            Failure,
            ValueError,
            TypeError,
            LookupError,
        ) as error:  # the disk; a journal that is no journal
            why = error.sentence if isinstance(error, Failure) else type(error).__name__
            log.warning("a journal was left as it is: %s", why)
            diary.release()
            continue
        diary.discard()
        if one is not None:
            found.append(one)
    return found


def _settle(store: SessionStore, diary: Diary) -> Recovered | None:
    """Save what a journal holds; None if that was saved already, or is nothing."""
    records = diary.read()
    if not records:
        return None
    head = records[0]
    wanted = messages_in(records)
    if not wanted:
        return None
    before = [Message.model_validate(table) for table in head.get("unsaved", [])]
    try:
        session = store.load(diary.session_id)
    except Failure as failure:
        if failure.code != "ENOENT":
            raise
        session = Session(
            id=diary.session_id, title=head.get("title") or "", provider=head.get("provider")
        )
        session.messages = [*before, *wanted]
        store.create(session)
        return Recovered(session.id, session.title)
    missing = [m for m in [*before, *wanted] if not _is_there(session, m)]
    for message in missing:
        store.append(session.id, message)
    return Recovered(session.id, session.title) if missing else None


def _is_there(session: Session, message: Message) -> bool:
    """Whether the session holds the message. If it holds but a part, the message gets an id of its own."""
    there = find_message(session.messages, message.id)
    if there is None:
        return False
    if len(there.text) >= len(message.text) or there.ended != Ended.INTERRUPTED:
        return True
    message.id += AGAIN
    return find_message(session.messages, message.id) is not None


def messages_in(records: Sequence[dict[str, Any]]) -> list[Message]:
    """The messages that a journal tells of: as they were to be kept, or what has come as interrupted.

    Raises `ValueError`, `TypeError` or `LookupError` for records that this program did not write.
    """
    head, *pieces = records
    if head["journal"] > FORMAT:
        raise ValueError("it is of a newer version of bise")
    for record in records:
        if "kept" in record:
            return [Message.model_validate(table) for table in record["kept"]]
    if not pieces:
        return []
    parameters = Parameters.model_validate(head.get("parameters", {}))
    turn = Turn("", str(head["message"]), CompletionRequest([], parameters), 0.0)
    turn.connect(0.0)
    at = 0.0
    for record in pieces:
        at = float(record.get("at", at))
        if "thinking" in record:
            turn.receive(ThinkingDelta(str(record["thinking"])), at)
        if "text" in record:
            turn.receive(TextDelta(str(record["text"])), at)
    turn.stop(at, Ended.INTERRUPTED)
    messages = messages_of(turn, head.get("provider"))
    for message in messages:
        message.parent = head.get("parent")
        message.created = datetime.fromisoformat(head["begun"])
    return messages
