from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT, TREES, scrubbed
from tui.core.failure import Failure, FailureKind
from tui.core.message import Completion, Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions import toml_sessions as sessions
from tui.store.sessions.toml_sessions import TomlSessions

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNKS = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, TEXT),
    st.builds(
        lambda text: {
            "type": "thinking",
            "thinking": [{"type": "text", "text": text}],
            "closed": True,
        },
        TEXT,
    ),
    st.builds(lambda ids: {"type": "reference", "reference_ids": ids}, st.lists(st.integers())),
    st.builds(lambda tree: {**tree, "type": "from_the_future"}, st.dictionaries(TEXT, TREES)),
)
MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"])},
    optional={
        "content": st.one_of(TEXT, st.lists(CHUNKS, max_size=4)),
        "tool_calls": st.lists(
            st.builds(lambda text: {"id": "t", "name": "f", "arguments": text}, TEXT), max_size=2
        ),
        "prefix": TEXT,
        "ended": TEXT,
        "completion": st.fixed_dictionaries({"unknown": TREES, "seconds": st.floats(0, 10)}),
        "unknown member": TREES,
    },
)


def talk(
    store: TomlSessions, texts: Sequence[str] = ("What is best?", "There is\nno *single* one.\n")
) -> Session:
    session = Session(title="French cheese", provider="mistral")
    store.create(session)
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        store.append(session.id, session.add(Message(role=role, content=text)), session.base)
    return session


def dumps(messages: list[Message]) -> list[dict[str, Any]]:
    return [message.model_dump(exclude_none=False) for message in messages]


def fresh(store: TomlSessions) -> TomlSessions:
    return TomlSessions(store._places)


def test_a_session_comes_back_as_it_was_saved(store):
    session = talk(store)
    session.parameters.stop = ["\n\n", "Paris"]
    store.save_header(session)
    loaded = fresh(store).load(session.id)
    assert loaded == session
    assert loaded.messages == session.messages
    assert loaded.problems == []


def test_a_file_reads_like_the_one_in_the_documentation(store):
    session = Session(
        id="20261123-114455-k3f9",
        title="French cheese",
        created="2026-11-23T11:44:55Z",
        provider="mistral",
    )
    session.parameters.model = "mistral-medium-latest"
    session.parameters.stop = ["\n\n", "Paris"]
    store.create(session)
    asked = Message(id="a1", role=Role.USER, created="2026-11-23T11:45:02Z", content="Best cheese?")
    answer = Message(
        id="a2",
        role=Role.ASSISTANT,
        created="2026-11-23T11:45:04Z",
        content="There is no\nsingle **best** one …",
        ended="stop",
        completion=Completion(model="mistral-medium-latest", prompt_tokens=14, seconds=2.71),
    )
    for message in (asked, answer):
        store.append(session.id, session.add(message))
    assert store.path_of(session.id).read_text("utf-8") == (
        """\
schema = 1
id = "20261123-114455-k3f9"
title = "French cheese"
created = 2026-11-23T11:44:55Z
provider = "mistral"

[parameters]
model = "mistral-medium-latest"
stop = ["\\n\\n", "Paris"]

[[message]]
id = "a1"
role = "user"
created = 2026-11-23T11:45:02Z
content = "Best cheese?"

[[message]]
id = "a2"
parent = "a1"
role = "assistant"
created = 2026-11-23T11:45:04Z
content = \"\"\"
There is no
single **best** one …\"\"\"
ended = "stop"

[message.completion]
model = "mistral-medium-latest"
prompt_tokens = 14
seconds = 2.71
"""
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    messages=st.lists(MESSAGES, max_size=4),
    extra=st.dictionaries(st.sampled_from(["later", "x y", "filed"]), TREES),
    pinned=st.booleans(),
    tags=st.lists(TEXT, max_size=3),
    title=TEXT,
    stop=st.one_of(st.none(), st.lists(TEXT)),
    tools=st.one_of(st.none(), st.lists(st.dictionaries(TEXT, TREES, max_size=2), max_size=2)),
)
def test_whatever_a_session_holds_comes_back(
    store, messages, extra, pinned, tags, title, stop, tools
):
    session = Session.model_validate({"title": title, **scrubbed(extra)})
    session.pinned, session.tags = pinned, scrubbed(tags)
    session.title = scrubbed(title)
    session.parameters.stop = scrubbed(stop)
    session.parameters.tools = scrubbed(tools)
    for members in messages:
        session.add(Message.model_validate(scrubbed(members)))
    whole = session.model_copy(update={"id": f"{session.id}-whole"})
    whole.messages = session.messages
    made, session.messages = session.messages, []

    store.create(whole)
    store.create(session)
    for message in made:
        store.append(session.id, message)

    for saved in (whole, session):
        loaded = fresh(store).load(saved.id)
        assert loaded.problems == []
        assert loaded.model_dump() == saved.model_dump()
        assert dumps(loaded.messages) == dumps(made)
    appended, created = (store.path_of(each.id).read_text("utf-8") for each in (session, whole))
    assert appended == created.replace("-whole", "")


