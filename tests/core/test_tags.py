from __future__ import annotations

import pytest

from tui.core.tags import tagged, tidy_tag


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("food", "food"),
        (" #food ", "food"),
        ("two words", "two-words"),
        ("#", ""),
        ("\ud800", "\ufffd"),
    ],
)
def test_a_tag_is_one_word(typed, kept):
    assert tidy_tag(typed) == kept


def test_tags_stand_once_in_the_order_in_which_they_came():
    assert tagged(["b"], ["a", "B", "", "a"]) == ["b", "a"]


def test_removing_takes_no_notice_of_capitals():
    assert tagged(["Food", "wine"], remove=["#food"]) == ["wine"]
