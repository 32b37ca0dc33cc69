"""parllama's chats: one JSON file each, in its `chats` folder.

Taken from paulrobello/parllama, session_store.py and chat_message.py of version 0.10.1 (the package),
and chat_session.py of 2024 for `llm_model_name`, `options` and `message_id`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making, Unfit
from tui.store.importing.messages import add_message, content_of
from tui.store.importing.pictures import image_of_base64
from tui.store.importing.values import moment, name, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.importing.streams import Value


def is_chat(data: object) -> bool:
    """Whether this looks like a chat of parllama's."""
    return (
        isinstance(data, dict)
        and "messages" in data
        and bool({"llm_config", "llm_model_name"} & data.keys())
    )


def read(origin: Origin, values: Iterable[Value]) -> Iterator[Reading]:
    """One session for each chat."""
    return each(origin, (value.data for value in values), _session)


def _session(raw: object) -> Found:
    chat = table(raw)
    if not is_chat(chat):
        raise Unfit("it is no chat of parllama's")
    making = Making(
        "parllama",
        name(chat.get("id") or chat.get("session_id")),
        text(chat.get("name") or chat.get("session_name")),
        moment(chat.get("last_updated")),
    )
    parent = None
    for item in rows(chat.get("messages")):
        message = table(item)
        key = name(message.get("id") or message.get("message_id"))
        content = _content(making, message)
        parent = add_message(making, {**message, "content": content}, parent, key=key).id
    making.parameters = _parameters(making, chat)
    return making.found()


def _content(making: Making, message: dict[str, Any]) -> Any:
    if rows(message.get("documents")):
        making.note("an attached document was left out")
    content = content_of(making, message.get("content"))
    images = []
    for image in rows(message.get("images")):
        chunk = image_of_base64(text(image))
        if chunk is None:
            making.note("an image that stands elsewhere on the disk was left out")
        else:
            images.append(chunk)
    if not images:
        return content
    said = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return [*said, *images]


def _parameters(making: Making, chat: dict[str, Any]) -> Parameters:
    config = table(chat.get("llm_config"))
    options = table(chat.get("options"))
    model = name(config.get("model_name") or chat.get("llm_model_name"))
    provider = name(config.get("provider"))
    if provider:
        making.note(f"its provider ({provider[:40]}) was left out: choose one of yours")
    temperature = config.get("temperature", options.get("temperature"))
    try:
        return Parameters.model_validate({"model": model or None, "temperature": temperature})
    except ValidationError:
        making.note("its temperature has a value that can't be used and was left out")
        return Parameters(model=model or None)
