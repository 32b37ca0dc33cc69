"""Which tool call a result belongs to that is put in by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.message import Message


def waiting_call(branch: Sequence[Message], at: int) -> str | None:
    """The id of the first call without a result that one at this place of a branch would answer.

    None if the messages in front of it do not end with a reply that calls tools and their results.
    """
    first = at
    while first and branch[first - 1].role is Role.TOOL:
        first -= 1
    reply = branch[first - 1] if first else None
    if reply is None or reply.role is not Role.ASSISTANT:
        return None
    answered = set()
    for message in branch[first:]:
        if message.role is not Role.TOOL:
            break
        answered.add(message.tool_call_id)
    return next((call.id for call in reply.tool_calls if call.id not in answered), None)
