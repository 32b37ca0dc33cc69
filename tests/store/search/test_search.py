from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.benchmarks.many import fill
from tui.core.message import Completion, Message
from tui.core.search import Found, Query
from tui.core.session import Session
from tui.core.words import Place, Role
from tui.store.places import Places
from tui.store.search import index, index_texts
from tui.store.search import scan as search_scan
from tui.store.search.index import IndexFile, unpacked
from tui.store.search.index_heads import Heads
from tui.store.search.search import SessionSearch
from tui.store.search.texts import read_texts
from tui.store.search.words import index_form
from tui.store.sessions.scanning import scan
from tui.store.sessions.text import message_text, session_text
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.sessions.whereabouts import folder_of, path_in

HOUR = 3600.0
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def search(places):
    return SessionSearch(places)


def go_on(_done: int, _total: int) -> bool:
    return True


def find(search: SessionSearch, words: str, limit: int = 50) -> Found:
    return search.search(Query.parse(words), limit)


def ids(search: SessionSearch, words: str) -> set[tuple[str, str]]:
    return {(hit.session_id, hit.message_id) for hit in find(search, words).hits}


def session(name: str, *texts: str, **members: object) -> Session:
    made = Session.model_validate({"id": name, "title": name, **members})
    for number, text in enumerate(texts, 1):
        role = Role.ASSISTANT if number % 2 == 0 else Role.USER
        completion = Completion(model=f"model-{name}") if role is Role.ASSISTANT else None
        made.add(
            Message(id=f"m{number}", role=role, content=text, created=MOMENT, completion=completion)
        )
    return made


def test_messages_and_titles_are_found_with_all_that_leads_to_them(store, search):
    store.create(session("s1", "What is Roquefort?", "A blue cheese.", title="French things"))
    assert search.refresh(go_on)
    (hit,) = find(search, "roquefort").hits
    assert (hit.session_id, hit.title, hit.message_id) == ("s1", "French things", "m1")
    assert (hit.role, hit.at, hit.place) == ("user", MOMENT.timestamp(), Place.OPEN)
    assert hit.snippet.text == "What is Roquefort?"
    assert hit.snippet.marks == ((8, 17),)
    (title,) = find(search, "things").hits
    assert (title.message_id, title.role, title.snippet.text) == ("", "", "French things")


def test_a_title_comes_before_messages_and_the_newer_of_equals_first(store, search):
    for number in range(3):
        made = session(f"s{number}", "about cheese and more")
        made.messages[0].created = datetime(2026, 1, 1 + number, tzinfo=UTC)
        store.create(made)
    store.create(session("t", "nothing", title="cheese"))
    search.refresh(go_on)
    found = [hit.session_id for hit in find(search, "cheese").hits]
    assert found == ["t", "s2", "s1", "s0"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("apple", {("a", "m1"), ("a", "m2"), ("b", "m1")}),
        ("apple role:user", {("a", "m1"), ("b", "m1")}),
        ("apple model:MODEL-a", {("a", "m2")}),
        ("apple model:session-model", {("a", "m1")}),
        ("apple provider:other", {("b", "m1")}),
        ("apple tag:fruit", {("b", "m1")}),
        ("apple tag:ÉTÉ", {("b", "m1")}),
        ("apple tag:fru", set()),
        ("apple session:b", {("b", "m1")}),
        ("apple in:archive", {("b", "m1")}),
        ("apple in:trash", {("c", "m1")}),
        ("apple in:all", {("a", "m1"), ("a", "m2"), ("b", "m1"), ("c", "m1")}),
        ("apple before:2026", {("b", "m1")}),
        ("apple after:2026", {("a", "m1"), ("a", "m2")}),
        ("apple -pie", {("a", "m1"), ("b", "m1")}),
        ("-pie", set()),
        ("tag:fruit", {("b", "")}),
        ("role:assistant in:chats", {("a", "m2")}),
        ("model:\ud800", set()),
        ("", set()),
        ('"', set()),
        ("*", set()),
    ],
)
def test_filters_and_words_hold_together(store, places, search, words, found):
    store.create(session("a", "apple", "apple pie", parameters={"model": "session-model"}))
    other = session("b", "apple", provider="other", tags=["Fruit", "été"])
    other.messages[0].created = datetime(2025, 6, 1, tzinfo=UTC)
    store.create(other)
    store.create(session("c", "apple"))
    for name, place in (("b", Place.ARCHIVE), ("c", Place.TRASH)):
        folder_of(places, place).mkdir()
        (places.sessions / f"{name}.toml").rename(path_in(places, place, name))
    search.refresh(go_on)
    assert ids(search, words) == found
    scanned = search_scan.search(places, Query.parse(words), 50)
    if not Query.parse(words).is_empty:
        assert {(hit.session_id, hit.message_id) for hit in scanned} == found


