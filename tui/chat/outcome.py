"""Turns the end of a turn into the messages that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.core.message import (
    CONTENT,
    Completion,
    Content,
    Message,
    ToolCall,
    text_of,
    utc_now,
)
from tui.core.words import Ended, Role, TurnState

if TYPE_CHECKING:
    from tui.core.completion import Choice
    from tui.core.turn import Turn


def messages_of(turn: Turn, provider: str | None) -> list[Message]:
    """The messages to keep of a turn that is over: one per choice, the first choice last.

    Empty ones are left out, since servers refuse a history that holds one. Each has its own
    `completion`: the parameters that were sent, and what came of them.
    """
    choices = turn.reply.choices if turn.reply is not None else []
    if turn.state is TurnState.STOPPED or not choices:
        kept = [_message(turn, provider, _content_so_far(turn), None)]
    else:
        kept = [
            _message(turn, provider, _content_of(choice), choice) for choice in reversed(choices)
        ]
    kept[-1].id = turn.message_id
    return [message for message in kept if not message.is_empty]


def _content_so_far(turn: Turn) -> Content:
    if not turn.thinking:
        return turn.text
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": turn.thinking}]}
    text = [{"type": "text", "text": turn.text}] if turn.text else []
    return CONTENT.validate_python([thinking, *text])


def _content_of(choice: Choice) -> Content:
    return CONTENT.validate_python(choice.content)


def _message(turn: Turn, provider: str | None, content: Content, choice: Choice | None) -> Message:
    prefix = _prefix(turn)
    calls = choice.tool_calls if choice is not None and turn.state is TurnState.DONE else []
    if prefix and not calls and text_of(content).rstrip() == prefix.rstrip():
        content = ""  # nothing was added to what was given
    message = Message(
        role=Role.ASSISTANT,
        created=utc_now(),
        content=content,
        prefix=prefix,
        tool_calls=[ToolCall(id=c.id, name=c.name, arguments=c.arguments) for c in calls],
        ended=_why(turn, choice),
    )
    message.completion = _completion(turn, provider, message, choice)
    return message


def _prefix(turn: Turn) -> str | None:
    """The beginning that the model was given; None if the server can't be given one."""
    wanted = turn.request.parameters.prefix
    if not wanted:
        return None
    if turn.reply is not None and turn.state is not TurnState.STOPPED:
        return turn.reply.prefix
    return wanted if turn.text.startswith(wanted.rstrip()) else None


def _why(turn: Turn, choice: Choice | None) -> str:
    if turn.state is TurnState.STOPPED:
        return turn.stopped_as
    if turn.state is TurnState.FAILED:
        reported = turn.failure is not None and turn.failure.kind == "stream_error"
        return Ended.ERROR if reported else Ended.INTERRUPTED
    return (choice.finish_reason if choice is not None else None) or Ended.STOP


def _completion(
    turn: Turn, provider: str | None, message: Message, choice: Choice | None
) -> Completion:
    sent = _sent(turn)
    usage = turn.reply.usage if turn.reply is not None else None
    facts = {
        "provider": provider,
        "prompt_tokens": usage.prompt_tokens if usage else None,
        "completion_tokens": usage.completion_tokens if usage else None,
        "cached_tokens": usage.cached_tokens if usage else None,
        "sent_messages": len(turn.request.messages) if usage else None,
        "first_token_s": _rounded(turn.first_token_s),
        "seconds": _rounded(turn.seconds(turn.ended_at or 0.0)),
        "stop_reason": choice.stop_reason if choice is not None else None,
        "uncut": choice.uncut if choice is not None else None,
        "request_id": turn.reply.request_id if turn.reply is not None else None,
        "error": turn.failure.message
        if turn.failure is not None and not message.is_empty
        else None,
    }
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return Completion.model_validate(sent | known)


def _sent(turn: Turn) -> dict[str, Any]:
    """The parameters that were sent, by the names that they were sent under if that was done by hand."""
    body = turn.request.body
    if body is None:
        sent = turn.request.parameters.given()
        sent.pop("prefix", None)  # stands in the message itself
        return sent
    left = {"messages", "stream", "stream_options", *Completion.model_fields} - {"model"}
    sent = {name: value for name, value in body.items() if name not in left and value is not None}
    if not isinstance(sent.get("model", ""), str):
        del sent["model"]
    return sent


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
