from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core import stops
from tui.core.parameters import Parameters
from tui.core.session import Session
from tui.core.stops import LONGEST, SETS, Stop, members_of, rows_of, too_many, unsent, why_stopped
from tui.core.words import Kind
from tui.store.sessions.text import head_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
ROWS = st.lists(st.builds(Stop, TEXTS, st.booleans()), max_size=6).map(tuple)


@given(ROWS)
def test_rows_come_back_from_the_parameters_in_their_order(rows):
    members = members_of(rows)
    assert rows_of(members["stop"], members["stop_off"]) == rows


@given(ROWS)
def test_rows_come_back_from_a_session_file(rows):
    session = Session(parameters=Parameters.model_validate(members_of(rows)))
    read = Session.model_validate(tomllib.loads(head_text(session)))
    assert rows_of(read.parameters.stop, read.parameters.stop_off) == rows


def test_a_file_stays_easy_to_read():
    rows = (Stop("\n\n"), Stop("Paris", on=False), Stop("END"))
    session = Session(parameters=Parameters.model_validate(members_of(rows)))
    assert 'stop = ["\\n\\n", "END"]\nstop_off = { 2 = "Paris" }\n' in head_text(session)


@pytest.mark.parametrize(
    ("off", "texts"),
    [
        (["x", "y"], ["a", "b", "x", "y"]),
        ({"9": "x"}, ["a", "b", "x"]),
        ({"0": "x"}, ["x", "a", "b"]),
        ({"first": "x", "1": "y"}, ["y", "a", "b", "x"]),
        (None, ["a", "b"]),
        ({}, ["a", "b"]),
    ],
)
def test_rows_written_by_hand_find_a_place(off, texts):
    assert [row.text for row in rows_of(["a", "b"], off)] == texts


def test_rows_are_added_changed_moved_switched_and_removed():
    rows = stops.added((), "\n\n")
    rows = stops.added(rows, "Paris")
    rows = stops.added(rows, "END", at=1)
    assert [row.text for row in rows] == ["\n\n", "END", "Paris"]
    rows = stops.toggled(rows, 2)
    assert members_of(rows) == {"stop": ["\n\n", "END"], "stop_off": {"3": "Paris"}}
    rows = stops.moved(rows, 2, 0)
    assert rows[0] == Stop("Paris", on=False)
    assert stops.moved(rows, 0, 99)[-1] == rows[0]
    rows = stops.changed(rows, 0, "Rome")
    assert rows[0] == Stop("Rome", on=False)
    assert stops.changed(rows, 0, "Rome") == rows
    rows = stops.removed(rows, 0)
    assert members_of(rows) == {"stop": ["\n\n", "END"], "stop_off": None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty stop sequence would stop every reply at once"),
        ("b", '"b" is there already, as number 2, switched off'),
        ("a", '"a" is there already, as number 1'),
        ("x" * 1_000_000, "this has 1,000,000 characters; a stop sequence has 1,000 at most"),
    ],
)
def test_empty_double_and_endless_ones_are_refused_with_a_reason(text, words):
    rows = (Stop("a"), Stop("b", on=False), Stop("c"))
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the words are compared whole)
        stops.added(rows, text)
    assert str(caught.value) == words
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        stops.changed(rows, 2, text)
    assert str(caught.value) == words


def test_a_comma_is_only_a_comma_and_spaces_count():
    rows = stops.added(stops.added((), "a, b"), " ")
    assert [row.text for row in rows] == ["a, b", " "]
    assert stops.added((), "x" * LONGEST)[0].on


def test_a_set_is_switched_on_and_nothing_is_lost():
    rows = (Stop("\n\n", on=False), Stop("Paris"))
    assert stops.from_set(rows, ["\n\n", "END"]) == (
        Stop("\n\n"),
        Stop("Paris", on=False),
        Stop("END"),
    )
    for texts in SETS.values():
        assert members_of(stops.from_set((), texts))["stop"] == list(texts)


def test_the_limit_of_a_kind_of_server_is_told():
    rows = tuple(Stop(str(n)) for n in range(5))
    assert too_many(rows, Kind.OPENAI) == "OpenAI takes 4 stop sequences: the last one is not sent"
    assert unsent((Stop("x", on=False), *rows), Kind.OPENAI) == {5}
    assert too_many(stops.toggled(rows, 0), Kind.OPENAI) == ""
    assert too_many(rows, Kind.MISTRAL) == ""
    assert too_many(rows, None) == ""


def test_the_foot_of_a_reply_tells_what_is_known():
    assert why_stopped("stop", "\n\n", ["\n\n"]) == r'stop sequence "\n\n"'
    assert why_stopped("stop", "\n\n", ["\n\n"], cut=True) == r'stop sequence "\n\n", cut here'
    assert why_stopped("stop", None, ["\n\n"]) == "a stop sequence or the natural end"
    assert why_stopped("stop", None, None) == ""
    assert why_stopped("length", None, ["x"]) == ""


def test_a_server_that_does_not_heed_stop_sequences_is_told():
    for ended in ("stop", "length"):
        told = why_stopped(ended, None, ["b", "\n"], text="a\nb")
        assert told.startswith(r'the server did not stop at "\n"')
    assert why_stopped("stop", None, ["b"], text="a b") == "a stop sequence or the natural end"
    assert why_stopped("stopped", None, ["b"], text="a b c") == ""
