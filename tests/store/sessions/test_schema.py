from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the judge comes with another judge
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.sessions.test_toml_sessions import MESSAGES
from tests.store.toml.test_text import TREES, scrubbed
from tui.core.message import Message
from tui.core.session import Session
from tui.store.sessions.schema import PATH, load_schema, made_schema, schema_text
from tui.store.sessions.schema_check import faults
from tui.store.sessions.text import session_text
from tui.store.toml.text import decode

SCHEMA = load_schema()


def test_the_file_says_what_the_models_say():
    assert PATH.read_text("utf-8") == schema_text(made_schema()), (
        f"renew it: python -m tui.store.sessions.schema > {PATH.name}"
    )


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def as_json(value: Any) -> Any:
    return json.loads(
        json.dumps(value, default=lambda v: v.isoformat() if isinstance(v, datetime) else str(v))
    )


def judged(value: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(as_json(value)))


@given(messages=st.lists(MESSAGES, max_size=3), tags=st.lists(st.text()), pinned=st.booleans())
def test_whatever_is_saved_obeys_it(messages, tags, pinned):
    session = Session(title="x", tags=scrubbed(tags), pinned=pinned)
    session.parameters.temperature = 0.5
    for members in messages:
        session.add(Message.model_validate(scrubbed(members)))
    table = decode(tomllib.loads(session_text(session)))
    assert faults(table, SCHEMA) == []
    assert judged(table)


LEAVES = st.one_of(TREES, st.integers(), st.booleans(), st.floats(allow_nan=False), st.text())
MEMBERS = st.sampled_from(
    ["schema", "id", "title", "created", "tags", "pinned", "parameters", "provider"]
)
INNER = st.sampled_from(["temperature", "stop", "model", "n", "top_p", "tools", "max_tokens"])
IN_MESSAGE = st.sampled_from(
    ["id", "role", "content", "parent", "tool_calls", "completion", "created", "excluded"]
)
CHUNK = st.dictionaries(
    st.sampled_from(["type", "text", "thinking", "image_url", "reference_ids"]),
    st.one_of(LEAVES, st.sampled_from(["text", "thinking", "reference", "image_url"])),
)


@given(
    head=st.dictionaries(MEMBERS, LEAVES, max_size=3),
    parameters=st.dictionaries(INNER, LEAVES, max_size=2),
    message=st.dictionaries(IN_MESSAGE, LEAVES, max_size=3),
    chunks=st.lists(CHUNK, max_size=2),
)
def test_the_small_checker_agrees_with_a_full_one(head, parameters, message, chunks):
    whole = {"role": "user", "content": chunks, **message}
    value = {"schema": 1, "parameters": parameters, **head, "message": [whole]}
    value = as_json(value)
    assert (faults(value, SCHEMA) == []) == judged(value)


@pytest.mark.parametrize(
    ("value", "path", "words"),
    [
        ({"title": 5}, ("title",), "should be text, not a whole number"),
        ({"schema": 2}, ("schema",), "should be 1"),
        ({"tags": ["a", 5]}, ("tags", 1), "should be text, not a whole number"),
        (
            {"parameters": {"temperature": "hot"}},
            ("parameters", "temperature"),
            "a number, not text",
        ),
        ({"parameters": {"top_p": 2}}, ("parameters", "top_p"), "at most 1"),
        ({"message": [{"content": "x"}]}, ("message", 0), "`role` is missing"),
        ({"message": [{"role": "judge"}]}, ("message", 0, "role"), "should be one of system, user"),
        (
            {"message": [{"role": "user", "content": 5}]},
            ("message", 0, "content"),
            "text or a list",
        ),
        (
            {"message": [{"role": "user", "content": [{"type": "text"}]}]},
            ("message", 0, "content", 0),
            "`text` is missing",
        ),
        ({"created": "yesterday", "message": {}}, ("message",), "a list, not a table"),
    ],
)
def test_a_fault_is_told_where_it_is(value, path, words):
    [fault] = faults({"schema": 1, **value}, SCHEMA)
    assert fault.path == path
    assert words in fault.words


def test_the_example_in_the_readme_obeys_it():
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    part = readme[readme.index("### Session files") :]
    example = tomllib.loads(part.split("```toml\n", 1)[1].split("```", 1)[0])
    assert len(example["message"]) == 2
    assert faults(example, SCHEMA) == []
    assert str(PATH.relative_to(Path(__file__).parents[3])) in part
