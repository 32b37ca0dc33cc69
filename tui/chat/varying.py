"""Ways to ask, written in words: `mistral-small-latest`, `temperature=0`, `openai/gpt-5,top_p=0.5,stop=["."]`."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from tui.chat.variant import Variant
from tui.core.parameters import Parameters
from tui.core.spec_text import parse
from tui.core.specs import spec_of
from tui.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.provider import Provider
    from tui.core.session import Session

_NEXT_PART = re.compile(r",(?=[A-Za-z_]+=)")


def split_words(text: str) -> list[str]:
    """The words of a text; what is in quotes stays together. Raises `ValueError` for a quote that does not end."""
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError("A quote is opened in there that is not closed") from None


def variant_of(session: Session, word: str, providers: Mapping[str, Provider]) -> Variant:
    """How one word asks: by a model, perhaps behind its provider, and by parameters.

    Raises `ValueError`, with a sentence, for what is no parameter or no value of it.
    """
    provider = session.provider
    changes: dict[str, Any] = {}
    for part in _NEXT_PART.split(word):
        name, equals, value = part.partition("=")
        if equals and re.fullmatch(r"[A-Za-z_]+", name):
            server = providers.get(provider or "")
            changes |= _parameter(name, value, server.kind if server is not None else None)
        elif part in providers:
            provider, changes["model"] = part, None
        else:
            first, slash, rest = part.partition("/")
            known = bool(slash) and first in providers
            provider = first if known else provider
            changes["model"] = rest if known else part
    parameters = Parameters.model_validate(session.parameters.kept() | changes)
    return Variant(parameters, provider)


def _parameter(name: str, value: str, kind: Any) -> dict[str, Any]:
    spec = spec_of(name)
    if spec.name not in Parameters.model_fields:
        raise ValueError(f"{one_line(name, 40)} belongs to the program, not to a request")
    given = parse(spec, value, kind)
    return {spec.name: given} | ({"stop_off": None} if spec.name == "stop" else {})
