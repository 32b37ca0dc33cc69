"""Choosing the model that a chat asks: from a list of all providers' models, or by name."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.fuzzy import is_near, nearest
from tui.core.text import one_line
from tui.ui.features.feature import Feature
from tui.ui.features.models_rows import Choice, Offer, Offers, context_words, told
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.content import Content

    from tui.core.models import ModelList
    from tui.core.ports import Catalogue
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.turn import Turn
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Suggestion, Taking
    from tui.ui.widgets.picker import Picker

LOOK_AFTER_S = 1.8
"""Seconds after the start until the kept lists are read, for the names in the prompt."""

FRESH_S = 86400.0
"""A list that is younger, in seconds, is not asked for again by itself."""

IN_PALETTE = 20
"""So many models the palette offers."""

KEPT = 6
"""So many models are remembered as used last."""

_RECENT = "models.recent"
_BETWEEN = "\t"


class Models(Feature):
    """The lists come from the disk at once, and from the servers when they have answered."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._offers = Offers()
        self._picker: Picker[Choice] | None = None

    def taking(self) -> Mapping[str, Taking]:
        """Choosing one, by name or from the list."""
        return {"model.choose": self.choose}

    def completions(self) -> Mapping[str, Completer]:
        """Names of models."""
        return {"model.choose": self._complete}

    def begin(self) -> None:
        """Read the kept lists when the start is over; note which models are used."""
        self.ctx.hooks.desk_opened.add(
            lambda _desk: self.ctx.screen.set_timer(LOOK_AFTER_S, self._look)
        )
        self.ctx.hooks.turn_ended.add(self._used)
        self.ctx.palette_rows.append(self._palette_rows)

    # -- what there is

    @property
    def _catalogue(self) -> Catalogue | None:
        return self.ctx.need_desk().bench.catalogue

    @property
    def _providers(self) -> Mapping[str, Provider]:
        return self.ctx.need_desk().conductor.providers

    @property
    def _session(self) -> Session:
        session = self.ctx.stage.session
        if session is None:
            raise Failure(FailureKind.CONFIG, "No chat is open")
        return session

    def _look(self) -> None:
        self.ctx.work(self.load(), group="models")

    async def load(self) -> None:
        """Read the lists that were kept, for the providers as they are now."""
        catalogue, providers = self._catalogue, dict(self._providers)

        def read() -> dict[str, ModelList | None]:
            if catalogue is None:
                return dict.fromkeys(providers)
            return {name: catalogue.kept(provider) for name, provider in providers.items()}

        lists = await asyncio.to_thread(read)
        self._offers.take(providers, lists)
        self._offers.recent = self._recent()

    def _recent(self) -> list[Choice]:
        kept: list[str] = self.ctx.remembered.get(_RECENT, [])
        pairs = (text.partition(_BETWEEN) for text in kept if isinstance(text, str))
        return [Choice(provider, model) for provider, _, model in pairs if model]

    def _used(self, turn: Turn) -> None:
        model = turn.request.parameters.model
        if turn.provider is not None and model is not None and turn.failure is None:
            self._note_use(Choice(turn.provider, model))

    def _note_use(self, choice: Choice) -> None:
        if choice.model is None or any(
            not text.isprintable() for text in (choice.provider, choice.model)
        ):
            return
        kept: list[str] = self.ctx.remembered.get(_RECENT, [])
        entry = f"{choice.provider}{_BETWEEN}{choice.model}"
        self.ctx.remembered.set(_RECENT, [entry, *(k for k in kept if k != entry)][:KEPT])

    @property
    def used(self) -> list[str]:
        """The models that were used last, whoever offers them."""
        return [choice.model for choice in self._recent() if choice.model is not None]

    # -- choosing

    async def choose(self, name: str) -> None:
        """Ask a model by name from now on; without one, show the list. Raises `ValueError` for an unknown one."""
        session = self._session
        if name.strip():
            if not self._offers.by_name.keys() >= self._providers.keys():
                await self.load()
            self.take(self._named(name.strip(), session))
            return
        await self.load()
        await self._show(session)

    def _named(self, name: str, session: Session) -> Choice:
        """The model that is meant: of this chat's provider, else of the others, or `provider/model`."""
        first = session.provider or ""
        before, _, behind = name.partition("/")
        if before in self._providers and (behind or name.endswith("/")):
            return Choice(before, behind or None)
        order = sorted(self._offers.by_name, key=lambda known: known != first)
        for provider in order:
            offer = self._offers.by_name[provider]
            if name == offer.provider.model or (offer.models and offer.models.named(name)):
                return Choice(provider, name)
        if name in self._providers:
            return Choice(name, self._providers[name].model)
        here = self._offers.by_name.get(first)
        if here is None or here.models is None or not here.models.cards:
            return Choice(first, name)  # nobody knows better
        near = " or ".join(nearest(name, self._names()))
        hint = f"; did you mean {near}?" if near else ""
        raise ValueError(
            f"No server is known to have {one_line(name, 60)!r}{hint} (/set model NAME takes any)"
        )

    def _names(self) -> list[str]:
        return [
            name
            for offer in self._offers.by_name.values()
            for choice, card in offer.choices()
            for name in (choice.model, *(card.aliases if card is not None else ()))
            if name
        ]

    def take(self, choice: Choice) -> None:
        """Ask that model from the next request on. Raises `Failure` if that can't be."""
        from tui.ui.features.parameters import Parameters
        from tui.ui.features.parameters_values import PROVIDER

        values = self.ctx.features.one(Parameters).values
        values.change_chat({PROVIDER: choice.provider, "model": choice.model})
        self._note_use(choice)
        self.ctx.note(f"From now on: {choice.words}")

    def take_for_new(self, choice: Choice) -> None:
        """Ask it here and in new chats."""
        self.take(choice)
        desk = self.ctx.need_desk()
        desk.provider, desk.model = choice.provider, choice.model
        desk.conductor.settings.parameters.model = None
        if choice.provider in desk.conductor.settings.all_providers():
            self.ctx.work(self._save_for_new(choice), group="save settings")
        self.ctx.note(f"From now on, in new chats too: {choice.words}")

    async def _save_for_new(self, choice: Choice) -> None:
        desk = self.ctx.need_desk()

        def save() -> None:
            desk.remember(("provider",), choice.provider)
            desk.remember(("parameters", "model"), None)
            if choice.model is not None:
                desk.remember(("providers", choice.provider, "model"), choice.model)

        provider = desk.conductor.providers[choice.provider]
        desk.conductor.providers[choice.provider] = provider.model_copy(
            update={"model": choice.model}
        )
        try:
            await asyncio.to_thread(save)
        except Failure as failure:
            self.ctx.complain(f"Not saved: {failure.sentence}")

    # -- the list

    async def _show(self, session: Session) -> None:
        from tui.ui.widgets.picker import Picker

        def chosen(choice: Choice | None) -> None:
            self._picker = None
            if choice is not None:
                self._do(choice, for_new=False)

        picker: Picker[Choice] = Picker(
            "Models",
            lambda query: self._offers.rows(query, time.time(), session.provider),
            placeholder="type a model or a server",
            at=self._at(session),
            preview=self._preview,
            extra={
                "ctrl+o": ("for new chats too", lambda row: self._for_new(picker, row)),
                "ctrl+r": ("asks the servers", lambda _row: self._refresh()),
                "ctrl+e": ("changes servers", lambda _row: self._to_servers(picker)),
            },
            keymap=self.ctx.keymap,
        )
        self._picker = picker
        await self.ctx.push(picker, chosen)
        self._fetch_old()

    def _at(self, session: Session) -> int:
        """The row of the model that is asked now."""
        provider = self._providers.get(session.provider or "")
        model = session.parameters.model or (provider.model if provider is not None else None)
        rows = self._offers.rows("", time.time(), session.provider)
        now = Choice(session.provider or "", model)
        card = self._offers.card(now)
        here = [
            at
            for at, row in enumerate(rows)
            if row.value == now or (card is not None and row.value == Choice(now.provider, card.id))
        ]
        return here[0] if here else 0

    def _do(self, choice: Choice, *, for_new: bool) -> None:
        try:
            if for_new:
                self.take_for_new(choice)
            else:
                self.take(choice)
        except (Failure, ValueError) as trouble:
            self.ctx.complain(trouble)

    def _for_new(self, picker: Picker[Choice], row: Row[Choice] | None) -> None:
        if row is not None:
            picker.dismiss(None)
            self._do(row.value, for_new=True)

    def _to_servers(self, picker: Picker[Choice]) -> None:
        picker.dismiss(None)
        self.ctx.work(self.ctx.features.do("servers.open"), group="servers")

    def _preview(self, row: Row[Choice]) -> Content:
        offer = self._offers.by_name.get(row.value.provider)
        return told(row.value, self._offers.card(row.value), offer, time.time())

    # -- asking the servers

    def _fetch_old(self) -> None:
        """Ask those servers whose list is old or was never had."""
        now = time.time()
        for offer in self._offers.by_name.values():
            at = offer.models.at if offer.models is not None else 0.0
            if at is not None and now - at > FRESH_S:
                self._ask(offer)

    def _refresh(self) -> None:
        for offer in self._offers.by_name.values():
            self._ask(offer)

    def _ask(self, offer: Offer) -> None:
        if self._catalogue is not None and not offer.is_asked:
            offer.is_asked = True
            self.ctx.work(self._fetch(self._catalogue, offer.provider), group="models")
            self._renew()

    async def _fetch(self, catalogue: Catalogue, provider: Provider) -> None:
        models, trouble = None, ""
        try:
            models = await catalogue.fetch(provider)
        except Failure as failure:
            trouble = failure.message
        finally:
            offer = self._offers.by_name.get(provider.name)  # the one that is shown now
            if offer is not None:
                offer.is_asked, offer.trouble = False, trouble
                offer.models = models or offer.models
        self._renew()
        if models is not None and self.ctx.stage.session is not None:
            self.ctx.stage.parameters_changed(
                self.ctx.stage.session
            )  # its context may be known now

    def _renew(self) -> None:
        if self._picker is not None:
            self._picker.renew()

    # -- names

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        first = self.ctx.stage.session.provider if self.ctx.stage.session else None
        return _suggestions(self._offers, typed.strip().lower(), first or "")

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        """Models by name and server, those of this chat's server first."""
        first = self.ctx.stage.session.provider if self.ctx.stage.session else None
        rows = (
            Row(partial(self._do, choice, for_new=False), f"Model: {choice.words}", "model")
            for offer in sorted(
                self._offers.by_name.values(), key=lambda offer: offer.provider.name != first
            )
            for choice, _ in offer.choices()
            if choice.model is not None
        )
        return islice((row for row in rows if is_near(query, row.text)), IN_PALETTE)


def _suggestions(offers: Offers, typed: str, first: str) -> Sequence[Suggestion]:
    """What may become of what is typed: the names of the chat's own provider first, the others' behind theirs."""
    found = []
    for name in sorted(offers.by_name, key=lambda known: known != first):
        offer = offers.by_name[name]
        for choice, card in offer.choices():
            for model in (choice.model, *(card.aliases if card is not None else ())):
                whole = model if name == first else f"{name}/{model}"
                if model and whole and typed in whole.lower():
                    found.append((whole, context_words(card.context) if card else ""))
    return found
