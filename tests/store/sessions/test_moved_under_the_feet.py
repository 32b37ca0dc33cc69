from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.sessions.test_attachments import asked, image
from tests.store.sessions.test_toml_sessions import fresh, talk
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.words import Place, Role
from tui.store.filing.filing import TomlFiling
from tui.store.sessions import whereabouts
from tui.store.sessions.attachments import FileAttachments
from tui.store.sessions.whereabouts import path_in


def files_of(places, session_id: str) -> list[Path]:
    return [p for p in (path_in(places, place, session_id) for place in Place) if p.exists()]


def test_messages_that_are_added_while_a_chat_is_filed_to_and_fro_are_all_there(places, store):
    session = talk(store)
    wrong: list[BaseException] = []
    done = threading.Event()

    def write(name: str) -> None:
        own = fresh(store)
        try:
            for number in range(15):
                own.append(session.id, Message(role=Role.USER, content=f"{name}{number}"))
        except BaseException as error:
            wrong.append(error)

    def file() -> None:
        filing = TomlFiling(places)
        moves = (filing.archive, filing.delete, filing.restore, filing.pin)
        try:
            while not done.is_set():
                for move in moves:
                    assert move(session.id) in {session.id, None}
        except BaseException as error:
            wrong.append(error)

    mover = threading.Thread(target=file)
    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in (mover, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    mover.join(60)
    assert wrong == []
    assert len(files_of(places, session.id)) == 1
    loaded = fresh(store).load(session.id)
    assert loaded.problems == []
    said = {message.text for message in loaded.messages}
    assert {f"{name}{number}" for name in "abc" for number in range(15)} <= said


def test_a_chat_that_is_moved_past_the_look_is_found(places, store, monkeypatch):
    session = talk(store)
    TomlFiling(places).delete(session.id)
    looked_at: list[Path] = []
    is_there = whereabouts._is_there

    def look(path: Path) -> bool:
        found = is_there(path)
        looked_at.append(path)
        if len(looked_at) == 1:
            TomlFiling(places).restore(session.id)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(whereabouts, "_is_there", look)
        assert whereabouts.place_of(places, session.id) is Place.OPEN


CALLS = ("open", "write", "fsync", "link", "rename", "replace", "utime")


class Failing:
    """Lets so many calls to the system pass, and fails the next one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, passes: int) -> None:
        self.left, self.has_failed = passes, False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(getattr(os, name), folder))

    def _failing(self, call: Callable[..., Any], folder: Path) -> Callable[..., Any]:
        def failing(*arguments: Any, **options: Any) -> Any:
            first = arguments[0]
            is_ours = isinstance(first, int) or str(folder) in os.fspath(first)
            if is_ours and ".lock" not in str(first) and not self.has_failed:
                if not self.left:
                    self.has_failed = True
                    raise OSError(28, "No space left on device")
                self.left -= 1
            return call(*arguments, **options)

        return failing


@pytest.mark.parametrize("act", ["archive", "delete", "restore", "rename", "tag", "duplicate"])
def test_whichever_call_to_the_system_fails_the_chat_is_there_once_and_whole(
    places, store, monkeypatch, act
):
    filing = TomlFiling(places)
    session = talk(store)
    words: dict[str, tuple[Any, ...]] = {"rename": ("Blue cheese",), "tag": (["food"],)}
    told: list[str] = []
    for passes in range(60):
        if act == "restore":
            filing.delete(session.id)
        with monkeypatch.context() as patch:
            failing = Failing(patch, places.data, passes)
            try:
                getattr(filing, act)(session.id, *words.get(act, ()))
            except Failure as failure:
                told.append(failure.sentence)
        assert len(files_of(places, session.id)) == 1
        loaded = fresh(store).load(session.id)
        assert loaded.problems == []
        assert len(loaded.messages) == 2
        filing.restore(session.id)
        if not failing.has_failed:
            break
    else:
        pytest.fail("it never came to its end")
    assert told
    assert all("disk is full" in sentence for sentence in told)


def test_whichever_call_to_the_system_fails_a_message_keeps_its_image(places, store, monkeypatch):
    session = talk(store)
    told: list[str] = []
    for passes in range(60):
        message = asked(image())
        for file in places.files.glob("*"):
            file.unlink()
        before = message.model_dump()
        with monkeypatch.context() as patch:
            failing = Failing(patch, places.data, passes)
            try:
                store.append(session.id, message)
            except Failure as failure:
                told.append(failure.sentence)
        [inlined], notes = FileAttachments(places).inlined([message])
        assert notes == []
        assert inlined.model_dump()["content"] == before["content"]
        if not failing.has_failed:
            break
    else:
        pytest.fail("it never came to its end")
    assert told
    assert all("disk is full" in sentence for sentence in told)
