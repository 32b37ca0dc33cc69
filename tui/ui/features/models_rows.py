"""The rows of the model picker, and what is told of each model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.core.fuzzy import Haystack
from tui.core.models import age_words
from tui.core.text import one_line
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.content import Content

    from tui.core.models import ModelCard, ModelList
    from tui.core.provider import Provider

RECENT = "Used last"

JUST_NOW_S = 90.0

_WORDS = {
    "function_calling": "tools",
    "vision": "vision",
    "reasoning": "reasoning",
    "audio": "audio",
    "completion_fim": "fim",
}
"""Capabilities that stand in a row, in their order, and how they are called there."""

_MONTH = len("2026-12")


@dataclass(frozen=True, slots=True)
class Choice:
    """A model of a provider."""

    provider: str
    model: str | None
    """None: whatever the server takes if none is named."""

    @property
    def words(self) -> str:
        """Both, for people."""
        return f"{one_line(self.model or 'its only model', 80)} · {one_line(self.provider, 40)}"


@dataclass(slots=True)
class Offer:
    """One provider, with what is known of its models."""

    provider: Provider
    models: ModelList | None = None
    trouble: str = ""
    """Why it could not be asked, in words."""
    is_asked: bool = False
    """Whether it is being asked now."""

    def heading(self, now: float) -> str:
        """Its name, and how far the list can be trusted; `now` in seconds since the epoch."""
        return " · ".join(filter(None, (self.provider.name, self._state(now))))

    def _state(self, now: float) -> str:
        at = self.models.at if self.models is not None else None
        old = f"list of {_ago(now - at)}" if at is not None else ""
        if self.is_asked:
            return f"{old}, asking …" if old else "asking …"
        if self.trouble:
            kept = f"{old}; " if old else ""
            return f"{kept}{one_line(self.trouble, 200)}"
        if self.models is None:
            return "not asked yet"
        return old

    def choices(self) -> Iterable[tuple[Choice, ModelCard | None]]:
        """Its models; the provider's own one first if the list does not have it."""
        name, own = self.provider.name, self.provider.model
        listed = self.models.cards if self.models is not None else ()
        if not listed or (own and self.models is not None and self.models.named(own) is None):
            yield Choice(name, own), None
        for card in listed:
            yield Choice(name, card.id), card


@dataclass(slots=True)
class Offers:
    """All providers, and what was chosen last."""

    by_name: dict[str, Offer] = field(default_factory=dict)
    recent: list[Choice] = field(default_factory=list)

    def take(self, providers: Mapping[str, Provider], kept: Mapping[str, ModelList | None]) -> None:
        """Be of those providers from now on, with the lists that were kept on disk.

        What a server answered while those were read is newer, and stays.
        """
        before = self.by_name
        self.by_name = {}
        for name, provider in providers.items():
            offer = Offer(provider, kept[name])
            if name in before:
                offer.trouble, offer.is_asked = before[name].trouble, before[name].is_asked
                if before[name].provider == provider:
                    offer.models = _newer(before[name].models, kept[name])
            self.by_name[name] = offer

    def card(self, choice: Choice) -> ModelCard | None:
        """What is known of a model."""
        offer = self.by_name.get(choice.provider)
        if offer is None or offer.models is None or choice.model is None:
            return None
        return offer.models.named(choice.model)

    def rows(self, query: str, now: float, first: str | None) -> Sequence[Row[Choice]]:
        """The rows for what is typed; without that all, those of the provider `first` before the others."""
        return self._fitting(query) if query.strip() else self._all(now, first)

    def _all(self, now: float, first: str | None) -> list[Row[Choice]]:
        rows = [
            self._row(choice, self.card(choice), RECENT, named=True)
            for choice in self.recent
            if choice.provider in self.by_name
        ]
        for offer in sorted(self.by_name.values(), key=lambda offer: offer.provider.name != first):
            heading = offer.heading(now)
            rows += [self._row(choice, card, heading) for choice, card in offer.choices()]
        return rows

    def _fitting(self, query: str) -> list[Row[Choice]]:
        """Models by name, alias and provider, those first that fit best and were used last."""
        rows = [
            self._row(choice, self.card(choice), "", named=True)
            for choice in self.recent
            if choice.provider in self.by_name
        ]
        seen = {row.value for row in rows}
        for offer in self.by_name.values():
            for choice, card in offer.choices():
                names = (choice.model, *(card.aliases if card is not None else ()))
                found = [Choice(choice.provider, name) for name in names]
                rows += [self._row(one, card, "", named=True) for one in found if one not in seen]
        haystack = Haystack(f"{row.text} {row.value.provider}" for row in rows)
        return [rows[at] for at in haystack.search(query)]

    def _row(
        self, choice: Choice, card: ModelCard | None, group: str, *, named: bool = False
    ) -> Row[Choice]:
        words = [*_facts(card), choice.provider] if named else _facts(card)
        return Row(choice, choice.model or "(its only model)", ", ".join(words), group)