def test_surrogates_are_made_safe(store):
    session = talk(store, ["lone \ud800"])
    assert store.load(session.id).messages[0].text == "lone \ufffd"


def test_a_message_without_a_parent_after_others_begins_a_branch_of_its_own(store):
    session = talk(store)
    store.append(session.id, Message(id="other", role=Role.USER, content="anew"))
    loaded = store.load(session.id)
    assert loaded.messages[-1].parent is None
    assert [message.id for message in loaded.branch()] == ["other"]


def test_a_session_is_created_once(store):
    session = talk(store)
    before = store.path_of(session.id).read_bytes()
    with pytest.raises(Failure) as caught:
        store.create(session)
    assert caught.value.kind is FailureKind.DISK
    assert store.path_of(session.id).read_bytes() == before


def test_files_and_folders_are_for_the_user_alone(store, places):
    old = os.umask(0)
    try:
        session = talk(store)
        store.save_header(session.model_copy(update={"title": "x"}))
    finally:
        os.umask(old)
    for folder in (places.data, places.sessions, places.state, places.locks):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(store.path_of(session.id).stat().st_mode) == 0o600


def test_nothing_is_left_beside_a_session(store, places):
    session = talk(store)
    store.save_header(session.model_copy(update={"title": "x"}))
    assert [path.name for path in places.sessions.iterdir()] == [f"{session.id}.toml"]


@pytest.mark.parametrize("session_id", ["", ".", "..", "../x", "/etc/passwd", "a\0b", "a\\b", ".x"])
def test_an_id_never_leads_out_of_the_folder(store, session_id):
    with pytest.raises(Failure, match="no chat"):
        store.load(session_id)
    with pytest.raises(Failure, match="no chat"):
        store.append(session_id, Message(role=Role.USER, content="x"))


def test_what_is_gone_is_told_and_not_made_anew(store):
    session = talk(store)
    path = store.path_of(session.id)
    path.unlink()
    words = f"{path}: it is not there"
    with pytest.raises(Failure, match=words):
        store.load(session.id)
    with pytest.raises(Failure, match=words):
        store.append(session.id, Message(role=Role.USER, content="x"))
    with pytest.raises(Failure, match=words):
        store.save_header(session)
    assert not path.exists()


# Cost


def traffic() -> tuple[int, int]:
    lines = Path("/proc/self/io").read_text("ascii").split("\n")
    counts = dict(line.split(": ") for line in lines if line)
    return int(counts["rchar"]), int(counts["wchar"])


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count")
@pytest.mark.parametrize("known", [True, False], ids=["known file", "file of another process"])
def test_what_an_append_reads_and_writes_does_not_depend_on_the_sessions_size(store, known):
    costs = []
    for count in (1, 10, 3000):
        session = Session(title="x")
        for number in range(count):
            session.add(Message(id=f"{number:06}", role=Role.USER, content="word " * 20))
        store.create(session)
        writer = store if known else fresh(store)
        message = session.add(Message(id="last", role=Role.USER, content="word " * 20))
        message.parent = "000000"
        before = traffic()
        writer.append(session.id, message)
        after = traffic()
        costs.append((after[0] - before[0], after[1] - before[1]))
    (_, small), (read_10, ten), (read_3000, many) = costs
    assert small <= ten == many < 1000
    assert read_3000 - read_10 <= 2 << 13


def test_an_append_changes_no_byte_before_it(store):
    session = talk(store)
    path = store.path_of(session.id)
    before, inode = path.read_bytes(), path.stat().st_ino
    store.append(session.id, session.add(Message(role=Role.USER, content="more")))
    assert path.read_bytes().startswith(before)
    assert path.stat().st_ino == inode


