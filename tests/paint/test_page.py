from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.message import Message
from tui.core.session import Session
from tui.paint.page import page

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "article", "section", "div", "h1", "h2", "h3", "h4", "h5", "h6",
    "p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "hr", "br", "a", "img", "table", "thead",
    "tbody", "tr", "th", "td", "details", "summary",
}  # fmt: skip
ATTRIBUTES = {
    "class",
    "href",
    "rel",
    "src",
    "alt",
    "start",
    "lang",
    "charset",
    "name",
    "content",
    "http-equiv",
    "style",
    "title",
}
VOID = {"meta", "hr", "br", "img"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></pre></code></section><script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html,<script>)",
    "[x](file:///etc/passwd) <file:///etc/passwd>",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example "t\\" onclick=\\"x")',
    "![x](https://track.example/a.png)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "![<script>](javascript:x)",
    '```"><script>\nx\n```',
    "<!-- --> <![CDATA[ ]]> <?php ?>",
    "&lt;script&gt; &#x3c;script>",
    "\0\x1b[2J\u202e\ud800",
    "| a | b |\n|--|:-:|\n| <b> | [x](vbscript:x) |",
    "[x]: javascript:alert(1)\n\n[x]",
    "<https://ok.example/?a=1&b=2>",
]


class Checker(HTMLParser):
    """Complains of every tag, attribute and address that a page of ours may not have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES or (
                name == "style" and not re.fullmatch(r"text-align:\w+", value or "")
            ):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "href" and not re.match(r"(https?://|mailto:)", value or ""):
                self.wrong.append(f"href {value}")
            if name == "src" and not re.match(
                r"data:image/(png|jpeg|gif|webp);base64,", value or ""
            ):
                self.wrong.append(f"src {value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}-->")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data}>")


def wrong(text: str) -> list[str]:
    checker = Checker()
    checker.feed(text)
    checker.close()
    return checker.wrong + checker.open


def made(content: object, **members: object) -> str:
    session = Session(id="20260102-030405-abcd", title="Cheese")
    session.messages = [
        Message.model_validate({"role": "assistant", "content": content, **members})
    ]
    return page([(session, session.messages)])


def test_markdown_is_rendered():
    text = made(
        "# Hi\n\n**Brie** and [more](https://a.example/?a=1&b=2)\n\n```py\n1 < 2\n```\n\n| a |\n|---|\n| ~~b~~ |"
    )
    assert "<h1>Hi</h1>" in text
    assert (
        '<strong>Brie</strong> and <a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">more</a>'
        in text
    )
    assert '<code class="language-py">1 &lt; 2\n</code>' in text
    assert "<td><s>b</s></td>" in text
    assert wrong(text) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through(text):
    whole = made(
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": text}]},
            {"type": "text", "text": text},
            {"type": "image_url", "image_url": text},
            {"type": "image_url", "image_url": {"url": text}},
            {"type": "document_url", "document_url": text},
            {"type": text, "x": {"y": text}},
        ],
        name=text,
        tool_calls=[{"id": text, "name": text, "arguments": text}],
        completion={"model": text},
        ended=text,
    )
    assert wrong(whole) == []
    assert "\x1b" not in whole
    assert 'track.example/a.png"' not in whole.replace('href="https://track.example/a.png"', "")


@given(st.text(st.sampled_from("<>\"'&[](){}!`*_~|-:/\\\n\t #javascript:=;0x"), max_size=80))
def test_whatever_is_said_the_page_stays_whole(text):
    assert wrong(made(text)) == []


def test_titles_are_escaped():
    session = Session(
        id="20260102-030405-abcd", title="</title><script>", tags=["<b>"], provider="<i>"
    )
    session.parameters.model = "<u>"
    assert wrong(page([(session, [])])) == []


def test_images_are_shown_only_if_their_data_is_there():
    text = made([{"type": "image_url", "image_url": "data:image/png;base64,QUJD"}])
    assert '<img src="data:image/png;base64,QUJD" alt="image">' in text
    text = made([{"type": "image_url", "image_url": "https://a.example/b.png"}])
    assert "<img" not in text
    assert '<a href="https://a.example/b.png"' in text


def test_the_page_asks_for_nothing_and_runs_nothing():
    text = made("Hi")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text


def test_several_chats_stand_on_one_page():
    first, second = (Session(id=f"20260102-030405-{n}", title=f"Chat {n}") for n in "ab")
    text = page([(first, []), (second, [])])
    assert "<title>2 chats</title>" in text
    assert text.count("<article>") == 2
