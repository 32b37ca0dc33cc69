"""How a parameter fits a server and a model: whether it is sent, what else it would be, what to mind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tui.core.spec import Home, Shape
from tui.core.specs import OURS, SPECS
from tui.core.words import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from tui.core.spec import Spec

NAMES: Final = {
    Kind.MISTRAL: "Mistral",
    Kind.OPENAI: "OpenAI",
    Kind.LLAMACPP: "llama.cpp",
    Kind.OLLAMA: "Ollama",
    Kind.VLLM: "vLLM",
}
"""What people call each kind."""

_GOES_WITH: Final = {
    "tool_choice": "tools",
    "parallel_tool_calls": "tools",
}
_PREDICTS: Final = re.compile(
    r"codestral|mistral-medium-(3|latest)|mistral-small-(4|2603|latest)|glm-5"
)


def why_not_sent(spec: Spec, kind: Kind | None, given: Mapping[str, Any] | None = None) -> str:
    """Why a parameter does not go to a server of that kind, in words; empty if it does.

    `given` are the parameters that are set: some go with others only.
    """
    if spec.home is not Home.PARAMETERS or spec.name in OURS or kind is None:
        return ""
    if kind not in spec.kinds:
        if spec.name == "prefix":
            return f"{NAMES[kind]} cannot be given the beginning of a reply"
        return f"{NAMES[kind]} does not know {spec.name}"
    needed = _GOES_WITH.get(spec.name)
    if needed and given is not None and not given.get(needed):
        return f"it needs {needed}"
    return ""


def doubt(
    spec: Spec,
    value: Any,
    kind: Kind | None,
    model: str | None = None,
    capabilities: AbstractSet[str] | None = None,
) -> str:
    """What may go wrong although it is sent, in words: this model may refuse it. Empty if nothing is known.

    `capabilities` are those of the model's card in the server's list; None if there is none.
    """
    if value is None or kind is None or kind not in spec.kinds:
        return ""
    choices = spec.choices_for(kind)
    if spec.shape is Shape.WORD and choices and value not in choices:
        return f"{NAMES[kind]} is known to take {' or '.join(choices)}"
    lacking = {"reasoning_effort": "reasoning", "tools": "function_calling"}.get(spec.name)
    if lacking and capabilities and lacking not in capabilities:
        return f"the list of models says that {model or 'this one'} has no {lacking}"
    return _mistral_doubt(spec.name, value, model or "") if kind is Kind.MISTRAL else ""


def _mistral_doubt(name: str, value: Any, model: str) -> str:
    if name == "n" and value > 1 and model.startswith("mistral-large"):
        return "Mistral Large makes one reply only"
    if name == "prediction" and model and not _PREDICTS.search(model):
        return f"{model} is not among the models that take a prediction"
    if name == "prompt_mode" and model and not model.startswith("magistral"):
        return "the prompt mode is for the Magistral models"
    if name == "temperature" and value > 1:
        return "one page of Mistral's documentation ends at 1, another at 1.5"
    return ""


def is_default(spec: Spec, value: Any, kind: Kind | None) -> bool:
    """Whether the server would do the same if the parameter were not sent, as far as that is known."""
    if value is None:
        return True
    known = spec.defaults.get(kind) if kind is not None else None
    if known is None:
        return spec.default == "off" and value is False
    return bool(known == value)


def readme_table() -> str:
    """All parameters as a Markdown table, as the README has it."""
    lines = [
        "| parameter | takes | default | servers | what it does |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{spec.name}` | {takes(spec)} | {spec.default} | {known_to(spec)} | {spec.help} |"
        for spec in SPECS
        if spec.home is Home.PARAMETERS
    ]
    return "\n".join(lines) + "\n"


def takes(spec: Spec, kind: Kind | None = None) -> str:
    """What a parameter may be, in words: `number, 0 to 1.5`."""
    choices = spec.choices_for(kind)
    if choices:
        words = ", ".join(choices)
        return f"{words}, or a JSON object" if spec.shape is Shape.CHOICE else words
    words = str(spec.shape)
    span = str(spec.range_for(kind))
    if span:
        words += f", {span}"
    return f"{words} {spec.unit}" if spec.unit else words


def known_to(spec: Spec) -> str:
    """Which kinds of server are sent a parameter, in words."""
    if spec.ours:
        return "bise itself"
    if len(spec.kinds) == len(Kind):
        return "all"
    missing = [kind for kind in Kind if kind not in spec.kinds]
    if len(missing) == 1:
        return f"all but {NAMES[missing[0]]}"
    return ", ".join(NAMES[kind] for kind in Kind if kind in spec.kinds)
