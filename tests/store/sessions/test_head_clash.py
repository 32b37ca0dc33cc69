from __future__ import annotations

import tomllib

from tui.store.sessions.head_clash import NOTE, kept_apart, with_notes


def test_what_one_side_changed_is_no_clash():
    wanted, notes = kept_apart({"title": "t"}, {"title": "mine"}, {"title": "t", "more": 1})
    assert (wanted, notes) == ({"title": "mine"}, [])


def test_what_both_changed_is_wanted_no_more_and_noted():
    base = {"title": "t", "parameters": {"seed": 1, "model": "m"}}
    ours = {"title": "a\nb", "parameters": {"seed": 2, "model": "n"}}
    disk = {"title": "theirs", "parameters": {"seed": 3, "model": "m"}}
    wanted, notes = kept_apart(base, ours, disk)
    assert wanted == {"title": "t", "parameters": {"seed": 1, "model": "n"}}
    assert notes == [NOTE + 'title = "a\\nb"', NOTE + "parameters.seed = 2"]


def test_what_was_removed_here_and_changed_there_is_noted():
    wanted, notes = kept_apart({"seed": 1}, {}, {"seed": 2})
    assert (wanted, notes) == ({"seed": 1}, [NOTE + "seed was removed"])


def test_what_both_added_is_noted():
    wanted, notes = kept_apart({}, {"parameters": {"seed": 1}}, {"parameters": {"seed": 2}})
    assert wanted == {"parameters": {}}
    assert notes == [NOTE + "parameters.seed = 1"]


def test_notes_stand_at_the_end_of_the_head_and_once():
    data = b'title = "t"\n\n[[message]]\nrole = "user"\n'
    once = with_notes(data, [NOTE + 'title = "x"'])
    assert once == with_notes(once, [NOTE + 'title = "x"'])
    head, _, body = once.partition(b"\n\n[[message]]")
    assert head.decode().split("\n") == ['title = "t"', NOTE + 'title = "x"']
    assert tomllib.loads(once.decode()) == tomllib.loads(data.decode())
    assert body == b'\nrole = "user"\n'
    assert with_notes(b'title = "t"', [NOTE + "x"]).endswith(b"x\n")
