from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.core.recall import Recall, Walk


def test_a_prompt_that_is_sent_again_is_the_newest() -> None:
    recall = Recall(["a", "b", "a", "  ", "c"])
    assert recall.newest_first == ["c", "a", "b"]
    recall.add("b")
    assert recall.newest_first == ["b", "c", "a"]


def test_prompts_are_found_by_pieces_of_them_the_newest_first() -> None:
    recall = Recall(["best French cheese", "regex for dates", "worst French cheese"])
    assert recall.search("french chees") == ["worst French cheese", "best French cheese"]
    assert recall.search("") == recall.newest_first
    recall.add("cheese again")
    assert recall.search("cheese again") == ["cheese again"]
    assert recall.search("", limit=1) == ["cheese again"]
    assert recall.search('"*(') == recall.search("")


def test_the_way_back_ends_and_the_way_forth_ends_at_what_was_typed() -> None:
    walk = Walk(Recall(["one", "two"]), "half-typed")
    assert walk.newer() is None
    assert [walk.older(), walk.older(), walk.older()] == ["two", "one", None]
    assert [walk.newer(), walk.newer(), walk.newer()] == ["two", "half-typed", None]


def test_what_stands_in_the_composer_already_is_passed_over() -> None:
    walk = Walk(Recall(["one", "two"]), "two")
    assert walk.older() == "one"


@given(st.lists(st.text(max_size=8)))
def test_each_is_there_once(texts: list[str]) -> None:
    recall = Recall(texts)
    assert sorted(recall.newest_first) == sorted({text for text in texts if text.strip()})
    assert len(recall) == len(recall.newest_first)
