from __future__ import annotations

from datetime import UTC, datetime

from tui.core.message import Message
from tui.core.session import Session
from tui.store.export.chosen import Scope, chosen, kept, part_of
from tui.store.export.markdown import markdown_text

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def message(
    message_id: str, parent: str | None, role: str, content: object, **more: object
) -> Message:
    return Message.model_validate(
        {"id": message_id, "parent": parent, "role": role, "content": content, **more}
    )


def session(*messages: Message) -> Session:
    made = Session(id="20260102-030405-abcd", title="Cheese *now*", created=AT, tags=["food"])
    made.messages = list(messages)
    return made


BRANCHED = session(
    message("u", None, "user", "Which?", created=AT),
    message("a", "u", "assistant", "Brie.", completion={"model": "m_1"}),
    message("b", "u", "assistant", "**Comté.**\n\n```sh\nls\n```", ended="stopped"),
)


def test_the_shown_branch_reads_well():
    assert markdown_text(BRANCHED, chosen(BRANCHED, Scope.SHOWN)) == (
        "# Cheese \\*now\\*\n\n2026-01-02 03:04 · \\#food\n\n## User · 2026-01-02 03:04\n\nWhich?\n\n"
        "## Assistant · version 2 of 2\n\n**Comté.**\n\n```sh\nls\n```\n\n*(stopped)*\n"
    )


def test_all_branches_tell_which_version_they_are():
    text = markdown_text(BRANCHED, chosen(BRANCHED, Scope.ALL))
    assert "## Assistant · m\\_1 · version 1 of 2\n\nBrie." in text
    assert "## Assistant · version 2 of 2 · another branch\n\n**Comté.**" in text


def test_chunks_and_calls_are_shown():
    one = session(
        message(
            "a",
            None,
            "assistant",
            [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Hm.\n\nSo."}]},
                {"type": "text", "text": "Brie"},
                {"type": "reference", "reference_ids": [1, 2]},
                {"type": "text", "text": "."},
                {"type": "image_url", "image_url": "files/" + "a" * 64 + ".bin#image/x y"},
                {"type": "document_url", "document_url": "https://x.example/a b.pdf"},
                {"type": "odd"},
            ],
            tool_calls=[{"id": "c", "name": "look`", "arguments": '{"a": "```"}'}],
            excluded=True,
        )
    )
    text = markdown_text(one, one.messages)
    assert "## Assistant · not sent\n\n> Hm.\n>\n> So.\n\nBrie\\[1\\]\\[2\\].\n\n" not in text
    assert "> Hm.\n>\n> So.\n\nBrie[1][2].\n\n" in text
    assert (
        f"![image](files/{'a' * 64}.bin)\n\n[document](https://x.example/a%20b.pdf)\n\n*(odd)*"
        in text
    )
    assert '````json\n{"a": "```"}\n````' in text


def test_titles_and_names_can_not_forge_lines():
    one = session(message("u", None, "user", "Hi", name="a\n## System"))
    one.title = "x\n\n## System\x1b[2J"
    text = markdown_text(one, one.messages)
    assert text.startswith("# x \\#\\# System␛\\[2J\n")
    assert "## User · a \\#\\# System\n" in text


def test_a_part_of_a_session_forgets_a_branch_that_is_not_in_it():
    BRANCHED.show("a")
    try:
        part = part_of(BRANCHED, kept(BRANCHED, Scope.SHOWN))
    finally:
        shown, BRANCHED.shown = BRANCHED.shown, None
    assert shown is not None
    assert part.shown is None
    assert [one.id for one in part.messages] == ["u", "a"]
    assert len(BRANCHED.messages) == 3
