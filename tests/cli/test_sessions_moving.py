from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tui.cli import bise
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions

IMAGE = {"type": "image_url", "image_url": "data:image/png;base64," + "QUJD" * 800}


@pytest.fixture
def store():
    return TomlSessions(Places.from_environment())


@pytest.fixture
def run():
    def run(*arguments: object, status: int = 0):
        words = ["sessions", *map(str, arguments)]
        result = CliRunner().invoke(bise, words, prog_name="bise")
        assert result.exit_code == status, result.output
        return result

    return run


@pytest.fixture
def cheese(store):
    session = Session(id="20261123-000001-aaaa", title="French cheese")
    session.add(
        Message.model_validate(
            {"role": "user", "content": [IMAGE, {"type": "text", "text": "Which?"}]}
        )
    )
    asked = session.messages[0].id
    session.messages.append(Message(role=Role.ASSISTANT, content="Brie.", parent=asked))
    session.messages.append(Message(role=Role.ASSISTANT, content="Comté.", parent=asked))
    store.create(session)
    return session


@pytest.fixture
def dates(store):
    session = Session(id="20261123-000002-bbbb", title="Dates")
    session.add(Message(role=Role.USER, content="When?"))
    store.create(session)
    return session


def test_a_chat_is_written_as_markdown(run, cheese):
    text = run("export", "french").stdout
    assert text.startswith("# French cheese\n")
    assert "Comté." in text
    assert "Brie." not in text
    assert "Brie." in run("export", "french", "--branches").stdout


def test_the_ending_of_the_file_decides(run, cheese, tmp_path):
    for ending, start in [
        ("html", "<!doctype html>"),
        ("json", '{\n "bise": 1'),
        ("toml", "schema = 1"),
        ("md", "# French"),
    ]:
        target = tmp_path / f"it.{ending}"
        run("export", "french", "-o", target)
        assert target.read_text("utf-8").startswith(start)


@pytest.mark.parametrize("name", ["it.pdf", "it.md.txt"])
def test_an_ending_that_means_no_form_is_refused_unless_the_form_is_named(
    run, cheese, tmp_path, name
):
    target = tmp_path / name
    told = run("export", "french", "-o", target, status=2).stderr
    assert told == (
        f"bise: No form of a chat ends with {target.suffix}. Let the name end with .md, .json, .toml"
        " or .html, or name the form: --as md.\n"
    )
    assert not target.exists()
    run("export", "french", "--as", "md", "-o", target)
    assert target.read_text("utf-8").startswith("# French")


def test_a_folder_s_name_may_end_as_it_likes(run, cheese, tmp_path):
    (tmp_path / "out.d").mkdir()
    run("export", "french", "-o", tmp_path / "out.d")
    assert (tmp_path / "out.d" / f"{cheese.id}.md").exists()


def test_nothing_is_written_over_unless_forced(run, cheese, tmp_path):
    target = tmp_path / "it.md"
    target.write_text("mine")
    assert "is there already" in run("export", "french", "-o", target, status=2).stderr
    assert target.read_text() == "mine"
    run("export", "french", "-o", target, "--force")
    assert target.read_text().startswith("# French")


def test_all_chats_go_into_a_folder(run, cheese, dates, tmp_path):
    run("export", "--all", "--as", "toml", "-o", tmp_path / "out")
    names = sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")
    )
    assert [name for name in names if not name.startswith("files")] == [
        f"{cheese.id}.toml",
        f"{dates.id}.toml",
    ]
    assert len(names) == 3
    assert run("export", "--all", "--as", "toml", status=2).stderr.startswith(
        "bise: Several chats can't be in one TOML file"
    )


@pytest.mark.parametrize("form", ["json", "toml"])
def test_a_copy_elsewhere_is_equal(run, cheese, dates, store, tmp_path, monkeypatch, form):
    target = tmp_path / "out" if form == "toml" else tmp_path / "out.json"
    run("export", "--all", "--as", form, "-o", target)
    before = {one.id: (store.load(one.id)) for one in (cheese, dates)}
    assert run("import", target).stderr == "bise: 0 chats taken over, 2 there already\n"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    assert run("import", target).stderr == "bise: 2 chats taken over\n"
    assert run("import", target).stderr == "bise: 0 chats taken over, 2 there already\n"
    other = TomlSessions(Places.from_environment())
    for session_id, session in before.items():
        copy = other.load(session_id)
        assert copy.messages == session.messages
        assert copy.title == session.title
        assert copy.problems == []
    assert len(list((Places.from_environment().files).iterdir())) == 1


