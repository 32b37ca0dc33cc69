from __future__ import annotations

import base64

import pytest

from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat.attaching import AttachingBackends
from tui.core.completion import CompletionRequest
from tui.core.events import Finished, Opened
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.attachments import FileAttachments, put_beside

IMAGE = "data:image/png;base64," + base64.b64encode(bytes(4096)).decode()


@pytest.fixture
def places():
    return Places.from_environment()


@pytest.fixture
def message(places):
    chunks = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": IMAGE}]
    message = Message.model_validate({"role": "user", "content": chunks})
    put_beside(places, [message])
    return message


async def events_of(backend: FakeBackend, places: Places, message: Message) -> list[object]:
    backends = AttachingBackends(FakeBackends(backend), FileAttachments(places))
    one = await backends.backend(Provider(name="fake", model="m"), lambda words: None)
    events = one.stream(CompletionRequest([message], Parameters()))
    found: list[object] = [await anext(events)]
    backend.end("A cheese.")
    return [*found, *[event async for event in events]]


async def test_the_server_gets_the_data_and_the_session_keeps_the_reference(places, message):
    backend = FakeBackend()
    await events_of(backend, places, message)
    [sent] = backend.requests[0].messages
    assert sent.model_dump()["content"][1]["image_url"] == IMAGE
    assert message.model_dump()["content"][1]["image_url"].startswith("files/")
    assert backend.closed == [0]


async def test_a_missing_file_is_told_and_the_rest_is_sent(places, message):
    [path] = places.files.iterdir()
    path.unlink()
    backend = FakeBackend()
    opened, finished = await events_of(backend, places, message)
    assert isinstance(opened, Opened)
    assert isinstance(finished, Finished)
    assert str(path) in opened.notes[0]
    assert finished.reply.notes == list(opened.notes)
    assert backend.requests[0].messages[0].text == "What is this?[missing: image]"


async def test_words_alone_go_as_they_are(places):
    backend = FakeBackend()
    words = Message(role=Role.USER, content="Hello")
    await events_of(backend, places, words)
    assert backend.requests[0].messages[0] is words
