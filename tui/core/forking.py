"""A new session that begins with a branch of another."""

from __future__ import annotations

from tui.core.session import Fork, Session

_SIGN = "↳ "


def title_of_fork(title: str) -> str:
    """The title of what goes on from a chat: told from the chat itself where there is room for a few letters only."""
    return title if not title or title.startswith(_SIGN) else _SIGN + title


def forked(session: Session, message_id: str) -> Session:
    """A new session with a copy of a message and all that lead to it, and with the same parameters.

    Raises `KeyError` if there is no such message.
    """
    path = session.path_to(message_id)
    if not path or path[-1].id != message_id:
        raise KeyError(message_id)
    fork = Session(
        title=title_of_fork(session.title),
        provider=session.provider,
        tags=list(session.tags),
        parameters=session.parameters.model_copy(deep=True),
        forked_from=Fork(session=session.id, message=message_id),
    )
    before = None
    for message in path:
        origin = message.copied_from or session.id
        update = {"parent": before, "copied_from": origin}
        fork.messages.append(message.model_copy(deep=True, update=update))
        before = message.id
    return fork
