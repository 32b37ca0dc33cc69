from __future__ import annotations

import os
import stat
import threading
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.sessions.test_toml_sessions import fresh, talk
from tests.store.toml.test_text import TEXT
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.words import Place, Role
from tui.store.filing.filing import BUSY, TomlFiling
from tui.store.sessions.locking import locked
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.sessions.watching import FileWatch
from tui.store.state.journal import FileJournal


@pytest.fixture
def filing(places):
    return TomlFiling(places)


@pytest.fixture
def session(store):
    return talk(store)


def head(store: TomlSessions, session_id: str) -> dict[str, Any]:
    return tomllib.loads(store.path_of(session_id).read_text("utf-8"))


def test_a_chat_goes_to_the_archive_and_back_byte_for_byte(store, filing, session):
    before, changed = store.path_of(session.id).read_bytes(), store.path_of(session.id).stat()
    assert filing.archive(session.id) == session.id
    assert filing.place_of(session.id) is Place.ARCHIVE
    assert store.path_of(session.id).parent.name == "archive"
    assert filing.restore(session.id) == session.id
    assert filing.place_of(session.id) is Place.OPEN
    assert store.path_of(session.id).read_bytes() == before
    assert store.path_of(session.id).stat().st_mtime_ns == changed.st_mtime_ns


def test_a_deleted_chat_notes_when_and_comes_back_as_it_was(store, filing, session):
    path = store.path_of(session.id)
    before, changed = path.read_bytes(), path.stat()
    filing.delete(session.id)
    assert "deleted" in head(store, session.id)
    assert store.path_of(session.id).parent.name == "trash"
    filing.restore(session.id)
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == changed.st_mtime_ns


def test_a_damaged_chat_is_thrown_away_and_brought_back_untouched(store, filing, session):
    path = store.path_of(session.id)
    path.write_bytes(b"title = [\n" + path.read_bytes())
    before = path.read_bytes()
    filing.delete(session.id)
    assert store.path_of(session.id).read_bytes() == before
    filing.restore(session.id)
    assert path.read_bytes() == before


def test_a_head_that_is_no_text_is_told_and_its_chat_is_moved(store, filing, session):
    path = store.path_of(session.id)
    path.write_bytes(b"# \xff\n" + path.read_bytes())
    before = path.read_bytes()
    with pytest.raises(Failure, match="no UTF-8"):
        filing.pin(session.id)
    filing.delete(session.id)
    filing.restore(session.id)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mask", [0, 0o077])
def test_folders_and_files_are_the_users_alone_whatever_the_umask(store, filing, session, mask):
    before = os.umask(mask)
    try:
        filing.delete(session.id)
        path = store.path_of(session.id)
        copy = store.path_of(filing.duplicate(session.id))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in (path, copy)] == [0o600, 0o600]


def test_a_chat_that_is_where_it_should_be_stays_there(filing, session):
    assert filing.restore(session.id) == session.id
    filing.archive(session.id)
    assert filing.archive(session.id) == session.id


def test_a_chat_whose_name_is_taken_in_the_trash_covers_no_other(store, filing, session):
    filing.delete(session.id)
    in_trash = store.path_of(session.id).read_bytes()
    again = session.model_copy(update={"title": "Another one"})
    path = filing._places.sessions / f"{session.id}.toml"
    path.write_text('schema = 1\ntitle = "Another one"\n')
    moved = filing.delete(again.id)
    assert moved == f"{session.id}-2"
    assert store.path_of(session.id).read_bytes() == in_trash
    assert head(store, moved)["title"] == "Another one"


@pytest.mark.parametrize("name", ["nobody", "", ".", "../x", "a/b", "a\0b"])
def test_a_chat_that_is_not_there_is_told(filing, name):
    for act in (filing.archive, filing.delete, filing.restore, filing.pin, filing.duplicate):
        with pytest.raises(Failure, match="There is no chat"):
            act(name)


def test_a_chat_in_which_a_reply_comes_in_is_not_moved(places, filing, session, store):
    diary = FileJournal(places).begin(session.id, "m1")
    diary.write([{"journal": 1}])
    with pytest.raises(Failure, match="reply is still coming in") as told:
        filing.delete(session.id)
    assert told.value.code == BUSY
    assert filing.place_of(session.id) is Place.OPEN
    diary.release()  # its owner has died
    filing.delete(session.id)
    assert filing.place_of(session.id) is Place.TRASH


def test_a_chat_that_waits_for_the_first_word_of_a_reply_is_not_moved(places, filing, session):
    claim = FileWatch(places, FileJournal(places)).claim(session.id)
    assert claim is not None
    with pytest.raises(Failure, match="reply is still coming in"):
        filing.archive(session.id)
    claim.release()
    filing.archive(session.id)


def test_a_journal_of_a_chat_with_a_longer_name_is_no_sign(places, filing, session):
    diary = FileJournal(places).begin(f"{session.id}.longer", "m1")
    diary.write([{"journal": 1}])
    filing.archive(session.id)
    diary.discard()


def test_a_link_is_not_moved(places, filing, session, store, tmp_path):
    path = store.path_of(session.id)
    path.rename(tmp_path / "elsewhere.toml")
    path.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(Failure, match="is a link"):
        filing.archive(session.id)
    assert path.is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_plain_file_is_not_waited_for(places, filing):
    path = places.ensure(places.sessions) / "pipe.toml"
    os.mkfifo(path)
    for act in (filing.pin, filing.duplicate, filing.delete, filing.archive):
        with pytest.raises(Failure, match="no plain file"):
            act("pipe")


