"""What bise itself says in a chat: when it is opened, and at the end of a turn that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import Ended, TurnState
from tui.ui.entries import failure_entry, notice
from tui.ui.keys import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.widgets.transcript.entry import Entry

_OF_THE_END = {"unanswered", "cut"}
"""Notices about the last message of a chat."""

AGAIN = "Enter on an empty prompt sends it again."


def greeting(session: Session, keymap: Mapping[str, str]) -> list[Entry]:
    """What a chat says when it is opened for the first time since the start."""
    notices = [
        notice(f"problem-{number}", str(problem), "warning")
        for number, problem in enumerate(session.problems)
    ]
    if session.unanswered is not None:
        words = "This prompt has no reply yet. Enter on an empty prompt sends it."
        notices.append(notice("unanswered", words))
    elif session.leaf is not None and session.leaf.ended in {Ended.INTERRUPTED, Ended.ERROR}:
        notices.append(notice("cut", f"This reply was cut off. {_way_on(keymap)}"))
    return notices


def still_true(
    notices: Iterable[Entry], session: Session, keymap: Mapping[str, str]
) -> list[Entry]:
    """What of it is to be said as its messages are now: they may have been removed, or be somebody else's."""
    now = {entry.id for entry in greeting(session, keymap)}
    return [entry for entry in notices if entry.id not in _OF_THE_END or entry.id in now]


def last_words(turn: Turn, keymap: Mapping[str, str]) -> list[Entry]:
    """What is to be said of a turn that has ended; nothing if all went well."""
    if turn.failure is not None:
        way_on = _way_on(keymap) if has_some(turn) else AGAIN
        return [failure_entry(turn.message_id, turn.failure, way_on)]
    if turn.request.parameters.prefix and turn.reply is not None and not turn.reply.prefix:
        words = "This server can't be given the beginning of a reply: it was made anew."
        return [notice(f"no-prefix-{turn.message_id}", words)]
    if turn.state is TurnState.STOPPED and not has_some(turn):
        words = f"Stopped before anything came. {AGAIN}"
        return [notice(f"stopped-{turn.message_id}", words)]
    return []


def has_some(turn: Turn) -> bool:
    """Whether anything of the reply has come, beside the beginning that was given."""
    given = turn.request.parameters.prefix or ""
    return bool(turn.thinking or (turn.text.rstrip() != given.rstrip() and turn.text))


def _way_on(keymap: Mapping[str, str]) -> str:
    """How a reply that was cut off is taken up again, in a sentence."""
    ids = ("chat.focus", "transcript.continue", "transcript.again")
    to, on, anew = (keys_of(command_id, keymap) for command_id in ids)
    return f"{to} goes to it, then {on} has it continued, {anew} has it made anew."
