from __future__ import annotations

import pytest
from rich.style import Style

from tui.core.text import UNSAFE
from tui.paint.inline import Inline, References, is_settled
from tui.paint.palette import Palette

PALETTE = Palette.of({}, dark=True)


def spans(text: str, references: References | None = None) -> list[tuple[str, Style]]:
    known = References() if references is None else references
    return Inline(PALETTE, known, breaks=False).spans(text, Style.null())


def text_of(text: str) -> str:
    return "".join(part for part, _ in spans(text))


def test_styles_nest() -> None:
    found = dict(spans("a **b *c* ~~d~~**"))
    assert found["b "].bold
    assert not found["b "].italic
    assert found["c"].bold
    assert found["c"].italic
    assert found["d"].strike


def test_code_keeps_its_characters() -> None:
    assert spans("`*a*`") == [("*a*", PALETTE.code)]


def test_a_link_shows_where_it_leads() -> None:
    assert text_of("[docs](https://x.test/a)") == "docs (https://x.test/a)"
    links = [style.meta.get("link") for _, style in spans("[docs](https://x.test/a)")]
    assert links == ["https://x.test/a"] * 2


def test_a_link_that_is_its_own_text_is_shown_once() -> None:
    assert text_of("<https://x.test> <me@x.test>") == "https://x.test me@x.test"


def test_no_style_makes_the_terminal_open_links() -> None:
    assert all(
        style.link is None for _, style in spans("[a](http://x) <http://y> http://z ![i](u)")
    )


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://x.test/a_b_c.", "https://x.test/a_b_c"),
        ("(http://x.test/a_(b))", "http://x.test/a_(b)"),
        ("http://x.test/?q=1&r=2, or", "http://x.test/?q=1&r=2"),
        ("**http://x.test**", "http://x.test"),
        ("在http://x.test。后", "http://x.test"),
    ],
)
def test_bare_addresses_become_links(text: str, url: str) -> None:
    assert [style.meta["link"] for _, style in spans(text) if style.meta] == [url]


def test_addresses_in_code_do_not() -> None:
    assert not any(style.meta for _, style in spans("`http://x.test`"))


def test_images_are_named() -> None:
    assert text_of("![a cat](cat.png)") == "🖼 a cat (cat.png)"


def test_html_and_markup_are_text() -> None:
    source = "Vec<u8> <b>x</b> [/foo] [bold]y[/]"
    assert text_of(source) == source


@pytest.mark.parametrize(
    "source",
    [
        r"\(a_1 * b_1 * c\)",
        r"\[x \\ y\]",
        "$a*b*c$",
        "$$x_1$$",
        r"\(unclosed",
        r"\[1, 2",
        "$5 and $6",
        "$ 5 $",
        "cost: $5",
        r"\)",
    ],
)
def test_maths_stays_as_written(source: str) -> None:
    assert text_of(source) == source


def test_entities_can_not_smuggle_control_characters() -> None:
    assert not UNSAFE.search(text_of("&#27;[31m &#x202e; &#155; [a](http://x/&#27;) `x`"))


def test_line_breaks() -> None:
    assert text_of("a\nb") == "a b"
    assert text_of("a  \nb") == "a\nb"
    assert text_of("a\\\nb") == "a\nb"


def test_references_are_found_and_missing_ones_remembered() -> None:
    references = References()
    assert "".join(part for part, _ in spans("[a] [b][c]", references)) == "[a] [b][c]"
    assert {"A", "C"} <= references.missed
    assert references.learn("[a]: /u\n[c]: /v 'title'\ntext") == (["A", "C"], 2)
    found = "".join(part for part, _ in spans("[a] [b][c]", references))
    assert found == "a (/u) b (/v)"


def test_the_first_definition_counts() -> None:
    references = References()
    assert references.learn("[a]: /first") == (["A"], 1)
    assert references.learn("[A]: /second") == ([], 1)
    assert references["A"]["href"] == "/first"


@pytest.mark.parametrize("text", ["plain", "*a* **b** `c` [d](e)", "5 > 4 - 3"])
def test_text_with_nothing_open_is_settled(text: str) -> None:
    assert is_settled(text)


@pytest.mark.parametrize("text", ["a *b", "`c", "[d", "**e** _f", "$g", "\\(h", "~~i", "[j](k"])
def test_text_with_something_open_is_not(text: str) -> None:
    assert not is_settled(text)
