"""Requests that fill a gap in a text, as each kind of server wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.core.failure import Failure, FailureKind
from tui.core.text import scrub
from tui.core.words import Kind
from tui.wire.dialects import DIALECTS
from tui.wire.request import BuiltRequest, stops_for

if TYPE_CHECKING:
    from tui.core.completion import FillRequest

_COMMON: Final = frozenset({"temperature", "top_p", "max_tokens", "stop", "random_seed"})
_TAKEN: Final = {
    Kind.MISTRAL: _COMMON | {"metadata", "prompt_cache_key", "min_tokens"},
    Kind.LLAMACPP: _COMMON | {"top_k", "repetition_penalty"},
}
"""Parameters that an endpoint knows; the common ones unless named here."""
_RENAMED: Final = {
    Kind.MISTRAL: dict[str, str](),
    Kind.LLAMACPP: {
        "random_seed": "seed",
        "max_tokens": "n_predict",
        "repetition_penalty": "repeat_penalty",
    },
}


def build_fill(request: FillRequest, kind: Kind) -> BuiltRequest:
    """The request as a server of that kind wants it. Raises `Failure` if it cannot fill gaps."""
    name = DIALECTS[kind].name
    if kind is Kind.VLLM and request.suffix:
        raise Failure(
            FailureKind.CONFIG,
            f"{name} cannot fill a gap: it takes no text behind it",
            advice="Leave the suffix out, or use another server.",
        )
    parameters = request.parameters
    prompt, suffix = scrub(request.prompt), scrub(request.suffix)
    streams = parameters.stream is not False
    notes: list[str] = []
    body: dict[str, Any] = {"model": scrub(parameters.model)} if parameters.model else {}
    if kind is Kind.LLAMACPP:
        body |= {"input_prefix": prompt, "input_suffix": suffix}
    else:
        body["prompt"] = prompt
        if suffix:
            body["suffix"] = suffix
    for parameter, value in parameters.given().items():
        if parameter in {"model", "stream", "extra"}:
            continue
        if parameter not in _TAKEN.get(kind, _COMMON):
            notes.append(f"filling a gap, {name} does not know {parameter}: it was not sent")
            continue
        if parameter == "stop":
            value = stops_for(DIALECTS[kind], value, notes)
        if value is None:
            continue
        body[_RENAMED.get(kind, {"random_seed": "seed"}).get(parameter, parameter)] = value
    body["stream"] = streams
    if streams and kind not in {Kind.MISTRAL, Kind.LLAMACPP}:
        body["stream_options"] = {"include_usage": True}
    body |= parameters.extra
    if kind is Kind.LLAMACPP:
        return BuiltRequest("/infill", body, notes, at_root=True, adapt=_from_infill)
    return BuiltRequest("/fim/completions" if kind is Kind.MISTRAL else "/completions", body, notes)


def _from_infill(data: dict[str, Any]) -> dict[str, Any]:
    """llama.cpp's own form: `content` pieces, and an object with `stop` true at the end."""
    if "choices" in data or not ("content" in data or "stop" in data):
        return data
    reason = None
    if data.get("stop") is True:
        is_cut = data.get("stop_type") == "limit" or data.get("stopped_limit") is True
        reason = "length" if is_cut else "stop"
    choice = {
        "index": 0,
        "delta": {"content": data.get("content")},
        "finish_reason": reason,
        "stop_reason": data.get("stopping_word"),
    }
    shaped: dict[str, Any] = {"model": data.get("model"), "choices": [choice]}
    prompt, completion = data.get("tokens_evaluated"), data.get("tokens_predicted")
    if reason and isinstance(prompt, int) and isinstance(completion, int):
        shaped["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
    return shaped
