"""What the first frame is painted with, and how the application gets the rest.

The frame stands before any service is there: loading those imports the data models and the HTTP
client, which takes longer than painting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tui.ui.keymap import Keymap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.theme import Theme

    from tui.chat.listener import Listener
    from tui.core.ports import Memory
    from tui.ui.desk import Desk


class OpenDesk(Protocol):
    """Loads the services; runs in a thread while the first frame stands already."""

    def __call__(self, listener: Listener) -> Desk:
        """The desk. Raises `Failure` if it can't be had at all."""
        ...


@dataclass(frozen=True)
class Launch:
    """All that is needed to paint the first frame, and the way to the rest."""

    open_desk: OpenDesk
    themes: Sequence[Theme] = ()
    theme: str | None = None
    keymap: Keymap = field(default_factory=lambda: Keymap({}, own={}))
    problems: Sequence[str] = ()
    wraps_code: bool = True
    """Whether long lines of code are wrapped at first."""
    memory: Memory | None = None
    """Keeps how the interface was left; None if that is not wanted."""
    remembered: Mapping[str, object] = field(default_factory=dict)
    """What it had kept: the first frame needs it."""
