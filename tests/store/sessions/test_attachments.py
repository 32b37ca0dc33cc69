from __future__ import annotations

import base64
import os
import stat
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.sessions.test_toml_sessions import fresh
from tui.core.attached import Attachment, Reference, references_in
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.filing.filing import TomlFiling
from tui.store.places import Places
from tui.store.sessions.attachments import UNUSED, FileAttachments, put_beside
from tui.store.sessions.toml_sessions import TomlSessions

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 12


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def uri(data: bytes = PNG, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{encoded(data)}"


def asked(*chunks: dict[str, object]) -> Message:
    content = [{"type": "text", "text": "What is this?"}, *chunks]
    return Message.model_validate({"role": "user", "content": content})


def image(url: object = None) -> dict[str, object]:
    return {"type": "image_url", "image_url": url or uri()}


def saved(store: TomlSessions, message: Message) -> Session:
    session = Session(title="Picture")
    store.create(session)
    store.append(session.id, session.add(message))
    return session


@pytest.fixture
def attachments(places):
    return FileAttachments(places)


def files(places: Places) -> list[str]:
    return sorted(path.name for path in places.files.iterdir()) if places.files.exists() else []


CHUNKS = [
    image(),
    image({"url": uri(), "detail": "high"}),
    image(uri(kind="image/x-of-its-own;name=a")),
    image(uri(kind="")),
    {"type": "document_url", "document_url": uri(b"%PDF" + PNG, "application/pdf")},
    {"type": "input_audio", "input_audio": encoded(b"RIFF" + PNG)},
    {"type": "input_audio", "input_audio": {"data": encoded(PNG), "format": "mp3"}},
    {"type": "file", "file": {"file_data": uri(b"x" * 5000), "filename": "a.bin"}},
    {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}, image()]},
    {"type": "of_the_future", "parts": [{"deep": [uri()]}]},
]


@pytest.mark.parametrize("chunk", CHUNKS, ids=lambda chunk: chunk["type"])
def test_data_lies_beside_the_session_and_comes_back_for_the_server(
    places, store, attachments, chunk
):
    before = asked(chunk).model_dump()["content"]
    session = saved(store, asked(chunk))
    text = store.path_of(session.id).read_text("utf-8")
    assert len(text) < 1500
    assert 'content = "files/' in text or "files/" in text
    assert len(files(places)) == 1
    [message] = fresh(store).load(session.id).messages
    [inlined], notes = attachments.inlined([message])
    assert inlined.model_dump()["content"] == before
    assert notes == []
    assert references_in(message), "what was given is not changed"


def test_a_message_in_memory_refers_to_its_file_once_it_is_saved(store):
    message = asked(image())
    session = saved(store, message)
    assert references_in(message)
    assert fresh(store).load(session.id).messages == [message]


@pytest.mark.parametrize(
    "chunk",
    [
        image("https://example.org/a.png"),
        image("data:image/png;base64,AAAA"),
        image(uri() + "\n"),
        image("data:text/plain," + "x" * 5000),
        {"type": "input_audio", "input_audio": "not base64 " * 500},
        {"type": "text", "text": uri()},
        {"type": "of_the_future", "words": "A" * 4096},
    ],
)
def test_what_is_small_or_would_not_come_back_equal_stays_in_the_session(places, store, chunk):
    message = asked(chunk)
    before = message.model_dump()
    session = saved(store, message)
    assert files(places) == []
    assert fresh(store).load(session.id).messages[0].model_dump()["content"] == before["content"]


def test_words_stay_words(places, store, attachments):
    message = Message(role=Role.USER, content=uri())
    saved(store, message)
    assert files(places) == []
    quoted = asked({"type": "text", "text": f"files/{'0' * 64}.png"})
    assert attachments.inlined([quoted]) == ([quoted], [])


def test_the_same_data_lies_there_once(places, store):
    saved(store, asked(image(), image({"url": uri()})))
    saved(store, asked(image()))
    assert len(files(places)) == 1


@pytest.mark.parametrize("mask", [0, 0o077])
def test_the_file_is_the_users_alone_whatever_the_umask(places, store, mask):
    before = os.umask(mask)
    try:
        saved(store, asked(image()))
    finally:
        os.umask(before)
    [path] = places.files.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.files.stat().st_mode) == 0o700


