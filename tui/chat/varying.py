r"""Ways to ask, in words: `mistral-small-latest`, `temperature=0`, `openai/gpt-5,top_p=0.5,stop=\n`, `preset=precise`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.chat.variant import Variant
from tui.core.fuzzy import nearest
from tui.core.parameters import Parameters
from tui.core.presets import applied
from tui.core.spec import Shape
from tui.core.spec_text import typed
from tui.core.specs import spec_of
from tui.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tui.core.presets import Preset
    from tui.core.provider import Provider
    from tui.core.session import Session

_PRESET = "preset"
"""In the place of a parameter's name: all that a preset sets."""

_NAME = re.compile(r"[A-Za-z_]+")
_NEXT_PART = re.compile(r",(?=[A-Za-z_]+=)")


def split_words(text: str) -> list[str]:
    """The words of a text; what is in quotes or brackets stays together.

    Raises `ValueError` for a quote that does not end.
    """
    return [_bare(word) for word in _split(text, lambda at: text[at].isspace()) if word]


def _split(text: str, ends: Callable[[int], bool]) -> Iterator[str]:
    """The pieces of a text between those places outside of quotes and brackets where one `ends`."""
    start = depth = 0
    quote, at = "", 0
    while at < len(text):
        char = text[at]
        if quote:
            at += char == "\\" and quote == '"'  # what follows it is no end
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth = max(0, depth - 1)
        elif not depth and ends(at):
            yield text[start:at]
            start = at + 1
        at += 1
    if quote:
        raise ValueError("A quote is opened in there that is not closed")
    yield text[start:]


def _bare(word: str) -> str:
    """A word without the quotes around the whole of it."""
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'" else word


@dataclass(frozen=True, slots=True)
class Known:
    """What the names in words may stand for."""

    providers: Mapping[str, Provider]
    presets: Mapping[str, Preset] = field(default_factory=dict)
    stop_sets: Mapping[str, Iterable[str]] = field(default_factory=dict)


def variant_of(session: Session, word: str, known: Known) -> Variant:
    """How one word asks: by a model, perhaps behind its provider, by parameters, by `preset=NAME`.

    Raises `ValueError`, with a sentence, for what is no parameter or no value of it.
    """
    provider = session.provider
    changes: dict[str, Any] = {}
    for part in _split(word, lambda at: _NEXT_PART.match(word, at) is not None):
        name, equals, value = part.partition("=")
        if equals and name == _PRESET:
            kept = {n: v for n, v in (session.parameters.kept() | changes).items() if v is not None}
            preset = _preset(_bare(value), known)
            changes |= _set_by(preset, kept, known)
            if preset.provider in known.providers and preset.provider != provider:
                provider = preset.provider
                changes["model"] = preset.parameters.get("model")
        elif equals and _NAME.fullmatch(name):
            server = known.providers.get(provider or "")
            changes |= _parameter(name, value, server.kind if server is not None else None)
        elif part in known.providers:
            provider, changes["model"] = part, None
        else:
            first, slash, rest = part.partition("/")
            is_named = bool(slash) and first in known.providers
            provider = first if is_named else provider
            changes["model"] = rest if is_named else _bare(part)
    parameters = Parameters.model_validate(session.parameters.kept() | changes)
    return Variant(parameters, provider)


def _preset(name: str, known: Known) -> Preset:
    if name not in known.presets:
        near = " or ".join(nearest(name, known.presets))
        hint = f"did you mean {near}?" if near else f"there are {', '.join(known.presets)}"
        raise ValueError(f"There is no preset {one_line(name, 40)!r}; {hint}")
    return known.presets[name]


def _set_by(preset: Preset, kept: Mapping[str, Any], known: Known) -> dict[str, Any]:
    after = applied(preset, kept, sets=known.stop_sets)
    return {name: after.get(name) for name in {**kept, **after}}


def _parameter(name: str, value: str, kind: Any) -> dict[str, Any]:
    spec = spec_of(name)
    if spec.name not in Parameters.model_fields:
        raise ValueError(f"{one_line(name, 40)} belongs to the program, not to a request")
    if value[:1] == "'" or spec.shape not in {Shape.TEXT, Shape.STOPS}:
        value = _bare(value)
    given = typed(spec, value, kind)
    return {spec.name: given} | ({"stop_off": None} if spec.name == "stop" else {})
