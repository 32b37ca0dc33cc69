"""The links of a message, as they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui.ui.widgets.transcript.laid import Laid


class Link(NamedTuple):
    """One link. Both texts are as the message had them: the target is neither checked nor cleaned."""

    text: str
    url: str


def links_of(laid: Laid) -> list[Link]:
    """The links of an entry in order, each target once, with the text that it has first."""
    texts: dict[str, str] = {}
    closed: set[str] = set()
    now = ""
    for line in range(laid.height):
        for text, style, _ in laid.raw(line) or ():
            url = style.meta.get("link") if style is not None and style.meta else None
            if isinstance(url, str):
                if now != url:
                    closed.add(now)
                    now = url
                if url not in closed:
                    texts[url] = texts.get(url, "") + text
            elif text.strip(" ▎"):
                closed.add(now)
                now = ""
        if now in texts and now not in closed:
            texts[now] += " "
    return [Link(_without_target(text, url), url) for url, text in texts.items()]


def _without_target(text: str, url: str) -> str:
    """A link's text without the target that is painted after it."""
    text = " ".join(text.split())
    if text.replace(" ", "") == url:
        return url
    return text.partition(f" ({url[:8]}")[0]
