"""A conversation as plain text, for a model that is asked about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.core.message import Message

_NAMES = {
    Role.SYSTEM: "System",
    Role.USER: "User",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}


def transcript(messages: Iterable[Message], longest: int = 0) -> str:
    """Who said what, without thinking; each message cut to `longest` characters if that is over 0."""
    parts = []
    for message in messages:
        text = message.text.strip()
        if longest and len(text) > longest:
            text = text[:longest].rstrip() + " …"
        calls = [f"[calls {call.name} with {call.arguments}]" for call in message.tool_calls]
        said = "\n".join(filter(None, [text, *calls]))
        if said:
            parts.append(f"{_NAMES[message.role]}: {said}")
    return "<conversation>\n" + "\n\n".join(parts) + "\n</conversation>"
