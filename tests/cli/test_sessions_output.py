from __future__ import annotations

import io
import os
from datetime import UTC, datetime

import pytest

from tui.cli.sessions_output import cut, header_row, print_lines
from tui.core.listing import Header, Problem
from tui.core.words import Place


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True

    def reconfigure(self, **_: object) -> None:
        pass


def row(monkeypatch: pytest.MonkeyPatch, header: Header) -> str:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", Screen())
        patch.setenv("COLUMNS", "60")
        return header_row(header)


def header(**members: object) -> Header:
    whole = {"id": "a", "title": "Cheese", "created": datetime.now(UTC), "changed": 1.7e9}
    return Header(**(whole | members))  # type: ignore[arg-type]  # as they are named


def test_a_row_on_a_terminal_is_aligned_and_marked(monkeypatch):
    pinned, filed = header(pinned=True, tags=("food",)), header(place=Place.ARCHIVE)
    rows = row(monkeypatch, pinned), row(monkeypatch, filed)
    assert rows[0].endswith("★   Cheese  #food")
    assert rows[1].endswith(" a  Cheese")
    assert rows[0].index("Cheese") == rows[1].index("Cheese")


def test_a_long_title_is_cut_at_the_edge(monkeypatch):
    assert len(row(monkeypatch, header(title="x" * 500))) == 60


def test_what_is_wrong_with_a_file_stands_in_its_row(monkeypatch):
    assert "⚠ bad\x1b".replace("\x1b", "␛") in header_row(
        header(problem=Problem("a.toml", 1, "bad\x1b"))
    )


def test_a_chat_without_a_title_says_so(monkeypatch):
    assert "(no title)" in header_row(header(title=" \n"))


@pytest.mark.parametrize(
    ("line", "width", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("", 3, ""),
        ("ab", 1, "…"),
    ],
)
def test_a_line_is_cut_by_columns(line, width, kept):
    assert cut(line, width) == kept


def test_a_reader_that_has_gone_is_no_error_of_ours(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr("sys.stdout", gone)
        assert print_lines(["x" * 100_000]) == 1
