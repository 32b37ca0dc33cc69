from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT
from tui.core.message import Message
from tui.core.session import Session
from tui.core.text import scrub
from tui.core.words import Role
from tui.store.sessions.heads import body_start, read_header

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'schema = 1\nid = "s"\ntitle = "Cheese"\ncreated = 2026-11-23T11:44:55Z\n'


def header(folder: Path, text: str):
    path = folder / "s.toml"
    path.write_text(text, "utf-8")
    return read_header(path, 7.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=TEXT, provider=st.one_of(st.none(), TEXT))
def test_any_title_is_listed_as_it_was_saved(store, title, provider):
    session = Session(title=scrub(title), provider=scrub(provider) if provider else None)
    session.parameters.prefix = 'title = "no"\ncreated = 1999-01-01T00:00:00Z\n'
    store.create(session)
    found = {header.id: header for header in store.listing().headers}[session.id]
    assert (found.title, found.created) == (session.title, session.created)
    assert found.problem is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (HEAD, "Cheese"),
        (HEAD.replace('"Cheese"', "'Brie'"), "Brie"),
        (HEAD.replace("\n", "\r\n"), "Cheese"),
        ("\ufeff" + HEAD, "Cheese"),
        (HEAD.replace('title = "Cheese"\n', ""), ""),
        (HEAD.replace('"Cheese"', '"caf\\u00e9"'), "café"),
        ('note = """\ntitle = "no"\ncreated = 1999-01-01T00:00:00Z\n"""\n' + HEAD, "Cheese"),
        ("# " + "x" * 20_000 + "\n" + HEAD, "Cheese"),
        (HEAD + "[parameters]\nprefix = '''" + "y\n" * 20_000 + "'''\n", "Cheese"),
        (HEAD + "[[message]]\nrole = bad", "Cheese"),
    ],
)
def test_a_title_is_found_in_whatever_form_it_is_written(tmp_path, text, title):
    found = header(tmp_path, text)
    assert (found.title, found.problem) == (title, None)
    assert found.created.tzinfo


@pytest.mark.parametrize(
    ("lines", "pinned", "tags"),
    [
        ("", False, ()),
        ("pinned = true\n", True, ()),
        ("pinned = false\ntags = []\n", False, ()),
        ('pinned = true\ntags = ["food", "à la carte"]\n', True, ("food", "à la carte")),
        ('tags = [\n  "food", # the best\n]\n', False, ("food",)),
        ("  pinned=true\ntags = ['a\"b']\n", True, ('a"b',)),
        ('"tags" = ["a\\\\b"]\n', False, ("a\\b",)),
        ('tags = "food"\npinned = 1\n', False, ()),
        ('tags = ["a", 1]\n', False, ("a",)),
        ('note = """\npinned = true\n"""\n', False, ()),
        ("[parameters]\npinned = true\n", False, ()),
    ],
)
def test_a_pin_and_tags_are_found_in_whatever_form_they_are_written(tmp_path, lines, pinned, tags):
    found = header(tmp_path, HEAD + lines)
    assert (found.pinned, found.tags, found.problem) == (pinned, tags, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pinned=st.booleans(), tags=st.lists(TEXT.map(scrub), max_size=3))
def test_any_pin_and_tags_are_listed_as_they_were_saved(store, pinned, tags):
    session = Session(title="x", pinned=pinned, tags=tags)
    store.create(session)
    found = {header.id: header for header in store.listing().headers}[session.id]
    assert (found.pinned, found.tags) == (pinned, tuple(tags))


def test_a_head_without_a_date_was_created_when_it_was_changed(tmp_path):
    assert header(tmp_path, 'title = "x"\n').created == datetime.fromtimestamp(7.0, UTC)


def test_the_head_ends_where_the_first_message_begins():
    assert body_start(HEAD.encode()) == len(HEAD)
    assert body_start(f'{HEAD}x = "[[message]]"\n[[message]]\n'.encode()) == len(HEAD) + 18


def test_the_newest_changed_come_first(store, places):
    for number, name in enumerate(["old", "newer", "newest"]):
        store.create(Session(id=name, title=name))
        os.utime(places.sessions / f"{name}.toml", (number, number))
    assert [header.id for header in store.listing().headers] == ["newest", "newer", "old"]
    assert [header.id for header in store.listing(limit=2).headers] == ["newest", "newer"]
    assert store.listing().headers[0].changed == 2.0


def test_a_folder_that_is_not_there_lists_nothing(store):
    listing = store.listing()
    assert (listing.headers, listing.problems) == ([], [])


def test_a_folder_that_cannot_be_listed_is_told(store, places):
    places.data.mkdir()
    places.sessions.write_text("a file")
    listing = store.listing()
    assert listing.headers == []
    assert str(places.sessions) in str(listing.problems[0])


def test_a_listing_reads_no_more_than_the_beginning_of_a_file(tmp_path):
    path = tmp_path / "s.toml"
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(1 << 40)  # nobody reads a terabyte by mistake
    assert read_header(path, 0.0).title == "Cheese"


def test_a_listing_loads_no_models(store, places, tmp_path):
    session = Session(title="x")
    session.add(Message(role=Role.USER, content="y"))
    store.create(session)
    (places.sessions / "bad.toml").write_text("title = ")
    source = (
        "import sys; from pathlib import Path; from tui.store.places import Places;"
        "from tui.store.sessions.toml_sessions import TomlSessions;"
        f"store = TomlSessions(Places(*[Path({str(tmp_path)!r}) / n for n in"
        " ('config', 'data', 'state', 'cache')]));"
        "assert len(store.listing().headers) == 2;"
        "print({'pydantic', 'tomlkit', 'filelock', 'asyncio', 'tui.core.session'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def message(created: str, more: str = "") -> str:
    return f'\n[[message]]\nid = "m"\nrole = "user"\n{created}content = """\nx\n{more}"""\n'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", None),
        (message("created = 2026-11-23T11:00:00Z\n"), "2026-11-23T11:00:00+00:00"),
        (
            message("created = 2026-11-23T11:00:00Z\n")
            + message("created = 2026-11-23T12:00:00.5+01:00\n"),
            "2026-11-23T11:00:00.5+00:00",
        ),
        (
            message("created = 2026-11-23T11:00:00Z\n", "long words\n" * 30_000),
            "2026-11-23T11:00:00+00:00",
        ),
        (message("", "created = 1999-01-01T00:00:00Z\n"), None),
        (message("created = 2026-99-23T11:00:00Z\n"), None),
        (
            message("created = 2026-11-23T11:00:00Z\n", "seconds = 5\n")
            + "\n[message.completion]\nmodel = 'm'\nseconds = 30.5\n",
            "2026-11-23T11:00:30.5+00:00",
        ),
    ],
)
@pytest.mark.parametrize("new_lines", ["\n", "\r\n"])
def test_a_chat_is_as_old_as_what_was_said_last(tmp_path, body, said, new_lines):
    path = tmp_path / "s.toml"
    path.write_bytes((HEAD.replace("2026", "2025") + body).replace("\n", new_lines).encode())
    now = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
    expected = now if said is None else datetime.fromisoformat(said).timestamp()
    if new_lines == "\n" or "completion" not in body:
        assert read_header(path, now).changed == expected
    assert read_header(path, 7.0).changed == 7.0  # a message of the future makes no chat younger


def test_a_fork_is_as_old_as_its_beginning(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(HEAD + message("created = 2025-11-23T11:00:00Z\n"))
    assert (
        read_header(path, 2e9).changed == datetime(2026, 11, 23, 11, 44, 55, tzinfo=UTC).timestamp()
    )