# Torn ends


LAST: dict[str, dict[str, Any]] = {
    "a text": {"content": "The first line,\nthe second: \"quoted\" \\ é\n\nand '''more'''."},
    "one line": {"content": 'Only "one" line, \\ with é and \t and \x07.'},
    "chunks": {
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "let me\nsee"}]},
            {"type": "text", "text": "seen\nand said"},
        ]
    },
}


def is_beginning(part: Message, whole: Message) -> bool:
    return whole.text.startswith(part.text) and whole.thinking.startswith(part.thinking)


@pytest.mark.parametrize("kind", LAST)
def test_a_torn_message_harms_no_other_and_is_mended_by_the_next(store, kind):
    session = talk(store)
    path = store.path_of(session.id)
    whole = path.read_bytes()
    completion = Completion(model="m", seconds=2.5, stop=["a\n"])
    last = Message(
        id="torn", role=Role.ASSISTANT, ended="stop", completion=completion, **LAST[kind]
    )
    last.parent = session.messages[-1].id
    store.append(session.id, last)
    block = path.read_bytes()[len(whole) :]
    had = 0
    for cut in (*range(0, len(block), 7), len(block) - 1):
        torn = whole + block[:cut]
        for zeros in (b"", b"\0" * 40)[: 1 + (cut % 5 == 0)]:
            for copy in path.parent.glob("*.damaged-*"):
                copy.unlink()
            path.write_bytes(torn + zeros)
            shown = fresh(store).load(session.id)
            assert dumps(shown.messages[:2]) == dumps(session.messages)
            assert path.read_bytes() == torn + zeros
            parent = shown.messages[-1].id

            writer = fresh(store)
            writer.append(
                session.id, Message(id="next", parent=parent, role=Role.USER, content="on")
            )

            assert tomllib.loads(path.read_text("utf-8"))["message"][-1]["content"] == "on"
            loaded = fresh(store).load(session.id)
            assert dumps(loaded.messages[:2]) == dumps(session.messages)
            assert dumps(loaded.messages[:-1]) == dumps(shown.messages)
            assert loaded.messages[-1].parent == parent
            for between in loaded.messages[2:-1]:
                assert between.id == "torn"
                assert is_beginning(between, last)
                had = max(had, len(between.text + between.thinking))
            copies = [copy.read_bytes() for copy in path.parent.glob("*.damaged-*")]
            assert copies in ([], [torn + zeros])
            if copies:
                assert shown.problems
                assert loaded.problems == []
    assert had == len(last.text + last.thinking)


def test_most_of_a_torn_reply_is_kept_as_interrupted(store):
    session = talk(store)
    path = store.path_of(session.id)
    text = "All that was said\nbefore the power went"
    store.append(session.id, session.add(Message(id="t", role=Role.ASSISTANT, content=text)))
    path.write_bytes(path.read_bytes()[: -len('went"""\n')])

    loaded = fresh(store).load(session.id)

    assert (loaded.messages[-1].text, loaded.messages[-1].ended) == (text[:-4], "interrupted")
    (problem,) = loaded.problems
    assert problem.path == str(path)
    assert problem.line >= 18


def test_a_file_without_a_newline_at_its_end_is_no_torn_one(store):
    session = talk(store)
    path = store.path_of(session.id)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    store.append(session.id, session.add(Message(role=Role.USER, content="more")))
    assert fresh(store).load(session.id).messages == session.messages
    assert len(list(path.parent.iterdir())) == 1


def test_somebodys_mistake_in_the_last_message_is_left_as_it_is(store):
    session = talk(store)
    path = store.path_of(session.id)
    path.write_text(path.read_text("utf-8").replace('role = "assistant"', "role = assistant"))
    before = path.read_bytes()

    store.append(session.id, Message(id="next", role=Role.USER, content="on"))

    assert path.read_bytes().startswith(before)
    loaded = store.load(session.id)
    assert [message.text for message in loaded.messages] == ["What is best?", "on"]
    (problem,) = loaded.problems
    assert path.read_text("utf-8").split("\n")[problem.line - 1] == "role = assistant"


