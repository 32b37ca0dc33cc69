from __future__ import annotations

import os

import pytest

from tui.core.failure import Failure
from tui.store.config.prompts import MOST_BYTES, PromptFolder


@pytest.fixture
def library(places):
    return PromptFolder(places)


def test_an_empty_library_is_none(library):
    assert library.listing() == []


def test_a_prompt_is_saved_listed_and_read(library):
    path = library.save("Code review", "You review code.\n\nBe brief.\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert library.text("Code review") == "You review code.\n\nBe brief.\n"
    (only,) = library.listing()
    assert (only.name, only.beginning, only.characters) == (
        "Code review",
        "You review code.\n\nBe brief.",
        28,
    )


@pytest.mark.parametrize("name", ["../settings", "", ".hidden", "a/b", "x\n", "x" * 99, "\x1b[1m"])
def test_what_is_no_name_reaches_no_file(library, name):
    with pytest.raises(Failure, match="can't be the name of a prompt"):
        library.text(name)


def test_a_missing_prompt_is_told(library):
    with pytest.raises(Failure, match=r"gone\.md: it can't be read"):
        library.text("gone")


def test_a_file_that_is_no_prompt_hides_no_other(library):
    library.save("good", "x")
    (library.folder / "bad.md").write_bytes(b"\xff\xfe")
    (library.folder / "folder.md").mkdir()
    (library.folder / "other.txt").write_text("x")
    assert [prompt.name for prompt in library.listing()] == ["good"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "no UTF-8 text"),
        (b"a\x00b", "it is no text"),
        (b"x" * (MOST_BYTES + 1), "1,000,001 bytes; 1,000,000 are the most"),
    ],
)
def test_a_file_that_does_not_belong_into_a_prompt_is_refused(library, tmp_path, content, words):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Failure, match=words):
        library.file(str(path))


def test_a_file_may_be_named_from_home_and_from_here(library, monkeypatch, tmp_path):
    (tmp_path / "notes.md").write_text("\ufeffhello\r\n", "utf-8", newline="")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert library.file("~/notes.md") == "hello\n"
    monkeypatch.chdir(tmp_path)
    assert library.file("notes.md") == "hello\n"


def test_folders_pipes_and_nonsense_are_refused_at_once(library, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (str(tmp_path), "folder"),
        (str(tmp_path / "pipe"), "no plain file"),
        ("/dev/zero", "no plain file"),
        ("a\0b", "no path"),
        ("~nobody-at-all/x", "can't be read|no path"),
    ):
        with pytest.raises(Failure, match=words):
            library.file(path)


def test_keys_go_into_no_prompt(library, places, tmp_path):
    places.config.mkdir(parents=True)
    places.keys_file.write_text("mistral = 'secret'")
    link = tmp_path / "innocent"
    link.symlink_to(places.keys_file)
    for path in (places.keys_file, link):
        with pytest.raises(Failure, match="holds keys"):
            library.file(str(path))
