import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wire.prefix import PrefixMerge

LETTERS = st.text("ab \n", max_size=6)


def merge(prefix: str | None, pieces: list[str], shortest_echo: int = 1) -> list[str]:
    merger = PrefixMerge(prefix, shortest_echo)
    shown = [merger.open(), *[merger.feed(piece) for piece in pieces]]
    return [*shown, merger.settle()]


def rule(prefix: str, text: str) -> str:
    stem = prefix.rstrip() or prefix
    return text if text.startswith(stem) else prefix + text


@given(LETTERS, st.lists(LETTERS, max_size=6))
def test_whatever_comes_the_result_is_that_of_the_rule(prefix, pieces):
    assert "".join(merge(prefix, pieces)) == rule(prefix, "".join(pieces))


@given(st.text(max_size=20), st.text(max_size=20), st.lists(st.integers(0, 40), max_size=6))
def test_an_echo_an_echo_cut_short_and_none_give_the_prefix_once(prefix, rest, cuts):
    stem = prefix.rstrip()
    for text in {prefix + rest, stem + prefix[len(stem) :] + rest}:
        edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
        pieces = [text[a:b] for a, b in zip(edges, edges[1:], strict=False)]  # noqa: RUF007
        assert "".join(merge(prefix, pieces)) == prefix + rest


def test_the_prefix_is_shown_before_anything_comes():
    assert PrefixMerge("The capital is ").open() == "The capital is"


def test_text_that_may_become_the_prefix_is_held_back():
    merger = PrefixMerge("abc ")
    assert [merger.open(), merger.feed("ab"), merger.feed("c"), merger.feed(" d")] == [
        "abc",
        "",
        "",
        " d",
    ]


def test_text_that_cannot_become_the_prefix_any_more_is_shown_at_once():
    merger = PrefixMerge("abc ")
    merger.open()
    assert merger.feed("ab") == ""
    assert merger.feed("x") == " abx"


def test_a_short_prefix_that_a_server_does_not_echo_may_come_again():
    assert "".join(merge("1", ["1", "0"], shortest_echo=5)) == "110"
    assert "".join(merge("1234567", ["1234567", "0"], shortest_echo=5)) == "12345670"


def test_what_is_held_back_when_a_reply_breaks_off_is_not_shown_twice():
    merger = PrefixMerge("The capital")
    assert merger.open() == "The capital"
    assert merger.feed("The") == ""
    assert merger.abandon() == ""


@pytest.mark.parametrize("prefix", [None, ""])
def test_without_a_prefix_all_goes_through(prefix):
    assert merge(prefix, ["a", "", "b"]) == ["", "a", "", "b", ""]
