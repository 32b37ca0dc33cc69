"""Where in a chat the reader was."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The reader's place in one chat, kept while another one is shown."""

    entry_id: str | None
    """The entry at the top of the view."""
    line: int
    """Which of its lines is the topmost."""
    at_tail: bool
    """Whether the end was in view, and what comes was followed."""
    selected: str | None
    """The chosen entry."""
    is_held: bool = False
    """Whether the line at the top stays there even if what is below fills the view no more."""
