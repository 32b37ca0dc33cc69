"""Lists of models, kept in the cache folder: what a server offered when it was last asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from tui.core.models import ModelCard
from tui.core.nesting import read_json
from tui.store import atomic
from tui.store.disk import disk_failure

if TYPE_CHECKING:
    from pathlib import Path

    from tui.core.provider import Provider
    from tui.store.places import Places

_FORM = 1
_LONGEST = 20_000_000


class ModelCache:
    """The lists, one file per server."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def keep(self, provider: Provider, cards: list[ModelCard], now: float) -> None:
        """Keep a list that has just come; `now` in seconds since the epoch. Raises `Failure`."""
        path = self._path(provider)
        self._places.ensure(path.parent)
        kept = [{**asdict(card), "capabilities": sorted(card.capabilities)} for card in cards]
        data = json.dumps({"form": _FORM, "at": now, "models": kept}).encode()
        try:
            atomic.replace(path, data)
        except OSError as error:
            raise disk_failure(error, path, "write") from error

    def look_up(self, provider: Provider, now: float) -> tuple[list[ModelCard], float] | None:
        """The list that was kept and its age in seconds; None if there is none that can be read."""
        try:
            with self._path(provider).open("rb") as file:
                kept = read_json(file.read(_LONGEST))
            if kept["form"] != _FORM:
                return None
            return [_card(entry) for entry in kept["models"]], max(0.0, now - float(kept["at"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None  # it is only a cache

    def _path(self, provider: Provider) -> Path:
        server = f"{provider.name} {provider.kind} {provider.base_url}"
        name = hashlib.sha256(server.encode("utf-8", "replace")).hexdigest()[:16]
        return self._places.cache / "models" / f"{name}.json"


def _card(entry: dict[str, Any]) -> ModelCard:
    known = {field.name for field in fields(ModelCard)}
    members = {name: value for name, value in entry.items() if name in known}
    members["aliases"] = tuple(map(str, members["aliases"]))
    members["capabilities"] = frozenset(map(str, members["capabilities"]))
    card = ModelCard(**members)
    numbers = (card.context, card.temperature, card.input_price, card.output_price)
    if not isinstance(card.id, str) or any(
        not isinstance(number, int | float | None) for number in numbers
    ):
        raise TypeError
    return card
