"""llm's log database (`logs.db`), in both of its forms.

Taken from simonw/llm 0.36 (the package; migrations.py and logs.py): threads point into a tree of
messages with parts and turns. Older versions wrote conversations and responses, which stay in the file.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.nesting import read_json
from tui.core.parameters import Parameters
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.llm_parts import Keeping
from tui.store.importing.making import MOST_MESSAGES, Found, Making, Unfit, with_thinking
from tui.store.importing.messages import arguments_text, role_of
from tui.store.importing.values import moment, name, number, table, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.importing.database import Database, Row

_RESPONSE = (
    "id", "model", "resolved_model", "prompt", "system", "options_json", "response", "reasoning",
    "conversation_id", "duration_ms", "datetime_utc", "input_tokens", "output_tokens", "schema_id",
)  # fmt: skip
_TURN = (
    "id", "tip_message_hash", "model", "resolved_model", "options_json", "input_tokens",
    "output_tokens", "duration_ms", "datetime_utc",
)  # fmt: skip


def fits(database: Database) -> bool:
    """Whether these are llm's tables."""
    tables = database.tables
    return ("responses" in tables and "conversations" in tables) or "turns" in tables


def read(origin: Origin, database: Database) -> Iterator[Reading]:
    """One session for each thread, each older conversation, and each older response that is in none."""
    threads = database.rows("threads", ("id", "name", "tip_message_hash", "datetime_utc"), "id")
    yield from each(origin, threads, lambda row: _Thread(database, row).found())
    names = {
        row["id"]: text(row["name"]) for row in database.rows("conversations", ("id", "name"), "id")
    }
    responses = database.rows("responses", _RESPONSE, "conversation_id, id")
    talks = (
        (key, list(several))
        for key, several in groupby(responses, lambda row: row["conversation_id"] or row["id"])
    )
    yield from each(origin, talks, lambda talk: _conversation(database, names, *talk))


def _conversation(
    database: Database, names: dict[Any, str], key: object, responses: list[Row]
) -> Found:
    first = responses[0]
    making = Making("llm", name(key), names.get(key, ""), moment(first["datetime_utc"]))
    making.parameters = _parameters(making, responses[-1])
    keeping = Keeping(database, making)
    system = ""
    for row in responses:
        system = _add_response(keeping, row, system)
    return making.found()


def _add_response(keeping: Keeping, row: Row, system: str) -> str:
    """Put a prompt and its response into the session; gives the system prompt in force."""
    making, key, at = keeping.making, name(row["id"]), moment(row["datetime_utc"])
    said = keeping.with_fragments("system_fragments", row["id"], text(row["system"]))
    if said and said != system:
        making.add("system", said, key=f"{key}/system", parent=making.last, created=at)
        system = said
    results = keeping.database.find(
        "tool_results", "response_id", row["id"], ("id", "name", "output", "tool_call_id"), "id"
    )
    for result in results:
        making.add(
            "tool",
            text(result["output"]),
            key=f"{key}/result/{name(result['id'])}",
            parent=making.last,
            created=at,
            name=name(result["name"]) or None,
            tool_call_id=name(result["tool_call_id"]) or None,
        )
    prompt = keeping.with_fragments("prompt_fragments", row["id"], text(row["prompt"]))
    files = keeping.attachments_of(row["id"])
    if prompt or files or not results:
        content = [{"type": "text", "text": prompt}, *files] if files else prompt
        making.add("user", content, key=f"{key}/prompt", parent=making.last, created=at)
    calls = keeping.database.find(
        "tool_calls", "response_id", row["id"], ("id", "name", "arguments", "tool_call_id"), "id"
    )
    making.add(
        "assistant",
        with_thinking(text(row["reasoning"]), text(row["response"])),
        key=key,
        parent=making.last,
        created=at,
        tool_calls=[
            {
                "id": name(call["tool_call_id"]) or f"call-{name(call['id'])}",
                "name": name(call["name"]),
                "arguments": arguments_text(call["arguments"] or "{}"),
            }
            for call in calls
        ]
        or None,
        completion=_completion(row),
    )
    if row["schema_id"]:
        making.note("the schema that a reply had to follow was left out")
    return system


