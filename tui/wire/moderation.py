"""Moderation: what a server finds objectionable in a text or a chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tui.core.failure import Failure, FailureKind
from tui.core.text import scrub
from tui.core.words import Kind
from tui.wire.dialects import DIALECTS
from tui.wire.history import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.message import Message

_MODELS: Final = {Kind.MISTRAL: "mistral-moderation-2603", Kind.OPENAI: "omni-moderation-latest"}


@dataclass(frozen=True, slots=True)
class ModerationRequest:
    """What is to be judged: texts, or else a chat, whose last turn counts."""

    texts: Sequence[str] = ()
    messages: Sequence[Message] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one text or chat."""

    categories: dict[str, bool] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def flagged(self) -> list[str]:
        """The categories that it falls into."""
        return [name for name, is_flagged in self.categories.items() if is_flagged]


def build_moderation(request: ModerationRequest, kind: Kind) -> tuple[str, dict[str, Any]]:
    """Path and body of the request. Raises `Failure` if such a server has no moderation."""
    name = DIALECTS[kind].name
    if kind not in _MODELS or (request.messages and kind is not Kind.MISTRAL):
        what = "chats" if request.messages else "texts"
        raise Failure(
            FailureKind.CONFIG, f"{name} does not moderate {what}", advice="Use Mistral for that."
        )
    model = scrub(request.model or _MODELS[kind])
    if request.messages:
        history = History(request.messages, DIALECTS[kind], keeps_last_reply=True)
        return "/chat/moderations", {"model": model, "input": history.messages}
    return "/moderations", {"model": model, "input": [scrub(text) for text in request.texts]}


def verdicts(data: Any) -> list[Verdict] | None:
    """The verdicts in an answer; None if it is no moderation's."""
    results = data.get("results") if isinstance(data, dict) else None
    if not isinstance(results, list):
        return None
    return [_verdict(result) for result in results if isinstance(result, dict)]


def _verdict(result: dict[str, Any]) -> Verdict:
    categories, scores = result.get("categories"), result.get("category_scores")
    return Verdict(
        {scrub(str(name)): value is True for name, value in categories.items()}
        if isinstance(categories, dict)
        else {},
        {
            scrub(str(name)): float(value)
            for name, value in scores.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        if isinstance(scores, dict)
        else {},
    )