def test_of_one_session_no_more_hits_are_given_than_are_wanted(store, places, search):
    store.create(session("a", *["apple"] * 5))
    store.create(session("b", "apple and much more of it"))
    search.refresh(go_on)
    for words in ("apple", "apple role:user", "role:user"):
        query = replace(Query.parse(words), each=2)
        for hits in (search.search(query).hits, search_scan.search(places, query, 50)):
            assert sorted(hit.session_id for hit in hits) == ["a", "a", "b"]
    assert len(find(search, "apple").hits) == 6


def test_only_the_new_part_of_a_long_session_is_read_again(store, places, search, monkeypatch):
    store.create(session("s", *(f"word{n}" for n in range(20))))
    search.refresh(go_on)
    readings = []
    real = read_texts

    def watched(path, before=None):
        readings.append(real(path, before))
        return readings[-1]

    monkeypatch.setattr("tui.store.search.index_texts.read_texts", watched)
    store.append("s", Message(id="more", role=Role.USER, content="brandnew"))
    search.refresh(go_on)
    assert [[text.text for text in reading.texts] for reading in readings] == [["brandnew"]]
    assert ids(search, "brandnew") == {("s", "more")}
    assert ids(search, "word3") == {("s", "m4")}


def test_of_an_edited_session_only_what_was_changed_is_written_anew(
    store, places, search, monkeypatch
):
    store.create(session("s", *(f"word{n}" for n in range(5))))
    search.refresh(go_on)
    added = []
    real = index_texts._add

    def watched(connection, key, text):
        added.append(text.text)
        real(connection, key, text)

    monkeypatch.setattr(index_texts, "_add", watched)
    made = store.load("s")
    made.title = "renamed"
    store.save_header(made)
    path = places.sessions / "s.toml"
    path.write_text(path.read_text().replace("word3", "other"))
    search.refresh(go_on)
    assert added == ["renamed", "other"]
    assert ids(search, "word3") == set()
    assert ids(search, "other") == {("s", "m4")}
    assert ids(search, "renamed") == {("s", "")}
    assert_true(places, search)


def test_a_moved_session_is_not_read_again(store, places, search, monkeypatch):
    store.create(session("s", "apple"))
    os.utime(places.sessions / "s.toml", (1e9, 1e9))
    search.refresh(go_on)
    folder_of(places, Place.ARCHIVE).mkdir()
    (places.sessions / "s.toml").rename(path_in(places, Place.ARCHIVE, "s"))
    monkeypatch.setattr("tui.store.search.index_texts.read_texts", None)
    assert search.refresh(go_on)
    assert [hit.place for hit in find(search, "apple").hits] == [Place.ARCHIVE]


def test_removed_messages_are_not_found(store, search):
    made = session("s", "apple", "pear")
    made.messages[0].removed = MOMENT
    store.create(made)
    search.refresh(go_on)
    assert ids(search, "apple") == set()
    assert ids(search, "pear") == {("s", "m2")}


