from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tui.core import editing
from tui.core.forking import forked
from tui.core.message import Completion, Message
from tui.core.session import Aside, Session
from tui.core.usage import Used
from tui.core.words import Role
from tui.store.cache import usage as module
from tui.store.cache.usage import UsageLog
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = NOON.astimezone().date()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config", tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def reply(model: str = "m", prompt: int | None = 10, completion: int | None = 5) -> Message:
    facts = Completion(
        provider="p", model=model, prompt_tokens=prompt, completion_tokens=completion
    )
    return Message(role=Role.ASSISTANT, content="text", created=NOON, completion=facts)


def a_session(*messages: Message) -> Session:
    session = Session(title="t")
    session.add(Message(role=Role.USER, content="[message.completion]\nprompt_tokens = 99"))
    for message in messages:
        session.add(message)
    return session


def test_what_was_used_is_summed_by_day_and_model(places: Places) -> None:
    store, log = TomlSessions(places), UsageLog(places)
    assert log.used() == []
    later = reply("b")
    later.created = NOON + timedelta(days=2)
    store.create(a_session(reply(), reply(), later))
    store.create(a_session(reply("a \u2028 b"), reply(prompt=None, completion=None)))
    assert log.used() == [
        Used(DAY, "p", "a \u2028 b", 1, 10, 0, 5),
        Used(DAY, "p", "m", 3, 20, 0, 10, 1),
        Used(DAY + timedelta(days=2), "p", "b", 1, 10, 0, 5),
    ]
    assert [used.model for used in log.used(since=DAY + timedelta(days=1))] == ["b"]
    assert len(log.used(until=DAY)) == 2


def test_what_comes_later_is_counted_too(places: Places) -> None:
    store, log = TomlSessions(places), UsageLog(places)
    session = a_session(reply())
    store.create(session)
    assert [used.replies for used in log.used()] == [1]
    store.append(session.id, reply())
    assert [used.replies for used in log.used()] == [2]
    (places.sessions / "archive").mkdir()
    path = store.path_of(session.id)
    path.rename(places.sessions / "archive" / path.name)
    assert [used.replies for used in log.used()] == [2]
    (places.sessions / "archive" / path.name).unlink()
    assert log.used() == []


def test_removed_replies_and_asides_count_and_copies_do_not(places: Places) -> None:
    store, log = TomlSessions(places), UsageLog(places)
    session = a_session(reply(), reply())
    session.asides.append(
        Aside(purpose="title", created=NOON, completion=reply("small").completion)
    )
    editing.revised(session, session.messages[1].id, "edited").apply(session)
    editing.pruned(session, session.messages[0].id).apply(session)
    store.create(session)
    other = a_session(reply())
    store.create(forked(other, other.messages[1].id))
    assert [(used.model, used.replies) for used in log.used()] == [("m", 2), ("small", 1)]


def test_a_file_that_was_written_by_hand_counts(places: Places) -> None:
    places.ensure(places.sessions)
    (places.sessions / "mine.toml").write_text(
        'title = "t"\n[[message]]\nrole = "assistant"\ncontent = "x"\ncreated = 2026-11-20\n'
        'completion = { model = "m", prompt_tokens = -4, completion_tokens = 7.5 }\n'
        '[[message]]\nrole = "assistant"\ncompletion = 3\n[[message]]\nbroken completion\n'
        '[[message]]\nrole="assistant"\ncreated = 2026-11-20T12:00:00Z\n'
        '[message.completion]\nmodel = "a\\"b"\nprompt_tokens = 3\n'
    )
    assert UsageLog(places).used() == [
        Used(date(1970, 1, 1), None, "m", 1, 0, 0, 0, 1),
        Used(DAY, None, 'a"b', 1, 3, 0, 0, 1),
    ]


def test_files_that_have_not_changed_are_not_read_again(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TomlSessions(places)
    for _ in range(3):
        store.create(a_session(reply()))
    UsageLog(places).used()
    read: list[bytes] = []
    summed = module._summed

    def noted(data: bytes) -> object:
        read.append(data)
        return summed(data)

    monkeypatch.setattr(module, "_summed", noted)
    assert sum(used.replies for used in UsageLog(places).used()) == 3
    assert read == []


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 500])
def test_a_broken_cache_is_made_anew(places: Places, damage: bytes) -> None:
    store, log = TomlSessions(places), UsageLog(places)
    store.create(a_session(reply()))
    log.used()
    places.usage_cache.write_bytes(damage)
    assert [used.replies for used in log.used()] == [1]
    assert [used.replies for used in log.used()] == [1]


def test_a_cache_of_another_version_is_made_anew(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, log = TomlSessions(places), UsageLog(places)
    store.create(a_session(reply()))
    monkeypatch.setattr(module, "FORM", 99)
    log.used()
    monkeypatch.undo()
    assert [used.replies for used in log.used()] == [1]


def test_without_a_place_for_a_cache_it_is_counted_all_the_same(places: Places) -> None:
    store = TomlSessions(places)
    store.create(a_session(reply()))
    places.cache.parent.mkdir(exist_ok=True)
    places.cache.write_text("a file where the folder should be")
    assert [used.replies for used in UsageLog(places).used()] == [1]
    assert os.listdir(places.cache.parent)
