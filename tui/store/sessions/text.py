"""Sessions and messages as TOML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from tui.store.toml.text import encode, table_text

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.core.session import Session


def members_of(model: BaseModel) -> dict[str, Any]:
    """All members of a model that are set, unknown ones included, as plain values.

    Known members that are None are left out, and so are false ones and empty lists and tables that
    are so from the beginning.
    """
    members: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.exclude or value is None:
            continue
        plain = _plain(value)
        if plain not in (False, [], {}) or plain != field.get_default(call_default_factory=False):
            members[field.alias or name] = plain
    for name, value in (model.model_extra or {}).items():
        members[name] = _plain(value)
    return members


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return members_of(value)
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def head_members(session: Session) -> dict[str, Any]:
    """The members of a session's head, as TOML can hold them."""
    members = members_of(session)
    members.pop("message", None)  # the name of the messages' own tables
    if not members["parameters"]:
        del members["parameters"]
    encoded: dict[str, Any] = encode(members)
    return encoded


def head_text(session: Session) -> str:
    """A session's head."""
    return table_text(head_members(session))


def message_text(message: Message, *, after: bool) -> str:
    """A message as a block that can stand after any other, beginning with an empty line.

    A message with no parent says so by `parent = ""` if it stands `after` another, since a
    message that says nothing belongs to the one before it.
    """
    members = encode(members_of(message))
    if message.parent is None and after:
        members = {"id": members.pop("id"), "parent": "", **members}
    return f"\n[[message]]\n{table_text(members, ('message',))}"


def session_text(session: Session) -> str:
    """A whole session file."""
    blocks = (
        message_text(message, after=index > 0) for index, message in enumerate(session.messages)
    )
    return head_text(session) + "".join(blocks)