def test_progress_is_told_and_work_that_was_broken_off_goes_on_later(store, search, monkeypatch):
    monkeypatch.setattr("tui.store.search.search._SLICE_S", 0.0)
    for number in range(5):
        store.create(session(f"s{number}", "apple"))
    told = []

    def until_three(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 3

    assert not search.refresh(until_three)
    assert told[-1] == (3, 5)
    found = find(search, "apple")
    assert len(found.hits) == 3
    assert found.note == "2 of 5 chats are not in the search index yet."
    assert search.refresh(go_on)
    assert len(find(search, "apple").hits) == 5
    assert find(search, "apple").note == ""


def test_a_search_that_takes_too_long_is_broken_off(store, search, monkeypatch):
    monkeypatch.setattr("tui.store.search.indexed.LONGEST_S", -1.0)
    store.create(session("s", *["apple"] * 300))
    search.refresh(go_on)
    found = find(search, "apple")
    assert found.hits == []
    assert "too long" in found.note


def test_a_search_before_the_first_refresh_says_so(store, search):
    store.create(session("s", "apple"))
    assert find(search, "apple") == Found(note="Nothing has been taken into the search index yet.")


@pytest.mark.parametrize("junk", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_broken_index_is_replaced(store, places, search, junk):
    store.create(session("s", "apple"))
    search.refresh(go_on)
    (places.cache / "search.sqlite3").write_bytes(junk)
    assert [header.id for header in store.listing().headers] == ["s"]
    assert search.refresh(go_on)
    assert ids(search, "apple") == {("s", "m1")}


@pytest.mark.parametrize("offset", [100, 4_096, 9_000, 20_000, 40_000])
def test_an_index_that_is_damaged_within_is_replaced(store, places, search, offset):
    for number in range(20):
        store.create(session(f"s{number:02}", *(f"apple {n} " * 9 for n in range(20))))
    search.refresh(go_on)
    with (places.cache / "search.sqlite3").open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * 4_096)
    assert len(store.listing().headers) == 20
    for made in places.sessions.iterdir():
        os.utime(made)
    search.refresh(go_on)
    find(search, "apple")  # whatever is damaged, it is noticed by now, or was not met
    search.refresh(go_on)
    assert len(store.listing().headers) == 20


def test_an_index_of_another_form_is_replaced(store, places, search):
    store.create(session("s", "apple"))
    places.ensure(places.cache)
    connection = sqlite3.connect(places.cache / "search.sqlite3")
    connection.execute("CREATE TABLE session (other)")
    connection.execute("PRAGMA user_version = 99999999")
    connection.close()
    search.refresh(go_on)
    assert ids(search, "apple") == {("s", "m1")}


def test_the_index_may_be_deleted_at_any_time(store, places, search):
    store.create(session("s", "apple"))
    search.refresh(go_on)
    for path in places.cache.iterdir():
        path.unlink()
    assert find(search, "apple").hits == []
    search.refresh(go_on)
    (places.cache / "search.sqlite3").unlink()
    store.listing()
    search.refresh(go_on)
    assert ids(search, "apple") == {("s", "m1")}


def test_the_index_is_for_the_user_alone(store, places, search):
    old = os.umask(0)
    try:
        store.create(session("s", "apple"))
        search.refresh(go_on)
    finally:
        os.umask(old)
    for path in [places.cache, *places.cache.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_without_fts5_the_files_are_read(store, places, search, monkeypatch):
    monkeypatch.setattr(index, "_text_tables", lambda connection: "")
    store.create(session("s", "apple", "pear"))
    assert search.refresh(go_on)
    found = find(search, "apple")
    assert [(hit.session_id, hit.message_id) for hit in found.hits] == [("s", "m1")]
    assert found.hits[0].snippet.marks == ((0, 5),)
    assert "FTS5" in found.note
    assert store.listing().headers[0].title == "s"


def test_a_python_without_sqlite_lists_and_searches(store, places, tmp_path):
    store.create(session("s", "apple"))
    source = (
        "import sys; sys.modules['sqlite3'] = None\n"
        "from pathlib import Path; from tui.store.places import Places;"
        "from tui.store.search.search import SessionSearch; from tui.store.sessions.toml_sessions import TomlSessions;"
        "from tui.core.search import Query;"
        f"places = Places(*[Path({str(tmp_path)!r}) / n for n in"
        " ('config', 'data', 'state', 'cache')]);"
        "search = SessionSearch(places); store = TomlSessions(places);"
        "found = search.search(Query.parse('apple'));"
        "print(search.refresh(lambda *_: True), store.listing().headers[0].id,"
        " store.recall(1).headers[0].id, found.hits[0].message_id, 'no SQLite' in found.note)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.stdout == "False s s m1 True\n", done.stderr


def test_without_a_cache_folder_the_files_are_read(store, places, search):
    store.create(session("s", "apple"))
    places.cache.write_text("a file in its place")
    assert not search.refresh(go_on)
    found = find(search, "apple")
    assert [(hit.session_id, hit.message_id) for hit in found.hits] == [("s", "m1")]
    assert "can't be used" in found.note
    assert [header.id for header in store.listing().headers] == ["s"]


def test_a_listing_does_not_wait_for_one_who_writes(store, places, search):
    store.create(session("s", "apple"))
    search.refresh(go_on)
    store.create(session("new", "pear"))
    writer = sqlite3.connect(places.cache / "search.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert {header.id for header in store.listing().headers} == {"s", "new"}
        assert ids(search, "apple") == {("s", "m1")}
    finally:
        writer.close()


def test_several_processes_and_threads_work_on_one_index(tmp_path, places, search):
    fill(places.sessions, 60, 4)
    source = (
        "import sys; from pathlib import Path; from tui.store.places import Places;"
        "from tui.store.search.search import SessionSearch; from tui.store.sessions.toml_sessions import TomlSessions;"
        f"places = Places(*[Path({str(tmp_path)!r}) / n for n in"
        " ('config', 'data', 'state', 'cache')]);"
        "[(SessionSearch(places).refresh(lambda *_: True), TomlSessions(places).listing())"
        " for _ in range(5)]"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", source], stderr=subprocess.PIPE) for _ in range(3)
    ]
    threads = [threading.Thread(target=search.refresh, args=(go_on,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        assert other.communicate(timeout=60)[1] == b""
    assert search.refresh(go_on)
    assert_true(places, search)


def test_the_index_may_be_deleted_while_others_work_on_it(tmp_path, places, search):
    fill(places.sessions, 30, 3)
    source = (
        "import sys; from pathlib import Path; from tui.store.places import Places;"
        "from tui.store.search.search import SessionSearch; from tui.store.sessions.toml_sessions import TomlSessions;"
        "from tui.core.search import Query;"
        f"places = Places(*[Path({str(tmp_path)!r}) / n for n in"
        " ('config', 'data', 'state', 'cache')]);"
        "[(SessionSearch(places).refresh(lambda *_: True), SessionSearch(places).search(Query.parse('a*')),"
        " len(TomlSessions(places).listing().headers) == 30 or sys.exit('too few'))"
        " for _ in range(20)]"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", source], stderr=subprocess.PIPE) for _ in range(2)
    ]
    while any(other.poll() is None for other in others):
        IndexFile(places).remove()
        search.refresh(go_on)
    assert [other.communicate()[1] for other in others] == [b"", b""]
    assert search.refresh(go_on)
    assert_true(places, search)


# -- whatever is done to the files, the index tells the truth about them

WORDS = ["apple", "pear", "plum", "東京", "été", "x"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
NAMES = st.sampled_from(["s1", "s2", "s3"])
STEPS = st.one_of(
    st.tuples(st.just("create"), NAMES, st.lists(TEXTS, max_size=3)),
    st.tuples(st.just("append"), NAMES, TEXTS),
    st.tuples(st.just("move"), NAMES, st.sampled_from(Place)),
    st.tuples(st.just("delete"), NAMES, st.none()),
    st.tuples(st.just("tear"), NAMES, st.integers(1, 200)),
    st.tuples(st.just("edit"), NAMES, st.tuples(*[st.sampled_from(WORDS)] * 2)),
    st.tuples(st.just("rename"), NAMES, TEXTS),
    st.tuples(st.just("refresh"), st.none(), st.none()),
    st.tuples(st.just("list"), st.none(), st.sampled_from(Place)),
    st.tuples(st.just("forget"), st.none(), st.none()),
)


def where(places: Places, name: str) -> Path | None:
    paths = [path_in(places, place, name) for place in Place]
    return next((path for path in paths if path.exists()), None)


def do(places: Places, search: SessionSearch, kind: str, name: str, how: object) -> None:
    path = where(places, name) if name else None
    match kind, how:
        case "create", list() if path is None:
            path_in(places, Place.OPEN, name).write_text(session_text(session(name, *how)), "utf-8")
        case "append", str() if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.write(message_text(Message(role=Role.USER, content=how), after=False))
        case "move", Place() if path is not None:
            path.rename(path_in(places, how, name))
        case "delete", _ if path is not None:
            path.unlink()
        case "tear", int() if path is not None:
            os.truncate(path, max(0, path.stat().st_size - how))
        case "edit", (str() as old, str() as new) if path is not None:
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        case "rename", str() if path is not None:
            text = path.read_text("utf-8").replace("title = ", f'title = "{how}" # ', 1)
            beside = path.with_suffix(".new")
            beside.write_text(text, "utf-8")
            beside.replace(path)
        case "refresh", _:
            search.refresh(go_on)
        case "list", Place():
            TomlSessions(places).listing(None, how)
        case "forget", _:
            IndexFile(places).remove()


def assert_true(places: Places, search: SessionSearch) -> None:
    """The index holds just what the files do, and finds what a plain scan finds."""

    def kept(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
        rows = connection.execute(
            "SELECT s.place, s.id, s.title, m.id, m.role, m.at, m.body"
            " FROM session AS s JOIN message AS m ON m.session = s.key ORDER BY m.key"
        ).fetchall()
        return [(*row[:6], unpacked(row[6])) for row in rows]

    def ghosts(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
        query = (
            "SELECT rowid FROM words WHERE words MATCH ? AND rowid NOT IN (SELECT key FROM message)"
        )
        return [row for word in WORDS for row in connection.execute(query, (index_form(word),))]

    rows = IndexFile(places).run(kept)
    assert IndexFile(places).run(ghosts) == []
    truth: list[tuple[object, ...]] = []
    for place in Place:
        states = scan(folder_of(places, place))[0]
        headers = Heads(folder_of(places, place), place, states).read(states)
        listed = TomlSessions(places).listing(None, place).headers
        assert sorted(listed, key=str) == sorted(headers, key=str)
        for header in headers:
            named = (str(place), header.id, header.title)
            truth.append((*named, "", "", None, header.title))
            texts = read_texts(path_in(places, place, header.id)).texts
            truth += [(*named, t.id, t.role, t.at, t.text) for t in texts if t.text]
    assert sorted(rows, key=str) == sorted(truth, key=str)
    for words in WORDS:
        query = Query.parse(f"{words} in:all")
        hits = search_scan.search(places, query, 1_000)
        scanned = {(hit.place, hit.session_id, hit.message_id) for hit in hits}
        found = search.search(query, 1_000)
        assert {(hit.place, hit.session_id, hit.message_id) for hit in found.hits} == scanned
        assert found.note == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(steps=st.lists(STEPS, max_size=14))
def test_after_any_changes_the_index_tells_the_truth(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("steps")
    places = Places(*[root / name for name in ("config", "data", "state", "cache")])
    for place in Place:
        folder_of(places, place).mkdir(parents=True, exist_ok=True)
    search = SessionSearch(places)
    for kind, name, how in steps:
        do(places, search, kind, name, how)
    assert search.refresh(go_on)
    assert_true(places, search)
