from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT
from tui.core.search import Query, Term
from tui.core.text import scrub
from tui.store.search.index import _TEXT_TABLES
from tui.store.search.snippet import LENGTH, snippet
from tui.store.search.words import expression_of, index_form, pattern_of, patterns_of, plain_form

TEXTS = [
    "Le café est fermé",
    "cafe\u0301 noir",
    "東京に行きます",
    "한국어 문장을",
    "हिन्दी भाषा",
    "ΣΊΣΥΦΟΣ",
    "straße",
    "ＡＢＣ ﬁn",
    "ภาษาไทย",
    "foo_bar baz-qux",
    "в Москве холодно, й",
]


def finds(index: sqlite3.Connection, query: Query) -> list[str]:
    expression = expression_of(query)
    if not expression:
        return []
    rows = index.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,))
    return [TEXTS[rowid] for (rowid,) in rows]


def scans(query: Query) -> list[str]:
    wanted = patterns_of(query.terms)
    found = [t for t in TEXTS if all(p.search(plain_form(t)[0]) for p in wanted)]
    return found if wanted else []


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TEXT_TABLES)
    for number, text in enumerate(TEXTS):
        row = (number, index_form(text))
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", row)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cafe", TEXTS[:2]),
        ("CAFÉ", TEXTS[:2]),
        ("caf", []),
        ("caf*", TEXTS[:2]),
        ("cafe ferme", TEXTS[:1]),
        ('"cafe ferme"', []),
        ('"est ferme"', TEXTS[:1]),
        ("京", [TEXTS[2]]),
        ("東京", [TEXTS[2]]),
        ("東に", []),
        ("국어", [TEXTS[3]]),
        ("हिन्दी", [TEXTS[4]]),
        ("हिन्", []),
        ("हिन्*", [TEXTS[4]]),
        ("σίσυφος", [TEXTS[5]]),
        ("STRASSE", [TEXTS[6]]),
        ("abc", [TEXTS[7]]),
        ("fin", [TEXTS[7]]),
        ("ไทย", [TEXTS[8]]),
        ("bar", [TEXTS[9]]),
        ("foo-bar", [TEXTS[9]]),
        ('"bar baz"', [TEXTS[9]]),
        ("москве", [TEXTS[10]]),
    ],
)
def test_words_are_found_in_any_language(index, query, found):
    assert finds(index, Query.parse(query)) == found
    assert scans(Query.parse(query)) == found


@given(query=st.one_of(TEXT, st.text('"*()^:-+{}, ANDORNET\0\n東é', max_size=40)))
def test_no_query_is_an_error(index, query):
    finds(index, Query.parse(query))
    finds(index, Query.parse(query).as_typed())


@pytest.mark.parametrize(
    "query", ['"' * 10_000, "a " * 5_000, "(" * 10_000, "x" * 10_000, '"a" NEAR']
)
def test_no_long_or_odd_query_is_an_error(index, query):
    finds(index, Query.parse(query))


@given(
    text=st.text("aé東ß .-ﬁ", max_size=12),
    words=st.lists(st.text("aé東ßﬁ", min_size=1, max_size=3), min_size=1, max_size=2),
    is_prefix=st.booleans(),
)
def test_a_plain_scan_finds_what_the_index_finds(text, words, is_prefix):
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TEXT_TABLES)
    connection.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (index_form(text),))
    term = Term(" ".join(words), is_prefix)
    found = (
        finds(connection, Query((term,)))
        if False
        else connection.execute(
            "SELECT 1 FROM words WHERE words MATCH ?", (expression_of(Query((term,))),)
        ).fetchone()
    )
    connection.close()
    pattern = pattern_of(term)
    assert pattern is not None
    assert bool(found) == bool(pattern.search(plain_form(text)[0]))


@given(text=TEXT.map(scrub), query=st.text("aexé東 ", max_size=5))
def test_marks_lie_in_the_snippet(text, query):
    cut = snippet(text, patterns_of(Query.parse(query).terms))
    assert cut.text in text
    assert len(cut.text) <= LENGTH
    for start, end in cut.marks:
        assert 0 <= start < end <= len(cut.text)


def marked(text: str, query: str) -> list[str]:
    cut = snippet(text, patterns_of(Query.parse(query).terms))
    return [cut.text[start:end] for start, end in cut.marks]


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("A cafe\u0301, a Café", "cafe", ["cafe\u0301", "Café"]),
        ("eine Straße", "strasse", ["Straße"]),
        ("東京に行く", "京に", ["京に"]),
        ("foo bar foobar", "foo*", ["foo", "foobar"]),
        ("one two three", '"two three" one', ["one", "two three"]),
        ("Straßenbahn", "stras*", ["Straßenbahn"]),
        ("nothing", "else", []),
    ],
)
def test_what_was_found_is_marked(text, query, words):
    assert marked(text, query) == words


def test_the_snippet_is_where_most_of_the_words_stand():
    text = "cheese " + "x " * 9_000 + "blue cheese " + "y " * 9_000
    cut = snippet(text, patterns_of(Query.parse("cheese blue").terms))
    assert [cut.text[start:end] for start, end in cut.marks] == ["blue", "cheese"]
    assert (cut.is_cut_before, cut.is_cut_behind) == (True, True)
