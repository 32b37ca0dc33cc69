"""Writes to one session as one of many: `ROOT SESSION NAME COUNT`; whoever is named `editor` edits."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.torture.victim import places_in
from tui.core.message import Message
from tui.core.words import Role
from tui.store.sessions.toml_sessions import TomlSessions


def main() -> None:
    """Append, or edit what is there, so many times."""
    root, session_id, name, count = sys.argv[1:]
    store = TomlSessions(places_in(Path(root)))
    session = store.load(session_id)
    for number in range(int(count)):
        if name == "editor":
            session.title = f"title {number}"
            edited = session.messages[0].model_copy(update={"content": f"edit {number}"})
            session.messages[0] = edited
            store.rewrite(session)
            store.save_header(session)
        else:
            message = Message(id=f"{name}-{number}", role=Role.USER, content=f"{name}\n{number}")
            store.append(session_id, message)


if __name__ == "__main__":
    main()
