from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat.preparing import PreparedBackends, prepared
from tui.core.completion import CompletionRequest
from tui.core.events import Finished, Opened
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Role


class Library:
    def text(self, name: str) -> str:
        if name != "editor":
            raise Failure(FailureKind.CONFIG, f"{name}.md: it is not there")
        return "You edit. {{date}}"

    def file(self, path: str) -> str:
        raise Failure(FailureKind.CONFIG, f"{path}: it is not there")


def asked(**parameters: object) -> CompletionRequest:
    messages = [
        Message(role=Role.USER, content="hello {{date}}"),
        Message(role=Role.ASSISTANT, content="{{file:/etc/passwd}}"),
        Message(role=Role.USER, content="again"),
    ]
    return CompletionRequest(messages, Parameters.model_validate(parameters))


def test_the_system_prompt_stands_in_front_and_is_filled_in():
    request = asked(prompt="editor", system_prompt="Be {{model}}.", model="small")
    ready, notes = prepared(request, Library(), lambda: date(2026, 11, 23))
    assert ready.messages[0].role is Role.SYSTEM
    assert ready.messages[0].content == "You edit. 2026-11-23\n\nBe small."
    assert notes == ("system prompt, {{date}}: 2026-11-23", "system prompt, {{model}}: small")


def test_messages_are_never_filled_in():
    request = asked(system_prompt="x")
    ready, _ = prepared(request, Library())
    assert ready.messages[1:] == request.messages
    assert len(request.messages) == 3


def test_without_a_system_prompt_the_request_stays():
    request = asked()
    assert prepared(request, Library()) == (request, ())


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"system_prompt": "{{file:gone.md}}"}, "gone.md: it is not there"),
        ({"prompt": "gone"}, "gone.md: it is not there"),
    ],
)
def test_a_prompt_that_is_not_complete_is_not_sent(parameters, words):
    with pytest.raises(Failure, match=words):
        prepared(asked(**parameters), Library())


async def test_a_backend_prepares_what_it_sends_and_tells_it():
    fake = FakeBackend()
    backends = PreparedBackends(FakeBackends(fake), Library())
    backend = await backends.backend(Provider(name="x"), lambda words: None)
    events = backend.stream(asked(prompt="editor"))
    first = await anext(events)
    assert isinstance(first, Opened)
    assert first.notes[0].startswith("system prompt, {{date}}")
    fake.end("done")
    last = await anext(events)
    assert isinstance(last, Finished)
    assert last.reply.notes == list(first.notes)
    await events.aclose()
    assert fake.requests[0].messages[0].role is Role.SYSTEM
    assert [card.id for card in await backend.models()] == ["fake-model"]
    await backends.aclose()


async def test_a_reply_is_cut_only_if_that_is_wanted():
    fake = FakeBackend()
    backend = await PreparedBackends(FakeBackends(fake), Library()).backend(
        Provider(name="x"), lambda words: None
    )
    for cut_here, kept in ((None, "a END b"), (True, "a ")):
        events = backend.stream(asked(stop=["END"], cut_here=cut_here))
        await anext(events)
        fake.say("a END b")
        fake.end("a END b")
        heard = [event async for event in events]
        assert isinstance(heard[-1], Finished)
        assert heard[-1].reply.choices[0].text == kept


async def test_nothing_is_wrapped_that_needs_no_preparing():
    fake = FakeBackend()
    backend = await PreparedBackends(FakeBackends(fake), Library()).backend(
        Provider(name="x"), lambda words: None
    )
    events = backend.stream(asked())
    assert getattr(events, "__qualname__", "") == "FakeBackend.stream"
    await events.aclose()