def test_what_became_of_each_is_told(run, tmp_path, store):
    path = tmp_path / "talk.jsonl"
    lines = [{"messages": [{"role": "user", "content": text}]} for text in ("One", "Two")]
    path.write_text(
        "\n".join(map(json.dumps, [*lines, {"messages": [{"role": "moon", "content": "x"}]}]))
    )
    dry = run("import", path, "--dry-run", status=1)
    assert dry.stderr.endswith("bise: 2 chats found, nothing was saved\n")
    assert store.listing().headers == []
    done = run("import", path, "--json", status=1)
    told = json.loads(done.stdout)
    assert [(one["outcome"], one.get("messages")) for one in told] == [
        ("new", 1),
        ("new", 1),
        ("failed", None),
    ]
    assert done.stderr == "bise: 2 chats taken over, 1 could not be\n"
    assert {header.title for header in store.listing().headers} == {"One", "Two"}
    assert (
        "conversation 3: a message is by 'moon', which is no role"
        in run("import", path, status=1).stderr
    )


def test_a_file_that_can_t_be_read_does_not_keep_the_others_back(run, tmp_path):
    path = tmp_path / "talk.json"
    path.write_text(json.dumps([{"role": "user", "content": "Hi"}]))
    done = run("import", tmp_path / "gone", path, status=1)
    assert "Could not read" in done.stderr
    assert done.stdout.split("\t")[1:] == ["new", "1", "Hi\n"]


def test_titles_of_others_can_not_act_on_the_terminal(run, tmp_path):
    path = tmp_path / "talk.json"
    path.write_text(json.dumps([{"role": "user", "content": "a\x1b]0;x\x07\nb"}]))
    assert "\x1b" not in run("import", path).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export"], "give chats, or --all"),
        (["export", "x", "--all"], "give chats, or --all"),
        (["export", "nobody"], "No chat is named 'nobody'"),
        (["export", "--all"], "There are no chats"),
        (["export", "x", "--branches", "--shown"], "not both"),
        (["export", "x", "--files", "beside"], "with --output only"),
        (["import"], "Missing argument"),
        (["import", "x", "--from", "moon"], "'moon' is not one of"),
    ],
)
def test_wrong_use_is_told(run, arguments, words):
    assert words in run(*arguments, status=2).stderr


def test_what_is_missing_is_told(run, cheese, store):
    for path in Places.from_environment().files.iterdir():
        Path(path).unlink()
    done = run("export", "french", "--as", "json")
    assert "is missing" in done.stderr
    assert json.loads(done.stdout)["messages"][0]["content"][0]["text"] == "[missing: image]"


def test_the_file_of_a_chat_is_written_as_it_is(run, cheese, store, tmp_path):
    path = store.path_of(cheese.id)
    data = b"# my own words\n" + path.read_bytes() + b"# and more \xff\n"
    path.write_bytes(data)
    run("export", "french", "-o", tmp_path / "it.toml")
    assert (tmp_path / "it.toml").read_bytes() == data


def test_what_was_thrown_away_comes_back_as_a_chat(run, cheese, store, tmp_path, monkeypatch):
    run("delete", "french")
    run("export", "french", "-o", tmp_path / "it.json")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    run("import", tmp_path / "it.json")
    assert b"deleted" not in TomlSessions(Places.from_environment()).path_of(cheese.id).read_bytes()
    assert cheese.id in run("list").stdout


def test_one_chat_that_can_t_be_written_does_not_keep_the_others_back(run, cheese, dates, tmp_path):
    (tmp_path / f"{cheese.id}.md").write_text("mine")
    done = run("export", "--all", "-o", tmp_path, status=2)
    assert "is there already" in done.stderr
    assert (tmp_path / f"{cheese.id}.md").read_text() == "mine"
    assert "When?" in (tmp_path / f"{dates.id}.md").read_text()
