from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.store.importing.yaml_subset import NotYaml, load


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", None),
        ("a: b", {"a": "b"}),
        (
            "---\na: 1\nb: -2.5\nc: true\nd: null\ne: ~\nf:\n",
            {"a": 1, "b": -2.5, "c": True, "d": None, "e": None, "f": None},
        ),
        ("a: 'it''s: fine # here'", {"a": "it's: fine # here"}),
        (r'a: "tab\t, \u00e9, \x1b, \"q\""', {"a": 'tab\t, é, \x1b, "q"'}),
        ("a: b # comment", {"a": "b"}),
        ("a: http://x.y/z?q=1#there", {"a": "http://x.y/z?q=1#there"}),
        ("a:\n- b\n- c", {"a": ["b", "c"]}),
        ("a:\n  - b\n  -\n    c: d", {"a": ["b", {"c": "d"}]}),
        ("a:\n- b: 1\n  c: 2\n- b: 3", {"a": [{"b": 1, "c": 2}, {"b": 3}]}),
        ("a:\n- - 1\n  - 2\n- []", {"a": [[1, 2], []]}),
        ("a: |-\n  one\n   two\n\n  three\nb: c", {"a": "one\n two\n\nthree", "b": "c"}),
        ("a: |\n  one\n\nb: c", {"a": "one\n", "b": "c"}),
        ("a: |+\n  one\n\nb: c", {"a": "one\n\n", "b": "c"}),
        ("a: |2-\n    two more\n  end", {"a": "  two more\nend"}),
        ("a: >-\n  one\n  two\n\n  three", {"a": "one two\nthree"}),
        (
            "a: |-\n  - no list\n  b: no table\n  # no comment",
            {"a": "- no list\nb: no table\n# no comment"},
        ),
        ("a: 'one\n  two\n\n  three'", {"a": "one two\nthree"}),
        ("a: {}\nb: []", {"a": {}, "b": []}),
        ("\"a b\": 1\n'c': 2", {"a b": 1, "c": 2}),
        ("- a\n- b", ["a", "b"]),
        ("a: one\n  two", {"a": "one two"}),
        ("\ufeffa: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    ],
)
def test_what_serde_writes_is_read(source, value):
    assert load(source) == value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a: &x 1\nb: *x", "line 1: '&' begins"),
        ("a: !!python/object 1", "line 1: '!' begins"),
        ("a: [1, 2]", "line 1: lists and tables on one line"),
        ("a: 1\n---\nb: 2", "line 2: several documents"),
        ("a: 1\na: 2", "line 2: 'a' stands twice"),
        ("a:\n\t- 1", "line 2: it is indented by a tab"),
        ("a: 'never", "line 1: a quoted text does not end"),
        ("a: 'b' c", "line 1: something stands behind"),
        (r'a: "\q"', "line 1: an escape is not known"),
        ("a: 1\n  b: 2", "line 2: this belongs to nothing"),
        ("\n".join("  " * n + "a:" for n in range(100)) + " 1", "nested too deeply"),
        ("a: |x\n  b", "line 1: this is no head"),
    ],
)
def test_what_else_there_is_in_yaml_is_refused_by_line(source, words):
    with pytest.raises(NotYaml, match=words):
        load(source)


@given(st.text(st.sampled_from("ab:-' \"|>\n\t#[]{}&*!\\xu0é"), max_size=60))
def test_nothing_else_than_a_refusal_is_raised(source):
    with contextlib.suppress(NotYaml):
        load(source)


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r")))
def test_any_quoted_text_on_one_line_comes_back(text):
    escaped = "".join(f"\\U{ord(c):08x}" if not c.isalnum() or not c.isascii() else c for c in text)
    assert load(f'a: "{escaped}"') == {"a": text}


@pytest.mark.parametrize(
    "source",
    [
        "a" + " " * 1_000_000 + "b",
        "a: |\n " + "\n" * 1_000_000 + "b",
        "a: '" + "''\n" * 1_000_000,
        'a: "' + "b\n" * 1_000_000,
        "- " * 500_000,
        "a: " + "b: " * 500_000,
        "\n" * 1_000_000 + "a",
    ],
    ids=["spaces", "empty lines", "quotes", "lines", "items", "keys", "nothing"],
)
def test_what_is_made_to_take_long_does_not(source):
    with contextlib.suppress(NotYaml):
        load(source)
