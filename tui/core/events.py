"""What a backend tells while a reply comes in.

The order is: any number of `Retrying`, then `Opened`, then deltas, then one `Finished`. If it
goes wrong a `Failure` is raised instead of the rest, with what had arrived in its `reply`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.completion import Reply
    from tui.core.failure import Failure


def _nothing() -> None:
    pass


def _no_reply() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Retrying:
    """The request failed and will be sent again after a wait."""

    attempt: int
    """Counted from 1: the number of the try that will follow is `attempt + 1`."""
    wait_s: float
    failure: Failure
    skip: Callable[[], None] = field(default=_nothing, compare=False, repr=False)
    """Call it to try again at once."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The server accepted the request and will answer."""

    notes: tuple[str, ...] = ()
    """What was left out, changed or repaired before sending, in words."""
    so_far: Callable[[], Reply | None] = field(default=_no_reply, compare=False, repr=False)
    """The reply as it stands, for whoever ends it before its server does; it may be ahead of the events."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str
    choice: int = 0
    pieces: int = 1
    """So many of the server's pieces are joined in it."""


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """A piece of the thinking before the answer."""

    text: str
    choice: int = 0
    pieces: int = 1
    """So many of the server's pieces are joined in it."""


@dataclass(frozen=True, slots=True)
class PartDelta:
    """Something else has arrived (a citation, an image, a piece of a tool call); `Finished` has the whole."""

    kind: str
    """The chunk's type, or `tool_call`."""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is complete."""

    reply: Reply


ReplyEvent = Retrying | Opened | TextDelta | ThinkingDelta | PartDelta | Finished