def test_a_move_waits_for_who_is_writing(places, filing, session):
    with locked(places, session.id):
        thread = threading.Thread(target=filing.archive, args=(session.id,))
        thread.start()
        assert filing.place_of(session.id) is Place.OPEN
    thread.join(10)
    assert filing.place_of(session.id) is Place.ARCHIVE


def test_a_chat_in_the_archive_is_read_and_gone_on_with_there(store, filing, session):
    filing.archive(session.id)
    other = fresh(store)
    loaded = other.load(session.id)
    other.append(session.id, loaded.add(Message(role=Role.USER, content="More")))
    loaded.title = "Renamed"
    other.save_header(loaded)
    assert filing.place_of(session.id) is Place.ARCHIVE
    assert [m.text for m in fresh(store).load(session.id).messages][-1] == "More"


def test_a_chat_deleted_under_the_feet_of_another_instance_comes_back_with_what_it_adds(
    store, filing, session, caplog
):
    other = fresh(store)
    loaded = other.load(session.id)
    filing.delete(session.id)
    other.append(session.id, loaded.add(Message(role=Role.USER, content="More")))
    assert filing.place_of(session.id) is Place.OPEN
    assert "deleted" not in head(store, session.id)
    assert len(fresh(store).load(session.id).messages) == 3
    assert "was in the trash" in caplog.text


def test_a_new_chat_never_takes_the_name_of_one_that_is_filed_away(store, filing, session):
    filing.archive(session.id)
    with pytest.raises(Failure):
        store.create(session)


def test_title_pin_and_tags_change_the_head_alone(store, filing, session):
    path = store.path_of(session.id)
    path.write_text(f"# mine\n{path.read_text()}".replace("[[message]]", "# end\n[[message]]", 1))
    body = path.read_text().split("[[message]]", 1)[1]
    assert filing.rename(session.id, "  Blue\ncheese ") == "Blue cheese"
    filing.pin(session.id)
    assert filing.tag(session.id, ["food", "#France", "two words"]) == [
        "food",
        "France",
        "two-words",
    ]
    assert filing.tag(session.id, ["Food"], ["FRANCE"]) == ["food", "two-words"]
    text = path.read_text()
    assert text.startswith("# mine\n")
    assert text.split("[[message]]", 1)[1] == body
    loaded = fresh(store).load(session.id)
    assert (loaded.title, loaded.pinned, loaded.tags) == (
        "Blue cheese",
        True,
        ["food", "two-words"],
    )
    filing.unpin(session.id)
    filing.tag(session.id, remove=["food", "two-words"])
    assert not {"pinned", "tags"} & head(store, session.id).keys()


def test_an_open_chat_keeps_what_was_filed_beside_it(store, filing, session):
    filing.rename(session.id, "From outside")
    filing.pin(session.id)
    session.parameters.temperature = 0.5
    store.save_header(session)
    found = head(store, session.id)
    assert (found["title"], found["pinned"]) == ("From outside", True)


@pytest.mark.parametrize("title", ["", " \n\t"])
def test_a_title_without_a_word_is_refused(filing, session, title):
    with pytest.raises(Failure, match="needs a word"):
        filing.rename(session.id, title)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=TEXT, tags=st.lists(TEXT, max_size=4))
def test_any_title_and_tags_come_back(store, filing, session, title, tags):
    kept = filing.tag(session.id, tags)
    if title.split():
        title = filing.rename(session.id, title)
    loaded = fresh(store).load(session.id)
    assert loaded.problems == []
    assert loaded.tags == kept
    assert not title.split() or loaded.title == title


def test_the_head_of_a_newer_version_is_left_alone_but_its_chat_is_moved(store, filing, session):
    path = store.path_of(session.id)
    path.write_bytes(path.read_bytes().replace(b"schema = 1", b"schema = 2"))
    before = path.read_bytes()
    with pytest.raises(Failure, match="newer version"):
        filing.pin(session.id)
    with pytest.raises(Failure, match="newer version"):
        filing.duplicate(session.id)
    filing.delete(session.id)
    filing.restore(session.id)
    assert path.read_bytes() == before


def test_a_copy_has_its_own_name_and_the_same_messages(store, filing, session):
    filing.pin(session.id)
    filing.tag(session.id, ["food"])
    copy = fresh(store).load(filing.duplicate(session.id))
    assert copy.problems == []
    assert copy.id != session.id
    assert (copy.title, copy.pinned, copy.tags) == ("French cheese (copy)", False, ["food"])
    assert copy.forked_from is not None
    assert copy.forked_from.session == session.id
    assert {message.copied_from for message in copy.messages} == {session.id}
    assert [(m.id, m.parent, m.content) for m in copy.messages] == [
        (m.id, m.parent, m.content) for m in session.messages
    ]
    again = fresh(store).load(filing.duplicate(copy.id))
    assert {message.copied_from for message in again.messages} == {session.id}


def test_a_copy_of_what_lies_in_the_trash_is_open(store, filing, session):
    filing.delete(session.id)
    copy = filing.duplicate(session.id)
    assert filing.place_of(copy) is Place.OPEN
    assert "deleted" not in head(store, copy)
