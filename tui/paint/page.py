"""Sessions as one HTML page that needs nothing else: no scripts, nothing that is fetched, its own style.

All text is hostile. Markdown is rendered with HTML switched off, links lead to http, https and mailto
only, and images are shown only if their data is in the page; a content policy forbids the rest.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from tui.core.headings import heading_words, session_words
from tui.core.message import ImageChunk, ThinkingChunk, text_of
from tui.core.passages import ENDED_EARLY, passages
from tui.core.text import clean, one_line, openable
from tui.core.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

    from tui.core.message import Chunk, Message
    from tui.core.session import Session

_SHOWABLE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")
_LINK = 'rel="noopener noreferrer nofollow"'

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --faint: #59636e; --rule: #d1d9e0; --code: #f3f4f6;
        --user: #eef4fb; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #15181c; --faint: #9aa4af; --rule: #343a41; --code: #1f242a; --user: #1a2530; --link: #8ab8ff; }
}
@media print { :root { --user: #ffffff; --code: #ffffff; } details > * { display: block; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 50rem; background: var(--paper); color: var(--ink);
       font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 2rem 0 .25rem; }
.facts, .head { color: var(--faint); font-size: .85rem; margin: 0 0 .5rem; }
.message { border-top: 1px solid var(--rule); padding: .75rem 0; }
.message.user { background: var(--user); padding: .75rem 1rem; border-radius: .5rem; border: 0; margin: .75rem 0; }
.message.tool, .message.system, .message.excluded { color: var(--faint); }
.message.user p, .message.system p, .message.tool p { white-space: pre-line; }
.body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
pre, code { font: .875em/1.45 ui-monospace, monospace; background: var(--code); border-radius: .3rem; }
pre { padding: .75rem; overflow-x: auto; overflow-wrap: normal; } code { padding: .1em .25em; } pre code { padding: 0; }
blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid var(--rule); color: var(--faint); }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border: 1px solid var(--rule); padding: .25rem .6rem; }
details { color: var(--faint); margin: 0 0 .75rem; } summary { cursor: pointer; }
a { color: var(--link); } img { max-width: 100%; border-radius: .3rem; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(parts: Iterable[tuple[Session, Sequence[Message]]]) -> str:
    """The page, with the given messages of each session; data that lies beside them should be in them."""
    markdown = _markdown()
    titles, articles = [], []
    for session, messages in parts:
        titles.append(_title(session))
        articles.append(_article(markdown, session, messages))
    title = titles[0] if len(titles) == 1 else f"{len(titles)} chats"
    return (
        '<!doctype html>\n<html lang="und">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="bise">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(articles)
        + "\n</body>\n</html>\n"
    )


def _article(markdown: MarkdownIt, session: Session, messages: Sequence[Message]) -> str:
    tree = Tree(session.messages)
    pieces = [
        "<article>",
        f"<h1>{escape(_title(session))}</h1>",
        f'<p class="facts">{escape(" · ".join(session_words(session)))}</p>',
    ]
    before: str | None = None
    for message in messages:
        words = " · ".join(heading_words(message, tree, before))
        kinds = f"message {message.role}" + (" excluded" if message.excluded else "")
        pieces.append(
            f'<section class="{kinds}">\n<p class="head">{escape(words)}</p>\n<div class="body">\n'
            f"{_body(markdown, message)}</div>\n</section>"
        )
        before = message.id
    return "\n".join([*pieces, "</article>"])


def _title(session: Session) -> str:
    return one_line(session.title) or one_line(session.id)


def _body(markdown: MarkdownIt, message: Message) -> str:
    pieces = [
        _prose(markdown, one) if isinstance(one, str) else _chunk(markdown, one)
        for one in passages(message, "[{}]".format)
    ]
    for call in message.tool_calls:
        code = escape(clean(call.arguments))
        pieces.append(
            f"<p>Calls <code>{escape(one_line(call.name))}</code>:</p>\n<pre><code>{code}</code></pre>\n"
        )
    if message.ended in ENDED_EARLY:
        pieces.append(f"<p><em>({message.ended})</em></p>\n")
    return "".join(pieces)


def _prose(markdown: MarkdownIt, said: str) -> str:
    return str(markdown.render(clean(said))) if said.strip() else ""


def _chunk(markdown: MarkdownIt, chunk: Chunk) -> str:
    if isinstance(chunk, ThinkingChunk):
        inner = _prose(markdown, text_of(chunk.thinking))
        return f"<details>\n<summary>Thinking</summary>\n{inner}</details>\n"
    if isinstance(chunk, ImageChunk):
        address = (
            chunk.image_url if isinstance(chunk.image_url, str) else chunk.image_url.get("url")
        )
        if isinstance(address, str) and _SHOWABLE.fullmatch(address):
            return f'<p><img src="{address}" alt="image"></p>\n'
        return f"<p>{_link(address, 'image')}</p>\n"
    what = one_line(chunk.type.removesuffix("_url").replace("_", " "), 60)
    members = chunk.model_dump(exclude={"type"})
    address = next((v for v in members.values() if isinstance(v, str) and openable(v)), None)
    if address is None and not any(isinstance(v, str) and len(v) > 500 for v in members.values()):
        code = escape(clean(json.dumps(members, ensure_ascii=False, indent=1, default=str)))
        return f"<p>({escape(what)})</p>\n<pre><code>{code}</code></pre>\n"
    return f"<p>{_link(address, what)}</p>\n"


def _link(address: Any, words: str) -> str:
    """A link if it may be followed, else the words alone."""
    if isinstance(address, str) and openable(address):
        return f'<a href="{escape(address)}" {_LINK}>{escape(words)}</a>'
    return f"({escape(words)})"


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.validateLink = openable  # type: ignore[method-assign]  # the way that markdown-it names
    markdown.add_render_rule("image", _image)
    markdown.add_render_rule("link_open", _link_open)
    return markdown


def _image(
    _self: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType
) -> str:
    """An image of a text's as a link: opening the page must not tell anybody."""
    token = tokens[at]
    return _link(str(token.attrGet("src") or ""), token.content or "image")


def _link_open(
    _self: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType
) -> str:
    return f'<a href="{escape(str(tokens[at].attrGet("href") or ""))}" {_LINK}>'
