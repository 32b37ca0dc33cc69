"""What a search has found, as rows to choose from, and where choosing one leads."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.core.text import clean, one_line
from tui.core.words import Place
from tui.ui.listed import NAMES
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from tui.core.search import Hit, Snippet

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Target:
    """A chat to be opened, perhaps at one of its messages."""

    chat_id: str
    message_id: str = ""
    """Empty for where the reader left it."""
    words: str = ""
    """What is to be marked there."""


def target_of(hit: Hit) -> Target:
    """Where a hit leads: to its message, with the first word that was found marked."""
    if not hit.message_id:
        return Target(hit.session_id)
    marks = hit.snippet.marks
    words = hit.snippet.text[slice(*marks[0])] if marks else ""
    return Target(hit.session_id, hit.message_id, words.lower())


def row_of(hit: Hit, group: str = "") -> Row[Target]:
    """A row for a hit: the words around it, and whose they are."""
    words = one_line(hit.snippet.text, 2 * _LONGEST)
    title = one_line(hit.title, _LONGEST) or "New chat"
    detail = title if hit.message_id else "title"
    if hit.place is not Place.OPEN:
        detail = f"{detail} ({NAMES[hit.place]})"
    return Row(target_of(hit), words, detail, group)


def preview_of(hit: Hit) -> Content:
    """A hit with what stands around it."""
    moment = time.localtime(hit.at) if 0 < hit.at < 4e9 else None
    when = time.strftime("%Y-%m-%d %H:%M", moment) if moment is not None else ""
    place = "" if hit.place is Place.OPEN else f"in the {NAMES[hit.place]}"
    whose = (one_line(hit.title, _LONGEST), hit.role) if hit.message_id else ("title",)
    head = " · ".join(filter(None, (*whose, when, place)))
    return Content.assemble((head, "bold"), "\n", *_pieces(hit.snippet))


def _pieces(snippet: Snippet) -> list[tuple[str, str]]:
    pieces = [("…" if snippet.is_cut_before else "", "")]
    at = 0
    for start, end in snippet.marks:
        pieces += [
            (clean(snippet.text[at:start]), ""),
            (clean(snippet.text[start:end]), "$accent underline"),
        ]
        at = end
    pieces += [(clean(snippet.text[at:]), ""), ("…" if snippet.is_cut_behind else "", "")]
    return [piece for piece in pieces if piece[0]]
