"""What is known of Mistral's models and not told by its list: contexts and prices.

Prices are US dollars for a million tokens, as published in August 2026; the user's settings come
before this table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.models import ModelCard
    from tui.core.settings import ModelFacts

T = TypeVar("T", int, float)


class _Known(NamedTuple):
    context: int
    input_price: float
    output_price: float


_256K: Final = 262_144
_128K: Final = 131_072
_TABLE: Final = {
    "mistral-medium-3-5": _Known(_256K, 1.5, 7.5),
    "mistral-small-2603": _Known(_256K, 0.15, 0.6),
    "mistral-large-2512": _Known(_256K, 0.5, 1.5),
    "ministral-14b-2512": _Known(_256K, 0.2, 0.2),
    "ministral-8b-2512": _Known(_256K, 0.15, 0.15),
    "ministral-3b-2512": _Known(_256K, 0.1, 0.1),
    "codestral-2508": _Known(_128K, 0.3, 0.9),
    "voxtral-small-2507": _Known(32_768, 0.1, 0.4),
    "zai-glm-5-2": _Known(1_000_000, 1.4, 4.4),
    "mistral-moderation-2603": _Known(_128K, 0.0, 0.0),
}


def with_known(
    cards: list[ModelCard], own: Mapping[str, ModelFacts], *, mistral: bool
) -> list[ModelCard]:
    """The cards with what the user's settings say, else the server, else (for Mistral) the table.

    An alias counts as its model, but only where the server's list says so: aliases move on.
    """
    return [_completed(card, own, _TABLE if mistral else {}) for card in cards]


def _completed(
    card: ModelCard, own: Mapping[str, ModelFacts], table: Mapping[str, _Known]
) -> ModelCard:
    names = (card.id, *card.aliases)
    facts = next((own[name] for name in names if name in own), None)
    known = next((table[name] for name in names if name in table), None)
    return replace(
        card,
        context=_first(
            facts.context if facts else None, card.context, known.context if known else None
        ),
        input_price=_first(
            facts.input if facts else None, card.input_price, known.input_price if known else None
        ),
        output_price=_first(
            facts.output if facts else None,
            card.output_price,
            known.output_price if known else None,
        ),
    )


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)
