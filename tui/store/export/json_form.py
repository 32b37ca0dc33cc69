"""A session as JSON: its messages as the API takes them, and beside them what makes it a session again.

    {"bise": 1, "title": …, "model": …, "messages": [{"role": …, "content": …}, …],
     "session": {…}, "tree": [{"id": …, "parent": …, "message": 0, …}, …]}

`messages` is the branch that is shown, without what is not sent; `tree` has all messages in the order of
the file. One that stands in `messages` too says where, and has only what the API has no member for.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from tui.store.export.chosen import Scope, kept
from tui.store.sessions.text import members_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.core.message import Message, ToolCall
    from tui.core.session import Session

VERSION: Final = 1
"""The version of this form, in the member `bise`."""


def json_object(session: Session, scope: Scope) -> dict[str, Any]:
    """A session as a JSON object. Data that lies beside it should have been put into its messages."""
    messages = kept(session, scope)
    sent = session.sent()
    places = {message.id: at for at, message in enumerate(sent)}
    head = members_of(session)
    head.pop("message", None)
    made: dict[str, Any] = {
        "bise": VERSION,
        "title": session.title,
        "model": session.parameters.model,
        "messages": [api_message(message) for message in sent],
        "session": head,
        "tree": [_branch_of_tree(message, places) for message in messages],
    }
    plain: dict[str, Any] = _plain(made)
    return plain


def json_text(objects: Iterable[dict[str, Any]]) -> str:
    """One object as it is, several as a list that can be read one by one."""
    texts = [_dumped(made) for made in objects]
    return f"{texts[0]}\n" if len(texts) == 1 else "[\n" + ",\n".join(texts) + "\n]\n"


def api_message(message: Message) -> dict[str, Any]:
    """A message as the API takes it, with all its chunks; no member of ours."""
    members = members_of(message)
    made: dict[str, Any] = {"role": str(message.role), "content": members.get("content", "")}
    for name in ("name", "tool_call_id"):
        if name in members:
            made[name] = members[name]
    if message.tool_calls:
        made["tool_calls"] = [_api_call(call) for call in message.tool_calls]
    return made


def members_of_api(raw: dict[str, Any]) -> dict[str, Any]:
    """The members of a message of ours that one of the API stands for; the inverse of `api_message`."""
    made: dict[str, Any] = {
        name: raw[name] for name in ("role", "content", "name", "tool_call_id") if name in raw
    }
    calls = raw.get("tool_calls")
    if isinstance(calls, list):
        made["tool_calls"] = [_call(call) for call in calls]
    return made


def _branch_of_tree(message: Message, places: dict[str, int]) -> dict[str, Any]:
    members = members_of(message)
    at = places.get(message.id)
    made: dict[str, Any] = {"id": message.id, "parent": message.parent}
    told: dict[str, Any] = {}
    if at is not None:
        made["message"] = at
        told = members_of_api(api_message(message))
    for name, value in members.items():
        if name == "message" or (name in told and told[name] == value):
            continue
        made[name] = value
    return made


def _api_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _call(raw: object) -> dict[str, Any]:
    call = raw if isinstance(raw, dict) else {}
    function = call.get("function")
    function = function if isinstance(function, dict) else {}
    return {
        "id": call.get("id"),
        "name": function.get("name"),
        "arguments": function.get("arguments"),
    }


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: moments as text, and nothing for numbers that are none."""
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
