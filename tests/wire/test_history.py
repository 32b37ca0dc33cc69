import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.message import CONTENT, Message, ToolCall
from tui.core.words import Kind, Role
from tui.wire.dialects import DIALECTS
from tui.wire.history import History

THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
REFERENCE = {"type": "reference", "reference_ids": [1]}
IMAGE = {"type": "image_url", "image_url": "https://example.com/x.png"}
INLINE = {"type": "image_url", "image_url": "data:image/png;base64,AA"}
DOCUMENT = {"type": "document_url", "document_url": "https://example.com/x.pdf"}
OTHERS = [kind for kind in Kind if kind is not Kind.MISTRAL]
STRICT = [Kind.LLAMACPP, Kind.VLLM]


def says(role: str, content: Any = "x", **members: Any) -> Message:
    return Message(role=Role(role), content=CONTENT.validate_python(content), **members)


def calls(*ids: str, content: Any = "") -> Message:
    return says("assistant", content, tool_calls=[ToolCall(id=i, name="go") for i in ids])


def result(call_id: str) -> Message:
    return says("tool", "done", tool_call_id=call_id, name="go")


def sent(kind: Kind, *messages: Message) -> tuple[list[dict[str, Any]], list[str]]:
    history = History(list(messages), DIALECTS[kind])
    return history.messages, list(history.notes)


def roles(kind: Kind, *messages: Message) -> list[str]:
    return [message["role"] for message in sent(kind, *messages)[0]]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sound_conversation_is_sent_as_it_is(kind):
    conversation = [
        says("system", "s"),
        says("user", "u", completion=None),
        says("assistant", "a", prefix="a", ended="stopped"),
        says("user", "v"),
    ]
    messages, notes = sent(kind, *conversation)
    assert messages == [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "u"},
        {"role": "assistant", "content": "a"},
        {"role": "user", "content": "v"},
    ]
    assert notes == []


def test_a_call_without_its_result_is_left_out():
    messages, notes = sent(
        Kind.MISTRAL,
        says("user"),
        calls("aaaaaaaa1", "aaaaaaaa2"),
        result("aaaaaaaa2"),
        says("user"),
    )
    assert [call["id"] for call in messages[1]["tool_calls"]] == ["aaaaaaaa2"]
    assert notes == ["a tool call without its result was left out"]


def test_a_reply_of_nothing_but_dangling_calls_is_left_out():
    messages, notes = sent(Kind.MISTRAL, says("user"), calls("aaaaaaaa1"), says("user"))
    assert [message["role"] for message in messages] == ["user", "user"]
    assert "an empty reply was left out" in notes


def test_a_result_without_its_call_and_one_too_many_are_left_out():
    assert roles(
        Kind.MISTRAL,
        says("user"),
        result("zzzzzzzz9"),
        calls("aaaaaaaa1"),
        result("aaaaaaaa1"),
        result("aaaaaaaa1"),
    ) == ["user", "assistant", "tool"]


def test_an_empty_reply_is_left_out():
    messages, notes = sent(Kind.OPENAI, says("user"), says("assistant", ""), says("user"))
    assert len(messages) == 2
    assert notes == ["an empty reply was left out"]


def test_a_reply_at_the_end_is_left_out():
    messages, notes = sent(Kind.MISTRAL, says("user"), says("assistant"))
    assert [message["role"] for message in messages] == ["user"]
    assert notes


def test_long_call_ids_are_shortened_for_mistral_in_call_and_result_alike():
    messages, notes = sent(
        Kind.MISTRAL, says("user"), calls("call_1", "call_2"), result("call_2"), result("call_1")
    )
    ids = [call["id"] for call in messages[1]["tool_calls"]]
    assert len(set(ids)) == 2
    assert all(len(i) == 9 and i.isalnum() for i in ids)
    assert [message["tool_call_id"] for message in messages[2:]] == ids
    assert len(notes) == 1


@pytest.mark.parametrize("kind", OTHERS)
def test_call_ids_stay_elsewhere(kind):
    messages, notes = sent(kind, says("user"), calls("call_1"), result("call_1"))
    assert messages[1]["tool_calls"][0]["id"] == "call_1"
    assert notes == []


def test_arguments_that_are_no_json_are_left_out():
    call = ToolCall(id="aaaaaaaa1", name="go", arguments='{"cut')
    reply = says("assistant", "", tool_calls=[call])
    messages, notes = sent(Kind.MISTRAL, says("user"), reply, result("aaaaaaaa1"))
    assert messages[1]["tool_calls"][0]["function"]["arguments"] == "{}"
    assert notes


def test_mistral_gets_its_thinking_back_closed():
    reply = says("assistant", [THINKING, {"type": "text", "text": "so"}, REFERENCE])
    messages, notes = sent(Kind.MISTRAL, says("user"), reply, says("user"))
    assert messages[1]["content"] == [
        {**THINKING, "closed": True},
        {"type": "text", "text": "so"},
        REFERENCE,
    ]
    assert notes == []


@pytest.mark.parametrize(
    ("kind", "member"),
    [
        (Kind.LLAMACPP, "reasoning_content"),
        (Kind.OLLAMA, "reasoning"),
        (Kind.VLLM, "reasoning"),
        (Kind.OPENAI, None),
    ],
)
def test_the_others_get_thinking_in_a_member_of_their_own_or_not_at_all(kind, member):
    reply = says("assistant", [THINKING, {"type": "text", "text": "so"}, REFERENCE])
    messages, notes = sent(kind, says("user"), reply, says("user"))
    expected = {"role": "assistant", "content": "so"}
    assert messages[1] == (expected if member is None else {**expected, member: "hm"})
    assert bool(notes) == (member is None)


