"""The examples of the CommonMark and GFM specifications; see spec/README.md."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.paint.test_blocks import expected, parsed
from tests.paint.test_rendering import Cuts, streamed
from tests.paint.texts import EXAMPLES, cuts, rows, shown, whole, widths


class Example(NamedTuple):
    name: str
    markdown: str
    html: str


def examples(name: str) -> list[Example]:
    found = json.loads((Path(__file__).with_name("spec") / f"{name}.json").read_text("utf-8"))
    return [
        Example(f"{name}-{number}", example["markdown"], example["html"])
        for number, example in enumerate(found, 1)
    ]


COMMONMARK = examples("commonmark")
GFM = examples("gfm")
GFM_TESTS = examples("gfm-extensions")
ALL = [*COMMONMARK, *GFM, *GFM_TESTS]

FOOTNOTES = {"gfm-extensions-23", "gfm-extensions-24", "gfm-extensions-25"}
"""Footnotes keep their own labels and their place, and there are no arrows back."""

DIFFERENT = {
    "commonmark-12": "brackets keep their backslashes: they may be a formula's",
    "commonmark-194": "the same",
    "commonmark-592": "the same",
    "commonmark-491": "its output has a tag that is none",
    "commonmark-494": "the same",
    "commonmark-520": "an image's text is shown as it is written",
    "gfm-extensions-17": "one tilde strikes nothing: it stands for 'about' and 'to' in replies",
    "gfm-extensions-18": "the same",
    "gfm-extensions-22": "a tag's asterisks",
} | dict.fromkeys(FOOTNOTES, "footnotes")
"""Where the screen shows other words than the specification's HTML, and why."""

_BLOCKS = {"p", "li", "td", "th", "pre", "code", "br", "blockquote", "a", "img", "tr", "table"}
_DECORATION = re.compile(r"[\s▎│─━┿┼•◦▪]")


class Words(HTMLParser):
    """Collects what HTML shows: the text of paragraphs, code and cells, and of images."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or re.fullmatch("h[1-6]", tag):
            self.text += "\n"
        self.text += dict(attrs).get("alt") or "" if tag == "img" else ""

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])


def words(html: str) -> list[str]:
    parser = Words()
    parser.feed(html)
    parser.close()
    return parser.text.split()


def identify(example: Example) -> str:
    return example.name


@pytest.mark.parametrize("example", ALL, ids=identify)
@pytest.mark.parametrize("width", [17, 80])
def test_an_example_comes_out_the_same_character_by_character(example: Example, width: int) -> None:
    in_pieces = streamed(example.markdown, width, [(1, True)])
    assert rows(in_pieces) == rows(whole(example.markdown, width))


@settings(max_examples=EXAMPLES)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=4), widths, cuts)
def test_examples_do_not_depend_on_how_they_were_cut(
    some: list[Example], width: int, pieces: Cuts
) -> None:
    source = "\n".join(example.markdown for example in some)
    assert rows(streamed(source, width, pieces)) == rows(whole(source, width))


@pytest.mark.parametrize("example", [e for e in ALL if e.name not in DIFFERENT], ids=identify)
def test_all_words_of_an_example_are_on_the_screen_in_order(example: Example) -> None:
    screen = _DECORATION.sub("", "\n".join(shown(example.markdown, 200)))
    at = 0
    for word in words(example.html):
        word = _DECORATION.sub("", word)
        at = screen.find(word, at) + len(word)
        assert at >= len(word), f"{word} is not there, or not in its place"


@pytest.mark.parametrize("example", [e for e in ALL if e.name not in FOOTNOTES], ids=identify)
def test_the_blocks_of_an_example_are_those_of_markdown_it(example: Example) -> None:
    assert parsed(example.markdown) == expected(example.markdown)


def test_the_corpus_is_there() -> None:
    assert (len(COMMONMARK), len(GFM), len(GFM_TESTS)) == (652, 24, 30)
    assert {example.name for example in ALL} >= set(DIFFERENT)
