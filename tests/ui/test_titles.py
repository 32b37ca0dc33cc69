from __future__ import annotations

from tests.ui.session import Session


def note(chat: Session) -> str:
    return [note.message for note in chat.app._notifications][-1]


async def test_titles_by_model_are_switched_and_kept(chat: Session) -> None:
    chat.burst(*"/titles on", "enter")
    await chat.until(lambda: len(chat.desk.remembered) == 2)
    assert (("titles", "by_model"), True) in chat.desk.remembered
    assert "The chat's own model makes titles" in note(chat)
    chat.burst(*"/titles tiny-model", "enter")
    await chat.until(lambda: (("titles", "model"), "tiny-model") in chat.desk.remembered)
    chat.burst(*"/titles", "enter")
    await chat.until(lambda: chat.desk.remembered[-2:] == [(("titles", "by_model"), False), (("titles", "model"), "tiny-model")])  # fmt: skip
    assert "first words" in note(chat)


async def test_the_request_for_a_title_is_seen_and_gives_the_title(chat: Session) -> None:
    chat.desk.settings.titles.by_model = True
    await chat.say("hello")
    chat.desk.backend.end("answer")
    await chat.until(lambda: len(chat.desk.backend.requests) == 2)
    status = chat.stage.widgets.status
    await chat.until(lambda: "making a title" in str(status.render()))
    chat.desk.backend.end("French cheese")
    await chat.until(lambda: chat.stage.session and chat.stage.session.title == "French cheese")
    await chat.until(lambda: "making a title" not in str(status.render()))
