"""What replies have used, by day and model, summed up over sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from tui.core.costs import Prices

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Used:
    """What one model of one provider was used for on one day, in local time."""

    day: date
    provider: str | None
    model: str | None
    replies: int
    prompt: int
    """Tokens, as all below."""
    cached: int
    completion: int
    uncounted: int = 0
    """Replies whose tokens the server did not tell."""

    def cost(self, prices: Prices) -> float | None:
        """In US dollars, of the replies that were counted; None if there are none, or if a price is unknown."""
        if prices.are_zero:
            return 0.0
        if self.uncounted == self.replies:
            return None
        return prices.cost(self.prompt, self.completion, self.cached)

    def unknown(self, prices: Prices) -> int:
        """The replies whose cost is not known."""
        if prices.are_zero:
            return 0
        return self.replies if self.cost(prices) is None else self.uncounted


@dataclass(slots=True)
class Sum:
    """Several of them together."""

    replies: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    cost: float = 0.0
    """US dollars, as far as known."""
    unknown: int = 0
    """Replies whose cost is not known."""

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.prompt + self.completion

    def add(self, used: Used, prices: Prices) -> None:
        """Count one more."""
        self.replies += used.replies
        self.prompt += used.prompt
        self.cached += used.cached
        self.completion += used.completion
        self.cost += used.cost(prices) or 0.0
        self.unknown += used.unknown(prices)


def by_key(
    rows: Iterable[Used],
    key: Callable[[Used], Key],
    prices_of: Callable[[str | None, str | None], Prices],
) -> dict[Key, Sum]:
    """The sums by what `key` gives for a row, in the order in which those come first."""
    sums: dict[Key, Sum] = {}
    for row in rows:
        sums.setdefault(key(row), Sum()).add(row, prices_of(row.provider, row.model))
    return sums