def test_a_disk_that_fills_up_in_the_middle_of_an_append_harms_nothing(store):
    import resource
    import signal

    session = talk(store)
    path = store.path_of(session.id)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, limits[1]))
    try:
        with pytest.raises(Failure) as caught:
            store.append(session.id, Message(role=Role.USER, content="x" * 1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.kind is FailureKind.DISK
    assert path.read_bytes() == before
    store.append(session.id, session.add(Message(role=Role.USER, content="y")))
    assert store.load(session.id).messages == session.messages


# Several writers


def test_a_session_that_stays_locked_is_told(store, places, monkeypatch):
    monkeypatch.setattr(sessions, "LOCK_WAIT_S", 0.05)
    session = talk(store)
    before = store.path_of(session.id).read_bytes()
    with filelock.FileLock(places.locks / f"{session.id}.lock"):
        with pytest.raises(Failure, match=f"{session.id} locked") as caught:
            store.append(session.id, Message(role=Role.USER, content="x"))
        assert store.load(session.id).messages == session.messages
    assert caught.value.retryable
    assert store.path_of(session.id).read_bytes() == before


def test_a_message_that_is_just_being_written_is_waited_for(store, places):
    session = talk(store)
    path = store.path_of(session.id)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    loaded: list[Session] = []
    reader = threading.Thread(target=lambda: loaded.append(fresh(store).load(session.id)))
    with filelock.FileLock(places.locks / f"{session.id}.lock"):
        reader.start()
        reader.join(0.2)
        assert not loaded
        path.write_bytes(whole)
    reader.join(20)
    assert loaded[0].problems == []
    assert loaded[0].messages == session.messages


WRITER = """
import sys
from pathlib import Path
from tui.core.message import Message
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
root, session_id, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
store = TomlSessions(Places(root / "config", root / "data", root / "state", root / "cache"))
session = store.load(session_id)
for number in range(25):
    store.append(session_id, Message(id=f"{name}-{number}", role="user", content=f"{name}\\n" * 50))
    if number % 10 == 5:
        session.title = f"by {name}"
        store.save_header(session)
"""


def test_processes_that_write_at_the_same_time_lose_nothing(store, tmp_path):
    session = talk(store)
    names = "abcd"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), session.id, name])
        for name in names
    ]
    assert [writer.wait(60) for writer in writers] == [0] * len(names)

    loaded = store.load(session.id)

    assert loaded.problems == []
    assert loaded.title.startswith("by ")
    assert loaded.messages[:2] == session.messages
    ids = [message.id for message in loaded.messages[2:]]
    assert sorted(ids) == sorted(f"{name}-{number}" for name in names for number in range(25))
    for name in names:
        own = [message_id for message_id in ids if message_id.startswith(name)]
        assert own == [f"{name}-{number}" for number in range(25)]
    assert {m.text for m in loaded.messages[2:]} == {f"{name}\n" * 50 for name in names}


KILLED = """
import sys
from pathlib import Path
from tui.core.message import Message
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
root, session_id = Path(sys.argv[1]), sys.argv[2]
store = TomlSessions(Places(root / "config", root / "data", root / "state", root / "cache"))
session = store.load(session_id)
while True:
    message = session.add(Message(role="user", content="some words\\n" * 2000))
    store.append(session_id, message)
    session.title = message.id
    store.save_header(session)
    print(message.id, flush=True)
"""


@pytest.mark.parametrize("moment", [1, 7, 20])
def test_what_was_saved_before_a_kill_is_there_after_it(store, tmp_path, moment):
    session = talk(store)
    writer = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), session.id], stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdout
        saved = [writer.stdout.readline().strip() for _ in range(moment)]
        writer.kill()
        saved += writer.stdout.read().split()

    loaded = store.load(session.id)
    assert len(loaded.problems) <= 1  # a kill may tear the message that is just being written
    assert [message.id for message in loaded.messages[2:]][: len(saved)] == saved
    assert len(loaded.messages) - 2 - len(saved) <= 1
    assert loaded.title in {saved[-1], loaded.messages[-1].id}
    store.append(session.id, loaded.add(Message(role=Role.USER, content="on")))
    again = store.load(session.id)
    assert (again.messages, again.problems) == (loaded.messages, [])


def test_an_unusable_folder_is_told_with_the_variable_that_moves_it(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    places = Places(tmp_path / "c", tmp_path / "data", tmp_path / "s", tmp_path / "k")
    with pytest.raises(Failure) as caught:
        TomlSessions(places).create(Session())
    assert "XDG_DATA_HOME" in caught.value.sentence
    assert str(tmp_path / "data") in caught.value.sentence
