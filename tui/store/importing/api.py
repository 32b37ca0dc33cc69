"""Lists of API messages: `[{role, content}, …]`, bodies of requests with `messages` in them, JSON lines of either.

The form is that of `POST /v1/chat/completions` as Mistral and OpenAI document it (2026-11), with
the older role `function`, the newer `developer`, and the `reasoning_content` of other servers.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making, Unfit, digest_of
from tui.store.importing.messages import add_message
from tui.store.importing.streams import LONGEST
from tui.store.importing.values import moment, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.importing.streams import Value

_NOT_SENT = {"messages", "stream", "model_slug", "id", "title", "created"}


def read(origin: Origin, values: Iterable[Value]) -> Iterator[Reading]:
    """One session for each list of messages, and for each table that has one."""
    return each(origin, _bodies(values), lambda body: _session(origin, body))


def _bodies(values: Iterable[Value]) -> Iterator[dict[str, Any]]:
    """The conversations as tables with `messages`; messages that stand one by one are gathered."""
    for (is_message, _), several in groupby(values, lambda v: (_is_message(v.data), v.group)):
        if is_message:
            yield _gathered(several)
            continue
        for value in several:
            data = value.data
            yield {"messages": data} if isinstance(data, list) else table(data)


def _gathered(values: Iterable[Value]) -> dict[str, Any]:
    messages, size = [], 0
    for value in values:
        size += value.size
        if size <= LONGEST:
            messages.append(value.data)
    return {"messages": messages, "too long": size > LONGEST}


def _is_message(data: object) -> bool:
    return isinstance(data, dict) and "role" in data and "messages" not in data


def _session(origin: Origin, body: dict[str, Any]) -> Found:
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise Unfit("it has no list of `messages`")
    if body.get("too long"):
        raise Unfit(f"it is larger than {LONGEST >> 20} MB")
    making = Making(
        "api",
        digest_of(messages),
        text(body.get("title")),
        moment(body.get("created")) or origin.part.changed,
    )
    parent = None
    for raw in rows(messages):
        parent = add_message(making, raw, parent).id
    making.parameters = _parameters(making, body)
    return making.found()


def _parameters(making: Making, body: dict[str, Any]) -> Parameters:
    """The parameters of the API that stand in a request's body; those with a wrong value are told."""
    known = {
        name: value
        for name, value in body.items()
        if name in Parameters.model_fields and name not in _NOT_SENT and value is not None
    }
    while True:
        try:
            return Parameters.model_validate(known)
        except ValidationError as error:
            wrong = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
            making.note(f"the parameter {wrong} has a value that can't be used and was left out")
            del known[wrong]
