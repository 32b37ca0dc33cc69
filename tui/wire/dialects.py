"""What each kind of server knows: which parameters, under which names, and how it continues a prefix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tui.core.stops import MOST
from tui.core.words import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMON: Final = frozenset(
    [
        "temperature",
        "top_p",
        "max_tokens",
        "stop",
        "random_seed",
        "presence_penalty",
        "frequency_penalty",
        "response_format",
        "tools",
        "reasoning_effort",
    ]
)
_MOST: Final = _COMMON | frozenset(
    ["n", "tool_choice", "parallel_tool_calls", "logprobs", "top_logprobs"]
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of server."""

    name: str
    """What people call it."""
    parameters: frozenset[str]
    """The parameters that it knows, under our names, beside model and stream."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    most_stops: int | None = None
    """So many stop sequences are sent; None means all."""
    required_word: str | None = None
    """What `tool_choice: any` is called; None if it is understood as it is."""
    prefix_members: Mapping[str, bool] | None = field(default_factory=dict)
    """Members that make it continue a trailing assistant message; None if it cannot."""
    prefix_note: str = ""
    asks_for_usage: bool = True
    """Whether the usage must be asked for in a stream."""
    thinking_member: str | None = None
    """Where thinking goes in a message of the history; None if it has no place there."""
    takes_chunks: bool = False
    """Whether Mistral's chunks (thinking, references, documents) are understood."""
    names_in: frozenset[str] = frozenset()
    """Roles whose messages may carry a name."""
    strict_turns: bool = False
    """Whether its templates may refuse two messages of one role in a row, or a late system message."""
    short_call_ids: bool = False
    """Whether ids of tool calls must be nine letters or digits."""
    images_inline_only: bool = False
    """Whether images can be sent as data only, not by address."""
    shortest_echo: int = 1
    """Characters of a prefix from which on a repeat of it in a stream is believed to be one."""


_SEED: Final = {"random_seed": "seed"}
_CONTINUE: Final = {"continue_final_message": True, "add_generation_prompt": False}
_NO_ECHO: Final = 12
"""These servers do not repeat a prefix in streams: a short one that comes again is the model's own."""

DIALECTS: Final[Mapping[Kind, Dialect]] = {
    Kind.MISTRAL: Dialect(
        name="Mistral",
        parameters=_MOST
        | frozenset(
            [
                "safe_prompt",
                "prediction",
                "prompt_mode",
                "metadata",
                "guardrails",
                "prompt_cache_key",
                "service_tier",
                "min_tokens",
                "top_k",
                "repetition_penalty",
                "prompt_logprobs",
                "top_prompt_logprobs",
            ]
        ),
        asks_for_usage=False,
        takes_chunks=True,
        names_in=frozenset({"tool"}),
        short_call_ids=True,
    ),
    Kind.OPENAI: Dialect(
        name="OpenAI",
        parameters=_MOST | {"prediction", "metadata", "prompt_cache_key", "service_tier"},
        renamed={**_SEED, "max_tokens": "max_completion_tokens"},
        most_stops=MOST[Kind.OPENAI],
        required_word="required",
        prefix_members=None,
        names_in=frozenset({"system", "user", "assistant"}),
    ),
    Kind.LLAMACPP: Dialect(
        name="llama.cpp",
        parameters=_MOST | {"top_k", "repetition_penalty"},
        renamed={**_SEED, "repetition_penalty": "repeat_penalty"},
        required_word="required",
        prefix_members=_CONTINUE,
        thinking_member="reasoning_content",
        strict_turns=True,
        shortest_echo=_NO_ECHO,
    ),
    Kind.OLLAMA: Dialect(
        name="Ollama",
        parameters=_COMMON,
        renamed=_SEED,
        prefix_note="whether the model continues the prefix depends on its template",
        thinking_member="reasoning",
        names_in=frozenset({"tool"}),
        images_inline_only=True,
        shortest_echo=_NO_ECHO,
    ),
    Kind.VLLM: Dialect(
        name="vLLM",
        parameters=_MOST | {"min_tokens", "top_k", "repetition_penalty", "prompt_logprobs"},
        renamed=_SEED,
        required_word="required",
        prefix_members=_CONTINUE,
        thinking_member="reasoning",
        strict_turns=True,
        shortest_echo=_NO_ECHO,
    ),
}
"""The dialect of each kind."""
