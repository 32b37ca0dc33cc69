"""What a server says of a model that it offers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model, whatever its number of aliases."""

    id: str
    aliases: tuple[str, ...] = ()
    context: int | None = None
    """Tokens that prompt and reply may have together, if the server tells."""
    temperature: float | None = None
    """The temperature that the server uses when none is sent."""
    description: str = ""
    capabilities: frozenset[str] = field(default_factory=frozenset)
    deprecation: str | None = None
    """The date on which it goes away."""
    replacement: str | None = None
    input_price: float | None = None
    """US dollars for a million tokens of the prompt, if known."""
    output_price: float | None = None
    """US dollars for a million tokens of the reply, if known."""


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models that a server offered when it was last asked."""

    cards: tuple[ModelCard, ...] = ()
    at: float | None = None
    """When that was, in seconds since the epoch; None if it is no matter of time."""

    def named(self, name: str) -> ModelCard | None:
        """The model with that id or alias."""
        return next((card for card in self.cards if name in {card.id, *card.aliases}), None)


def age_words(seconds: float) -> str:
    """How old a list is, as people say it."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds" if round(seconds) != 1 else "1 second"
