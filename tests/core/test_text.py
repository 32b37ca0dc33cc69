from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.text import UNSAFE, clean, one_line, openable, scrub

ANY_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\x00\x07\x1b\r\n\t\x7f\x9b\x9d\u200d\u200b\u202e\u2066\ufeff\U000e0041"),
    )
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("\x1b]52;c;Zm9v\x07", "␛]52;c;Zm9v␇"),
        ("\x9b2J", "\ufffd2J"),
        ("nul\x00 del\x7f", "nul␀ del␡"),
        ("abc\u202edcb\u2069", "abc\ufffddcb\ufffd"),
        ("x\r\ny\rz\n", "x\ny\nz\n"),
        ("\ttab", "\ttab"),
        ("👨\u200d👩\ufe0f", "👨\u200d👩\ufe0f"),
        ("half \ud83d", "half \ufffd"),
        ("tag\U000e0041", "tag\ufffd"),
        ("[/foo] [@click=app.quit]x[/]", "[/foo] [@click=app.quit]x[/]"),
    ],
)
def test_what_is_unsafe_is_shown_and_not_obeyed(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_unsafe_and_can_be_written(raw: str) -> None:
    cleaned = clean(raw)
    assert not UNSAFE.search(cleaned)
    assert not {c for c in cleaned if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    cleaned.encode()


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@given(ANY_TEXT, ANY_TEXT)
def test_a_cut_makes_nothing_unsafe(head: str, tail: str) -> None:
    parted = clean(head) + clean(tail)
    whole = clean(head + tail)
    assert not UNSAFE.search(parted)
    if not (head.endswith("\r") and tail.startswith("\n")):
        assert parted == whole


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_ordinary_text_is_left_alone(raw: str) -> None:
    assert clean(raw) == scrub(raw) == raw


@pytest.mark.parametrize(
    ("raw", "limit", "line"),
    [
        ("  two\n\n words\t", 0, "two words"),
        ("word " * 9, 9, "word wor…"),
        ("word  next", 6, "word…"),
        ("nine char", 9, "nine char"),
        ("a\x1b[2J\u2028b", 0, "a␛[2J\ufffdb"),
        ("", 5, ""),
        ("  \n ", 5, ""),
    ],
)
def test_one_line_is_one_line(raw: str, limit: int, line: str) -> None:
    assert one_line(raw, limit) == line


@given(ANY_TEXT, st.integers(1, 40))
def test_one_line_keeps_to_its_limit(raw: str, limit: int) -> None:
    line = one_line(raw, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert line == line.strip()


@given(ANY_TEXT)
def test_scrubbed_text_can_be_written_and_differs_in_surrogates_only(raw: str) -> None:
    scrubbed = scrub(raw)
    scrubbed.encode()
    assert len(scrubbed) == len(raw)
    assert all(
        a == b or (b == "\ufffd" and 0xD800 <= ord(a) < 0xE000)
        for a, b in zip(raw, scrubbed, strict=True)
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=c#d",
        "http://localhost:8080",
        "HTTPS://EXAMPLE.ORG/",
        "mailto:somebody@example.org",
        "https://example.org/caf%C3%A9",
        "https://[::1]/",
    ],
)
def test_ordinary_links_open(url: str) -> None:
    assert openable(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "/etc/passwd",
        "file:///etc/passwd",
        "%66ile:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "vscode://open",
        "https://",
        "https:///nohost",
        "http:relative",
        "mailto:",
        "mailto:nobody",
        "https://example.org/\x1b]0;x\x07",
        "https://example.org/%1b",
        "https://example.org/%0a",
        "https://example.org/\u202egpj.exe",
        "https://exa mple.org",
        "https://[bad",
        "ftp://example.org",
    ],
)
def test_links_with_a_trick_stay_shut(url: str) -> None:
    assert not openable(url)


@given(ANY_TEXT)
def test_no_text_makes_the_check_of_a_link_fail(url: str) -> None:
    assert openable(url) in {True, False}
