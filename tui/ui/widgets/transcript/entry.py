"""What the transcript shows of a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Entry:
    """One message, or one notice between messages, as plain data. Its texts are raw: painting cleans them."""

    id: str
    role: str
    """`user`, `assistant`, `system`, `tool` or `notice`."""
    head: str = ""
    """The line above: who and when."""
    body: str = ""
    """Markdown; of a notice, plain text."""
    thinking: str = ""
    """What the model thought before it answered: folded to one line at first."""
    foot: str = ""
    """What is told below: how it ended, how long it took."""
    given: str = ""
    """The beginning of a reply that the model was given; the body may begin with it."""
    live: bool = False
    """Whether more of it is to come."""
    tone: str = ""
    """Of a notice's text and of every foot: `error`, `warning`, or nothing."""
    dimmed: bool = False
    """Whether it stands back behind the others, because it is not sent."""
    thought_s: float | None = None
    """How many seconds the thinking took, if that is known."""
