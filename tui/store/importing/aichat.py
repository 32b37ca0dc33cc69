"""aichat's sessions: one YAML file each, in its `sessions` folder.

Taken from sigoden/aichat, src/config/session.rs as of commit 052d7a2 and
src/client/message.rs as of a867db4. The
files are written by serde_yaml and read by `yaml_subset`. A session is known again by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making, Unfit
from tui.store.importing.messages import ROLES, add_message, arguments_text
from tui.store.importing.values import name, rows, table, text
from tui.store.importing.yaml_subset import NotYaml, load

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(origin: Origin, source: str) -> Iterator[Reading]:
    """The one session of the file."""
    return each(origin, [source], lambda said: _session(origin, said))


def _session(origin: Origin, source: str) -> Found:
    try:
        session = load(source)
    except NotYaml as error:
        raise Unfit(str(error)) from error
    if not isinstance(session, dict) or not isinstance(session.get("messages"), list):
        raise Unfit("it has no list of `messages`")
    making = Making("aichat", origin.part.stem, origin.part.stem, origin.part.changed)
    for raw in rows(session.get("compressed_messages")):
        _add(making, raw)
    for message in making.messages:
        message.excluded = True  # a summary of them follows, and is sent in their place
    for raw in session["messages"]:
        _add(making, raw)
    for member in ("role_name", "use_tools", "agent_instructions"):
        if session.get(member):
            making.note(f"its {member} was left out")
    making.parameters = _parameters(making, session)
    return making.found()


def _add(making: Making, raw: object) -> None:
    content = table(raw).get("content")
    if isinstance(content, dict):
        _add_calls(making, table(raw), content)
        return
    if isinstance(content, list):
        kept = [item for item in content if not _is_elsewhere(item)]
        for _ in range(len(content) - len(kept)):
            making.note("an image that aichat keeps elsewhere was left out")
        raw = {**table(raw), "content": kept}
    add_message(making, raw, making.last)


def _is_elsewhere(item: object) -> bool:
    """Whether this is an image of which only a name stands in the file."""
    if table(item).get("type") != "image_url":
        return False
    address = text(table(table(item).get("image_url")).get("url"))
    return not address.startswith(("data:", "https://", "http://"))


def _add_calls(making: Making, raw: dict[str, Any], content: dict[str, Any]) -> None:
    """Put calls of tools into the session: aichat keeps calls and their results together."""
    results = [table(result) for result in rows(content.get("tool_results"))]
    calls = []
    for number, result in enumerate(results, 1):
        call = table(result.get("call"))
        calls.append(
            {
                "id": name(call.get("id")) or f"call-{number}",
                "name": name(call.get("name")) or "unnamed",
                "arguments": arguments_text(call.get("arguments")),
            }
        )
    if ROLES.get(text(raw.get("role"))) is None:
        raise Unfit("a message is by nobody that is known")
    making.add("assistant", text(content.get("text")), parent=making.last, tool_calls=calls or None)
    for call, result in zip(calls, results, strict=True):
        output = result.get("output")
        said = text(output) if isinstance(output, str) else arguments_text(output)
        making.add("tool", said, parent=making.last, tool_call_id=call["id"], name=call["name"])


def _parameters(making: Making, session: dict[str, Any]) -> Parameters:
    client, _, model = name(session.get("model")).partition(":")
    members = {"model": model or client or None}
    given = {key: session.get(key) for key in ("temperature", "top_p")}
    try:
        return Parameters.model_validate({**members, **given})
    except ValidationError:
        making.note("its temperature or top_p has a value that can't be used and was left out")
        return Parameters.model_validate(members)
