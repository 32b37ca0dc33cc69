from __future__ import annotations

from typing import Any

from tests.store.importing.conftest import founds, said, troubles

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


def message(key: str, role: str, text: str, second: float, **more: Any) -> Any:
    return {"id": key, "version": 0, "chatId": "1f3c", "content": text, "contentChunks": None, "role": role,
            "createdAt": f"2025-10-23T10:00:{second:06.3f}Z", "reaction": "neutral", "canvas": [],
            "quotes": [], "files": [], **more}  # fmt: skip


def test_messages_are_put_in_the_order_of_time(write):
    path = write(
        "chat-1f3c.json",
        [
            message("b", "assistant", "Brie.", 2.5),
            message("c", "user", "Why?", 9),
            message("a", "user", "Which cheese?", 2.25),
        ],
    )
    [found] = founds(path)
    assert (found.source, found.id) == ("lechat", "1f3c")
    assert said(found) == [("user", "Which cheese?"), ("assistant", "Brie."), ("user", "Why?")]
    assert found.session.title == "Which cheese?"
    assert found.session.created.isoformat() == "2025-10-23T10:00:02+00:00"


def test_replies_in_a_row_are_versions(write):
    path = write(
        "chat-1f3c.json",
        [
            message("a", "user", "Which?", 1),
            message("b", "assistant", "Brie.", 2),
            message("c", "assistant", "Comté.", 3),
            message("d", "user", "Why?", 4),
        ],
    )
    [found] = founds(path)
    assert said(found) == [("user", "Which?"), ("assistant", "Comté."), ("user", "Why?")]
    assert found.session.messages[1].parent == found.session.messages[2].parent


def test_a_parent_that_is_named_counts(write):
    path = write(
        "chat-1f3c.json",
        [
            message("a", "user", "Which?", 1),
            message("b", "assistant", "Brie.", 2, parentId="a"),
            message("c", "user", "Why?", 3, parentId="b"),
            message("d", "user", "How?", 4, parentId="b"),
        ],
    )
    [found] = founds(path)
    assert said(found)[-1] == ("user", "How?")
    assert found.session.messages[3].parent == found.session.messages[1].id


def test_chunks_references_and_images_come_along(zipped):
    chunks = [
        {"type": "text", "text": "Brie"},
        {"type": "reference", "referenceIds": [1, "x", None]},
        {"type": "tool_call", "name": "web_search"},
        {"type": "custom_element"},
        {"type": "text", "text": "."},
    ]
    files = [
        {"type": "image", "name": "cheese.png"},
        {"type": "document", "name": "../../etc/passwd"},
    ]
    path = zipped(
        {
            "x/chat-1f3c.json": [
                message("a", "user", "This?", 1, files=files),
                message("b", "assistant", "Brie.", 2, contentChunks=chunks),
            ],
            "x/chat-1f3c-files/cheese.png": PNG,
            "x/chat-2222.json": [message("z", "user", "Hi", 5, chatId="2222")],
        }
    )
    first, second = founds(path)
    assert second.id == "2222"
    asked, reply = first.session.messages
    assert [chunk.type for chunk in asked.content if not isinstance(chunk, str)] == [
        "text",
        "image_url",
    ]
    assert reply.text == "Brie."
    assert reply.content[1].model_dump() == {"type": "reference", "reference_ids": [1, "x"]}  # type: ignore[union-attr]  # a list
    assert first.notes == [
        "the file '../../etc/passwd' was left out: it is not there",
        "the call of a tool was left out",
        "an element of the page was left out",
    ]


def test_what_is_no_message_is_told(write):
    path = write(
        "chat-1.json", [message("a", "user", "Hi", 1), {"role": "user", "content": "x"}, 5]
    )
    assert troubles(path) == [
        f"{path}, conversation 1: not all that stands in it is a message of Le Chat's"
    ]
