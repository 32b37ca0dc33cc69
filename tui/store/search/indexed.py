"""Answers queries from the index.

Of very many matches only the newest are ranked, so that a word that stands everywhere is found as fast as
a rare one.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from tui.core.search import Found, Hit, Query
from tui.core.text import scrub
from tui.core.words import Place
from tui.store.search.index import has_texts, unpacked
from tui.store.search.snippet import snippet
from tui.store.search.words import expression_of, patterns_of

if TYPE_CHECKING:
    import sqlite3

RANKED = 2_000
"""Matches, the newest, that are ranked."""
TITLE_WEIGHT = 4
"""How many times as good as in a message a word in a title is."""

NOTHING_YET = "Nothing has been taken into the search index yet."
LONGEST_S = 3.0
"""Seconds after which a search is broken off."""

_OPERATIONS = 1_000
_MATCHES = f"""
SELECT m.key AS key, bm25(words) * CASE m.role WHEN '' THEN {TITLE_WEIGHT} ELSE 1 END AS score
FROM words
CROSS JOIN message AS m ON m.key = words.rowid
CROSS JOIN session AS s ON s.key = m.session
CROSS JOIN taken AS t ON t.session = m.session
WHERE words MATCH :expression AND {{filters}}
ORDER BY words.rowid DESC LIMIT {RANKED}
"""  # noqa: S608 (no text from outside: values are bound)
_NEWEST = """
SELECT m.key AS key, 0 AS score
FROM message AS m
CROSS JOIN session AS s ON s.key = m.session
CROSS JOIN taken AS t ON t.session = m.session
WHERE {filters}
ORDER BY m.key DESC LIMIT max(:limit, {ranked})
"""
_HITS = """
SELECT s.id, s.title, s.place, m.id, m.role, best.moment, m.body
FROM (
    SELECT found.key, found.score, coalesce(m.at, s.changed) AS moment, row_number() OVER (
        PARTITION BY m.session ORDER BY found.score, coalesce(m.at, s.changed) DESC
    ) AS nth
    FROM ({matches}) AS found
    JOIN message AS m ON m.key = found.key
    JOIN session AS s ON s.key = m.session
) AS best
JOIN message AS m ON m.key = best.key
JOIN session AS s ON s.key = m.session
WHERE :each IS NULL OR best.nth <= :each
ORDER BY best.score, best.moment DESC LIMIT :limit
"""
_FILTERS = {
    "role": "m.role = :role",
    "model": "instr(lower(CASE m.model WHEN '' THEN t.model ELSE m.model END), lower(:model))",
    "provider": "instr(lower(CASE m.provider WHEN '' THEN t.provider ELSE m.provider END), lower(:provider))",
    "tag": "s.key IN (SELECT value FROM json_each(:tag))",
    "session": "substr(s.id, 1, length(:session)) = :session",
    "after": "coalesce(m.at, s.changed) >= :after",
    "before": "coalesce(m.at, s.changed) < :before",
}
"""What each member of a query asks of a message."""


def search(index: sqlite3.Connection, query: Query, limit: int) -> Found | None:
    """The best matches of a query; None if this index can't find words."""
    if not has_texts(index):
        return None
    expression = expression_of(query)
    if query.terms and not expression:
        return Found(note=_note(index))  # only words that are not wanted
    filters, values = _filters(query)
    if query.tag:
        tagged = _tagged(index, query.tag)
        if not tagged:
            return Found(note=_note(index))
        values["tag"] = json.dumps(tagged)
    matches = (_MATCHES if expression else _NEWEST).format(filters=filters, ranked=RANKED)
    values |= {"expression": expression, "limit": limit, "each": query.each}
    try:
        rows = _in_time(index, _HITS.format(matches=matches), values)
    except TimeoutError:
        return Found(note="That takes too long: search for fewer words, or for rarer ones.")
    patterns = patterns_of(query.terms)
    hits = [
        Hit(session, title, Place(place), message, role, at, snippet(unpacked(body), patterns))
        for session, title, place, message, role, at, body in rows
    ]
    return Found(hits, _note(index))


def _in_time(index: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[Any]:
    """The rows of a query. Raises `TimeoutError` if they take too long."""
    import sqlite3

    until = time.monotonic() + LONGEST_S
    index.set_progress_handler(lambda: time.monotonic() > until, _OPERATIONS)
    try:
        return index.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            raise TimeoutError from error
        raise
    finally:
        index.set_progress_handler(None, 0)


def _filters(query: Query) -> tuple[str, dict[str, Any]]:
    """The conditions, and the values that are bound in them."""
    names = {f":place{number}": str(place) for number, place in enumerate(query.places)}
    conditions = [f"s.place IN ({', '.join(names)})"]
    values: dict[str, Any] = {name[1:]: place for name, place in names.items()}
    for name, condition in _FILTERS.items():
        value = getattr(query, name)
        if value not in (None, ""):
            conditions.append(condition)
            values[name] = scrub(value) if isinstance(value, str) else value
    if not query.terms and not query.role:
        conditions.append("m.role = ''")  # nothing is asked of messages: chats are meant
    return " AND ".join(conditions), values


def _tagged(index: sqlite3.Connection, tag: str) -> list[int]:
    """The keys of the sessions that have a tag, in any case."""
    rows = index.execute("SELECT key, tags FROM session WHERE tags <> '[]'")
    return [key for key, tags in rows if tag.lower() in map(str.lower, json.loads(tags))]


def _note(index: sqlite3.Connection) -> str:
    query = (
        "SELECT count(*) - count(t.session), count(*)"
        " FROM session AS s LEFT JOIN taken AS t ON t.session = s.key"
    )
    waiting, total = index.execute(query).fetchone()
    if not total:
        return NOTHING_YET
    return f"{waiting:,} of {total:,} chats are not in the search index yet." if waiting else ""
