from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tui.core.message import (
    CONTENT,
    Chunk,
    Completion,
    ImageChunk,
    Message,
    ReferenceChunk,
    TextChunk,
    ThinkingChunk,
    new_id,
    utc_now,
)
from tui.core.words import Role

TEXT = {"type": "text", "text": "hello"}
THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": True}
REFERENCE = {"type": "reference", "reference_ids": [1, "b"]}
IMAGE = {"type": "image_url", "image_url": {"url": "data:,", "detail": "low"}}
UNKNOWN = {"type": "hologram", "depth": 3, "parts": [{"a": [1, 2.5, True]}]}

JSON = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("raw", "model"),
    [
        (TEXT, TextChunk),
        (THINKING, ThinkingChunk),
        (REFERENCE, ReferenceChunk),
        (IMAGE, ImageChunk),
        (UNKNOWN, Chunk),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_a_chunk_gets_the_model_of_its_type(raw: dict[str, Any], model: type[Chunk]) -> None:
    content = CONTENT.validate_python([raw])
    assert [type(chunk) for chunk in content] == [model]


@pytest.mark.parametrize(
    "raw", [TEXT, THINKING, REFERENCE, IMAGE, UNKNOWN], ids=lambda r: r["type"]
)
def test_a_chunk_with_members_that_we_do_not_know_comes_back_unchanged(raw: dict[str, Any]) -> None:
    content = [raw | {"future": {"deep": ["x"]}}]
    message = Message.model_validate({"role": "assistant", "content": content})
    assert message.model_dump(mode="json", exclude_none=True)["content"] == content


@given(st.dictionaries(st.text(min_size=1).filter(lambda name: name != "type"), JSON, max_size=4))
def test_any_chunk_of_an_unknown_type_survives(members: dict[str, Any]) -> None:
    raw = {"type": "of-tomorrow"} | members
    message = Message.model_validate({"role": "assistant", "content": [raw]})
    assert message.model_dump()["content"] == [raw]


def test_a_chunk_inside_a_thinking_chunk_survives_as_well() -> None:
    raw = {"type": "thinking", "thinking": [UNKNOWN, TEXT], "signature": "s"}
    message = Message.model_validate({"role": "assistant", "content": [raw]})
    assert message.model_dump(exclude_none=True)["content"] == [raw]
    assert message.thinking == "hello"


@pytest.mark.parametrize(
    "content",
    [
        [{"text": "no type"}],
        [{"type": "text"}],
        [{"type": "text", "text": 3}],
        ["bare"],
        7,
        {"type": "text", "text": "not in a list"},
    ],
)
def test_content_of_the_wrong_shape_is_refused(content: Any) -> None:
    with pytest.raises(ValidationError):
        Message.model_validate({"role": "user", "content": content})


def test_the_text_is_the_text_chunks_and_the_thinking_is_apart() -> None:
    content = [THINKING, TEXT, REFERENCE, {"type": "text", "text": " you"}, UNKNOWN]
    message = Message.model_validate({"role": "assistant", "content": content})
    assert (message.text, message.thinking) == ("hello you", "hm")


def test_plain_content_is_its_own_text() -> None:
    message = Message(role=Role.USER, content="as it is")
    assert (message.text, message.thinking) == ("as it is", "")


@pytest.mark.parametrize(
    ("members", "empty"),
    [
        ({}, True),
        ({"content": ""}, True),
        ({"content": []}, True),
        ({"content": "x"}, False),
        ({"content": [TEXT]}, False),
        ({"tool_calls": [{"id": "1", "name": "f"}]}, False),
    ],
)
def test_a_message_is_empty_without_content_and_calls(members: dict[str, Any], empty: bool) -> None:
    assert Message.model_validate({"role": "assistant"} | members).is_empty is empty


def test_members_that_we_do_not_know_are_kept_on_messages_and_completions() -> None:
    raw = {
        "id": "a",
        "role": "assistant",
        "content": "x",
        "tool_calls": [{"id": "1", "name": "f", "arguments": "{}", "index": 0}],
        "mood": "good",
        "completion": {"model": "m", "temperature": 0.5, "stop": ["\n"]},
    }
    dumped = Message.model_validate(raw).model_dump(
        mode="json", exclude_none=True, exclude={"excluded"}
    )
    assert dumped == raw


def test_what_was_sent_stands_beside_what_came_of_it() -> None:
    sent = Completion.model_validate({"model": "m", "safe_prompt": True, "seconds": 1.5})
    assert sent.model_dump(exclude_none=True) == {"model": "m", "safe_prompt": True, "seconds": 1.5}


def test_ids_are_short_and_differ() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {8}
    assert not set("".join(made)) & set("ilou ABC-_")


def test_the_present_has_no_fraction_of_a_second() -> None:
    now = utc_now()
    assert now.microsecond == 0
    assert now.utcoffset() is not None
