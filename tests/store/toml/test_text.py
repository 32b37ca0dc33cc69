from __future__ import annotations

import math
import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.core.text import scrub
from tui.store.sessions.tail import MARK
from tui.store.toml.text import JSON_KEY, decode, encode, lines_text, member_text, table_text

NASTY = [
    "",
    "\n",
    "\n\nfirst lines empty",
    "windows\r\nlines\r\n",
    "bare\rreturn",
    "trailing spaces  \nnext\t\n",
    "nul \0 and bell \a and escape \x1b[2J and delete \x7f",
    '"""',
    '""""""',
    'ends in quotes""',
    'a\n"quoted"\n""""',
    "back\\slash\\\nat the end\\",
    "\u2028\u2029\u0085\ufeff\u202e\u200b",
    "lone \ud800 and \udfff",
    "[[message]]\nrole = 'user'",
    "text\n[[message]]\n  [[ message ]]\n\t[[message.content]]",
    "\U0010ffff \U000e0041 🧀\u200d",
    "'''\n'''",
    "# no comment\n= no value",
]
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters()),
    st.text(st.sampled_from("\n\r\t \"\\'[]=#\0a\u2028\ud800")),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(2**65), max_value=2**65),
    st.floats(allow_nan=False),
    TEXT,
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(TEXT, st.just(JSON_KEY)), inner, max_size=4),
    ),
    max_leaves=25,
)


def scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {scrub(key): scrubbed(member) for key, member in value.items()}
    return value


def back(text: str) -> Any:
    text.encode()  # nothing that is no UTF-8
    return decode(tomllib.loads(text))


@given(TEXT)
@example("\n".join(NASTY))
def test_any_string_comes_back_equal_in_either_form(text):
    text = scrub(text)
    assert back(f"x = {lines_text(text)}\n") == {"x": text}
    assert back(member_text("x", text)) == {"x": text}


@given(st.dictionaries(TEXT, TREES, max_size=5))
def test_any_tree_comes_back_equal(tree):
    assert back(table_text(encode(tree))) == scrubbed(tree)


@given(st.dictionaries(TEXT, TREES, max_size=5))
def test_any_tree_comes_back_equal_as_a_table_among_others(tree):
    block = f"[[message]]\n{table_text(encode(tree), ('message',))}"
    assert back(f"x = 1\n\n{block}\n{block}")["message"] == [scrubbed(tree)] * 2


@given(st.dictionaries(TEXT, TREES, max_size=5))
def test_no_line_of_a_value_looks_like_the_beginning_of_a_message(tree):
    assert not MARK.search(table_text(encode(tree), ("message",)).encode())


def test_what_could_act_on_a_terminal_is_escaped():
    written = member_text("x", "a\n\x1b]0;title\x07 \x9b31m \u202e \u2028 \r\n")
    assert written == ('x = """\na\n\\u001b]0;title\\u0007 \\u009b31m \\u202e \\u2028 \\r\n"""\n')


def test_a_text_of_several_lines_is_written_as_such_and_a_short_end_is_not():
    assert member_text("x", "one\n\ttwo") == 'x = """\none\n\ttwo"""\n'
    assert member_text("x", "\n\n") == 'x = "\\n\\n"\n'


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 23, 11, 44, 55, tzinfo=UTC),
        datetime(2026, 11, 23, 11, 44, 55, 123456),  # noqa: DTZ001  # a local one, as TOML has them
        datetime(2026, 11, 23, 11, 44, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
        datetime(1850, 1, 1, tzinfo=timezone(timedelta(seconds=561))),
        date(2026, 11, 23),
        time(11, 44, 55, 5),
        1e16,
        1e-7,
        5e-324,
        math.inf,
        -math.inf,
        2**63 - 1,
        -(2**63),
    ],
    ids=repr,
)
def test_moments_and_numbers_come_back_equal(value):
    assert back(member_text("x", encode(value))) == {"x": value}


def test_a_negative_zero_keeps_its_sign():
    assert math.copysign(1, back(member_text("x", -0.0))["x"]) == -1


def test_nan_comes_back():
    assert math.isnan(back(member_text("x", encode(math.nan)))["x"])


def test_utc_is_written_with_a_z():
    moment = datetime(2026, 11, 23, 11, 44, 55, tzinfo=UTC)
    assert member_text("created", moment) == "created = 2026-11-23T11:44:55Z\n"


@pytest.mark.parametrize("value", [None, 2**63, {JSON_KEY: "null"}, {JSON_KEY: "{"}])
def test_what_toml_cannot_hold_is_marked_and_never_mistaken(value):
    encoded = encode({"x": value})
    assert set(encoded["x"]) == {JSON_KEY}
    assert decode(encoded) == {"x": value}


def test_very_deep_nesting_comes_back_equal():
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    assert back(member_text("x", encode(deep))) == {"x": deep}


def test_a_marker_whose_json_is_bad_stays_what_it_is():
    assert back('x = { "bise:json" = "nul" }') == {"x": {JSON_KEY: "nul"}}
