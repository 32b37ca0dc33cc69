from __future__ import annotations

import errno
import os
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.faults import ERRORS, Disk, failing
from tests.store.sessions.test_toml_sessions import fresh, talk
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.drafts import FileDrafts
from tui.store.state.journal import FileJournal

LONG = "word " * 300


def message(text: str = LONG) -> Message:
    return Message(id="new", role=Role.USER, content=text)


def creating(store: TomlSessions, session: Session) -> None:
    other = session.model_copy(update={"id": "other", "messages": list(session.messages)})
    store.create(other)


def appending(store: TomlSessions, session: Session) -> None:
    store.append(session.id, message(), session.base)


def heading(store: TomlSessions, session: Session) -> None:
    session.title = "another " * 100
    store.save_header(session)


def rewriting(store: TomlSessions, session: Session) -> None:
    session.messages[0] = session.messages[0].model_copy(update={"content": LONG})
    store.rewrite(session)


def mending(store: TomlSessions, session: Session) -> None:
    """An append behind a torn end."""
    path = store.path_of(session.id)
    torn = '\n[[message]]\nid = "torn"\nrole = "user"\ncontent = "torn he'
    if "torn he" not in path.read_text():
        with path.open("a") as file:
            file.write(torn)
    store.append(session.id, message())


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: errno.errorcode[error])
@pytest.mark.parametrize("doing", [creating, appending, heading, rewriting, mending])
def test_whichever_call_fails_nothing_that_was_there_is_harmed(
    places: Places, doing: Callable[[TomlSessions, Session], None], error: int, for_good: bool
) -> None:
    calls = 0
    for at in range(200):
        root = places.data.parent / f"{doing.__name__}-{at}"
        here = Places(root / "c", root / "d", root / "s", root / "k")
        store = TomlSessions(here)
        session = talk(store)
        disk = Disk(at, error, for_good=for_good)
        with failing(disk):
            told = None
            try:
                doing(store, session)
            except Failure as failure:
                told = failure
        if told is not None:
            assert told.code == errno.errorcode[error] or "can't be used" in str(told)
        loaded = fresh(store).load(session.id)
        texts = [m.text for m in loaded.messages]
        assert texts[1] == session.messages[1].text
        assert texts[0] in {session.messages[0].text, "What is best?"}
        if told is None:
            assert_done(doing, fresh(store), session)
        if not disk.has_failed:
            break
        calls += 1
        if told is not None:
            doing(store, session)  # the disk is well again
            assert_done(doing, fresh(store), session)
        for path in here.sessions.glob("*.toml"):
            tomllib.loads(path.read_text("utf-8"))
    assert calls >= 2, "no call was made to fail"


def assert_done(
    doing: Callable[[TomlSessions, Session], None], store: TomlSessions, session: Session
) -> None:
    loaded = store.load("other" if doing is creating else session.id)
    texts = [m.text for m in loaded.messages]
    if doing in {appending, mending}:
        assert texts.count(LONG) == 1
    elif doing is rewriting:
        assert texts == [LONG, session.messages[1].text]
    elif doing is heading:
        assert loaded.title == session.title
    else:
        assert len(texts) == 2


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: errno.errorcode[error])
def test_a_journal_on_a_failing_disk_keeps_what_it_had(places: Places, error: int) -> None:
    for at in range(20):
        journal = FileJournal(places)
        diary = journal.begin(f"s{at}", "m")
        diary.write([{"text": "one"}])
        disk = Disk(at, error)
        with failing(disk):
            try:
                diary.write([{"text": LONG}])
                kept = 2
            except Failure:
                kept = 1
        assert len(diary.read()) == kept
        diary.write([{"text": "three"}])
        assert [r["text"] for r in diary.read()][-1] == "three"
        diary.discard()
        if not disk.has_failed:
            return
    raise AssertionError("it fails for ever")


def test_drafts_on_a_failing_disk_keep_what_they_had(places: Places) -> None:
    for at in range(20):
        drafts = FileDrafts(places)
        drafts.save("chat", "old")
        disk = Disk(at, errno.EIO)
        with failing(disk):
            try:
                drafts.save("chat", "new")
                text = "new"
            except Failure:
                text = "old"
        assert [draft.text for draft in drafts.load()] in [[text], ["new"]]
        if not disk.has_failed:
            return
    raise AssertionError("it fails for ever")


def test_an_append_torn_at_any_byte_loses_nothing_before_it(store: TomlSessions) -> None:
    session = talk(store)
    path = store.path_of(session.id)
    before = path.read_bytes()
    store.append(session.id, Message(id="last", role=Role.ASSISTANT, content='The "last"\n\\ é'))
    block = path.read_bytes()[len(before) :]
    for cut in range(len(block)):
        for copy in path.parent.glob("*.damaged-*"):
            copy.unlink()
        path.write_bytes(before + block[:cut])
        writer = fresh(store)
        loaded = writer.load(session.id)
        assert loaded.messages[:2] == session.messages
        writer.append(session.id, message("next"), loaded.base)
        again = fresh(store).load(session.id)
        assert again.problems == []
        assert again.messages[:2] == session.messages
        assert again.messages[-1].text == "next"
        tomllib.loads(path.read_text("utf-8"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount")
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_real_disk_that_fills_up_loses_nothing_and_takes_all_when_there_is_room(
    small_disk: Path,
) -> None:
    store = TomlSessions(Places(*(small_disk / name for name in "cdsk")))
    session = talk(store)
    kept, refused = len(session.messages), 0
    told: list[str | None] = []
    for number in range(400):
        text = f"{number} " + "words and more " * 60
        try:
            store.append(session.id, session.add(Message(role=Role.USER, content=text)))
        except Failure as failure:
            told.append(failure.code)
            session.messages.pop()
            refused += 1
            if refused > 3:
                break
        else:
            kept += 1
    assert set(told) == {"ENOSPC"}
    loaded = fresh(store).load(session.id)
    assert loaded.problems == []
    assert loaded.messages == session.messages
    assert len(loaded.messages) == kept
    session.title = "renamed"
    with pytest.raises(Failure, match="full"):
        store.save_header(session)
    with pytest.raises(Failure, match="full"):
        store.rewrite(session)
    assert fresh(store).load(session.id).messages == session.messages
    subprocess.run(["mount", "-o", "remount,size=2m", str(small_disk)], check=True)
    store.append(session.id, session.add(Message(role=Role.USER, content="room")))
    store.rewrite(session)
    loaded = fresh(store).load(session.id)
    assert (loaded.title, loaded.messages) == ("renamed", session.messages)
