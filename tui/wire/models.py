"""Reads the lists of models that servers of all kinds give."""

from __future__ import annotations

from typing import Any

from tui.core.models import ModelCard
from tui.core.text import scrub


def cards(data: Any) -> list[ModelCard] | None:
    """The models for chats, in the server's order, one card each; None if it is no list of models.

    Mistral lists a model once per alias: its cards share their `name`, which becomes the id.
    """
    entries = data.get("data", data.get("models")) if isinstance(data, dict) else data
    if not isinstance(entries, list):
        return None
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if isinstance(entry, dict) and _id(entry) and _chats(entry):
            groups.setdefault(_text(entry.get("name")) or _id(entry), []).append(entry)
    return [_card(name, group) for name, group in groups.items()]


def context_in_use(props: Any) -> int | None:
    """The context that llama.cpp's `GET /props` tells, in tokens."""
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _positive(settings.get("n_ctx")) if isinstance(settings, dict) else None


def _id(entry: dict[str, Any]) -> str:
    return _text(entry.get("id"))


def _chats(entry: dict[str, Any]) -> bool:
    """Whether it is for chats; a card that does not tell is offered as well."""
    capabilities = entry.get("capabilities")
    return not isinstance(capabilities, dict) or capabilities.get("completion_chat") is True


def _card(name: str, group: list[dict[str, Any]]) -> ModelCard:
    main = next((entry for entry in group if _id(entry) == name), group[0])
    card_id = _id(main)
    aliases = dict.fromkeys(_id(entry) for entry in group)
    for entry in group:
        given = entry.get("aliases")
        aliases |= dict.fromkeys(_text(a) for a in given) if isinstance(given, list) else {}
    capabilities = main.get("capabilities")
    return ModelCard(
        id=card_id,
        aliases=tuple(alias for alias in aliases if alias and alias != card_id),
        context=_context(main),
        temperature=_number(main.get("default_model_temperature")),
        description=_text(main.get("description")),
        capabilities=_capabilities(capabilities),
        deprecation=_text(main.get("deprecation")) or None,
        replacement=_text(main.get("deprecation_replacement_model")) or None,
    )


def _capabilities(given: Any) -> frozenset[str]:
    if isinstance(given, dict):
        return frozenset(scrub(str(name)) for name, has in given.items() if has is True)
    if isinstance(given, list):
        return frozenset(scrub(name) for name in given if isinstance(name, str))
    return frozenset()


def _context(entry: dict[str, Any]) -> int | None:
    meta = entry.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    tellers = (
        entry.get("max_context_length"),  # Mistral
        entry.get("max_model_len"),  # vLLM
        meta.get("n_ctx"),  # llama.cpp; n_ctx_train is only what the model was made for
        entry.get("context_length"),  # routers
    )
    return next((context for teller in tellers if (context := _positive(teller))), None)


def _text(value: Any) -> str:
    return scrub(value) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _positive(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
