"""What other running instances of the program do, as far as it can be seen from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.core.merging import Stamp
    from tui.core.words import Place


@dataclass(frozen=True, slots=True)
class Flight:
    """The journal of a reply that another process makes, or made until it died."""

    session_id: str
    message_id: str
    size: int
    """Bytes of it."""
    is_alive: bool
    """Whether its process still runs."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look has shown."""

    flights: tuple[Flight, ...] = ()
    sessions: Mapping[str, Stamp | None] = field(default_factory=dict)
    """The state of each session's file that was asked for; None if it is not there."""
    filed: Mapping[str, Place | None] = field(default_factory=dict)
    """Where each of these sessions is filed; None if it has no file."""
    folder: Stamp | None = None
    """The state of the folder: another one when a session was made, moved or replaced."""


class ReplyElsewhere:
    """A reply in the making in another instance: read-only, and a second or so behind."""

    def __init__(self, session_id: str, message_id: str) -> None:
        self.session_id = session_id
        self.message_id = message_id
        """The id that the reply will have in the session."""
        self.parent: str | None = None
        """The message that it answers."""
        self.model: str | None = None
        self.is_over = False
        """Whether it has come to its end, whichever; the session then holds what came of it."""
        self.was_cut = False
        """For one that is over: whether its process died, and what had come was made a message here."""
        self._text: list[str] = []
        self._thinking: list[str] = []

    @property
    def text(self) -> str:
        """The answer's text so far."""
        self._text = ["".join(self._text)]
        return self._text[0]

    @property
    def thinking(self) -> str:
        """The thinking so far."""
        self._thinking = ["".join(self._thinking)]
        return self._thinking[0]

    def take(self, records: Iterable[Mapping[str, Any]]) -> bool:
        """Fold records of its journal into it; whether there is more text or thinking now."""
        grown = False
        for record in records:
            if "journal" in record:
                parent, parameters = record.get("parent"), record.get("parameters")
                self.parent = parent if isinstance(parent, str) else None
                model = parameters.get("model") if isinstance(parameters, dict) else None
                self.model = model if isinstance(model, str) else None
            for name, pieces in (("text", self._text), ("thinking", self._thinking)):
                piece = record.get(name)
                if isinstance(piece, str) and piece:
                    pieces.append(piece)
                    grown = True
        return grown
