from __future__ import annotations

import json
import time
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from tui.cli import bise
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Place, Role
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import purge_old
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal

Run = Callable[..., Result]


@pytest.fixture
def places():
    return Places.from_environment()


@pytest.fixture
def store(places):
    return TomlSessions(places)


@pytest.fixture
def filing(places):
    return TomlFiling(places)


@pytest.fixture
def run(places) -> Run:
    def run(*arguments: str, status: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(bise, ["sessions", *arguments], prog_name="bise", input=typed)
        assert result.exit_code == status, result.output
        assert "\x1b" not in result.output
        return result

    return run


def talk(store: TomlSessions, title: str, session_id: str) -> Session:
    session = Session(id=session_id, title=title, provider="mistral")
    store.create(session)
    store.append(session.id, session.add(Message(role=Role.USER, content="What is best?")))
    store.append(session.id, session.add(Message(role=Role.ASSISTANT, content="**None**.")))
    return session


@pytest.fixture
def cheese(store):
    return talk(store, "French cheese", "20261123-1-aaaa")


@pytest.fixture
def dates(store):
    return talk(store, "Regex for dates", "20261123-2-bbbb")


def test_chats_are_listed_with_tabs_in_a_pipe(run, cheese, dates, filing):
    filing.pin(cheese.id)
    filing.tag(cheese.id, ["food"])
    first, second = run("list").stdout.splitlines()
    assert first.split("\t")[0] == cheese.id
    assert first.split("\t")[2:] == ["pinned", "#food", "French cheese"]
    assert second.split("\t")[2:] == ["", "", "Regex for dates"]


def test_the_list_is_chosen_by_place_tag_and_pin(run, cheese, dates, filing):
    filing.tag(cheese.id, ["Food"])
    filing.pin(dates.id)
    assert cheese.id in run("list", "--tag", "#food").stdout
    assert dates.id not in run("list", "--tag", "#food").stdout
    assert cheese.id not in run("list", "--pinned").stdout
    filing.archive(cheese.id)
    filing.delete(dates.id)
    assert run("list").stdout == ""
    assert cheese.id in run("list", "--archive").stdout
    assert dates.id in run("list", "--trash").stdout
    assert len(run("list", "--all").stdout.splitlines()) == 2
    assert len(run("list", "--all", "-n", "1").stdout.splitlines()) == 1


def test_the_list_as_json_says_all_of_a_head(run, cheese, store):
    [found] = json.loads(run("list", "--json").stdout)
    assert found["id"] == cheese.id
    assert found["path"] == str(store.path_of(cheese.id))
    assert (found["pinned"], found["tags"], found["place"], found["problem"]) == (
        False,
        [],
        "chats",
        None,
    )


def test_a_damaged_chat_is_listed_with_what_is_wrong(run, cheese, store):
    store.path_of(cheese.id).write_text('title = "x\n')
    assert "⚠" in run("list").stdout
    assert json.loads(run("list", "--json").stdout)[0]["problem"]


def test_escapes_in_titles_and_tags_are_harmless(run, store, filing):
    session = talk(store, "x\x1b]0;y\x07", "a")
    store.path_of("a").write_text(
        store.path_of("a").read_text().replace("[[m", 'tags = ["\\u001b[31m"]\n[[m', 1)
    )
    for arguments in (["list"], ["list", "--json"], ["show", "a"], ["archive", "a"]):
        run(*arguments)
    run("restore", session.id)


@pytest.mark.parametrize(
    "name", ["20261123-1-aaaa", "20261123-1", "french CHEESE", "Fren", "cheese"]
)
def test_a_chat_is_named_by_id_or_beginning_or_part_of_its_title(run, cheese, dates, filing, name):
    run("pin", name)
    assert TomlSessions(filing._places).load(cheese.id).pinned


def test_a_whole_title_beats_a_part_of_another(run, store, cheese):
    talk(store, "French cheese and wine", "other")
    run("pin", "French cheese")
    assert store.load(cheese.id).pinned


def test_a_name_that_fits_several_chats_lists_them(run, cheese, dates):
    result = run("pin", "20261123", status=2)
    assert "2 chats fit" in result.stderr
    assert "French cheese" in result.stderr
    assert dates.id in result.stderr


def test_a_name_that_fits_nobody_says_where_it_would(run, cheese, filing):
    assert "`bise sessions list`" in run("pin", "wine", status=2).stderr
    filing.delete(cheese.id)
    assert "In the trash is" in run("pin", "cheese", status=2).stderr


@pytest.mark.parametrize("name", ["", " ", "../../etc/passwd", ".", "\x1b[31m"])
def test_no_name_leads_anywhere_else(run, cheese, name):
    assert "No chat is named" in run("delete", name, status=2).stderr


def test_chats_are_filed_away_and_brought_back(run, cheese, dates, filing):
    run("archive", "cheese", "dates")
    assert filing.place_of(cheese.id) is filing.place_of(dates.id) is Place.ARCHIVE
    assert "No chat is named" in run("archive", "cheese", status=2).stderr
    told = run("delete", "cheese").stderr
    assert f"bise sessions restore {cheese.id}" in told
    run("restore", "cheese", "dates")
    assert filing.place_of(cheese.id) is filing.place_of(dates.id) is Place.OPEN


def test_one_bad_name_keeps_no_other_from_its_turn(run, cheese, filing):
    run("delete", "nobody", "cheese", status=2)
    assert filing.place_of(cheese.id) is Place.TRASH


def test_a_chat_in_which_a_reply_comes_in_is_not_deleted(run, cheese, places):
    diary = FileJournal(places).begin(cheese.id, "m")
    diary.write([{"journal": 1, "message": "m", "begun": "2026-11-23T11:00:00Z"}])
    assert "still coming in" in run("delete", cheese.id, status=1).stderr
    diary.discard()


def test_what_a_killed_bise_left_is_saved_before_a_chat_is_filed_away(run, cheese, places, store):
    diary = FileJournal(places).begin(cheese.id, "m9")
    head = {"journal": 1, "message": "m9", "begun": "2026-11-23T11:00:00+00:00"}
    diary.write([head, {"at": 1.0, "text": "half a rep"}])
    diary.release()
    assert "was cut off" in run("delete", cheese.id).stderr
    assert TomlFiling(places).place_of(cheese.id) is Place.TRASH
    assert TomlSessions(places).load(cheese.id).messages[-1].text == "half a rep"


def test_titles_and_tags_are_changed(run, cheese, store):
    run("rename", "cheese", "Blue  cheese")
    assert run("tag", "blue", "food", "#wine").stdout == "food\nwine\n"
    assert json.loads(run("tag", "blue", "-r", "wine", "--json").stdout) == ["food"]
    loaded = store.load(cheese.id)
    assert (loaded.title, loaded.tags) == ("Blue cheese", ["food"])
    assert "needs a word" in run("rename", "blue", " ", status=2).stderr


def test_a_pin_is_set_and_taken_away(run, cheese, store):
    run("pin", "cheese")
    run("unpin", "cheese")
    assert not store.load(cheese.id).pinned


def test_a_copy_is_named(run, cheese, store):
    copy = run("duplicate", "cheese").stdout.strip()
    assert store.load(copy).title == "French cheese (copy)"
    found = json.loads(run("duplicate", cheese.id, "--json").stdout)
    assert store.path_of(found["id"]).exists()


def test_nothing_is_removed_for_good_without_a_yes(run, cheese, filing):
    filing.delete(cheese.id)
    run("purge")
    assert filing.place_of(cheese.id) is Place.TRASH
    assert "--yes" in run("purge", "cheese", status=2).stderr
    assert filing.place_of(cheese.id) is Place.TRASH
    assert json.loads(run("purge", "cheese", "--yes", "--json").stdout) == [cheese.id]
    assert "No chat" in run("purge", "cheese", status=2).stderr


def test_the_whole_trash_is_emptied_by_one_word(run, cheese, dates, filing, places):
    filing.delete(cheese.id)
    run("purge", "--all", "--yes")
    assert purge_old(places, time.time() + 1e9) == []
    assert filing.place_of(dates.id) is Place.OPEN
    run("purge", "--all", "x", status=2)


def test_only_what_was_thrown_away_can_be_purged(run, cheese, filing):
    assert "No chat is named" in run("purge", "cheese", "--yes", status=2).stderr
    assert filing.place_of(cheese.id) is Place.OPEN


def test_a_chat_is_shown_as_text_and_as_json(run, cheese):
    shown = run("show", "cheese", "--width", "40").stdout
    assert "None." in shown
    assert "**" not in shown
    found = json.loads(run("show", "cheese", "--json").stdout)
    assert found["title"] == "French cheese"
    assert [message["role"] for message in found["messages"]] == ["user", "assistant"]


def test_the_path_of_a_chat_and_of_all(run, cheese, store, places):
    assert run("path", "cheese").stdout == f"{store.path_of(cheese.id)}\n"
    assert run("path").stdout == f"{places.sessions}\n"
    assert json.loads(run("path", "cheese", "--json").stdout)["path"].endswith(".toml")
    run("path", "nobody", status=2)


def test_every_command_has_its_help(run):
    from tui.cli.sessions import sessions

    context = click.Context(sessions)
    for name in sessions.list_commands(context):
        assert run(name, "--help").stdout.startswith(f"Usage: bise sessions {name}")
    assert "rename" in run("--help").stdout


def test_words_are_found_in_messages_and_titles(run, cheese, dates, filing):
    lines = run("search", "best", "-n", "5").stdout.splitlines()
    assert {line.split("\t")[0] for line in lines} == {cheese.id, dates.id}
    assert all("What is best?" in line for line in lines)
    [hit] = json.loads(run("search", "French", "--json").stdout)
    assert (hit["session"], hit["role"], hit["place"]) == (cheese.id, None, "chats")
    assert [hit["text"][start:end] for start, end in hit["marks"]] == ["French"]
    filing.delete(cheese.id)
    assert "nothing was found" in run("search", "French").stderr
    assert cheese.id in run("search", "French", "in:trash").stdout


def test_a_phrase_of_the_shell_is_a_phrase(run, cheese):
    assert cheese.id in run("search", "is best", "role:user").stdout
    assert run("search", "best is", "role:user").stdout == ""


@pytest.mark.parametrize("query", ['"', "*", "NEAR(", "x\x1b[31m", "--", "a" * 10_000])
def test_no_query_fails(run, cheese, query):
    run("search", "--", query)


def test_chats_that_are_well_pass_the_check(run, cheese, dates, filing):
    filing.archive(dates.id)
    assert run("validate", "--all").stdout == ""
    assert run("validate", "cheese", dates.id).stdout == ""
    assert json.loads(run("validate", "--all", "--json").stdout) == []


def test_what_is_wrong_is_told_with_file_and_line(run, cheese, dates, store):
    path = store.path_of(cheese.id)
    path.write_text(path.read_text().replace('title = "French cheese"', "title = 5"))
    [line] = run("validate", "--all", status=1).stdout.splitlines()
    assert line.startswith(f"{path}:3: `title` should be text, not a whole number. ")
    [found] = json.loads(run("validate", str(path), "--json", status=1).stdout)
    assert (found["path"], found["line"]) == (str(path), 3)
    assert set(found) == {"path", "line", "what", "advice"}


def test_what_is_to_be_checked_must_be_said_and_be_there(run, cheese, tmp_path):
    run("validate", status=2)
    run("validate", "cheese", "--all", status=2)
    run("validate", "nobody", status=2)
    assert "not there" in run("validate", str(tmp_path / "x.toml"), status=1).stderr


def test_the_schema_lies_where_it_is_said(run):
    path = run("validate", "--schema").stdout.strip()
    with open(path, encoding="utf-8") as file:
        assert json.load(file)["properties"]["message"]["type"] == "array"


def test_a_damaged_chat_is_mended_and_told(run, cheese, dates, store):
    path = store.path_of(cheese.id)
    damaged = path.read_text().replace('title = "French cheese"', "title = \x1b5")
    path.write_text(damaged)
    told = run("repair", cheese.id).stderr
    assert "line 3" in told
    assert "the file as it was is" in told
    run("validate", "--all")
    assert "is well" in run("repair", cheese.id).stderr
    assert run("repair", "--all").stderr == ""
    path.write_text(damaged)
    reports = json.loads(run("repair", "--all", "--json").stdout)
    [report] = [report for report in reports if report["id"] == cheese.id]
    with open(report["copy"], encoding="utf-8") as file:
        assert file.read() == damaged
