from __future__ import annotations

import pytest

from tests.ui.session import Maker, Session
from tui.ui.widgets.transcript.entry import Entry
from tui.ui.widgets.transcript.widget import Transcript

SIZE = (80, 24)


def styled(chat: Session, style: str) -> list[str]:
    """The texts that stand in that style, line by line."""
    transcript = chat.stage.widgets.transcript
    found = []
    for y in range(transcript.size.height):
        parts = [p for p in transcript.render_line(y) if p.style and getattr(p.style, style)]
        if parts:
            found.append("".join(p.text for p in parts))
    return found


def show(chat: Session, body: str, given: str = "") -> Transcript:
    transcript = chat.stage.widgets.transcript
    transcript.show(
        [Entry("a", "user", body="go"), Entry("b", "assistant", body=body, given=given)]
    )
    return transcript


async def test_the_given_beginning_of_a_reply_is_marked(chat: Session) -> None:
    show(chat, body="The capital of France is Paris.", given="The capital ")
    assert styled(chat, "underline") == ["The capital"]


async def test_a_beginning_of_several_lines_is_marked_on_each(chat: Session) -> None:
    show(chat, body="- one\n- two and more", given="- one\n- two")
    assert [line.strip() for line in styled(chat, "underline")] == ["• one", "• two"]


async def test_of_a_long_beginning_only_the_end_is_marked(chat: Session) -> None:
    given = "One paragraph.\n\n" * 40 + "The last"
    show(chat, body=f"{given} words", given=given)
    assert styled(chat, "underline") == ["The last"]


async def test_a_reply_that_does_not_begin_with_it_is_not_marked(chat: Session) -> None:
    show(chat, body="Paris.", given="The capital")
    assert styled(chat, "underline") == []


async def test_a_beginning_is_marked_while_the_reply_streams(chat: Session) -> None:
    transcript = chat.stage.widgets.transcript
    transcript.show([Entry("b", "assistant", given="The capital ", live=True)])
    for delta in ("The", " capital", " is", " Paris"):
        transcript.append_text("b", delta)
    transcript.flush()
    assert styled(chat, "underline") == ["The capital"]


async def test_what_would_be_cut_off_is_struck_through(chat: Session) -> None:
    transcript = show(chat, body="One **two** three.\n\nFour five.")
    transcript.show_cut("b", len("One **two**"))
    assert [line.strip() for line in styled(chat, "strike")] == ["three.", "Four five."]
    transcript.show_cut("b", len("One **two** three.\n\n"))
    assert [line.strip() for line in styled(chat, "strike")][-1] == "Four five."
    transcript.show_cut(None, 0)
    assert styled(chat, "strike") == []


async def test_a_cut_at_the_very_beginning_strikes_all(chat: Session) -> None:
    transcript = show(chat, body="One two.")
    transcript.show_cut("b", 0)
    assert styled(chat, "strike") == ["One two."]


async def test_marks_keep_their_place_when_the_width_changes(make: Maker) -> None:
    chat = await make(size=(120, 40))
    transcript = show(chat, body="word " * 60 + "END here", given="word word")
    transcript.show_cut("b", 300)
    await chat.pilot.resize_terminal(62, 30)
    await chat.until(lambda: "".join(styled(chat, "strike")).strip() == "END here")
    assert styled(chat, "underline") == ["word word"]


@pytest.mark.parametrize("offset", [10**9, 200_000])
async def test_nothing_is_marked_too_far_down(chat: Session, offset: int) -> None:
    transcript = show(chat, body="x " * 150_000)
    transcript.show_cut("b", offset)
    assert styled(chat, "strike") == []


async def test_a_cut_behind_a_space_is_marked_on_the_letter(chat: Session) -> None:
    transcript = show(chat, body="It is Paris.")
    transcript.show_cut("b", len("It is "))
    assert styled(chat, "strike") == ["Paris."]
