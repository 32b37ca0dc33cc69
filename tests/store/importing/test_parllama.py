from __future__ import annotations

import base64

from tests.store.importing.conftest import founds, said, troubles
from tui.store.importing.making import Found
from tui.store.importing.reading import read

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 40).decode()
CHAT = {
    "id": "f00d",
    "_salt": None,
    "__key__": None,
    "name": "Cheese",
    "name_generated": True,
    "last_updated": "2026-01-02T03:04:05.678901+00:00",
    "llm_config": {"provider": "Ollama", "model_name": "qwen3", "temperature": 0.5, "mode": "Chat"},
    "total_cost": 0.0,
    "messages": [
        {"id": "a", "role": "user", "content": "Which?", "thinking": "", "images": [f"data:image/png;base64,{PNG}", "/gone.png"],
         "tool_calls": None, "documents": [{"name": "x"}]},
        {"id": "b", "role": "assistant", "content": "Brie.", "thinking": "Hm.", "images": None, "tool_calls": None},
    ],
}  # fmt: skip


def test_a_chat_is_read(write):
    [found] = founds(write("f00d.json", CHAT))
    assert (found.source, found.id, found.session.title) == ("parllama", "f00d", "Cheese")
    assert said(found) == [("user", "Which?"), ("assistant", "Brie.")]
    assert found.session.messages[1].thinking == "Hm."
    assert found.session.parameters.given() == {"model": "qwen3", "temperature": 0.5}
    assert found.session.created.isoformat() == "2026-01-02T03:04:05+00:00"
    assert found.notes == [
        "an attached document was left out",
        "an image that stands elsewhere on the disk was left out",
        "its provider (Ollama) was left out: choose one of yours",
    ]


def test_the_older_form_is_read(write):
    old = {
        "session_id": "x1", "session_name": "Old", "last_updated": "2024-07-01T00:00:00", "llm_model_name": "llama3",
        "options": {"temperature": "hot"}, "messages": [{"message_id": "m", "role": "user", "content": "Hi"}],
    }  # fmt: skip
    [found] = founds(write("x1.json", old))
    assert (found.id, found.session.title, said(found)) == ("x1", "Old", [("user", "Hi")])
    assert found.session.parameters.model == "llama3"
    assert found.notes == ["its temperature has a value that can't be used and was left out"]


def test_a_folder_of_chats_is_read(write):
    write("chats/a.json", CHAT)
    path = write("chats/b.json", {**CHAT, "id": "beef"})
    write("chats/prompts.json", {"x": 1})
    assert [one.id for one in read(path.parent) if isinstance(one, Found)] == ["f00d", "beef"]
    assert "prompts.json holds no conversations" in troubles(path.parent)[0]
