"""What stands above a message in an export: who says it, by which model, when, and which version it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.core.text import one_line
from tui.core.words import Role

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.tree import Tree

NAMES: Final = {
    Role.SYSTEM: "System",
    Role.USER: "User",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}
"""What the roles are called."""


def heading_words(message: Message, tree: Tree, before: str | None) -> list[str]:
    """The words above a message, harmless; `before` is the id of the message that stands above it."""
    words = [NAMES[message.role]]
    if message.name:
        words.append(one_line(message.name))
    is_reply = message.role is Role.ASSISTANT
    if is_reply and message.completion and message.completion.model:
        words.append(one_line(message.completion.model))
    if message.created:
        words.append(f"{message.created:%Y-%m-%d %H:%M}")
    if message.id in tree:
        versions = tree.versions(message.id)
        if len(versions) > 1:
            words.append(f"version {versions.index(message.id) + 1} of {len(versions)}")
        if before is not None and tree.parent(message.id) != before:
            words.append("another branch")
    if message.excluded:
        words.append("not sent")
    return words


def session_words(session: Session) -> list[str]:
    """The words below a session's title, harmless."""
    words = [f"{session.created:%Y-%m-%d %H:%M}"]
    words += [one_line(word) for word in (session.provider, session.parameters.model) if word]
    return words + [f"#{one_line(tag)}" for tag in session.tags]
