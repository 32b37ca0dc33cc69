from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.sessions.test_checking import WELL
from tui.core.failure import Failure
from tui.store.filing.filing import TomlFiling
from tui.store.sessions.checking import check
from tui.store.sessions.read import read_session
from tui.store.sessions.repairing import repair, repaired

COMMENTED = WELL.replace('[[message]]\nid = "a2"', '# about the next\n[[message]]\nid = "a2"')


@pytest.fixture
def file(places):
    return places.ensure(places.sessions) / "s.toml"


def mend(places, file, text: str) -> tuple[str, list[str]]:
    file.write_text(text, "utf-8")
    done = repair(places, "s")
    assert done.copy is not None
    assert done.copy.read_text("utf-8") == text
    assert stat.S_IMODE(done.copy.stat().st_mode) == 0o600
    assert check(places, file) == []
    return file.read_text("utf-8"), done.done


def test_a_file_that_is_well_is_not_touched(places, file):
    file.write_text(COMMENTED)
    before = file.stat()
    assert repair(places, "s").copy is None
    assert file.stat() == before
    assert not places.backup.exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title = "Cheese"', 'title = "Cheese'),
        ("temperature = 0.3", 'temperature = "hot"'),
        ("created = 2026-11-23T11:44:55Z", "created = ???"),
        ("schema = 1\n", 'schema = 1\nid = "other"\n'),
    ],
)
def test_a_damaged_head_loses_what_cannot_be_read_and_no_more(places, file, before, after):
    text, done = mend(places, file, COMMENTED.replace(before, after))
    assert len([words for words in done if "only in the copy" not in words]) == 1
    assert text.endswith(COMMENTED[COMMENTED.index("[[message]]") :])
    assert tomllib.loads(text)["tags"] == ["food"]


def test_comments_that_are_lost_with_what_was_damaged_are_told(places, file):
    broken = COMMENTED.replace('role = "assistant"', "role = assistant # who else?\n# ours")
    assert broken != COMMENTED
    text, done = mend(places, file, broken)
    assert "who else" not in text
    assert done[-1] == ("2 comments beside what was damaged stand only in the copy: # who else?")
    assert "# about the next" in text


def test_a_comment_survives_where_the_head_can_be_parsed(places, file):
    text, [words] = mend(places, file, COMMENTED.replace("0.3", '"hot"'))
    assert text.startswith("# mine\n")
    assert "parameters.temperature" in words
    assert "left as it is" not in words


def test_a_torn_message_is_made_whole(places, file):
    text, _ = mend(places, file, COMMENTED[: COMMENTED.index('", text = "None.')])
    assert text.startswith(COMMENTED[: COMMENTED.index("# about")])
    torn = COMMENTED.replace('content = [{ type = "text", text = "None." }]', 'content = """\nNo')
    torn = torn[: torn.index("No") + 2]
    text, _ = mend(places, file, torn)
    last = tomllib.loads(text)["message"][-1]
    assert (last["content"], last["ended"]) == ("No", "interrupted")


def test_a_message_that_cannot_be_read_is_left_out_and_stands_in_the_copy(places, file):
    text, [words, *_lost] = mend(places, file, COMMENTED.replace('role = "user"', "role = 5"))
    assert "message 1 is left out" in words
    assert [message["id"] for message in tomllib.loads(text)["message"]] == ["a2"]


def test_ids_that_stand_twice_are_told_apart(places, file):
    text, _ = mend(places, file, COMMENTED.replace('id = "a2"', 'id = "a1"'))
    ids = [message["id"] for message in tomllib.loads(text)["message"]]
    assert len(set(ids)) == 2


def test_bytes_that_are_no_text_are_told(places, file):
    file.write_bytes(COMMENTED.encode().replace(b"best", b"b\xffst"))
    done = repair(places, "s")
    assert "UTF-8" in done.done[0]
    assert "b\ufffdst" in file.read_text("utf-8")
    assert check(places, file) == []


def test_messages_in_a_form_of_their_own_are_written_in_ours(places, file):
    own = 'title = 5\nmessage = [{ id = "a", role = "user", content = "x" }]\n'
    text, _ = mend(places, file, own)
    assert "[[message]]" in text
    assert tomllib.loads(text)["message"][0]["content"] == "x"


def test_a_newer_file_is_left_alone(places, file):
    file.write_text(COMMENTED.replace("schema = 1", "schema = 2"))
    before = file.read_bytes()
    with pytest.raises(Failure, match="newer version"):
        repair(places, "s")
    assert file.read_bytes() == before


def test_a_chat_in_the_archive_is_mended_there(places, file):
    file.write_text(WELL.replace("0.3", '"hot"'))
    filing = TomlFiling(places)
    filing.archive("s")
    assert repair(places, "s").copy is not None
    assert check(places, places.sessions / "archive" / "s.toml") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, len(COMMENTED)), put=st.binary(max_size=4), cut=st.integers(0, 60))
def test_whatever_the_damage_the_mended_file_is_well_and_holds_what_was_shown(store, at, put, cut):
    path = Path("/nowhere/s.toml")
    whole = COMMENTED.encode()
    data = whole[:at] + put + whole[at + cut :]
    try:
        mended, done = repaired(path, data, 1e9)
    except Failure as failure:
        if "newer version" not in failure.message:
            raise
        return
    again = read_session(path, mended, 1e9)
    assert bool(done) == (mended != data)
    assert again.problems == []
    try:
        shown = read_session(path, data, 1e9)
    except Failure:
        return
    assert again.messages == shown.messages
