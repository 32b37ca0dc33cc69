from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.search import LONGEST, MOST_TERMS, Query, Term
from tui.core.words import Place


def local(*moment: int) -> float:
    year, month, day = (*moment, 1, 1)[:3]
    return datetime(year, month, day).astimezone().timestamp()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("blue cheese", [Term("blue"), Term("cheese")]),
        ('"blue cheese" soft', [Term("blue cheese"), Term("soft")]),
        ('"blue che', [Term("blue che")]),
        ('a"b c"d', [Term("a"), Term("b c"), Term("d")]),
        ("chee*", [Term("chee", is_prefix=True)]),
        ('"blue chee"*', [Term("blue chee", is_prefix=True)]),
        ("-brie", [Term("brie", is_excluded=True)]),
        ('-"blue cheese"', [Term("blue cheese", is_excluded=True)]),
        ("well-known", [Term("well-known")]),
        ("role:nobody x", [Term("role:nobody"), Term("x")]),
        ("before:yesterday", [Term("before:yesterday")]),
        ("in:nowhere", [Term("in:nowhere")]),
        ("https://example.org", [Term("https://example.org")]),
        ("std::vector", [Term("std::vector")]),
        ("-role:user", [Term("role:user", is_excluded=True)]),
        ("tag:", [Term("tag:")]),
        ('" * - "" ** -- (', []),
        ("a\0b", [Term("a"), Term("b")]),
        ("東京 *", [Term("東京")]),
    ],
)
def test_words_are_read(text, terms):
    assert Query.parse(text) == Query(terms=tuple(terms))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("role:User", Query(role="user")),
        ("model:medium", Query(model="medium")),
        ("provider:mistral", Query(provider="mistral")),
        ('tag:"two words"', Query(tag="two words")),
        ("session:2026", Query(session="2026")),
        ("in:trash", Query(places=(Place.TRASH,))),
        ("in:all", Query(places=(Place.OPEN, Place.ARCHIVE, Place.TRASH))),
        ("after:2026", Query(after=local(2026))),
        ("before:2026-02", Query(before=local(2026, 2))),
        ("after:2026-02-03 before:2026-03", Query(after=local(2026, 2, 3), before=local(2026, 3))),
        ("role:user role:tool", Query(role="tool")),
        ("x role:user", Query(terms=(Term("x"),), role="user")),
    ],
)
def test_filters_are_read(text, query):
    assert Query.parse(text) == query


def test_the_last_word_that_is_being_typed_may_go_on():
    assert Query.parse("blue che").as_typed().terms == (Term("blue"), Term("che", is_prefix=True))
    for text in ("-che", "blue c", ""):
        assert Query.parse(text).as_typed() == Query.parse(text)


@pytest.mark.parametrize(
    ("text", "is_empty"), [("", True), ('"', True), ("in:all", True), ("x", False)]
)
def test_an_empty_query_says_so(text, is_empty):
    assert Query.parse(text).is_empty is is_empty


def test_of_a_very_long_query_the_beginning_counts():
    assert len(Query.parse("a " * LONGEST).terms) == MOST_TERMS
    assert len(Query.parse("a" * 5 * LONGEST).terms[0].words) == LONGEST


@given(st.text('ab"*-: ()roletagin\n\0\ud800', max_size=60))
def test_any_text_is_a_query(text):
    for term in Query.parse(text).terms:
        assert any(map(str.isalnum, term.words))