def _ago(seconds: float) -> str:
    return f"{age_words(seconds)} ago" if seconds >= JUST_NOW_S else "just now"


def _facts(card: ModelCard | None) -> list[str]:
    """The most important of a model, each in a word or two."""
    if card is None:
        return []
    capabilities = " ".join(word for name, word in _WORDS.items() if name in card.capabilities)
    gone = f"until {card.deprecation[:_MONTH]}" if card.deprecation else ""
    return list(filter(None, (gone, capabilities, price_words(card), context_words(card.context))))


def context_words(context: int | None) -> str:
    """Tokens as people read them, such as `256k`."""
    if context is None:
        return ""
    if context < 1000:
        return str(context)
    unit = 1024 if context % 1024 == 0 else 1000
    thousands = context / unit
    return f"{thousands / unit:.3g}M" if thousands >= unit else f"{thousands:.4g}k"


def price_words(card: ModelCard) -> str:
    """Dollars for a million tokens in and out."""
    if card.input_price is None or card.output_price is None:
        return ""
    if not card.input_price and not card.output_price:
        return "free"
    return f"${card.input_price:g}/${card.output_price:g}"


def told(choice: Choice, card: ModelCard | None, offer: Offer | None, now: float) -> Content:
    """All that is known of a model, for the foot of the picker."""
    from textual.content import Content

    lines = [(one_line(choice.words, 200), "bold")]
    if card is not None:
        lines += [(one_line(line, 400), "") for line in _lines(card) if line]
        if card.deprecation:
            instead = f"; use {card.replacement} instead" if card.replacement else ""
            lines.append(
                (one_line(f"It goes away on {card.deprecation}{instead}", 200), "$warning")
            )
    if offer is not None:
        lines.append((one_line(offer.heading(now), 300), "$text-muted"))
        if card is None and offer.models is not None and choice.model is not None:
            lines.append(("The server's list does not have this model", "$warning"))
    return Content("\n").join(Content.styled(text, style) for text, style in lines)


def _lines(card: ModelCard) -> Iterable[str]:
    facts: Mapping[str, str] = {
        "context": f"{card.context:,} tokens" if card.context else "",
        "price": _price_line(card),
        "temperature": "" if card.temperature is None else f"{card.temperature:g}",
        "can": ", ".join(sorted(card.capabilities - {"completion_chat"})).replace("_", " "),
    }
    yield card.description
    yield " · ".join(f"{name} {value}" for name, value in facts.items() if value)
    yield f"also called {', '.join(card.aliases)}" if card.aliases else ""


def _price_line(card: ModelCard) -> str:
    words = price_words(card)
    if not words or words == "free":
        return words
    return f"${card.input_price:g} in, ${card.output_price:g} out, a million tokens"


def _newer(one: ModelList | None, other: ModelList | None) -> ModelList | None:
    if one is None or other is None:
        return one or other
    return one if (one.at or 0.0) > (other.at or 0.0) else other
