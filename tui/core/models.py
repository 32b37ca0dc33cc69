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
