from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.terminal.pasting import END, START, Pasted, Pastes


def split(*pieces: str) -> list[str | Pasted]:
    pastes = Pastes()
    return [found for piece in pieces for found in pastes.split(piece)]


def test_keys_pass() -> None:
    assert split("abc\x1b[A", "\x1b") == ["abc\x1b[A", "\x1b"]


def test_a_paste_is_one_whatever_escapes_are_in_it() -> None:
    assert split(f"a{START}x\x1b\ry{END}b") == ["a", Pasted("x\x1b\ry"), "b"]


def test_an_empty_paste_is_one_too() -> None:
    assert split(f"{START}{END}") == [Pasted("")]


def test_nul_is_left_out() -> None:
    assert split(f"{START}a\0b{END}") == [Pasted("ab")]


def test_what_only_began_like_a_paste_is_given_back() -> None:
    pastes = Pastes()
    assert list(pastes.split("\x1b[20")) == []
    assert pastes.is_waiting
    assert pastes.release() == "\x1b[20"
    assert pastes.release() == ""
    assert list(pastes.split("~")) == ["~"]


def test_a_paste_that_has_not_ended_is_not_given_back() -> None:
    pastes = Pastes()
    assert list(pastes.split(f"{START}abc\x1b[2")) == []
    assert not pastes.is_waiting
    assert pastes.release() == ""
    assert list(pastes.split("01~")) == [Pasted("abc")]


TEXT = st.text("ab\x1b[201~\r", max_size=12).filter(
    lambda text: START not in text and END not in text
)


@given(st.lists(st.tuples(st.sampled_from(["k", "\x1b[A", "x\x1b"]), TEXT), max_size=4), st.data())
def test_the_pieces_in_which_it_comes_make_no_difference(parts, data) -> None:
    whole = "".join(f"{keys}{START}{text}{END}" for keys, text in parts)
    pieces = []
    rest = whole
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        size += rest[size - 1 :].startswith(START)  # a lone Escape is never held back
        pieces.append(rest[:size])
        rest = rest[size:]
    one, many = split(whole), split(*pieces)
    assert [p for p in one if isinstance(p, Pasted)] == [p for p in many if isinstance(p, Pasted)]
    assert "".join(p for p in one if isinstance(p, str)) == "".join(
        p for p in many if isinstance(p, str)
    )
