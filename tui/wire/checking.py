"""Looks at a server: whether it is reached, proves who it is, takes the key, and has the model; and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.core.checks import Report, Step
from tui.core.failure import Failure, FailureKind
from tui.core.words import Kind
from tui.wire.client import Client
from tui.wire.models import cards

if TYPE_CHECKING:
    from tui.core.models import ModelCard
    from tui.core.provider import Provider

_OWNERS: Final = {
    "mistralai": Kind.MISTRAL,
    "vllm": Kind.VLLM,
    "llamacpp": Kind.LLAMACPP,
    "library": Kind.OLLAMA,
}
"""What servers put into `owned_by` of their models."""

_HOSTS: Final = {"api.mistral.ai": Kind.MISTRAL, "api.openai.com": Kind.OPENAI}

_BEFORE: Final = ("name", "connection", "TLS", "answer", "key")
"""The steps on the way to a list of models."""

_FINE: Final = {
    "name": "the host has an address",
    "connection": "the port takes connections",
    "TLS": "the server proves who it is",
    "answer": "it speaks the API",
    "key": "it takes the key",
}


async def check(provider: Provider, key: str | None) -> Report:
    """Ask a server for its models, and tell how far that went. Never raises `Failure`."""
    try:
        client = Client(provider, key, keep_alive=False)
    except Failure as failure:
        return Report((Step("settings", is_right=False, words=failure.sentence),))
    try:
        return await _checked(client, provider, key)
    finally:
        await client.aclose()


async def _checked(client: Client, provider: Provider, key: str | None) -> Report:
    names = [name for name in _BEFORE if _applies(name, provider, key)]
    try:
        data = await client.look("/models")
    except Failure as failure:
        wrong = step_of(failure)
        if wrong == "settings" or wrong not in _BEFORE:
            return Report((Step(wrong, is_right=False, words=failure.sentence),))
        right = names[: names.index(wrong)] if wrong in names else names
        steps = [Step(name, is_right=True, words=_FINE[name]) for name in right]
        return Report((*steps, Step(wrong, is_right=False, words=failure.sentence)))
    found = cards(data)
    steps = [Step(name, is_right=True, words=_FINE[name]) for name in names]
    if found is None:
        words = f"What came is no list of models: check the address ({provider.base_url})"
        return Report((*steps[:-1], Step("answer", is_right=False, words=words)))
    if key is not None and await _lists_for_anybody(provider):
        words = (
            "its models are listed without a key: whether it is right shows with the first reply"
        )
        steps[-1] = Step("key", is_right=None, words=words)
    steps.append(_model_step(provider, found))
    return Report(tuple(steps), await guessed_kind(client, provider, data), tuple(found))


def _applies(name: str, provider: Provider, key: str | None) -> bool:
    if name == "TLS":
        return not (provider.base_url or "").strip().lower().startswith("http://")
    if name == "name":
        return not provider.proxy
    return name != "key" or key is not None


def step_of(failure: Failure) -> str:
    """Which step a failure is about."""
    match failure.kind:
        case FailureKind.CONFIG:
            return "settings"
        case FailureKind.CONNECT:
            return "name" if failure.code == "dns" else "connection"
        case FailureKind.TLS:
            return "TLS"
        case FailureKind.AUTH | FailureKind.PERMISSION | FailureKind.PAYMENT:
            return "key"
        case _:
            return "answer"


async def _lists_for_anybody(provider: Provider) -> bool:
    client = Client(provider, None, keep_alive=False)
    try:
        await client.look("/models")
    except Failure:
        return False
    finally:
        await client.aclose()
    return True


def _model_step(provider: Provider, found: list[ModelCard]) -> Step:
    names = {name for card in found for name in (card.id, *card.aliases)}
    count = f"{len(found)} model" + ("s" if len(found) != 1 else "")
    if provider.model is None:
        return Step("model", is_right=None, words=f"it offers {count}; none is set")
    if provider.model in names:
        return Step("model", is_right=True, words=f"it offers {provider.model}, of {count}")
    words = f"it offers {count}, but not {provider.model}"
    return Step("model", is_right=False, words=words)


async def guessed_kind(client: Client, provider: Provider, listed: Any) -> Kind | None:
    """Which dialect a server speaks, by its address, its list of models, and what else it answers."""
    for host, kind in _HOSTS.items():
        if host in (provider.base_url or ""):
            return kind
    entries = listed.get("data", listed.get("models")) if isinstance(listed, dict) else listed
    first = entries[0] if isinstance(entries, list) and entries else None
    if isinstance(first, dict):
        owner = _OWNERS.get(str(first.get("owned_by")))
        if owner is not None:
            return owner
        if "completion_chat" in (first.get("capabilities") or {}):
            return Kind.MISTRAL
    if await _answers(client, "/props", "default_generation_settings"):
        return Kind.LLAMACPP
    if await _answers(client, "/api/version", "version"):
        return Kind.OLLAMA
    return Kind.VLLM if await _answers(client, "/version", "version") else Kind.OPENAI


async def _answers(client: Client, path: str, member: str) -> bool:
    try:
        found = await client.look(path, at_root=True)
    except Failure:
        return False
    return isinstance(found, dict) and member in found
