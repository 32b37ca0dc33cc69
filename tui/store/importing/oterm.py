"""oterm's database (`store.db`): the tables `chat` and `message`.

Taken from ggozad/oterm, store/store.py and types.py of version 0.26.1 (the package), and of
older versions, in which the authors were `me` and `ollama` and a chat had `format`. It keeps no times.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.nesting import read_json
from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making, digest_of
from tui.store.importing.messages import role_of
from tui.store.importing.pictures import image_of_base64
from tui.store.importing.values import name, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.importing.database import Database, Row

_CHAT = ("id", "name", "model", "system", "parameters", "tools")
_MESSAGE = ("id", "chat_id", "author", "text", "images")
_SAME = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "num_predict": "max_tokens",
    "max_tokens": "max_tokens",
    "seed": "random_seed",
    "repeat_penalty": "repetition_penalty",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
    "stop": "stop",
}
"""Ollama's names of parameters, and ours."""


def fits(database: Database) -> bool:
    """Whether these are oterm's tables."""
    return "author" in database.tables.get("message", ()) and "chat" in database.tables


def read(origin: Origin, database: Database) -> Iterator[Reading]:
    """One session for each chat."""
    chats = {row["id"]: row for row in database.rows("chat", _CHAT, "id")}
    messages = database.rows("message", _MESSAGE, "chat_id, rowid")
    several = (
        (chats.get(chat, {"id": chat}), list(said)) for chat, said in groupby(messages, _chat_id)
    )
    return each(origin, several, lambda found: _session(origin, *found))


def _chat_id(row: Row) -> object:
    return row["chat_id"]


def _session(origin: Origin, chat: Row, messages: list[Row]) -> Found:
    first = digest_of([text(messages[0]["text"])])[:8]
    making = Making(
        "oterm", f"{name(chat['id'])}-{first}", text(chat.get("name")), origin.part.changed
    )
    making.parameters = _parameters(making, chat)
    for number, row in enumerate(messages):
        making.add(
            role_of(row["author"]),
            _content(making, row),
            key=name(row["id"]) or str(number),
            parent=making.last,
        )
    if rows(_json(chat.get("tools"))):
        making.note("its choice of tools was left out")
    return making.found()


def _content(making: Making, row: Row) -> Any:
    said, images = text(row["text"]), []
    for image in rows(_json(row["images"])):
        chunk = image_of_base64(text(image))
        if chunk is None:
            making.note("an image that can't be read was left out")
        else:
            images.append(chunk)
    return [{"type": "text", "text": said}, *images] if images else said


def _parameters(making: Making, chat: Row) -> Parameters:
    given: dict[str, Any] = {}
    for theirs, value in table(_json(chat.get("parameters"))).items():
        ours = _SAME.get(theirs)
        if ours is None:
            making.note(f"Ollama's parameter {theirs[:40]} was left out")
        elif value is not None:
            given[ours] = value
    members = {
        "model": name(chat.get("model")) or None,
        "system_prompt": text(chat.get("system")) or None,
    }
    try:
        return Parameters.model_validate({**members, **given})
    except ValidationError:
        making.note("its parameters have values that can't be used and were left out")
        return Parameters.model_validate(members)


def _json(value: object) -> Any:
    try:
        return read_json(value) if isinstance(value, str) and value else None
    except (ValueError, RecursionError):
        return None
