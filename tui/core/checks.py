"""What a look at a server shows, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.models import ModelCard
    from tui.core.words import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be right for a server to answer."""

    name: str
    """`settings`, `name`, `connection`, `TLS`, `answer`, `key` or `model`."""
    is_right: bool | None
    """None: it can't be told."""
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """The steps up to the first that is wrong, and what was learnt."""

    steps: tuple[Step, ...]
    kind: Kind | None = None
    """Which dialect the server seems to speak."""
    cards: tuple[ModelCard, ...] = ()
    """The models that it offers."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return all(step.is_right is not False for step in self.steps)
