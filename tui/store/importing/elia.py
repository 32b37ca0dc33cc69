"""elia's database (`elia.sqlite`): the tables `chat` and `message`.

Taken from darrenburns/elia, elia_chat/database/models.py of version 1.10.0 (the package), and the
same file of 2023, in which the roles were `human` and `ai`. Messages may have a parent there, which
no version has filled in; where it is, it counts.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making
from tui.store.importing.messages import role_of
from tui.store.importing.values import moment, name, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.importing.database import Database, Row

_CHAT = ("id", "model", "title", "started_at", "archived")
_MESSAGE = ("id", "chat_id", "role", "content", "timestamp", "parent_id", "model")


def fits(database: Database) -> bool:
    """Whether these are elia's tables."""
    tables = database.tables
    return "started_at" in tables.get("chat", ()) and "role" in tables.get("message", ())


def read(origin: Origin, database: Database) -> Iterator[Reading]:
    """One session for each chat."""
    chats = {row["id"]: row for row in database.rows("chat", _CHAT, "id")}
    messages = database.rows("message", _MESSAGE, "chat_id, id")
    return each(origin, _chats(chats, messages), _session)


def _chats(chats: dict[Any, Row], messages: Iterator[Row]) -> Iterator[tuple[Row, list[Row]]]:
    for chat_id, rows in groupby(messages, lambda row: row["chat_id"]):
        yield chats.get(chat_id, {"id": chat_id}), list(rows)


def _session(found: tuple[Row, list[Row]]) -> Found:
    chat, messages = found
    created = moment(chat.get("started_at"))
    making = Making("elia", f"{name(chat['id'])}@{created or ''}", text(chat.get("title")), created)
    making.is_archived = chat.get("archived") in (1, True)
    making.parameters = Parameters(model=name(chat.get("model")) or None)
    by_id: dict[object, str] = {}
    for row in messages:
        role = role_of(row["role"])
        model = name(row["model"]) or name(chat.get("model"))
        added = making.add(
            role,
            text(row["content"]),
            key=name(row["id"]),
            parent=by_id.get(row["parent_id"], making.last) if row["parent_id"] else making.last,
            created=moment(row["timestamp"]),
            completion={"model": model} if role == "assistant" and model else None,
        )
        by_id[row["id"]] = added.id
    return making.found()
