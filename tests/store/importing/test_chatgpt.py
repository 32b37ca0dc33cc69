from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.store.importing.conftest import founds, said, troubles
from tui.store.importing.reading import read

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


def node(
    key: str, parent: str, role: str = "user", text: str = "", children: Any = (), **more: Any
) -> Any:
    content = more.pop("content", {"content_type": "text", "parts": [text]})
    author = {"role": role, "name": more.pop("author", None), "metadata": {}}
    message = {"id": key, "author": author, "create_time": 1704067200.5, "content": content,
               "recipient": "all", "metadata": {}, **more}  # fmt: skip
    return {key: {"id": key, "parent": parent, "children": list(children), "message": message}}


def talk(*nodes: Any, **more: Any) -> Any:
    mapping: dict[str, Any] = {
        "root": {"id": "root", "parent": None, "children": [], "message": None}
    }
    for one in nodes:
        mapping |= one
    return {"id": "c-1", "conversation_id": "c-1", "title": "Cheese", "create_time": 1704067200.1,
            "update_time": 1704067300, "mapping": mapping, "current_node": None, **more}  # fmt: skip


BRANCHED = talk(
    node("u1", "root", text="Which cheese?", children=["a1", "a2"]),
    node("a2", "u1", "assistant", "Comté.", metadata={"model_slug": "gpt-5"}),
    node("a1", "u1", "assistant", "Brie.", metadata={"finish_details": {"type": "max_tokens"}}),
    node("u2", "a1", text="Why?"),
    node("u3", "a1", text="Why Brie?"),
    current_node="u2",
)


def test_branches_are_taken_over_and_the_current_one_is_shown(write):
    [found] = founds(write("conversations.json", [BRANCHED]))
    assert (found.source, found.id, found.notes) == ("chatgpt", "c-1", [])
    assert found.session.title == "Cheese"
    assert f"{found.session.created:%Y-%m-%d %H:%M:%S %Z}" == "2024-01-01 00:00:00 UTC"
    assert said(found) == [("user", "Which cheese?"), ("assistant", "Brie."), ("user", "Why?")]
    texts = [message.text for message in found.session.messages]
    assert texts == ["Which cheese?", "Brie.", "Why?", "Why Brie?", "Comté."]
    replies = {message.text: message for message in found.session.messages}
    assert replies["Brie."].ended == "length"
    assert replies["Comté."].completion is not None
    assert replies["Comté."].completion.model == "gpt-5"
    assert replies["Comté."].parent == replies["Brie."].parent


def test_it_is_read_from_the_zip_with_its_images(zipped):
    image = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_0000000012ab"}
    lost = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-Gone12345"}
    content = {"content_type": "multimodal_text", "parts": [image, lost, "What is it?"]}
    path = zipped(
        {
            "conversations.json": [talk(node("u", "root", content=content))],
            "user-1/file_0000000012ab-5.png": PNG,
            "user.json": {"id": "user-1"},
            "message_feedback.json": [],
        }
    )
    [found] = founds(path)
    assert found.notes == ["an image that is not in the export was left out"]
    chunks = [
        chunk.model_dump()
        for chunk in found.session.messages[0].content
        if not isinstance(chunk, str)
    ]
    assert [chunk["type"] for chunk in chunks] == ["image_url", "text"]
    assert chunks[0]["image_url"] == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.mark.parametrize("name", ["conversations.json", "conversations-002.json"])
def test_it_is_read_unpacked(write, name):
    path = write(f"all/{name}", [BRANCHED])
    write("all/user.json", {"id": "me"})
    assert len(founds(path.parent)) == 1


def test_a_table_of_conversations_is_read(write):
    assert len(founds(write("a.json", {"conversations": [BRANCHED]}))) == 1


def test_thoughts_go_before_the_reply(write):
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "S", "content": "Hm."}]}
    raw = talk(
        node("u", "root", text="Why?"),
        node("t", "u", "assistant", content=thoughts),
        node("r", "t", "assistant", content={"content_type": "reasoning_recap", "content": "5 s"}),
        node("a", "r", "assistant", "So."),
    )
    [found] = founds(write("c.json", [raw]))
    assert said(found) == [("user", "Why?"), ("assistant", "So.")]
    assert found.session.messages[-1].thinking == "Hm."


def test_what_tools_did_is_shown_and_not_sent(write):
    code = {"content_type": "code", "language": "python", "text": "1 + 1"}
    output = {"content_type": "execution_output", "text": "2"}
    page = {"content_type": "sonic_webpage", "text": "long", "url": "https://example.com"}
    raw = talk(
        node("u", "root", text="1 + 1?"),
        node("c", "u", "assistant", content=code, recipient="python"),
        node("o", "c", "tool", content=output, author="python"),
        node("p", "o", "tool", content=page),
        node("a", "p", "assistant", "Two."),
    )
    [found] = founds(write("c.json", [raw]))
    assert said(found)[1:] == [
        ("assistant", "```python\n1 + 1\n```"),
        ("tool", "```\n2\n```"),
        ("assistant", "Two."),
    ]
    assert [message.text for message in found.session.sent()] == ["1 + 1?", "Two."]
    assert found.notes == ["what a tool of ChatGPT told (sonic_webpage) was left out"]


def test_hidden_and_empty_messages_are_passed_over(write):
    raw = talk(
        node("s", "root", "system", ""),
        node("h", "s", text="secret", metadata={"is_visually_hidden_from_conversation": True}),
        node("i", "h", text="I like it short", metadata={"is_user_system_message": True}),
        node("u", "i", text="Hello"),
        is_archived=True,
        is_starred=True,
    )
    [found] = founds(write("c.json", [raw]))
    assert said(found) == [("user", "Hello")]
    assert found.session.messages[0].parent is None
    assert found.notes == ["the custom instructions were left out"]
    assert found.is_archived
    assert found.session.pinned


def test_a_circle_does_not_hold_it_up(write):
    raw = talk(node("u", "root", text="Hello"), node("x", "y", text="X"), node("y", "x", text="Y"))
    [found] = founds(write("c.json", [raw]))
    assert said(found) == [("user", "Hello")]
    assert found.notes == ["messages that hang together in a circle were left out"]


def test_ten_thousand_messages_in_a_row_are_no_matter(write):
    nodes = [node(f"m{n}", f"m{n - 1}" if n else "root", text=str(n)) for n in range(10_000)]
    [found] = founds(write("c.json", [talk(*nodes)]))
    assert len(found.session.messages) == 10_000


@pytest.mark.parametrize(
    "raw",
    [
        {"mapping": {}},
        {"mapping": [], "id": "x"},
        {"mapping": {"a": 5, "b": None, "c": []}, "id": "x"},
        {"mapping": {"a": {"message": {"author": 5, "content": {"parts": "x"}}}}, "id": "x"},
        {"mapping": {"a": {"message": {"author": {"role": "moon"}, "content": {"parts": ["x"]}}}}, "id": "x"},
        {"mapping": {"a": {"parent": ["x"], "children": {"y": 1}, "message": "z"}}, "id": {}},
    ],
)  # fmt: skip
def test_a_broken_conversation_is_told_and_the_others_are_read(write, raw):
    path = write("c.json", [BRANCHED, raw, {**BRANCHED, "id": "c-2", "conversation_id": "c-2"}])
    [words] = troubles(path)
    assert "conversation 2" in words
    assert len(list(read(path))) == 3
