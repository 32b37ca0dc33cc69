"""One way to ask for a reply, and the turn that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core.completion import CompletionRequest
from tui.core.failure import Failure, FailureKind
from tui.core.message import new_id
from tui.core.turn import Turn
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.core.message import Message
    from tui.core.parameters import Parameters
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Variant:
    """Whom to ask, and how."""

    parameters: Parameters
    provider: str | None = None
    """None means the session's own."""
    body: dict[str, Any] | None = None
    """What is sent as it is, in place of what would be made of branch and parameters."""

    def turn(
        self,
        session: Session,
        branch: Sequence[Message],
        settings: Settings,
        providers: Mapping[str, Provider],
        now: float,
    ) -> Turn:
        """A turn that asks for what follows the branch; its excluded messages are not sent."""
        name = self.provider or session.provider
        provider = providers.get(name or "")
        model = self.parameters.model or (provider.model if provider else None)
        message_id = new_id()
        request = CompletionRequest(
            [message for message in branch if not message.excluded],
            self.parameters.model_copy(deep=True, update={"model": model}),
            settings.retries,
            settings.longest_wait_s,
            message_id,
            self.body,
        )
        return Turn(session.id, message_id, request, now, branch=branch, provider=name)


def continuing(session: Session, message: Message) -> Variant:
    """Asks for the rest of a reply that was cut off.

    Raises `Failure` if the message is no reply, or has no text to go on from.
    """
    if message.role is not Role.ASSISTANT or not message.text.strip() or message.tool_calls:
        raise Failure(
            FailureKind.CONFIG,
            "There is nothing here to go on from",
            advice="Only a reply that has some text can be continued.",
        )
    changed = {"prefix": message.text, "n": None}
    return Variant(session.parameters.model_copy(deep=True, update=changed))


def before_reply(session: Session, message: Message) -> list[Message]:
    """What a reply answered; for any other message: that, and what leads to it."""
    at = message.parent if message.role is Role.ASSISTANT else message.id
    return session.path_to(at)
