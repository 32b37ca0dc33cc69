"""Tags: the words under which sessions are filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable


def tidy_tag(text: str) -> str:
    """A tag as it is kept: one word, without the `#` that people write before it; empty if nothing is left."""
    return "-".join(scrub(text).split()).lstrip("#")


def tagged(tags: Iterable[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[str]:
    """Tags with some added and some removed, each once, in order; capitals count for nothing when removing."""
    gone = {tidy_tag(tag).casefold() for tag in remove}
    kept = dict.fromkeys(tag for tag in tags if tidy_tag(tag).casefold() not in gone)
    there = {tag.casefold() for tag in kept}
    for tag in map(tidy_tag, add):
        if tag and tag.casefold() not in there:
            kept[tag] = None
            there.add(tag.casefold())
    return list(kept)
