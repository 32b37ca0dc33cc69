from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.mentions import Mention, fenced, mention_at, mention_text, mentions_in


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("look at @notes.md please", ["notes.md"]),
        ("@a.py and (@b/c.py), then @d.", ["a.py", "b/c.py", "d"]),
        ('@"with spaces.txt" and @~/x', ["with spaces.txt", "~/x"]),
        ("mail me: someone@example.org", []),
        ("a lone @ and @@twice and @.", []),
        ("@../up @./here", ["../up", "./here"]),
        ('an open @"quote', []),
        ("in\n@lines\n", ["lines"]),
        ("`@code`", []),
    ],
)
def test_mentions_are_found(text: str, paths: list[str]) -> None:
    found = mentions_in(text)
    assert [mention.path for mention in found] == paths
    for mention in found:
        assert mention.path in text[mention.start : mention.end]
        assert text[mention.start] == "@"


def test_what_is_surely_a_path_is_known() -> None:
    anna, file, quoted = mentions_in('@anna @a.txt @"b c"')
    assert [anna.is_path, file.is_path, quoted.is_path] == [False, True, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see @src/ma", Mention("src/ma", 4, 11)),
        ("@", Mention("", 0, 1)),
        ('@"my fi', Mention("my fi", 0, 7, is_quoted=True)),
        ("see @done now", None),
        ("a@b", None),
        ("", None),
    ],
)
def test_the_mention_that_is_being_typed_is_found(text: str, found: Mention | None) -> None:
    assert mention_at(text, len(text)) == found
    assert mention_at(text + " more", len(text)) == found


@given(st.text(st.characters(exclude_characters='"\n\r', exclude_categories=["Cs"]), min_size=1))
def test_a_path_that_is_written_as_a_mention_is_read_back(path: str) -> None:
    written = mention_text(path)
    assert [mention.path for mention in mentions_in(f"see {written}\nnext")] == [path]


@given(st.text())
def test_nothing_raises_and_places_are_in_order(text: str) -> None:
    ends = 0
    for mention in mentions_in(text):
        assert ends <= mention.start < mention.end <= len(text)
        ends = mention.end
    mention_at(text, len(text))


def test_text_with_fences_in_it_is_fenced_longer() -> None:
    assert fenced("a.py", "x = 1") == "a.py:\n\n```py\nx = 1\n```"
    assert fenced("README", "```\ncode\n```\n") == "README:\n\n````\n```\ncode\n```\n````"
