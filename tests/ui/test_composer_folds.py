from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.widgets.composer_folds import HUGE, KEPT, Folds, is_long, plain_breaks

LONG = "line\n" * 340


def test_what_is_long_is_folded_beyond_20_lines_or_2_kb() -> None:
    assert not is_long("x\n" * 19)
    assert is_long("x\n" * 20)
    assert not is_long("x" * 2_000)
    assert is_long("x" * 2_001)


def test_a_token_tells_how_much_it_stands_for() -> None:
    folds = Folds()
    assert folds.fold(LONG) == "[paste 1: 340 lines]"
    assert folds.fold("x" * 5_000) == "[paste 2: 5 kB]"


def test_the_same_paste_has_the_same_token() -> None:
    folds = Folds()
    assert folds.fold(LONG) == folds.fold(LONG)


def test_the_whole_text_has_what_was_pasted_and_nothing_of_it_is_read_as_a_token() -> None:
    folds = Folds()
    tricky = "[paste 2: 5 kB]\n" * 30
    one, two = folds.fold(tricky), folds.fold("x" * 5_000)
    assert folds.whole(f"a {one} b {two} c") == f"a {tricky} b {'x' * 5_000} c"


def test_what_only_looks_like_a_token_is_text() -> None:
    folds = Folds()
    folds.fold(LONG)
    assert folds.whole("[paste 7: 1 lines]") == "[paste 7: 1 lines]"


def test_another_prompt_begins_with_one_and_folds_what_is_known() -> None:
    folds = Folds()
    folds.fold("y" * 4_000)
    folds.fold(LONG)
    assert folds.begin(f"see {LONG} there") == "see [paste 1: 340 lines] there"
    assert folds.begin("short") == "short"
    assert folds.begin(f"see {LONG} there") == "see [paste 1: 340 lines] there"


def test_what_was_unfolded_stays_so() -> None:
    folds = Folds()
    folds.fold(LONG)
    folds.forget(LONG)
    assert folds.begin(LONG) == LONG


def test_a_huge_text_is_folded_whoever_brings_it() -> None:
    text = "words " * HUGE
    folds = Folds()
    assert folds.whole(folds.begin(text)) == text
    assert len(folds.begin(text)) < 40


def test_not_everything_is_remembered_for_ever() -> None:
    folds = Folds()
    for number in range(KEPT + 1):
        folds.fold(f"{number} {LONG}")
    assert folds.begin(f"0 {LONG}") == f"0 {LONG}"
    assert folds.begin(f"1 {LONG}") == "[paste 1: 340 lines]"


def test_line_breaks_of_terminals_become_ours() -> None:
    assert plain_breaks("a\rb\r\nc\nd") == "a\nb\nc\nd"


def test_a_huge_draft_with_a_known_paste_in_it_is_sent_whole() -> None:
    folds = Folds()
    folds.fold(LONG)
    draft = LONG + "other\n" * (HUGE // 5)
    assert folds.whole(folds.begin(draft)) == draft


@pytest.mark.parametrize("whole", [f"0{LONG}{LONG}]{LONG}", f"[paste 1: 3{LONG}"])
def test_a_text_between_tokens_is_not_taken_for_a_part_of_one(whole: str) -> None:
    folds = Folds()
    for text in (f"0{LONG}", LONG, f"]{LONG}"):
        folds.fold(text)
    assert folds.whole(folds.begin(whole)) == whole


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5).map(lambda t: t + LONG))))
def test_whatever_is_pasted_where_the_whole_text_has_it(parts) -> None:
    folds = Folds()
    shown = "".join(before + folds.fold(paste) for before, paste in parts)
    whole = "".join(before + paste for before, paste in parts)
    assert folds.whole(shown) == whole
    assert folds.whole(folds.begin(whole)) == whole
