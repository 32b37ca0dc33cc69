"""Messages as the chat-completions API takes them, and those that look like them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tui.core.words import Role
from tui.store.importing.making import Unfit, with_thinking
from tui.store.importing.values import name, rows, table, text

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.store.importing.making import Making

ROLES = {
    "developer": Role.SYSTEM,
    "function": Role.TOOL,
    "human": Role.USER,
    "me": Role.USER,
    "ai": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "ollama": Role.ASSISTANT,
    **{str(role): role for role in Role},
}
"""What others call the roles."""

_TEXTS = {"text", "input_text", "output_text", "refusal"}


def role_of(value: object) -> Role:
    """The role that a word means. Raises `Unfit`."""
    role = ROLES.get(text(value).strip().lower())
    if role is None:
        raise Unfit(f"a message is by {name(value)[:40]!r}, which is no role")
    return role


def add_message(
    making: Making, raw: object, parent: str | None, *, key: str = "", **members: Any
) -> Message:
    """Put a message of the API behind another. Raises `Unfit` if it is none."""
    if not isinstance(raw, dict):
        raise Unfit("a message is no table")
    role = role_of(raw.get("role"))
    content = content_of(making, raw.get("content"))
    thought = next((text(raw.get(m)) for m in _THOUGHTS if text(raw.get(m))), "")
    if role is Role.ASSISTANT:
        content = with_thinking(thought, content)
    return making.add(
        role,
        content,
        key=key,
        parent=parent,
        name=name(raw.get("name")) or None,
        tool_call_id=name(raw.get("tool_call_id")) or None,
        tool_calls=calls_of(making, raw.get("tool_calls")) or None,
        **members,
    )


_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


def content_of(making: Making, value: object) -> Any:
    """The content of a message: text, or a list of chunks; what is neither is told and left out."""
    if value is None:
        return ""
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, list):
        making.note(f"content of the type {type(value).__name__} was left out")
        return ""
    return [chunk for item in value if (chunk := _chunk(making, item)) is not None]


def _chunk(making: Making, item: object) -> dict[str, Any] | None:
    if isinstance(item, str):
        return {"type": "text", "text": text(item)}
    kind = name(table(item).get("type"))
    if not isinstance(item, dict) or not (kind or isinstance(item.get("text"), str)):
        making.note("a part of a message that has no type was left out")
        return None
    if kind in _TEXTS or not kind:
        return {"type": "text", "text": text(item.get("text") or item.get("refusal"))}
    return {**item, "type": kind}


def calls_of(making: Making, value: object) -> list[dict[str, str]]:
    """The tool calls of a reply, in our form."""
    calls = []
    for number, raw in enumerate(rows(value), 1):
        call = table(raw)
        function = table(call.get("function")) or call
        called = name(function.get("name"))
        if not called:
            making.note("a tool call without a name was left out")
            continue
        call_id = name(call.get("id") or call.get("tool_call_id")) or f"call-{number}"
        calls.append(
            {"id": call_id, "name": called, "arguments": arguments_text(function.get("arguments"))}
        )
    return calls


def arguments_text(value: object) -> str:
    """A call's arguments as JSON text, as the API has them."""
    if isinstance(value, str):
        return text(value)
    return json.dumps(value if value is not None else {}, ensure_ascii=False, default=str)
