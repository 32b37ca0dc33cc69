"""Full-text search over all sessions: the index where it can be had, else the files themselves."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.owning import Owned
from tui.store.search.index import IndexFile, NoIndex, has_texts
from tui.store.search.index_heads import Heads, all_known
from tui.store.sessions.scanning import State, scan
from tui.store.sessions.whereabouts import folder_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tui.core.search import Found, Query
    from tui.store.places import Places
    from tui.store.search.index_texts import Stale

_SLICE_S = 0.05
"""How long files are read before they are written and progress is told."""
_HEADS = 200
"""How many heads are read before that."""
_LOCK = "search-index"


class SessionSearch:
    """Finds words in the sessions of the data folder; implements `core.ports.Search`.

    Safe to use from several threads and processes at once.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._file = IndexFile(places)

    def search(self, query: Query, limit: int = 50) -> Found:
        """The best `limit` messages and titles that match, by the index as it is now.

        Where it can't be had, the files themselves are read, which takes long, and the note says so.
        """
        from tui.core.search import Found
        from tui.store.search import indexed as search_index

        if query.is_empty or limit < 1:
            return Found()
        try:
            found = self._file.run(lambda index: search_index.search(index, query, limit))
        except NoIndex as trouble:
            return self._without_index(query, limit, f"the search index can't be used ({trouble})")
        if found is None:
            words = "this Python's SQLite has no full-text search (FTS5)"
            return self._without_index(query, limit, words)
        if found.note == search_index.NOTHING_YET and not any(self._scan().values()):
            return Found()  # there is nothing to be taken in
        return found

    def refresh(self, progress: Callable[[int, int], bool]) -> bool:
        """Take in what has changed since the last time; whether all of it was.

        `progress` hears sessions done and to do, and says whether to go on. While another process
        does this work, or if there can be no index, nothing is done.
        """
        try:
            owned = Owned.take(self._places, _LOCK)
        except Failure:
            return False
        if owned is None:
            return False
        with owned:
            try:
                return self._file.run(lambda index: self._refresh(index, progress))
            except NoIndex:
                return False

    def _refresh(self, index: sqlite3.Connection, progress: Callable[[int, int], bool]) -> bool:
        from tui.store.search import index_texts

        index.execute("PRAGMA cache_size = -16000")
        found = self._scan()
        known = all_known(index)
        sure = {(one.place, one.id): one.state for one in known if one.is_sure}
        for place, states in found.items():
            heads = Heads(folder_of(self._places, place), place, states)
            changed = iter([i for i, state in states.items() if sure.get((place, i)) != state])
            while some := list(islice(changed, _HEADS)):
                heads.take_in(index, some)
                if not progress(0, len(states)):
                    return False
        if not has_texts(index):
            return True
        index_texts.drop_gone(index, found, known)
        return self._take_in(index, index_texts.stale(index, self._places, found), progress)

    def _scan(self) -> dict[Place, dict[str, State]]:
        return {place: scan(folder_of(self._places, place))[0] for place in Place}

    def _take_in(
        self,
        index: sqlite3.Connection,
        stale: list[Stale],
        progress: Callable[[int, int], bool],
    ) -> bool:
        from tui.store.search.index_texts import take_in

        done = 0
        while done < len(stale):
            done += take_in(index, islice(stale, done, None), _SLICE_S)
            if not progress(done, len(stale)):
                return done == len(stale)
        return True

    def _without_index(self, query: Query, limit: int, why: str) -> Found:
        from tui.core.search import Found
        from tui.store.search.scan import search

        began = time.monotonic()
        hits = search(self._places, query, limit)
        took = time.monotonic() - began
        note = f"All chats were read for this, which took {took:.1f} s: {why}."
        return Found(hits, note)