def test_a_file_that_is_missing_or_changed_is_told_and_hurts_nothing_else(
    places, store, attachments
):
    session = saved(store, asked(image(), image("https://example.org/b.png")))
    [path] = places.files.iterdir()
    assert attachments.problems(session.messages) == []
    for damage in (lambda: path.write_bytes(b"other"), path.unlink):
        damage()
        [inlined], [note] = attachments.inlined(session.messages)
        kinds = [chunk["type"] for chunk in inlined.model_dump()["content"]]
        assert kinds == ["text", "text", "image_url"]
        assert inlined.text == "What is this?[missing: image]"
        assert str(path) in note
        assert "was not sent" in note
        [problem] = attachments.problems(session.messages)
        assert problem.path == str(path)


def test_a_damaged_file_is_mended_by_the_same_data(places, store, attachments):
    session = saved(store, asked(image()))
    [path] = places.files.iterdir()
    path.write_bytes(b"x" * path.stat().st_size)
    saved(store, asked(image()))
    assert attachments.problems(session.messages) == []


def test_a_file_that_waits_to_be_removed_can_still_be_had_and_comes_back(
    places, store, attachments
):
    session = saved(store, asked(image()))
    [path] = places.files.iterdir()
    path.rename(path.with_name(path.name + UNUSED))
    assert attachments.problems(session.messages) == []
    saved(store, asked(image()))
    assert files(places) == [path.name]


@pytest.mark.parametrize(
    "url",
    [
        f"files/../{'0' * 64}.png",
        f"files/{'0' * 64}.png/../../x",
        f"files/{'0' * 63}.png",
        f"/files/{'0' * 64}.png",
        f"files/{'G' * 64}.png",
        "files/",
    ],
)
def test_a_reference_never_leads_out_of_the_folder(attachments, url):
    message = asked(image(url))
    assert references_in(message) == []
    assert attachments.inlined([message]) == ([message], [])


def test_data_that_cannot_be_saved_stays_in_the_message(places, store):
    session = Session(title="Picture")
    store.create(session)
    places.files.write_text("in the way")
    message = asked(image())
    before = message.model_dump()
    with pytest.raises(Failure):
        store.append(session.id, message)
    assert message.model_dump() == before
    places.files.unlink()
    store.append(session.id, message)
    assert references_in(fresh(store).load(session.id).messages[0])


def test_new_and_rewritten_sessions_refer_to_files_too(places, store):
    session = Session(title="Picture")
    session.add(asked(image()))
    store.create(session)
    session.messages[0] = asked(image(uri(PNG + b"2")))
    session.messages[0].id = "other"
    store.rewrite(session)
    assert len(files(places)) == 2
    assert "base64," not in store.path_of(session.id).read_text()


def test_a_copy_of_a_chat_shares_its_files(places, store, attachments):
    session = saved(store, asked(image()))
    copy = fresh(store).load(TomlFiling(places).duplicate(session.id))
    assert len(files(places)) == 1
    assert attachments.problems(copy.messages) == []


def test_the_file_says_what_it_refers_to(store):
    session = saved(store, asked(image()))
    found = tomllib.loads(store.path_of(session.id).read_text())
    reference = Reference.of(found["message"][0]["content"][1]["image_url"])
    assert reference is not None
    assert (reference.extension, reference.what) == ("png", "image")
    assert reference.fits(PNG)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    data=st.binary(min_size=1600, max_size=1700),
    kind=st.one_of(
        st.none(),
        st.sampled_from(["", "image/png", "a/b;c=d", ";base64", "x#y", ";", "base64"]),
        st.text(max_size=8),
    ),
)
def test_any_data_comes_back_as_it_was(places, attachments, data, kind):
    text = encoded(data) if kind is None else uri(data, kind)
    message = asked({"type": "input_audio", "input_audio": text})
    put_beside(places, [message])
    attachment = Attachment.of(text, may_be_bare=True)
    assert (attachment is None) == (not references_in(message))
    [inlined], notes = attachments.inlined([message])
    assert inlined.model_dump()["content"][1]["input_audio"] == text
    assert notes == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_plain_file_is_not_waited_for(places, store, attachments):
    session = saved(store, asked(image()))
    [path] = places.files.iterdir()
    path.unlink()
    os.mkfifo(path)
    [note] = attachments.inlined(session.messages)[1]
    assert "no plain file" in note