def test_chunks_have_only_the_members_that_the_api_knows():
    image = {**IMAGE, "alt": "a cat"}
    messages, _ = sent(Kind.MISTRAL, says("user", [image, {"type": "text", "text": "?", "x": 1}]))
    assert messages[0]["content"] == [IMAGE, {"type": "text", "text": "?"}]


def test_images_are_objects_elsewhere():
    messages, _ = sent(Kind.OPENAI, says("user", [IMAGE]))
    image = {"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}
    assert messages[0]["content"] == [image]


def test_ollama_takes_images_inline_only():
    messages, notes = sent(Kind.OLLAMA, says("user", [IMAGE, INLINE]))
    assert len(messages[0]["content"]) == 1
    assert notes


@pytest.mark.parametrize("kind", OTHERS)
def test_documents_are_for_mistral_alone(kind):
    content = [{"type": "text", "text": "read"}, DOCUMENT]
    assert sent(Kind.MISTRAL, says("user", content))[0][0]["content"] == content
    messages, notes = sent(kind, says("user", content))
    assert messages[0]["content"] == "read"
    assert notes


def test_names_go_only_where_they_are_known():
    messages, _ = sent(Kind.MISTRAL, says("user", name="Ada"))
    assert "name" not in messages[0]
    messages, _ = sent(Kind.OPENAI, says("user", name="Ada"))
    assert messages[0]["name"] == "Ada"


@pytest.mark.parametrize("kind", STRICT)
def test_two_in_a_row_are_joined_where_templates_are_strict(kind):
    messages, notes = sent(kind, says("user", "a"), says("user", "b"))
    assert messages == [{"role": "user", "content": "a\n\nb"}]
    assert notes


@pytest.mark.parametrize("kind", [Kind.MISTRAL, Kind.OPENAI, Kind.OLLAMA])
def test_two_in_a_row_stay_where_they_may(kind):
    assert roles(kind, says("user", "a"), says("user", "b")) == ["user", "user"]


@pytest.mark.parametrize("kind", [*STRICT, Kind.MISTRAL])
def test_a_late_system_message_is_sent_as_the_users(kind):
    late = [says("user"), says("assistant"), says("system", "now in French"), says("user")]
    assert "system" not in roles(kind, *late)


def test_mistral_does_not_get_a_system_message_at_the_end():
    assert roles(Kind.MISTRAL, says("user"), says("system")) == ["user", "user"]
    assert roles(Kind.MISTRAL, says("system")) == ["system"]


def test_lone_surrogates_do_not_leave():
    messages, _ = sent(Kind.MISTRAL, says("user", "a\ud800"))
    assert messages[0]["content"] == "a\ufffd"


CONTENTS = st.one_of(
    st.sampled_from(["", "x", "y\ud800"]),
    st.lists(
        st.sampled_from([THINKING, REFERENCE, IMAGE, INLINE, DOCUMENT, {"type": "odd", "z": 1}])
        | st.just({"type": "text", "text": "t"}),
        max_size=3,
    ),
)
IDS = st.sampled_from(["aaaaaaaa1", "call_1", "call_2", "", "null"])
CALLS = st.lists(
    st.builds(
        ToolCall,
        id=IDS,
        name=st.sampled_from(["go", "", "a b"]),
        arguments=st.sampled_from(["{}", "", "{"]),
    ),
    max_size=3,
)
MESSAGES = st.lists(
    st.builds(
        lambda role, content, tool_calls, call_id: says(
            role,
            content,
            tool_calls=tool_calls if role == "assistant" else [],
            tool_call_id=call_id if role == "tool" else None,
        ),
        st.sampled_from(["system", "user", "assistant", "tool"]),
        CONTENTS,
        CALLS,
        IDS,
    ),
    max_size=9,
)
MAY_FOLLOW = {
    "system": {"user", "assistant", "system"},
    "user": {"assistant", "system", "user"},
    "assistant": {"assistant", "user", "tool"},
    "tool": {"assistant", "tool", "user"},
}


@given(MESSAGES, st.sampled_from(list(Kind)))
def test_whatever_is_stored_what_is_sent_is_in_order(messages, kind):
    before = [message.model_dump() for message in messages]
    got, _ = sent(kind, *messages)
    assert [message.model_dump() for message in messages] == before
    json.dumps(got, ensure_ascii=False).encode()
    if not got:
        return
    is_free = len(got) == 1 or kind in {Kind.OPENAI, Kind.OLLAMA}
    assert got[-1]["role"] in ({"user", "tool", "system"} if is_free else {"user", "tool"})
    waiting: list[str] = []
    for message in got:
        if message["role"] == "tool":
            waiting.remove(message["tool_call_id"])
        else:
            assert waiting == []
        if message["role"] == "assistant":
            waiting = [call["id"] for call in message.get("tool_calls", [])]
            assert message["content"] or waiting
    assert waiting == []


@given(MESSAGES)
def test_whatever_is_stored_mistral_gets_roles_in_an_order_that_it_takes(messages):
    got, _ = sent(Kind.MISTRAL, *messages)
    for first, second in zip(got, got[1:], strict=False):  # noqa: RUF007
        assert second["role"] in MAY_FOLLOW[first["role"]]


@given(MESSAGES, st.sampled_from(STRICT))
def test_whatever_is_stored_strict_templates_get_turns(messages, kind):
    got, _ = sent(kind, *messages)
    for first, second in zip(got, got[1:], strict=False):  # noqa: RUF007
        assert second["role"] != "system"
        if "tool_calls" not in first:
            assert first["role"] != second["role"] or first["role"] == "tool"
