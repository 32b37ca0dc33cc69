"""The outcome of a completion as one plain object, for scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tui.core.failure import FailureKind
from tui.core.nesting import read_json

if TYPE_CHECKING:
    from tui.core.completion import CallPiece, Choice, Reply
    from tui.core.failure import Failure

_SERVERS_OWN = {
    FailureKind.BAD_REQUEST,
    FailureKind.CONTEXT_LENGTH,
    FailureKind.AUTH,
    FailureKind.PAYMENT,
    FailureKind.PERMISSION,
    FailureKind.NOT_FOUND,
    FailureKind.VALIDATION,
    FailureKind.RATE_LIMIT,
    FailureKind.SERVER,
    FailureKind.STREAM_ERROR,
    FailureKind.TRUNCATED,
}
"""Classes whose message is the server's alone: null if it gave none."""


def outcome(reply: Reply | None, failure: Failure | None) -> dict[str, Any]:
    """The object that `bise ask --json` prints.

    `ended` is `done`, `truncated` or `error`. If the reply had a prefix each choice also has its
    whole text (`message_text`) and the part after the prefix (`generated_text`).
    """
    if reply is None and failure is not None:
        reply = failure.reply
    return {
        "choices": [_choice(choice, reply.prefix) for choice in reply.choices] if reply else [],
        "usage": asdict(reply.usage) if reply and reply.usage else None,
        "ended": _ended(failure),
        "error": _error(failure) if failure else None,
    }


def _ended(failure: Failure | None) -> str:
    if failure is None:
        return "done"
    return "truncated" if failure.kind is FailureKind.TRUNCATED else "error"


def _choice(choice: Choice, prefix: str | None) -> dict[str, Any]:
    shape = {
        "index": choice.index,
        "text": choice.text,
        "thinking": choice.thinking,
        "references": choice.references,
        "tool_calls": [_call(call) for call in choice.tool_calls],
        "finish_reason": choice.finish_reason,
    }
    if prefix:
        shape |= {"message_text": choice.text, "generated_text": _after(prefix, choice.text)}
    return shape


def _after(prefix: str, text: str) -> str:
    """The text without the prefix, or without the prefix less its trailing white space."""
    for beginning in (prefix, prefix.rstrip()):
        if beginning and text.startswith(beginning):
            return text[len(beginning) :]
    return text


def _call(call: CallPiece) -> dict[str, Any]:
    try:
        arguments = read_json(call.arguments)
    except (ValueError, RecursionError):
        arguments = None
    return {
        "id": call.id,
        "name": call.name,
        "arguments_text": None if call.as_object else call.arguments,
        "arguments": arguments,
    }


def _error(failure: Failure) -> dict[str, Any]:
    from_server = failure.kind in _SERVERS_OWN
    return {
        "class": str(failure.kind),
        "message": failure.words if from_server else failure.message,
        "code": failure.code,
        "retryable": failure.retryable,
        "retry_after_s": failure.retry_after_s,
    }
