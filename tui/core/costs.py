"""What replies took: time, tokens and money; unknown where it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.core.message import Completion, Message

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens; None if unknown."""

    input: float | None = None
    output: float | None = None
    cached: float | None = None
    """Of the prompt's tokens that the server had kept; None means the price of the others."""

    @property
    def are_zero(self) -> bool:
        """Whether nothing costs anything, as with a model of one's own, whatever was counted."""
        return self.input == self.output == 0

    def cost(self, prompt: int, completion: int, cached: int = 0) -> float | None:
        """The cost in US dollars; None if a price is unknown that is needed. `cached` are part of `prompt`."""
        fresh = max(0, prompt - cached)
        kept = self.input if self.cached is None else self.cached
        parts = ((fresh, self.input), (cached, kept), (completion, self.output))
        total = 0.0
        for tokens, price in parts:
            if tokens and price is None:
                return None
            total += tokens * (price or 0.0) / MILLION
        return total


UNKNOWN = Prices()
"""Nothing is known."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one reply took."""

    first_token_s: float | None
    seconds: float | None
    per_second: float | None
    """Tokens of the reply a second, from its first piece on."""
    prompt: int | None
    cached: int | None
    completion: int | None
    cost: float | None
    """US dollars."""


@dataclass(slots=True)
class Totals:
    """What several replies took together."""

    replies: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    cost: float = 0.0
    """US dollars, of the replies whose cost is known."""
    unknown: int = 0
    """Replies whose cost is not known."""
    uncounted: int = 0
    """Replies whose tokens the server did not tell."""

    def add(self, completion: Completion, prices: Prices) -> None:
        """Count one reply more."""
        self.replies += 1
        self.prompt += completion.prompt_tokens or 0
        self.cached += completion.cached_tokens or 0
        self.completion += completion.completion_tokens or 0
        cost = cost_of(completion, prices)
        if cost is None:
            self.unknown += 1
        else:
            self.cost += cost
        if completion.prompt_tokens is None and completion.completion_tokens is None:
            self.uncounted += 1


def cost_of(completion: Completion, prices: Prices) -> float | None:
    """The cost of a reply in US dollars; None if its tokens or their prices are unknown."""
    if prices.are_zero:
        return 0.0
    if completion.prompt_tokens is None or completion.completion_tokens is None:
        return None
    return prices.cost(
        completion.prompt_tokens, completion.completion_tokens, completion.cached_tokens or 0
    )


def numbers_of(completion: Completion, prices: Prices = UNKNOWN) -> Numbers:
    """What a reply took."""
    return Numbers(
        completion.first_token_s,
        completion.seconds,
        speed(completion.completion_tokens, completion.first_token_s, completion.seconds),
        completion.prompt_tokens,
        completion.cached_tokens,
        completion.completion_tokens,
        cost_of(completion, prices),
    )


def speed(tokens: int | None, first_token_s: float | None, seconds: float | None) -> float | None:
    """Tokens a second from the first piece to the end; None if that can't be told."""
    if not tokens or seconds is None:
        return None
    span = seconds - (first_token_s or 0.0)
    return tokens / span if span > 0 else None


def totals_of(
    messages: Iterable[Message], prices_of: Callable[[str | None, str | None], Prices]
) -> Totals:
    """What all replies of a session took, removed ones too; not those that were copied from another."""
    totals = Totals()
    for message in messages:
        facts = message.completion
        if facts is not None and message.copied_from is None and message.former_of is None:
            totals.add(facts, prices_of(facts.provider, facts.model))
    return totals


def money(cost: float | None) -> str:
    """A cost for people: `$0.0042`, `$1.20`, `unknown`."""
    if cost is None:
        return "unknown"
    if cost == 0 or cost >= 1:
        return f"${cost:,.2f}"
    return "<$0.0001" if cost < 0.0001 else f"${cost:.4f}"
