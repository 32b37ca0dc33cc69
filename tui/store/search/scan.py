"""Searches the session files themselves, one after the other: slow, and right with no index at all."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.core.search import Hit, Query
from tui.store.search.index_heads import Heads
from tui.store.search.indexed import TITLE_WEIGHT
from tui.store.search.snippet import snippet
from tui.store.search.texts import Reading, Text, read_texts
from tui.store.search.words import pattern_of, patterns_of, plain_form
from tui.store.sessions.scanning import scan
from tui.store.sessions.whereabouts import folder_of, path_in

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tui.core.listing import Header
    from tui.store.places import Places


def search(places: Places, query: Query, limit: int) -> list[Hit]:
    """The best `limit` matches: those in which the words stand most often, titles first, then the newest."""
    wanted = patterns_of(query.terms)
    if query.terms and not wanted:
        return []
    unwanted = [p for t in query.terms if t.is_excluded and (p := pattern_of(t)) is not None]
    found: list[tuple[float, float, Hit]] = []
    for place in query.places:
        folder = folder_of(places, place)
        states = scan(folder)[0]
        for header in Heads(folder, place, states).read(states):
            with suppress(OSError):
                reading = read_texts(path_in(places, place, header.id))
                found += _hits(header, reading, query, wanted, unwanted)
    found.sort(key=lambda one: one[:2], reverse=True)
    counts: Counter[tuple[str, str]] = Counter()
    hits = []
    for *_, hit in found:
        counts[hit.place, hit.session_id] += 1
        if query.each is None or counts[hit.place, hit.session_id] <= query.each:
            hits.append(hit)
    return hits[:limit]


def _hits(
    header: Header,
    reading: Reading,
    query: Query,
    wanted: list[re.Pattern[str]],
    unwanted: list[re.Pattern[str]],
) -> Iterator[tuple[float, float, Hit]]:
    title = Text("", "", None, "", "", header.title)
    for text in [title, *reading.texts]:
        if not text.text or not _passes(header, reading, text, query):
            continue
        form = plain_form(text.text)[0]
        counts = [len(pattern.findall(form)) for pattern in wanted]
        if all(counts) and not any(pattern.search(form) for pattern in unwanted):
            at = text.at if text.at is not None else header.changed
            piece = snippet(text.text, wanted)
            hit = Hit(header.id, header.title, header.place, text.id, text.role, at, piece)
            yield sum(counts) * (1 if text.role else TITLE_WEIGHT), at, hit


def _passes(header: Header, reading: Reading, text: Text, query: Query) -> bool:
    at = text.at if text.at is not None else header.changed
    return (
        query.role in ("", text.role)
        and query.model.lower() in (text.model or reading.model).lower()
        and query.provider.lower() in (text.provider or reading.provider).lower()
        and (not query.tag or query.tag.lower() in map(str.lower, header.tags))
        and header.id.startswith(query.session)
        and (query.after is None or at >= query.after)
        and (query.before is None or at < query.before)
        and bool(query.terms or query.role or not text.role)
    )
