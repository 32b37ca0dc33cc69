"""All parameters, in one table: pane, command line, validation, help and README are made from it."""

from __future__ import annotations

from typing import Final

from tui.core.spec import ALL, Group, Home, Range, Shape, Spec
from tui.core.words import Kind

_MISTRAL: Final = frozenset({Kind.MISTRAL})
_NOT_OLLAMA: Final = ALL - {Kind.OLLAMA}
_SAMPLERS: Final = frozenset({Kind.MISTRAL, Kind.LLAMACPP, Kind.VLLM})
_BIG_TWO: Final = frozenset({Kind.MISTRAL, Kind.OPENAI})
_PENALTY: Final = Range(-2, 2)
_EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh")

SPECS: Final = (
    Spec(
        "model", Group.MODEL, Shape.WORD, "Model",
        "The model that answers.",
        "Names that end with -latest move on to newer models, in price too.",
        default="the server's configured model", option="--model",
    ),
    Spec(
        "system_prompt", Group.SYSTEM, Shape.TEXT, "System prompt",
        "Put in front of the conversation as a system message, with each request.",
        "{{date}}, {{model}} and {{file:PATH}} are filled in when the request is made.",
        ours=True, option="--system",
    ),
    Spec(
        "prompt", Group.SYSTEM, Shape.WORD, "Library prompt",
        "A file of your library of prompts, used as system prompt; it is read anew for each request.",
        "A system prompt that is set as well follows behind it.",
        ours=True,
    ),
    Spec(
        "stop", Group.STOP, Shape.STOPS, "Stop sequences",
        "The reply ends before the first of these that would appear.",
        "The stop text itself is not in the reply. OpenAI takes four: of more, the first four are sent.",
        option="--stop",
    ),
    Spec(
        "stop_off", Group.STOP, Shape.STOPS, "Switched off",
        "Stop sequences that are kept and not sent.", ours=True,
    ),
    Spec(
        "cut_here", Group.STOP, Shape.SWITCH, "Client-side cut",
        "bise itself ends the reply at a stop sequence, too: for servers that ignore them.",
        "The text as it came is kept in the chat's file, as `uncut`.",
        default="off", ours=True,
    ),
    Spec(
        "prefix", Group.PREFIX, Shape.TEXT, "Prefix",
        "The beginning of the reply, which the model continues.",
        "OpenAI's own service cannot be given one; with Ollama it depends on the model's template.",
        kinds=ALL - {Kind.OPENAI}, option="--prefix",
    ),
    Spec(
        "prefix_once", Group.PREFIX, Shape.SWITCH, "Next reply only",
        "The prefix is used once, and then removed.", default="off", ours=True,
    ),
    Spec(
        "temperature", Group.SAMPLING, Shape.NUMBER, "Temperature",
        "How random the choice of words is: 0 takes the likeliest one each time.",
        "Mistral advises 0 to 0.7, and to change this or top_p, not both.",
        range=Range(0), ranges={Kind.MISTRAL: Range(0, 1.5), Kind.OPENAI: Range(0, 2), Kind.VLLM: Range(0, 2)},
        default="the model's own", defaults={Kind.OPENAI: 1.0, Kind.LLAMACPP: 0.8, Kind.OLLAMA: 1.0},
        option="--temperature",
    ),
    Spec(
        "top_p", Group.SAMPLING, Shape.NUMBER, "Top-p",
        "Only the likeliest words that together have this probability are chosen from.",
        "Change this or temperature, not both.",
        range=Range(0, 1), ranges={Kind.MISTRAL: Range(0, 1, above=True), Kind.VLLM: Range(0, 1, above=True)},
        default="the model's own",
        defaults={Kind.MISTRAL: 1.0, Kind.OPENAI: 1.0, Kind.LLAMACPP: 0.95, Kind.OLLAMA: 1.0},
        option="--top-p",
    ),
    Spec(
        "max_tokens", Group.SAMPLING, Shape.INTEGER, "Max tokens",
        "The reply ends after so many tokens.",
        "Prompt and reply together must fit the model's context, else Mistral refuses the request.",
        range=Range(0), unit="tokens", default="up to the context", option="--max-tokens",
    ),
    Spec(
        "min_tokens", Group.SAMPLING, Shape.INTEGER, "Min tokens",
        "The reply does not end before so many tokens.", "New at Mistral: an older deployment refuses the request.",
        range=Range(0), unit="tokens", kinds=frozenset({Kind.MISTRAL, Kind.VLLM}),
    ),
    Spec(
        "random_seed", Group.SAMPLING, Shape.INTEGER, "Random seed",
        "The same seed and the same request give the same reply, more or less.",
        "Most servers call it seed; bise sends it under their name.",
        range=Range(0), option="--seed",
    ),
    Spec(
        "presence_penalty", Group.SAMPLING, Shape.NUMBER, "Presence penalty",
        "Above 0, words that have appeared at all become less likely.",
        range=_PENALTY, default="0", defaults={Kind.MISTRAL: 0.0, Kind.OPENAI: 0.0, Kind.VLLM: 0.0},
    ),
    Spec(
        "frequency_penalty", Group.SAMPLING, Shape.NUMBER, "Frequency penalty",
        "Above 0, words become the less likely the more often they have appeared.",
        range=_PENALTY, default="0", defaults={Kind.MISTRAL: 0.0, Kind.OPENAI: 0.0, Kind.VLLM: 0.0},
    ),
    Spec(
        "repetition_penalty", Group.SAMPLING, Shape.NUMBER, "Repetition penalty",
        "Above 1, words that have appeared become less likely.",
        "New at Mistral: an older deployment refuses the request.",
        range=Range(0, above=True), kinds=_SAMPLERS,
    ),
    Spec(
        "top_k", Group.SAMPLING, Shape.INTEGER, "Top-k",
        "Only so many of the likeliest words are chosen from.",
        "New at Mistral: an older deployment refuses the request. -1 or 0 means all at vLLM and llama.cpp.",
        range=Range(-1), unit="words", defaults={Kind.LLAMACPP: 40}, kinds=_SAMPLERS,
    ),
    Spec(
        "n", Group.SAMPLING, Shape.INTEGER, "Replies (n)",
        "How many replies are made at once; they become versions of one another.",
        "Mistral bills the prompt once. Pointless at temperature 0, and not together with prediction.",
        range=Range(1), ranges={Kind.OPENAI: Range(1, 128)}, default="1",
        defaults=dict.fromkeys(_NOT_OLLAMA, 1), kinds=_NOT_OLLAMA, option="--n",
    ),
    Spec(
        "response_format", Group.OUTPUT, Shape.CHOICE, "Response format",
        "Plain text, any JSON object, or JSON that follows a schema.",
        "With json_object the prompt must still ask for JSON, else there may be white space without end. "
        "A JSON Schema may be given as it is.",
        default="text", choices=("text", "json_object"), option="--schema",
    ),
    Spec(
        "prediction", Group.OUTPUT, Shape.OBJECT, "Prediction",
        "Text that the reply is expected to repeat for the most part, which speeds up edits.",
        "Some models only: Codestral, Medium 3, Small 4, GLM 5.2 at Mistral.",
        kinds=_BIG_TWO,
    ),
    Spec(
        "logprobs", Group.OUTPUT, Shape.SWITCH, "Log probabilities",
        "Has the server tell how likely each token of the reply was.", "New at Mistral: an older deployment refuses the request.",
        default="off", kinds=_NOT_OLLAMA,
    ),
    Spec(
        "top_logprobs", Group.OUTPUT, Shape.INTEGER, "Top alternatives",
        "Beside each token of the reply, so many that were likeliest in its place; needs logprobs.",
        range=Range(0), ranges={Kind.OPENAI: Range(0, 20)}, unit="tokens", kinds=_NOT_OLLAMA,
    ),
    Spec(
        "prompt_logprobs", Group.OUTPUT, Shape.SWITCH, "Prompt log probs",
        "Has the server tell how likely each token of the prompt was.", default="off",
        kinds=frozenset({Kind.MISTRAL, Kind.VLLM}),
    ),
    Spec(
        "top_prompt_logprobs", Group.OUTPUT, Shape.INTEGER, "Prompt alternatives",
        "Beside each token of the prompt, so many that were likeliest in its place; needs prompt_logprobs.",
        range=Range(0), unit="tokens", kinds=_MISTRAL,
    ),
    Spec(
        "reasoning_effort", Group.REASONING, Shape.WORD, "Reasoning effort",
        "How much the model thinks before it answers.",
        "Mistral's own models take high and none only.",
        default="the model's own", choices=_EFFORTS,
        choices_of={Kind.MISTRAL: ("none", "high"), Kind.OLLAMA: ("none", "low", "medium", "high", "max")},
    ),
    Spec(
        "prompt_mode", Group.REASONING, Shape.WORD, "Prompt mode",
        "Puts Mistral's own system prompt for reasoning in front.",
        "For the Magistral models, which are retired.",
        default="the model's own", choices=("reasoning",), kinds=_MISTRAL,
    ),
    Spec(
        "safe_prompt", Group.SAFETY, Shape.SWITCH, "Safe prompt",
        "Puts Mistral's safety text in front of the conversation.",
        "Mistral's documentation advises guardrails in its place.",
        default="off", defaults={Kind.MISTRAL: False}, kinds=_MISTRAL, option="--safe-prompt",
    ),
    Spec(
        "guardrails", Group.SAFETY, Shape.OBJECTS, "Guardrails",
        "Moderation of what is asked, before the model runs.",
        'A hit is refused with status 403. For example [{"moderation_llm_v2": {"action": "block"}}].',
        kinds=_MISTRAL,
    ),
    Spec(
        "tools", Group.TOOLS, Shape.OBJECTS, "Tools",
        "Functions that the model may ask to be called.",
        "Mistral takes 128 at most.",
    ),
    Spec(
        "tool_choice", Group.TOOLS, Shape.CHOICE, "Tool choice",
        "Whether the model may, must or must not call a tool, or which one.",
        "required is the newer word for any.",
        default="auto", choices=("auto", "none", "any", "required"), kinds=_NOT_OLLAMA,
    ),
    Spec(
        "parallel_tool_calls", Group.TOOLS, Shape.SWITCH, "Parallel tool calls",
        "Whether one reply may call several tools.",
        default="on", defaults={Kind.MISTRAL: True, Kind.OPENAI: True, Kind.VLLM: True, Kind.LLAMACPP: False},
        kinds=_NOT_OLLAMA,
    ),
    Spec(
        "stream", Group.TRANSPORT, Shape.SWITCH, "Streaming",
        "Whether the reply is shown while it is made.", default="on",
        defaults=dict.fromkeys(Kind, True), option="--no-stream",
    ),
    Spec(
        "service_tier", Group.TRANSPORT, Shape.WORD, "Service tier",
        "Which queue the request waits in.",
        "Mistral's priority queue is for accounts that have it, at 1.75 times the price.",
        default="the account's own", choices=("auto", "standard_only"),
        choices_of={Kind.OPENAI: ("auto", "default", "flex", "priority")}, kinds=_BIG_TWO,
    ),
    Spec(
        "prompt_cache_key", Group.TRANSPORT, Shape.WORD, "Prompt cache key",
        "Requests with the same key share what was computed for the same beginning.",
        "One per conversation; cached tokens cost a tenth at Mistral. No secrets in it.",
        kinds=_BIG_TWO,
    ),
    Spec(
        "metadata", Group.TRANSPORT, Shape.OBJECT, "Metadata",
        "Stored by the server with the request.", kinds=_BIG_TWO,
    ),
    Spec(
        "connect_timeout_s", Group.TRANSPORT, Shape.NUMBER, "Connect timeout",
        "The longest wait for a connection.",
        range=Range(0, above=True), unit="s", default="10", home=Home.PROVIDER, ours=True,
    ),
    Spec(
        "idle_timeout_s", Group.TRANSPORT, Shape.NUMBER, "Silence timeout",
        "The longest that the server may say nothing, before the reply and within it.",
        "Reasoning models and local servers may say nothing for minutes; Mistral hangs up after ten.",
        range=Range(0, above=True), unit="s", default="300", home=Home.PROVIDER, ours=True,
        option="--timeout",
    ),
    Spec(
        "retries", Group.TRANSPORT, Shape.INTEGER, "Retries",
        "How often a request is sent again before its reply begins.",
        range=Range(0), default="3", home=Home.SETTINGS, ours=True, option="--retries",
    ),
    Spec(
        "longest_wait_s", Group.TRANSPORT, Shape.NUMBER, "Longest retry wait",
        "The longest wait before another try; if the server asks for a longer one, that is told instead.",
        range=Range(0), unit="s", default="60", home=Home.SETTINGS, ours=True, option="--longest-wait",
    ),
    Spec(
        "extra", Group.EXTRA, Shape.TABLE, "Extra members",
        "Further members of the request, merged into it last, as they are.",
        "Mistral refuses members that it does not know; other servers mostly ignore them.",
        option="--extra",
    ),
)  # fmt: skip
"""Every parameter, in the order in which the pane shows them."""

BY_NAME: Final = {spec.name: spec for spec in SPECS}
"""The same, by name."""

OURS: Final = frozenset(spec.name for spec in SPECS if spec.ours and spec.home is Home.PARAMETERS)
"""What is kept with the parameters and is no member of a request."""


def spec_of(name: str) -> Spec:
    """One parameter, by its name. Raises `ValueError`, in words that name the nearest ones."""
    spec = BY_NAME.get(name.strip().replace("-", "_"))
    if spec is None:
        near = nearest(name)
        hint = f"is it {' or '.join(near)}?" if near else "for a member of another server use extra"
        raise ValueError(f"no parameter is called {name!r:.60}; {hint}")
    return spec


def nearest(name: str) -> list[str]:
    """The names that look most like a misspelt one; at most two."""
    import difflib

    wanted = name.strip().lower().replace("-", "_")[:60]
    return difflib.get_close_matches(wanted, BY_NAME, 2, 0.6)
