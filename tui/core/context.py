"""How full a conversation's context is: counted by the server where it has counted, estimated between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core.tokens import tokens_of
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.message import Message

WARN_AT = 0.8
"""The share of the limit from which a warning is due, unless the user sets another."""

LEARNED_FROM = 8
"""So many of the last replies are looked at for how far the estimates are off."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What the next request would send, in tokens."""

    used: int
    is_exact: bool
    """Whether the server counted all of it; otherwise some or all is estimated."""
    limit: int | None
    """What prompt and reply may have together; None if unknown."""

    @property
    def share(self) -> float | None:
        """Used by limit: 1.0 is full; None without a limit."""
        return self.used / self.limit if self.limit else None

    @property
    def left(self) -> int | None:
        """Tokens that are left for the reply, at least 0; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def is_near(self, warn_at: float = WARN_AT) -> bool:
        """Whether a warning is due: nearly full, or more than that."""
        return self.share is not None and self.share >= warn_at


def meter(
    sent: Sequence[Message],
    limit: int | None,
    *,
    beside: int = 0,
    typed: int = 0,
    count: Callable[[Message], int] = tokens_of,
) -> Meter:
    """How much the messages of `core.session.Session.sent` fill.

    `beside` are tokens that go with every request (system prompt, tools), `typed` those in the
    composer; `count` counts one message, exactly if there is a tokenizer.
    """
    known = _counted(sent)
    if known is None:
        used = round(sum(map(count, sent)) * _ratio(sent, beside, count)) + beside
        return Meter(used + typed, is_exact=False, limit=limit)
    at, tokens = known
    rest = sum(map(count, sent[at + 1 :])) + typed
    return Meter(tokens + rest, is_exact=not rest, limit=limit)


def uncounted(sent: Sequence[Message]) -> Sequence[Message]:
    """The messages that `meter` counts itself, since no server has."""
    known = _counted(sent)
    return sent if known is None else sent[known[0] + 1 :]


def over(sent: Sequence[Message], target: int, beside: int = 0) -> list[Message]:
    """The oldest messages without which at most `target` tokens are sent.

    System messages stay, and so does the last prompt with what follows it. A prompt goes together
    with its reply, so that none is left without the other.
    """
    full = meter(sent, None, beside=beside).used
    estimates = {message.id: tokens_of(message) for message in sent}
    scale = full / max(1, sum(estimates.values()) + beside)
    last = max((at for at, m in enumerate(sent) if m.role is Role.USER), default=len(sent))
    gone: list[Message] = []
    for at, message in enumerate(sent[:last]):
        starts_new = message.role is Role.USER and gone
        if full <= target and (starts_new or not gone):
            break
        if message.role is Role.SYSTEM:
            continue
        gone.append(sent[at])
        full -= round(estimates[message.id] * scale)
    return gone


def _counted(sent: Sequence[Message]) -> tuple[int, int] | None:
    """The last reply whose request was counted and is still what would be sent, and its tokens."""
    for at in range(len(sent) - 1, -1, -1):
        message = sent[at]
        facts = message.completion
        if facts is None or facts.prompt_tokens is None or facts.completion_tokens is None:
            continue
        before = sent[: at + 1]
        same = facts.sent_messages == at and not any(_was_edited(m, message) for m in before)
        return (at, facts.prompt_tokens + facts.completion_tokens) if same else None
    return None


def _was_edited(message: Message, reply: Message) -> bool:
    """Whether a message was edited after it was sent for a reply; if that can't be told, yes."""
    if message.edited is None:
        return False
    return message is reply or reply.created is None or message.edited >= reply.created


def _ratio(sent: Sequence[Message], beside: int, count: Callable[[Message], int]) -> float:
    """What the server counted, by what we estimate: learned from the last two replies that allow it.

    Between two of them what it counted grew by the messages between, whatever was left out in front.
    """
    counted = [
        (0, 0, beside)
    ]  # how many messages are in front now and were then, and what they had
    counted += [
        (at, facts.sent_messages, facts.prompt_tokens)
        for at, facts in enumerate(message.completion for message in sent)
        if facts is not None and facts.prompt_tokens is not None and facts.sent_messages is not None
    ]
    for number, (end, sent_then, tokens) in reversed(list(enumerate(counted))[-LEARNED_FROM:]):
        for start, sent_before, tokens_before in counted[:number]:
            if end - start != sent_then - sent_before:  # something between was left out or put in
                continue
            guess = sum(map(count, sent[start:end]))
            if guess >= 50:  # else too little to learn from
                return min(2.0, max(0.5, (tokens - tokens_before) / guess))
    return 1.0
