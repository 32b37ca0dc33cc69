from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.store.sessions.test_toml_sessions import talk
from tui.core.failure import Failure
from tui.core.listing import Draft
from tui.store.places import Places
from tui.store.state.drafts import FileDrafts

ANOTHER = """
import sys
from pathlib import Path
from tui.store.state.drafts import FileDrafts
from tui.store.places import Places

root = Path(sys.argv[1])
drafts = FileDrafts(Places(root / "config", root / "data", root / "state", root / "cache"))
drafts.save("chat", "being typed")
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def drafts(places):
    return FileDrafts(places)


def test_drafts_come_back_the_newest_last(drafts, places, store):
    session = talk(store)
    drafts.save("a", "first\nline")
    drafts.save(session.id, "second")
    os.utime(places.drafts / "a.txt", (1e9, 1e9))
    assert FileDrafts(places).load() == []  # they belong to the one that types them
    assert drafts.load() == [
        Draft("a", "first\nline", has_chat=False),
        Draft(session.id, "second", has_chat=True),
    ]


def test_an_empty_draft_leaves_nothing(drafts, places):
    drafts.save("a", "text")
    drafts.save("a", " \n")
    assert drafts.load() == []
    assert list(places.drafts.iterdir()) == []
    assert list(places.locks.iterdir()) == []
    drafts.save("never there", "")


def test_lone_surrogates_are_made_safe(drafts):
    drafts.save("a", "x\ud800y")
    assert drafts.load()[0].text == "x\ufffdy"


def test_a_draft_of_a_chat_that_was_archived_is_no_new_chat(drafts, places):
    (places.sessions / "archive").mkdir(parents=True)
    (places.sessions / "archive" / "a.toml").touch()
    drafts.save("a", "text")
    assert drafts.load()[0].has_chat


def test_a_draft_is_taken_up_when_its_process_is_gone(places, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        assert FileDrafts(places).load() == []
        process.kill()
        process.wait()
        assert [draft.text for draft in FileDrafts(places).load()] == ["being typed"]


def test_a_folder_that_cannot_be_had_is_told(drafts, places):
    places.state.mkdir()
    places.drafts.write_text("in the way")
    with pytest.raises(Failure):
        drafts.save("a", "text")
    assert drafts.load() == []


def test_what_waits_is_kept_apart_from_what_is_typed(places: Places) -> None:
    waiting = FileDrafts(places, "waiting")
    waiting.save("a", "[]")
    FileDrafts(places).save("a", "typed")
    assert (places.waiting / "a.txt").read_text() == "[]"
    assert [draft.text for draft in waiting.load()] == ["[]"]
    assert FileDrafts(places, "waiting").load() == []  # they belong to the one that put them there