class _Thread:
    """One thread on its way into a session."""

    def __init__(self, database: Database, row: Row) -> None:
        self._database, self._row = database, row
        self._making = Making(
            "llm", name(row["id"]), text(row["name"]), moment(row["datetime_utc"])
        )
        self._keeping = Keeping(database, self._making)
        self._turns: dict[object, Row] = {}
        """By the message that it ended with."""
        self._now: dict[str, str | None] = {}
        """By message: the last one here that stands for it."""

    def found(self) -> Found:
        """The session. Raises `Unfit`."""
        turns = self._database.find("turns", "thread_id", self._row["id"], _TURN, "id")
        self._turns = {turn["tip_message_hash"]: turn for turn in turns}
        for turn in turns:
            self._follow(turn["tip_message_hash"], turn)
        tip = self._row["tip_message_hash"]
        self._follow(tip, None)
        if turns:
            self._making.parameters = _parameters(self._making, turns[-1])
        return self._making.found(self._now.get(name(tip)))

    def _follow(self, tip: object, turn: Row | None) -> None:
        """Add what leads to a message and is not there yet."""
        chain: dict[str, Row] = {}
        at = name(tip)
        while at and at not in self._now and at not in chain:
            if len(chain) > MOST_MESSAGES:
                raise Unfit(f"the conversation has more than {MOST_MESSAGES} messages")
            found = self._database.find("messages", "hash", at, ("hash", "parent_hash", "role"))
            if not found:
                self._making.note("a message that is missing in the database was left out")
                break
            chain[at] = found[0]
            at = name(found[0]["parent_hash"])
        above = self._now.get(at)
        for key, row in reversed(chain.items()):
            above = self._add(key, row, above, turn)
            self._now[key] = above

    def _add(self, key: str, row: Row, above: str | None, turn: Row | None) -> str | None:
        created = moment(turn["datetime_utc"]) if turn else None
        said = self._keeping.parts_of(key)
        for number_, result in enumerate(said.results):
            above = self._making.add(
                "tool", result.output, key=f"{key}/{number_}", parent=above, created=created,
                name=result.name or None, tool_call_id=result.call_id or None,
            ).id  # fmt: skip
        if said.results and not said.content:
            return above
        role = role_of(row["role"])
        own = self._turns.get(key)
        return self._making.add(
            role, said.content, key=key, parent=above, created=created, tool_calls=said.calls or None,
            completion=_completion(own) if own and role == "assistant" else None,
        ).id  # fmt: skip


def _completion(row: Row) -> dict[str, Any]:
    took = number(row["duration_ms"])
    members = {
        "model": name(row["resolved_model"]) or name(row["model"]) or None,
        "prompt_tokens": number(row["input_tokens"]),
        "completion_tokens": number(row["output_tokens"]),
        "seconds": took / 1000 if took else None,
    }
    return {key: value for key, value in members.items() if value is not None}


def _parameters(making: Making, row: Row) -> Parameters:
    """What the last reply was asked for with."""
    members: dict[str, Any] = {"model": name(row["model"]) or None}
    try:
        options = table(read_json(row["options_json"] or "{}"))
    except (ValueError, TypeError, RecursionError):
        options = {}
    known = {_SAME.get(key, key): value for key, value in options.items() if value is not None}
    for key in known.keys() - Parameters.model_fields.keys():
        making.note(f"llm's option {key[:40]} was left out")
        del known[key]
    try:
        return Parameters.model_validate({**known, **members})
    except ValidationError:
        making.note("its options have values that can't be used and were left out")
        return Parameters.model_validate(members)


_SAME = {"seed": "random_seed", "max_output_tokens": "max_tokens"}
