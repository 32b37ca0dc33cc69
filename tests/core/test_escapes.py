from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.escapes import escaped, quoted, typed_text, unescaped, visible
from tui.core.text import UNSAFE

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_what_is_escaped_means_the_same(text):
    typed = escaped(text)
    assert unescaped(typed) == text
    assert typed.isprintable()
    assert typed_text(f'"{typed.replace(chr(34), chr(92) + chr(34))}"') == text


@given(TEXT)
def test_what_is_seen_is_harmless_and_on_one_line(text):
    seen = visible(text)
    assert not UNSAFE.search(seen)
    assert not set(seen) & set("\n\t \r")
    assert len(visible(text, 20)) <= max(20, *(len(visible(c)) * 20 for c in text or "x"))


@given(st.text())
def test_any_typed_text_is_read_or_told_in_words(typed):
    try:
        unescaped(typed)
    except ValueError as error:
        assert UNSAFE.search(str(error)) is None  # noqa: PT017


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (r"\n\n", "\n\n"),
        (r"\t", "\t"),
        (r"a\\n", "a\\n"),
        (r"\x1b[0m", "\x1b[0m"),
        (r"\e", "\x1b"),
        (r"\u2028", "\u2028"),
        (r"\U0001F600", "😀"),
        (r"\"x\'", "\"x'"),
        ("a, b", "a, b"),
        ("  ", "  "),
    ],
)
def test_escapes_are_read(typed, text):
    assert unescaped(typed) == text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a\\", "single backslash"),
        (r"\q", r"\q means nothing"),
        (r"\x1", "2 hexadecimal digits"),
        (r"\u12", "4 hexadecimal digits"),
        (r"\ud800", "no character"),
        (r"\U00110000", "no character"),
        ("\\\x1b", "␛"),
    ],
)
def test_a_wrong_escape_is_told_in_words(typed, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (its words are looked at)
        unescaped(typed)
    assert words in str(caught.value)


def test_an_argument_may_stand_in_quotes():
    assert typed_text(r' "\n\n" ') == "\n\n"
    assert typed_text('" a "') == " a "
    assert typed_text(" a ") == "a"
    assert typed_text(r'"say \"hi\""') == 'say "hi"'
    for wrong in ('"a', '"a"b"', '"a\\"'):
        with pytest.raises(ValueError, match="ends with"):
            typed_text(wrong)


def test_invisible_characters_are_seen():
    assert visible("\n\n") == "⏎⏎"
    assert visible("a b\t") == "a·b⇥"
    assert visible("\x1b[31m") == "␛[31m"
    assert visible("\u2028") == r"\u2028"
    assert visible("x" * 100, 10) == "xxxxxx…xxx"


def test_a_million_characters_are_shown_short():
    assert len(quoted("\n" * 1_000_000)) < 140
    assert len(visible("\n" * 1_000_000, 30)) == 30


def test_quoted_text_is_as_one_would_type_it():
    assert quoted("\n\n") == r'"\n\n"'
    assert json.loads(quoted('a"b\\')) == 'a"b\\'
