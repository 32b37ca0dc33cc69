from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.ui.keys import (
    KEYS,
    key_table,
    keys_of,
    read_keymap,
    readme_table,
    shown,
    slash_table,
    textual_keymap,
)
from tui.ui.table.command import MODAL, NO_KEY, PLACES

README = Path(__file__).parents[2] / "README.md"


def test_ids_are_unique_and_name_a_place() -> None:
    ids = [key.id for key in KEYS]
    assert len(ids) == len(set(ids))
    assert {key.where for key in KEYS} == set(PLACES)


def test_no_two_defaults_of_one_place_clash() -> None:
    taken: dict[tuple[str, str], str] = {}
    for key in KEYS:
        for name in key.keys.split(","):
            everywhere = PLACES.keys() - MODAL
            for where in everywhere if key.where == "chat" else [key.where]:
                if name == NO_KEY:
                    continue
                assert taken.setdefault((where, name), key.id) == key.id


def test_every_default_arrives_on_every_terminal() -> None:
    lost = re.compile(r"ctrl\+[bsimh]$|ctrl\+shift|ctrl\+tab|alt\+\d")
    for key in KEYS:
        first = key.keys.split(",")[0]
        assert not lost.search(first), key.id
        assert first != "alt+enter"


def test_keys_are_shown_as_people_read_them() -> None:
    assert shown("ctrl+j,alt+up,G,g,f1,escape") == "Ctrl+J Alt+↑ G g F1 Esc"


def test_a_key_can_be_moved() -> None:
    keymap, problems = read_keymap({"chat.new": "f12, ctrl+l"})
    assert keymap == {"chat.new": "f12,ctrl+l"}
    assert not problems
    assert ("F12 Ctrl+L", "New chat") in key_table(keymap, "chat")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Ctrl+L", "ctrl+l"), ("F12", "f12"), ("Alt+N", "alt+n"), ("alt+N", "alt+N")],
)
def test_a_key_may_be_written_as_it_is_shown(written: str, meant: str) -> None:
    assert read_keymap({"reply.stop": written}) == ({"reply.stop": meant}, [])


def test_every_key_that_is_used_is_known() -> None:
    for key in KEYS:
        if key.keys != NO_KEY:
            assert read_keymap({key.id: key.keys}) == ({key.id: key.keys}, [])


@pytest.mark.parametrize("nothing", ["", "none", " "])
def test_a_key_can_be_switched_off(nothing: str) -> None:
    keymap, problems = read_keymap({"chat.new": nothing, "chat.back": nothing})
    assert not problems
    assert keys_of("chat.new", keymap) == ""
    assert not any(sentence == "New chat" for _, sentence in key_table(keymap, "chat"))
    assert len(set(textual_keymap(keymap).values())) == 2


def test_a_key_that_was_switched_off_is_free_for_another() -> None:
    keymap, problems = read_keymap({"chat.new": "none", "chat.back": "ctrl+n"})
    assert not problems
    assert keys_of("chat.back", keymap) == "Ctrl+N"


def test_a_command_without_a_key_can_be_given_one() -> None:
    keymap, problems = read_keymap({"reply.stop": "f12"})
    assert not problems
    assert keys_of("reply.stop", keymap) == "F12"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"chat.nwe": "f12"}, "chat.nwe"),
        ({"chat.new": "strg n"}, "strg n"),
        ({"composer.send": "ctrl+enterr"}, "'ctrl+enterr' for 'composer.send' is no key"),
        ({"chat.new": "f99"}, "'f99' for 'chat.new' is no key"),
        ({"chat.new": "ctrl+t"}, "'chat.new' and 'chat.back'"),
        ({"chat.new": "j"}, "'transcript.next'"),
    ],
)
def test_what_cannot_be_had_is_told_and_left_at_its_default(
    wanted: dict[str, str], words: str
) -> None:
    keymap, problems = read_keymap(wanted)
    assert keymap == {}
    assert any(words in problem for problem in problems), problems


def test_the_readme_lists_the_keys_as_they_are() -> None:
    text = README.read_text("utf-8")
    listed = text.partition("<!-- keys -->\n")[2].partition("<!-- /keys -->")[0]
    assert listed == readme_table(), "renew it: python -m tests.renew_readme"


def test_the_readme_lists_the_words_with_a_slash_as_they_are() -> None:
    text = README.read_text("utf-8")
    listed = text.partition("<!-- slashes -->\n")[2].partition("<!-- /slashes -->")[0]
    assert listed == slash_table(), "renew it: python -m tests.renew_readme"
