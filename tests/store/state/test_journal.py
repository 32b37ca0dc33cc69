from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT, scrubbed
from tui.core.failure import Failure
from tui.store.state.journal import FileJournal, records_of

ANOTHER = """
import sys
from pathlib import Path
from tui.store.state.journal import FileJournal
from tui.store.places import Places

root = Path(sys.argv[1])
places = Places(root / "config", root / "data", root / "state", root / "cache")
diary = FileJournal(places).begin("chat", "reply")
diary.write([{"text": "so far"}])
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def journal(places):
    return FileJournal(places)


@pytest.fixture
def another(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        yield process
        process.kill()


def test_what_is_written_is_read_back_in_order(journal):
    diary = journal.begin("chat", "reply")
    diary.write([{"a": 1}, {"b": "zwei\nLinien"}])
    diary.write([{"c": None}])
    assert diary.read() == [{"a": 1}, {"b": "zwei\nLinien"}, {"c": None}]
    assert (diary.session_id, diary.message_id) == ("chat", "reply")


def test_a_journal_has_no_file_before_its_first_record(journal, places):
    journal.begin("chat", "reply")
    assert list(places.journal.iterdir()) == []


def test_the_file_is_for_the_user_alone_whatever_the_umask(journal, places):
    before = os.umask(0)
    try:
        journal.begin("chat", "reply").write([{}])
    finally:
        os.umask(before)
    [file] = places.journal.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.journal.stat().st_mode) == 0o700


def test_an_owner_that_lives_keeps_its_journal_from_all_others(journal, another):
    assert list(journal.left_behind()) == []
    with pytest.raises(Failure):
        journal.begin("chat", "reply")


def test_the_journal_of_a_killed_process_is_taken_over_by_one(journal, another, places):
    another.kill()
    another.wait()
    [diary] = journal.left_behind()
    assert diary.read() == [{"text": "so far"}]
    assert list(FileJournal(places).left_behind()) == []
    diary.release()
    [again] = FileJournal(places).left_behind("chat")
    again.discard()
    assert list(journal.left_behind()) == []
    assert list(places.locks.iterdir()) == []
    assert list(places.journal.iterdir()) == []


def test_journals_of_one_session_are_told_from_those_of_another(journal):
    for session in ("chat", "chat.two", "other"):
        diary = journal.begin(session, "reply")
        diary.write([{"session": session}])
        diary.release()
    assert [d.session_id for d in journal.left_behind("chat.two")] == ["chat.two"]


def test_a_journal_that_cannot_be_written_says_so_and_stays_as_it_was(journal, places):
    diary = journal.begin("chat", "reply")
    diary.write([{"a": 1}])
    [file] = places.journal.iterdir()
    file.unlink()
    file.mkdir()
    with pytest.raises(Failure):
        diary.write([{"b": 2}])


RECORDS = st.lists(st.dictionaries(TEXT, TEXT, max_size=3), max_size=4)


@given(RECORDS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_a_journal_cut_at_any_byte_gives_all_records_before_the_cut(records):
    data = "".join(f"{json.dumps(r, ensure_ascii=False)}\n" for r in map(scrubbed, records))
    raw = data.encode()
    whole = records_of(raw)
    assert whole == [scrubbed(record) for record in records]
    ends = [at for at, byte in enumerate(raw) if byte == 10]
    for cut in range(len(raw) + 1):
        count = sum(end <= cut for end in ends)
        assert records_of(raw[:cut]) == whole[:count]
        assert records_of(raw[:cut] + bytes(9)) == whole[: sum(end < cut for end in ends)]
