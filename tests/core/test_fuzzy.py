from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.fuzzy import LONGEST_TEXT, Haystack, fold, nearest, positions

TITLES = ["French cheese", "Chess openings", "A cheap hotel", "Regex for dates", "Über café"]


def found(query: str, texts: list[str] = TITLES) -> list[str]:
    return [texts[index] for index in Haystack(texts).search(query)]


def test_nothing_typed_gives_all_in_their_order() -> None:
    assert found("") == TITLES
    assert found("  ") == TITLES


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cheese", ["French cheese"]),
        ("CHEESE french", ["French cheese"]),
        ("cafe", ["Über café"]),
        ("uber", ["Über café"]),
        ("rgx", ["Regex for dates"]),
        ("zzz", []),
        ("cheese zzz", []),
    ],
)
def test_words_in_any_order_whatever_their_case_and_accents(
    query: str, expected: list[str]
) -> None:
    assert found(query) == expected


def test_whole_words_come_before_beginnings_those_before_pieces_those_before_letters() -> None:
    texts = ["t-e-s-t", "the latest", "testing", "a test", "test"]
    assert found("test", texts) == ["test", "a test", "testing", "the latest", "t-e-s-t"]


def test_equally_good_ones_keep_their_order() -> None:
    texts = [f"chat {n}" for n in range(20)]
    assert found("chat", texts) == texts


def test_letters_close_together_come_before_those_far_apart() -> None:
    assert found("ab", ["a very long way to b", "axb"]) == ["axb", "a very long way to b"]


def test_the_letters_that_fit_are_told() -> None:
    assert positions("cheese", "French cheese") == tuple(range(7, 13))
    assert positions("chs fr", "French cheese") == (0, 1, 7, 8, 11)
    assert positions("x", "French cheese") == ()


def test_names_that_may_have_been_meant() -> None:
    names = ["new", "back", "temperature", "theme"]
    assert nearest("nwe", names) == ["new"]
    assert nearest("temprature", names) == ["temperature"]
    assert nearest("temp", names)[0] == "temperature"
    assert nearest("xyzzy", names) == []


text = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    "aAbB \u00e4\u0130\u00df-_.\n", max_size=30
)


@given(text)
def test_folding_keeps_the_length(source: str) -> None:
    assert len(fold(source)) == len(source)


@given(st.lists(text, max_size=8), text, text)
def test_going_on_typing_finds_what_typing_at_once_finds(
    texts: list[str], first: str, second: str
) -> None:
    typed = Haystack(texts)
    typed.search(first)
    assert typed.search(first + second) == Haystack(texts).search(first + second)
    assert typed.search(first) == Haystack(texts).search(first)


@given(text, text)
def test_what_is_found_has_letters_that_fit_and_the_other_way_round(query: str, title: str) -> None:
    spots = positions(query, title)
    fits = Haystack([title]).search(query) == [0]
    assert all(0 <= at < len(title) for at in spots)
    assert fits == bool(spots) or not any(c.isalnum() for c in query)


def test_a_text_of_any_length_and_a_query_of_any_length_are_borne() -> None:
    assert found("x" * 100_000, ["x" * 1_000_000]) == ["x" * 1_000_000]
    assert found("y", ["x" * LONGEST_TEXT + "y"]) == []
